"""Codes of invented enterprises: all check digits are right, and DEM0 inside shows what they are."""

from services.enterprises.codes import ALPHABET

ENTERPRISE, SHOP, COOPERATIVE = "91", "92", "93"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def organisation_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997)."""
    total = sum(int(c, 36) * weight for c, weight in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def code_check(body: str) -> str:
    """The eighteenth character of a 统一社会信用代码 (GB 32100-2015)."""
    total = sum(ALPHABET.index(c) * pow(3, at, 31) for at, c in enumerate(body))
    return ALPHABET[-total % 31]


def make_code(kind: str, area: str, serial: str) -> str:
    """The 18 characters from kind (2), area (6) and serial (4)."""
    organisation = f"DEM0{serial}"
    body = kind + area + organisation + organisation_check(organisation)
    return body + code_check(body)


def make_registration(area: str, serial: int) -> str:
    """A 15-digit 注册号 (GS 15-2006, check by ISO 7064 MOD 11,10)."""
    body, rest = f"{area}{serial:08d}", 10
    for digit in body:
        rest = ((rest + int(digit)) % 10 or 10) * 2 % 11
    return body + str((11 - rest) % 10)


def serial_of(number: int) -> str:
    """Four characters for a number below 923,521; neighbours look quite different."""
    mixed = number * 387_420_489 % 31**4  # 387,420,489 is a power of 3, so no two numbers meet
    return "".join(ALPHABET[mixed // 31**place % 31] for place in (3, 2, 1, 0))
