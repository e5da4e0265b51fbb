"""One record or listing: what it says, whether it is public and why, its history, and the steps that may be taken."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, Form, StringField, TextAreaField
from wtforms.validators import Length, Optional

from models.archive_words import ArchiveAction, Life
from models.audit import Act
from models.listing import Listing
from services.audit import record
from services.credit.advance import ArchiveError, advance, facts_of, note_repair
from services.credit.history import history_of
from services.credit.ledger import Row, block_of_row, subject_of, title_of
from services.credit.life import TABLE, actions_for
from services.credit.repair import REPAIRABLE
from services.credit.timeline import make_entry
from services.credit.words import ARCHIVE_ACTION_WORDS, DETAIL_WORDS
from web.console.archive import READERS, find_subject, ledger_of, load_firm
from web.console.cases import actor_of, names_of_staff
from web.console.forms import filled, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here

# Steps with pages of their own, or none: drafting, correcting and importing are done elsewhere.
STEPS = (
    ArchiveAction.SUBMIT,
    ArchiveAction.APPROVE,
    ArchiveAction.RETURN,
    ArchiveAction.DISCARD,
    ArchiveAction.NOTE_REPAIR,
    ArchiveAction.REPAIR,
    ArchiveAction.WITHDRAW,
    ArchiveAction.REMOVE,
)
ENDING = {ArchiveAction.REPAIR, ArchiveAction.WITHDRAW, ArchiveAction.REMOVE}
NEEDS_REASON = {move.action for move in TABLE if move.needs_reason}
HINTS = {
    ArchiveAction.SUBMIT: "送给另一位同事审核。",
    ArchiveAction.APPROVE: "批准后立即公示，所有查询渠道同时可见。",
    ArchiveAction.RETURN: "退给起草人修改。",
    ArchiveAction.DISCARD: "不再使用这份草稿。",
    ArchiveAction.NOTE_REPAIR: "登记义务履行完毕和公开信用承诺的日期，没有的留空。",
    ArchiveAction.REPAIR: "修复后立即停止公示，聊天、网页、核验页、导出同时不再显示。",
    ArchiveAction.WITHDRAW: "决定被变更、撤销或者确认违法的，三日内撤回（行政处罚法第四十八条）。立即停止公示。",
    ArchiveAction.REMOVE: "移出后立即停止公示。",
}


class ArchiveStepForm(Form):
    """What a step may bring."""

    reason = TextAreaField("理由", [Length(max=500, message="最多 500 个字")], filters=[strip])
    document = StringField("文书文号（没有就不填）", [Length(max=120, message="最多 120 个字")], filters=[strip])
    duties_done_on = DateField("义务履行完毕的日期", [Optional()])
    promised_on = DateField("公开信用承诺的日期", [Optional()])


def add_archive_steps(pages: Blueprint, office: Office) -> None:
    """/console/archive/record/12 and its steps."""

    @pages.get("/archive/<subject>/<int(max=2147483647):subject_id>")
    @serves(Stage.INSIDE, *READERS)
    def archive_row(subject: str, subject_id: int) -> str:
        """The page of one row."""
        with office.database.read() as session:
            return show_row(office, session, find_subject(session, subject, subject_id))

    @pages.route("/archive/<subject>/<int(max=2147483647):subject_id>/<action>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *READERS)
    def archive_step(subject: str, subject_id: int, action: str) -> str | AnyResponse | tuple[str, int]:
        """One step: its form, then done or refused in words with everything kept."""
        if action not in {str(one) for one in STEPS}:
            abort(404)
        step, form, refusal = ArchiveAction(action), filled(ArchiveStepForm), ""
        posted = request.method == "POST"
        if posted and form.validate() and not (refusal := take(office, (subject, subject_id), step, form)):
            flash(f"已{ARCHIVE_ACTION_WORDS[step]}。")
            return redirect(url_for("console.archive_row", subject=subject, subject_id=subject_id), 303)
        with office.database.read() as session:
            row = find_subject(session, subject, subject_id)
            if request.method == "GET":
                form.duties_done_on.data, form.promised_on.data = row.duties_done_on, row.promised_on
            page = show_step(office, row, step, form, refusal)
        return (page, 422) if posted else page


def take(office: Office, key: tuple[str, int], step: ArchiveAction, form: ArchiveStepForm) -> str:
    """Take the step and write it down; why not, in words, or nothing."""
    reason, document = str(form.reason.data or ""), str(form.document.data or "")
    try:
        with office.database.write() as session:
            row, ledger, actor = find_subject(session, *key), ledger_of(office, session), actor_of(here())
            if step is ArchiveAction.NOTE_REPAIR:
                days = {"duties_done_on": form.duties_done_on.data, "promised_on": form.promised_on.data}
                note_repair(ledger, row, actor, **days, reason=reason)
            else:
                advance(ledger, row, step, actor, reason, document=document if step in ENDING else "")
            told = {"步骤": ARCHIVE_ACTION_WORDS[step], "内容": title_of(row)[:80]}
            subject, clerk = f"{subject_of(row)}:{row.id}", here().actor
            record(session, clerk, Act.ARCHIVE_STEP, office.clock(), subject=subject, reason=reason, details=told)
    except ArchiveError as error:
        return str(error)
    return ""


def show_row(office: Office, session: Any, row: Row) -> str:
    """What it says, why it is seen or not, what can be done."""
    ledger, actor = ledger_of(office, session), actor_of(here())
    firm = load_firm(session, row.enterprise_id)
    facts = facts_of(ledger, row)
    steps = [one for one in actions_for(facts, actor) if one in STEPS and suits(one, block_of_row(row))]
    return render_template(
        "console/archive_row.html",
        row=row,
        subject=subject_of(row),
        firm=firm,
        entry=make_entry(row, office.today(), firm.kind or ""),
        lines=lines_of(row),
        facts=facts,
        steps=steps,
        may_edit=ArchiveAction.EDIT in actions_for(facts, actor),
        may_correct=ArchiveAction.WITHDRAW in steps,
        events=history_of(session, subject_of(row), row.id),
        names=names_of_staff(session),
        older=row.corrects_id,
        is_draft=row.life in {Life.DRAFT, Life.PENDING_REVIEW},
    )


def show_step(office: Office, row: Row, step: ArchiveAction, form: ArchiveStepForm, refusal: str) -> str:
    """The form of a step."""
    return render_template(
        "console/archive_step.html",
        row=row,
        subject=subject_of(row),
        entry=make_entry(row, office.today()),
        step=step,
        hint=HINTS[step],
        form=form,
        refusal=refusal,
        needs_reason=step in NEEDS_REASON,
        has_document=step in ENDING,
        has_days=step is ArchiveAction.NOTE_REPAIR,
    )


def suits(step: ArchiveAction, block: str) -> bool:
    """Penalties and 严重失信 are repaired; lists, and who is on them by a register or a court, are left by removal."""
    if step in {ArchiveAction.REPAIR, ArchiveAction.NOTE_REPAIR}:
        return block in REPAIRABLE
    return step is not ArchiveAction.REMOVE or block in {"black", "red", "abnormal", "court"}


def lines_of(row: Row) -> list[tuple[str, Any]]:
    """What it says, label and value; what is empty is left out."""
    if isinstance(row, Listing):
        told: list[tuple[str, Any]] = [
            ("名单名称", row.list_name), ("列入依据", row.legal_basis), ("列入事由", row.reason),
            ("决定书文号", row.document_number), ("决定机关", row.authority), ("数据来源单位", row.source_unit),
            ("期次", row.batch), ("领域", row.sector), ("列入日期", row.decided_on), ("告知日期", row.notified_on),
            ("异议处理结果", row.objection_result), ("移出条件", row.removal_condition),
            ("移出文号", row.removal_document),
        ]  # fmt: skip
    else:
        told = [
            ("内容", row.content), ("文号", row.document_number), ("依据", row.legal_basis),
            ("决定机关", row.authority), ("数据来源单位", row.source_unit),
            ("决定日期", row.decided_on), ("有效期至", row.valid_until),
            *((word, row.details.get(key)) for key, word in DETAIL_WORDS.items()),
            ("目录类别", row.catalogue_class), ("专题库", row.topic), ("领域", row.sector),
            ("轻微仍公示的理由", row.minor_shown_reason),
        ]  # fmt: skip
    told += [
        ("公示开始", row.published_from), ("来源的公示截止期", row.published_until),
        ("义务履行完毕", row.duties_done_on), ("公开信用承诺", row.promised_on),
        ("停止公示", row.withdrawn_on), ("停止的理由", row.withdrawn_reason), ("数据日期", row.data_on),
    ]  # fmt: skip
    return [(word, value) for word, value in told if value not in (None, "")]
