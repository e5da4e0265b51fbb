"""Running an import: examine the whole file, then write it in one transaction, or nothing."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from config.archive import ArchiveRules, load_archive_rules
from config.sources import Sources, load_sources
from models.audit import Act
from models.database import Database, vault_of
from models.importing import ImportRun, RunState
from services.audit import Actor, record
from services.calendar.working_days import day_of
from services.enterprises.registry import cut
from services.errors import UserError
from services.evidence.store import EvidenceStore, Kept
from services.evidence.trouble import EvidenceError
from services.imports.applying import StaleError, Writer
from services.imports.drafts import Terms
from services.imports.full_lists import FullList
from services.imports.planning import Planner
from services.imports.reading import Sheet, open_sheet
from services.imports.runs import LEASE, actor_key, claim, end_run, put_counts
from services.imports.words import KIND_WORDS
from services.papers.workbook import Table, make_xlsx

BATCH = 2_000
TRIES = 3  # of a file under which the archive changes
LOCK_TIMEOUT_S = 60.0
KEY_FIELD = "import_runs.errors_key_sealed"
WHOLE_REFUSED = "您选择了“全部正确才导入”：有 {count} 行不能导入，所以一行也没有写入"
log = logging.getLogger(__name__)


def ignore(share: float) -> None:
    """Show nothing."""


@dataclass
class Importer:
    """Runs imports on one database; `store` keeps what goes back to the sender, sealed."""

    database: Database
    store: EvidenceStore
    clock: Callable[[], datetime]
    rules: ArchiveRules = field(default_factory=load_archive_rules)
    sources: Sources = field(default_factory=load_sources)
    batch: int = BATCH

    def run(
        self, run_id: int, source: BinaryIO, on_progress: Callable[[float], None] = ignore, *,
        publishes: bool = False, fresh_days: int | None = None,
    ) -> ImportRun:  # fmt: skip
        """Do what the run's row asks for; the row says how it ended. UserError while another run goes on."""
        run = self.take_up(run_id)
        try:
            for tries_left in reversed(range(TRIES)):
                try:
                    return self.attempt(run, source, on_progress, publishes=publishes, fresh_days=fresh_days)
                except StaleError:
                    if not tries_left:
                        raise UserError("导入时档案一直在变动，没有写入任何数据，请稍后再试") from None
        except UserError as error:
            return self.give_up(run_id, RunState.REFUSED, str(error))
        except Exception:
            log.exception("import run %d failed", run_id)
            self.give_up(run_id, RunState.FAILED, "处理时出错，没有写入任何数据；请稍后再试，或联系管理员")
            raise
        raise AssertionError("unreachable")

    def take_up(self, run_id: int) -> ImportRun:
        """Alone; a run without a file kept for it cannot wait, and ends where another one goes on."""
        try:
            with self.database.write(LOCK_TIMEOUT_S) as session:
                return claim(session, run_id, self.clock())
        except UserError as error:
            with self.database.write(LOCK_TIMEOUT_S) as session:
                run = session.get_one(ImportRun, run_id, with_for_update=True)
                if run.state is RunState.WAITING and run.file_name is None:
                    end_run(run, RunState.FAILED, self.clock(), str(error))
            raise

    def attempt(
        self, run: ImportRun, source: BinaryIO, on_progress: Callable[[float], None], *,
        publishes: bool, fresh_days: int | None,
    ) -> ImportRun:  # fmt: skip
        """Once through the file."""
        now = self.clock()
        terms = Terms(
            run.id, run.kind, run.data_on, day_of(now), run.source_unit, actor_key(run),
            publishes=publishes, rules=self.rules, fresh_days=fresh_days,
        )  # fmt: skip
        declared = self.sources.full_list(run.source, run.kind)
        with open_sheet(source, run.name, run.kind) as sheet:
            planner = Planner(terms, sheet.columns)
            full = FullList(declared, planner.present) if declared else None
            try:
                self.examine(run.id, sheet, planner, full, on_progress)
                if not planner.counts.rows:
                    raise UserError(f"{run.name} 表头下面没有数据")
                if full:
                    with self.database.read() as session:
                        sheet.notes += full.end_missing(session, planner)
                return self.finish(run.id, planner, sheet)
            finally:
                planner.close()

    def examine(
        self, run_id: int, sheet: Sheet, planner: Planner, full: FullList | None, on_progress: Callable[[float], None]
    ) -> None:
        """All rows; each batch says how far it is and keeps the lease."""
        for rows in cut(sheet.rows, self.batch):
            with self.database.read() as session:
                planner.examine(session, rows)
                if full:
                    full.note_unclear(session, planner.unclear)
            share = sheet.share()
            on_progress(share)
            self.tell_progress(run_id, share)

    def tell_progress(self, run_id: int, share: float) -> None:
        """On the row, for the page; UserError when somebody has ended the run meanwhile."""
        with self.database.write(LOCK_TIMEOUT_S) as session:
            run = session.get_one(ImportRun, run_id, with_for_update=True)
            if run.state is not RunState.RUNNING:
                raise UserError("这次导入已被结束")
            run.progress, run.lease_until = min(int(share * 90), 90), self.clock() + LEASE

    def finish(self, run_id: int, planner: Planner, sheet: Sheet) -> ImportRun:
        """Write, or say why not; what goes back is kept first, so that the row never names a file that is not there."""
        counts = planner.counts
        with self.database.read() as session:
            facts = session.get_one(ImportRun, run_id)
        is_broken = facts.is_whole and counts.refused + counts.quarantined > 0
        writes = not (is_broken or facts.is_rehearsal)
        kept = None
        if next(self.returned(planner, with_waiting=not writes), None):
            kept = self.keep(make_returned(facts, planner, self.returned(planner, with_waiting=not writes)))
        try:
            with self.database.write(LOCK_TIMEOUT_S) as session:
                run = session.get_one(ImportRun, run_id, with_for_update=True)
                if run.state is not RunState.RUNNING:
                    raise UserError("这次导入已被结束，没有写入任何数据")
                if writes:
                    Writer(session, planner.terms, actor_key(run), self.clock()).write(planner)
                put_counts(run, counts, len(planner.firms), sheet.notes)
                run.ignored = list(planner.columns.ignored)
                if kept:
                    run.errors_name, run.errors_key_sealed = kept[0], vault_of(session).seal_bytes(kept[1], KEY_FIELD)
                words = WHOLE_REFUSED.format(count=counts.refused + counts.quarantined) if is_broken else ""
                state = RunState.DONE if writes else RunState.REFUSED if is_broken else RunState.CHECKED
                end_run(run, state, self.clock(), words)
                self.write_down(session, run)
        except BaseException:
            if kept:
                self.store.remove(kept[0])
            raise
        return run

    def returned(self, planner: Planner, *, with_waiting: bool) -> Iterator[list[str]]:
        """The rows that go back, in the order of the file within each batch."""
        for one in planner.returned:
            if with_waiting or not one.is_waiting:
                yield [*one.cells, str(one.number), one.reason]

    def keep(self, content: bytes) -> tuple[str, bytes]:
        """Name and key of a sealed file; UserError when the disk is full."""
        try:
            kept = self.store.keep(content)
        except EvidenceError:
            raise UserError("磁盘空间不足，没有写入任何数据") from None
        return kept.name, kept.key

    def write_down(self, session: Session, run: ImportRun) -> None:
        """In the audit log, what was written."""
        if run.state is RunState.DONE:
            details = {"文件": run.name, "新增": str(run.added_count), "拒收": str(run.refused_count)}
            actor = Actor(run.actor, run.account_id)
            record(session, actor, Act.RECORDS_IMPORTED, self.clock(), subject=f"导入第 {run.id} 号", details=details)

    def give_up(self, run_id: int, state: RunState, fault: str) -> ImportRun:
        """Nothing was written."""
        with self.database.write(LOCK_TIMEOUT_S) as session:
            run = session.get_one(ImportRun, run_id, with_for_update=True)
            if run.state is RunState.RUNNING:
                end_run(run, state, self.clock(), fault)
        return run


def make_returned(run: ImportRun, planner: Planner, rows: Iterator[list[str]]) -> bytes:
    """The same sheet with two columns more: the row's number and what is wrong. It can be mended and imported again."""
    headings = [*(planner.columns.headings[place] for place in planner.columns.kept_places), "行号", "原因"]
    widths = {"行号": 8, "原因": 48}
    return make_xlsx([Table(f"{KIND_WORDS[run.kind]}退回", headings, rows, widths)])


def read_returned(database: Database, store: EvidenceStore, run: ImportRun) -> bytes | None:
    """The sheet that went back; None where nothing did."""
    if not run.errors_name or not run.errors_key_sealed:
        return None
    with database.read() as session:
        key = vault_of(session).open_bytes(run.errors_key_sealed, KEY_FIELD)
    out = io.BytesIO()
    out.writelines(store.read(Kept(run.errors_name, key)))
    return out.getvalue()
