"""The life of records and listings as one table: from, action, to, who, what must be there; pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.archive_words import ArchiveAction as A
from models.archive_words import Life as L  # noqa: N817
from models.archive_words import Subject
from models.case_words import Outsider
from models.role import Role
from services.cases.facts import Actor, Who

ARCHIVE, SYSTEM = Role.ARCHIVE, Outsider.SYSTEM
APPROVERS = (Role.REVIEWER, Role.SUPERVISOR)
PUBLIC = (L.PUBLISHED, L.OBJECTED)
BOTH = frozenset(Subject)


class Rule(StrEnum):
    """What must hold."""

    COMPLETE = "complete"  # services/credit/completeness.py finds nothing missing
    OTHER_PERSON = "other_person"  # four eyes: not who drafted it
    REPAIRABLE = "repairable"  # the least publicity is over, duties done, promise made
    NO_OPEN_OBJECTION = "no_open_objection"


@dataclass(frozen=True)
class Move:
    """One line of the table; without `target` it stays where it is."""

    action: A
    sources: tuple[L | None, ...]  # None: it is not there yet
    target: L | None
    who: frozenset[Who]
    rules: tuple[Rule, ...] = ()
    needs_reason: bool = False
    subjects: frozenset[Subject] = BOTH


def line(
    action: A,
    sources: L | tuple[L, ...] | None,
    target: L | None,
    *who: Who,
    rules: tuple[Rule, ...] = (),
    needs_reason: bool = False,
    subjects: frozenset[Subject] = BOTH,
) -> Move:
    """A line as it is written below."""
    places: tuple[L | None, ...] = sources if isinstance(sources, tuple) else (sources,)
    return Move(action, places, target, frozenset(who), rules, needs_reason, subjects)


TABLE: tuple[Move, ...] = (
    line(A.DRAFT, None, L.DRAFT, ARCHIVE),
    line(A.IMPORT, None, L.PUBLISHED, SYSTEM),
    line(A.EDIT, L.DRAFT, None, ARCHIVE),
    line(A.SUBMIT, L.DRAFT, L.PENDING_REVIEW, ARCHIVE, rules=(Rule.COMPLETE,)),
    line(A.RETURN, L.PENDING_REVIEW, L.DRAFT, *APPROVERS, needs_reason=True),
    line(A.APPROVE, L.PENDING_REVIEW, L.PUBLISHED, *APPROVERS, rules=(Rule.COMPLETE, Rule.OTHER_PERSON)),
    line(A.DISCARD, (L.DRAFT, L.PENDING_REVIEW), L.WITHDRAWN, ARCHIVE, needs_reason=True),
    line(A.OBJECT, PUBLIC, L.OBJECTED, ARCHIVE, SYSTEM),
    line(A.SETTLE, L.OBJECTED, L.PUBLISHED, ARCHIVE, SYSTEM, rules=(Rule.NO_OPEN_OBJECTION,)),
    line(A.NOTE_REPAIR, PUBLIC, None, ARCHIVE),
    line(A.REPAIR, PUBLIC, L.REPAIRED, ARCHIVE, rules=(Rule.REPAIRABLE,), needs_reason=True),
    line(A.REPAIR, PUBLIC, L.REPAIRED, SYSTEM, needs_reason=True),  # the result of 信用中国 is a fact
    line(A.WITHDRAW, PUBLIC, L.WITHDRAWN, ARCHIVE, SYSTEM, needs_reason=True),
    line(A.CORRECT, PUBLIC, L.CORRECTED, SYSTEM, needs_reason=True),  # when the newer version is published
    line(A.REMOVE, PUBLIC, L.REMOVED, ARCHIVE, SYSTEM, needs_reason=True),
    line(A.UNDO_IMPORT, PUBLIC, L.WITHDRAWN, SYSTEM, needs_reason=True),
)
ENDS = frozenset({L.REPAIRED, L.WITHDRAWN, L.CORRECTED, L.REMOVED})
REFUSALS = {
    "not_now": "现在是“{life}”，不能{action}。",
    "not_allowed": "您的岗位不能{action}。",
    "no_reason": "请写明{action}的理由。",
    Rule.COMPLETE: "还不能公示，缺：{detail}。",
    Rule.OTHER_PERSON: "起草人不能审核自己起草的内容，请由另一人审核。",
    Rule.REPAIRABLE: "还不能修复：缺{detail}。",
    Rule.NO_OPEN_OBJECTION: "还有没办结的异议，不能取消标注。",
}


class LifeRefusal(Exception):  # noqa: N818 - it is what the clerk is told, not a fault of ours
    """The step cannot be taken; `code` is a key of REFUSALS, `detail` names what is missing."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class LifeFacts:
    """How a record or listing stands when somebody wants to act on it."""

    subject: Subject
    life: L | None
    today: date
    drafted_by: str = ""
    missing: tuple[str, ...] = ()  # for publication
    repair_missing: tuple[str, ...] = ()
    open_objections: int = 0


def decide(action: A, facts: LifeFacts, actor: Actor, reason: str) -> L:
    """The state after the step; LifeRefusal with the first thing that stands against it."""
    lines = [move for move in TABLE if move.action is action and facts.subject in move.subjects]
    allowed = [move for move in lines if move.who & actor.roles]
    if not allowed:
        raise LifeRefusal("not_allowed")
    move = allowed[0]
    if facts.life not in move.sources:
        raise LifeRefusal("not_now")
    for rule in move.rules:
        check(rule, facts, actor)
    if move.needs_reason and not reason.strip():
        raise LifeRefusal("no_reason")
    state = move.target or facts.life
    if state is None:
        raise LifeRefusal("not_now")
    return state


def check(rule: Rule, facts: LifeFacts, actor: Actor) -> None:
    """LifeRefusal where the rule does not hold."""
    faults = {
        Rule.COMPLETE: bool(facts.missing),
        Rule.OTHER_PERSON: facts.drafted_by == actor.key,
        Rule.REPAIRABLE: bool(facts.repair_missing),
        Rule.NO_OPEN_OBJECTION: facts.open_objections > 0,
    }
    if faults[rule]:
        detail = {Rule.COMPLETE: facts.missing, Rule.REPAIRABLE: facts.repair_missing}.get(rule, ())
        raise LifeRefusal(rule, "、".join(detail))


def actions_for(facts: LifeFacts, actor: Actor) -> list[A]:
    """What somebody may try now; a step may still be refused for a rule, and then says which."""
    return [
        move.action
        for move in TABLE
        if facts.life in move.sources and facts.subject in move.subjects and move.who & actor.roles
    ]
