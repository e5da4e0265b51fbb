"""Case numbers with a check digit, and query codes that can be read aloud; pure."""

import re
from dataclasses import dataclass
from datetime import date

from models.case_words import CaseKind

PREFIXES = {CaseKind.COMPLAINT: "TS", CaseKind.REPORT: "JB", CaseKind.INQUIRY: "ZX"}
SHAPE = re.compile(r"(TS|JB|ZX)(\d{8})(\d{6})(\d{5})(\d)")
FIND = re.compile(r"(?:TS|JB|ZX)[\dOIL]{20}")
MOST_PER_DAY = 99_999
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O 1 I, that look alike
CODE_LENGTH = 8
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
BLANKS = re.compile(r"[\s\-–—·.。，,:：]+")


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


def check_digit(digits: str) -> int:
    """ISO 7064 MOD 11,10: every wrong digit and nearly every swap of neighbours is noticed."""
    rest = 10
    for digit in digits:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (11 - rest) % 10


def tidy(text: str) -> str:
    """As typed on a phone: half width, upper case, without blanks and dashes."""
    return BLANKS.sub("", text.translate(FULL_WIDTH)).upper()


def parse_number(text: str) -> CaseNumber | None:
    """The number that was typed; None if it is none or mistyped."""
    found = SHAPE.fullmatch(tidy(text))
    if not found:
        return None
    prefix, day, region, serial, check = found.groups()
    if check_digit(day + region + serial) != int(check):
        return None
    try:
        on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError:
        return None
    kind = next(kind for kind, letters in PREFIXES.items() if letters == prefix)
    return CaseNumber(kind, on, region, int(serial))


def find_number(text: str) -> str | None:
    """What looks like a number in a sentence, right or mistyped; letters O, I, L stand for digits."""
    found = FIND.search(tidy(text))
    if not found:
        return None
    return found[0][:2] + found[0][2:].translate(str.maketrans("OIL", "011"))


def spell_code(secret: bytes) -> str:
    """A query code from the first 40 bits of a secret."""
    value = int.from_bytes(secret[:5], "big")
    return "".join(ALPHABET[value >> 5 * place & 31] for place in range(CODE_LENGTH))


def tidy_code(text: str) -> str | None:
    """A query code as typed; None if it cannot be one."""
    code = tidy(text)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None
