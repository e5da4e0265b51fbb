"""The conditions of the workflow; each looks at plain values and says yes or no."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from models.case_words import CaseKind, ConsentKind, Outsider, Proposal, Result, Side, State, Timer
from models.role import Role
from services.calendar.working_days import day_of
from services.cases.facts import Actor, Facts, Step
from services.privacy import find_personal

SATISFIED_FROM = 3
SCORES = range(1, 6)
NOT_MERGEABLE_INTO = {
    State.DRAFT,
    State.REJECTED,
    State.REFERRED,
    State.CLOSED,
    State.WITHDRAWN,
    State.MERGED,
    State.ARCHIVED,
}


class Guard(StrEnum):
    """A condition; what is said when it does not hold is in wording.toml."""

    TRANSFER_ALLOWED = "transfer_allowed"
    NOT_ACCEPTED = "not_accepted"
    WAS_ACCEPTED = "was_accepted"
    RETURNABLE = "returnable"
    NOT_MINE = "not_mine"
    ANOTHER_HANDLER = "another_handler"
    OWN_CONSENT = "own_consent"
    AMENDS = "amends"
    CONTACTED = "contacted"
    IS_COMPLAINT = "is_complaint"
    IS_REPORT = "is_report"
    BOTH_CONSENT = "both_consent"
    DELEGATION_CONSENT = "delegation_consent"
    DELEGATED = "delegated"
    NOTHING_PROPOSED = "nothing_proposed"
    PROPOSED = "proposed"
    ANSWER_PROPOSED = "answer_proposed"
    SUSPENSION_PROPOSED = "suspension_proposed"
    EXTENSION_PROPOSED = "extension_proposed"
    PROPOSAL_IS_THEIRS = "proposal_is_theirs"
    OTHER_PERSON = "other_person"
    WAS_IN_PROGRESS = "was_in_progress"
    WAS_MEDIATING = "was_mediating"
    EXTENDABLE = "extendable"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_RATED = "not_rated"
    NOT_DISPUTED = "not_disputed"
    FIRST_DISPUTE = "first_dispute"
    DISPUTED = "disputed"
    REWORKABLE = "reworkable"
    CONFIRM_OVER = "confirm_over"
    UNREACHABLE = "unreachable"
    HAS_UNIT = "has_unit"
    NO_UNIT = "no_unit"
    REOPENABLE = "reopenable"
    CLOSED_AS_UNREACHABLE = "closed_as_unreachable"
    CONFIRMED_TWICE = "confirmed_twice"
    NO_OPENED_CHECK = "no_opened_check"
    SAME_MATTER = "same_matter"
    PUBLICATION_CONSENT = "publication_consent"
    RETENTION_OVER = "retention_over"


Check = Callable[[Facts, Actor, Step, datetime], bool]


def agreed(facts: Facts, kind: ConsentKind, side: Side = Side.COMPLAINANT) -> bool:
    """This side has agreed and not taken it back."""
    return (kind, side) in facts.consents


def is_over(facts: Facts, timer: Timer, now: datetime) -> bool:
    """A deadline that runs has passed."""
    return timer in facts.due and now >= facts.due[timer]


def is_content(step: Step) -> bool:
    """Three marks and more."""
    return (step.score or 0) >= SATISFIED_FROM


def may_return(facts: Facts, _actor: Actor, _step: Step, now: datetime) -> bool:
    """Within the term, and not where the bureau has decided whose it is."""
    return not facts.is_unit_fixed and Timer.RETURN in facts.due and now < facts.due[Timer.RETURN]


def may_consent(facts: Facts, actor: Actor, step: Step, _now: datetime) -> bool:
    """A citizen speaks for their own side only; staff record what either side said."""
    return Outsider.CITIZEN not in actor.roles or (step.side is Side.COMPLAINANT and actor.case_id == facts.case_id)


def is_unreachable(facts: Facts, _actor: Actor, _step: Step, now: datetime) -> bool:
    """Enough failed tries on different days, and the time to answer is over."""
    is_waiting = facts.state is State.NEED_MORE and not is_over(facts, Timer.SUPPLY, now)
    return facts.failed_days >= facts.contact_attempts and not is_waiting


def may_reopen(facts: Facts, actor: Actor, _step: Step, now: datetime) -> bool:
    """A supervisor at any time; the citizen within thirty days."""
    if Role.SUPERVISOR in actor.roles:
        return True
    return facts.closed_on is not None and day_of(now) <= facts.closed_on + timedelta(days=facts.reopen_days)


def is_same_matter(facts: Facts, _actor: Actor, step: Step, _now: datetime) -> bool:
    """Same person, same firm, and an official has compared what happened."""
    parent = facts.parent
    if parent is None or parent.case_id == facts.case_id or parent.state in NOT_MERGEABLE_INTO:
        return False
    return parent.has_same_person and parent.has_same_respondent and step.is_same_matter


def may_order_rework(facts: Facts, actor: Actor, _step: Step, _now: datetime) -> bool:
    """The reviewer once, after the citizen's word; a supervisor whenever it is needed."""
    return Role.SUPERVISOR in actor.roles or (facts.is_disputed and facts.rework_count == 0)


def may_decline(facts: Facts, actor: Actor, _step: Step, _now: datetime) -> bool:
    """Answers are the reviewer's, suspension and extension the supervisor's."""
    needed = Role.REVIEWER if facts.proposal is Proposal.ANSWER else Role.SUPERVISOR
    return needed in actor.roles


CHECKS: dict[Guard, Check] = {
    Guard.TRANSFER_ALLOWED: lambda f, _a, s, _n: not s.with_identity or agreed(f, ConsentKind.TRANSFER),
    Guard.NOT_ACCEPTED: lambda f, _a, _s, _n: not f.is_accepted,
    Guard.WAS_ACCEPTED: lambda f, _a, _s, _n: f.is_accepted,
    Guard.RETURNABLE: may_return,
    Guard.NOT_MINE: lambda f, a, _s, _n: f.handler != a.key,
    Guard.ANOTHER_HANDLER: lambda f, _a, s, _n: f.handler != s.handler,
    Guard.OWN_CONSENT: may_consent,
    Guard.AMENDS: lambda _f, _a, s, _n: bool(s.summary or s.category or s.urgency) and not find_personal(s.summary),
    Guard.CONTACTED: lambda f, _a, _s, _n: f.is_anonymous or f.contact_count > 0,
    Guard.IS_COMPLAINT: lambda f, _a, _s, _n: f.kind is CaseKind.COMPLAINT,
    Guard.IS_REPORT: lambda f, _a, _s, _n: f.kind is CaseKind.REPORT,
    Guard.BOTH_CONSENT: lambda f, _a, _s, _n: (
        agreed(f, ConsentKind.MEDIATION) and agreed(f, ConsentKind.MEDIATION, Side.RESPONDENT)
    ),
    Guard.DELEGATION_CONSENT: lambda f, _a, _s, _n: agreed(f, ConsentKind.DELEGATION),
    Guard.DELEGATED: lambda f, a, _s, _n: bool(f.association) and a.unit == f.association,
    Guard.NOTHING_PROPOSED: lambda f, _a, _s, _n: f.proposal is None,
    Guard.PROPOSED: lambda f, _a, _s, _n: f.proposal is not None,
    Guard.ANSWER_PROPOSED: lambda f, _a, _s, _n: f.proposal is Proposal.ANSWER,
    Guard.SUSPENSION_PROPOSED: lambda f, _a, _s, _n: f.proposal is Proposal.SUSPENSION,
    Guard.EXTENSION_PROPOSED: lambda f, _a, _s, _n: f.proposal is Proposal.EXTENSION,
    Guard.PROPOSAL_IS_THEIRS: may_decline,
    Guard.OTHER_PERSON: lambda f, a, _s, _n: bool(f.proposed_by) and a.key != f.proposed_by,
    Guard.WAS_IN_PROGRESS: lambda f, _a, _s, _n: f.suspended_from is State.IN_PROGRESS,
    Guard.WAS_MEDIATING: lambda f, _a, _s, _n: f.suspended_from is State.MEDIATING,
    Guard.EXTENDABLE: lambda f, _a, _s, n: (
        Timer.ANSWER in f.due and not f.is_extended and not is_over(f, Timer.ANSWER, n)
    ),
    # Who has disputed once gives their mark the second time, whatever it is, and that ends it.
    Guard.SATISFIED: lambda f, _a, s, _n: s.score in SCORES and (is_content(s) or f.dispute_count > 0),
    Guard.NOT_RATED: lambda f, _a, s, _n: s.score in SCORES and f.score is None,
    Guard.DISSATISFIED: lambda _f, _a, s, _n: s.score in SCORES and not is_content(s),
    Guard.NOT_DISPUTED: lambda f, _a, _s, _n: not f.is_disputed,
    Guard.FIRST_DISPUTE: lambda f, _a, _s, _n: f.dispute_count == 0,
    Guard.DISPUTED: lambda f, _a, _s, _n: f.is_disputed,
    Guard.REWORKABLE: may_order_rework,
    Guard.CONFIRM_OVER: lambda f, _a, _s, n: is_over(f, Timer.CONFIRM, n),
    Guard.UNREACHABLE: is_unreachable,
    Guard.HAS_UNIT: lambda f, _a, _s, _n: bool(f.unit),
    Guard.NO_UNIT: lambda f, _a, _s, _n: not f.unit,
    Guard.REOPENABLE: may_reopen,
    Guard.CLOSED_AS_UNREACHABLE: lambda f, a, s, n: f.result is Result.UNREACHABLE and may_reopen(f, a, s, n),
    Guard.CONFIRMED_TWICE: lambda _f, _a, s, _n: s.is_confirmed,
    Guard.NO_OPENED_CHECK: lambda f, _a, _s, _n: (
        f.kind is not CaseKind.REPORT or f.state in {State.SUBMITTED, State.NEED_MORE}
    ),
    Guard.SAME_MATTER: is_same_matter,
    Guard.PUBLICATION_CONSENT: lambda f, _a, _s, _n: agreed(f, ConsentKind.PUBLISH),
    Guard.RETENTION_OVER: lambda f, _a, _s, _n: f.is_retention_over,
}
