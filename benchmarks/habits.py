"""How people ask who type seldom: H01 to H21, in neither the labelled queries nor the fit; made by seeded code."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from opencc import OpenCC
from pypinyin import lazy_pinyin, pinyin
from pypinyin.constants import Style

from benchmarks.questions import Question
from services.enterprises.names import normalise
from services.enterprises.parts import Parts, split_name
from services.enterprises.retelling import split_region, split_trade
from services.enterprises.shapes import load_shapes

ACCENTS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("l", "n"), ("h", "f"), ("f", "h"))
READ_FROM = 30_000  # names that the characters of an accent are taken from
HAN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
DIGITS = {han: digit for digit, han in HAN.items()}
PROVINCES = {
    "湖南": "湘", "广东": "粤", "广西": "桂", "江西": "赣", "福建": "闽", "浙江": "浙", "安徽": "皖", "山东": "鲁",
    "河南": "豫", "湖北": "鄂", "河北": "冀", "山西": "晋", "上海": "沪", "重庆": "渝", "海南": "琼", "贵州": "黔",
    "云南": "滇", "陕西": "陕", "深圳": "深", "广州": "穗",
}  # fmt: skip
APART = ("{0}的那个{1}", "{0}那边的{1}", "{1}在{0}的", "{1}，{0}的那家", "就是{0}的{1}")
POLITE = (
    "您好，麻烦您帮我查一下{}这家公司靠不靠谱，谢谢",
    "请问一下{}有没有问题啊",
    "我想问问{}这个公司怎么样呢",
    "小同志，帮忙看看{}是不是正规的",
)
STORIES = (
    "我昨天在{}买了东西，不给退款",
    "{}欠我工资不给，怎么投诉",
    "我妈在{}办了卡，现在关门了",
    "隔壁邻居被{}骗了，是不是黑店",
)
BOTH = ("{}和{}", "{}、{}", "{}跟{}哪个好", "{}还是{}比较靠谱", "帮我查一下{}和{}")
FILLERS = ("那个", "嗯", "就是", "叫什么", "啊")


@dataclass(frozen=True)
class Told:
    """A name taken apart, and what it is retold with."""

    parts: Parts
    chance: random.Random
    by_sound: dict[str, list[str]]

    @property
    def core(self) -> str:
        """Trade name and trade."""
        return self.parts.core

    @property
    def brand(self) -> str:
        """The trade name."""
        return self.parts.trade[0]

    @property
    def industry(self) -> str:
        """The trade."""
        return self.parts.trade[1]

    @property
    def whole(self) -> str:
        """The name."""
        return self.parts.region + self.parts.core + self.parts.form + self.parts.tail

    @property
    def region(self) -> str:
        """The region without 省, 市, 县."""
        return self.parts.region.rstrip("省市县区")


def speak_accent(text: str, told: Told) -> str:
    """Every character whose initial an accent changes as another one of that sound."""
    spoken = []
    for character in text:
        syllable = lazy_pinyin(character)[0]
        others = [new + syllable[len(old) :] for old, new in ACCENTS if syllable.startswith(old)]
        heard = told.by_sound.get(others[0], []) if others else []
        spoken.append(told.chance.choice(heard) if heard else character)
    return "".join(spoken)


def accent(told: Told) -> str:
    return told.parts.region + speak_accent(told.brand, told) + told.industry + told.parts.form


def other_reading(told: Told) -> str:
    """The core in pinyin, a character of several readings in another than here."""
    here = lazy_pinyin(told.core)
    for place, readings in enumerate(pinyin(told.core, style=Style.NORMAL, heteronym=True)):
        others = [one for one in readings if len(readings) > 1 and one != here[place]]
        if others and told.core[place] in "行长重乐曾朝都会参":
            return " ".join([*here[:place], others[0], *here[place + 1 :]])
    return ""


def spoken_digits(told: Told) -> str:
    return told.whole.translate({ord(a): b for a, b in (HAN | DIGITS).items()}) if len(told.brand) > 1 else ""


def spaced_letters(told: Told) -> str:
    if not any(character.isascii() and character.isalpha() for character in told.brand):
        return ""
    spaced = "".join(f" {one.lower()} " if one.isascii() else one for one in told.brand)
    return f"{spaced.strip()}{told.industry}"


def middle_lost(told: Told) -> str:
    third = len(told.core) // 3
    return told.parts.region + told.core[:third] + told.core[2 * third :] + told.parts.form if third > 1 else ""


def half_brand(told: Told) -> str:
    return told.region + told.brand[:2] + told.industry if len(told.brand) > 3 and told.industry else ""


def doubled_brand(told: Told) -> str:
    return told.brand + told.core if len(told.brand) > 1 else ""


def polite(told: Told) -> str:
    return told.chance.choice(POLITE).format(told.region + told.core)


def story(told: Told) -> str:
    return told.chance.choice(STORIES).format(told.region + told.core + told.chance.choice(("", "公司")))


def traditional(told: Told) -> str:
    text = OpenCC("s2t").convert(told.region + told.core)
    return text if text != told.region + told.core else ""


def misread(told: Told) -> str:
    """Two characters as a machine misreads them."""
    text = list(told.whole)
    places = [place for place, character in enumerate(text) if load_shapes().get(character)]
    for place in told.chance.sample(places, min(2, len(places))):
        text[place] = told.chance.choice(sorted(load_shapes()[text[place]]))
    return "".join(text)


def region_apart(told: Told) -> str:
    return told.chance.choice(APART).format(told.region, told.core) if len(told.region) > 1 else ""


def regions_turned(told: Told) -> str:
    words = split_region(told.parts.region)
    return "".join(reversed(words)) + told.core + told.parts.form if len(words) > 1 else ""


def old_region(told: Told) -> str:
    """县 that is a 区 or 市 now, or was."""
    if told.parts.region[-1:] not in {"县", "区", "市"}:
        return ""
    other = told.chance.choice([end for end in "县区市" if end != told.parts.region[-1]])
    return told.parts.region[:-1] + other + told.core + told.parts.form


def group_moved(told: Told) -> str:
    """X集团Y有限公司 as XY集团有限公司."""
    bare = told.core.replace("集团", "", 1)
    return f"{told.parts.region}{bare}集团{told.parts.form}" if "集团" in told.core and len(bare) > 2 else ""


def shortened_trade(told: Told) -> str:
    """建筑工程 as 建工, 汽车运输 as 汽运."""
    words = [word for word in split_trade(told.industry) if len(word) > 1]
    return told.region + told.brand + words[0][0] + words[1][0] + "公司" if len(words) > 1 and told.brand else ""


def shortened_province(told: Told) -> str:
    short = next((short for long, short in PROVINCES.items() if told.parts.region.startswith(long)), "")
    return short + told.core if short and len(told.core) > 3 else ""


def said_firm(told: Told) -> str:
    return (
        told.region + told.brand + told.chance.choice(("公司", "厂", "店", "那个公司")) if len(told.brand) > 2 else ""
    )


def filled(told: Told) -> str:
    return told.chance.choice(FILLERS).join((told.region, told.core)) if told.region else ""


def half_typed(told: Told) -> str:
    """One character of the trade name in pinyin, as a phone leaves it."""
    if len(told.brand) < 2:
        return ""
    place = told.chance.randrange(len(told.brand))
    return told.region + told.core[:place] + lazy_pinyin(told.core[place])[0] + told.core[place + 1 :]


KINDS: dict[str, Callable[[Told], str]] = {
    "H01_accent": accent,
    "H02_other_reading": other_reading,
    "H03_spoken_digits": spoken_digits,
    "H04_spaced_letters": spaced_letters,
    "H05_middle_lost": middle_lost,
    "H06_half_brand": half_brand,
    "H07_doubled_brand": doubled_brand,
    "H08_polite": polite,
    "H09_story": story,
    "H10_traditional": traditional,
    "H11_misread": misread,
    "H12_region_apart": region_apart,
    "H13_regions_turned": regions_turned,
    "H14_old_region": old_region,
    "H15_group_moved": group_moved,
    "H16_shortened_trade": shortened_trade,
    "H17_shortened_province": shortened_province,
    "H18_said_firm": said_firm,
    "H19_filled": filled,
    "H20_half_typed": half_typed,
}
NO_REGION = ("H02", "H04", "H07")  # any firm with this trade name and trade is as right
BY_BEGINNING = ("H18",)  # any firm of this region and trade name is as right
LEAST_CORE = 4
MOST_TRIES = 20_000


def ask_for_two(names: Sequence[str], count: int, chance: random.Random) -> Iterator[Question]:
    """Two firms in one message: both are to be told apart, and which to look up asked."""
    firms = [
        parts for name in names if not (parts := split_name(normalise(name))).tail and len(parts.core) >= LEAST_CORE
    ]
    for _ in range(count):
        two = chance.sample(firms, 2)
        said = tuple(parts.region.rstrip("省市县区") + parts.core for parts in two)
        yield Question("H21_two_firms", chance.choice(BOTH).format(*said), said, parts=said)


def make_habits(names: Sequence[str], each: int, seed: int, is_registered: Callable[[str], bool]) -> Iterator[Question]:
    """`each` of every kind, fewer where few names fit; a text that is itself a registered name is left out."""
    chance = random.Random(seed)
    by_sound: dict[str, list[str]] = {}
    for character in sorted(set("".join(names[:READ_FROM]))):
        by_sound.setdefault(lazy_pinyin(character)[0], []).append(character)
    for kind, retell in KINDS.items():
        made = 0
        for _ in range(MOST_TRIES):
            if made == each:
                break
            name = chance.choice(names)
            parts = split_name(normalise(name))
            if len(parts.core) < LEAST_CORE or parts.tail:
                continue
            told = Told(parts, chance, by_sound)
            text = retell(told)
            if text and normalise(text) != told.whole and not is_registered(text):
                made += 1
                core = parts.core if kind.startswith(NO_REGION) else ""
                yield Question(
                    kind, text, (name,), core, parts.region + told.brand if kind.startswith(BY_BEGINNING) else ""
                )
    yield from ask_for_two(names, each, chance)
