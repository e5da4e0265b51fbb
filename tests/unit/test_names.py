"""Names: one form for all spellings, the four parts, what a sentence asks for, who is a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enterprises.asking import read_names, spans_with_form, strip_sentence
from services.enterprises.features import speak
from services.enterprises.names import hash_key, hash_name, normalise
from services.enterprises.parts import are_compatible, find_regions, split_name
from services.enterprises.people import looks_like_person
from services.enterprises.pinyin import read_pinyin
from services.enterprises.sounds import fold_syllable, load_sounds


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("湖南湘江源（集团）有限公司", "湖南湘江源集团有限公司"),
        ("湖南湘江源(集团) 有限公司 ", "湖南湘江源集团有限公司"),
        ("湖南湘江源　有，限公司", "湖南湘江源有限公司"),
        ("新疆九祥礦業有限公司", "新疆九祥矿业有限公司"),
        ("ａｂｃ科技", "ABC科技"),
        ("Abc科技", "ABC科技"),
        ("“云朵岸”", "云朵岸"),
        ("\u202e公司\u200b", "公司"),
        ("㈱三", "株三"),
        ("", ""),
    ],
)
def test_spellings_have_one_form(written: str, form: str) -> None:
    assert normalise(written) == form


def test_different_firms_keep_different_forms() -> None:
    assert normalise("星辰电子") != normalise("星晨电子")
    assert normalise("\ue7d9电子") != normalise("电子")  # characters a register had no code for
    assert normalise("一二商贸") != normalise("12商贸")
    assert normalise("日昇商贸") != normalise("日升商贸")  # both are standard characters
    assert normalise("乾元商贸") != normalise("干元商贸")
    assert normalise("二○一商贸") == normalise("二〇一商贸") != normalise("二一商贸")


@given(st.text())
def test_normalising_twice_changes_nothing_and_never_fails(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert -(2**63) <= hash_key(once) < 2**63
    assert hash_name(text) == hash_key(once)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("湖南省长沙市岳麓区云朵岸洗衣服务有限公司", ("湖南省长沙市岳麓区", "云朵岸洗衣服务", "有限公司", "")),
        ("长沙云朵岸洗衣服务有限责任公司", ("长沙", "云朵岸洗衣服务", "有限责任公司", "")),
        ("云朵岸洗衣服务有限公司湘潭分公司", ("", "云朵岸洗衣服务", "有限公司", "湘潭分公司")),
        ("内蒙古云朵岸乳业股份有限公司", ("内蒙古", "云朵岸乳业", "股份有限公司", "")),
        ("恩施州天天商贸有限公司", ("恩施州", "天天商贸", "有限公司", "")),
        ("喀喇沁旗大牛群供销合作社", ("喀喇沁旗", "大牛群", "供销合作社", "")),
        ("麦朵坊便利店", ("", "麦朵坊便利", "店", "")),
        ("长沙", ("", "长沙", "", "")),
        ("", ("", "", "", "")),
    ],
)
def test_a_name_has_four_parts(name: str, parts: tuple[str, str, str, str]) -> None:
    found = split_name(name)
    assert (found.region, found.core, found.form, found.tail) == parts
    assert found.is_branch == bool(parts[3])


@given(st.text(alphabet="湖南省长沙市望城区云朵岸商贸有限责任公司分店厂0A", max_size=20))
def test_the_parts_are_the_name(name: str) -> None:
    parts = split_name(name)
    assert parts.region + parts.core + parts.form + parts.tail == name


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("长沙云朵岸有限公司", "云朵岸有限公司"),
        ("云朵岸长沙有限公司", "云朵岸有限公司"),
        ("云朵岸有限公司长沙", "云朵岸有限公司"),
    ],
)
def test_a_region_is_found_where_people_put_it(name: str, rest: str) -> None:
    found, without = find_regions(name)
    assert "4301" in found
    assert without == rest


def test_regions_are_compatible_when_one_lies_in_the_other() -> None:
    assert are_compatible(frozenset({"43"}), frozenset({"4301"}))
    assert are_compatible(frozenset(), frozenset({"4301"}))
    assert not are_compatible(frozenset({"4302"}), frozenset({"4301"}))


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("帮我查一下云朵岸洗衣服务有限公司怎么样", "云朵岸洗衣服务有限公司"),
        ("请问云朵岸洗衣靠谱吗？", "云朵岸洗衣"),
        ("云朵岸洗衣在不在红名单里", "云朵岸洗衣"),
        ("查云朵岸洗衣是不是黑名单", "云朵岸洗衣"),
        ("云朵岸洗衣的信用记录", "云朵岸洗衣"),
        ("你好，我想查一下云朵岸洗衣有没有失信，谢谢", "云朵岸洗衣"),
        ("云朵岸洗衣这家公司是骗子吗", "云朵岸洗衣"),
        ("家家悦超市", "家家悦超市"),
        ("力源信息", "力源信息"),
    ],
)
def test_the_words_of_asking_are_left_out(sentence: str, name: str) -> None:
    assert name in read_names(sentence)[:3]


def test_readings_begin_with_the_literal_one() -> None:
    assert read_names("查查电子商务有限公司")[0] == "查查电子商务有限公司"
    assert read_names("长沙的那个云朵岸")[-1] == "长沙云朵岸"
    assert read_names("他说的“云朵岸洗衣”怎么样")[1] == "云朵岸洗衣"
    assert read_names("？！……") == []
    assert strip_sentence("查") == "查"


def test_a_name_inside_a_sentence_is_among_its_spans() -> None:
    spans = spans_with_form("我昨天在长沙云朵岸洗衣服务有限公司交了钱")
    assert "长沙云朵岸洗衣服务有限公司" in spans
    assert len(spans_with_form("公司" * 400)) <= 400


@pytest.mark.parametrize("text", ["张建国", "欧阳小明", "王阿姨", "李先生"])
def test_people_are_known_by_their_names(text: str) -> None:
    assert looks_like_person(text)


@pytest.mark.parametrize("text", ["云朵岸", "张建国面馆", "长沙", "王家豆腐店", "东方金龙集团"])
def test_firms_are_not_people(text: str) -> None:
    assert not looks_like_person(text)


def test_pinyin_is_read_with_and_without_spaces() -> None:
    assert read_pinyin("yun duo an")[0] == read_pinyin("yunduoan")[0]
    assert len(read_pinyin("chang sha yun duo an")[0]) == 5
    assert read_pinyin("ABC") == []
    assert read_pinyin("qqqq") == []
    assert read_pinyin("云朵岸") == []


def test_pinyin_that_can_be_read_in_two_ways_is_read_in_both() -> None:
    spoken = {speak("西安人"), speak("先人")}
    assert spoken <= set(read_pinyin("xianren"))
    assert read_pinyin("bubugao")[0] == speak("步步高")
    assert read_pinyin("查bubugao")[0] == speak("查步步高")


def test_what_dialects_confuse_folds_together() -> None:
    assert fold_syllable("zhang") == fold_syllable("zan")
    assert fold_syllable("niu") == fold_syllable("liu")
    assert fold_syllable("sheng") == fold_syllable("sen")
    assert fold_syllable("gao") != fold_syllable("dao")
    sounds = load_sounds()
    assert sounds.syllable_of[ord("星")] == sounds.syllable_of[ord("兴")]
    assert sounds.fold_of[ord("牛")] == sounds.fold_of[ord("刘")]
