"""三年内无不良信用记录, and how lists of names are read: arithmetic."""

from datetime import date

import pytest

from services.credit.standing import Why
from services.errors import UserError
from services.screening.lines import MOST_LINES, decode, read_file, read_lines
from services.screening.rules import ADVERSE, Fact, Verdict, judge

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("decided_on", "verdict"),
    [
        (date(2023, 11, 21), Verdict.NOT_CLEAN),
        (date(2023, 11, 20), Verdict.NOT_CLEAN),  # the first day is within the three years
        (date(2023, 11, 19), Verdict.CLEAN),
        (date(2026, 11, 20), Verdict.NOT_CLEAN),
    ],
)
def test_three_years_to_the_day(decided_on: date, verdict: Verdict) -> None:
    assert judge([Fact("penalty", decided_on, Why.IN_FORCE)], ADVERSE, TODAY, only_public=False) is verdict


@pytest.mark.parametrize(
    ("why", "inside", "outside"),
    [
        (Why.IN_FORCE, Verdict.NOT_CLEAN, Verdict.NOT_CLEAN),
        (Why.OBJECTED, Verdict.NOT_CLEAN, Verdict.NOT_CLEAN),
        (Why.EXPIRED, Verdict.NOT_CLEAN, Verdict.CLEAN),  # an association sees what is public
        (Why.REPAIRED, Verdict.CLEAN, Verdict.CLEAN),
        (Why.WITHDRAWN, Verdict.CLEAN, Verdict.CLEAN),
        (Why.CORRECTED, Verdict.CLEAN, Verdict.CLEAN),
        (Why.MINOR, Verdict.CLEAN, Verdict.CLEAN),
        (Why.DRAFT, Verdict.CLEAN, Verdict.CLEAN),
        (Why.PERSON, Verdict.CLEAN, Verdict.CLEAN),
        (Why.NOT_STATUTORY, Verdict.CLEAN, Verdict.CLEAN),
    ],
)
def test_what_counts(why: Why, inside: Verdict, outside: Verdict) -> None:
    facts = [Fact("black", date(2025, 6, 1), why)]
    assert judge(facts, ADVERSE, TODAY, only_public=False) is inside
    assert judge(facts, ADVERSE, TODAY, only_public=True) is outside


@pytest.mark.parametrize("block", ["honour", "licence", "red", "complaint_summary", "exposure"])
def test_what_never_counts(block: str) -> None:
    assert judge([Fact(block, TODAY, Why.IN_FORCE)], ADVERSE, TODAY, only_public=False) is Verdict.CLEAN


def test_what_nobody_collected_is_not_clean() -> None:
    assert judge([], ADVERSE - {"court"}, TODAY, only_public=False) is Verdict.UNKNOWN


def test_lines_as_people_paste_them() -> None:
    text = "企业名称\n湖南稻花屿食品有限公司\n\n2\t长沙青柚商贸有限公司\t张三\n3,91350100M000100Y43,备注\n“”\n  , ,\n"
    assert read_lines(text) == ["湖南稻花屿食品有限公司", "长沙青柚商贸有限公司", "91350100M000100Y43", "“”"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "没有看到"), ("企业名称", "没有看到"), ("字" * 201, "第 1 行"), ("某店\n" * (MOST_LINES + 1), "最多")],
)
def test_lists_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_lines(text)


def test_files_of_both_encodings_and_none() -> None:
    assert decode("稻花屿".encode("gb18030")) == decode("稻花屿".encode("utf-8-sig")) == "稻花屿"
    for content in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x00\xff" * 9, b"x" * (5 << 20)):
        with pytest.raises(UserError):
            read_file(content)
