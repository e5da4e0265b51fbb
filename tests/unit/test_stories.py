"""Stories, numbers, places and several names: what of a message could be a firm (pure)."""

import pytest

from services.enterprises.asking import join_region, name_home, read_licence, read_names, region_asked
from services.enterprises.numerals import other_numerals
from services.enterprises.people import holds_resident_id, looks_like_address, looks_like_phone
from services.enterprises.stories import is_grievance, is_question, is_story, split_names, story_names


@pytest.mark.parametrize(
    ("story", "name"),
    [
        ("我昨天在长沙那个大润发超市买了东西他们不给退怎么办", "长沙大润发超市"),
        ("在步步高办的卡能退吗", "步步高"),
        ("老板跑了 枫桥渡物流 欠我运费", "枫桥渡物流"),
        ("请问云朵岸洗衣店关门了我的卡里还有钱", "云朵岸洗衣店"),
        ("我妈被一个叫康福来的公司骗了3000块钱", "康福来"),
        ("去年在湘潭石榴巷小馆吃饭吃出虫子", "湘潭石榴巷小馆"),
    ],
)
def test_the_firm_of_a_story_comes_first(story: str, name: str) -> None:
    assert is_story(story)
    assert story_names(story)[0] == name


@pytest.mark.parametrize("name", ["湖南稻花屿食品有限公司", "长沙质量检测有限公司", "会员仓储超市", "小米科技"])
def test_a_name_is_no_story(name: str) -> None:
    assert not is_story(name)
    assert not is_question(name)


def test_a_complaint_is_known_by_its_words() -> None:
    assert is_grievance("店里不给退钱")
    assert not is_grievance("湖南稻花屿食品有限公司怎么样")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲乙食品有限公司和丙丁商贸有限公司", ["甲乙食品有限公司", "丙丁商贸有限公司"]),
        ("查甲乙食品有限公司、丙丁百货商店。", ["甲乙食品有限公司", "丙丁百货商店"]),
        ("甲乙食品有限公司\n丙丁商贸有限公司", ["甲乙食品有限公司", "丙丁商贸有限公司"]),
        ("步步高和大润发哪个好", ["步步高", "大润发"]),
        ("美的跟格力比怎么样", ["美的", "格力"]),
        ("华为vs小米", ["华为", "小米"]),
        ("帮我看看大润发、步步高还有永辉这三家", ["大润发", "步步高", "永辉"]),
        ("和平食品有限公司", []),
        ("甲乙食品有限公司怎么样", []),
        ("我和甲乙食品有限公司有纠纷", []),
        ("甲乙、甲乙", []),
        ("、".join(["甲乙"] * 9), []),
        ("", []),
    ],
)
def test_several_names_stand_apart(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("大润发 在长沙的", "长沙大润发"),
        ("长沙的那个大润发", "长沙大润发"),
        ("大润发，长沙的", "长沙大润发"),
        ("大润发在长沙的那家", "长沙大润发"),
        ("在长沙的大润发", "长沙大润发"),
        ("美的集团怎么样", "美的集团"),
        ("大润发是不是骗子", "大润发"),
        ("大润发到底会不会跑路啊", "大润发"),
        ("幫我查一下大潤發怎麼樣", "大润发"),
        ("《大润发》", "大润发"),
        ("长沙“云朵岸”洗衣店", "长沙云朵岸洗衣店"),
        ("https://a.com/x 三一重工", "三一重工"),
    ],
)
def test_the_second_reading_is_what_is_asked_for(text: str, asked: str) -> None:
    assert read_names(text)[1] == asked


def test_a_region_is_told_from_the_rest() -> None:
    assert region_asked("长沙大润发") == ("长沙", "大润发")
    assert region_asked("大润发长沙") == ("长沙", "大润发")
    assert region_asked("大润发") == ("", "大润发")
    assert join_region("大润发") == ""


def test_our_county_is_the_bureaus_own_region() -> None:
    assert name_home("我们县里那个大润发", "长沙") == "长沙那个大润发"
    assert name_home("我们县里那个大润发", "") == "那个大润发"
    assert name_home("本地宝科技", "长沙") == "本地宝科技"


def test_the_name_is_read_out_of_a_licence() -> None:
    spaced = "名    称  甲乙食品有限公司\n类   型 有限责任公司\n法定代表人 某某"
    flat = "统一社会信用代码 91430100DEM0HR010U 名称 甲乙食品有限公司 类型 有限责任公司"
    assert read_licence(spaced) == read_licence(flat) == "甲乙食品有限公司"
    assert read_licence("名称:甲乙食品有限公司; 统一社会信用代码:1") == "甲乙食品有限公司"
    assert read_licence("这个名称是什么意思") == ""


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("31重工", ["三一重工", "三十一重工"]),
        ("三幺重工", ["三一重工", "31重工"]),
        ("21世纪酒店", ["二一世纪酒店", "二十一世纪酒店"]),
        ("二十一世纪酒店", ["21世纪酒店"]),
        ("第一食品", []),
    ],
)
def test_numbers_are_written_in_several_ways(name: str, others: list[str]) -> None:
    assert other_numerals(name) == others


@pytest.mark.parametrize("text", ["13800138000", "138 0013 8000", "0731-82345678", "139-0013-8000是谁的电话", "12345"])
def test_a_telephone_number_is_no_name(text: str) -> None:
    assert looks_like_phone(text)


@pytest.mark.parametrize("text", ["31重工", "58同城", "2026年", "甲乙公司13800138000"])
def test_a_name_with_digits_is_no_telephone_number(text: str) -> None:
    assert not looks_like_phone(text)


def test_an_address_has_a_number_and_no_name_after_it() -> None:
    assert looks_like_address("长沙市岳麓区麓谷大道658号")
    assert looks_like_address("幸福小区3栋2单元501室")
    assert not looks_like_address("解放路100号小吃店")
    assert not looks_like_address("六号码头餐厅")


def test_an_identity_number_is_seen_inside_words() -> None:
    assert holds_resident_id("身份证 11010519491231002x 失信吗")
    assert not holds_resident_id("91430100DEM0HR010U")
