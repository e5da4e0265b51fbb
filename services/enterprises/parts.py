"""The four parts of a name (企业名称登记管理规定 art. 6): 行政区划, 字号, 行业, 组织形式; and its branch tail."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).with_name("data")
PEOPLES = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|"
    "畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|阿昌族|"
    "普米族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春|各族|蒙古"
)
# 湖南省 → 湖南, 长沙市 → 长沙, 恩施土家族苗族自治州 → 恩施, 内蒙古自治区 → 内蒙古.
SUFFIX = re.compile(rf"(?:(?:{PEOPLES})*自治[区州县旗]|特别行政区|地区|林区|新区|矿区|[省市县区盟旗])$")
# Longest first: 有限责任公司 before 公司.
LEGAL_FORMS = (
    "股份有限责任公司 股份有限公司 有限责任公司 有限公司 股份公司 集团公司 总公司 公司 "
    "普通合伙企业 有限合伙企业 特殊普通合伙 普通合伙 有限合伙 个人独资企业 "
    "农民专业合作社联合社 农民专业合作社 种植专业合作社 养殖专业合作社 专业合作社 供销合作社 合作社 联合社 "
    "经营部 销售部 服务部 营业部 门市部 加工厂 总厂 分厂 工厂 厂 商行 商店 超市 中心 事务所 研究院 研究所 "
    "协会 商会 农场 林场 饭店 酒店 宾馆 酒楼 餐厅 餐馆 饭馆 小吃店 药店 药房 诊所 医院 学校 幼儿园 加油站 "
    "工作室 经销处 办事处 代表处 店 部 行 社 站 坊 馆 院 场"
).split()
LEGAL_FORM_SET = frozenset(LEGAL_FORMS)
# The last character of legal forms to their lengths, longest first.
FORM_LENGTHS = {
    last: tuple(sorted({len(form) for form in LEGAL_FORMS if form[-1] == last}, reverse=True))
    for last in {form[-1] for form in LEGAL_FORMS}
}
# What a branch's name ends with, after the whole name of its parent (art. 13).
BRANCH_ENDS = (
    "分公司 支公司 分行 支行 营业部 营业厅 营业所 分厂 分店 门店 专卖店 分社 办事处 经营部 门市部 销售部 服务部 加油站 "
    "分理处 支局 邮政所 项目部 储蓄所 店 站 部 所"
).split()
BRANCH_END = re.compile(f"(?:{'|'.join(BRANCH_ENDS)})$")
# Where a company's name can end inside a sentence.
COMPANY_END = re.compile("公司|合伙企业|普通合伙|有限合伙|合作社|联合社|厂")
PARENT_ENDS = ("公司", "银行", "信用社", "合作社", "合作联社")


@dataclass(frozen=True)
class Region:
    """An administrative division: its name as used in names, and its GB/T 2260 codes (homonyms have several)."""

    name: str
    codes: tuple[str, ...]

    @property
    def is_bare_county(self) -> bool:
        """A county or a part of a city, named without 县 or 区."""
        return self.name[-1] not in "省市县区州旗盟" and all(len(code) == 6 for code in self.codes)


@dataclass(frozen=True)
class Parts:
    """A normalised name taken apart; core is trade name and industry together."""

    region: str
    core: str
    form: str
    tail: str  # of a branch: what follows the parent's name

    @property
    def trade(self) -> tuple[str, str]:
        """字号 and 行业 of the core."""
        return split_core(self.core)

    @property
    def is_branch(self) -> bool:
        """The name of a branch, 分公司 and the like."""
        return bool(self.tail)


@lru_cache(maxsize=1)
def load_regions() -> dict[str, Region]:
    """Every name of a division, full and without its suffix, to its codes cut to their level (43, 4301, 430104)."""
    codes: dict[str, set[str]] = {}
    for line in (DATA / "regions.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        code, name = line.split("\t")
        level = code.removesuffix("00").removesuffix("00")
        short = "内蒙古" if name.startswith("内蒙古") else SUFFIX.sub("", name)
        for word in {name, short}:
            if len(word) >= 2:
                codes.setdefault(word, set()).add(level)
    return {name: Region(name, tuple(sorted(found))) for name, found in codes.items()}


@lru_cache(maxsize=1)
def region_names() -> dict[str, str]:
    """Six digits of GB/T 2260 to the division's own name."""
    lines = (DATA / "regions.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split("\t") for line in lines)


def name_region(code: str) -> str:
    """长沙市岳麓区 for 430104; the code itself where there is none."""
    names = region_names()
    own, city = names.get(code, ""), names.get(f"{code[:4]}00", "")
    is_within = city and "-" not in city and not code.endswith("00")  # 省直辖县级行政区划 is no city
    return (f"{city}{own}" if is_within else own) or code


@lru_cache(maxsize=1)
def region_lengths() -> dict[str, tuple[int, ...]]:
    """The first two characters of region names to their lengths, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in load_regions():
        lengths.setdefault(name[:2], set()).add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def match_region(name: str, start: int = 0) -> Region | None:
    """The longest region name at this place; a lone 市, 县 after a short one belongs to it."""
    for length in region_lengths().get(name[start : start + 2], ()):
        if found := load_regions().get(name[start : start + length]):
            return found
    return None


def region_end(name: str) -> int:
    """How many leading characters are divisions: 湖南省长沙市岳麓区… ; never the whole name.

    A county without 县 before words of trade alone is a trade name: 东方航空, 紫金矿业, 康平科技.
    """
    ends = [0]
    last: Region | None = None
    while found := match_region(name, ends[-1]):
        end = ends[-1] + len(found.name)
        if name[end : end + 1] in {"省", "市", "县", "州"} and not found.name.endswith(("省", "市", "县")):
            end += 1
        if end >= len(name):
            break
        ends.append(end)
        last = found if end == ends[-2] + len(found.name) else None
    if last and last.is_bare_county and is_trade(name[ends[-1] : form_start(name)]):
        return ends[-2]
    return ends[-1]


def form_start(name: str) -> int:
    """Where the legal form at the end of a name begins; its length where there is none."""
    for length in FORM_LENGTHS.get(name[-1:], ()):
        if length < len(name) and name[-length:] in LEGAL_FORM_SET:
            return len(name) - length
    return len(name)


def parent_end(name: str) -> int:
    """Where the parent's name ends in a branch's name; the whole length for any other name."""
    if name.endswith("公司") and not name.endswith(("分公司", "支公司")):
        return len(name)
    ends = [place + len(word) for word in PARENT_ENDS if (place := name.rfind(word, 0, len(name) - 1)) > 0]
    inside = [end for end in ends if end < len(name)]
    if inside and BRANCH_END.search(name, max(inside)):
        return max(inside)
    return len(name)


@lru_cache(maxsize=4096)
def split_name(name: str) -> Parts:
    """Take a normalised name apart; what was just weighed is kept for putting it in order."""
    end = parent_end(name)
    body = name[:end]
    start = region_end(body)
    form = max(form_start(body), start + 1)
    return Parts(body[:start], body[start:form], body[form:], name[end:])


@lru_cache(maxsize=1)
def load_industries() -> dict[str, tuple[str, ...]]:
    """The first two characters of words of trade to those words, longest first."""
    words: dict[str, list[str]] = {}
    for word in (DATA / "industries.txt").read_text(encoding="utf-8").split():
        words.setdefault(word[:2], []).append(word)
    return {start: tuple(sorted(found, key=len, reverse=True)) for start, found in words.items()}


def industry_end(core: str, start: int) -> int:
    """Where the words of trade that begin here end; `start` where none begins."""
    industries = load_industries()
    while words := industries.get(core[start : start + 2]):
        word = next((word for word in words if core.startswith(word, start)), "")
        if not word:
            break
        start += len(word)
    return start


def is_trade(core: str) -> bool:
    """Whether all of it is words of trade."""
    return core[:2] in load_industries() and industry_end(core, 0) == len(core)


def split_core(core: str) -> tuple[str, str]:
    """字号 and 行业: a trade name has two characters or more before the first word of trade, or it is missing."""
    industries = load_industries()
    if is_trade(core):
        return "", core
    for start in (*range(2, len(core) - 1), 1):
        if core[start : start + 2] in industries and industry_end(core, start) > start:
            return core[:start], core[start:]
    return core, ""


def find_regions(name: str) -> tuple[set[str], str]:
    """Codes of all divisions that a query names, and the query without them.

    They stand at its beginning, its end or before the legal form (…（长沙）有限公司).
    """
    found: set[str] = set()
    end = region_end(name)
    place = 0
    while place < end:
        region = match_region(name, place)
        found.update(region.codes if region else ())
        place += len(region.name) if region else 1
    rest = name[end:]
    for stop in (form_start(rest), len(rest)):
        for length in (4, 3, 2):
            region = load_regions().get(rest[stop - length : stop]) if stop - length >= 2 else None
            if region:
                found.update(region.codes)
                return found, rest[: stop - length] + rest[stop:]
    return found, rest


@lru_cache(maxsize=4096)
def region_codes(region: str) -> frozenset[str]:
    """Codes of the divisions that a name begins with."""
    return frozenset(find_regions(f"{region}某某")[0])


def are_compatible(asked: frozenset[str], held: frozenset[str]) -> bool:
    """One lies in the other, or either names none."""
    if not asked or not held:
        return True
    return any(a.startswith(h) or h.startswith(a) for a in asked for h in held)
