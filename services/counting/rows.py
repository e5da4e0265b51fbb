"""The ten rows of the 活动统计表 (商务部等19部门 2020 notice, annex), how a cell is written and read; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FORMS, EFFECT = "宣传形式", "宣传效果"
NOT_STATED = "未载明"
TITLE = "{year}年“诚信兴商宣传月”活动统计表"


@dataclass(frozen=True)
class Row:
    """One row: its place in the table, its exact words, and the unit of each of its numbers."""

    code: str
    group: str
    subgroup: str  # "": the title takes its place
    title: str
    units: tuple[str, ...]
    has_ways: bool = False  # the ways stand before the number


ROWS = (
    Row("meeting", FORMS, "户外活动", "会议（场次、人次）", ("场次", "人次")),
    Row("material", FORMS, "户外活动", "宣传资料展示（方式，份数）", ("份",), has_ways=True),
    Row("paper", FORMS, "传统媒介", "纸媒新闻（篇）", ("篇",)),
    Row("television", FORMS, "传统媒介", "电视新闻（条）", ("条",)),
    Row("radio", FORMS, "传统媒介", "电台广播（次）", ("次",)),
    Row("site", FORMS, "新媒介", "网站新闻（条）", ("条",)),
    Row("video", FORMS, "新媒介", "视频（条）", ("条",)),
    Row("live", FORMS, "新媒介", "直播（场次，观看人次）", ("场次", "人次")),
    Row("coverage", EFFECT, "", "宣传覆盖总人数（人次）", ("人次",)),
    Row("consult", EFFECT, "", "接受咨询服务总量（人次）", ("人次",)),
)
BY_CODE = {row.code: row for row in ROWS}


@dataclass(frozen=True)
class Cell:
    """What stands in a row: a number for each unit (None: 未载明), and the ways."""

    numbers: tuple[int | None, ...]
    ways: tuple[str, ...] = ()


def empty(row: Row) -> Cell:
    """Nothing happened."""
    return Cell((0,) * len(row.units))


def spell(row: Row, cell: Cell) -> str:
    """12场次，860人次; 展板、折页，1200份; 35篇."""
    parts = [
        NOT_STATED if number is None else f"{number}{unit}"
        for number, unit in zip(cell.numbers, row.units, strict=True)
    ]
    ways = ["、".join(cell.ways)] if row.has_ways and cell.ways else []
    return "，".join(ways + parts)


def read_cell(row: Row, text: str) -> Cell | None:
    """What `spell` wrote, or people did: 12 / 860, 1,200份, 35. None: no cell of this row."""
    said = text.replace(",", "").strip()
    if len(row.units) > 1:
        if said == NOT_STATED:
            return Cell((None,) * len(row.units))
        found = re.fullmatch(r"(\d+|未载明)\s*(?:场次?|场)?\s*[/，、；\s]\s*(\d+|未载明)\s*(?:人次?)?", said)
        return Cell(tuple(read_number(part) for part in found.groups())) if found else None
    found = re.fullmatch(r"(?:(?P<ways>.*?)[，；\s/])?\s*(?P<number>\d+|未载明)\s*(?:人次|份|篇|条|次|人)?", said)
    if not found:
        return None
    ways = tuple(way for way in re.split("[、;；]", found["ways"] or "") if way.strip())
    if ways and not row.has_ways:
        return None
    return Cell((read_number(found["number"]),), ways)


def read_number(text: str) -> int | None:
    """None for 未载明."""
    return None if text == NOT_STATED else int(text)


def add_up(row: Row, cells: Iterable[Cell]) -> Cell:
    """The sum; what one does not state the sum leaves out, and what none states it does not state."""
    found = list(cells)
    numbers = tuple(add_numbers([cell.numbers[place] for cell in found]) for place in range(len(row.units)))
    ways = tuple(dict.fromkeys(way for cell in found for way in cell.ways))
    return Cell(numbers, ways)


def add_numbers(numbers: Sequence[int | None]) -> int | None:
    """None: none is stated."""
    stated = [number for number in numbers if number is not None]
    return sum(stated) if stated or not numbers else None
