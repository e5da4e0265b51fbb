"""Files that wait for a clerk's word or for the jobs process: sealed on disk, the key in the run's row."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.database import Database, vault_of
from models.importing import ImportKind, ImportRun, RunState
from services.audit import Actor
from services.errors import UserError
from services.evidence.store import EvidenceStore, Kept
from services.evidence.trouble import EvidenceError
from services.imports.cells import mask_numbers
from services.imports.entries import Entry, Sheetwide
from services.imports.fields import Field, word_of
from services.imports.headings import Columns
from services.imports.reading import MOST_BYTES, open_sheet
from services.imports.runs import Order, begin_run
from services.imports.understanding import understand

FILE_FIELD = "import_runs.file_key_sealed"
ENDINGS = (".xlsx", ".csv", ".tsv", ".txt")
PREVIEW_ROWS = 8
UNUSED_LASTS, ERRORS_LAST = timedelta(days=3), timedelta(days=90)


@dataclass(frozen=True)
class Heading:
    """A column and how it was understood."""

    heading: str
    meaning: str  # of a field; empty: not used
    is_personal: bool = False  # dropped


@dataclass(frozen=True)
class Preview:
    """The beginning of a file as it will be read."""

    headings: list[Heading] = field(default_factory=list)
    rows: list[tuple[list[str], Entry]] = field(default_factory=list)  # cells under the headings that are used
    used: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fault: str = ""


def imports_of(data_dir: Path) -> EvidenceStore:
    """Where the files of imports lie sealed."""
    return EvidenceStore(data_dir / "imports" / "files")


def take_file(
    database: Database, store: EvidenceStore, content: bytes, order: Order, *, actor: Actor, now: datetime
) -> ImportRun:
    """Keep an uploaded file until somebody says what to do; UserError for what cannot be a sheet."""
    if not order.name.lower().endswith(ENDINGS):
        raise UserError("请上传 XLSX 或 CSV 文件（旧的 XLS 请在 Excel 或 WPS 中另存为 XLSX）")
    if not content:
        raise UserError("文件是空的，请重新选择")
    if len(content) > MOST_BYTES:
        raise UserError(f"文件超过 {MOST_BYTES >> 20} MB，请拆成几个文件")
    try:
        kept = store.keep(content)
    except EvidenceError:
        raise UserError("磁盘空间不足，请联系管理员") from None
    with database.write() as session:
        run = begin_run(session, order, actor, now, RunState.DRAFT)
        run.file_name, run.file_key_sealed = kept.name, vault_of(session).seal_bytes(kept.key, FILE_FIELD)
    return run


def describe_file(name: str, content: bytes, kind: ImportKind) -> Order:
    """An order for a file that is at hand."""
    return Order(kind=kind, name=name, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))


@contextmanager
def open_file(database: Database, store: EvidenceStore, run: ImportRun) -> Iterator[BinaryIO]:
    """The file of a run, readable for as long as the block lasts; UserError when it is gone."""
    if not run.file_name or not run.file_key_sealed:
        raise UserError("文件已删除，请重新上传")
    with database.read() as session:
        key = vault_of(session).open_bytes(run.file_key_sealed, FILE_FIELD)
    with TemporaryFile() as plain:
        try:
            plain.writelines(store.read(Kept(run.file_name, key)))
        except EvidenceError:
            raise UserError("文件已损坏或丢失，请重新上传") from None
        plain.flush()
        plain.seek(0)
        yield plain


def preview(source: BinaryIO, run: ImportRun, now: datetime) -> Preview:
    """How the headings are understood and the first rows; numbers of persons are masked, their columns left out."""
    try:
        with open_sheet(source, run.name, run.kind) as sheet:
            columns = sheet.columns
            wide = Sheetwide(run.kind, now.date(), columns.units, is_new=Field.CERTIFICATE in columns.places)
            places = sorted(columns.places.items(), key=lambda item: item[1])
            rows = []
            for number, cells in islice(sheet.rows, PREVIEW_ROWS):
                said = {one: cells[place] for one, place in places if place < len(cells)}
                shown = [mask_numbers(cells[place])[0] if place < len(cells) else "" for _, place in places]
                rows.append((shown, understand(number, said, wide)))
            used = [columns.headings[place] for _, place in places]
            return Preview(describe_headings(columns, run.kind), rows, used, sheet.notes)
    except UserError as error:
        return Preview(fault=str(error))


def describe_headings(columns: Columns, kind: ImportKind) -> list[Heading]:
    """Each heading with its meaning, in the order of the sheet."""
    meanings = {place: word_of(one, kind) for one, place in columns.places.items()}
    return [
        Heading(heading, meanings.get(place, ""), place in columns.personal)
        for place, heading in enumerate(columns.headings)
        if heading
    ]


def order_run(
    session: Session, run_id: int, *, is_whole: bool, is_rehearsal: bool, source: str | None = None
) -> ImportRun:
    """What to do with an uploaded file: check it, or import it, as whose full list; the jobs process takes it up."""
    run = session.get_one(ImportRun, run_id, with_for_update=True)
    if run.state not in {RunState.DRAFT, RunState.CHECKED} or not run.file_name:
        raise UserError("这个文件已经处理过了；要再导入，请重新上传")
    run.is_whole, run.is_rehearsal, run.state = is_whole, is_rehearsal, RunState.WAITING
    run.source = source
    return run


def drop_file(session: Session, store: EvidenceStore, run_id: int) -> None:
    """The file is not needed any more; the log of the run stays."""
    run = session.get_one(ImportRun, run_id, with_for_update=True)
    if run.file_name:
        store.remove(run.file_name)
    run.file_name = run.file_key_sealed = None


def forget_files(database: Database, store: EvidenceStore, now: datetime) -> int:
    """Remove uploads that nobody imported within three days, and what came back ninety days ago; how many."""
    unused = ImportRun.file_name.is_not(None) & (ImportRun.created_at < now - UNUSED_LASTS)
    returned = ImportRun.errors_name.is_not(None) & (ImportRun.created_at < now - ERRORS_LAST)
    with database.write() as session:
        waits = ImportRun.state.not_in([RunState.WAITING, RunState.RUNNING])
        runs = session.scalars(select(ImportRun).where(or_(unused & waits, returned))).all()
        for run in runs:
            if run.file_name and run.created_at < now - UNUSED_LASTS:
                store.remove(run.file_name)
                run.file_name = run.file_key_sealed = None
            if run.errors_name and run.created_at < now - ERRORS_LAST:
                store.remove(run.errors_name)
                run.errors_name = run.errors_key_sealed = None
    return len(runs)
