"""Personal data: of whom, how a telephone is spelled, how it is masked, where it must not stand; pure."""

import re
from dataclasses import dataclass

from models.case_words import Side
from services.numbers import FULL_WIDTH

NOT_DIALLED = re.compile(r"[^\d+]")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(?:0\d{2,3})?[2-8]\d{6,7}|1\d{4,5}|[48]00\d{7}")
DOUBLE_NAMES = frozenset("欧阳 上官 司马 诸葛 司徒 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 端木 宇文 长孙 独孤 南宫".split())


@dataclass(frozen=True)
class Person:
    """Somebody as they named themselves."""

    name: str = ""
    phone: str = ""
    address: str = ""
    side: Side = Side.COMPLAINANT


def tidy_phone(text: str) -> str:
    """Digits only, without the country's code: one number has one spelling."""
    digits = NOT_DIALLED.sub("", text.translate(FULL_WIDTH))
    return re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)


def is_phone(text: str) -> bool:
    """A number that can be called."""
    digits = tidy_phone(text)
    return bool(MOBILE.fullmatch(digits) or LANDLINE.fullmatch(digits))


def mask_name(name: str) -> str:
    """张*, 欧阳**: the family name only."""
    if len(name) < 2:
        return "*" * len(name)
    shown = 2 if len(name) > 3 or name[:2] in DOUBLE_NAMES else 1
    return name[:shown] + "*" * (len(name) - shown)


def mask_phone(phone: str) -> str:
    """138****5678; of a short one only the last two digits."""
    if len(phone) < 8:
        return "*" * max(0, len(phone) - 2) + phone[-2:]
    return f"{phone[:3]}****{phone[-4:]}"
