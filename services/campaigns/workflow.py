"""The way of an article: every step with its states, who may take it and its guards; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.campaign_words import ArticleAction as A
from models.campaign_words import ArticleState as S
from models.role import Role

ASSOCIATION, BUREAU = "association", "bureau"  # whose article it is
EDITORS = {
    ASSOCIATION: frozenset({Role.ASSOCIATION, Role.ASSOCIATION_HEAD}),
    BUREAU: frozenset({Role.CAMPAIGN, Role.PUBLISHER}),
}
OUTSIDERS = EDITORS[ASSOCIATION]


@dataclass(frozen=True)
class Hand:
    """Who acts."""

    key: str  # staff:12
    roles: frozenset[Role]
    association_id: int | None = None  # of staff of an association


@dataclass(frozen=True)
class Facts:
    """What the rules look at in an article."""

    state: S
    association_id: int | None
    writers: frozenset[str]  # who saved any version of it
    last_by: str = ""  # who took the last step
    last_action: A | None = None
    submitted_by: str = ""
    is_complete: bool = True
    refused_count: int = 0  # findings that must be mended
    unconfirmed_count: int = 0  # findings that a publisher must look at

    @property
    def owner(self) -> str:
        """Whose article it is."""
        return BUREAU if self.association_id is None else ASSOCIATION


class Guard(StrEnum):
    """A condition of a step; its words are in wording.toml [refusals]."""

    OTHER_PERSON = "other_person"  # four eyes: nobody acts on two consecutive steps
    NOT_WRITER = "not_writer"
    SUBMITTER = "submitter"
    COMPLETE = "incomplete"
    CLEAN = "unclean"
    CONFIRMED = "unconfirmed"


# After these the author works on, so the next step may be theirs again.
OWN_STEPS = frozenset({None, A.RECALL, A.REVISE})
CHECKS: Mapping[Guard, Callable[[Facts, Hand], bool]] = {
    Guard.OTHER_PERSON: lambda facts, hand: facts.last_action in OWN_STEPS or facts.last_by != hand.key,
    Guard.NOT_WRITER: lambda facts, hand: hand.key not in facts.writers,
    Guard.SUBMITTER: lambda facts, hand: facts.submitted_by == hand.key,
    Guard.COMPLETE: lambda facts, _: facts.is_complete,
    Guard.CLEAN: lambda facts, _: not facts.refused_count,
    Guard.CONFIRMED: lambda facts, _: not facts.unconfirmed_count,
}
PASSES = (Guard.OTHER_PERSON, Guard.NOT_WRITER)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    action: A
    source: S
    target: S
    who: frozenset[Role]
    owner: str = ""  # of articles of this owner only
    guards: tuple[Guard, ...] = ()
    needs_comment: bool = False


def line(
    action: A,
    source: S,
    target: S,
    *who: Role,
    owner: str = "",
    guards: tuple[Guard, ...] = (),
    needs_comment: bool = False,
) -> Line:
    """A line as it is written below."""
    return Line(action, source, target, frozenset(who), owner, guards, needs_comment)


TABLE: tuple[Line, ...] = (
    *(
        line(A.SUBMIT, S.DRAFT, first, *EDITORS[owner], owner=owner, guards=(Guard.OTHER_PERSON, Guard.COMPLETE))
        for owner, first in ((ASSOCIATION, S.WITH_HEAD), (BUREAU, S.WITH_BUREAU))
    ),
    line(A.PASS_HEAD, S.WITH_HEAD, S.WITH_BUREAU, Role.ASSOCIATION_HEAD, guards=(*PASSES, Guard.COMPLETE)),
    line(A.PASS_BUREAU, S.WITH_BUREAU, S.WITH_PUBLISHER, Role.CAMPAIGN, guards=(*PASSES, Guard.COMPLETE)),
    line(
        A.APPROVE,
        S.WITH_PUBLISHER,
        S.APPROVED,
        Role.PUBLISHER,
        guards=(*PASSES, Guard.COMPLETE, Guard.CLEAN, Guard.CONFIRMED),
    ),
    *(
        line(A.RETURN, state, S.DRAFT, role, guards=PASSES, needs_comment=True)
        for state, role in (
            (S.WITH_HEAD, Role.ASSOCIATION_HEAD),
            (S.WITH_BUREAU, Role.CAMPAIGN),
            (S.WITH_PUBLISHER, Role.PUBLISHER),
        )
    ),
    *(
        line(A.RECALL, state, S.DRAFT, *EDITORS[owner], owner=owner, guards=(Guard.SUBMITTER,))
        for owner, state in ((ASSOCIATION, S.WITH_HEAD), (BUREAU, S.WITH_BUREAU))
    ),
    line(
        A.WITHDRAW,
        S.APPROVED,
        S.WITHDRAWN,
        Role.CAMPAIGN,
        Role.PUBLISHER,
        Role.ASSOCIATION_HEAD,
        needs_comment=True,
    ),
    *(line(A.REVISE, S.WITHDRAWN, S.DRAFT, *EDITORS[owner], owner=owner) for owner in EDITORS),
    *(line(A.DROP, S.DRAFT, S.DROPPED, *EDITORS[owner], owner=owner, needs_comment=True) for owner in EDITORS),
)


class Refusal(Exception):  # noqa: N818 - it is what staff are told, not a fault of ours
    """The step cannot be taken; `code` is a key of [refusals] in wording.toml."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def decide(action: A, facts: Facts, hand: Hand, comment: str = "") -> Line:
    """The line that holds; Refusal with the first reason against it."""
    lines = [one for one in TABLE if one.action is action and one.owner in {"", facts.owner}]
    if not any(one.who & hand.roles for one in lines):
        raise Refusal("not_allowed")
    if not is_in_reach(facts, hand):
        raise Refusal("not_theirs")
    found = next((one for one in lines if one.source is facts.state and one.who & hand.roles), None)
    if found is None:
        raise Refusal("wrong_state")
    if found.needs_comment and not comment.strip():
        raise Refusal("comment")
    for guard in found.guards:
        if not CHECKS[guard](facts, hand):
            raise Refusal(guard)
    return found


def is_in_reach(facts: Facts, hand: Hand) -> bool:
    """Staff of an association reach its articles only; the bureau's reach all."""
    if hand.roles & OUTSIDERS:
        return hand.association_id is not None and hand.association_id == facts.association_id
    return True


def may_edit(facts: Facts, hand: Hand) -> bool:
    """Only a draft is written in, by those whose it is."""
    return facts.state is S.DRAFT and bool(hand.roles & EDITORS[facts.owner]) and is_in_reach(facts, hand)


def list_actions(facts: Facts, hand: Hand) -> dict[A, str]:
    """What this hand could do here, for buttons: the action, and what stands against it ("" for nothing)."""
    found: dict[A, str] = {}
    for one in TABLE:
        is_here = one.source is facts.state and one.owner in {"", facts.owner}
        if is_here and one.who & hand.roles and is_in_reach(facts, hand):
            against = next((guard for guard in one.guards if not CHECKS[guard](facts, hand)), "")
            found[one.action] = str(against)
    return found


def waits_for(facts: Facts, hand: Hand) -> bool:
    """A review step of this article is theirs and may be taken by them."""
    reviews = {A.PASS_HEAD, A.PASS_BUREAU, A.APPROVE}
    stops = {str(guard) for guard in (*PASSES, Guard.SUBMITTER)}
    return any(action in reviews and against not in stops for action, against in list_actions(facts, hand).items())
