"""Codes of enterprises: the law's vectors, slips found and mended, codes in running text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enterprises.codes import (
    ALPHABET,
    DEPARTMENTS,
    CodeKind,
    check_credit_codes,
    check_registration_number,
    clean_code,
    corrections,
    find_codes,
    is_resident_id,
    is_valid,
    parse_code,
)

RIGHT = [
    "91110000600037341L",
    "91440300708461136T",
    "91330100799655058B",
    "914403001922038216",
    "91110108551385082Q",
    "91110000802100433B",
    "91350100M000100Y43",
]
NUMBERS = ["440301103448669", "440301103097413", "110108000000016"]


def invent_code(department: str, kind: str, region: str, body: str) -> str:
    """A right code by the standards' own words, written apart from the code under test."""
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(letters.index(letter) * weight for letter, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    rest = 11 - total % 11
    code = department + kind + region + body + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(ALPHABET.index(letter) * 3**place for place, letter in enumerate(code))
    return code + ALPHABET[(31 - total % 31) % 31]


credit_codes = st.builds(
    invent_code,
    st.sampled_from(sorted(DEPARTMENTS)),
    st.sampled_from("1239"),
    st.from_regex(r"[1-6][0-5][0-9]{4}", fullmatch=True),
    st.text(ALPHABET, min_size=8, max_size=8),
)


@pytest.mark.parametrize("code", RIGHT)
def test_right_credit_codes(code: str) -> None:
    parsed = parse_code(code)
    assert parsed is not None
    assert parsed.kind is CodeKind.CREDIT_CODE
    assert (parsed.is_valid, parsed.is_issued, parsed.department) == (True, True, "市场监督管理")


@pytest.mark.parametrize("code", ["91350100M000100Y4Z", "91310000MA1FL0BX9X", "", "1", "91", "无", "9" * 18])
def test_wrong_codes(code: str) -> None:
    assert not is_valid(code)


def test_the_parts_of_a_code() -> None:
    parsed = parse_code("91350100M000100Y43")
    assert parsed is not None
    assert (parsed.text, parsed.region_code) == ("91350100M000100Y43", "350100")


@pytest.mark.parametrize("department", "ANY")
def test_departments_that_are_letters(department: str) -> None:
    code = invent_code(department, "1", "110000", "00001234")
    parsed = parse_code(code)
    assert parsed is not None
    assert parsed.is_valid
    assert parsed.department == DEPARTMENTS[department]


def test_a_department_that_does_not_exist() -> None:
    assert parse_code(invent_code("8", "1", "110000", "00001234")) is not None
    assert parse_code(invent_code("B", "1", "110000", "00001234")) is None


@pytest.mark.parametrize("number", NUMBERS)
def test_registration_numbers(number: str) -> None:
    parsed = parse_code(number)
    assert parsed is not None
    assert (parsed.kind, parsed.is_valid, parsed.department) == (CodeKind.REGISTRATION_NUMBER, True, "")
    assert parsed.region_code == number[:6]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_changed_digit_of_a_registration_number_is_noticed(number: str) -> None:
    slips = [
        number[:place] + digit + number[place + 1 :]
        for place in range(15)
        for digit in "0123456789"
        if digit != number[place]
    ]
    assert len(slips) == 135
    assert not any(map(check_registration_number, slips))


@pytest.mark.parametrize("number", ["3202111102990", "320506NA000043X", "企合苏锡总字第0001", "企独苏苏办字第0037号"])
def test_legacy_numbers_have_no_check(number: str) -> None:
    parsed = parse_code(number)
    assert parsed is not None
    assert (parsed.kind, parsed.is_valid) == (CodeKind.LEGACY, True)


def test_a_foreign_number_names_no_region() -> None:
    parsed = parse_code("企合苏锡总字第0001")
    assert parsed is not None
    assert parsed.region_code == ""


@pytest.mark.parametrize(
    "written",
    [
        "９１１１００００６０００３７３４１Ｌ",
        "91110000600037341l",
        " 9111 0000 6000 3734 1L\n",
        "911100-00-600037341L",
        "91110000－60003734－1L",
        "'91110000600037341L",
        "\ufeff91110000\u200b600037341L",
        "9111\u30000000\u00a06000 37341L",
    ],
)
def test_cleaning(written: str) -> None:
    assert clean_code(written) == "91110000600037341L"
    assert is_valid(written)


def test_cleaning_corrects_nothing() -> None:
    assert clean_code("9111OOOO6OOO3734IL") == "9111OOOO6OOO3734IL"
    assert not is_valid("9111OOOO6OOO3734IL")


def test_many_at_once_are_judged_like_one() -> None:
    wrong_organisation = "914512817717388902"  # issued so: right last character, wrong organisation code
    wrong_last = "91110000600037341M"
    checks = check_credit_codes([*RIGHT, wrong_organisation, wrong_last])
    assert checks.right.tolist() == [True] * 8 + [False]
    assert checks.right_organisation.tolist() == [True] * 7 + [False, True]
    assert checks.issued.tolist() == [True] * 8 + [False]


def test_none_at_once() -> None:
    assert check_credit_codes([]).right.tolist() == []


def test_a_code_issued_without_negation_is_known_but_not_valid() -> None:
    code = RIGHT[0]
    total = (31 - ALPHABET.index(code[17])) % 31
    parsed = parse_code(code[:17] + ALPHABET[total])
    assert parsed is not None
    assert (parsed.is_issued, parsed.is_valid, parsed.has_right_organisation_check) == (True, False, True)


def test_a_letter_in_the_organisation_check_is_never_right() -> None:
    body = "91110000" + "00000000"  # its organisation code ends in 0
    for letter in "ABCDEFGHJKLMNPQRTUWY":
        parsed = parse_code(body + letter + "0")
        assert parsed is not None
        assert not parsed.has_right_organisation_check


@given(credit_codes)
def test_invented_codes_are_right(code: str) -> None:
    assert is_valid(code)
    assert corrections(code) == []


@given(credit_codes, st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_any_changed_character_is_noticed_and_mended(code: str, place: int, letter: str) -> None:
    slip = code[:place] + letter + code[place + 1 :]
    if slip == code:
        return
    assert not is_valid(slip)
    assert code in corrections(slip)


@given(credit_codes, st.integers(0, 16))
def test_swapped_neighbours_are_noticed_and_mended(code: str, place: int) -> None:
    slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if slip != code:
        assert not is_valid(slip)
        assert code in corrections(slip)


@given(credit_codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_a_missing_or_extra_character_is_mended(code: str, place: int, letter: str) -> None:
    assert code in corrections(code[:place] + code[place + 1 :])
    assert code in corrections(code[:place] + letter + code[place:])


@given(credit_codes)
def test_all_look_alikes_at_once_are_mended(code: str) -> None:
    slip = code.translate(str.maketrans("0152", "OISZ"))
    assert slip == code or code in corrections(slip)


@given(st.text(max_size=25))
def test_corrections_are_valid_whatever_was_written(text: str) -> None:
    assert all(map(is_valid, corrections(text)))


@pytest.mark.parametrize("number", NUMBERS)
def test_registration_numbers_are_mended(number: str) -> None:
    assert number in corrections(number[:-1])
    assert number in corrections(number.replace("0", "O"))
    assert number in corrections(f"{number[:3]}7{number[3:]}")


@pytest.mark.parametrize("text", ["", "长沙大润发", "123", "1" * 13, "9" * 20])
def test_nothing_to_mend(text: str) -> None:
    assert corrections(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "帮我查一下91110000600037341L怎么样",
        "代码：９１１１００００６０００３７３４１l，谢谢",
        "9111 0000 6000 3734 1L",
        "9111-0000-6000-3734-1L的信用",
        "http://www.gsxt.gov.cn/index.html?uniscid=91110000600037341L&t=1763690000000",
        '{"name":"某公司","code":"91110000600037341L"}',
        "电话13812345678 代码 91110000600037341L",
    ],
)
def test_a_code_is_found_in_a_text(text: str) -> None:
    assert find_codes(text) == ["91110000600037341L"]


def test_valid_codes_come_before_slips() -> None:
    assert find_codes("91110000600037341M 和 91440300708461136T") == ["91440300708461136T", "91110000600037341M"]


def test_slips_of_other_lengths_are_found() -> None:
    assert find_codes("9111000060003734L") == ["9111000060003734L"]
    assert find_codes("91110000600037341LL") == ["91110000600037341LL"]


def test_numbers_are_found_and_timestamps_are_not() -> None:
    assert find_codes("注册号440301103448669") == ["440301103448669"]
    assert find_codes("3202111102990") == ["3202111102990"]
    assert find_codes("1763690000000") == []


@pytest.mark.parametrize("text", ["", "长沙市大润发超市", "13812345678", "HTTPS://WEIXIN.QQ.COM/ABCDEFGHIJKLMNOPQR"])
def test_no_code(text: str) -> None:
    assert find_codes(text) == []


@given(st.text(max_size=200))
def test_any_text_can_be_searched(text: str) -> None:
    assert all(13 <= len(code) <= 19 for code in find_codes(text))


def test_a_resident_is_no_enterprise() -> None:
    assert is_resident_id("11010519491231002X")
    assert is_resident_id("110105 19491231 002x")
    assert find_codes("身份证11010519491231002X") == []


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X", "91110000600037341L", "1101051949", ""])
def test_not_every_number_is_a_residents(number: str) -> None:
    assert not is_resident_id(number)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_residents_numbers_are_never_returned(birthday: date, serial: int) -> None:
    body = f"430102{birthday:%Y%m%d}{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    number = body + "10X98765432"[total % 11]
    assert is_resident_id(number)
    assert find_codes(f"我是{number}") == []
