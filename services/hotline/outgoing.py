"""What goes out: read off the history of cases, so that no step can be taken without its message."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, exists, select

from models.case import Case, CaseEvent
from models.case_clock import CaseDeadline, CaseReferral
from models.case_words import Action, Channel, State, Timer
from models.hotline import HotlineSending, SendingKind, SendingState
from services.calendar.working_days import SHANGHAI
from services.cases.docket import Docket
from services.cases.history import event_values
from services.cases.intake import FACTS
from services.cases.parties import parties_of, read_party
from services.cases.standing import consents_of
from services.cases.timing import told_deadline
from services.cases.wording import tell
from services.hotline.messages import Appellant, Consent, Order, Respondent, Status
from services.hotline.wording import TOLD
from services.privacy import mask_places

BODY = "hotline_sendings.body"
REACH = timedelta(days=30)  # what is older was settled another way
MOST_PER_STEP = 200
NOT_SENT = ~exists().where(HotlineSending.event_id == CaseEvent.id)


@dataclass(frozen=True)
class Exchange:
    """How this bureau exchanges with its hotline."""

    receiver: str  # cases referred to it go to the hotline
    source_system: str  # the bureau's name
    callback_url: str = ""
    files_url: str = ""  # before the links of evidence


def gather(docket: Docket, exchange: Exchange) -> int:
    """Write a sending for each step that the hotline must hear of and has none yet; how many.

    The history is the truth and is written with the step: what it holds is told, what was rolled back is not.
    """
    wanted = (referrals(docket, exchange), later_evidence(docket), steps(docket))
    found = [row for each in wanted for row in docket.session.execute(each)]
    for event, case in found:
        is_order = case.channel is not Channel.HOTLINE
        message = make_order(docket, exchange, case, event) if is_order else make_status(docket, case, event)
        docket.session.add(
            HotlineSending(
                key=f"{case.number}.{event.sequence}",
                kind=SendingKind.ORDER if is_order else SendingKind.STATUS,
                case_id=case.id,
                event_id=event.id,
                body_sealed=docket.seal(message.model_dump(mode="json"), BODY),
                state=SendingState.NEW,
                created_at=docket.now,
                not_before=docket.now,
                tries=0,
            )
        )
    docket.session.flush()
    return len(found)


def referrals(docket: Docket, exchange: Exchange) -> Select[CaseEvent, Case]:
    """Cases that we gave to the hotline and that it has not acknowledged."""
    given = and_(CaseReferral.case_id == CaseEvent.case_id, CaseReferral.sent_at == CaseEvent.at)
    return (
        select(CaseEvent, Case)
        .join(Case, Case.id == CaseEvent.case_id)
        .join(CaseReferral, given)
        .where(CaseReferral.receiver == exchange.receiver, CaseReferral.acknowledged_at.is_(None))
        .where(CaseEvent.action == Action.REFER, Case.channel != Channel.HOTLINE)
        .where(Case.state == State.REFERRED)  # not what was taken back since
        .where(CaseEvent.at >= docket.now - REACH, NOT_SENT)
        .order_by(CaseEvent.id)
        .limit(MOST_PER_STEP)
    )


def later_evidence(docket: Docket) -> Select[CaseEvent, Case]:
    """What follows an order of ours."""
    return (
        select(CaseEvent, Case)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(CaseEvent.action == Action.FORWARD_EVIDENCE, Case.state == State.REFERRED)
        .where(CaseEvent.at >= docket.now - REACH, NOT_SENT)
        .order_by(CaseEvent.id)
        .limit(MOST_PER_STEP)
    )


def steps(docket: Docket) -> Select[CaseEvent, Case]:
    """Steps on orders that the hotline gave to us."""
    return (
        select(CaseEvent, Case)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(Case.channel == Channel.HOTLINE, CaseEvent.action.in_(TOLD))
        .where(CaseEvent.at >= docket.now - REACH, NOT_SENT)
        .order_by(CaseEvent.id)
        .limit(MOST_PER_STEP)
    )


def make_order(docket: Docket, exchange: Exchange, case: Case, event: CaseEvent) -> Order:
    """The order of a referral, or of evidence that follows it.

    Without the citizen's consent no name, no telephone, and the official's summary.
    """
    follows = event.action is Action.FORWARD_EVIDENCE  # only where the citizen agreed
    with_identity = follows or bool(event.details.get("with_identity"))
    said = docket.open(case.facts_sealed, FACTS)
    persons = [read_party(docket.session, party) for party in parties_of(docket.session, case.id)]
    person = persons[0] if persons and with_identity else None
    category = docket.rules.category(case.category)
    due_at = read_legal_due(docket, case)
    name = category.name if category else case.category
    told = said.get("facts", "") if with_identity else case.summary
    if not told and case.is_anonymous:  # nobody to ask, nobody who could agree
        told = mask_places(said.get("facts", ""))
    if follows:
        told = f"补充证据：{event_values(docket, case, event)['note']}，见附件。"
    consents = {kind for kind, _side in consents_of(docket.session, case.id)}
    return Order(
        source_system=exchange.source_system[:64],
        source_no=case.number,
        revision=event.sequence,
        kind=case.kind,
        category_code=case.category,
        category_name=name[:64],
        urgency=case.urgency,
        received_at=case.submitted_at.astimezone(SHANGHAI),
        legal_due_at=due_at.astimezone(SHANGHAI) if due_at else None,
        appeal_subject=f"{name}：{case.respondent_name}"[:200],
        appeal_content=(told or f"{name}，内容另行联系")[:8000],
        region_code=docket.rules.region_code,
        # A place may be the writer's own: without consent only the firm's address goes out.
        address=((said.get("place", "") if with_identity else "") or case.respondent_address)[:300],
        respondent=Respondent(
            name=case.respondent_name,
            uscc=case.credit_code,
            address=case.respondent_address,
            phone=case.respondent_phone,
        ),
        appellant=Appellant(name=person.name[:64], phone=person.phone[:40], confidential=case.is_confidential)
        if person
        else None,
        consent=Consent(transfer=with_identity, publish="publish" in consents),
        callback_url=exchange.callback_url,
    )


def read_legal_due(docket: Docket, case: Case) -> datetime | None:
    """Until when the citizen must be told whether it is accepted, by whomever."""
    wanted = select(CaseDeadline.due_at).where(CaseDeadline.case_id == case.id, CaseDeadline.timer == Timer.ACCEPT)
    return docket.session.scalar(wanted.order_by(CaseDeadline.id.desc()).limit(1))


def make_status(docket: Docket, case: Case, event: CaseEvent) -> Status:
    """A step on their order in the words that the citizen reads."""
    due = told_deadline(docket.session, case)
    text = tell(event.action, "citizen", event_values(docket, case, event))
    return Status(
        source_no=case.source_number or "",
        remote_no=case.number,
        status=TOLD[event.action],
        occurred_at=event.at.astimezone(SHANGHAI),
        seq=event.sequence,
        unit=(case.unit or event.unit)[:100],
        text=text[:8000],
        due_at=due.due_at.astimezone(SHANGHAI) if due and due.due_at else None,
    )
