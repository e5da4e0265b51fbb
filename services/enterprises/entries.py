"""Rows of a register's table, checked: what may be stored, and why the rest may not."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from models.enterprise import NameKind
from services.enterprises.cells import EXCEL_NUMBER, YES, clean_all, clean_text, parse_day, parse_status
from services.enterprises.codes import (
    CREDIT_CODE,
    LOOK_ALIKES,
    check_credit_codes,
    clean_code,
    is_resident_id,
    parse_code,
)
from services.enterprises.headings import Columns, Field
from services.enterprises.names import hash_key, normal_forms, normalise
from services.enterprises.sheets import Row


class Refusal(StrEnum):
    """Why a row is not stored; the value stands in the file of refused rows and in the summary."""

    NO_NAME = "没有企业名称"
    NAME_UNREADABLE = "企业名称无法识别"
    TOO_LONG = "内容过长"
    PERSONAL = "疑似个人身份证号码"
    CODE_FORM = "代码不是 18 位统一社会信用代码或注册号"
    CODE_CHECK = "代码校验码不符，请核对；确与执照一致的，在“代码已核实”列填“是”"
    CODE_LETTERS = "代码含有字母 I、O、S、V 或 Z，统一社会信用代码中没有这些字母"
    CODE_NUMBER = "代码被存成了数字，末几位已丢失，请以文本格式重新填写"
    DAY = "注册日期无法识别"
    STATUS = "登记状态无法识别"
    TOO_MANY_CELLS = "列数多于表头"
    INCOMPLETE = "行不完整"
    REPEATED = "与本文件前面某行是同一企业，以前面为准"
    SAME_NAME = "同名企业不止一家或在别的省份，请补充代码"
    CODE_NEEDED = "该企业已有代码，变更登记状态须填写代码"


class Entry(NamedTuple):
    """A row that may be stored; None: the row says nothing of it, and what is known stays."""

    row: Row
    name: str
    key: str  # the normalised name
    name_hash: int
    credit_code: str | None
    values: tuple[object, ...]  # in the order of VALUE_FIELDS
    other_names: tuple[tuple[NameKind, str], ...]


class Refused(NamedTuple):
    """A row that is not stored, and why."""

    row: Row
    reason: Refusal


Reasons = dict[int, Refusal]  # by a row's place in its batch; the first reason found stays

NAME_LIMIT = 200
# What an entry says beside name and code, with the longest text the register's table holds.
VALUE_FIELDS = {
    Field.STATUS: 0,
    Field.KIND: 100,
    Field.REGISTERED_ON: 0,
    Field.PROVINCE: 40,
    Field.CITY: 60,
    Field.ADDRESS: 300,
    Field.CAPITAL: 60,
    Field.SCOPE: 100_000,
}
NAME_FIELDS = {Field.FORMER: NameKind.FORMER, Field.SHORT: NameKind.SHORT, Field.SIGN: NameKind.SIGN}
NAME_SEPARATORS = re.compile(r"[;；、|\n]+")
RESIDENT = re.compile(r"\d{17}[\dXx]")
ONLY_DIGITS = re.compile(r"[\d.,]+")


@lru_cache(maxsize=1)
def changing_characters() -> re.Pattern[str]:
    """Runs of characters that normalise() may change: few names have any."""
    changing = [chr(code) for code, form in normal_forms().items() if form != chr(code) != "\n"]
    return re.compile(f"[{''.join(map(re.escape, changing))}\U00010000-\U0010ffff]+")


def normalise_all(names: Sequence[str]) -> list[str]:
    """names.normalise of many names without line ends, at a third of its time."""
    if not names:
        return []
    return changing_characters().sub(lambda found: normalise(found[0]), "\n".join(names)).split("\n")


def examine(rows: Sequence[Row], columns: Columns, latest_day: date) -> tuple[list[Entry], list[Refused]]:
    """Entries of the rows that may be stored, and the others; blank rows and repeated headings are neither.

    `latest_day` is the last day on which an enterprise can have been registered.
    """
    rows = leave_out_blank(rows, columns)
    reasons: Reasons = {}
    check_widths(rows, columns, reasons)
    names = read_column(rows, columns, Field.NAME)
    keys = normalise_all(names)
    check_names(names, keys, reasons)
    confirmed = [cell in YES for cell in read_column(rows, columns, Field.CODE_CONFIRMED)]
    codes = check_codes(read_column(rows, columns, Field.CREDIT_CODE), confirmed, reasons)
    values = zip(*(read_values(rows, columns, field, latest_day, reasons) for field in VALUE_FIELDS), strict=True)
    others = read_other_names(rows, columns, reasons)
    entries = list(map(Entry._make, zip(rows, names, keys, map(hash_key, keys), codes, values, others, strict=True)))
    refused = [Refused(rows[place], reasons[place]) for place in sorted(reasons)]
    return [entry for place, entry in enumerate(entries) if place not in reasons] if reasons else entries, refused


def leave_out_blank(rows: Sequence[Row], columns: Columns) -> list[Row]:
    """Without rows that say nothing, and headings that stand again in the middle of joined tables."""
    name, headings = columns.places[Field.NAME], list(columns.headings)
    return [
        row
        for row in rows
        if ((len(row[1]) > name and row[1][name]) or any(map(str.strip, row[1]))) and row[1] != headings
    ]


def read_column(rows: Sequence[Row], columns: Columns, field: Field) -> list[str]:
    """The cells of one field, cleaned; empty where the table has none."""
    place = columns.places.get(field)
    return [""] * len(rows) if place is None else clean_all([cells[place] for _, cells in rows])


def check_widths(rows: Sequence[Row], columns: Columns, reasons: Reasons) -> None:
    """Refuse rows whose cells do not stand under the headings; fills up those cut short at empty cells."""
    width = len(columns.headings)
    needed = columns.places.get(Field.CREDIT_CODE, columns.places[Field.NAME])
    for place, (_, cells) in enumerate(rows):
        if len(cells) == width:
            continue
        if any(map(str.strip, cells[width:])):
            reasons[place] = Refusal.TOO_MANY_CELLS
        elif len(cells) <= needed:
            reasons[place] = Refusal.INCOMPLETE
        cells.extend([""] * (width - len(cells)))


def check_names(names: Sequence[str], keys: Sequence[str], reasons: Reasons) -> None:
    """Refuse names that are missing, too long, garbled or a person's number."""
    lengths = list(map(len, keys))
    if (
        min(lengths, default=2) >= 2
        and max(map(len, names), default=0) <= NAME_LIMIT
        and not any(map(str.isascii, keys))
        and "\ufffd" not in "".join(names)
    ):
        return  # nearly always
    for place, (name, key) in enumerate(zip(names, keys, strict=True)):
        if not name:
            reasons.setdefault(place, Refusal.NO_NAME)
        elif RESIDENT.fullmatch(key):
            reasons.setdefault(place, Refusal.PERSONAL)
        elif len(name) > NAME_LIMIT:
            reasons.setdefault(place, Refusal.TOO_LONG)
        elif len(key) < 2 or key.isdecimal() or "\ufffd" in name:
            reasons.setdefault(place, Refusal.NAME_UNREADABLE)


def check_codes(cells: Sequence[str], confirmed: Sequence[bool], reasons: Reasons) -> list[str | None]:
    """The codes, None where a row has none; wrong check characters are refused unless confirmed."""
    codes = list(cells)
    for place, match in enumerate(map(CREDIT_CODE.fullmatch, cells)):
        if match is None and cells[place]:
            codes[place] = clean_code(cells[place])
    credit = [place for place, match in enumerate(map(CREDIT_CODE.fullmatch, codes)) if match]
    checks = check_credit_codes([codes[place] for place in credit])
    if len(credit) == len(codes) and checks.issued.all():
        return list(codes)
    issued = {place for place, is_issued in zip(credit, checks.issued, strict=True) if is_issued}
    for place, code in enumerate(codes):
        if code and place not in issued:
            reason = judge_code(code, cells[place])
            if reason and not (confirmed[place] and reason is Refusal.CODE_CHECK):
                reasons.setdefault(place, reason)
    return [code or None for code in codes]


def judge_code(code: str, cell: str) -> Refusal | None:
    """Why a cleaned code cannot be stored; None if it can."""
    parsed = parse_code(code)
    if parsed and parsed.is_issued:
        return None
    if is_resident_id(code):
        return Refusal.PERSONAL
    if parsed:
        return Refusal.CODE_CHECK
    if EXCEL_NUMBER.fullmatch(cell):
        return Refusal.CODE_NUMBER
    mended = code.translate(LOOK_ALIKES).replace("V", "U")
    return Refusal.CODE_LETTERS if CREDIT_CODE.fullmatch(mended) else Refusal.CODE_FORM


def read_values(
    rows: Sequence[Row], columns: Columns, field: Field, latest_day: date, reasons: Reasons
) -> list[object]:
    """One field of all rows, None where it is empty; refuses what cannot be understood."""
    if field not in columns.places:
        return [None] * len(rows)
    cells = read_column(rows, columns, field)
    if field is Field.STATUS:
        return parse_all(cells, parse_status, Refusal.STATUS, reasons)
    if field is Field.REGISTERED_ON:
        return parse_all(cells, lambda cell: parse_past_day(cell, latest_day), Refusal.DAY, reasons)
    if field is Field.CAPITAL and columns.capital_unit:
        cells = [cell + columns.capital_unit if ONLY_DIGITS.fullmatch(cell) else cell for cell in cells]
    refuse_long(cells, VALUE_FIELDS[field], reasons)
    return [cell or None for cell in cells]


def parse_past_day(text: str, latest_day: date) -> date | None:
    """The day; None if it cannot be understood or has not come yet."""
    day = parse_day(text)
    return day if day and day <= latest_day else None


def refuse_long(cells: Sequence[str], limit: int, reasons: Reasons) -> None:
    """Refuse texts that the register's table cannot hold."""
    if max(map(len, cells), default=0) > limit:
        for place, cell in enumerate(cells):
            if len(cell) > limit:
                reasons.setdefault(place, Refusal.TOO_LONG)


def parse_all(cells: Sequence[str], parse: Callable[[str], object], reason: Refusal, reasons: Reasons) -> list[object]:
    """The parsed cells, None where empty; refuses what cannot be parsed. Equal cells are parsed once."""
    parsed = {cell: parse(cell) if cell else None for cell in set(cells)}
    unknown = {cell for cell, value in parsed.items() if cell and value is None}
    if unknown:
        for place, cell in enumerate(cells):
            if cell in unknown:
                reasons.setdefault(place, reason)
    return list(map(parsed.__getitem__, cells))


def read_other_names(rows: Sequence[Row], columns: Columns, reasons: Reasons) -> list[tuple[tuple[NameKind, str], ...]]:
    """Former names, short names and shop signs of each row."""
    found: list[list[tuple[NameKind, str]]] = [[] for _ in rows]
    for field, kind in NAME_FIELDS.items():
        if field not in columns.places:
            continue
        for place, cell in enumerate(read_column(rows, columns, field)):
            names = [name for part in NAME_SEPARATORS.split(cell) if (name := clean_text(part))]
            found[place] += [(kind, name) for name in dict.fromkeys(names)]
            if any(len(name) > NAME_LIMIT for name in names):
                reasons.setdefault(place, Refusal.TOO_LONG)
    return [tuple(names) for names in found]
