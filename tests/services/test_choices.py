"""What may be kept of a query: nothing that could be a person's."""

import pytest

from services.enterprises.choices import is_about_firm, is_absent_firm, keep_query

FIRM = "长沙鑫达商贸有限公司"


@pytest.mark.parametrize("query", ["鑫达建材", "长沙市三一重工", "新达 商贸", "ABC科技", "湖南鑫达商贸有限责任公司"])
def test_names_are_kept(query: str) -> None:
    assert keep_query(query)


@pytest.mark.parametrize(
    "query",
    [
        "王小明",
        "欧阳小明",
        "王先生",
        "鑫达13800001111",
        "鑫达一三八零零零零一一一一",
        "91430100MA4L123456",
        "幸福路12号鑫达超市",
        "幸福小区三栋二单元",
        "我在鑫达买的",
        "鑫达电话",
        "鑫",
        "鑫达" * 30,
    ],
)
def test_what_could_be_personal_is_not(query: str) -> None:
    assert keep_query(query) == ""


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("鑫达建材", True),  # another trade
        ("新打商贸", True),  # heard wrong
        ("湘潭鑫达商贸公司", True),  # another region
        ("王五鑫达商贸", False),  # a person's name before it
        ("鑫达卖鸡蛋便宜老头", False),  # a story
    ],
)
def test_what_is_not_in_the_name_must_be_public_too(query: str, kept: bool) -> None:
    assert is_about_firm(query, [FIRM]) is kept


def test_former_names_count() -> None:
    assert not is_about_firm("星辰王朝大酒家", [FIRM])
    assert is_about_firm("星辰王朝大酒家", [FIRM, "长沙星辰王朝大酒家有限公司"])


@pytest.mark.parametrize(
    ("query", "kept"),
    [("长沙众联商贸有限公司", True), ("王小明超市", False), ("新开的那家", False), ("众联科技", True)],
)
def test_absent_firms_are_kept_where_they_are_clearly_firms(query: str, kept: bool) -> None:
    assert is_absent_firm(query) is kept
