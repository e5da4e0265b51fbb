"""One cell of a register's table: text, days, 登记状态 as people write them."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from models.enterprise import Status

# 吊销 leaves the enterprise in the register until 注销; closed or resting, it is still registered.
STATUSES = {
    Status.IN_FORCE: "in_force 存续 在营 开业 在册 正常 登记成立 确立 存续在营开业在册 在业 停业 歇业 清算",
    Status.DEREGISTERED: "deregistered 注销 已注销 吊销已注销 吊销后注销 注销企业",
    Status.REVOKED: "revoked 吊销 已吊销 吊销未注销 吊销企业",
    Status.MOVED_OUT: "moved_out 迁出 已迁出 迁往市外",
    Status.REMOVED: "removed 删除 移除",
}
STATUS_OF = {word: status for status, words in STATUSES.items() for word in words.split()}
EMPTY = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "无", "暂无", "不详", "未知", "null", "NULL", "None", "N/A", "#N/A"}
)
YES = frozenset({"是", "已核实", "y", "Y", "yes", "1", "true", "True"})
INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
ESCAPED = re.compile(r"'(?=[=+\-@]|\d{12})")
DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?|(\d{4})(\d{2})(\d{2})(?:\d{6})?"
)
SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?")
SERIAL_ZERO = date(1899, 12, 30)  # Excel's day 0
EARLIEST_DAY = date(1800, 1, 1)
EXCEL_NUMBER = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+")


def clean_text(cell: str) -> str:
    """Without invisible characters, the apostrophe of a re-imported file, and words that mean nothing."""
    if not cell.isprintable():
        cell = INVISIBLE.sub(" ", cell)
    cell = cell.strip()
    if cell.startswith("'"):
        cell = ESCAPED.sub("", cell, count=1)
    return "" if cell in EMPTY else cell


def clean_all(cells: Sequence[str]) -> list[str]:
    """clean_text of a whole column, where words come again or nothing needs cleaning."""
    words = set(cells)
    if len(words) * 4 < len(cells):
        cleaned = {word: clean_text(word) for word in words}
        return list(map(cleaned.__getitem__, cells))
    joined = "".join(cells)
    if not joined.isprintable() or "'" in joined:
        return list(map(clean_text, cells))
    stripped = list(map(str.strip, cells))
    return stripped if EMPTY.isdisjoint(stripped) else ["" if cell in EMPTY else cell for cell in stripped]


def parse_day(text: str) -> date | None:
    """2026-04-10, 2026/4/10, 20260410, 2026年4月10日, with a time or without, Excel's serial; else None."""
    try:
        if found := DAY.fullmatch(text):
            year, month, day = (int(part) for part in found.groups() if part)
            parsed = date(year, month, day)
        elif found := SERIAL.fullmatch(text):
            parsed = SERIAL_ZERO + timedelta(days=int(found[1]))
        else:
            return None
    except ValueError:
        return None
    return parsed if parsed >= EARLIEST_DAY else None


def parse_status(text: str) -> Status | None:
    """The 登记状态 that a word means; None if it is not known."""
    plain = re.sub(r"[\s()（）,，、]", "", text)
    return STATUS_OF.get(plain) or STATUS_OF.get(re.sub(r"[(（].*", "", text).strip())
