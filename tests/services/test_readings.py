"""Texts read otherwise than they stand: short words, letters, digits, wrong trades, another order, dialects."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.enterprises.abbreviations import MOST_WAYS, load_abbreviations, write_out
from services.enterprises.candidates import MOST_HOLDERS, find_for_short, find_sharing
from services.enterprises.editions import count_rarity
from services.enterprises.features import FEATURES, compare_parts, read_question
from services.enterprises.finding import Verdict
from services.enterprises.index import NameIndex
from services.enterprises.matching import Hit
from services.enterprises.parts import split_name
from services.enterprises.pinyin import read_pinyin, speak_letters, spread
from services.enterprises.shard import build_shard
from tests.asking import ask, names
from tests.factories import make_enterprise


@pytest.fixture
def index(tmp_path: Path) -> NameIndex:
    return NameIndex(tmp_path / "index")


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("湘云朵传媒", ["湖南云朵传媒"]),
        ("渝云朵农商行", ["重庆云朵农村商业银行"]),
        ("宁云朵", ["宁夏云朵", "南京云朵"]),
        ("长沙云朵汽修", ["长沙云朵汽车修理", "长沙云朵汽车维修"]),
        ("云南云朵", []),  # a region already, and 云 in it no short word
        ("长沙云朵汽车维修", []),
        ("云朵岸洗衣", ["云南朵岸洗衣"]),
        ("湘" + "云朵岸洗衣" * 3, []),  # who says so much seldom shortens
    ],
)
def test_short_words_are_written_out(text: str, ways: list[str]) -> None:
    assert write_out(text) == ways


def test_the_table_of_short_words_is_sound() -> None:
    table = load_abbreviations()
    assert len({one.short for one in table}) == len(table)
    for one in table:
        assert one.long
        assert one.short not in one.long
        assert len(write_out(f"{one.short}白鹭汀")) <= MOST_WAYS


def test_a_firm_is_found_by_the_short_word_for_its_region(session: Session, index: NameIndex) -> None:
    for name in ("湖南白鹭汀传媒股份有限公司", "长沙星辰渡传媒有限公司", "湘潭北岸传媒有限公司"):
        make_enterprise(session, name)
    assert names(ask(session, index, "湘白鹭汀传媒"))[0] == "湖南白鹭汀传媒股份有限公司"


def test_a_name_that_holds_the_short_word_itself_is_not_read_otherwise(session: Session, index: NameIndex) -> None:
    for name in ("长沙云海物流有限公司", "云南博海物流有限公司", "云南海物流有限公司"):
        make_enterprise(session, name)
    assert names(ask(session, index, "云海物流"))[0] == "长沙云海物流有限公司"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [("步步GAO", 3), ("长沙云DUOAN洗衣", 7), ("ABC贸易", 0), ("GAODA", 0), ("云朵A岸", 0)],
)
def test_letters_among_characters_are_spoken(text: str, spoken: int) -> None:
    assert len(speak_letters(text)) == spoken
    assert speak_letters(text).isascii() == (not spoken)


def test_a_character_typed_in_letters_is_no_hindrance(session: Session, index: NameIndex) -> None:
    for name in ("长沙白鹭汀机电设备有限公司", "长沙白沙机电设备有限公司", "长沙星辰渡机电设备有限公司"):
        make_enterprise(session, name)
    finding = ask(session, index, "长沙白lu汀机电设备")
    assert finding.verdict is Verdict.CHOOSE
    assert names(finding)[0] == "长沙白鹭汀机电设备有限公司"


def test_an_unusual_reading_in_pinyin_is_read_as_the_usual_too() -> None:
    usual, asked = read_pinyin("chang he shang mao")[0], read_pinyin("zhang he shang mao")
    assert asked[0] != usual
    assert usual in asked


def test_of_one_sound_each_spelling_is_shown_the_commonest_first() -> None:
    def hit(number: int, name: str) -> Hit:
        return Hit(number, name, 21.0, 1.0, has_region_conflict=False, has_same_core=False, has_same_sound=True)

    hits = [hit(1, "长沙弘历贸易公司"), hit(2, "长沙鸿利贸易公司"), hit(3, "湘潭市鸿利贸易公司")]
    assert [one.enterprise_id for one in spread(hits)] == [2, 1, 3]


def test_a_digit_sounds_as_it_is_read(session: Session, index: NameIndex) -> None:
    for name in ("长沙三鹭汀机械有限公司", "长沙白鹭汀机械有限公司", "长沙七鹭汀机械有限公司"):
        make_enterprise(session, name)
    assert names(ask(session, index, "长沙3鹭汀机械"))[0] == "长沙三鹭汀机械有限公司"


def test_a_trade_remembered_wrongly_does_not_hide_the_trade_name() -> None:
    others = [f"长沙第{number}化工机械设备制造有限公司" for number in range(400)]
    shard = build_shard(enumerate([*others, "长沙白鹭汀商贸有限公司"]))
    text = "长沙白鹭汀化工机械设备制造有限公司"
    found = shard.texts(find_sharing(shard, text, 30_000, 5, read_question(text).brand))
    assert "长沙白鹭汀商贸有限公司" in found
    assert shard.texts(find_sharing(shard, text, 30_000, 5))[:5] == found[:5]


def test_a_great_firm_is_found_by_a_short_form_of_many_names() -> None:
    parent = "湖南国际云端科学白鹭机场建设管理股份有限公司"
    others = [f"湖南鹭{number}机场服务" for number in range(MOST_HOLDERS + 50)]
    shard = build_shard(enumerate([*others, parent, f"{parent}长沙分公司"]))
    assert parent in shard.texts(find_for_short(shard, "湖南机场", 30_000, 20))


def test_a_listed_firm_is_found_by_a_short_form_of_many_names() -> None:
    listed = "湖南国际云端科学白鹭机场建设管理集团"
    names = [*(f"湖南鹭{number}机场服务" for number in range(MOST_HOLDERS + 50)), listed]
    plain, marked = build_shard(enumerate(names)), build_shard(enumerate(names), [len(names) - 1])
    assert listed not in plain.texts(find_for_short(plain, "湖南机场", 30_000, 20))
    assert listed in marked.texts(find_for_short(marked, "湖南机场", 30_000, 20))
    assert marked.texts(marked.listed_documents) == [listed]


def test_characters_in_another_order_are_seen() -> None:
    question = read_question("长沙悦品饰品有限公司")
    candidates = [split_name(name) for name in ("长沙品悦饰品有限公司", "长沙悦创饰品有限公司", "长沙悦品饰品有限公司")]
    rarity = count_rarity(build_shard(enumerate(["长沙品悦饰品有限公司"])))
    turned = compare_parts(question, candidates, rarity)[:, FEATURES.index("turned") - len(FEATURES)]
    assert turned.tolist() == [1, 0, 0]


def test_dialects_are_heard_alike() -> None:
    question = read_question("长沙星威轴承有限公司")
    candidates = [split_name(name) for name in ("长沙新微轴承有限公司", "长沙星红轴承有限公司")]
    rarity = count_rarity(build_shard(enumerate(["长沙新微轴承有限公司"])))
    table = compare_parts(question, candidates, rarity)
    for name in ("core_folds", "rest_folds"):
        near, far = table[:, FEATURES.index(name) - len(FEATURES)].tolist()
        assert near == 1 > far


def test_of_two_firms_without_legal_forms_none_is_forgotten(session: Session, index: NameIndex) -> None:
    for name in ("长沙白鹭汀商贸有限公司", "湘潭星辰渡机械制造有限公司", "岳阳仁和云朵药业有限公司"):
        make_enterprise(session, name)
    for text in ("长沙白鹭汀商贸和湘潭星辰渡机械制造", "长沙白鹭汀商贸、湘潭星辰渡机械制造"):
        finding = ask(session, index, text)
        assert finding.parts == ("长沙白鹭汀商贸", "湘潭星辰渡机械制造")
    assert names(ask(session, index, "岳阳仁和云朵药业"))[0] == "岳阳仁和云朵药业有限公司"
    assert not ask(session, index, "岳阳仁和云朵药业").parts
