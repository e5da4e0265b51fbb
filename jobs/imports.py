"""Imports by the clock: what clerks have ordered, what was dropped into folders, what sources are asked for."""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from config.sources import Source, Sources, load_sources
from models.database import Database
from models.importing import ImportKind, ImportRun, RunState
from services.audit import Actor
from services.calendar.working_days import SHANGHAI, day_of
from services.errors import UserError
from services.evidence.store import EvidenceStore
from services.imports.fetching import Fetcher
from services.imports.running import Importer, read_returned
from services.imports.runs import Order, begin_run, describe, end_broken, is_busy, next_waiting
from services.imports.sources import note_fault, note_run, note_same, take_up
from services.imports.uploads import drop_file, forget_files, imports_of, open_file
from services.imports.words import KIND_WORDS, RUN_WORDS

STILL_SECONDS = 30  # a file that has not grown for so long is whole
KEPT_SECONDS = 30 * 24 * 3600  # files that were imported or refused lie here for thirty days
COPYING = (".part", ".tmp", ".crdownload", ".filepart", ".~")
WRITTEN = (RunState.DONE, RunState.CHECKED)
log = logging.getLogger(__name__)


@dataclass
class ImportClerk:
    """One of any number; each run and each source is taken up by one alone."""

    database: Database
    store: EvidenceStore
    folder: Path  # DATA_DIR/incoming
    sources: Sources
    clock: Callable[[], datetime]
    fetcher: Fetcher | None = None
    sizes: dict[Path, tuple[int, float]] = field(default_factory=dict)  # as they were when last looked at

    @property
    def importer(self) -> Importer:
        """Runs one import."""
        return Importer(self.database, self.store, self.clock, sources=self.sources)

    def work(self) -> int:
        """Runs that clerks have ordered, until none waits; how many."""
        with self.database.write() as session:
            for run in end_broken(session, self.clock()):
                log.warning("import run %d was broken off", run.id)
        count = 0
        while self.run_next():
            count += 1
        return count

    def run_next(self) -> bool:
        """The run that has waited longest; False when none waits."""
        with self.database.read() as session:
            run_id = next_waiting(session, self.clock())
            run = session.get(ImportRun, run_id) if run_id else None
        if run is None:
            return False
        try:
            with open_file(self.database, self.store, run) as source:
                ended = self.importer.run(run.id, source)
        except UserError as error:
            log.warning("import run %d: %s", run.id, error)
            return False
        if ended.state is not RunState.CHECKED:
            with self.database.write() as session:
                drop_file(session, self.store, run.id)
        return True

    def look(self) -> int:
        """Files in the drop folders that are whole; how many were taken."""
        count = 0
        with self.database.read() as session:
            if is_busy(session, self.clock()):
                return 0
        for kind in ImportKind:
            place = self.folder / kind
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            for path in sorted(place.iterdir()):
                if self.is_still(path):
                    self.take(path, self.sources.folder_of(kind))
                    count += 1
        return count

    def is_still(self, path: Path) -> bool:
        """A plain file, no longer growing since the last look; links and unfinished copies are left alone."""
        if path.name.startswith(".") or path.name.endswith(COPYING) or path.is_symlink() or not path.is_file():
            return False
        state = path.stat()
        seen, before = (state.st_size, state.st_mtime), self.sizes.get(path)
        self.sizes[path] = seen
        is_old = self.clock().timestamp() - state.st_mtime >= STILL_SECONDS
        return is_old and before == seen

    def take(self, path: Path, source: Source) -> None:
        """Import a file, then move it with its receipt to done or refused; UserErrors lie in the receipt."""
        try:
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as content:
                run = self.import_from(source, path.name, content)
        except UserError as error:  # another import is going on: the next look takes it
            log.info("drop folder: %s waits: %s", path.name, error)
            return
        except OSError as error:
            log.warning("drop folder: %s cannot be read: %s", path.name, error.strerror)
            return
        with self.database.write() as session:
            note_run(session, source, run, self.clock())
        self.put_away(path, run)

    def import_from(self, source: Source, name: str, content: BinaryIO) -> ImportRun:
        """A file of a source, as a run of its own."""
        size = os.fstat(content.fileno()).st_size
        order = Order(
            kind=ImportKind(source.kind), name=name, sha256=hash_file(content), size_bytes=size,
            source_unit=source.unit, source=source.code, is_whole=source.is_whole,
        )  # fmt: skip
        with self.database.write() as session:
            run_id = begin_run(session, order, Actor(f"来源 {source.code}"), self.clock(), RunState.WAITING).id
        return self.importer.run(run_id, content, publishes=source.publishes, fresh_days=source.fresh_days)

    def put_away(self, path: Path, run: ImportRun) -> None:
        """Beside the file its receipt, and the rows that came back."""
        stamp = self.clock().astimezone(SHANGHAI).strftime("%Y%m%d-%H%M%S")
        place = self.folder / ("done" if run.state in WRITTEN else "refused")
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = place / f"{stamp}-{run.id}-{path.name}"
        receipt = {
            "导入号": run.id, "类别": KIND_WORDS[run.kind], "文件": path.name, "SHA-256": run.sha256,
            "结果": RUN_WORDS[run.state], "原因": run.fault, **describe(run), "退回原因": run.faults,
            "时间": self.clock().astimezone(SHANGHAI).isoformat(timespec="seconds"),
        }  # fmt: skip
        target.with_name(f"{target.name}.回执.json").write_text(
            json.dumps(receipt, ensure_ascii=False, indent=1), encoding="utf-8"
        )
        if returned := read_returned(self.database, self.store, run):
            target.with_name(f"{target.name}.退回.xlsx").write_bytes(returned)
        shutil.move(path, target)
        self.sizes.pop(path, None)

    def pull(self) -> int:
        """Ask the sources that are due; how many gave a file."""
        asked = [one for one in self.sources.sources if one.way == "https"]
        return sum(self.ask(one) for one in asked)

    def ask(self, source: Source) -> bool:
        """One source; what goes wrong is written down beside it."""
        with self.database.write() as session:
            row = take_up(session, source, self.clock())
        if row is None:
            return False
        fetcher = self.fetcher or Fetcher(frozenset(self.sources.allowed_hosts))
        try:
            with TemporaryFile() as content:
                etag = fetcher.fetch(source.url, content, row.etag or "", self.token_of(source))
                if etag is None:
                    with self.database.write() as session:
                        note_same(session, source, self.clock(), day_of(self.clock()))
                    return False
                run = self.import_from(source, source.url.rsplit("/", 1)[-1].split("?")[0] or source.code, content)
            with self.database.write() as session:
                note_run(session, source, run, self.clock(), etag)
        except UserError as error:
            log.warning("source %s: %s", source.code, error)
            with self.database.write() as session:
                note_fault(session, source, str(error))
            return False
        return True

    def token_of(self, source: Source) -> str:
        """What a source asks for as Bearer; in a file of its own, so that no log and no list holds it."""
        path = self.folder.parent / "secrets" / f"{source.code}.token"
        return path.read_text(encoding="utf-8").strip() if path.is_file() else ""

    def tidy(self) -> int:
        """Forget files that nobody needs any more; how many."""
        count = forget_files(self.database, self.store, self.clock())
        for path in self.old_files():
            path.unlink(missing_ok=True)
            count += 1
        return count

    def old_files(self) -> Iterator[Path]:
        """Imported or refused thirty days ago."""
        for name in ("done", "refused"):
            for path in (self.folder / name).glob("*"):
                if path.is_file() and self.clock().timestamp() - path.stat().st_mtime > KEPT_SECONDS:
                    yield path


def open_clerk(database: Database, data_dir: Path, clock: Callable[[], datetime]) -> ImportClerk:
    """The clerk of this installation."""
    return ImportClerk(database, imports_of(data_dir), data_dir / "incoming", load_sources(), clock)


def hash_file(content: BinaryIO) -> str:
    """SHA-256 of a file, from its beginning; it stands at its beginning again afterwards."""
    content.seek(0)
    found = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    content.seek(0)
    return found
