"""A program of its own that says what a workbook's list of firms is: `python -m services.screening.unfolding < file`.

Of the first visible sheet the column that is headed as one of names or of codes; without a heading each row's first
cell that may be a name. A JSON list of texts, or why not: {"trouble": …}, the words are services/imports/reading.py's.
"""

import io
import json
import sys
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from services.enterprises.sheets import spell_cells
from services.imports.headings import HEADING_ROWS, MOST_COLUMNS
from services.imports.unfolding import TroubleError, check_package
from services.programs import restrict
from services.screening.lines import CODE_HEADINGS, MOST_LINES, NAME_HEADINGS, choose_cell

MOST_UNPACKED = 64 << 20  # bytes: ten thousand rows with all that lists of members have beside the name
MOST_ROWS = 2 * MOST_LINES  # blank ones included; those beyond are told of as too many


def unfold(content: bytes) -> list[str]:
    """The texts in the sheet's order, blank rows left out; TroubleError for what is not taken."""
    check_package(content, MOST_UNPACKED)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [meta.name for meta in workbook.sheets_metadata if meta.visible is SheetVisibleEnum.Visible]
        sheet = workbook.get_sheet_by_name(shown[0]) if shown else None
    except (CalamineError, OSError, ValueError):
        raise TroubleError("broken") from None
    if sheet is None or not sheet.height:
        return []
    if sheet.total_width >= MOST_COLUMNS:  # the place of the last column, from 0
        raise TroubleError("too_wide")
    rows = [spell_cells(row) for _, row in zip(range(MOST_ROWS), sheet.iter_rows(), strict=False)]
    return [text for text in read_column(rows) if text]


def read_column(rows: list[list[str]]) -> Iterator[str]:
    """Under its heading: the code of each row, or where it has none the name; without a heading whatever looks so."""
    for number, row in enumerate(rows[:HEADING_ROWS], 1):
        heads = [cell.strip().replace("\n", "") for cell in row]
        named = [heads.index(word) for word in (*CODE_HEADINGS, *NAME_HEADINGS) if word in heads]
        if named:
            yield from (next((row[at].strip() for at in named if row[at].strip()), "") for row in rows[number:])
            return
    yield from map(choose_cell, rows)


def main() -> None:
    """The whole program."""
    restrict()
    try:
        told: object = unfold(sys.stdin.buffer.read())
    except TroubleError as error:
        told = {"trouble": str(error)}
    except MemoryError:
        told = {"trouble": "too_big"}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
