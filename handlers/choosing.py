"""Which of the offered choices a citizen means by a number, a place or part of a name; pure."""

import re
import unicodedata

from bot.conversation import Choice
from services.enterprises.asking import bare_region, is_region, strip_sentence

NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九", 1)} | {"两": 2}
NUMBER = re.compile(
    r"(?:那就|就|我)?(?:选择|选|要|查|看|是|点)?(?:第|no\.?|\(|#)?\s*([1-9一二两三四五六七八九])\s*"
    r"(?:\)|、|\.)?(?:个|家|号|项|条|行)?(?:吧|的)?"
)
LAST = re.compile(r"(?:选|要|看)?(?:最后|最下面|最末)(?:的|一个|一家|那个|那家|一项)*")
NONE_OF_THEM = re.compile(
    r"(?:这些|以上)?(?:都|全)?(?:不是|不对|没有)(?:这些|这几个|的|我要的|一个对)*|没有我要的|其他|其它"
)
UNSURE = re.compile(
    r"(?:我|也)*(?:不知道|不清楚|不确定|搞不清|分不清|记不清)(?:是)?(?:哪个|哪家|哪一家|了|啊)*|(?:是|选|该选)?(?:哪个|哪家|哪一家)(?:呢|啊|呀)?"
)
PARENT_WORDS = re.compile(r"(?:总公司|总部|母公司|总店|不是分公司|不要分公司)")
LEADING = re.compile(r"^(?:我说的|我要的|我要|我查的|就是|那个|这个|是|查|要|选|在)+")
TRAILING = re.compile(r"(?:的|那个|那家|那一家|这个|这家|一家|公司吧|吧|哦|啊|呀|店里)+$")
BRANCH_MARKS = ("分公司", "分店", "分支机构")
AREA_SUFFIX = re.compile(r"[省市区县]$")


def fold(text: str) -> str:
    """Width, case and blanks do not matter."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).casefold())


def chosen_number(words: str, count: int) -> int | None:
    """The number meant by 2, ２, 第二个, 最后一个, even beyond `count`; None when the words are none."""
    if LAST.fullmatch(words):
        return count
    found = NUMBER.fullmatch(words)
    if not found:
        return None
    return NUMERALS.get(found[1]) or int(found[1])


def is_unsure(words: str) -> bool:
    """不知道是哪个."""
    return UNSURE.fullmatch(words) is not None


def is_none_of_them(words: str) -> bool:
    """都不是."""
    return NONE_OF_THEM.fullmatch(words) is not None


def said_region(words: str) -> str:
    """The place, where nothing but a place was said: 我要湘潭的; else empty."""
    said = LEADING.sub("", fold(words))
    return bare_region(said) if is_region(said) else ""


def narrow(choices: list[Choice], words: str) -> list[Choice]:
    """The choices whose line contains what was said: 湘潭的, 是分公司那个, 尾号1259. Empty when none does."""
    said = fold(words)
    if PARENT_WORDS.search(said):
        parents = [choice for choice in choices if "总公司" in choice.label]
        return parents or [choice for choice in choices if not any(mark in choice.label for mark in BRANCH_MARKS)]
    exact = [choice for choice in choices if fold(choice.label).rpartition("(")[0] == said]
    if exact:
        return exact
    bare = fold(strip_sentence(words))  # 湘潭那家怎么样
    cores = [TRAILING.sub("", LEADING.sub("", text)) for text in (said, bare)]
    for part in (cores[0], AREA_SUFFIX.sub("", cores[0]), *cores[1:]):
        found = [choice for choice in choices if len(part) >= 2 and part in fold(choice.label)]
        if found:
            return found
    return []
