"""Drafting an entry of a list or a record, changing a draft, and correcting what is public."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, Form, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from config.archive import ArchiveRules
from models.archive_words import ArchiveAction, Life
from models.audit import Act
from models.listing import Listing
from models.record import RecordType, Severity
from services.audit import record
from services.credit.advance import ArchiveError, missing_of
from services.credit.drafting import draft_correction, draft_listing, draft_record, edit_draft
from services.credit.ledger import Row, subject_of, title_of
from services.credit.words import ARCHIVE_ACTION_WORDS, BLOCK_WORDS, SEVERITY_WORDS
from services.staff.duties import Permission
from web.console.archive import find_subject, ledger_of, load_firm
from web.console.cases import actor_of
from web.console.forms import filled, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

DAY = InputRequired("请填写日期，例如 2026-11-20")
NONE = SelectChoice("", "（不填）")
KEEPERS = (Permission.KEEP_ARCHIVE,)
FIRM = f"/archive/firms/<int(max={LARGEST_ID}):enterprise_id>"
ROW = f"/archive/<subject>/<int(max={LARGEST_ID}):subject_id>"


def text(label: str, most: int = 120) -> StringField:
    """One line; what is missing is named when it is sent for approval."""
    return StringField(label, [Length(max=most, message=f"最多 {most} 个字")], filters=[strip])


def said(value: object) -> str:
    """Of a list to choose from: what is chosen, or nothing."""
    return str(value or "")


def area(label: str) -> TextAreaField:
    """Several lines."""
    return TextAreaField(label, [Length(max=2000, message="最多 2000 个字")], filters=[strip])


class ListingForm(Form):
    """An entry of a statutory list: its name and basis follow from the list."""

    statute = SelectField("法定名单")
    document_number = text("列入决定书文号")
    authority = text("决定机关", 100)
    source_unit = text("数据来源单位", 100)
    reason = area("列入事由")
    decided_on = DateField("列入日期", [DAY])
    notified_on = DateField("告知日期", [Optional()])
    objection_result = area("异议处理结果")
    removal_condition = area("移出条件")
    published_until = DateField("公示截止期", [Optional()])
    batch = text("期次", 60)
    sector = SelectField("领域", default="", coerce=said)


class RecordForm(Form):
    """A record that is entered by hand."""

    type = SelectField("类型", choices=[SelectChoice(one.value, BLOCK_WORDS[one]) for one in RecordType])
    title = text("标题（违法行为、荣誉名称、许可名称）", 300)
    content = area("内容（处罚内容、许可内容）")
    document_number = text("文号")
    legal_basis = area("依据（法规名称和条款）")
    authority = text("决定机关", 100)
    source_unit = text("数据来源单位", 100)
    decided_on = DateField("决定日期", [DAY])
    valid_until = DateField("有效期至", [Optional()])
    published_until = DateField("来源的公示截止期", [Optional()])
    severity = SelectField("失信严重程度（处罚必选）", default="", coerce=said)
    minor_shown_reason = area("轻微仍要公示的理由")
    topic = SelectField("专题库", default="", coerce=said)
    sector = SelectField("领域", default="", coerce=said)


class CorrectionForm(Form):
    """Why, for a correction."""

    why = TextAreaField("更正的理由", [InputRequired("请写明更正的理由"), Length(max=500)], filters=[strip])


HINTS = {
    "statute": "只能从目录里选，本局不能自行设立名单（国办发〔2020〕49号）",
    "notified_on": "列入前告知理由、依据和权利的日期；严重失信主体名单必填",
    "objection_result": "例：告知期内未提出异议；严重失信主体名单必填",
    "published_until": "来源写明的截止期优先；不填按类别的最长期限",
    "minor_shown_reason": "轻微失信原则上不公示；写了理由才公示，最长三个月",
    "severity": "决定公示期和最早修复日期",
}


def add_archive_drafts(pages: Blueprint, office: Office) -> None:
    """New drafts, changed drafts, corrections."""
    add_new(pages, office)
    add_changes(pages, office)


def add_new(pages: Blueprint, office: Office) -> None:
    """A draft for a firm."""

    @pages.route(f"{FIRM}/record", defaults={"subject": "record"}, methods=["GET", "POST"])
    @pages.route(f"{FIRM}/listing", defaults={"subject": "listing"}, methods=["GET", "POST"])
    @serves(Stage.INSIDE, *KEEPERS)
    def archive_new(enterprise_id: int, subject: str) -> str | AnyResponse | tuple[str, int]:
        """A draft for a firm."""
        form = make_form(office.desk.archive, subject, unit=office.desk.bureau.name)
        refusal = ""
        if request.method == "POST" and form.validate():
            try:
                with office.database.write() as session:
                    ledger, firm = ledger_of(office, session), load_firm(session, enterprise_id)
                    values, actor = values_of(form), actor_of(here())
                    row: Row = (
                        draft_listing(ledger, firm, str(form.statute.data), values, actor)
                        if subject == "listing"
                        else draft_record(ledger, firm, values, actor)
                    )
                    missing = missing_of(ledger, row)
                    note(office, session, row, ArchiveAction.DRAFT)
                return lead_on(row, missing)
            except ArchiveError as error:
                refusal = str(error)
        with office.database.read() as session:
            firm = load_firm(session, enterprise_id)
        title = "起草名单条目" if subject == "listing" else "登记信用记录"
        back = url_for("console.archive_firm", enterprise_id=enterprise_id)
        return show(form, firm.name, title, back, refusal=refusal)


def add_changes(pages: Blueprint, office: Office) -> None:
    """Changing a draft, correcting what is public."""

    @pages.route(f"{ROW}/edit", defaults={"way": "edit"}, methods=["GET", "POST"])
    @pages.route(f"{ROW}/correct", defaults={"way": "correct"}, methods=["GET", "POST"])
    @serves(Stage.INSIDE, *KEEPERS)
    def archive_edit(subject: str, subject_id: int, way: str) -> str | AnyResponse | tuple[str, int]:
        """Change a draft, or draft the next version of what is public."""
        with office.database.read() as session:
            row = find_subject(session, subject, subject_id)
            firm = load_firm(session, row.enterprise_id)
        if (row.life is Life.DRAFT) is not (way == "edit"):
            abort(404)
        form = make_form(office.desk.archive, subject, row)
        why = filled(CorrectionForm)
        refusal = ""
        is_right = request.method == "POST" and all([form.validate(), way == "edit" or why.validate()])
        if is_right:
            try:
                return save(office, (subject, subject_id), form, str(why.why.data or ""), way)
            except ArchiveError as error:
                refusal = str(error)
        title = "修改草稿" if way == "edit" else "更正（起草新版本）"
        back = url_for("console.archive_row", subject=subject, subject_id=subject_id)
        return show(form, firm.name, title, back, refusal=refusal, why=why if way == "correct" else None)


def make_form(rules: ArchiveRules, subject: str, row: Row | None = None, unit: str = "") -> Any:
    """The form with what may be chosen, filled from a row or from what was posted."""
    kind = ListingForm if subject == "listing" else RecordForm
    told = {name: getattr(row, name) for name in kind()._fields if hasattr(row, name)} if row else {}
    values = {name: value for name, value in told.items() if value is not None}
    values = values or {"authority": unit, "source_unit": unit}
    form = filled(kind, **values)
    form.sector.choices = [NONE, *(SelectChoice(one, one) for one in rules.tags.sectors)]
    if subject == "listing":
        form.statute.choices = [SelectChoice(one.code, one.name.replace("{year}", "××")) for one in rules.lists]
        if isinstance(row, Listing):
            del form.statute  # the list of an entry does not change; that would be another entry
    else:
        form.topic.choices = [NONE, *(SelectChoice(one, one) for one in rules.tags.topics)]
        form.severity.choices = [NONE, *(SelectChoice(one.value, SEVERITY_WORDS[one]) for one in Severity)]
        if row:
            del form.type
    return form


def values_of(form: Any) -> Mapping[str, Any]:
    """What was entered, as the rows hold it."""
    values = {name: field.data for name, field in form._fields.items() if name != "statute"}
    for name in ("sector", "topic", "severity", "batch", "minor_shown_reason"):
        if name in values:
            values[name] = values[name] or None
    if "removal_condition" in values and not values["removal_condition"]:
        del values["removal_condition"]  # the statute's own
    if values.get("severity"):
        values["severity"] = Severity(values["severity"])
    return values


def save(office: Office, key: tuple[str, int], form: Any, why: str, way: str) -> AnyResponse:
    """Write the change or the new version; ArchiveError with the reason why not."""
    with office.database.write() as session:
        ledger, row, actor = ledger_of(office, session), find_subject(session, *key), actor_of(here())
        values = values_of(form)
        if way == "edit":
            edit_draft(ledger, row, values, actor)
        else:
            row = draft_correction(ledger, row, values, actor, why)
        missing = missing_of(ledger, row)
        note(office, session, row, ArchiveAction.EDIT if way == "edit" else ArchiveAction.CORRECT, why)
    return lead_on(row, missing)


def note(office: Office, session: Any, row: Row, action: ArchiveAction, reason: str = "") -> None:
    """In the audit log."""
    details = {"步骤": ARCHIVE_ACTION_WORDS[action], "内容": title_of(row)[:80]}
    subject = f"{subject_of(row)}:{row.id}"
    record(session, here().actor, Act.ARCHIVE_STEP, office.clock(), subject=subject, reason=reason, details=details)


def lead_on(row: Row, missing: list[str]) -> AnyResponse:
    """To the draft, with what it still lacks."""
    told = f"送审前还缺：{'、'.join(missing)}。" if missing else "可以送审了。"
    flash(f"已保存。{told}", "warn" if missing else "message")
    return redirect(url_for("console.archive_row", subject=subject_of(row), subject_id=row.id), 303)


def show(
    form: Any, firm: str, title: str, back: str, *, refusal: str, why: CorrectionForm | None = None
) -> str | tuple[str, int]:
    """The page of the form."""
    page = render_template(
        "console/archive_edit.html", form=form, firm=firm, title=title, back=back, refusal=refusal, why=why, hints=HINTS
    )
    return (page, 422) if request.method == "POST" else page
