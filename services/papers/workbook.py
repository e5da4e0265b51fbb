"""Tables as XLSX and CSV for Excel and WPS: text stays text, nothing is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import xlsxwriter

from services.enterprises.refusals import make_safe
from services.papers.sheet import keep_printable

Cell = str | int | float | None
LONGEST_CELL = 32_767  # Excel's limit
MOST_ROWS = 1_048_576
WIDEST, NARROWEST = 48, 8
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True)
class Table:
    """One worksheet. Strings are written as text, whatever they look like; only numbers are numbers."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: dict[str, int] = field(default_factory=dict)  # by heading, in characters


def make_xlsx(tables: Iterable[Table]) -> bytes:
    """The workbook: headings bold and kept in sight, all cells with a border."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, OPTIONS)
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "bg_color": "#EAF1F8"})
    # "@": the cell stays text when somebody edits it in Excel.
    text = book.add_format({"num_format": "@", "border": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"border": 1, "valign": "top"})
    for table in tables:
        sheet = book.add_worksheet(table.name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for column, heading in enumerate(table.headings):
            width = table.widths.get(heading, 2 * len(heading) + 4)
            sheet.set_column(column, column, min(max(width, NARROWEST), WIDEST))
            sheet.write_string(0, column, heading, head)
        for row, cells in enumerate(table.rows, 1):
            if row >= MOST_ROWS:
                raise ValueError("more rows than a worksheet has")
            for column, cell in enumerate(cells):
                if isinstance(cell, int | float):
                    sheet.write_number(row, column, cell, number)
                else:
                    sheet.write_string(row, column, tidy_cell(cell), text)
    book.close()
    return stream.getvalue()


def make_csv(table: Table) -> bytes:
    """CSV in UTF-8 with the mark that Excel needs; cells that it would run or round begin with an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(table.headings)
    for cells in table.rows:
        writer.writerow([make_safe(tidy_cell(cell)) if not isinstance(cell, int | float) else cell for cell in cells])
    return stream.getvalue().encode("utf-8-sig")


def tidy_cell(cell: str | None) -> str:
    """What XML and Excel can hold: no control characters, not longer than a cell may be."""
    kept = keep_printable(cell or "")
    return kept if len(kept) <= LONGEST_CELL else kept[: LONGEST_CELL - 1] + "…"
