"""异议 by telephone or at the counter: for a record that is public, read back with number and query code."""

import secrets

from flask import Blueprint, abort, render_template, request
from wtforms import BooleanField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from models.archive_words import Subject
from models.audit import Act
from models.enterprise import Enterprise
from services.audit import record
from services.credit.ledger import load_row
from services.credit.objections import (
    RELATIONS,
    ObjectionFaultError,
    ObjectionFiling,
    ObjectionReceipt,
    file_objection,
)
from services.credit.timeline import make_entry
from services.errors import UserError
from services.staff.duties import Permission
from web.console.archive import ledger_of
from web.console.case_intake import LEAST_KEY
from web.console.forms import filled, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

ROW = f"/archive/<any(record, listing):subject>/<int(max={LARGEST_ID}):subject_id>/objection"
TO_TELL = "请先口头告知，再勾选"
WAYS = {"phone": "电话", "counter": "窗口"}


class ObjectionIntakeForm(Form):
    """What a clerk asks."""

    channel = SelectField("来源", choices=[SelectChoice(value, words) for value, words in WAYS.items()])
    agrees = BooleanField("已口头告知个人信息怎么用、保存多久")
    said = TextAreaField("哪里不对，为什么", filters=[strip])
    name = StringField("姓名", filters=[strip])
    phone = StringField("电话", filters=[strip])
    relation = SelectField(
        "与这家企业的关系", choices=[SelectChoice("", "请选择"), *(SelectChoice(r, r) for r in RELATIONS)]
    )
    client_key = HiddenField()


def add_objection_intake(pages: Blueprint, office: Office) -> None:
    """/console/archive/<record or listing>/<id>/objection."""

    @pages.route(ROW, methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.KEEP_ARCHIVE)
    def new_objection(subject: str, subject_id: int) -> str | tuple[str, int]:
        """Ask, then show number and query code to be read out; the same form sent twice makes one objection."""
        form = filled(ObjectionIntakeForm, client_key=secrets.token_urlsafe(24), channel="phone")
        is_sent, refusal = request.method == "POST", ""
        if is_sent and form.validate() and len(form.client_key.data or "") >= LEAST_KEY:
            try:
                receipt = take_in(office, Subject(subject), subject_id, form)
            except ObjectionFaultError as error:
                faults = error.faults | ({"agrees": TO_TELL} if "agrees" in error.faults else {})
                for name, words in faults.items():
                    form._fields[name].errors = [words]
            except UserError as error:
                refusal = str(error)
            else:
                return render_template("console/objection_receipt.html", receipt=receipt)
        with office.database.read() as session:
            row = load_row(session, Subject(subject), subject_id)
            if row is None:
                abort(404)
            firm, entry = session.get_one(Enterprise, row.enterprise_id), make_entry(row, office.today())
        years = office.desk.archive.objection.years
        values = {"row": row, "firm": firm, "entry": entry, "years": years}
        page = render_template("console/objection_new.html", form=form, refusal=refusal, subject=subject, **values)
        return (page, 422) if is_sent else page


def take_in(office: Office, subject: Subject, subject_id: int, form: ObjectionIntakeForm) -> ObjectionReceipt:
    """The objection, written once, with its entry in the log; UserError says why not."""
    filing = ObjectionFiling(
        subject,
        subject_id,
        name=form.name.data or "",
        phone=form.phone.data or "",
        relation=form.relation.data or "",
        said=form.said.data or "",
        channel=form.channel.data,
        agrees=bool(form.agrees.data),
    )
    with office.database.write() as session:
        receipt = file_objection(ledger_of(office, session), filing, str(form.client_key.data))
        told = {"步骤": "登记异议", "来源": WAYS[form.channel.data]}
        record(session, here().actor, Act.OBJECTION_STEP, office.clock(), subject=receipt.number, details=told)
    return receipt
