"""A records sheet as it came, row by row: XLSX by a program of its own, CSV as a stream in whatever encoding."""

import codecs
import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, BinaryIO

from models.importing import ImportKind
from services.enterprises.sheets import DELIMITERS, LONGEST_LINE, SAMPLE_BYTES, Row, detect_encoding
from services.errors import UserError
from services.imports.headings import HEADING_ROWS, MOST_COLUMNS, Columns, find_heading
from services.programs import start_program

MOST_BYTES = 100 << 20  # of a file
LONG_CELL, MOST_LINES = 2_000, 50  # no cell of these sheets has more lines
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
TROUBLES = {
    "encrypted": "有密码，请取消密码后再导入",
    "old_excel": "是旧的 XLS 格式，请在 Excel 或 WPS 中另存为 XLSX 再导入",
    "broken": "不是完好的 XLSX 文件，请在 Excel 或 WPS 中另存后再试",
    "not_a_workbook": "是压缩包而不是 XLSX，请先解压",
    "macros": "带有宏，请另存为不带宏的 XLSX 再导入",
    "too_big": "展开后过大，请拆成几个文件，或另存为 CSV 再导入",
    "no_heading": "的表头看不懂：没有找到“行政相对人名称”等列，请核对文件和所选的类别",
    "too_wide": f"列数超过 {MOST_COLUMNS} 列，不是这类表格，请核对文件",
}


@dataclass
class Sheet:
    """A table: its columns and rows with their numbers in the file; `share` read so far is 0 to 1."""

    columns: Columns
    rows: Iterator[Row]
    share: Callable[[], float]
    notes: list[str] = field(default_factory=list)


@contextmanager
def open_sheet(source: BinaryIO, name: str, kind: ImportKind) -> Iterator[Sheet]:
    """The table in a file of one kind; UserError says what is wrong with it, also while rows are read."""
    with ExitStack() as opened:
        source.seek(0, os.SEEK_END)
        size = source.tell()
        source.seek(0)
        if size > MOST_BYTES:
            raise UserError(f"{name} 超过 {MOST_BYTES >> 20} MB，请拆成几个文件再导入")
        magic = source.read(4)
        source.seek(0)
        try:
            if magic in WORKBOOKS:
                yield open_workbook(source, name, kind, opened)
            else:
                yield open_text(source, name, kind, size, opened)
        except csv.Error:
            raise UserError(f"{name} 中有引号不成对或过长的单元格，请更正后再次导入") from None


def open_text(source: BinaryIO, name: str, kind: ImportKind, size: int, opened: ExitStack) -> Sheet:
    """CSV, TSV and their like."""
    sample = source.read(SAMPLE_BYTES)
    if not sample.strip():
        raise UserError(f"{name} 是空文件")
    encoding = detect_encoding(Path(name), sample)
    delimiter = detect_delimiter(name, codecs.getincrementaldecoder(encoding)("ignore").decode(sample), kind)
    source.seek(0)
    stream = io.TextIOWrapper(source, encoding, errors="replace", newline="")
    opened.callback(stream.detach)  # the file is the caller's
    lines = iter(partial(stream.readline, LONGEST_LINE), "")
    rows = refuse_swallowed(enumerate(csv.reader(lines, delimiter=delimiter), 1))
    return find_table(name, kind, rows, lambda: min(source.tell() / max(size, 1), 1.0))


def refuse_swallowed(rows: Iterable[Row]) -> Iterator[Row]:
    """csv.Error where a quote without its fellow has made one cell of many rows."""
    for row in rows:
        if any(len(cell) > LONG_CELL and cell.count("\n") > MOST_LINES for cell in row[1]):
            raise csv.Error
        yield row


def detect_delimiter(name: str, text: str, kind: ImportKind) -> str:
    """The one that shows the most headings; UserError where none shows a firm's name."""
    best: tuple[int, str] | None = None
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEADING_ROWS))
        except csv.Error:
            continue
        heading = find_heading(rows, kind)
        if heading and (best is None or len(heading[1].places) > best[0]):
            best = len(heading[1].places), delimiter
    if best is None:
        raise UserError(f"{name} {TROUBLES['no_heading']}")
    return best[1]


def open_workbook(source: BinaryIO, name: str, kind: ImportKind, opened: ExitStack) -> Sheet:
    """The first visible sheet that has the headings; the others are told of."""
    lines = opened.enter_context(unfold(source, kind))
    head = read_line(name, lines)
    rows = Counted(read_rows(name, lines))
    sheet = find_table(name, kind, rows, lambda: min(rows.count / max(head["height"], 1), 1.0))
    if head["others"]:
        sheet.notes.append(f"只读了工作表“{head['sheet']}”，没有读：{'、'.join(head['others'])}")
    if head["formulas"]:
        sheet.notes.append(f"有 {head['formulas']} 个公式单元格，取的是文件中存的计算结果")
    return sheet


class Counted:
    """Rows that are counted as they go."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self.rows, self.count = rows, 0

    def __iter__(self) -> "Counted":
        return self

    def __next__(self) -> Row:
        self.count += 1
        return next(self.rows)


@contextmanager
def unfold(source: BinaryIO, kind: ImportKind) -> Iterator[IO[bytes]]:
    """The lines of unfolding.py about a workbook; the program ends with the block."""
    os.lseek(source.fileno(), 0, os.SEEK_SET)
    with start_program("services.imports.unfolding", kind, source) as program:
        try:
            assert program.stdout is not None  # noqa: S101 - a pipe was asked for
            yield program.stdout
        finally:
            program.kill()


def read_line(name: str, lines: IO[bytes]) -> Any:
    """The next line; UserError when the program gave up or was ended for what it used."""
    line = lines.readline()
    told = json.loads(line) if line.endswith(b"\n") else {"trouble": "too_big"}
    if isinstance(told, dict) and "trouble" in told:
        raise UserError(f"{name} {TROUBLES[told['trouble']]}")
    return told


def read_rows(name: str, lines: IO[bytes]) -> Iterator[Row]:
    """The rows, whole: one that never came is an error."""
    while (told := read_line(name, lines)) != "end":
        yield told[0], told[1]


def find_table(name: str, kind: ImportKind, rows: Iterable[Row], share: Callable[[], float]) -> Sheet:
    """The table under its headings; UserError without them."""
    numbered = iter(rows)
    first = list(islice(numbered, HEADING_ROWS))
    heading = find_heading([cells for _, cells in first], kind)
    if heading is None:
        raise UserError(f"{name} {TROUBLES['no_heading']}")
    last, columns = heading
    if len(columns.headings) > MOST_COLUMNS:
        raise UserError(f"{name} {TROUBLES['too_wide']}")
    return Sheet(columns, chain(first[last:], numbered), share)
