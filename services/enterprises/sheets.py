"""Tables in files as people send them: CSV, TSV, .gz and XLSX, whatever their encoding and delimiter."""

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, cast

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from services.enterprises.headings import Columns, find_columns
from services.errors import UserError

SAMPLE_BYTES = 1 << 18
HEADING_ROWS = 20  # a heading may stand under a title and a date
LONGEST_LINE = 1 << 20
LARGEST_WORKBOOK = 1 << 31  # bytes unpacked
DELIMITERS = ("\t", ",", ";", "|", "，")
ENCODINGS = ("utf-8", "gb18030")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
GZIP, ZIP, OLE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
CONTROLS = bytes(set(range(32)) - set(b"\t\r\n"))  # more than a few: no text
BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)
# Excel keeps 15 digits of a number: a longer code stored as one has lost its end.
EXACT_NUMBER = 1e15

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Sheet:
    """A table: its columns, its rows with their numbers in the file, and the share of the file read."""

    label: str  # name of the worksheet where there are several, else empty
    columns: Columns
    rows: Iterator[Row]
    position: Callable[[], float]  # 0 to 1


@contextmanager
def open_sheets(path: Path) -> Iterator[list[Sheet]]:
    """The tables with a column of enterprise names; UserError if there is none or the file is unreadable.

    An error that shows itself only while the rows are read becomes a UserError too.
    """
    with ExitStack() as opened:
        try:
            raw = opened.enter_context(path.open("rb"))
            magic = raw.read(4)
            raw.seek(0)
        except OSError as error:
            raise UserError(f"{path.name} 无法读取：{error.strerror or error}") from None
        try:
            if magic in {ZIP, OLE}:
                yield read_workbook(path, raw, magic)
            elif magic.startswith(GZIP):
                unpacked = opened.enter_context(gzip.open(raw))
                yield [read_text(path, raw, cast("IO[bytes]", unpacked), opened)]
            else:
                yield [read_text(path, raw, raw, opened)]
        except BROKEN:
            raise UserError(f"{path.name} 压缩包不完整或已损坏，请重新取得文件后再次导入") from None
        except csv.Error:
            raise UserError(f"{path.name} 中有引号不成对或过长的单元格，请更正后再次导入") from None


def read_text(path: Path, raw: IO[bytes], content: IO[bytes], opened: ExitStack) -> Sheet:
    """The table in a text file; `content` is `raw` or its unpacked form."""
    size = max(path.stat().st_size, 1)
    sample = content.read(SAMPLE_BYTES)
    if not sample.strip():
        raise UserError(f"{path.name} 是空文件")
    encoding = detect_encoding(path, sample)
    text = sample.decode(encoding, errors="ignore")
    delimiter, heading_row, columns = detect_table(path, text)
    content.seek(0)
    # A character that cannot be read becomes U+FFFD, and its row is refused by name and number.
    stream = opened.enter_context(io.TextIOWrapper(content, encoding, errors="replace", newline=""))
    # Longer lines are cut, so that a file without line ends cannot fill the memory.
    lines = iter(partial(stream.readline, LONGEST_LINE), "")
    rows = enumerate(csv.reader(lines, delimiter=delimiter), 1)
    return Sheet("", columns, islice(rows, heading_row, None), lambda: min(raw.tell() / size, 1.0))


def detect_encoding(path: Path, sample: bytes) -> str:
    """By its byte order mark, else the first encoding in which the whole sample can be read."""
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return encoding
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    if controls * 10 <= len(sample) and not sample.startswith(ZIP):
        for encoding in ENCODINGS:
            try:
                codecs.getincrementaldecoder(encoding)().decode(sample)
            except UnicodeDecodeError:
                continue
            return encoding
    raise UserError(f"{path.name} 不是表格：请用 CSV、TSV 或 XLSX 文件（UTF-8 或 GB18030 编码）")


def detect_table(path: Path, text: str) -> tuple[str, int, Columns]:
    """The delimiter that shows the most known headings, the heading's row number, and its columns."""
    found: list[tuple[int, str, int, Columns]] = []
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        with suppress(csv.Error):  # in a row further down: told when it is reached
            rows.extend(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), HEADING_ROWS))
        heading = find_heading(rows)
        if heading:
            number, columns = heading
            found.append((len(columns.places), delimiter, number, columns))
    if not found:
        raise UserError(f"{path.name} 没有“企业名称”一列，请核对表头")
    _, delimiter, number, columns = max(found, key=lambda item: item[0])
    return delimiter, number, columns


def find_heading(rows: Iterable[list[str]]) -> tuple[int, Columns] | None:
    """The number and columns of the first row that names an enterprise's name."""
    for number, cells in enumerate(rows, 1):
        columns = find_columns(cells)
        if columns:
            return number, columns
    return None


def read_workbook(path: Path, raw: IO[bytes], magic: bytes) -> list[Sheet]:
    """The visible worksheets with a column of enterprise names."""
    refuse_hostile_workbook(path, raw, magic)
    try:
        workbook = CalamineWorkbook.from_filelike(raw)
        names = [meta.name for meta in workbook.sheets_metadata if meta.visible is SheetVisibleEnum.Visible]
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in names]
    except (CalamineError, OSError, ValueError):
        raise UserError(f"{path.name} 不是完好的 XLSX 文件，请在 Excel 或 WPS 中另存后再试") from None
    found = [made for name, sheet in sheets if (made := read_worksheet(name if len(names) > 1 else "", sheet))]
    if not found:
        raise UserError(f"{path.name} 没有“企业名称”一列，请核对表头")
    return found


def refuse_hostile_workbook(path: Path, raw: IO[bytes], magic: bytes) -> None:
    """UserError for an encrypted workbook, one that is no workbook, and one that would fill the memory."""
    try:
        if magic == OLE:
            if ENCRYPTED in raw.read():
                raise UserError(f"{path.name} 有密码，请取消密码后再导入")
        else:
            with zipfile.ZipFile(raw) as archive:
                members = archive.infolist()
            if not any(member.filename.startswith("xl/") for member in members):
                raise UserError(f"{path.name} 是压缩包而不是 XLSX，请先解压")
            if sum(member.file_size for member in members) > LARGEST_WORKBOOK:
                raise UserError(f"{path.name} 展开后过大，请另存为 CSV 再导入")
    except zipfile.BadZipFile:
        raise UserError(f"{path.name} 不是完好的 XLSX 文件，请在 Excel 或 WPS 中另存后再试") from None
    raw.seek(0)


def read_worksheet(label: str, sheet: CalamineSheet) -> Sheet | None:
    """The table on one worksheet; None if it has no column of enterprise names."""
    if not sheet.height:
        return None
    heading = find_heading(islice(map(spell_cells, sheet.iter_rows()), HEADING_ROWS))
    if heading is None:
        return None
    height, done = max(sheet.total_height, 1), [0]
    return Sheet(label, heading[1], number_cells(sheet, heading[0], done), lambda: min(done[0] / height, 1.0))


def number_cells(sheet: CalamineSheet, heading_row: int, done: list[int]) -> Iterator[Row]:
    """Rows below the heading as text, with their numbers; `done` follows the reading."""
    for number, cells in islice(enumerate(sheet.iter_rows(), 1), heading_row, None):
        done[0] = number
        yield number, spell_cells(cells)


def spell_cells(cells: Iterable[object]) -> list[str]:
    """The cells as text."""
    return [cell if isinstance(cell, str) else spell_cell(cell) for cell in cells]


def spell_cell(cell: object) -> str:
    """A number without .0, a day as ISO; a number too long for Excel in a form that no code has."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < EXACT_NUMBER else f"{cell:.14E}"
    return str(cell)
