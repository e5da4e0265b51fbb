"""Numbers and check codes of answers: every slip of typing is noticed, and nothing else fits the code."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.credit.answer_numbers import (
    AnswerNumber,
    Signed,
    find_answer_number,
    find_code,
    group_check_code,
    group_number,
    parse_answer_number,
    sign_answer,
    split_token,
    tidy_check_code,
    token_of,
)

NUMBER = AnswerNumber(date(2026, 11, 20), "430100", 744)
SIGNED = Signed(str(NUMBER), 18, "chat", datetime(2026, 11, 20, 10, 0, tzinfo=UTC), bytes(16), 1)
KEY = b"k" * 32


def test_a_number_is_read_as_it_is_written() -> None:
    assert str(NUMBER) == "CX20261120430100000007441"
    assert parse_answer_number(" cx2026 1120 4301 0000 0007 441 ") == NUMBER
    big = AnswerNumber(date(2026, 11, 20), "430100", 123_456_789_012)
    assert parse_answer_number(str(big)) == big


def test_every_wrong_digit_and_most_swaps_are_noticed() -> None:
    good = str(NUMBER)
    for place in range(2, len(good)):
        for digit in "0123456789":
            if digit != good[place]:
                assert parse_answer_number(good[:place] + digit + good[place + 1 :]) is None
    swapped = [good[:at] + good[at + 1] + good[at] + good[at + 2 :] for at in range(2, len(good) - 1)]
    differing = [text for text in swapped if text != good]
    assert sum(parse_answer_number(text) is not None for text in differing) <= 1


@pytest.mark.parametrize("text", ["", "CX", "TS20261120430100000007441", "CX2026112043010000000744", "CX" + "9" * 40])
def test_other_texts_are_no_numbers(text: str) -> None:
    assert parse_answer_number(text) is None


def test_number_and_code_are_found_in_a_sentence() -> None:
    text = "查询编号 CX2O261120430100000007441，校验码 ALF-JSY-BCG，11月20日18:00"
    assert find_answer_number(text) == str(NUMBER)
    assert find_code(text) == "ALFJSYBCG"
    assert find_code("CX20261120430100000007441") == ""
    assert find_answer_number("湖南CX食品有限公司") is None


def test_the_code_covers_everything_that_an_answer_says() -> None:
    code = sign_answer("A", KEY, SIGNED)
    others = [
        replace(SIGNED, number="CX20261120430100000007451"),
        replace(SIGNED, enterprise_id=19),
        replace(SIGNED, door="h5"),
        replace(SIGNED, issued_at=datetime(2026, 11, 20, 10, 1, tzinfo=UTC)),
        replace(SIGNED, digest=b"\x01" + bytes(15)),
        replace(SIGNED, digest_version=2),
    ]
    codes = {sign_answer("A", KEY, signed) for signed in others} | {sign_answer("A", b"x" * 32, SIGNED)}
    assert code not in codes
    assert len(codes) == len(others) + 1
    assert sign_answer("B", KEY, SIGNED)[1:] == code[1:]


def test_a_code_is_tidied_and_grouped() -> None:
    assert tidy_check_code("alf-jsy bcg") == "ALFJSYBCG"
    assert group_check_code("ALFJSYBCG") == "ALF-JSY-BCG"
    assert group_number(str(NUMBER)) == "CX20261120 430100 000007441"
    assert parse_answer_number(group_number(str(NUMBER))) == NUMBER
    assert [tidy_check_code(text) for text in ("ALFJSYBC", "ALFJSYBC0", "")] == ["", "", ""]
    assert split_token(token_of(str(NUMBER), "ALFJSYBCG")) == (str(NUMBER), "ALFJSYBCG")
