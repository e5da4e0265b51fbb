"""What a citizen's words say by themselves."""

import pytest

from config.cases import load_case_rules
from models.case_words import CaseKind
from services.cases.hearing import hear_amounts, hear_category, hear_contact, hear_requests, holds_resident_id

RULES = load_case_rules()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("上个月在它门店充了2000块钱卡，现在关门了，想退钱", "prepaid_closure"),
        ("办了储值卡，余额不给退", "prepaid"),
        ("在饭店吃出虫子", "food_quality"),
        ("超市买到过期面包", "food_quality"),
        ("饭店收最低消费", "catering"),
        ("加盟费三万要不回来", "franchise"),
        ("老板拖欠工资", "labour"),
        ("网上刷单被诈骗了", "police"),
        ("买的二手车是事故车", "secondhand_cars"),
        ("楼上噪音扰民", "elsewhere"),
        ("态度不好", "other_commerce"),
    ],
)
def test_the_matter_is_proposed(told: str, code: str) -> None:
    assert hear_category(told, RULES).code == code


@pytest.mark.parametrize(
    ("told", "fen"),
    [
        ("充了2000块", {200_000}),
        ("花了 1,999.50 元", {199_950}),
        ("交了３万元加盟费", {3_000_000}),
        ("两千块", {200_000}),
        ("三万五千多元", {3_500_000}),
        ("一百二十块", {12_000}),
        ("一块去买的", {100}),
        ("充2000元，还剩1500元", {200_000, 150_000}),
        ("2000年开的店", set()),
    ],
)
def test_sums_of_money(told: str, fen: set[int]) -> None:
    assert hear_amounts(told) == fen


def test_what_is_asked_for() -> None:
    assert hear_requests("我要退钱，还要赔偿和道歉") == ["退款", "赔偿", "道歉"]
    assert hear_requests("请问几点开门") == []
    assert hear_requests("店里拒绝退还储值卡余额") == ["退款"]
    assert hear_requests("店里拒绝退还储值卡，也不赔偿", CaseKind.REPORT) == []
    assert hear_requests("店里不肯退款，请查处并要求退款", CaseKind.REPORT) == ["退款", "查处"]


@pytest.mark.parametrize(
    ("said", "name", "phone", "trouble"),
    [
        ("李芳 13900000002", "李芳", "13900000002", ""),
        ("我叫李明，电话是 138-0000-0000", "李明", "13800000000", ""),
        ("138 0000 0000李明", "李明", "13800000000", ""),
        ("李明１３８００００００００", "李明", "13800000000", ""),
        ("姓名：买买提·吐尔逊 电话：010-62345678", "买买提·吐尔逊", "01062345678", ""),
        ("+86 13800000000 Anna Lee", "Anna Lee", "13800000000", ""),
        ("李明", "李明", "", ""),
        ("1380000000 李明", "李明", "", "short"),
        ("138000000001 李明", "李明", "", "long"),
        ("12800000000", "", "", "unknown"),
        ("还有老板的态度也特别差", "", "", ""),
    ],
)
def test_name_and_telephone(said: str, name: str, phone: str, trouble: str) -> None:
    heard = hear_contact(said)
    assert (heard.name, heard.phone, heard.trouble) == (name, phone, trouble)


@pytest.mark.parametrize(
    "text", ["43010419900101123X", "我的身份证４３０１０４１９９００１０１１２３４，请查", "430104199001011234"]
)
def test_identity_numbers_are_noticed_even_mistyped(text: str) -> None:
    assert holds_resident_id(text)


@pytest.mark.parametrize("text", ["91430100MA4L2K1X70", "13800000000", "订单 202611200000123456789", "2026年11月20日"])
def test_other_numbers_are_none(text: str) -> None:
    assert not holds_resident_id(text)
