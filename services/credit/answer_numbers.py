"""Numbers of answers with a check digit, and the check codes that sign them; pure."""

import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime

from services.numbers import (
    ALPHABET,
    CODE_LENGTH,
    FULL_WIDTH,
    check_digit,
    find_like,
    read_number,
    spell_code,
    tidy,
)

PREFIX = "CX"
SHAPE = re.compile(r"(CX)(\d{8})(\d{6})(\d{8,12})(\d)")
FIND = re.compile(r"CX[\dOIL]{23,27}")
FIND_CODE = re.compile(rf"(?<![A-Z0-9])[{ALPHABET}](?:[-\s]*[{ALPHABET}]){{{CODE_LENGTH}}}(?![A-Z0-9])")
LETTERS = ALPHABET  # of keys


@dataclass(frozen=True)
class AnswerNumber:
    """CX 20261120 430100 00000001 2: day, region, serial, check digit."""

    day: date
    region_code: str
    serial: int

    def __str__(self) -> str:
        digits = f"{self.day:%Y%m%d}{self.region_code}{self.serial:08}"
        return f"{PREFIX}{digits}{check_digit(digits)}"


@dataclass(frozen=True)
class Signed:
    """What a check code covers: which answer, on which firm, when, and what it said."""

    number: str
    enterprise_id: int
    door: str
    issued_at: datetime
    digest: bytes
    digest_version: int

    def as_bytes(self) -> bytes:
        """In one spelling."""
        at = int(self.issued_at.timestamp() * 1_000_000)
        said = f"{self.number}|{self.enterprise_id}|{self.door}|{at}|{self.digest_version}|{self.digest.hex()}"
        return said.encode()


def parse_answer_number(text: str) -> AnswerNumber | None:
    """The number that was typed; None if it is none or mistyped."""
    read = read_number(SHAPE, text)
    if read is None:
        return None
    number = AnswerNumber(*read[1:])
    return number if str(number) == tidy(text) else None  # no zeros in front but the eight places


def find_answer_number(text: str) -> str | None:
    """What looks like the number of an answer in a sentence, right or mistyped."""
    return find_like(FIND, text)


def find_code(text: str) -> str:
    """A check code that stands apart in a sentence; empty where there is none."""
    found = FIND_CODE.search(text.translate(FULL_WIDTH).upper())
    return tidy(found[0]) if found else ""


def tidy_check_code(text: str) -> str:
    """A check code as typed; empty if it cannot be one."""
    code = tidy(text)
    return code if len(code) == 1 + CODE_LENGTH and set(code) <= set(ALPHABET) else ""


def sign_answer(letter: str, key: bytes, signed: Signed) -> str:
    """The check code: the key's letter and forty bits of its HMAC."""
    return letter + spell_code(hmac.digest(key, signed.as_bytes(), "sha256"))


def group_check_code(code: str) -> str:
    """As it is shown: AK7-QM2-XZP."""
    return "-".join(code[start : start + 3] for start in range(0, len(code), 3))


def group_number(number: str) -> str:
    """As it is read easily: CX20261120 430100 000007441; blanks do no harm where it is typed."""
    return f"{number[:10]} {number[10:16]} {number[16:]}"


def token_of(number: str, code: str) -> str:
    """Number and code in an address."""
    return f"{number}-{code}"


def split_token(token: str) -> tuple[str, str]:
    """Number and code of an address; a code that is missing is empty."""
    number, _, code = token.partition("-")
    return number, code
