"""Orders that the hotline gives to us: each becomes one case, however often it comes."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from config.cases import CaseRules, Category
from models.case import Case
from models.case_words import Action, CaseKind, Channel, State
from models.database import vault_of
from models.enterprise import Enterprise
from services.cases.advance import RefusedError, take_step
from services.cases.docket import Docket
from services.cases.facts import SYSTEM, Step
from services.cases.filing import Filing
from services.cases.intake import FACTS, file_case
from services.cases.personal import Person
from services.cases.standing import find_case
from services.cases.timing import told_deadline
from services.enterprises.codes import CodeKind, parse_code
from services.hotline.alerts import add_alert
from services.hotline.messages import Attachment, Course, Order
from services.hotline.statuses import act_for_caller
from services.hotline.wording import name_stage, stage_of

REVISION = "revision"


@dataclass(frozen=True)
class Taken:
    """The case of an order."""

    case: Case
    due_on: date | None  # until when the citizen is told whether it is accepted
    is_new: bool  # False: this order, or this revision of it, came before


def take_order(docket: Docket, order: Order) -> Taken:
    """The case of an order, filed if it is new; a later revision is added to it as material."""
    known = find_order(docket, order.source_no)
    if known is None:
        receipt = file_case(docket, make_filing(docket, order), SYSTEM, derive_client_key(docket, order))
        case = find_case(docket.session, receipt.number)
        if case is None:
            raise LookupError(receipt.number)
        return Taken(case, receipt.due_on, receipt.is_new)
    is_new = supplement(docket, known, order)
    due = told_deadline(docket.session, known)
    return Taken(known, due.due_on if due else None, is_new)


def find_order(docket: Docket, source_no: str) -> Case | None:
    """The case of their number."""
    wanted = select(Case).where(Case.source_number == source_no, Case.channel == Channel.HOTLINE)
    return docket.session.scalar(wanted.with_for_update())


def derive_client_key(docket: Docket, order: Order) -> str:
    """Unguessable, and the same for the same order: two that come at once are filed once."""
    said = f"hotline order\x00{order.source_no}".encode()
    return hmac.digest(vault_of(docket.session).signing_key, said, hashlib.sha256).hex()


def read_credit_code(text: str) -> str:
    """The code if it is one; a mistyped one must not lead to a firm."""
    code = parse_code(text) if text else None
    return code.text if code and code.kind is CodeKind.CREDIT_CODE and code.is_valid else ""


def make_filing(docket: Docket, order: Order) -> Filing:
    """An order as a filing; what has no field of its own goes with the facts."""
    person, firm = order.appellant, order.respondent
    code = read_credit_code(firm.uscc)
    enterprise = select(Enterprise.id).where(Enterprise.credit_code == code)
    details = {
        "source_credit_code": firm.uscc if firm.uscc != code else "",
        "subject": order.appeal_subject,
        "source_system": order.source_system,
        "source_category": " ".join(filter(None, (order.category_code, order.category_name))),
        "attachments": "\n".join(map(spell_file, order.attachments)),
        REVISION: str(order.revision),
    }
    return Filing(
        kind=order.kind,
        category=find_category(docket.rules, order).code,
        facts=order.appeal_content,
        respondent_name=firm.name or order.appeal_subject,
        notice_version="",
        channel=Channel.HOTLINE,
        persons=(Person(person.name, person.phone),) if person else (),
        is_anonymous=person is None,
        is_confidential=bool(person and person.confidential) or order.kind is CaseKind.REPORT,
        enterprise_id=docket.session.scalar(enterprise) if code else None,
        credit_code=code,
        respondent_address=firm.address,
        respondent_phone=firm.phone,
        place=order.address,
        urgency=order.urgency,
        source_number=order.source_no,
        agrees_to_publish=order.consent.publish,
        details={name: value for name, value in details.items() if value},
    )


def spell_file(file: Attachment) -> str:
    """What an official reads of a file that they keep."""
    return f"{file.name} {file.url}"


def find_category(rules: CaseRules, order: Order) -> Category:
    """By code, by name, else the last one that is ours: an official looks at it anyway."""
    by_name = (one for one in rules.categories if order.category_name and one.name == order.category_name)
    ours = (one for one in reversed(rules.categories) if one.unit)
    return rules.category(order.category_code) or next(by_name, None) or next(ours)


def supplement(docket: Docket, case: Case, order: Order) -> bool:
    """Add what a later revision says; False if that revision, or a later one, came before."""
    told = docket.open(case.facts_sealed, FACTS)
    if order.revision <= int(told.get(REVISION, "1")):
        return False
    case.facts_sealed = docket.seal(told | {REVISION: str(order.revision)}, FACTS)
    action = Action.ADD_MORE if case.state is State.NEED_MORE else Action.SUPPLEMENT
    try:
        with docket.session.begin_nested():
            said = "\n".join((order.appeal_content, *map(spell_file, order.attachments)))
            take_step(docket, case, action, act_for_caller(case), Step(text=said))
    except RefusedError as refused:
        key = f"revision:{case.id}:{order.revision}"
        add_alert(docket, case, key, "supplement", error=refused, text=order.appeal_content)
    return True


def describe_course(docket: Docket, case: Case) -> Course:
    """Where an order stands, as the hotline may read it: nothing of a person."""
    due = told_deadline(docket.session, case)
    stage = stage_of(case.state)
    return Course(
        source_no=case.source_number or "",
        remote_no=case.number,
        status=stage,
        status_words=name_stage(stage),
        unit=case.unit,
        legal_due_on=due.due_on.isoformat() if due and due.due_on else "",
        result=case.result or "",
    )
