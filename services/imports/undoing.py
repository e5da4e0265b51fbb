"""Undoing an import as one act, as long as nothing later rests on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from models.archive import ArchiveEvent
from models.archive_words import ArchiveAction, Life, Subject
from models.audit import Act
from models.enterprise import Enterprise, Status
from models.importing import ImportChange, ImportRun, QuarantinedRow, QuarantineState, RunState
from models.listing import Listing
from models.record import Dataset, Record
from services.audit import Actor, record
from services.calendar.working_days import day_of
from services.enterprises.bulk import lock_revision
from services.enterprises.storing import among
from services.errors import UserError
from services.imports.applying import EVENT_COLUMNS, insert_many, spell_moment
from services.imports.entries import LISTS
from services.imports.known import UNDONE, last_sequences

BATCH = 5_000
# Steps by which imports replace each other's rows and give them back; where they led says the life.
OURS = (ArchiveAction.CORRECT, ArchiveAction.UNDO_IMPORT)


def undo_run(session: Session, run_id: int, actor: Actor, reason: str, now: datetime) -> ImportRun:
    """Take back everything a run wrote; UserError says what later rests on it. The history keeps both."""
    run = session.get(ImportRun, run_id, with_for_update=True)
    if run is None:
        raise UserError(f"没有第 {run_id} 号导入")
    if run.state is not RunState.DONE:
        raise UserError(f"第 {run_id} 号导入没有写入数据，或已经撤销，不能再撤销")
    if not reason.strip():
        raise UserError("请写明撤销的理由")
    table = Listing if run.kind in LISTS else Record
    subject = Subject.LISTING if run.kind in LISTS else Subject.RECORD
    refuse_dependent(session, run, table, subject)
    withdraw_added(session, run, table, subject, now)
    put_back_changed(session, run, table, subject, now)
    remove_firms(session, run, now)
    session.execute(update(QuarantinedRow).where(QuarantinedRow.run_id == run.id).values(state=QuarantineState.UNDONE))
    forget_empty_blocks(session, run, table)
    run.state, run.undone_at, run.undone_by = RunState.UNDONE, now, actor.name[:80]
    run.undone_reason = reason.strip()
    record(session, actor, Act.IMPORT_UNDONE, now, subject=f"导入第 {run.id} 号", reason=reason)
    return run


def refuse_dependent(session: Session, run: ImportRun, table: type[Any], subject: Subject) -> None:
    """UserError where something later rests on what the run wrote. What was undone itself is no matter any more."""
    first, later = aliased(ArchiveEvent), aliased(ArchiveEvent)
    handled = exists().where(
        later.subject == subject, later.subject_id == table.id, later.sequence > 1, later.action.not_in(OURS)
    )
    moved = session.scalar(
        select(func.count())
        .select_from(table)
        .join(first, (first.subject == subject) & (first.subject_id == table.id) & (first.sequence == 1))
        .where(table.import_run_id == run.id, (table.life != first.to_life) | handled)
    )
    if moved:
        raise UserError(f"不能撤销：本次导入的 {moved} 条此后已有新的处理（更正、修复、异议或新版本），请逐条处理")
    changes = {change.subject_id: change.before["after"] for change in changes_of(session, run, subject)}
    lives = session.execute(select(table.id, table.life).where(among(session, table.id, list(changes))))
    if changes and (moved := sum(row.life != changes[row.id] for row in lives)):
        raise UserError(f"不能撤销：本次导入改变的 {moved} 条此后又有变动，请逐条处理")
    firms = firms_of(session, run)
    if firms and (used := count_used(session, run, firms)):
        raise UserError(f"不能撤销：本次导入新建的 {used} 家企业此后已有其他记录")


def changes_of(session: Session, run: ImportRun, subject: Subject) -> Sequence[ImportChange]:
    """What the run did to what was there before."""
    wanted = select(ImportChange).where(ImportChange.run_id == run.id, ImportChange.subject == subject)
    return session.scalars(wanted).all()


def firms_of(session: Session, run: ImportRun) -> list[int]:
    """The firms that the run added to the register."""
    wanted = select(ImportChange.subject_id).where(ImportChange.run_id == run.id, ImportChange.subject.is_(None))
    return list(session.scalars(wanted))


def count_used(session: Session, run: ImportRun, firms: Sequence[int]) -> int:
    """How many of these firms bear records or listings of others."""
    theirs = [
        exists().where(
            table.enterprise_id == Enterprise.id,
            (table.import_run_id != run.id) | table.import_run_id.is_(None),
            func.coalesce(table.withdrawn_reason, "") != UNDONE,
        )
        for table in (Record, Listing)
    ]
    found = select(func.count()).where(among(session, Enterprise.id, firms), theirs[0] | theirs[1])
    return session.scalar(found.select_from(Enterprise)) or 0


def withdraw_added(session: Session, run: ImportRun, table: type[Any], subject: Subject, now: datetime) -> None:
    """What the run added is public no more, and stands as if it had never been there."""
    rows = session.execute(
        select(table.id, table.enterprise_id, table.life).where(table.import_run_id == run.id).order_by(table.id)
    ).all()
    session.execute(
        update(table)
        .where(table.import_run_id == run.id)
        .values(life=Life.WITHDRAWN, withdrawn_on=day_of(now), withdrawn_reason=UNDONE)
    )
    events = [(row.id, row.enterprise_id, row.life, Life.WITHDRAWN) for row in rows]
    add_events(session, run, subject, events, now)


def put_back_changed(session: Session, run: ImportRun, table: type[Any], subject: Subject, now: datetime) -> None:
    """What the run replaced or ended stands again as before."""
    changes = {change.subject_id: change.before for change in changes_of(session, run, subject)}
    if not changes:
        return
    events = []
    for row in session.scalars(select(table).where(among(session, table.id, list(changes)))):
        before = changes[row.id]
        events.append((row.id, row.enterprise_id, row.life, Life(before["life"])))
        row.life, row.withdrawn_on, row.withdrawn_reason = Life(before["life"]), None, None
    session.flush()
    add_events(session, run, subject, events, now)


def forget_empty_blocks(session: Session, run: ImportRun, table: type[Any]) -> None:
    """Where nothing but this run was ever collected, answers say 未归集 again, not 未查到."""
    others = select(ImportRun.id).where(
        ImportRun.kind == run.kind, ImportRun.state == RunState.DONE, ImportRun.id != run.id
    )
    if session.scalar(others.limit(1)) is not None:
        return
    column = Listing.kind if table is Listing else Record.type
    written = set(session.scalars(select(column).where(table.import_run_id == run.id).distinct()))
    for block in written:
        shown = select(table.id).where(column == block, func.coalesce(table.withdrawn_reason, "") != UNDONE)
        dataset = session.get(Dataset, block.value)
        if dataset is not None and session.scalar(shown.limit(1)) is None:
            session.delete(dataset)


def add_events(
    session: Session,
    run: ImportRun,
    subject: Subject,
    events: Sequence[tuple[int, int, Life, Life]],
    now: datetime,
) -> None:
    """The undoing in the history of each."""
    moment, details, action = spell_moment(session, now), f'{{"run": {run.id}}}', ArchiveAction.UNDO_IMPORT.value
    last: dict[int, int] = {}
    for start in range(0, len(events), BATCH):
        last |= last_sequences(session, subject, [event[0] for event in events[start : start + BATCH]])
    rows = [
        (subject.value, own, owner, last.get(own, 0) + 1, moment, action, before.value, after.value, "import",
         UNDONE, details)
        for own, owner, before, after in events
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        insert_many(session, "archive_events", EVENT_COLUMNS, rows[start : start + BATCH])


def remove_firms(session: Session, run: ImportRun, now: datetime) -> None:
    """Firms that the run added leave the register as if it had dropped them."""
    firms = firms_of(session, run)
    if not firms:
        return
    revision = lock_revision(session, now)
    revision.revision, revision.changed_at = revision.revision + 1, now
    session.execute(
        update(Enterprise)
        .where(among(session, Enterprise.id, firms))
        .values(status=Status.REMOVED, credit_code=None, revision=revision.revision)
    )
