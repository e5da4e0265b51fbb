"""A program of its own that turns a workbook into lines of JSON: `python -m services.imports.unfolding KIND < file`.

First a line about the sheet that has the headings of this kind, then a line for each row with its number and cells,
then "end". A workbook made to do harm meets a program without secrets, without files it could write, whose memory and
time end.
"""

import io
import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from models.importing import ImportKind
from services.enterprises.sheets import spell_cells
from services.imports.headings import HEADING_ROWS, MOST_COLUMNS, find_heading
from services.programs import restrict

OLE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MOST_ENTRIES = 2_000
MOST_UNPACKED = 600 << 20  # bytes: a sheet of 100,000 penalties takes 150 MB
PIECE = 1 << 20
LOCAL_HEADER = 30


class TroubleError(Exception):
    """Why a workbook is not taken; the words are reading.py's."""


def check_package(content: bytes, most: int = MOST_UNPACKED) -> int:
    """How many cells are computed; TroubleError for what is no workbook, holds macros, or unpacks beyond measure."""
    if content[:4] == OLE:
        raise TroubleError("encrypted" if ENCRYPTED in content else "old_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise TroubleError("broken") from None
    names = {entry.filename.lower() for entry in entries}
    if not any(name.startswith("xl/") for name in names):
        raise TroubleError("not_a_workbook")
    if any(name.endswith(("vbaproject.bin", ".bin.rels")) or "/macrosheets/" in name for name in names):
        raise TroubleError("macros")
    if len(entries) > MOST_ENTRIES:
        raise TroubleError("too_big")
    return unpack_all(content, entries, most)


def unpack_all(content: bytes, entries: list[zipfile.ZipInfo], most: int) -> int:
    """Count what the parts really unpack to, whatever their sizes are declared as; and the formulas in them."""
    left, formulas = most, 0
    for entry in entries:
        at = entry.header_offset
        name, extra = (int.from_bytes(content[at + place : at + place + 2], "little") for place in (26, 28))
        packed = memoryview(content)[at + LOCAL_HEADER + name + extra :][: entry.compress_size]
        is_sheet = entry.filename.startswith("xl/worksheets/")
        if entry.compress_type == zipfile.ZIP_STORED:
            left -= len(packed)
        elif entry.compress_type == zipfile.ZIP_DEFLATED:
            for piece in inflate(packed):
                left -= len(piece)
                formulas += (piece.count(b"<f>") + piece.count(b"<f ")) if is_sheet else 0
                if left < 0:
                    break
        else:
            raise TroubleError("broken")
        if left < 0:
            raise TroubleError("too_big")
    return formulas


def inflate(packed: memoryview) -> Iterator[bytes]:
    """The unpacked pieces of one part."""
    stream, rest = zlib.decompressobj(-15), bytes(packed)
    try:
        while rest and not stream.eof:
            yield stream.decompress(rest, PIECE)
            rest = stream.unconsumed_tail
    except zlib.error:
        raise TroubleError("broken") from None


def unfold(content: bytes, kind: ImportKind, say: Callable[[Any], object]) -> None:
    """Say the first visible sheet with the headings."""
    formulas = check_package(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [meta.name for meta in workbook.sheets_metadata if meta.visible is SheetVisibleEnum.Visible]
        sheets = {name: workbook.get_sheet_by_name(name) for name in names}
    except (CalamineError, OSError, ValueError):
        raise TroubleError("broken") from None
    if any(sheet.total_width > MOST_COLUMNS for sheet in sheets.values()):
        raise TroubleError("too_wide")
    filled = [name for name, sheet in sheets.items() if sheet.height]
    for name in filled:
        if find_heading([spell_cells(row) for row in islice(sheets[name].iter_rows(), HEADING_ROWS)], kind):
            break
    else:
        raise TroubleError("no_heading")
    sheet = sheets[name]
    others = [other for other in filled if other != name]
    say({"sheet": name, "others": others, "height": sheet.height, "formulas": formulas})
    for number, cells in enumerate(sheet.iter_rows(), sheet.start[0] + 1 if sheet.start else 1):
        say([number, spell_cells(cells)])
    say("end")


def main() -> None:
    """The whole program."""
    restrict()
    out, content = sys.stdout, sys.stdin.buffer.read()
    try:
        unfold(content, ImportKind(sys.argv[1]), lambda told: out.write(json.dumps(told) + "\n"))
    except TroubleError as error:
        out.write(json.dumps({"trouble": str(error)}) + "\n")
    except MemoryError:
        out.write(json.dumps({"trouble": "too_big"}) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
