"""What the workflow looks at: who acts, what they bring, how the case stands; plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime

from models.case_words import (
    CaseKind,
    ConsentKind,
    ContactOutcome,
    Ground,
    Outsider,
    Proposal,
    Result,
    Side,
    State,
    Urgency,
)
from models.role import Role

Who = Role | Outsider


@dataclass(frozen=True)
class Actor:
    """Who acts. `key` is for the history: staff:12, citizen, system; `unit` is "" for the whole bureau."""

    roles: frozenset[Who]
    key: str
    unit: str = ""
    name: str = ""
    case_id: int | None = None  # of a citizen: the one case they have shown to be theirs


def act_as_citizen(case_id: int | None) -> Actor:
    """The one who filed this case, known by WeChat or by number and query code (services/cases/access.py)."""
    return Actor(frozenset({Outsider.CITIZEN}), "citizen", case_id=case_id)


SYSTEM = Actor(frozenset({Outsider.SYSTEM}), "system")


@dataclass(frozen=True)
class Step:
    """What somebody brings with an action; the workflow table says which of it is needed."""

    text: str = ""  # told to the citizen
    note: str = ""  # kept in the history, for staff
    ground: Ground | None = None
    receiver: str = ""
    legal_basis: str = ""
    with_identity: bool = False  # the referral carries name and telephone
    remote_number: str = ""
    evidence: tuple[int, ...] = ()  # the files that a referral takes along, or that follow it
    unit: str = ""
    handler: str = ""  # the person of the unit, staff:12
    is_unit_fixed: bool = False  # decided by the bureau: it cannot be returned again
    result: Result | None = None
    recovered_fen: int | None = None
    score: int | None = None  # satisfaction, 1 to 5
    is_confirmed: bool = False  # asked twice
    parent_number: str = ""
    is_same_matter: bool = False  # the dispatcher has compared the facts
    has_new_facts: bool = False
    consent: ConsentKind | None = None
    side: Side | None = None
    is_given: bool = True
    way: str = ""  # of a contact: telephone, visit
    outcome: ContactOutcome | None = None
    summary: str = ""  # the official's own words for what happened, without persons
    category: str = ""
    urgency: Urgency | None = None


@dataclass(frozen=True)
class Parent:
    """The case into which another is merged."""

    case_id: int
    state: State
    has_same_person: bool
    has_same_respondent: bool


@dataclass(frozen=True)
class Facts:
    """How a case stands when somebody wants to act on it."""

    case_id: int
    kind: CaseKind
    state: State
    is_anonymous: bool = False
    is_accepted: bool = False  # before it was referred
    unit: str = ""
    handler: str = ""  # staff:12 who has it, "" for nobody who is there
    is_unit_fixed: bool = False
    association: str = ""  # the mediation is delegated to it
    contact_count: int = 0
    failed_days: int = 0  # different days on which the citizen could not be reached since the last success
    consents: frozenset[tuple[ConsentKind, Side]] = frozenset()
    proposal: Proposal | None = None
    proposed_by: str = ""
    suspended_from: State | None = None
    dispute_count: int = 0
    is_disputed: bool = False
    rework_count: int = 0
    closed_on: date | None = None
    score: int | None = None
    result: Result | None = None
    is_retention_over: bool = False
    parent: Parent | None = None
    due: dict[str, datetime] = field(default_factory=dict)  # by Timer, of runs that go
    is_extended: bool = False
    contact_attempts: int = 3  # of the rules
    reopen_days: int = 30
