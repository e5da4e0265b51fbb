"""The work list: cases filtered, the most urgent first, a page at a time by key; and how urgent each is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select, true
from sqlalchemy.orm import Session

from models.case import Case
from models.case_clock import CaseDeadline, CaseProposal
from models.case_words import CaseKind, Proposal, State, Timer
from models.role import Role
from services.calendar.working_days import day_of, end_of
from services.cases.docket import Docket
from services.cases.escalation import OWNERS
from services.cases.facts import Actor
from services.cases.parties import same_phone
from services.cases.reach import in_sight, runs, waits_for
from services.cases.workflow import HANDLED, OPEN

PAGE = 40
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # sorts after every deadline
KEY = "%Y%m%d%H%M%S%f"
DUE_AT = CaseDeadline.due_at.type
MAY_SEARCH_PHONES = frozenset({Role.INTAKE, Role.HANDLER, Role.REVIEWER, Role.SUPERVISOR})
MOMENT = timedelta(microseconds=1)
REGION = slice(10, 16)  # of a number: TS20261120 430100 …


class Scope(StrEnum):
    """Whose cases."""

    MINE = "mine"  # the next step is mine
    OWN = "own"  # I am the person who has it
    FREE = "free"  # of my unit, and nobody has it
    UNIT = "unit"
    ALL = "all"


class Stand(StrEnum):
    """Whether something is still to be done, be it only to tell both sides of a withdrawal."""

    OPEN = "open"
    ENDED = "ended"


class Urgent(StrEnum):
    """How near a deadline is."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    NONE = "none"


@dataclass(frozen=True)
class Wanted:
    """The filters; None or "": whatever."""

    scope: Scope = Scope.ALL
    state: Stand | State | None = None
    kind: CaseKind | None = None
    category: str = ""
    unit: str = ""
    region: str = ""  # six digits
    urgent: Urgent | None = None
    text: str = ""  # in the respondent's name or the summary
    case_ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Row:
    """A case with the nearest end of a term that staff must keep."""

    case: Case
    due_at: datetime | None
    deadline: CaseDeadline | None
    proposal: Proposal | None

    @property
    def key(self) -> str:
        """After it the next page begins."""
        return f"{(self.due_at or NEVER).astimezone(UTC).strftime(KEY)}_{self.case.id}"


@dataclass(frozen=True)
class Listed:
    """One page; `more` is the key of the next, "" on the last."""

    rows: list[Row]
    more: str


def list_cases(docket: Docket, actor: Actor, wanted: Wanted, after: str = "", count: int = PAGE) -> Listed:
    """A page of what is wanted: by the nearest deadline, what has none last, of equals the newest first."""
    due = nearest_deadlines()
    moment = func.coalesce(due.c.due_at, NEVER, type_=DUE_AT)
    conditions = [in_sight(actor), *narrow(actor, wanted)]
    if wanted.urgent is not None:
        conditions.append(lies_in(docket, wanted.urgent, due.c.due_at))
    if start := read_key(after):
        at, last = start
        conditions.append(or_(moment > at, and_(moment == at, Case.id < last)))
    found = select(Case, due.c.due_at).outerjoin(due, due.c.case_id == Case.id).where(*conditions)
    found = found.order_by(moment, Case.id.desc()).limit(count + 1)
    pairs = [(case, due_at) for case, due_at in docket.session.execute(found)]
    rows = add_details(docket.session, pairs[:count])
    return Listed(rows, rows[-1].key if len(pairs) > count else "")


def nearest_deadlines() -> Subquery:
    """For each case the nearest end of a term that staff must keep."""
    return (
        select(CaseDeadline.case_id, func.min(CaseDeadline.due_at, type_=DUE_AT).label("due_at"))
        .where(CaseDeadline.ended_at.is_(None), CaseDeadline.due_at.is_not(None), CaseDeadline.timer.in_(OWNERS))
        .group_by(CaseDeadline.case_id)
        .subquery()
    )


def narrow(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The filters as conditions."""
    open_one = or_(Case.state.in_(OPEN), runs(Timer.ACKNOWLEDGE), runs(Timer.TELL))
    states = {Stand.OPEN: open_one, Stand.ENDED: ~open_one}
    scopes = {
        Scope.MINE: waits_for(actor),
        Scope.OWN: Case.handler == actor.key,
        Scope.FREE: and_(Case.unit == actor.unit, Case.state.in_(HANDLED), Case.handler == ""),
        Scope.UNIT: Case.unit == actor.unit,
        Scope.ALL: true(),
    }
    conditions = [scopes[wanted.scope]]
    if isinstance(wanted.state, Stand):
        conditions.append(states[wanted.state])
    elif wanted.state is not None:
        conditions.append(Case.state == wanted.state)
    if wanted.kind is not None:
        conditions.append(Case.kind == wanted.kind)
    if wanted.category:
        conditions.append(Case.category == wanted.category)
    if wanted.unit:
        conditions.append(Case.unit == wanted.unit)
    if wanted.region:
        conditions.append(func.substr(Case.number, REGION.start + 1, REGION.stop - REGION.start) == wanted.region)
    if wanted.text:
        conditions.append(
            or_(
                Case.respondent_name.contains(wanted.text, autoescape=True),
                Case.number.contains(wanted.text.upper(), autoescape=True),
            )
        )
    if wanted.case_ids is not None:
        conditions.append(Case.id.in_(wanted.case_ids))
    return conditions


def lies_in(docket: Docket, urgent: Urgent, due_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """A deadline between the moments that the word means."""
    tonight = end_of(docket.today)
    soon = end_of(docket.calendar.add(docket.today, docket.rules.amber_days).on)
    return {
        Urgent.LATE: due_at <= docket.now,
        Urgent.TODAY: and_(due_at > docket.now, due_at <= tonight),
        Urgent.SOON: and_(due_at > tonight, due_at <= soon),
        Urgent.LATER: due_at > soon,
        Urgent.NONE: due_at.is_(None),
    }[urgent]


def read_key(text: str) -> tuple[datetime, int] | None:
    """What `Row.key` wrote; None for anything else, which is the first page."""
    moment, _, number = text.partition("_")
    try:
        return datetime.strptime(moment, KEY).replace(tzinfo=UTC), int(number)
    except ValueError:
        return None


def add_details(session: Session, pairs: list[tuple[Case, datetime | None]]) -> list[Row]:
    """The deadlines and proposals of a page's cases, each in one query."""
    ids = [case.id for case, _ in pairs]
    running = session.scalars(
        select(CaseDeadline)
        .where(CaseDeadline.case_id.in_(ids), CaseDeadline.ended_at.is_(None), CaseDeadline.timer.in_(OWNERS))
        .order_by(CaseDeadline.due_at.desc())
    )
    nearest: dict[int, CaseDeadline] = {}
    for row in running:
        if row.due_at is not None or row.case_id not in nearest:  # what stands still has no date
            nearest[row.case_id] = row
    proposals = session.execute(
        select(CaseProposal.case_id, CaseProposal.kind).where(
            CaseProposal.case_id.in_(ids), CaseProposal.decided_at.is_(None)
        )
    )
    proposed: dict[int, Proposal] = {case_id: kind for case_id, kind in proposals}  # noqa: C416 - rows, not pairs
    return [Row(case, due_at, nearest.get(case.id), proposed.get(case.id)) for case, due_at in pairs]


def find_by_phone(session: Session, actor: Actor, phone: str) -> tuple[int, ...] | None:
    """The cases of who has this number, by its blind index; None for whose work does not need it."""
    if not actor.roles & MAY_SEARCH_PHONES:
        return None
    return tuple(same_phone(session, phone))


def count_waiting(session: Session, actor: Actor) -> int:
    """How many cases wait for this actor."""
    return session.scalar(select(func.count()).select_from(Case).where(in_sight(actor), waits_for(actor))) or 0


def measure(docket: Docket, due_at: datetime | None) -> tuple[Urgent, int]:
    """How near an end is, with the working days to go or, when late, gone by."""
    if due_at is None:
        return Urgent.NONE, 0
    last = day_of(due_at - MOMENT)
    if docket.now >= due_at:
        return Urgent.LATE, docket.calendar.count(last, docket.today)
    left = docket.calendar.count(docket.today, last)
    if last == docket.today:
        return Urgent.TODAY, 0
    return (Urgent.SOON if left <= docket.rules.amber_days else Urgent.LATER), left


def list_regions(session: Session) -> list[str]:
    """The codes of the regions that numbers name."""
    region = func.substr(Case.number, REGION.start + 1, REGION.stop - REGION.start)
    return sorted(session.scalars(select(region).distinct()))
