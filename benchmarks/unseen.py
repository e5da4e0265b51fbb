"""Kinds of error that neither the labelled queries nor the fit's own mistakes were made by: U1 to U8."""

import random
from collections.abc import Callable, Iterator, Sequence

from benchmarks.questions import Question
from services.enterprises.names import normalise
from services.enterprises.parts import Parts, split_name

TRADES = (
    "商贸 贸易 科技 电子 机械 建材 物流 运输 食品 餐饮 酒店 旅游 服饰 家具 装饰 建筑 工程 农业 养殖 医药 化工 "
    "能源 环保 广告 传媒 文化 教育 咨询 投资 房地产 物业 汽车 电器 五金 塑料 包装 印刷 纺织 信息 网络 通信 家政"
).split()
CHARACTERS = "大小中新华国金天海东南西北山水文明光安平和美丽春秋龙虎福康乐星月云风"
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "厂")
LEAST_CORE = 4


def find_trade(core: str) -> str:
    """The word of trade in a core; "" where it holds none."""
    return next((word for word in TRADES if word in core[2:]), "")


def replace_one(text: str, chance: random.Random) -> str:
    """One character becomes another that neither sounds nor looks like it."""
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(CHARACTERS) + text[place + 1 :]


def swap_trade(core: str, chance: random.Random) -> str:
    """Another word of trade than the registered one; "" where there is none."""
    held = find_trade(core)
    return core.replace(held, chance.choice([word for word in TRADES if word != held])) if held else ""


def join(parts: Parts, region: str, core: str, form: str) -> str:
    """A name of these parts with the branch of others; "" where there is no core."""
    return region + core + form + parts.tail if core else ""


def write_region_otherwise(parts: Parts, chance: random.Random) -> str:
    """With or without 省, 市, 县; "" where there is no region."""
    if not parts.region:
        return ""
    ends = "省市县区"
    return parts.region.rstrip(ends) if parts.region[-1] in ends else parts.region + chance.choice("市县")


def unrelated(parts: Parts, chance: random.Random) -> str:
    return replace_one(join(parts, parts.region, parts.core, parts.form), chance)


def wrong_trade(parts: Parts, chance: random.Random) -> str:
    return join(parts, parts.region, swap_trade(parts.core, chance), parts.form)


def no_trade(parts: Parts, chance: random.Random) -> str:  # noqa: ARG001
    held = find_trade(parts.core)
    return join(parts, parts.region, parts.core.replace(held, "", 1), parts.form) if held else ""


def wrong_form(parts: Parts, chance: random.Random) -> str:
    others = [form for form in FORMS if form != parts.form]
    return join(parts, parts.region, parts.core, chance.choice(others)) if parts.form else ""


def other_region(parts: Parts, chance: random.Random) -> str:
    return join(parts, write_region_otherwise(parts, chance), parts.core, parts.form) if parts.region else ""


def unrelated_in_brand(parts: Parts, chance: random.Random) -> str:
    return join(parts, parts.region, replace_one(parts.core[:2], chance) + parts.core[2:], parts.form)


def short_form(parts: Parts, chance: random.Random) -> str:  # noqa: ARG001
    return parts.region + parts.core[:4]


def brand_and_wrong_trade(parts: Parts, chance: random.Random) -> str:
    return swap_trade(parts.core, chance)


KINDS: dict[str, Callable[[Parts, random.Random], str]] = {
    "U1_unrelated": unrelated,
    "U2_wrong_trade": wrong_trade,
    "U3_no_trade": no_trade,
    "U4_wrong_form": wrong_form,
    "U5_other_region": other_region,
    "U6_unrelated_in_brand": unrelated_in_brand,
    "U7_short_form": short_form,
    "U8_brand_wrong_trade": brand_and_wrong_trade,
}
SAID_SHORT = ("U7", "U8")  # not of branches: nobody tells one by half a name
ANY_REGION = ("U4", "U5", "U8")  # any firm with this trade name and trade is as right
BEGINNING = ("U7",)  # any name that begins so is as right


def make_unseen(names: Sequence[str], each: int, seed: int, is_registered: Callable[[str], bool]) -> Iterator[Question]:
    """`each` of every kind; a text that is itself a registered name is no error and left out."""
    chance = random.Random(seed)
    for kind, spoil in KINDS.items():
        made = 0
        while made < each:
            name = chance.choice(names)
            parts = split_name(normalise(name))
            if len(parts.core) < LEAST_CORE or (parts.tail and kind.startswith(SAID_SHORT)):
                continue
            text = spoil(parts, chance)
            if text and text != normalise(name) and not is_registered(text):
                made += 1
                core = parts.core if kind.startswith(ANY_REGION) else ""
                yield Question(kind, text, (name,), core, text if kind.startswith(BEGINNING) else "")
