"""What a citizen's sentence asks for: the name inside 帮我查一下…怎么样, in several readings (pure)."""

import re
from functools import lru_cache

from services.enterprises.names import normalise
from services.enterprises.parts import COMPANY_END, find_regions, load_regions, region_end, split_name

OPENINGS = re.compile(
    r"^(?:请问一?下?|再|另外|顺便|接着|继续|还有|请教一?下?|请|你好|您好|喂|嗨|麻烦你?您?|劳驾|帮忙|帮我|替我|给我|我想|我要|想要|想查|要查|想问|想|需要|能不能|"
    r"可不可以|查一?下|查询一?下?|查一查|查查|查找|查|搜索|搜一?搜|搜一?下|找一?下|看一?下|看看|问一?下|问问|比较一?下|对比一?下|"
    r"了解一?下|打听一?下|一下|关于|名称是?|公司名称?是?|企业名称?是?|名字是?|全称是?|叫做?|那个|这个|那家|这家|有个|有家|有一家|"
    r"知道|不知道|到底|就是|[:：])"
)
WHETHER = r"(?:到底|究竟|现在|真的)?(?:是不是|是否|会不会|有没有|有无|能不能|算不算|是|会|被)?(?:个|一家|家|真的)?"
COMPARED = (
    r"(?:这|那)?(?:两|几|三|2|3)?(?:个|家)?(?:比)?(?:哪一?个|哪一?家|谁)(?:比较|更|最)?(?:好|靠谱|可靠|便宜|正规|有名|大)(?:一点|一些|点)?|"
    r"(?:之间)?(?:是|有)?(?:不是|没有|什么)?(?:同一家|一家|一样的?|区别|不同|关系)(?:公司|企业)?|选哪一?[个家]|比较一?下|对比一?下"
)
ENDINGS = re.compile(
    r"(?:怎么样|咋样|怎样|如何|好不好|行不行|靠不靠谱|靠谱|可不可靠|可靠|可信|正规|合法|真实|存在|有问题|没问题|有没有问题|"
    r"有没有失信|有无失信|是否失信|失信|有没有被?处罚|有无处罚|被?处罚过?|受过处罚|有没有违法|是不是黑名单|在不在黑名单|"
    r"(?:在不在|是不是|有没有|上没上|进没进|是否)?(?:上|进|在|列入|是)?了?(?:黑|红|失信|严重失信主体)名单(?:里面|里|上|中|内)?|是不是|在不在|有没有|是否|"
    rf"{WHETHER}(?:骗子(?:公司)?|骗人|骗钱|跑路|倒闭|关门|注销|吊销|还?开着|还?在(?:开|营业)|正规公司|传销|诈骗|假的|真的|黑店|老赖|出事|出问题)|{COMPARED}|"
    r"(?:这|那)(?:两|几|三)(?:个|家)(?:公司|企业|店|单位)?|"
    r"的?(?:企业|公司)?信用(?:怎么样|好不好|如何|状况|情况|记录|信息|报告|查询|档案|好|差)?|的(?:情况|信息|资料|记录|档案|底细)|"
    r"[这那](?:家|个|间)(?:公司|企业|店|单位|厂|商家)?|查询|查一下|吗|嘛|么|呢|呀|啊|吧|哦|了|的|谢谢|多谢|麻烦了?)$"
)
# 长沙的那个大润发: the words between a region and a name.
BETWEEN = re.compile(r"(?:[市区县镇]里|那边|这边)?(?:的?[那这](?:个|家|间)|的)")
# 在长沙的: what stands around a region that is said apart from the name.
AT = re.compile(r"^(?:就?[在是]|位于|开在|地址在|说的是)")
THERE = re.compile(r"(?:那边|这边|那里|这里|市区|城区|城里|地区|那[家个间]|这[家个间]|的|店|分店)+$")
LOCATED = re.compile(r"^(.{2,}?)(?:就?在|位于|开在)(.{2,8})$")
# The citizen's own place, which is the bureau's.
LOCAL = re.compile(
    r"(?:我们|咱们?|俺们|你们)(?:这个|这边的?|这里的?|这儿的?|这)?(?:市里?|县里?|区里?|镇上?|城里?|当地|本地|附近)(?:的|这边|这里)?|"
    r"(?:我们|咱们|俺们)(?:这边|这里|这儿)的?|[本当](?:市|县|区|地|镇)(?=的|那[个家间]|这[个家间])的?"
)
QUOTED = re.compile(r"[“\"「『《【〈\['‘]([^”\"」』》】〉\]'’]{2,60})[”\"」』》】〉\]'’]")
SEPARATORS = re.compile(r"[，,。！!？?；;：:\n\r~～…]+")
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff，。；）】”]+", re.IGNORECASE)
# A licence as text: 名    称  …  类型 …; the value ends where the next heading begins.
LICENCE_NAME = re.compile(
    r"(?:(?:企业|公司|单位|字号)?名\s*称|字\s*号)\s*[:：]?\s*(?P<name>[^;；，,\n\r]{3,80}?)"
    r"\s*(?=$|[;；，,\n\r]|类\s*型|主体类型|法\s*定\s*代\s*表|经\s*营\s*者|负\s*责\s*人|投\s*资\s*人|住\s*所|经\s*营\s*场\s*所|"
    r"注\s*册|成\s*立|统\s*一\s*社\s*会|经\s*营\s*范\s*围|登\s*记|地\s*址|电\s*话)"
)
LICENCE_HEADING = re.compile(
    r"信用代码|类\s*型|法\s*定\s*代\s*表|经\s*营\s*者|住\s*所|注\s*册|成\s*立|经\s*营\s*范\s*围|名\s*称\s*[:：]"
)
# The marks that exchanges put to a listed firm's short name: *ST海马, XD中国银, 中鲁B, 华信退.
MARKED = re.compile(
    r"^(?:S?\*?ST|XD|XR|DR|退市)(?P<marked>[\u4e00-\u9fff]{2,4})[AB]?$|^(?P<sold>[\u4e00-\u9fff]{2,3})(?:[AB]|退)$"
)
LONGEST = 120
LONGEST_LICENCE = 2_000


class PlainForms(dict[int, str]):
    """What each character becomes in normal form; those that normalise drops stay."""

    def __missing__(self, code: int) -> str:
        plain = self[code] = normalise(chr(code)) or chr(code)
        return plain


PLAIN_FORMS = PlainForms()


def simplify(text: str) -> str:
    """Half width, simplified and upper case, with the punctuation that normalise drops."""
    return text.translate(PLAIN_FORMS)


@lru_cache(maxsize=256)
def strip_sentence(text: str) -> str:
    """The text without the words of asking at its ends."""
    text = simplify(text)
    before = None
    while text != before:
        before = text
        text = text.strip(" \t\r\n，,。！!？?；;：:、~～…")
        shorter = ENDINGS.sub("", OPENINGS.sub("", text)).strip()
        if len(normalise(shorter)) >= 2:
            text = shorter
    return text


def read_names(text: str) -> list[str]:
    """Normalised readings of what is asked for; empty where there is no word.

    The first is the most literal, the second the one to look for likenesses of, the others may be names.
    """
    printed = read_licence(text[:LONGEST_LICENCE])
    text = ADDRESS.sub(" ", text)[:LONGEST]
    clauses = [clause for clause in SEPARATORS.split(text) if normalise(clause)]
    longest = max((strip_sentence(clause) for clause in clauses), key=len, default="")
    stripped = strip_sentence(text)
    quoted = [strip_sentence(quote) for quote in QUOTED.findall(text)]
    joined = join_region(stripped) or join_region(longest) or longest
    best = printed or (quoted[0] if quoted and not split_name(normalise(joined)).form else joined)
    readings = [text, strip_mark(best), printed, *quoted, joined, stripped, longest]
    literal, asked, *others = map(normalise, readings)
    if not literal:
        return []
    return [literal, asked or literal, *dict.fromkeys(other for other in others if other not in {"", literal, asked})]


def strip_mark(text: str) -> str:
    """A listed firm's short name without the marks of its exchange, which say that it is a 股份有限公司."""
    found = MARKED.match(text.replace(" ", ""))
    return f"{(found['marked'] or found['sold']).removesuffix('股')}股份" if found else text


def read_licence(text: str) -> str:
    """The name in the words of a licence; empty where they are none."""
    found = LICENCE_NAME.search(text)
    return found["name"].strip() if found and LICENCE_HEADING.search(text) else ""


def join_region(text: str) -> str:
    """The text with the region that it says apart put before the name: 大润发 在长沙的; empty where it says none."""
    if region_end(there := AT.sub("", text)):
        text = there
    start = region_end(text)
    if start and (between := BETWEEN.match(text, start)) and between.end() < len(text) - 1:
        return text[:start] + text[between.end() :]
    if (located := LOCATED.match(text)) and is_region(located[2]):
        return bare_region(located[2]) + located[1]
    words = [word for word in re.split(r"[\s，,、。；;]+", text) if word]
    regions = [bare_region(word) for word in words if is_region(word)]
    others = [strip_sentence(word) for word in words if not is_region(word)]
    return "".join((*regions, *others)) if regions and others and len(words) <= 4 else ""


def bare_region(word: str) -> str:
    """A word without what may stand around a region: 在长沙的那家."""
    return THERE.sub("", AT.sub("", word.strip()))


def is_region(word: str) -> bool:
    """Whether a word only says where."""
    text = normalise(bare_region(word))
    end = region_end(f"{text}某某")
    return 2 <= len(text) <= 12 and (text in load_regions() or end == len(text))


def name_home(text: str, home: str) -> str:
    """The text with 我们县里, 本市 replaced by the bureau's own region."""
    return LOCAL.sub(home, text)


def region_asked(asked: str) -> tuple[str, str]:
    """The region that a normalised reading names at its beginning or end, and the rest; both may be empty."""
    regions, rest = find_regions(asked)
    if not regions:
        return "", asked
    start = asked.find(rest) if rest else -1
    return (asked[:start] or asked[start + len(rest) :], rest) if start >= 0 else ("", rest)


def spans_with_form(name: str) -> list[str]:
    """Every stretch that ends where a company's name could end, the longest first: a name inside a sentence."""
    ends = sorted({found.end() for found in COMPANY_END.finditer(name)} | {len(name)}, reverse=True)
    spans = [name[start:end] for end in ends for start in range(max(0, end - 50), end - 3)]
    return sorted(set(spans), key=len, reverse=True)[:400]
