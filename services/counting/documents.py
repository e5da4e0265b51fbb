"""The 活动统计表 as XLSX and DOCX with the annex's merged headings, and a table handed in read back."""

import io
import re
from datetime import datetime
from itertools import groupby
from typing import Any

import python_calamine
import xlsxwriter
from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from services.counting.rows import ROWS, TITLE, Cell, Row, read_cell, spell
from services.counting.table import Sheet, TableError
from services.papers.word import set_page, write
from services.papers.workbook import OPTIONS

UNIT = "填报单位："
FIRST_ROW = 2  # of the ten, counted from 0: title and unit stand above
WIDTHS = (14, 14, 34, 42)
COLUMN_WIDTHS = (Mm(22), Mm(24), Mm(58), Mm(52))
MOST_BYTES = 2 << 20
YEAR = re.compile(r"(20\d\d)年.{0,2}诚信兴商宣传月.{0,2}活动统计表")


def spans() -> list[tuple[int, int, int, int, str]]:
    """The merged headings: first and last row of the ten, first and last column, words."""
    found = []
    for group, rows in groupby(enumerate(ROWS), key=lambda one: one[1].group):
        places = [place for place, _ in rows]
        has_subgroups = bool(ROWS[places[0]].subgroup)
        found.append((places[0], places[-1], 0, 0 if has_subgroups else 1, group))
        for subgroup, parts in groupby(places, key=lambda place: ROWS[place].subgroup):
            part = list(parts)
            if subgroup:
                found.append((part[0], part[-1], 1, 1, subgroup))
    return found


def make_xlsx(sheet: Sheet) -> bytes:
    """Ten rows in the annex's order; every value is text, as it stands in the annex."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS | {"constant_memory": False})
    page = book.add_worksheet("活动统计表")
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True})
    text = book.add_format({"num_format": "@", "border": 1, "valign": "vcenter", "text_wrap": True})
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.merge_range(0, 0, 0, 3, TITLE.format(year=sheet.year), title)
    page.set_row(0, 30)
    page.merge_range(1, 0, 1, 3, f"{UNIT}{sheet.unit}")
    for first, last, left, right, words in spans():
        page.merge_range(FIRST_ROW + first, left, FIRST_ROW + last, right, words, head)
    for place, row in enumerate(ROWS):
        page.set_row(FIRST_ROW + place, 28)
        page.write_string(FIRST_ROW + place, 2, row.title, text)
        page.write_string(FIRST_ROW + place, 3, spell(row, sheet.cells[row.code]), text)
    page.set_paper(9)
    page.fit_to_pages(1, 1)
    book.close()
    return stream.getvalue()


def make_docx(sheet: Sheet, made_at: datetime) -> bytes:
    """The same for Word and WPS."""
    document = Document()
    set_page(document, is_table=True)
    document.core_properties.title, document.core_properties.author = TITLE.format(year=sheet.year), sheet.unit
    document.core_properties.created = document.core_properties.modified = made_at
    write(
        document.add_paragraph(), TITLE.format(year=sheet.year), size=Pt(20), font="宋体", bold=True,
        align=WD_ALIGN_PARAGRAPH.CENTER,
    )  # fmt: skip
    write(document.add_paragraph(), f"{UNIT}{sheet.unit}", size=Pt(12))
    add_table(document, sheet)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def add_table(document: Any, sheet: Sheet) -> None:
    """Ten rows, four columns, headings merged."""
    table = document.add_table(rows=len(ROWS), cols=4, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for line in table.rows:
        for cell, width in zip(line.cells, COLUMN_WIDTHS, strict=True):
            cell.width, cell.vertical_alignment = width, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for first, last, left, right, words in spans():
        merged = table.cell(first, left).merge(table.cell(last, right))
        write(merged.paragraphs[0], words, size=Pt(12), align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(20))
    for place, row in enumerate(ROWS):
        write(table.cell(place, 2).paragraphs[0], row.title, size=Pt(12), line=Pt(20))
        write(table.cell(place, 3).paragraphs[0], spell(row, sheet.cells[row.code]), size=Pt(12), line=Pt(20))


def read_xlsx(content: bytes) -> Sheet:
    """A table as `make_xlsx` wrote it, or filled in by hand; TableError names what cannot be read."""
    if len(content) > MOST_BYTES:
        raise TableError("文件太大，请只放统计表")
    try:
        lines = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except Exception:  # whatever the reader of a broken file raises
        raise TableError("打不开，请上传 XLSX 格式的活动统计表") from None
    words = [[str(value).strip() for value in line] for line in lines[:200]]
    year = next((found[1] for line in words for cell in line if (found := YEAR.search(cell))), "")
    unit = next((cell.removeprefix(UNIT).strip() for line in words for cell in line if cell.startswith(UNIT)), "")
    if not year:
        raise TableError("没有找到标题“某年‘诚信兴商宣传月’活动统计表”")
    if not unit or len(unit) > 60:
        raise TableError(f"请在“{UNIT}”后面写上单位名称")
    return Sheet(int(year), unit, {row.code: find_cell(row, words) for row in ROWS})


def find_cell(row: Row, words: list[list[str]]) -> Cell:
    """The value beside the row's title."""
    for line in words:
        if row.title in line:
            value = next((cell for cell in line[line.index(row.title) + 1 :] if cell), "")
            found = read_cell(row, tidy_number(value)) if value else Cell((0,) * len(row.units))
            if found is None:
                raise TableError(f"“{row.title}”写的是“{value[:40]}”，看不明白；例：{EXAMPLES[row.code]}")
            return found
    raise TableError(f"缺少“{row.title}”这一行")


def tidy_number(value: str) -> str:
    """35.0, as spreadsheets give whole numbers, is 35."""
    return value.removesuffix(".0") if re.fullmatch(r"\d+\.0", value) else value


EXAMPLES = {
    row.code: spell(row, Cell((12, 860)[: len(row.units)], ("展板", "折页") if row.has_ways else ())) for row in ROWS
}
