"""Runs of imports as rows: beginning one, taking it up alone, saying how far it is and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from models.importing import ImportKind, ImportRun, RunState
from services.audit import Actor
from services.calendar.working_days import day_of
from services.enterprises.bulk import lock_revision
from services.errors import UserError
from services.imports.known import Verdict
from services.imports.planning import Counts

LEASE = timedelta(minutes=5)
KEPT_NOTES = {
    Verdict.ENDED_BEFORE: "{count} 行对应的记录已修复、撤回或移出，没有恢复公示",
    Verdict.NEVER_HERE: "{count} 行在来源处已修复或撤销，本平台没有，未入库",
    Verdict.OUTDATED: "{count} 行的数据比本平台已有的旧，未采用",
}


@dataclass(frozen=True)
class Order:
    """What somebody wants done with a file."""

    kind: ImportKind
    name: str
    sha256: str
    size_bytes: int
    data_on: date | None = None  # None: today
    source_unit: str = ""
    source: str | None = None  # code of a drop folder or pull
    is_whole: bool = False
    is_rehearsal: bool = False


def begin_run(session: Session, order: Order, actor: Actor, now: datetime, state: RunState) -> ImportRun:
    """The row of a run that has not begun yet."""
    run = ImportRun(
        kind=order.kind,
        state=state,
        name=order.name[-200:],
        sha256=order.sha256,
        size_bytes=order.size_bytes,
        source=order.source,
        source_unit=order.source_unit.strip()[:100],
        data_on=order.data_on or day_of(now),
        is_whole=order.is_whole,
        is_rehearsal=order.is_rehearsal,
        account_id=actor.account_id,
        actor=actor.name[:80],
        created_at=now,
    )
    session.add(run)
    session.flush()
    return run


def is_running(now: datetime) -> ColumnElement[bool]:
    """Somebody works on it at this moment."""
    return (ImportRun.state == RunState.RUNNING) & (ImportRun.lease_until > now)


def is_busy(session: Session, now: datetime) -> bool:
    """An import is going on."""
    return session.scalar(select(ImportRun.id).where(is_running(now)).limit(1)) is not None


def claim(session: Session, run_id: int, now: datetime) -> ImportRun:
    """Take a run up; UserError while another one runs. One at a time: two could add the same record."""
    lock_revision(session, now)  # on PostgreSQL too only one process at a time asks this
    other = session.scalar(select(ImportRun.id).where(is_running(now), ImportRun.id != run_id).limit(1))
    if other is not None:
        raise UserError(f"第 {other} 号导入正在进行，请等它结束后再导入")
    run = session.get_one(ImportRun, run_id, with_for_update=True)
    if run.state is not RunState.WAITING:
        raise UserError(f"第 {run_id} 号导入已经处理过了")
    run.state, run.started_at, run.lease_until, run.progress = RunState.RUNNING, now, now + LEASE, 0
    return run


def next_waiting(session: Session, now: datetime) -> int | None:
    """The run that has waited longest, if none runs."""
    if is_busy(session, now):
        return None
    waiting = select(ImportRun.id).where(ImportRun.state == RunState.WAITING, ImportRun.file_name.is_not(None))
    return session.scalar(waiting.order_by(ImportRun.id).limit(1))


def end_broken(session: Session, now: datetime) -> list[ImportRun]:
    """Runs whose process died: nothing of them was written."""
    died = (ImportRun.state == RunState.RUNNING) & or_(ImportRun.lease_until.is_(None), ImportRun.lease_until <= now)
    broken = list(session.scalars(select(ImportRun).where(died).with_for_update(skip_locked=True)))
    for run in broken:
        end_run(run, RunState.FAILED, now, "处理中断，没有写入任何数据，可以重新导入")
    return broken


def end_run(run: ImportRun, state: RunState, now: datetime, fault: str = "") -> None:
    """How it ended."""
    run.state, run.ended_at, run.lease_until, run.fault = state, now, None, fault
    run.progress = 100


def put_counts(run: ImportRun, counts: Counts, enterprise_count: int, notes: list[str]) -> None:
    """What the rows came to."""
    run.row_count, run.added_count, run.revised_count = counts.rows, counts.added, counts.revised
    run.ended_count, run.draft_count, run.unchanged_count = counts.ended, counts.drafts, counts.unchanged
    run.refused_count, run.quarantined_count = counts.refused, counts.quarantined
    run.enterprise_count, run.masked_count = enterprise_count, counts.masked
    run.dropped, run.faults = dict(counts.dropped), dict(counts.faults.most_common())
    run.notes = [
        *notes,
        *(words.format(count=counts.kept[why]) for why, words in KEPT_NOTES.items() if counts.kept[why]),
        *counts.missing,
    ]


def find_twin(session: Session, run: ImportRun) -> ImportRun | None:
    """An earlier run of the same file that was written, for a word of warning."""
    twin = select(ImportRun).where(
        ImportRun.sha256 == run.sha256, ImportRun.state == RunState.DONE, ImportRun.id != run.id
    )
    return session.scalar(twin.order_by(ImportRun.id.desc()).limit(1))


def describe(run: ImportRun) -> Mapping[str, Any]:
    """The counts under their words, for receipts and pages."""
    return {
        "行数": run.row_count,
        "新增": run.added_count,
        "新版本": run.revised_count,
        "修复或移出": run.ended_count,
        "无变化": run.unchanged_count,
        "拒收": run.refused_count,
        "待核实": run.quarantined_count,
    }


def actor_key(run: ImportRun) -> str:
    """Who takes the steps in the history."""
    if run.account_id:
        return f"staff:{run.account_id}"
    return f"source:{run.source}"[:40] if run.source else "import"
