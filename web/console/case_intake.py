"""Taking in a case by telephone or at the counter: one page, read back with number and query code."""

import secrets

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from wtforms import BooleanField, DateField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional

from models.audit import Act
from models.case import Case
from models.case_words import CaseKind, Channel, Urgency
from services.audit import record
from services.cases.filing import Filing, find_faults, key_respondent
from services.cases.intake import FilingError, Receipt, file_case
from services.cases.parties import find_duplicates
from services.cases.personal import Person
from services.cases.wording import name_of
from services.enterprises.finding import Verdict
from services.enterprises.search import find
from services.errors import UserError
from services.staff.duties import Permission
from web.console.case_forms import NONE, read_fen, text_rules
from web.console.cases import actor_of, docket_of
from web.console.forms import RolesField, filled, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here

NOTICE = "2026-11 口头"  # the privacy notice, read out
WORDS = {"notice": "请先把上面这句话说给对方听，再打勾。"}  # where a clerk is told otherwise than a citizen
LEAST_KEY = 16
REQUESTS = ("退货", "换货", "退款", "修理", "重作", "补足", "赔偿", "道歉", "查处", "其他")
# Where a fault of the filing is shown.
PLACES = {"facts_long": "facts", "elsewhere": "category", "anonymous": "is_anonymous"}  # the others have its name


class IntakeForm(Form):
    """What a clerk asks on the telephone, in the order in which people tell it."""

    kind = SelectField("类型", choices=[SelectChoice(one.value, name_of("kinds", one)) for one in CaseKind])
    channel = SelectField(
        "来源", choices=[SelectChoice(one.value, name_of("channels", one)) for one in (Channel.PHONE, Channel.COUNTER)]
    )
    notice = BooleanField("已口头告知个人信息怎么用、保存多久")
    facts = TextAreaField("事情经过", text_rules(), filters=[strip])
    respondent = StringField("企业或商户名称", text_rules(), filters=[strip])
    respondent_address = StringField("企业地址", text_rules(), filters=[strip])
    respondent_phone = StringField("企业电话", text_rules(), filters=[strip])
    category = SelectField("类别", choices=[NONE])
    happened_on = DateField("发生日期", [Optional()])
    amount = StringField("涉及金额（元）", text_rules(), filters=[strip])
    requests = RolesField("要求", choices=[SelectChoice(one, one) for one in REQUESTS])
    urgency = SelectField("紧急程度", choices=[SelectChoice(one.value, name_of("urgencies", one)) for one in Urgency])
    is_anonymous = BooleanField("匿名（只有举报可以）")
    name = StringField("姓名", text_rules(), filters=[strip])
    phone = StringField("电话", text_rules(), filters=[strip])
    address = StringField("地址", text_rules(), filters=[strip])
    is_confidential = BooleanField("要求对企业保密")
    agrees_to_publish = BooleanField("同意公示投诉信息（去除个人信息）")
    agrees_to_delegation = BooleanField("同意委托商协会等调解")
    is_new_matter = BooleanField("不是同一件事，继续登记")
    client_key = HiddenField()


def add_case_intake(pages: Blueprint, office: Office) -> None:
    """/console/cases/new."""

    @pages.route("/cases/new", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.TAKE_IN)
    def new_case() -> str | tuple[str, int]:
        """Ask, then show number and query code to be read out; the same form sent twice makes one case."""
        form = filled(IntakeForm, client_key=secrets.token_urlsafe(24), channel=Channel.PHONE.value)
        form.category.choices = [NONE, *(SelectChoice(one.code, one.name) for one in office.rules.categories)]
        if request.method == "GET":
            return render_template("console/case_new.html", form=form, earlier=[])
        earlier: list[Case] = []
        if form.validate() and len(form.client_key.data or "") >= LEAST_KEY:
            with office.database.read() as session:
                filing = read_filing(office, session, form)
                docket = docket_of(office, session)
                put_faults(form, find_faults(filing, office.rules, docket.today))
                if not (form.errors or form.is_new_matter.data):
                    earlier = find_duplicates(docket, key_respondent(filing), filing.complainant.phone)
            if not (form.errors or earlier) and (receipt := file(office, filing, form)):
                return render_template("console/case_receipt.html", receipt=receipt)
        return render_template("console/case_new.html", form=form, earlier=earlier), 422


def read_filing(office: Office, session: Session, form: IntakeForm) -> Filing:
    """What was typed; the firm is the register's where its name or code is the very one."""
    amount = None
    try:
        amount = read_fen(form.amount.data or "")
    except ValueError:
        form.amount.errors = ["请填写金额，例：1500 或 1500.50"]
    typed = form.respondent.data or ""
    finding = find(session, typed, office.desk.index) if typed else None
    firm = finding.candidates[0] if finding and finding.verdict is Verdict.MATCH and finding.candidates else None
    is_anonymous = bool(form.is_anonymous.data)
    person = Person(form.name.data or "", form.phone.data or "", form.address.data or "")
    return Filing(
        kind=CaseKind(form.kind.data),
        channel=Channel(form.channel.data),
        category=form.category.data or "",
        facts=form.facts.data or "",
        respondent_name=firm.name if firm else typed,
        enterprise_id=firm.enterprise_id if firm else None,
        credit_code=(firm.credit_code or "") if firm else "",
        respondent_address=form.respondent_address.data or "",
        respondent_phone=form.respondent_phone.data or "",
        notice_version=NOTICE if form.notice.data else "",
        persons=() if is_anonymous or not (person.name or person.phone) else (person,),
        is_anonymous=is_anonymous,
        is_confidential=bool(form.is_confidential.data),
        happened_on=form.happened_on.data,
        amount_fen=amount,
        requests=tuple(form.requests.data or ()),
        urgency=Urgency(form.urgency.data),
        agrees_to_publish=bool(form.agrees_to_publish.data),
        agrees_to_delegation=bool(form.agrees_to_delegation.data),
    )


def put_faults(form: IntakeForm, faults: dict[str, str]) -> None:
    """Each beside its field."""
    for name, words in (faults | {name: WORDS[name] for name in faults if name in WORDS}).items():
        field = form._fields[PLACES.get(name, name)]
        field.errors = [*field.errors, words]


def file(office: Office, filing: Filing, form: IntakeForm) -> Receipt | None:
    """The case, written once; None with the reason in the form."""
    try:
        with office.database.write() as session:
            docket = docket_of(office, session)
            receipt = file_case(docket, filing, actor_of(here()), str(form.client_key.data))
            details = {"步骤": "登记", "来源": name_of("channels", filing.channel)}
            record(session, here().actor, Act.CASE_STEP, docket.now, subject=receipt.number, details=details)
            return receipt
    except FilingError as error:
        put_faults(form, error.faults)
    except UserError as error:
        form.facts.errors = [str(error)]
    return None
