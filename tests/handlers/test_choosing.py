"""Numbers, places and parts of names against the lines that were offered."""

import pytest

from bot.conversation import Choice
from handlers.choosing import chosen_number, is_none_of_them, is_unsure, narrow

OFFERED = [
    Choice(11, "湖南稻花屿食品有限公司（长沙 · 尾号 010U）"),
    Choice(12, "湖南稻花屿食品有限公司湘潭分公司（湘潭 · 尾号 0293）"),
    Choice(13, "麦朵坊便利店（湘潭 · 尾号 1259）"),
]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2", 2),
        ("2.", 2),
        ("(2)", 2),
        ("第2个", 2),
        ("第二个", 2),
        ("第二家", 2),
        ("二", 2),
        ("选2", 2),
        ("我要第二个", 2),
        ("那就第一家吧", 1),
        ("2号", 2),
        ("no.3", 3),
        ("两", 2),
        ("最后一个", 3),
        ("最下面那个", 3),
        ("8", 8),
    ],
)
def test_numbers(words: str, number: int) -> None:
    assert chosen_number(words, len(OFFERED)) == number


@pytest.mark.parametrize("words", ["", "12", "0", "2020年", "一品商贸", "第二食品厂", "湘潭", "我有2个问题"])
def test_what_is_no_number(words: str) -> None:
    assert chosen_number(words, len(OFFERED)) is None


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("湘潭的", [12, 13]),
        ("湘潭市", [12, 13]),
        ("在湘潭", [12, 13]),
        ("长沙那家", [11]),
        ("是分公司那个", [12]),
        ("总公司", [11, 13]),
        ("不是分公司", [11, 13]),
        ("尾号1259", [13]),
        ("0293", [12]),
        ("010u", [11]),
        ("我说的便利店", [13]),
        ("湖南稻花屿食品有限公司湘潭分公司", [12]),
        ("湖南稻花屿食品有限公司", [11]),
        ("郑州", []),
        ("的", []),
        ("店", []),
        ("", []),
    ],
)
def test_more_of_the_name_or_the_place(words: str, left: list[int]) -> None:
    assert [choice.enterprise_id for choice in narrow(OFFERED, words)] == left


@pytest.mark.parametrize(
    ("words", "is_none"),
    [("都不是", True), ("都不对", True), ("不是这些", True), ("其他", True), ("不是分公司", False), ("是", False)],
)
def test_none_of_them(words: str, is_none: bool) -> None:
    assert is_none_of_them(words) is is_none


@pytest.mark.parametrize(
    ("words", "unsure"),
    [("不知道", True), ("我也不清楚是哪个", True), ("哪个", True), ("不知道火锅店", False), ("湘潭", False)],
)
def test_unsure(words: str, unsure: bool) -> None:
    assert is_unsure(words) is unsure
