"""How citizens retell a name: parts of it left out, moved, exchanged or cut short; made by seeded code."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from services.enterprises.parts import Parts, industry_end, load_regions, match_region, split_name
from services.enterprises.slips import Alphabet

MOST_READ = 100_000  # names that the alphabet, regions and trades are taken from
COMMON_FORMS = ("有限公司", "有限责任公司", "股份有限公司", "厂", "公司")
STOCK_ENDS = ("股份", "股份", "集团", "科技")


@dataclass(frozen=True)
class Name:
    """The parts of a name that are said; empty where they are not."""

    region: str
    brand: str
    industry: str
    form: str
    tail: str

    def __str__(self) -> str:
        return self.region + self.brand + self.industry + self.form + self.tail

    def keep(self, cut: "Cut") -> "Name":
        """The name with only the parts of a cut."""
        return Name(*(part if kept else "" for part, kept in zip(self.parts, cut, strict=True)))

    @property
    def parts(self) -> tuple[str, str, str, str, str]:
        """All of them in order."""
        return self.region, self.brand, self.industry, self.form, self.tail


Cut = tuple[bool, bool, bool, bool, bool]  # which parts are said
WHOLE: Cut = (True, True, True, True, True)
NO_REGION: Cut = (False, True, True, True, True)
NO_FORM: Cut = (True, True, True, False, False)
CORE: Cut = (False, True, True, False, False)
REGION_BRAND: Cut = (True, True, False, False, False)
BRAND: Cut = (False, True, False, False, False)
SAID = (WHOLE, WHOLE, NO_REGION, NO_FORM, CORE)  # how much of a name is said where it is said with a slip


def take_apart(parts: Parts) -> Name:
    """The five parts of a name."""
    brand, industry = parts.trade
    return Name(parts.region, brand, industry, parts.form, parts.tail)


@dataclass(frozen=True)
class Stock:
    """What wrong parts are drawn from: those of the register itself, the common ones more often."""

    alphabet: Alphabet
    regions: list[str]
    industries: list[str]
    forms: list[str]

    @property
    def chance(self) -> random.Random:
        """The one source of chance."""
        return self.alphabet.chance

    def draw_other(self, words: list[str], word: str) -> str:
        """One of these words that has nothing in common with another; "" where none is found."""
        drawn = (self.chance.choice(words) for _ in range(20) if words)
        return next((other for other in drawn if not set(other) & set(word)), "")


def open_stock(names: Sequence[str], chance: random.Random) -> Stock:
    """The stock of some normalised names."""
    read = names if len(names) <= MOST_READ else chance.sample(names, MOST_READ)
    apart = [take_apart(split_name(name)) for name in read]
    words = [[name.parts[place] for name in apart if name.parts[place]] for place in (0, 2, 3)]
    return Stock(Alphabet(read, chance), *words)


Spoil = Callable[[Name, Stock], str]


def say(name: Name, stock: Stock) -> str:  # noqa: ARG001
    """As it is, with the parts that are said."""
    return str(name)


def slip(write: Callable[[str, Alphabet], str]) -> Spoil:
    """A slip in any of the characters that are said."""
    return lambda name, stock: write(str(name), stock.alphabet)


def slip_in_brand(write: Callable[[str, Alphabet], str]) -> Spoil:
    """A slip in the trade name."""

    def spoil(name: Name, stock: Stock) -> str:
        if len(name.brand) < 2:
            return ""
        return str(replace(name, brand=write(name.brand, stock.alphabet) or name.brand))

    return spoil


def slip_in_core(write: Callable[[str, Alphabet], str]) -> Spoil:
    """A slip in trade name and trade together."""

    def spoil(name: Name, stock: Stock) -> str:
        core = write(name.brand + name.industry, stock.alphabet)
        return str(replace(name, brand=core, industry="")) if core else ""

    return spoil


def split_trade(industry: str) -> list[str]:
    """The words of trade of an 行业, each of two characters or more."""
    words, start = [], 0
    while start < len(industry):
        ends = range(start + 2, len(industry))
        end = next((end for end in ends if industry_end(industry[:end], start) == end), len(industry))
        words.append(industry[start:end])
        start = end
    return words


def mistake_industry(name: Name, stock: Stock) -> str:
    """Another trade than the registered one, or another word for one of several."""
    words = split_trade(name.industry)
    if not words:
        return ""
    place = stock.chance.randrange(len(words))
    words[place] = stock.draw_other(stock.industries, name.industry)[:4]
    return str(replace(name, industry="".join(words))) if words[place] else ""


def change_industry(name: Name, stock: Stock) -> str:
    """Another trade altogether."""
    other = stock.draw_other(stock.industries, name.industry)
    return str(replace(name, industry=other)) if name.industry and other else ""


def vary_industry(name: Name, stock: Stock) -> str:
    """A trade that shares a character with the registered one: 商贸 for 贸易."""
    drawn = (stock.chance.choice(stock.industries) for _ in range(40) if stock.industries)
    other = next((word for word in drawn if word != name.industry and set(word) & set(name.industry)), "")
    return str(replace(name, industry=other)) if other else ""


def drop_industry(name: Name, stock: Stock) -> str:
    """The trade left out, or one word of several."""
    words = split_trade(name.industry)
    if not words or not name.brand:
        return ""
    words.pop(stock.chance.randrange(len(words)))
    return str(replace(name, industry="".join(words)))


def add_industry(name: Name, stock: Stock) -> str:
    """A word of trade too many."""
    other = stock.draw_other(stock.industries, name.industry)[:2]
    return str(replace(name, industry=name.industry + other)) if other else ""


def move_industry(name: Name, stock: Stock) -> str:  # noqa: ARG001
    """Trade before trade name."""
    return str(replace(name, brand=name.industry, industry=name.brand)) if name.industry and name.brand else ""


def change_form(name: Name, stock: Stock) -> str:
    """Another legal form."""
    others = [form for form in (*stock.forms[:200], *COMMON_FORMS) if form != name.form]
    return str(replace(name, form=stock.chance.choice(others))) if name.form else ""


def shorten_form(name: Name, stock: Stock) -> str:  # noqa: ARG001
    """公司 for 有限责任公司."""
    return str(replace(name, form=name.form[-2:])) if len(name.form) > 2 and not name.tail else ""


def move_region(name: Name, stock: Stock) -> str:
    """星辰（长沙）商贸有限公司, 星辰商贸（长沙）有限公司, 星辰商贸有限公司长沙."""
    region = name.region.rstrip("省市县区")
    if len(region) < 2 or name.tail:
        return ""
    pieces = [name.brand, name.industry, name.form, ""]
    place = stock.chance.choice([1, 2, 3])
    return "".join([*pieces[:place], region, *pieces[place:]])


def change_region(name: Name, stock: Stock) -> str:
    """Another region."""
    other = stock.draw_other(stock.regions, name.region)
    return str(replace(name, region=other)) if name.region and other else ""


def split_region(region: str) -> list[str]:
    """湖南省长沙市 as 湖南省, 长沙市."""
    words, start = [], 0
    while start < len(region):
        found = match_region(region, start)
        end = start + (len(found.name) if found else 1)
        end += region[end : end + 1] in set("省市县区州")
        words.append(region[start:end])
        start = end
    return words


def rewrite_region(name: Name, stock: Stock) -> str:
    """With 市 or without, with the province before it, one of several left out."""
    words = split_region(name.region)
    if not words:
        return ""
    place = stock.chance.randrange(len(words))
    word = words[place]
    short = word.rstrip("省市县区")
    ways = [short if len(short) > 1 and short != word else word + stock.chance.choice("市县区")]
    if provinces := find_provinces(word) * (place == 0):
        ways.append(stock.chance.choice(provinces) + word)
    if len(words) > 1:
        ways.append("")
    words[place] = stock.chance.choice(ways)
    return str(replace(name, region="".join(words)))


def find_provinces(region: str) -> list[str]:
    """The provinces, as they are written, in which a smaller region lies."""
    regions = load_regions()
    codes = {code[:2] for code in regions[region].codes if len(code) > 2} if region in regions else set()
    return sorted(one.name for one in regions.values() if codes & set(one.codes))


def add_branch(name: Name, stock: Stock) -> str:
    """A branch where the register holds only its parent."""
    region = stock.chance.choice(stock.regions).rstrip("省市县区") if stock.regions else ""
    return f"{name}{region}分公司" if name.form.endswith("公司") and not name.tail and len(region) > 1 else ""


def start_name(name: Name, stock: Stock) -> str:  # noqa: ARG001
    """Region, trade name and two characters more."""
    return name.region + name.brand + name.industry[:2] if name.brand and len(name.industry) > 2 else ""


def abbreviate(name: Name, stock: Stock) -> str:
    """As firms are called for short: two or three characters of the trade name and something of the rest."""
    chance, trade = stock.chance, split_trade(name.industry)
    brand = name.brand[: chance.choice((2, 3, 4))]
    if len(name.brand) < 2:
        return ""
    ends = [chance.choice(STOCK_ENDS) if name.form.startswith("股份") else "公司"]
    if trade:
        ends += [trade[0][:2], trade[-1][:2], trade[0][:1] + trade[-1][-1:], name.industry[:1] + name.industry[-1:]]
    return brand + chance.choice(ends)


def contract(name: Name, stock: Stock) -> str:
    """A few characters of trade name and trade in their order: 华瓷 of 华联瓷业."""
    core = name.brand + name.industry
    if len(core) < 4:
        return ""
    places = sorted(stock.chance.sample(range(1, min(len(core), 7)), stock.chance.choice((1, 2))))
    short = core[0] + "".join(core[place] for place in places)
    return short + ("股份" if name.form.startswith("股份") else "公司")
