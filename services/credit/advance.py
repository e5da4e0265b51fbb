"""One step in the life of a record or listing: asked of the table, done, written down, in the caller's transaction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select

from models.archive import ArchiveEvent, Objection
from models.archive_words import ArchiveAction, Life, Subject
from models.listing import Listing
from models.record import Record
from services.cases.facts import SYSTEM, Actor
from services.credit import standing
from services.credit.completeness import missing_of_listing, missing_of_record
from services.credit.history import add_event
from services.credit.ledger import Ledger, Row, block_of_row, load_row, subject_of
from services.credit.life import ENDS, REFUSALS, LifeFacts, LifeRefusal, decide
from services.credit.reminders import drop_reminders
from services.credit.repair import Route, plan_repair
from services.credit.terms import OPEN
from services.credit.words import ARCHIVE_ACTION_WORDS, LIFE_WORDS, MISSING_WORDS
from services.errors import UserError

LONGEST_REASON = 100  # of withdrawn_reason; the event holds all of it


class ArchiveError(UserError):
    """A step on the archive was refused; `code` is a key of services/credit/life.py:REFUSALS."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def advance(
    ledger: Ledger,
    row: Row,
    action: ArchiveAction,
    actor: Actor,
    reason: str = "",
    *,
    document: str = "",
    details: Mapping[str, Any] | None = None,
) -> ArchiveEvent:
    """Take a step; ArchiveError says in Chinese why not. `document`: number of the decision that ends it."""
    session = ledger.session
    session.refresh(row, with_for_update=True)
    before = row.life
    try:
        row.life = decide(action, facts_of(ledger, row), actor, reason)
    except LifeRefusal as refusal:
        raise tell_refusal(refusal, action, before) from None
    if action is ArchiveAction.APPROVE:
        publish(ledger, row, actor)
    if row.life in ENDS:
        end(ledger, row, reason, document)
    told = dict(details or {}) | ({"document": document} if document else {})
    return add_event(session, row, action, before, actor.key, now=ledger.now, reason=reason.strip(), details=told)


def tell_refusal(refusal: LifeRefusal, action: ArchiveAction, life: Life) -> ArchiveError:
    """In words for the clerk."""
    words = REFUSALS[refusal.code].format(
        action=ARCHIVE_ACTION_WORDS[action], life=LIFE_WORDS[life], detail=refusal.detail
    )
    return ArchiveError(refusal.code, words)


def facts_of(ledger: Ledger, row: Row) -> LifeFacts:
    """How it stands, as the table asks."""
    return LifeFacts(
        subject=subject_of(row),
        life=row.life,
        today=ledger.today,
        drafted_by=row.drafted_by or "",
        missing=tuple(missing_of(ledger, row)),
        repair_missing=tuple(repair_missing_of(row, ledger.today)),
        open_objections=count_objections(ledger, row),
    )


def missing_of(ledger: Ledger, row: Row) -> list[str]:
    """What it lacks for publication."""
    return missing_of_listing(row, ledger.rules) if isinstance(row, Listing) else missing_of_record(row)


def repair_missing_of(row: Row, today: date) -> list[str]:
    """What it lacks for repair."""
    severity = None if isinstance(row, Listing) else row.severity
    plan = plan_repair(block_of_row(row), severity, row, None, today)
    if plan.route is not Route.REPAIR:
        return ["信用修复的依据（这一类记录请用撤回或移出）"]
    return [MISSING_WORDS[one] for one in plan.missing]


def count_objections(ledger: Ledger, row: Row) -> int:
    """Objections to it that nobody has decided."""
    wanted = select(func.count()).where(
        Objection.subject == subject_of(row), Objection.subject_id == row.id, Objection.state.in_(OPEN)
    )
    return ledger.session.scalar(wanted) or 0


def publish(ledger: Ledger, row: Row, actor: Actor) -> None:
    """Public from today at the earliest; the version that it corrects gives way in the same moment."""
    row.approved_by = actor.key
    row.published_from = max(row.published_from, ledger.today)
    if row.corrects_id is None:
        return
    older = load_row(ledger.session, subject_of(row), row.corrects_id)
    if older is not None and older.life not in standing.IN_LIFE:
        raise ArchiveError("older_gone", f"被更正的原记录现在是“{LIFE_WORDS[older.life]}”，不能再公示更正版。")
    if older is not None:
        advance(ledger, older, ArchiveAction.CORRECT, SYSTEM, f"更正为第 {row.version} 版")


def end(ledger: Ledger, row: Row, reason: str, document: str) -> None:
    """Out of sight from this moment on, and nobody is reminded of it."""
    row.withdrawn_on, row.withdrawn_reason = ledger.today, reason.strip()[:LONGEST_REASON]
    if isinstance(row, Listing) and document:
        row.removal_document = document[:120]
    drop_reminders(ledger.session, subject_of(row), row.id)


def note_repair(
    ledger: Ledger, row: Row, actor: Actor, *, duties_done_on: date | None, promised_on: date | None, reason: str = ""
) -> ArchiveEvent:
    """Write down what is there of the conditions of repair; days that are still to come are refused."""
    if any(day and not row.decided_on <= day <= ledger.today for day in (duties_done_on, promised_on)):
        raise ArchiveError("bad_day", "日期要在作出决定之后，不能晚于今天。")
    row.duties_done_on, row.promised_on = duties_done_on, promised_on
    ledger.session.flush()
    said = {"duties_done_on": day_text(duties_done_on), "promised_on": day_text(promised_on)}
    return advance(ledger, row, ArchiveAction.NOTE_REPAIR, actor, reason, details=said)


def day_text(day: date | None) -> str:
    """For JSON."""
    return day.isoformat() if day else ""


def find_row(ledger: Ledger, subject: Subject, subject_id: int) -> Record | Listing:
    """The row; ArchiveError where there is none."""
    row = load_row(ledger.session, subject, subject_id)
    if row is None:
        raise ArchiveError("not_found", "没有这条记录。")
    return row
