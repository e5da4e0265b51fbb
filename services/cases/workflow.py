"""The workflow of a case: every step with its states, who may take it, its guards and deadlines; pure."""

from dataclasses import dataclass

from models.case_words import Action as A  # noqa: N817 - short names, so that a line of the table is a line
from models.case_words import Outsider, Timer
from models.case_words import State as S  # noqa: N817
from models.role import Role
from services.cases.facts import Who
from services.cases.guards import Guard as G  # noqa: N817

CITIZEN, SYSTEM = Outsider.CITIZEN, Outsider.SYSTEM
INTAKE, DISPATCHER, HANDLER = Role.INTAKE, Role.DISPATCHER, Role.HANDLER
REVIEWER, SUPERVISOR, MEDIATOR = Role.REVIEWER, Role.SUPERVISOR, Role.MEDIATOR
BACK_BY = (INTAKE, DISPATCHER, SYSTEM)
WORKED = (S.IN_PROGRESS, S.MEDIATING)
HANDLED = (S.ASSIGNED, *WORKED, S.SUSPENDED, S.REWORK)
BEFORE_ACCEPTANCE = (S.SUBMITTED, S.NEED_MORE)
CHECKED = (S.ACCEPTED, S.ASSIGNED, S.RETURNED, *WORKED, S.SUSPENDED, S.ANSWERED, S.REWORK)
OPEN = (*BEFORE_ACCEPTANCE, *CHECKED)
FINAL = (S.REJECTED, S.REFERRED, S.CLOSED, S.WITHDRAWN, S.MERGED)
LIVE = (*OPEN, *FINAL)


@dataclass(frozen=True)
class Transition:
    """One line of the table; without `target` the case stays where it is."""

    action: A
    sources: tuple[S, ...]
    target: S | None
    who: frozenset[Who]
    guards: tuple[G, ...] = ()
    needs: tuple[str, ...] = ()  # fields of Step
    tells: bool = False  # the citizen gets a notice; in their timeline it is shown anyway

    def end_in(self, state: S) -> S:
        """Where the case stands after it."""
        return self.target or state


def line(  # one call for one line of the table
    action: A,
    sources: S | tuple[S, ...],
    target: S | None,
    *who: Who,
    guards: tuple[G, ...] = (),
    needs: str = "",
    tells: bool = False,
) -> Transition:
    """A line as it is written below."""
    places = sources if isinstance(sources, tuple) else (sources,)
    return Transition(action, places, target, frozenset(who), guards, tuple(needs.split()), tells)


TABLE: tuple[Transition, ...] = (
    line(A.SUBMIT, S.DRAFT, S.SUBMITTED, CITIZEN, INTAKE, SYSTEM, tells=True),
    line(A.ASK_MORE, S.SUBMITTED, S.NEED_MORE, INTAKE, needs="text", tells=True),
    line(A.ADD_MORE, S.NEED_MORE, S.SUBMITTED, CITIZEN, INTAKE, needs="text", tells=True),
    line(A.SUPPLEMENT, (S.SUBMITTED, *CHECKED), None, CITIZEN, INTAKE, needs="text"),
    line(A.ACCEPT, S.SUBMITTED, S.ACCEPTED, INTAKE, tells=True),
    line(A.REJECT, S.SUBMITTED, S.REJECTED, INTAKE, needs="ground text", tells=True),
    line(
        A.REFER,
        (*BEFORE_ACCEPTANCE, S.ACCEPTED, S.RETURNED),
        S.REFERRED,
        INTAKE,
        DISPATCHER,
        guards=(G.TRANSFER_ALLOWED,),
        needs="receiver legal_basis",
        tells=True,
    ),
    line(A.ACKNOWLEDGE_REFERRAL, S.REFERRED, None, INTAKE, DISPATCHER, SYSTEM, needs="remote_number", tells=True),
    line(A.FORWARD_EVIDENCE, S.REFERRED, None, SYSTEM, needs="evidence"),
    line(A.TAKE_BACK, S.REFERRED, S.SUBMITTED, *BACK_BY, guards=(G.NOT_ACCEPTED,), needs="note", tells=True),
    line(A.TAKE_BACK_ACCEPTED, S.REFERRED, S.ACCEPTED, *BACK_BY, guards=(G.WAS_ACCEPTED,), needs="note", tells=True),
    line(
        A.ASSIGN,
        (S.ACCEPTED, S.RETURNED, S.ASSIGNED),
        S.ASSIGNED,
        DISPATCHER,
        SYSTEM,
        needs="unit",
        tells=True,
    ),
    line(A.RETURN, S.ASSIGNED, S.RETURNED, HANDLER, guards=(G.RETURNABLE,), needs="note"),
    line(A.TAKE, HANDLED, None, HANDLER, guards=(G.NOT_MINE,)),
    line(A.APPOINT, HANDLED, None, DISPATCHER, SUPERVISOR, guards=(G.ANOTHER_HANDLER,), needs="handler"),
    line(A.AMEND, OPEN, None, INTAKE, HANDLER, guards=(G.AMENDS,), needs="note"),
    line(A.LOG_CONTACT, OPEN, None, INTAKE, HANDLER, needs="way outcome"),
    line(A.RECORD_CONSENT, LIVE, None, CITIZEN, INTAKE, HANDLER, guards=(G.OWN_CONSENT,), needs="consent side"),
    line(A.BEGIN, S.ASSIGNED, S.IN_PROGRESS, HANDLER, guards=(G.CONTACTED,), tells=True),
    line(
        A.MEDIATE,
        S.IN_PROGRESS,
        S.MEDIATING,
        HANDLER,
        guards=(G.IS_COMPLAINT, G.BOTH_CONSENT, G.NOTHING_PROPOSED),
        tells=True,
    ),
    line(
        A.DELEGATE_MEDIATION,
        S.MEDIATING,
        None,
        HANDLER,
        guards=(G.DELEGATION_CONSENT,),
        needs="receiver",
        tells=True,
    ),
    line(A.REPORT_MEDIATION, S.MEDIATING, None, MEDIATOR, guards=(G.DELEGATED,), needs="note"),
    line(
        A.END_MEDIATION,
        S.MEDIATING,
        S.IN_PROGRESS,
        HANDLER,
        guards=(G.NOTHING_PROPOSED,),
        needs="text",
        tells=True,
    ),
    line(A.PROPOSE_SUSPENSION, WORKED, None, HANDLER, guards=(G.NOTHING_PROPOSED,), needs="text"),
    line(
        A.APPROVE_SUSPENSION,
        WORKED,
        S.SUSPENDED,
        SUPERVISOR,
        guards=(G.SUSPENSION_PROPOSED, G.OTHER_PERSON),
        tells=True,
    ),
    line(A.RESUME, S.SUSPENDED, S.IN_PROGRESS, HANDLER, guards=(G.WAS_IN_PROGRESS,), tells=True),
    line(A.RESUME_MEDIATION, S.SUSPENDED, S.MEDIATING, HANDLER, guards=(G.WAS_MEDIATING,), tells=True),
    line(
        A.PROPOSE_EXTENSION,
        WORKED,
        None,
        HANDLER,
        guards=(G.NOTHING_PROPOSED, G.EXTENDABLE),
        needs="text",
    ),
    line(
        A.APPROVE_EXTENSION,
        WORKED,
        None,
        SUPERVISOR,
        guards=(G.EXTENSION_PROPOSED, G.OTHER_PERSON, G.EXTENDABLE),
        tells=True,
    ),
    line(A.PROPOSE_ANSWER, WORKED, None, HANDLER, guards=(G.NOTHING_PROPOSED,), needs="text result"),
    line(
        A.APPROVE_ANSWER,
        WORKED,
        S.ANSWERED,
        REVIEWER,
        guards=(G.ANSWER_PROPOSED, G.OTHER_PERSON),
        tells=True,
    ),
    line(
        A.DECLINE_PROPOSAL,
        WORKED,
        None,
        REVIEWER,
        SUPERVISOR,
        guards=(G.PROPOSED, G.OTHER_PERSON, G.PROPOSAL_IS_THEIRS),
        needs="note",
    ),
    line(A.CONFIRM, S.ANSWERED, S.CLOSED, CITIZEN, guards=(G.SATISFIED, G.NOT_DISPUTED), needs="score", tells=True),
    line(A.RATE, S.CLOSED, None, CITIZEN, guards=(G.NOT_RATED,), needs="score"),
    line(A.CLOSE_SILENT, S.ANSWERED, S.CLOSED, SYSTEM, guards=(G.CONFIRM_OVER, G.NOT_DISPUTED), tells=True),
    line(
        A.CLOSE_UNREACHABLE,
        (S.NEED_MORE, S.ASSIGNED, S.IN_PROGRESS),
        S.CLOSED,
        INTAKE,
        HANDLER,
        SYSTEM,
        guards=(G.UNREACHABLE,),
        tells=True,
    ),
    line(
        A.DISPUTE,
        S.ANSWERED,
        None,
        CITIZEN,
        guards=(G.DISSATISFIED, G.FIRST_DISPUTE),
        needs="score note",
        tells=True,
    ),
    line(A.UPHOLD_ANSWER, S.ANSWERED, S.CLOSED, REVIEWER, guards=(G.DISPUTED,), needs="text", tells=True),
    line(A.ORDER_REWORK, S.ANSWERED, S.REWORK, REVIEWER, SUPERVISOR, guards=(G.REWORKABLE,), needs="note", tells=True),
    line(A.BEGIN_REWORK, S.REWORK, S.IN_PROGRESS, HANDLER, tells=True),
    line(
        A.REOPEN,
        S.CLOSED,
        S.IN_PROGRESS,
        CITIZEN,
        SUPERVISOR,
        guards=(G.HAS_UNIT, G.REOPENABLE),
        needs="text",
        tells=True,
    ),
    line(
        A.RESUBMIT,
        S.CLOSED,
        S.SUBMITTED,
        CITIZEN,
        INTAKE,
        guards=(G.CLOSED_AS_UNREACHABLE, G.NO_UNIT),
        needs="text",
        tells=True,
    ),
    line(
        A.WITHDRAW,
        OPEN,
        S.WITHDRAWN,
        CITIZEN,
        INTAKE,
        guards=(G.CONFIRMED_TWICE, G.NO_OPENED_CHECK),
        tells=True,
    ),
    line(
        A.RECORD_WITHDRAWAL,
        CHECKED,
        None,
        CITIZEN,
        INTAKE,
        guards=(G.CONFIRMED_TWICE, G.IS_REPORT),
        tells=True,
    ),
    line(A.NOTE_TOLD, S.WITHDRAWN, None, INTAKE, HANDLER, needs="note"),
    line(
        A.MERGE,
        OPEN,
        S.MERGED,
        DISPATCHER,
        guards=(G.SAME_MATTER,),
        needs="parent_number is_same_matter",
        tells=True,
    ),
    line(A.ABSORB, OPEN, None, SYSTEM, needs="note"),  # follows from a merge
    line(A.FOLLOW_UP, S.CLOSED, None, INTAKE, HANDLER, needs="outcome note"),
    line(A.PUBLISH, S.CLOSED, None, REVIEWER, guards=(G.PUBLICATION_CONSENT,), needs="text", tells=True),
    line(A.ARCHIVE, FINAL, S.ARCHIVED, SYSTEM, guards=(G.RETENTION_OVER,)),
)
BY_ACTION = {transition.action: transition for transition in TABLE}


@dataclass(frozen=True)
class TimerRule:
    """When a deadline begins, in which states it runs or stands still; leaving both ends it.

    A step of `goes_on` takes up again one that had ended: the days since then are not counted, it does not begin anew.
    """

    timer: Timer
    starts: tuple[A, ...]
    runs: tuple[S, ...]
    pauses: tuple[S, ...] = ()
    ends: tuple[A, ...] = ()
    goes_on: tuple[A, ...] = ()


TIMERS: tuple[TimerRule, ...] = (
    TimerRule(Timer.ACCEPT, (A.SUBMIT, A.RESUBMIT), (S.SUBMITTED,), (S.NEED_MORE,), goes_on=(A.TAKE_BACK,)),
    TimerRule(Timer.SUPPLY, (A.ASK_MORE,), (S.NEED_MORE,)),
    TimerRule(Timer.ASSIGN, (A.ACCEPT, A.RETURN, A.TAKE_BACK_ACCEPTED), (S.ACCEPTED, S.RETURNED)),
    TimerRule(Timer.RETURN, (A.ASSIGN,), (S.ASSIGNED,)),
    TimerRule(Timer.CONTACT, (A.ASSIGN,), (S.ASSIGNED,)),
    TimerRule(
        Timer.ANSWER,
        (A.ACCEPT, A.ORDER_REWORK, A.REOPEN),
        (S.ACCEPTED, S.ASSIGNED, S.RETURNED, *WORKED, S.REWORK),
        (S.SUSPENDED,),
        goes_on=(A.TAKE_BACK_ACCEPTED,),
    ),
    TimerRule(
        Timer.MEDIATE,
        (A.ACCEPT,),
        (S.ACCEPTED, S.ASSIGNED, S.RETURNED, *WORKED),
        (S.SUSPENDED,),
        goes_on=(A.TAKE_BACK_ACCEPTED,),
    ),
    TimerRule(Timer.CONFIRM, (A.APPROVE_ANSWER,), (S.ANSWERED,), ends=(A.DISPUTE,)),
    TimerRule(Timer.DISPUTE, (A.DISPUTE,), (S.ANSWERED,)),
    TimerRule(Timer.TELL, (A.WITHDRAW,), (S.WITHDRAWN,), ends=(A.NOTE_TOLD,)),
    TimerRule(Timer.ACKNOWLEDGE, (A.REFER,), (S.REFERRED,), ends=(A.ACKNOWLEDGE_REFERRAL,)),
)
