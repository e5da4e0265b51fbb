"""What of a case may stand on a form: read once, opened by a look that is written down."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from models.case import Case, CaseEvent
from models.case_words import Action, CaseKind, ConsentKind, Side
from services.calendar.telling import date_words
from services.calendar.working_days import day_of
from services.cases.docket import Docket
from services.cases.effects import ANSWER
from services.cases.facts import Actor
from services.cases.history import event_values, events_of
from services.cases.intake import FACTS
from services.cases.personal import Person
from services.cases.standing import consents_of
from services.cases.timing import explain_due, told_deadline
from services.cases.view import look_at_identity
from services.cases.wording import name_of, shown_state
from services.privacy import mask_places


@dataclass(frozen=True)
class PaperFacts:
    """The values that forms.toml may name, each in the words that are printed; "" for what a case does not have."""

    number: str
    kind: str
    is_complaint: bool
    category: str
    state: str
    channel: str
    urgency: str
    source_number: str
    complainant: str
    complainant_shown: str  # to the respondent: not the name of who asked for confidence
    phone: str
    address: str
    confidential: str
    respondent: str
    credit_code: str
    respondent_address: str
    respondent_phone: str
    facts: str
    place: str
    order_number: str
    happened_on: str
    amount: str
    requests: str
    summary: str
    submitted_on: str
    unit: str
    association: str
    answer: str
    recovered: str
    agrees_to_publish: str
    agrees_to_delegation: str
    # Of the step that the form tells.
    text: str
    ground: str
    receiver: str
    legal_basis: str
    with_identity: bool
    result: str
    due: str

    def as_words(self) -> dict[str, Any]:
        """By name, for the templates."""
        return dataclasses.asdict(self)


def read_paper_facts(docket: Docket, case: Case, event: CaseEvent, actor: Actor, reason: str) -> PaperFacts:
    """The facts of a case as the form on this step tells them.

    Who prints a form that names the complainant looks at who they are: UserError for whom the table of sight
    hides it, and the look is written with its reason.
    """
    persons = look_at_identity(docket, case, actor, reason)
    said, agreed = docket.open(case.facts_sealed, FACTS), consents_of(docket.session, case.id)
    category = docket.rules.category(case.category)
    return PaperFacts(
        number=case.number,
        kind=name_of("kinds", case.kind),
        is_complaint=case.kind is CaseKind.COMPLAINT,
        category=category.name if category else case.category,
        state=shown_state(case.state),
        channel=name_of("channels", case.channel),
        urgency=name_of("urgencies", case.urgency),
        source_number=case.source_number or "",
        **name_persons(case, persons),
        confidential="是" if case.is_confidential else "否",
        respondent=case.respondent_name or "未写明",
        credit_code=case.credit_code,
        respondent_address=case.respondent_address,
        respondent_phone=case.respondent_phone,
        facts=said.get("facts", ""),
        place=said.get("place", ""),
        order_number=said.get("order_number", ""),
        happened_on=date_words(case.happened_on),
        amount=spell_amount(case.amount_fen),
        requests="、".join(case.requests) or "见事情经过",
        summary=case.summary or (mask_places(said.get("facts", "")) if case.is_anonymous else "经办人未填写摘要"),
        submitted_on=date_words(day_of(case.submitted_at)),
        unit=case.unit,
        association=case.association,
        answer=docket.open(case.answer_sealed, ANSWER).get("text", ""),
        recovered=spell_amount(case.recovered_fen),
        agrees_to_publish=yes_or_no((ConsentKind.PUBLISH, Side.COMPLAINANT) in agreed),
        agrees_to_delegation=yes_or_no((ConsentKind.DELEGATION, Side.COMPLAINANT) in agreed),
        **tell_step(docket, case, event),
    )


def name_persons(case: Case, persons: list[Person]) -> dict[str, Any]:
    """The complainant as forms address them; the anonymous have no name."""
    found = next((person for person in persons if person.side is Side.COMPLAINANT), Person())
    others = "等" if sum(person.side is Side.FELLOW for person in persons) else ""
    name = f"{found.name}{others}" if found.name else "匿名市民"
    role = name_of("kinds", case.kind)
    return {
        "complainant": name,
        "complainant_shown": f"{role}人（要求保密）" if case.is_confidential else name,
        "phone": found.phone,
        "address": found.address,
    }


def tell_step(docket: Docket, case: Case, event: CaseEvent) -> dict[str, Any]:
    """What the step says; the due day is the one that was told with it, for an urging the present one."""
    values = event_values(docket, case, event)
    is_urging = event.action is Action.ASSIGN
    due = explain_due(told_deadline(docket.session, case)) if is_urging else values.get("due", "")
    return {
        "text": str(values.get("text", "")),
        "ground": str(values.get("ground", "")),
        "receiver": str(values.get("receiver", "")),
        "legal_basis": str(values.get("legal_basis", "")),
        "with_identity": bool(event.details.get("with_identity")),
        "result": str(values.get("result", "")),
        "due": str(due),
    }


def last_step(docket: Docket, case: Case, action: Action) -> CaseEvent | None:
    """The newest step of this kind."""
    return next((event for event in reversed(events_of(docket.session, case.id)) if event.action is action), None)


def spell_amount(fen: int | None) -> str:
    """1,280.50元; "" for none."""
    return f"{fen / 100:,.2f}元" if fen is not None else ""


def yes_or_no(is_given: bool) -> str:
    """同意 or 不同意."""
    return "同意" if is_given else "不同意"
