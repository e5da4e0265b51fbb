"""One cell of a records sheet: days, amounts, states as people write them (pure)."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from models.archive_words import Life
from models.importing import ImportKind
from services.credit.standing import LONG_TERM
from services.enterprises.cells import parse_day
from services.enterprises.codes import CREDIT_CODE, check_registration_number, clean_code, is_resident_id, parse_code

EARLIEST = date(1949, 10, 1)
FOREVER = frozenset({"长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限"})
HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
HAN_DAY = re.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日?")
AMOUNT = re.compile(r"(?:人民币|rmb|[¥￥$])?(\d+(?:\.\d+)?)(亿元?|万元?|千元|元整?|圆整?)?(?:人民币|整)?")
CAPITALS = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True)) | dict(
    zip("〇一二三四五六七八九", range(10), strict=True)
)
TENS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
IN_WAN = {"亿": Decimal(10000), "万": Decimal(1), "千": Decimal("0.1"), "": Decimal(1), "元": Decimal("0.0001")}
MOST_WAN = Decimal(100_000_000)  # 一万亿元: more is a slip
LONG_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
PERSON_FORM = re.compile(r"\d{17}[\dX]|\d{15}")
OLD_ID = re.compile(r"[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")

STATES: dict[Life | None, str] = {
    None: "正常 有效 公示中 执行中 执行 履行 在册 列入 已公示 生效 未修复 未移出 存续 0 异议 其他 3",
    Life.REPAIRED: "已修复 修复 信用修复 已信用修复 修复完成 准予修复 停止公示 终止公示 已终止公示",
    Life.WITHDRAWN: "撤销 已撤销 撤回 已撤回 变更 确认违法 无效 失效 注销 已注销 吊销 已吊销 作废 删除 过期",
    Life.REMOVED: "移出 已移出 退出 已退出 解除 屏蔽 已屏蔽",
}
LIFE_OF = {word: life for life, words in STATES.items() for word in words.split()}


class CellError(Exception):
    """A cell that cannot be understood."""


@lru_cache(maxsize=1 << 14)
def read_day(text: str) -> date:
    """A day, however written; CellError for what is none."""
    plain = unicodedata.normalize("NFKC", text)
    if found := HAN_DAY.fullmatch(plain):
        year, month, day = found[1].translate(HAN_DIGITS), read_han(found[2]), read_han(found[3])
        plain = f"{year}-{month}-{day}"
    day_read = parse_day(plain)
    if day_read is None or day_read < EARLIEST:
        raise CellError
    return day_read


def read_han(text: str) -> int:
    """A number below a hundred in Chinese: 十二, 二十, 三."""
    tens, ten, ones = text.rpartition("十")
    return (CAPITALS.get(tens, 1) * 10 if ten else 0) + CAPITALS.get(ones, 0)


@lru_cache(maxsize=1 << 14)
def read_end(text: str) -> date | None:
    """The last day of something; None for long-term."""
    if text in FOREVER or text.startswith("9999"):
        return None
    day = read_day(text)
    return None if day >= LONG_TERM else day


@lru_cache(maxsize=1 << 14)
def read_amount(text: str, unit: str = "万元") -> str:
    """An amount in 万元 as a plain decimal; `unit` is the heading's, a unit in the cell wins. CellError for none."""
    plain = re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", text)).lower()
    found = AMOUNT.fullmatch(plain)
    if found:
        try:
            number, said = Decimal(found[1]), found[2] or unit
        except InvalidOperation:
            raise CellError from None
    else:
        number, said = read_capitals(plain), "元"
    first = said[:1] if said[:1] in {"亿", "万", "千"} else "元"
    amount = number * IN_WAN[first]
    if amount > MOST_WAN:
        raise CellError
    return f"{amount.quantize(Decimal('0.000001')).normalize():f}"


def read_capitals(text: str) -> Decimal:
    """伍万元整 in yuan; CellError for other words."""
    body = re.fullmatch(r"(?:人民币)?([零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖拾佰仟十百千万亿]+)[元圆]?整?", text)
    if not body:
        raise CellError
    total = section = digit = 0
    for letter in body[1]:
        if letter in CAPITALS:
            digit = CAPITALS[letter]
        elif letter in TENS:
            section, digit = section + (digit or 1) * TENS[letter], 0
        else:
            total, section, digit = (total + section + digit) * (10**8 if letter == "亿" else 10**4), 0, 0
    return Decimal(total + section + digit)


def read_state(text: str, kind: ImportKind, *, is_new: bool) -> Life | None:
    """How a record ended by its state; None while it stands. CellError for a word that is not known.

    A 1 means 撤销 in the sheets of 2015; in the licences of today, told by their 许可证书名称, it means 有效, a 2 无效.
    """
    plain = re.sub(r"[\s。.]|\.0$", "", unicodedata.normalize("NFKC", text))
    if plain in {"1", "2"}:
        if kind is ImportKind.LICENCE and is_new:
            return Life.WITHDRAWN if plain == "2" else None
        return Life.WITHDRAWN if plain == "1" else None  # 2: 异议
    if plain not in LIFE_OF:
        raise CellError
    return LIFE_OF[plain]


@lru_cache(maxsize=1 << 14)
def is_issued(code: str) -> bool:
    """A well-formed code whose check characters a register can have made."""
    parsed = parse_code(code)
    return parsed is not None and parsed.is_issued


def is_person_number(text: str) -> bool:
    """A natural person's number: 18 characters with the right check, or the 15 of before 1999."""
    code = clean_code(text)
    if not PERSON_FORM.fullmatch(code) or (CREDIT_CODE.fullmatch(code) and is_issued(code)):
        return False
    return is_resident_id(code) or bool(OLD_ID.fullmatch(code) and not check_registration_number(code))


def mask_numbers(text: str) -> tuple[str, int]:
    """The text with the numbers of persons masked, and how many there were."""
    count = 0

    def mask(found: re.Match[str]) -> str:
        nonlocal count
        if not is_person_number(found[0]):
            return found[0]
        count += 1
        return f"{found[0][:3]}{'*' * (len(found[0]) - 5)}{found[0][-2:]}"

    return (LONG_DIGITS.sub(mask, text), count) if LONG_DIGITS.search(text) else (text, 0)
