"""Finds personal data in a text that is going out, and where it stands; pure.

It is an aid: what it names a person looks at; what it does not name may still be there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.enterprises.codes import is_resident_id
from services.numbers import FULL_WIDTH


class PersonalKind(StrEnum):
    """What was found."""

    PHONE = "phone"
    LANDLINE = "landline"
    RESIDENT_ID = "resident_id"
    BANK_CARD = "bank_card"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    PLATE = "plate"
    PASSPORT = "passport"


WORDS = {
    PersonalKind.PHONE: "手机号码",
    PersonalKind.LANDLINE: "固定电话",
    PersonalKind.RESIDENT_ID: "身份证号码",
    PersonalKind.BANK_CARD: "银行卡号",
    PersonalKind.EMAIL: "电子邮箱",
    PersonalKind.ADDRESS: "住址",
    PersonalKind.NAME: "姓名",
    PersonalKind.PLATE: "车牌号",
    PersonalKind.PASSPORT: "证件号码",
}


NEVER_TOLD = (PersonalKind.PHONE, PersonalKind.EMAIL, PersonalKind.BANK_CARD, PersonalKind.RESIDENT_ID)


@dataclass(frozen=True)
class Place:
    """One finding: text[start:end] is it."""

    kind: PersonalKind
    start: int
    end: int
    said: str

    @property
    def words(self) -> str:
        """“13800005678”（手机号码，第5个字）."""
        return f"“{self.said}”（{WORDS[self.kind]}，第{self.start + 1}个字）"


PLAIN = FULL_WIDTH | {0x3000: 0x20}  # the blank too
GAP = r"[ \-—–·]?"
CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789")
MOBILE = re.compile(rf"(?<!\d)(?:\+?86{GAP})?1{GAP}[3-9]\d(?:{GAP}\d){{8}}(?!\d)")
# Of persons' homes; hotlines and desks (12345, 400…) are none.
LANDLINE = re.compile(rf"(?<!\d)0\d{{2,3}}{GAP}[2-8]\d{{6,7}}(?!\d)")
LONG_NUMBER = re.compile(rf"(?<![\dA-Za-z])\d(?:{GAP}\d){{14,18}}[Xx]?(?![\dA-Za-z])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• ]?[A-Z0-9]{5,6}(?![A-Z0-9])"
)
PASSPORT = re.compile(r"(?<![A-Za-z\d])(?:[EeGgPpSsDd]\d{8}|[EeHhMm]\d{8,10}|E[A-Za-z]\d{7})(?![A-Za-z\d])")
# From a settlement or road to the door: 幸福小区3栋2单元501室, 人民路12号3楼402.
HOME = re.compile(
    r"[\u4e00-\u9fff]{2,12}?(?:小区|花园|公寓|家园|新村|苑|社区|路|街|巷|弄|大道|村|里|组)"
    r"[^,，。;；、()\s]{0,12}?\d{1,4}(?:号楼|栋|幢|座|单元|号)[^,，。;；、()\s]{0,14}\d{1,4}(?:室|房|户|号|层)?"
)
VILLAGE = re.compile(
    r"[\u4e00-\u9fff]{2,10}(?:镇|乡|街道)[\u4e00-\u9fff]{2,8}村(?:[\u4e00-\u9fff\d]{1,6}组)?\d{0,4}号?"
)
HOUSEHOLD = re.compile(r"\d{1,3}(?:号楼|栋|幢)\d{0,2}(?:单元)?\d{2,4}(?:室|房|户)")


def find_places(text: str, names: Iterable[str] = ()) -> list[Place]:
    """All findings in order, none within another; `names` are those of the reporter and who belongs to them.

    Spelled numbers are read too: 一三八…, full-width digits, blanks and dashes between digits.
    """
    plain = text.translate(PLAIN)
    found = [place for one in (plain, plain.translate(CHINESE_DIGITS)) for place in find_numbers(one)]
    for kind, patterns in {
        PersonalKind.EMAIL: (EMAIL,),
        PersonalKind.PLATE: (PLATE,),
        PersonalKind.PASSPORT: (PASSPORT,),
        PersonalKind.ADDRESS: (HOME, VILLAGE, HOUSEHOLD),
    }.items():
        found += [Place(kind, *match.span(), "") for pattern in patterns for match in pattern.finditer(plain)]
    found += find_names(plain, names)
    return [Place(place.kind, place.start, place.end, text[place.start : place.end]) for place in drop_inner(found)]


def find_personal(text: str) -> list[str]:
    """The kinds of what no text may tell a citizen or the public, by name; of desks' landlines and the rest a person
    decides, who is shown them by `find_places`."""
    found = {place.kind for place in find_places(text)}
    return [WORDS[kind] for kind in NEVER_TOLD if kind in found]


def mask_places(text: str, names: Iterable[str] = ()) -> str:
    """The text with an asterisk for each character of what was found."""
    for place in find_places(text, names):
        text = text[: place.start] + "*" * (place.end - place.start) + text[place.end :]
    return text


def find_numbers(plain: str) -> Iterator[Place]:
    """Telephones, resident ids (by date and check digit), bank cards (UnionPay's 62…, others by Luhn's digit)."""
    for kind, pattern in ((PersonalKind.PHONE, MOBILE), (PersonalKind.LANDLINE, LANDLINE)):
        for match in pattern.finditer(plain):
            yield Place(kind, *match.span(), "")
    for match in LONG_NUMBER.finditer(plain):
        digits = re.sub(r"[^\dXx]", "", match[0])
        if is_resident_id(digits) or is_old_resident_id(digits):
            yield Place(PersonalKind.RESIDENT_ID, *match.span(), "")
        elif len(digits) >= 16 and digits.isdigit() and (digits.startswith("62") or has_luhn_digit(digits)):
            yield Place(PersonalKind.BANK_CARD, *match.span(), "")


def find_names(plain: str, names: Iterable[str]) -> Iterator[Place]:
    """The given names as they stand, and 张先生, 李女士, 王某某 of the same family name."""
    for name in {name.strip() for name in names}:
        if len(name) < 2:
            continue
        titles = "先生|女士|小姐|同志|大爷|阿姨|师傅|老师|某某|某"
        for match in re.finditer(rf"{re.escape(name)}|{re.escape(name[0])}(?:{titles})", plain):
            yield Place(PersonalKind.NAME, *match.span(), "")


def is_old_resident_id(digits: str) -> bool:
    """Fifteen digits with a day of birth, as issued before 1999; registration numbers of firms have none there."""
    month, day = digits[8:10], digits[10:12]
    return len(digits) == 15 and digits[:1] in set("123456") and "01" <= month <= "12" and "01" <= day <= "31"


def has_luhn_digit(digits: str) -> bool:
    """The check of ISO/IEC 7812-1."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def drop_inner(found: Iterable[Place]) -> list[Place]:
    """In order of place; of two that overlap the longer."""
    kept: list[Place] = []
    for place in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(place.end <= other.start or place.start >= other.end for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda one: one.start)
