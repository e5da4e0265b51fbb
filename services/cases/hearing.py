"""What a citizen's own words say: the matter, the amount, what is asked for, who it is; pure."""

import re
import unicodedata
from dataclasses import dataclass

from config.cases import CaseRules, Category
from models.case_words import CaseKind
from services.cases.personal import is_phone, tidy_phone

DEFAULT_CATEGORY = "other_commerce"
REQUESTS = {
    "退款": r"退款|退钱|退费|退还|退回|退卡|退余额|返还|要回(?:来|钱)?|把钱退",
    "退货": r"退货",
    "换货": r"换货|换一个|更换",
    "修理": r"维修|修理|修好|返修",
    "赔偿": r"赔偿|赔钱|赔付|索赔|假一赔|[要请求得]赔|赔我",
    "道歉": r"道歉",
    "查处": r"查处|处罚他|处罚它|依法处理|取缔",
}
REFUSED = re.compile(r"(?:拒绝|拒不|不肯|不愿|不予|不给|不让|不)(?:退[款钱费还回卡]?|返还|换货?|维修|修理|赔[偿付钱]?)")
AMOUNT = re.compile(r"(\d[\d,，]*(?:\.\d{1,2})?)\s*(万|千|百)?\s*多?(?:元|块|圆|人民币|RMB)", re.IGNORECASE)
SPOKEN = re.compile(r"([一二两三四五六七八九十百千万零]{1,9})多?(?:元|块)")
DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九")} | {"两": 2}
STEPS = {"十": 10, "百": 100, "千": 1_000}
UNITS = {"万": 10_000, "千": 1_000, "百": 100, None: 1}
# Region, year, month, day of birth, three digits and a check character: a resident's number, right or mistyped.
RESIDENT_ID = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")
PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1\d{2}[\s-]?\d{3,5}[\s-]?\d{3,5}|0\d{2,3}[\s-]?\d{7,8}|\d{7,12})(?!\d)")
LABELS = re.compile(
    r"我?的?(?:姓名|名字|联系人|手机号码|手机号|手机|联系电话|联系方式|电话号码|电话|号码)(?:是|叫|为)?|我叫|我是|叫我|本人|[是叫:：]"
)
NAME = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af]{1,12}(?:·[\u3400-\u9fff]{1,12}){0,3}|[A-Za-z][A-Za-z .'-]{1,30}"
)
MARKS = re.compile(r"[\s，,。.；;、！!~～/|()（）]+")
MOBILE_LENGTH = 11
LONGEST_NAME = 6  # characters of a name without a dot; what is longer is a sentence


@dataclass(frozen=True)
class Contact:
    """Name and telephone as far as they were said; `trouble` says what is wrong with the number."""

    name: str = ""
    phone: str = ""
    trouble: str = ""  # short, long, unknown: why the number cannot be called
    digits: int = 0


def narrow_width(text: str) -> str:
    """Full-width digits and letters as half-width ones."""
    return unicodedata.normalize("NFKC", text)


def hear_category(text: str, rules: CaseRules) -> Category:
    """The category that most of the words speak for; "other" where none does."""
    weights = {
        category.code: sum(len(word) for word in category.words if word in text) for category in rules.categories
    }
    best = max(rules.categories, key=lambda category: (weights[category.code], bool(category.door)))
    if weights[best.code]:
        return best
    return rules.category(DEFAULT_CATEGORY) or next(one for one in rules.categories if one.unit)


def hear_amounts(text: str) -> set[int]:
    """Every sum of money that is named, in fen."""
    plain = narrow_width(text)
    written = {
        round(float(digits.replace(",", "")) * UNITS[unit or None] * 100) for digits, unit in AMOUNT.findall(plain)
    }
    return written | {100 * number for spoken in SPOKEN.findall(plain) if (number := read_numeral(spoken))}


def read_numeral(spoken: str) -> int:
    """两千, 三万五千, 一百二十; 0 for what is none."""
    total = part = digit = 0
    for sign in spoken:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in STEPS:
            part, digit = part + (digit or 1) * STEPS[sign], 0
        else:
            total, part, digit = (part + digit) * UNITS["万"], 0, 0
    return total + part + digit


def hear_requests(text: str, kind: CaseKind = CaseKind.COMPLAINT) -> list[str]:
    """What is asked for. Who complains that a refund is refused wants it; who reports it tells what the firm does."""
    said = REFUSED.sub("", text) if kind is CaseKind.REPORT else text
    return [request for request, pattern in REQUESTS.items() if re.search(pattern, said)]


def holds_resident_id(text: str) -> bool:
    """A number of an identity card, which we do not want."""
    return RESIDENT_ID.search(narrow_width(text)) is not None


def hear_contact(text: str) -> Contact:
    """From 李明 13800000000, 我叫李明，电话是 138-0000-0000."""
    said = narrow_width(text)
    found = PHONE.search(said)
    number = tidy_phone(found[0]) if found else ""
    rest = said[: found.start()] + " " + said[found.end() :] if found else said
    parts = [part for part in MARKS.split(LABELS.sub(" ", rest)) if NAME.fullmatch(part) and is_short_name(part)]
    latin = " ".join(part for part in parts if part.isascii())
    name = latin if parts and parts[0].isascii() else "".join(parts[:1])
    if not number or is_phone(number):
        return Contact(name, number)
    trouble = "unknown"
    if number.startswith("1") and len(number) != MOBILE_LENGTH:
        trouble = "short" if len(number) < MOBILE_LENGTH else "long"
    return Contact(name, "", trouble, len(number))


def is_short_name(text: str) -> bool:
    """Not a sentence."""
    return "·" in text or text.isascii() or len(text) <= LONGEST_NAME
