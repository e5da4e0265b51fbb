"""Which column of a records sheet is what: by the words in its brackets, never by its number alone."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.importing import ImportKind
from services.enterprises.headings import BRACKETED, flatten_heading
from services.imports.fields import CODES, Field, headings_of

HEADING_ROWS = 20  # a heading may stand under a title and a date
LEAST_KNOWN = 3  # fields in a row that is a heading
MOST_COLUMNS = 400
# Of natural persons: never read further than counting how many cells were filled in. Names of persons too.
PERSONAL = re.compile(
    r"证件号|证件类型|身份证|法定代表人|法人代表|^法人$|负责人|经营者|联系人|联络员|^姓名$|性别|年龄|电话|手机|邮箱|住址"
    r"|frdb|fr_zj|fr_sfzh|xdr_zj|zjhm|zjlx|xdr_sfz|phone|mobile|e-?mail|id_?card"
)
BRACKET = re.compile(r"\((.+?)\)")
NUMBERED_CODE = re.compile(r"(?:行政)?相对人代码")
# Columns that our own sheet of returned rows adds.
RETURNED = ("行号", "原因")
YUAN = re.compile(r"\((.*元)\)")


@dataclass(frozen=True)
class Columns:
    """How the headings of a sheet were understood."""

    headings: tuple[str, ...]
    places: dict[Field, int]
    personal: tuple[int, ...]  # columns about natural persons: dropped and counted
    ignored: tuple[str, ...]  # headings without a meaning here
    units: dict[Field, str]  # 元 or 万元, where the heading says so

    @property
    def kept_places(self) -> list[int]:
        """Columns that may be written back."""
        personal = set(self.personal)
        return [
            place
            for place, heading in enumerate(self.headings)
            if place not in personal and heading not in RETURNED and heading
        ]


def field_of(heading: str, known: dict[str, Field]) -> Field | None:
    """The field a heading names; None if it names none."""
    flat = flatten_heading(heading)
    bracket = BRACKET.search(flat)
    if bracket and NUMBERED_CODE.match(flat):
        return CODES.get(bracket[1])
    for form in (flat, re.sub(r"[()\[\]【】]", "", flat), BRACKETED.sub("", flat)):
        if form in known:
            return known[form]
    return None


def is_personal(heading: str) -> bool:
    """A column about natural persons; 被执行人姓名/名称 is the name of a firm too."""
    return PERSONAL.search(flatten_heading(heading)) is not None


def find_columns(cells: Sequence[str], known: dict[str, Field]) -> Columns:
    """The columns under a row of headings."""
    places: dict[Field, int] = {}
    units: dict[Field, str] = {}
    personal: list[int] = []
    ignored: list[str] = []
    for place, heading in enumerate(cells):
        field = field_of(heading, known)
        if field is None and is_personal(heading):
            personal.append(place)
        elif field is not None and field not in places:
            places[field] = place
            if unit := YUAN.search(unicodedata.normalize("NFKC", heading)):
                units[field] = unit[1].strip()
        elif heading.strip() and heading.strip() not in RETURNED:
            ignored.append(heading.strip())
    return Columns(tuple(cell.strip() for cell in cells), places, tuple(personal), tuple(ignored), units)


def find_heading(rows: Sequence[Sequence[str]], kind: ImportKind) -> tuple[int, Columns] | None:
    """The number of the heading's last row, from 1, and its columns; None where no row names a firm.

    Of two rows whose cells are merged the empty ones take the words of the other.
    """
    known = headings_of(kind)
    best: tuple[int, int, Columns] | None = None
    for number, cells in enumerate(rows[:HEADING_ROWS], 1):
        above = rows[number - 2] if number > 1 else []
        for heading in (list(cells), merge(above, cells)):
            columns = find_columns(heading, known)
            score = len(columns.places)
            if Field.NAME in columns.places and score >= LEAST_KNOWN and (best is None or score > best[0]):
                best = score, number, columns
    return (best[1], best[2]) if best else None


def merge(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Headings over two rows: the lower one says more."""
    width = max(len(above), len(below))
    upper, lower = ([*row, *[""] * (width - len(row))] for row in (above, below))
    return [low if low.strip() else high for high, low in zip(upper, lower, strict=True)]
