"""Case numbers and their query codes; pure."""

import re
from dataclasses import dataclass
from datetime import date

from models.case_words import CaseKind
from services.numbers import ALPHABET, CODE_LENGTH, check_digit, find_like, read_number, tidy

PREFIXES = {CaseKind.COMPLAINT: "TS", CaseKind.REPORT: "JB", CaseKind.INQUIRY: "ZX"}
KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
SHAPE = re.compile(r"(TS|JB|ZX)(\d{8})(\d{6})(\d{5})(\d)")
FIND = re.compile(r"(?:TS|JB|ZX)[\dOIL]{20}")
MOST_PER_DAY = 99_999


@dataclass(frozen=True)
class CaseNumber:
    """TS20261120 410300 00001 2: kind, day, region, serial of the region's day, check digit."""

    kind: CaseKind
    day: date
    region_code: str
    serial: int

    def __str__(self) -> str:
        digits = f"{self.day:%Y%m%d}{self.region_code}{self.serial:05}"
        return f"{PREFIXES[self.kind]}{digits}{check_digit(digits)}"


def parse_number(text: str) -> CaseNumber | None:
    """The number that was typed; None if it is none or mistyped."""
    read = read_number(SHAPE, text)
    if read is None:
        return None
    prefix, day, region, serial = read
    return CaseNumber(KINDS[prefix], day, region, serial)


def find_number(text: str) -> str | None:
    """What looks like a case number in a sentence, right or mistyped."""
    return find_like(FIND, text)


def tidy_code(text: str) -> str | None:
    """A query code as typed; None if it cannot be one."""
    code = tidy(text)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None
