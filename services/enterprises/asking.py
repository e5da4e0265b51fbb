"""What a citizen's sentence asks for: the name inside 帮我查一下…怎么样, in several readings."""

import re

from services.enterprises.names import normalise
from services.enterprises.parts import COMPANY_END

OPENINGS = re.compile(
    r"^(?:请问一?下?|再|另外|顺便|接着|继续|还有|请教一?下?|请|你好|您好|喂|嗨|麻烦你?您?|劳驾|帮忙|帮我|替我|给我|我想|我要|想要|想查|要查|想问|想|需要|能不能|"
    r"可不可以|查一?下|查询一?下?|查一查|查查|查找|查|搜索|搜一?搜|搜一?下|找一?下|看一?下|看看|问一?下|问问|"
    r"了解一?下|打听一?下|一下|关于|名称是?|公司名称?是?|企业名称?是?|名字是?|全称是?|叫做?|那个|这个|有个|有家|有一家|"
    r"知道|不知道|到底|就是)"
)
ENDINGS = re.compile(
    r"(?:怎么样|咋样|怎样|如何|好不好|行不行|靠不靠谱|靠谱|可不可靠|可靠|可信|正规|合法|真实|存在|有问题|没问题|有没有问题|"
    r"有没有失信|有无失信|是否失信|失信|有没有被?处罚|有无处罚|被?处罚过?|受过处罚|有没有违法|是不是黑名单|在不在黑名单|"
    r"(?:在不在|是不是|有没有|上没上|进没进|是否)?(?:上|进|在|列入|是)?了?(?:黑|红|失信|严重失信主体)名单(?:里面|里|上|中|内)?|是不是|在不在|有没有|是否|是骗子|骗子|骗人|跑路|倒闭|"
    r"的?(?:企业|公司)?信用(?:怎么样|好不好|如何|状况|情况|记录|信息|报告|查询|档案|好|差)?|的(?:情况|信息|资料|记录|档案|底细)|"
    r"[这那](?:家|个|间)(?:公司|企业|店|单位|厂|商家)?|查询|查一下|吗|嘛|么|呢|呀|啊|吧|哦|了|的|谢谢|多谢|麻烦了?)$"
)
# 长沙的那个大润发: the words between a region and a name.
BETWEEN = re.compile(r"(?:的[那这](?:个|家|间)|[那这](?:个|家|间)|的)")
QUOTED = re.compile(r"[“\"「『《【'‘]([^”\"」』》】'’]{2,60})[”\"」』》】'’]")
SEPARATORS = re.compile(r"[，,。！!？?；;：:\n\r~～…]+")
LONGEST = 120


def strip_sentence(text: str) -> str:
    """The text without the words of asking at its ends."""
    before = None
    while text != before:
        before = text
        text = text.strip()
        shorter = ENDINGS.sub("", OPENINGS.sub("", text)).strip()
        if len(normalise(shorter)) >= 2:
            text = shorter
    return text


def read_names(text: str) -> list[str]:
    """Normalised readings of what is asked for, the most literal first; empty where there is no word."""
    text = text[:LONGEST]
    readings = [text, *QUOTED.findall(text)]
    clauses = [clause for clause in SEPARATORS.split(text) if clause.strip()]
    longest = max((strip_sentence(clause) for clause in clauses), key=len, default="")
    readings += [strip_sentence(text), longest, BETWEEN.sub("", longest)]
    normal = (normalise(reading) for reading in readings)
    return list(dict.fromkeys(name for name in normal if name))


def spans_with_form(name: str) -> list[str]:
    """Every stretch that ends where a company's name could end, the longest first: a name inside a sentence."""
    ends = sorted({found.end() for found in COMPANY_END.finditer(name)} | {len(name)}, reverse=True)
    spans = [name[start:end] for end in ends for start in range(max(0, end - 50), end - 3)]
    return sorted(set(spans), key=len, reverse=True)[:400]
