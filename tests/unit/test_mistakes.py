"""Mistakes made by seeded code are of their kind, the same each time, and never another firm's name."""

import pytest

from services.enterprises.mistakes import KINDS, Mistake, make_mistakes
from services.enterprises.parts import split_name
from services.enterprises.sounds import encode, load_sounds

BRANDS = "鑫达 星辰 众联 海纳 金龙 万福 长虹 三一 宏图 博雅 同创 永安 康泰 瑞丰 华盛 德信".split()
TRADES = "商贸 食品 建材 科技 物流 农业开发 电子商务 医药 机械设备 房地产开发 餐饮管理 文化传媒".split()
REGIONS = "长沙市 湖南省湘潭市 株洲 岳阳县 北京 赣州市".split()
NAMES = [
    f"{region}{brand}{trade}{form}"
    for number, region in enumerate(REGIONS)
    for brand in BRANDS
    for trade, form in zip(TRADES[number:], ("有限公司", "有限责任公司", "股份有限公司") * 4, strict=False)
]


@pytest.fixture(scope="module")
def made() -> dict[str, list[Mistake]]:
    found: dict[str, list[Mistake]] = {}
    for mistake in make_mistakes(NAMES, 30, seed=7):
        found.setdefault(mistake.kind, []).append(mistake)
    return found


def test_every_kind_is_made_of_any_register(made: dict[str, list[Mistake]]) -> None:
    assert set(made) == set(KINDS)
    assert min(map(len, made.values())) >= 10


def test_the_same_seed_makes_the_same_mistakes(made: dict[str, list[Mistake]]) -> None:
    again = list(make_mistakes(NAMES, 30, seed=7))
    assert again == [mistake for some in made.values() for mistake in some]
    assert again != list(make_mistakes(NAMES, 30, seed=8))


def test_a_mistake_is_no_firms_name(made: dict[str, list[Mistake]]) -> None:
    names = set(NAMES)
    assert all(m.query not in names and m.name in names and m.query for some in made.values() for m in some)


def test_a_homophone_sounds_alike_and_is_written_otherwise(made: dict[str, list[Mistake]]) -> None:
    syllable = load_sounds().syllable_of
    for mistake in made["homophone"]:
        heard, meant = (set(syllable[encode(text)].tolist()) for text in (mistake.query, mistake.name))
        assert heard <= meant
        assert mistake.query not in mistake.name


def test_parts_are_changed_as_the_kind_says(made: dict[str, list[Mistake]]) -> None:
    for mistake in made["wrong_region"]:
        assert split_name(mistake.query).core == split_name(mistake.name).core
        assert split_name(mistake.query).region != split_name(mistake.name).region
    assert all(sorted(m.query) != sorted(m.name) or m.query != m.name for m in made["swapped"])
    assert all(m.query.endswith("公司") for m in made["short_form"])
    assert all(set(m.query) & set("0123456789") for m in made["digits"])
    assert all(len(set(m.query) - set(m.name)) <= 1 for m in made["unrelated"])


def test_a_name_that_has_all_that_was_said_is_as_right(made: dict[str, list[Mistake]]) -> None:
    mistake = Mistake("no_region", "鑫达商贸有限公司", "长沙市鑫达商贸有限公司", KINDS["no_region"].cuts[0])
    assert mistake.is_meant("岳阳县鑫达商贸有限公司")
    assert not mistake.is_meant("岳阳县鑫达商贸有限责任公司")
