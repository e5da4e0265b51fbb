"""What a step changes in the rows of a case beside its state."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, CaseConsent
from models.case_clock import CaseProposal, CaseReferral
from models.case_file import CaseContact
from models.case_words import Action, ConsentKind, Proposal, Result, Side, State, Timer
from services.cases.docket import Docket
from services.cases.facts import Actor, Step
from services.cases.handlers import require_handler
from services.cases.standing import open_proposal
from services.cases.timing import extend_deadline, open_deadlines
from services.cases.workflow import FINAL, OPEN, WORKED

NAMING_RECEIVER = {
    Action.ACKNOWLEDGE_REFERRAL,
    Action.FORWARD_EVIDENCE,
    Action.TAKE_BACK,
    Action.TAKE_BACK_ACCEPTED,
}
ANSWER, PROPOSED = "cases.answer", "case_proposals.text"


@dataclass(frozen=True)
class Change:
    """A step that was decided, on its way into the rows."""

    docket: Docket
    case: Case
    actor: Actor
    step: Step
    before: State


def refer(change: Change) -> None:
    """Keep whom it went to."""
    change.docket.session.add(
        CaseReferral(
            case_id=change.case.id,
            receiver=change.step.receiver,
            legal_basis=change.step.legal_basis,
            with_identity=change.step.with_identity,
            sent_at=change.docket.now,
        )
    )


def acknowledge(change: Change) -> None:
    """The receiver has its own number for it."""
    row = last_referral(change.docket.session, change.case.id)
    if row is not None and row.acknowledged_at is None:
        row.acknowledged_at, row.remote_number = change.docket.now, change.step.remote_number


def last_referral(session: Session, case_id: int) -> CaseReferral | None:
    """Where the case went last."""
    wanted = select(CaseReferral).where(CaseReferral.case_id == case_id)
    return session.scalar(wanted.order_by(CaseReferral.id.desc()).limit(1))


def take_back(change: Change) -> None:
    """It has no unit yet, or no longer: what was arranged before the referral is arranged anew."""
    case = change.case
    case.unit, case.handler, case.is_unit_fixed = "", "", False


def assign(change: Change) -> None:
    """To a unit, and there to a person or to whoever takes it."""
    case, step = change.case, change.step
    case.unit, case.is_unit_fixed, case.handler = step.unit, step.is_unit_fixed, ""
    if step.handler:
        case.handler = require_handler(change.docket.session, step.unit, step.handler)


def give_back(change: Change) -> None:
    """The unit says it is not theirs."""
    change.case.unit = change.case.handler = ""


def take(change: Change) -> None:
    """It is the actor's now."""
    change.case.handler = change.actor.key


def appoint(change: Change) -> None:
    """It is this person's now."""
    change.case.handler = require_handler(change.docket.session, change.case.unit, change.step.handler)


def amend(change: Change) -> None:
    """Set right what was registered; what was there before stays in the history."""
    case, step = change.case, change.step
    case.summary = step.summary or case.summary
    case.category = step.category or case.category
    case.urgency = step.urgency or case.urgency


def log_contact(change: Change) -> None:
    """A try to reach the citizen."""
    step = change.step
    change.docket.session.add(
        CaseContact(
            case_id=change.case.id, way=step.way, outcome=step.outcome, by=change.actor.key, at=change.docket.now
        )
    )


def record_consent(change: Change) -> None:
    """A word on consent; publication ends with it."""
    case, step = change.case, change.step
    change.docket.session.add(
        CaseConsent(
            case_id=case.id,
            kind=step.consent,
            side=step.side,
            is_given=step.is_given,
            recorded_by=change.actor.key,
            at=change.docket.now,
        )
    )
    if step.consent is ConsentKind.PUBLISH and step.side is Side.COMPLAINANT and not step.is_given:
        case.public_summary = None


def delegate(change: Change) -> None:
    """The association may see it now."""
    change.case.association = change.step.receiver


def propose(kind: Proposal) -> Callable[[Change], None]:
    """Put something before a second person."""

    def put(change: Change) -> None:
        step = change.step
        change.docket.session.add(
            CaseProposal(
                case_id=change.case.id,
                kind=kind,
                text_sealed=change.docket.seal({"text": step.text}, PROPOSED),
                result=str(step.result) if step.result else None,
                recovered_fen=step.recovered_fen,
                proposed_by=change.actor.key,
                proposed_at=change.docket.now,
            )
        )

    return put


def settle_proposal(change: Change, is_approved: bool) -> None:
    """The second person has decided."""
    row = open_proposal(change.docket.session, change.case.id)
    if row is not None:
        row.decided_by, row.decided_at, row.is_approved = change.actor.key, change.docket.now, is_approved


def approve_suspension(change: Change) -> None:
    """Remember where to go on."""
    change.case.suspended_from = change.before
    settle_proposal(change, True)


def approve_extension(change: Change) -> None:
    """A later end."""
    extend_deadline(change.docket, open_deadlines(change.docket.session, change.case.id)[Timer.ANSWER])
    settle_proposal(change, True)


def approve_answer(change: Change) -> None:
    """The answer stands."""
    case, step = change.case, change.step
    case.answer_sealed = change.docket.seal({"text": step.text}, ANSWER)
    case.result, case.recovered_fen = step.result, step.recovered_fen
    settle_proposal(change, True)


def decline(change: Change) -> None:
    """Sent back to who proposed it."""
    settle_proposal(change, False)


def rate(change: Change) -> None:
    """The citizen's mark."""
    change.case.score = change.step.score


def dispute(change: Change) -> None:
    """Dissatisfied, to be looked into."""
    case = change.case
    case.is_disputed, case.dispute_count, case.score = True, case.dispute_count + 1, change.step.score


def order_rework(change: Change) -> None:
    """Once more; the earlier mark is not the last word."""
    change.case.rework_count += 1
    change.case.score = None


def close_unreachable(change: Change) -> None:
    """Nobody there."""
    change.case.result = Result.UNREACHABLE


def publish(change: Change) -> None:
    """The text without persons."""
    change.case.public_summary = change.step.text


def reject(change: Change) -> None:
    """On one of the seven grounds."""
    change.case.ground = change.step.ground


def accept(change: Change) -> None:
    """From now on the terms of handling run."""
    change.case.accepted_at = change.docket.now


EFFECTS: dict[Action, Callable[[Change], None]] = {
    Action.ACCEPT: accept,
    Action.REJECT: reject,
    Action.REFER: refer,
    Action.ACKNOWLEDGE_REFERRAL: acknowledge,
    Action.TAKE_BACK: take_back,
    Action.TAKE_BACK_ACCEPTED: take_back,
    Action.ASSIGN: assign,
    Action.RETURN: give_back,
    Action.TAKE: take,
    Action.APPOINT: appoint,
    Action.AMEND: amend,
    Action.LOG_CONTACT: log_contact,
    Action.RECORD_CONSENT: record_consent,
    Action.DELEGATE_MEDIATION: delegate,
    Action.PROPOSE_SUSPENSION: propose(Proposal.SUSPENSION),
    Action.PROPOSE_EXTENSION: propose(Proposal.EXTENSION),
    Action.PROPOSE_ANSWER: propose(Proposal.ANSWER),
    Action.APPROVE_SUSPENSION: approve_suspension,
    Action.APPROVE_EXTENSION: approve_extension,
    Action.APPROVE_ANSWER: approve_answer,
    Action.DECLINE_PROPOSAL: decline,
    Action.CONFIRM: rate,
    Action.RATE: rate,
    Action.DISPUTE: dispute,
    Action.ORDER_REWORK: order_rework,
    Action.CLOSE_UNREACHABLE: close_unreachable,
    Action.PUBLISH: publish,
}


def apply_effects(change: Change, action: Action) -> None:
    """The step's own changes, then what follows from where the case now stands."""
    if action in EFFECTS:
        EFFECTS[action](change)
    case, state = change.case, change.case.state
    if state in FINAL and case.closed_at is None:
        case.closed_at = change.docket.now
    if state in OPEN and change.before in FINAL:  # reopened: what ended it holds no more
        case.closed_at = case.result = case.score = case.public_summary = None
    if state is not State.ANSWERED:
        case.is_disputed = False
    if state not in WORKED:
        settle_proposal(change, False)  # an approved one is settled already
    if state not in {State.MEDIATING, State.SUSPENDED}:
        case.association = ""  # what was delegated is not the association's for ever


def fill_from_referral(docket: Docket, case: Case, action: Action, step: Step) -> Step:
    """What the receiver did names the receiver."""
    if action not in NAMING_RECEIVER:
        return step
    row = last_referral(docket.session, case.id)
    return replace(step, receiver=row.receiver) if row else step


def fill_from_proposal(docket: Docket, case: Case, action: Action, step: Step) -> Step:
    """An approval says and decides what was proposed, nothing else."""
    if action not in {Action.APPROVE_ANSWER, Action.APPROVE_EXTENSION, Action.APPROVE_SUSPENSION}:
        return step
    row = open_proposal(docket.session, case.id)
    if row is None:
        return step
    text = docket.open(row.text_sealed, PROPOSED).get("text", "")
    result = Result(row.result) if row.result else None
    return replace(step, text=text, result=result, recovered_fen=row.recovered_fen)
