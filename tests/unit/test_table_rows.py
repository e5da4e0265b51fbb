"""The ten rows of the annex: their words, how cells are written and read, how they add up."""

import pytest

from services.counting.rows import BY_CODE, ROWS, Cell, add_up, read_cell, spell

ANNEX = """宣传形式 户外活动 会议（场次、人次） 宣传资料展示（方式，份数） 传统媒介 纸媒新闻（篇） 电视新闻（条）
电台广播（次） 新媒介 网站新闻（条） 视频（条） 直播（场次，观看人次） 宣传效果
宣传覆盖总人数（人次） 接受咨询服务总量（人次）"""


def test_the_rows_are_those_of_the_annex_in_its_order() -> None:
    words: list[str] = []
    for row in ROWS:
        words += [word for word in (row.group, row.subgroup) if word and word not in words]
        words.append(row.title)
    assert words == ANNEX.split()
    assert len(ROWS) == 10


@pytest.mark.parametrize(
    ("code", "cell", "text"),
    [
        ("meeting", Cell((12, 860)), "12场次，860人次"),
        ("meeting", Cell((0, 0)), "0场次，0人次"),
        ("live", Cell((3, None)), "3场次，未载明人次"),
        ("material", Cell((1200,), ("展板", "折页")), "展板、折页，1200份"),
        ("material", Cell((0,)), "0份"),
        ("paper", Cell((35,)), "35篇"),
        ("coverage", Cell((None,)), "未载明"),
    ],
)
def test_a_cell_is_written_and_read_back(code: str, cell: Cell, text: str) -> None:
    written = spell(BY_CODE[code], cell)
    assert written == text.replace("未载明人次", "未载明")
    assert read_cell(BY_CODE[code], written) == cell


@pytest.mark.parametrize(
    ("code", "text", "cell"),
    [
        ("meeting", "12 / 860", Cell((12, 860))),
        ("meeting", "12场、860人", Cell((12, 860))),
        ("meeting", "12", None),
        ("paper", "1,200", Cell((1200,))),
        ("paper", "35.5", None),
        ("paper", "很多", None),
        ("material", "1200", Cell((1200,))),
    ],
)
def test_what_people_type_is_read_or_refused(code: str, text: str, cell: Cell | None) -> None:
    assert read_cell(BY_CODE[code], text) == cell


def test_sums_leave_out_what_is_not_stated() -> None:
    coverage = BY_CODE["coverage"]
    assert add_up(coverage, [Cell((5,)), Cell((None,)), Cell((7,))]) == Cell((12,))
    assert add_up(coverage, [Cell((None,)), Cell((None,))]) == Cell((None,))
    ways = add_up(BY_CODE["material"], [Cell((1,), ("展板",)), Cell((2,), ("折页", "展板"))])
    assert ways == Cell((3,), ("展板", "折页"))
