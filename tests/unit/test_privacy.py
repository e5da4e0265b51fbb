"""The check of texts that go out: what it finds, where, and what it leaves alone."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.privacy import PersonalKind as K
from services.privacy import find_places, has_luhn_digit

FOUND = [
    ("请联系13812345678。", K.PHONE, "13812345678"),
    ("请联系 138 1234 5678 。", K.PHONE, "138 1234 5678"),
    ("电话138-1234-5678", K.PHONE, "138-1234-5678"),
    ("电话+8613812345678", K.PHONE, "+8613812345678"),
    ("电话１３８１２３４５６７８", K.PHONE, "１３８１２３４５６７８"),
    ("电话一三八一二三四五六七八", K.PHONE, "一三八一二三四五六七八"),
    ("家里0731-84123456", K.LANDLINE, "0731-84123456"),
    ("身份证11010519491231002X，", K.RESIDENT_ID, "11010519491231002X"),
    ("身份证110105 19491231 002x", K.RESIDENT_ID, "110105 19491231 002x"),
    ("卡号6222 0202 0001 2345 670收", K.BANK_CARD, "6222 0202 0001 2345 670"),
    ("邮箱zhang.san@example.com", K.EMAIL, "zhang.san@example.com"),
    ("车牌湘A12345的车主", K.PLATE, "湘A12345"),
    ("护照E12345678", K.PASSPORT, "E12345678"),
    ("住在幸福小区3栋2单元501室", K.ADDRESS, "3栋2单元501室"),
    ("家住人民路12号3楼402室", K.ADDRESS, "12号3楼402室"),
    ("家住3栋501室", K.ADDRESS, "3栋501室"),
    ("投诉人欧阳小明反映", K.NAME, "欧阳小明"),
    ("欧先生反映", K.NAME, "欧先生"),
]
LEFT = [
    "请拨打12345或12312，也可拨打400-800-1234。",
    "编号TS20261120430100000015，查询码另告。",
    "统一社会信用代码91110000600037341L，注册号110108000000016。",
    "退还余额1500元，2026年11月20日前到账。",
    "依据《中华人民共和国消费者权益保护法》第四十六条。",
    "商家已于10月8日关门，涉及储值卡2000张。",
    "订单号20261120123456789012。",
]


@pytest.mark.parametrize(("text", "kind", "said"), FOUND, ids=lambda value: str(value)[:16])
def test_it_is_found_where_it_stands(text: str, kind: K, said: str) -> None:
    (place,) = find_places(text, ["欧阳小明"])
    assert place.kind is kind
    assert said in place.said
    assert text[place.start : place.end] == place.said
    assert place.said in place.words


@pytest.mark.parametrize("text", LEFT)
def test_desks_numbers_codes_and_laws_are_left_alone(text: str) -> None:
    assert find_places(text, ["欧阳小明"]) == []


def test_several_are_named_in_order_and_none_twice() -> None:
    text = "欧阳小明（13812345678）住幸福小区3栋2单元501室，证号11010519491231002X。"
    assert [place.kind for place in find_places(text, ["欧阳小明"])] == [K.NAME, K.PHONE, K.ADDRESS, K.RESIDENT_ID]


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    places = find_places(text, ["王五"])
    assert all(text[place.start : place.end] == place.said for place in places)
    assert all(one.end <= other.start for one, other in itertools.pairwise(places))


@given(st.text(alphabet="一二三〇零12345678 号栋室路村", max_size=300))
def test_no_text_makes_it_slow(text: str) -> None:
    find_places(text * 5)


def test_luhn() -> None:
    assert has_luhn_digit("6222020200012345670")
    assert has_luhn_digit("79927398713")
    assert not has_luhn_digit("79927398710")
