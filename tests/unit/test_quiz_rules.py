"""What an answer means, which questions may be asked on a day, and the bank that is shipped."""

from datetime import date

import pytest

from models.quiz import QuestionKind
from services.quiz.bank import LONGEST, load_bank
from services.quiz.rules import LETTERS, draw, find_faults, is_valid_on, read_answer

SINGLE, MULTIPLE, TRUE_FALSE = QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE


@pytest.mark.parametrize(
    ("words", "kind", "count", "letters"),
    [
        ("A", SINGLE, 4, "A"), ("ｂ", SINGLE, 4, "B"), ("我选c。", SINGLE, 4, "C"), ("选D吧", SINGLE, 4, "D"),
        ("D", SINGLE, 3, None), ("AB", SINGLE, 4, None), ("E", SINGLE, 4, None), ("ABC公司", MULTIPLE, 4, None),
        ("ca", MULTIPLE, 4, "AC"), ("A、C 和 d", MULTIPLE, 4, "ACD"), ("aab", MULTIPLE, 4, "AB"),
        ("B", MULTIPLE, 4, "B"), ("对", TRUE_FALSE, 2, "A"), ("正确", TRUE_FALSE, 2, "A"),
        ("不对", TRUE_FALSE, 2, "B"), ("错误", TRUE_FALSE, 2, "B"), ("b", TRUE_FALSE, 2, "B"),
        ("对", SINGLE, 4, None), ("", SINGLE, 4, None), ("大润发", SINGLE, 4, None),
    ],
)  # fmt: skip
def test_answers_are_understood(words: str, kind: QuestionKind, count: int, letters: str | None) -> None:
    assert read_answer(words, kind, count) == letters


def test_a_seed_draws_the_same_questions() -> None:
    drawn = draw(7, range(1, 41), 10)
    assert drawn == draw(7, reversed(range(1, 41)), 10)
    assert len(set(drawn)) == 10
    assert drawn != draw(8, range(1, 41), 10)


def test_both_ends_of_a_law_are_days_on_which_it_holds() -> None:
    first, last = date(2023, 5, 1), date(2026, 3, 31)
    assert [is_valid_on(day, first, last) for day in (date(2023, 4, 30), first, last, date(2026, 4, 1))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_shipped_bank_can_be_asked() -> None:
    bank = load_bank()
    assert len(bank) >= 40
    for key, content in bank.items():
        assert not find_faults(content.kind, content.options, content.answer), key
        assert content.law, key
        assert content.explanation, key
        assert len(content.text) <= LONGEST["text"], key
        assert max(map(len, content.options)) <= LONGEST["option"], key
        assert "黑名单" not in content.text + content.explanation, key
    assert {content.kind for content in bank.values()} == set(QuestionKind)


def test_questions_on_repealed_law_end_with_it() -> None:
    old = [content for content in load_bank().values() if "2023年试行" in content.text]
    new = [content for content in load_bank().values() if content.law == "《信用修复管理办法》"]
    assert old
    assert new
    assert {content.valid_until for content in old} == {date(2026, 3, 31)}
    assert {content.valid_from for content in new} == {date(2026, 4, 1)}


def test_faults_are_said() -> None:
    assert find_faults(SINGLE, ["甲", "乙"], "A") == []
    assert find_faults(SINGLE, ["甲", "甲"], "A") == ["有两个选项一样"]
    assert find_faults(SINGLE, ["甲", "乙"], "C") == ["请在选项中标明正确答案"]
    assert find_faults(MULTIPLE, ["甲", "乙"], "A") == ["多选题至少有两个正确答案"]
    assert find_faults(SINGLE, [*list(LETTERS), "戊"], "A") == ["请填写两到四个选项，不能有空的"]
