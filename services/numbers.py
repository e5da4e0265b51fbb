"""Numbers and codes that people type and read aloud: the day, a check digit, letters that do not look alike; pure."""

import re
from datetime import date

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without 0 O 1 I, that look alike
CODE_LENGTH = 8
FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
BLANKS = re.compile(r"[\s\-–—·.。，,:：]+")
LOOK_ALIKE = str.maketrans("OIL", "011")
PREFIX_LENGTH = 2


def check_digit(digits: str) -> int:
    """ISO 7064 MOD 11,10: every wrong digit and nearly every swap of neighbours is noticed."""
    rest = 10
    for digit in digits:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (11 - rest) % 10


def tidy(text: str) -> str:
    """As typed on a phone: half width, upper case, without blanks and dashes."""
    return BLANKS.sub("", text.translate(FULL_WIDTH)).upper()


def read_number(shape: re.Pattern[str], text: str) -> tuple[str, date, str, int] | None:
    """Prefix, day, region and serial of what was typed; None if it is not of this shape, or mistyped."""
    found = shape.fullmatch(tidy(text))
    if not found:
        return None
    prefix, day, region, serial, check = found.groups()
    if check_digit(day + region + serial) != int(check):
        return None
    try:
        return prefix, date(int(day[:4]), int(day[4:6]), int(day[6:])), region, int(serial)
    except ValueError:
        return None


def find_like(shape: re.Pattern[str], text: str) -> str | None:
    """What looks like a number in a sentence, right or mistyped; letters O, I, L stand for digits."""
    found = shape.search(tidy(text))
    return found[0][:PREFIX_LENGTH] + found[0][PREFIX_LENGTH:].translate(LOOK_ALIKE) if found else None


def spell_code(secret: bytes) -> str:
    """A code from the first 40 bits of a secret."""
    value = int.from_bytes(secret[:5], "big")
    return "".join(ALPHABET[value >> 5 * place & 31] for place in range(CODE_LENGTH))
