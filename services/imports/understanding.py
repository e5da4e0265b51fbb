"""Understanding the rows of a records sheet: what each says, and everything that is wrong with it (pure)."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from models.archive_words import Life
from models.importing import ImportKind
from services.enterprises.cells import clean_text
from services.enterprises.codes import clean_code
from services.enterprises.names import hash_key, normalise
from services.enterprises.people import looks_like_person
from services.imports.cells import (
    CellError,
    is_issued,
    is_person_number,
    mask_numbers,
    read_amount,
    read_day,
    read_end,
    read_state,
)
from services.imports.entries import End, Entry, Sheetwide
from services.imports.faults import (
    ENDS_BEFORE,
    IN_FUTURE,
    NO_NAME,
    NUMBER_LOST,
    PERSON,
    PERSON_NUMBER,
    UNREADABLE,
    Fault,
    Quality,
)
from services.imports.fields import AMOUNTS, DAYS, NEEDED, Field, word_of
from services.imports.meanings import put_values

F, K = Field, ImportKind
LONGEST_NAME = 200
ENDS = frozenset({F.VALID_UNTIL, F.PUBLISHED_UNTIL, F.PENALTY_UNTIL})
FREE_TEXT = frozenset({F.NAME, F.TITLE, F.CONTENT, F.FACT, F.BASIS, F.REMARK, F.CIRCUMSTANCE, F.ENDED_REASON})
NATURAL = frozenset({"自然人", "个人", "公民"})
LEGAL = ("法人", "企业")
# How something ended when only the day of its end is given.
USUAL_END = {K.PENALTY: Life.REPAIRED, K.LICENCE: Life.WITHDRAWN}


def understand(number: int, cells: Mapping[Field, str], sheet: Sheetwide) -> Entry:
    """One row, its cells cleaned here; every fault is named, not only the first."""
    entry = Entry(number)
    filled = {one: text for one, cell in cells.items() if (text := clean_text(cell))}
    for one in FREE_TEXT & filled.keys():
        filled[one], count = mask_numbers(filled[one])
        entry.masked_count += count
    entry.cells = {one.name: text for one, text in filled.items()}
    read_party(entry, filled, sheet)
    if PERSON in entry.faults or PERSON_NUMBER in entry.faults:
        return entry
    values = read_values(entry, filled, sheet)
    for one in AMOUNTS & values.keys():  # the heading's unit is not kept with the row
        entry.cells[one.name] = f"{values[one]}万元"
    put_values(entry, values, sheet)
    read_end_of_life(entry, filled, values, sheet)
    check_needed(entry, filled, sheet)
    check_days(entry, sheet)
    if any("\ufffd" in text for text in filled.values()):
        entry.faults.append(UNREADABLE)
    return entry


def read_party(entry: Entry, filled: Mapping[Field, str], sheet: Sheetwide) -> None:
    """Whose row it is; persons are refused here, before anything else is read of them."""
    entry.name, subject = filled.get(F.NAME, ""), filled.get(F.SUBJECT, "")
    entry.key = normalise(entry.name)
    entry.name_hash = hash_key(entry.key)
    entry.is_legal = subject.startswith(LEGAL)
    code = clean_code(filled.get(F.CREDIT_CODE, "") or filled.get(F.REGISTRATION, ""))
    if subject in NATURAL or is_person_number(entry.name):
        entry.faults.append(PERSON)
    elif code and is_person_number(code):
        entry.faults.append(PERSON_NUMBER)
    elif not code and entry.name and looks_like_person(entry.name):
        entry.faults.append(PERSON)
    elif entry.name and (len(entry.name) > LONGEST_NAME or len(entry.key) < 2 or entry.key.isdecimal()):
        entry.faults.append(NO_NAME)
    if "E+" in code and code[0].isdigit():
        entry.faults.append(NUMBER_LOST)
    entry.code = code[:40]
    entry.is_code_right = code in sheet.issued or (bool(code) and is_issued(code))


def read_values(entry: Entry, filled: Mapping[Field, str], sheet: Sheetwide) -> dict[Field, Any]:
    """The cells as values; what cannot be read is a fault, and None."""
    values: dict[Field, Any] = {}
    for one, text in filled.items():
        read: Callable[[str], Any] = str
        if one in DAYS:
            read = read_end if one in ENDS else read_day
        elif one in AMOUNTS:
            read = partial(read_amount, unit=sheet.units.get(one, "万元"))
        try:
            values[one] = read(text)
        except CellError:
            values[one] = None
            entry.faults.append(Fault(Quality.VALID, f"{word_of(one, sheet.kind)}无法识别"))
    return values


def read_end_of_life(entry: Entry, filled: Mapping[Field, str], values: Mapping[Field, Any], sheet: Sheetwide) -> None:
    """That the record was repaired, withdrawn or removed."""
    life: Life | None = None
    if F.STATE in filled:
        try:
            life = read_state(filled[F.STATE], sheet.kind, is_new=sheet.is_new)
        except CellError:
            entry.faults.append(Fault(Quality.VALID, f"{word_of(F.STATE, sheet.kind)}无法识别"))
    ended_on = values.get(F.ENDED_ON)
    if life is None and ended_on:
        life = USUAL_END.get(sheet.kind, Life.REMOVED)
    if life is not None:
        reason = values.get(F.ENDED_REASON) or {Life.REPAIRED: "信用修复", Life.REMOVED: "移出"}.get(life, "撤回")
        entry.end = End(life, ended_on or sheet.today, str(reason))
        if entry.end.on > sheet.today:
            entry.faults.append(Fault(Quality.ACCURATE, f"{word_of(F.ENDED_ON, sheet.kind)}在将来"))


def check_needed(entry: Entry, filled: Mapping[Field, str], sheet: Sheetwide) -> None:
    """What must be there; of what has ended only what tells which record it was."""
    needed = (F.NAME, F.DOCUMENT) if entry.end and F.DOCUMENT in NEEDED[sheet.kind] else NEEDED[sheet.kind]
    for one in needed:
        if one not in filled:
            entry.faults.append(Fault(Quality.COMPLETE, f"缺少{word_of(one, sheet.kind)}"))


def check_days(entry: Entry, sheet: Sheetwide) -> None:
    """Days that cannot be."""
    decided_on, until = entry.said.get("decided_on"), entry.said.get("published_until")
    if isinstance(decided_on, date) and decided_on > sheet.today:
        entry.faults.append(IN_FUTURE)
    if isinstance(decided_on, date) and isinstance(until, date) and until < decided_on:
        entry.faults.append(ENDS_BEFORE)
