"""Codes of enterprises: 统一社会信用代码 (GB 32100-2015), 注册号 (GS 15-2006) and older numbers."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int32]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
WEIGHTS = np.array([pow(3, place, 31) for place in range(17)], np.int32)
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int32)  # GB 11714
ORGANISATION = slice(8, 16)  # the organisation code inside a credit code; its check character follows
DEPARTMENTS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委改革和编制办公室",
    "N": "农业",
    "Y": "其他",
}
CREDIT_CODE = re.compile(f"[{''.join(DEPARTMENTS)}][{ALPHABET}][0-9]{{6}}[{ALPHABET}]{{10}}")
REGISTRATION_NUMBER = re.compile(r"[0-9]{15}")
# Numbers from before GS 15-2006, of cooperatives, and 企合苏锡总字第0001号 of foreign-funded firms.
LEGACY = re.compile(r"[0-9]{13}|[0-9]{6}NA[0-9]{6}X|企[合独作外股]\w{1,8}字第[0-9]{4,6}号?")
RESIDENT_ID = re.compile(r"[1-8][0-9]{5}(?P<day>(?:18|19|20)[0-9]{6})[0-9]{3}[0-9X]")
LOOK_ALIKES = str.maketrans("OISZ", "0152")
# What separates groups of characters in a written code; an apostrophe keeps Excel from counting.
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\u200b-\u200d\ufeff\'\u2019]+")
DASHES = re.compile(r"[\u2010-\u2015\u2212]")
NEARLY_A_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{13,19}(?![0-9A-Z])")
SPACED_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z](?:[ \-]?[0-9A-Z]){16,18}(?![0-9A-Z])")


class CodeKind(StrEnum):
    """Which rule a code follows."""

    CREDIT_CODE = "credit_code"  # 18 characters, two check characters
    REGISTRATION_NUMBER = "registration_number"  # 15 digits, one check digit
    LEGACY = "legacy"  # older numbers without a check


@dataclass(frozen=True)
class Code:
    """A well-formed code and what its check characters say."""

    text: str
    kind: CodeKind
    has_right_check: bool = True  # the last character; nothing to check in a LEGACY number
    has_right_organisation_check: bool = True  # the 17th character of a credit code
    is_issued: bool = True  # as registers issued it: right, or wrong in a known way (docs/adr/0003)

    @property
    def is_valid(self) -> bool:
        """All check characters are right."""
        return self.has_right_check and self.has_right_organisation_check

    @property
    def department(self) -> str:
        """登记管理部门 of a credit code; empty where there is none."""
        return DEPARTMENTS.get(self.text[0], "") if self.kind is CodeKind.CREDIT_CODE else ""

    @property
    def region_code(self) -> str:
        """Six digits of GB/T 2260 of the registering authority; empty where the number has none."""
        region = self.text[2:8] if self.kind is CodeKind.CREDIT_CODE else self.text[:6]
        return region if region.isdecimal() else ""


@dataclass(frozen=True)
class Checks:
    """Check characters of many credit codes at once."""

    right: Flags
    right_organisation: Flags
    issued: Flags


def clean_code(text: str) -> str:
    """Half width, upper case, without spaces, hyphens and apostrophes; nothing is corrected."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def values_table(characters: str) -> Numbers:
    """The value of each ASCII character: its place in `characters`."""
    table = np.zeros(128, np.int32)
    table[np.frombuffer(characters.encode(), np.uint8)] = np.arange(len(characters))
    return table


VALUES = values_table(ALPHABET)
ORGANISATION_VALUES = values_table("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
ORGANISATION_CHECK_VALUES = values_table("0123456789X")


def check_credit_codes(codes: Sequence[str]) -> Checks:
    """Both check characters of codes that all match CREDIT_CODE.

    Each is right when it is the negative of the weighted sum (mod 31; mod 11). In September
    2015 some registers forgot the negation: such codes are on licences and count as issued.
    """
    letters = np.frombuffer("".join(codes).encode("ascii"), np.uint8).reshape(-1, 18)
    total = VALUES[letters[:, :17]] @ WEIGHTS % 31
    check = VALUES[letters[:, 17]]
    organisation_total = ORGANISATION_VALUES[letters[:, ORGANISATION]] @ ORGANISATION_WEIGHTS % 11
    organisation_check = ORGANISATION_CHECK_VALUES[letters[:, 16]]
    # A letter other than X stands at 0 in that table, but is never right.
    is_check = (letters[:, 16] <= ord("9")) | (letters[:, 16] == ord("X"))
    right = check == -total % 31
    right_organisation = is_check & (organisation_check == -organisation_total % 11)
    unnegated_organisation = is_check & (organisation_check == organisation_total)
    issued = right | ((check == total) & (right_organisation | unnegated_organisation))
    return Checks(right, right_organisation, issued)


def check_registration_number(digits: str) -> bool:
    """The last of 15 digits by ISO 7064 MOD 11,10 (GS 15-2006)."""
    rest = 10
    for digit in digits[:14]:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return (11 - rest) % 10 == int(digits[14])


def parse_code(text: str) -> Code | None:
    """The code that `text` is, cleaned; None if it has no code's form. Wrong check characters are flagged."""
    code = clean_code(text)
    if CREDIT_CODE.fullmatch(code):
        checks = check_credit_codes([code])
        right, organisation, issued = checks.right[0], checks.right_organisation[0], checks.issued[0]
        return Code(code, CodeKind.CREDIT_CODE, bool(right), bool(organisation), bool(issued))
    if REGISTRATION_NUMBER.fullmatch(code):
        right = check_registration_number(code)
        return Code(code, CodeKind.REGISTRATION_NUMBER, right, is_issued=right)
    if LEGACY.fullmatch(code):
        return Code(code, CodeKind.LEGACY)
    return None


def is_valid(code: str) -> bool:
    """A well-formed code whose check characters are all right; a LEGACY number has none to be wrong."""
    parsed = parse_code(code)
    return parsed is not None and parsed.is_valid


def is_resident_id(text: str) -> bool:
    """A natural person's identity number (GB 11643): 18 characters, a possible birthday, the right check."""
    found = RESIDENT_ID.fullmatch(clean_code(text))
    if not found:
        return False
    try:
        date.fromisoformat(found["day"])
    except ValueError:
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(found[0][:17]))
    return "10X98765432"[total % 11] == found[0][17]


def find_codes(text: str) -> list[str]:
    """Codes in a sentence, a URL or a QR code's text, cleaned: valid ones first, then what may hold a slip.

    A resident's identity number is never returned.
    """
    plain = DASHES.sub("-", unicodedata.normalize("NFKC", text)).upper()
    tokens = NEARLY_A_CODE.findall(plain) or [clean_code(token) for token in SPACED_CODE.findall(plain)]
    found = [token for token in dict.fromkeys(tokens) if looks_like_code(token) and not is_resident_id(token)]
    return sorted(found, key=lambda token: not is_valid(token))


def looks_like_code(token: str) -> bool:
    """Long enough and mostly digits, or of a code's exact form; 13 digits must begin with a province."""
    if len(token) == 13:
        return token.isdecimal() and token[0] in "12345678" and token[1] in "12345"
    if len(token) in {14, 15, 16}:
        return parse_code(token) is not None or token.translate(LOOK_ALIKES).isdecimal()
    return len(token) >= 17 and sum(map(str.isdecimal, token)) >= 8


def edit_once(text: str, letters: str) -> Iterator[str]:
    """Everything one slip away: one character other, missing, too many, or two neighbours swapped."""
    for place, letter in product(range(len(text)), letters):
        yield text[:place] + letter + text[place + 1 :]
    for place in range(len(text) - 1):
        yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    for place, letter in product(range(len(text) + 1), letters):
        yield text[:place] + letter + text[place:]
    for place in range(len(text)):
        yield text[:place] + text[place + 1 :]


def corrections(code: str) -> list[str]:
    """Valid codes from which `code` may have come by one slip, beside letters O I S Z written for 0 1 5 2.

    Which of them exist is for the caller to look up. Empty for a valid code.
    """
    written = clean_code(code)
    plain = written.translate(LOOK_ALIKES)
    if is_valid(written) or not 14 <= len(written) <= 19 or not written.isascii():
        return []
    slips = dict.fromkeys([plain, *edit_once(plain, ALPHABET)])
    numbers = [slip for slip in slips if REGISTRATION_NUMBER.fullmatch(slip) and check_registration_number(slip)]
    credit_codes = [slip for slip in slips if CREDIT_CODE.fullmatch(slip)]
    checks = check_credit_codes(credit_codes)
    right = checks.right & checks.right_organisation
    return [slip for slip, good in zip(credit_codes, right, strict=True) if good] + numbers
