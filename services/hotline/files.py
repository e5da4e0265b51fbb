"""Reads the table of a file as rows by heading, whatever its encoding; only text comes out."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from services.enterprises.sheets import OLE, ZIP, detect_encoding, refuse_hostile_workbook, spell_cells
from services.errors import UserError
from services.hotline.batch import COLUMNS

LARGEST_FILE = 64 * 1024 * 1024
HEADING_ROWS = 10
LEAST_COLUMNS = 4


def read_table(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Row number and cells by heading; UserError where the file has no table of ours."""
    if path.stat().st_size > LARGEST_FILE:
        raise UserError(f"{path.name} 超过 64 MB，请分成几个文件")
    content = path.read_bytes()
    magic = content[:4]
    rows = read_workbook(path, content, magic) if magic in {OLE, ZIP} else read_csv(path, content)
    for number, cells in enumerate(rows[:HEADING_ROWS]):
        headings = [cell.strip() for cell in cells]
        if sum(heading in COLUMNS for heading in headings) >= LEAST_COLUMNS:
            return list(name_cells(headings, rows[number + 1 :], number + 2))
    raise UserError(f"{path.name} 没有工单的表头（工单编号、诉求类型、诉求内容、受理时间 ……）")


def name_cells(headings: list[str], rows: list[list[str]], first: int) -> Iterable[tuple[int, dict[str, str]]]:
    """By heading; empty rows are passed over, the apostrophe that makes text in Excel is taken off."""
    for number, cells in enumerate(rows, first):
        said = {name: cell.strip().removeprefix("'") for name, cell in zip(headings, cells, strict=False)}
        if any(said.values()):
            yield number, {name: text for name, text in said.items() if name in COLUMNS}


def read_csv(path: Path, content: bytes) -> list[list[str]]:
    """A text file by commas or tabs."""
    text = content.decode(detect_encoding(path, content[: 1 << 18]), errors="replace")
    delimiter = "\t" if text[:2000].count("\t") > text[:2000].count(",") else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise UserError(f"{path.name} 不是完好的 CSV 文件") from None


def read_workbook(path: Path, content: bytes, magic: bytes) -> list[list[str]]:
    """The first worksheet with something on it."""
    raw = io.BytesIO(content)
    refuse_hostile_workbook(path, raw, magic)
    try:
        workbook = CalamineWorkbook.from_filelike(raw)
        sheets = [workbook.get_sheet_by_name(name) for name in workbook.sheet_names]
    except (CalamineError, OSError, ValueError):
        raise UserError(f"{path.name} 不是完好的 XLSX 文件，请在 Excel 或 WPS 中另存后再试") from None
    filled = next((sheet for sheet in sheets if sheet.height), None)
    if filled is None:
        raise UserError(f"{path.name} 是空文件")
    return [spell_cells(map(spell_time, cells)) for cells in filled.iter_rows()]


def spell_time(cell: object) -> object:
    """A moment keeps its time, which the register's reader drops."""
    return cell.isoformat(sep=" ", timespec="seconds") if isinstance(cell, datetime) else cell
