"""Mistakes that citizens make with a name and that the labelled queries do not hold, made by seeded code."""

import random
from collections.abc import Callable, Iterator, Sequence

from services.enterprises.names import normalise
from services.enterprises.parts import split_name

INDUSTRIES = (
    "商贸 贸易 科技 电子 机械 建材 物流 运输 食品 餐饮 酒店 旅游 服饰 家具 装饰 建筑 "
    "工程 农业 牧业 养殖 种植 医药 化工 能源 环保 广告 传媒 文化 教育 咨询 投资 房地产 "
    "物业 汽车 电器 五金 塑料 包装 印刷 纺织 矿业 置业 实业 信息 网络 通信 美容 家政"
).split()
COMMON = "大小中新华国金天海东南西北山水文明光安平和美丽春秋龙虎福康乐星月云风"


def swap_industry(name: str, chance: random.Random) -> str:
    """Another trade than the registered one."""
    held = next((word for word in INDUSTRIES if word in name), None)
    return name.replace(held, chance.choice([word for word in INDUSTRIES if word != held])) if held else ""


def change_character(name: str, chance: random.Random) -> str:
    """One character becomes another that neither sounds nor looks like it."""
    place = chance.randrange(len(name))
    return name[:place] + chance.choice(COMMON) + name[place + 1 :]


def change_trade_name(name: str, chance: random.Random) -> str:
    """The same inside the trade name."""
    parts = split_name(name)
    if len(parts.core) < 4:
        return ""
    changed = change_character(parts.core[:2], chance) + parts.core[2:]
    return parts.region + changed + parts.form + parts.tail


def cut_industry(name: str, chance: random.Random) -> str:  # noqa: ARG001
    """The trade left out."""
    held = next((word for word in INDUSTRIES if word in name), None)
    return name.replace(held, "", 1) if held else ""


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "U1_unrelated": change_character,
    "U2_industry": swap_industry,
    "U3_no_industry": cut_industry,
    "U6_trade_name": change_trade_name,
}


def make_mistakes(names: Sequence[str], each: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """Kind, query and the right name in normal form; `each` of every kind."""
    chance = random.Random(seed)
    for kind, spoil in KINDS.items():
        made = 0
        while made < each:
            name = normalise(chance.choice(names))
            query = spoil(name, chance)
            if query and query != name:
                made += 1
                yield kind, query, name
