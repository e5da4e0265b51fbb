"""Which enterprise the words of a photo name: a code, the name on a licence, or the biggest words of a sign (pure)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from services.enterprises.codes import LOOK_ALIKES, RESIDENT_ID, find_codes, is_resident_id, is_valid
from services.photos.lines import Line, Placed, bare, put_upright
from services.photos.reading import Reading, Trouble

MOST_NAMES = 3
LONGEST_NAME = 60
CLEAR = 0.9  # from this score on a line counts as read without doubt
AS_BIG = 0.75  # words of a sign at least this part of the biggest in height belong to its name
ONE_ROW = 0.7  # of its height: how far a value may lie above or below its heading
GAP = 6.0  # heights: how far right of its heading a value begins at most
NEXT_ROW = 1.9  # heights: a name that goes on does so this far below at most

# Headings of a licence (国市监注〔2018〕, and older forms), without blanks.
NAME = re.compile(r"(?:企业|字号)?名称")
PERSON = re.compile(r"法定代表人|经营者(?:姓名)?|负责人|投资人|执行事务合伙人|姓名|股东")
OTHER = re.compile(
    r"统一社会信用代码|注册号|(?:主体)?类型|组成形式|注册资本|成员出资总额|出资额|成立日期|注册日期|营业期限|合伙期限|"
    r"住所|(?:主要)?经营场所|营业场所|经营范围|登记机关|扫描二维码|国家企业信用信息公示系统|编号"
)
LICENCE = re.compile(r"营业执照")
CODE_HEADING = re.compile(r"信用代码|注册号")
IDENTITY = re.compile(r"公民身份号码|居民身份证|身份证号")
IDENTITY_FIELDS = [re.compile(word) for word in ("姓名", "性别", "民族", "出生", "住址")]
EIGHTEEN = re.compile(r"(?<!\d)\d{17}[\dX](?!\d)")
NAME_IN_LINE = re.compile(r"(?:企业|字号)?名称[:：]?(.{2,})")
# Where a firm's name ends; forms of companies stand alone on a licence beside 类型.
FIRM = re.compile(
    r"[^；;，,。：:]{3,}(?:公司|合伙企业|合作社|联合社|厂|商行|商店|超市|便利店|经营部|事务所|服务部|中心)"
)
KIND_ONLY = re.compile(
    r"(?:(?:其他|一人)?(?:有限责任|股份有限|有限)公司(?:分公司)?|(?:特殊|普通|有限|的)*合伙企业|个人独资企业|农民专业合作社)(?:[(（].*)?"
)
WORDS = re.compile(r"[\u4e00-\u9fffA-Za-z]{2,}")
# On a sign beside the name; a person's card is no sign.
NO_SIGN = re.compile(
    r"电话|热线|手机|地址|微信|支付|付款|收款|扫码|扫一扫|营业时间|欢迎光临|\d{7,}|\d{3,4}-\d{7,8}|"
    r"(?:经理|总监|主任|董事长|主管|顾问|律师|医生|工程师|先生|女士|老师)$"
)


def understand(lines: Sequence[Line], scanned: Iterable[str] = ()) -> Reading:
    """What the words of a photo, and what its QR codes hold, ask for."""
    page = [line for line in put_upright(lines) if line.text.strip()]
    texts = [*scanned, *(line.text for line in page)]
    if holds_identity(texts):
        return Reading(is_person=True)
    is_licence = looks_like_licence(page)
    code = pick_code(texts, is_licence)
    named = pick_names(page, is_licence)
    if not code and not named:
        return Reading(trouble=Trouble.UNCLEAR if page else Trouble.NO_TEXT)
    names = tuple(dict.fromkeys(tidy(line.text) for line in named))[:MOST_NAMES]
    return Reading(code, names, is_sure=all(line.score >= CLEAR for line in named))


def read_scanned(scanned: Iterable[str]) -> Reading:
    """What QR codes alone ask for; without a code, nothing."""
    return Reading(pick_code(scanned, is_licence=False))


def holds_identity(texts: Iterable[str]) -> bool:
    """A resident's identity number, perhaps with a wrong digit, or the words of an identity card."""
    plain = [bare(unicodedata.normalize("NFKC", text)).upper() for text in texts]
    numbers = [number for text in plain for number in EIGHTEEN.findall(text)]
    if any(is_resident_id(number) or (RESIDENT_ID.fullmatch(number) and not is_valid(number)) for number in numbers):
        return True
    fields = sum(any(map(field.match, plain)) for field in IDENTITY_FIELDS)
    return fields >= 3 or any(map(IDENTITY.search, plain))


def looks_like_licence(page: Sequence[Placed]) -> bool:
    """It says so, or has several of its headings."""
    words = [bare(line.text) for line in page]
    headings = {word for word in words if NAME.match(word) or PERSON.match(word) or OTHER.match(word)}
    return any(map(LICENCE.search, words)) or len(headings) >= 3


def pick_code(texts: Iterable[str], is_licence: bool) -> str:
    """The first valid code, O I S Z read as the digits they look like; on a licence else one with a slip."""
    found = [code for text in texts for code in find_codes(text)]
    for code in found:
        for spelling in (code, code.translate(LOOK_ALIKES)):
            if is_valid(spelling) and (len(spelling) == 18 or (is_licence and len(spelling) == 15)):
                return spelling
    return next((code for code in found if is_licence and 17 <= len(code) <= 19), "")


def pick_names(page: Sequence[Placed], is_licence: bool) -> list[Placed]:
    """Lines that could be the name: beside its heading, else what reads like a firm, else the biggest words."""
    named = find_value(page, NAME)
    other = [*find_values(page, PERSON), *find_values(page, OTHER)]
    firms = [line for line in page if line not in other and is_firm(line.text)]
    if named:
        return [named, *firms] if not FIRM.fullmatch(tidy(named.text)) else [named]
    if firms or is_licence:
        return firms
    return pick_biggest([line for line in page if line not in other])


def is_firm(text: str) -> bool:
    """Reads like the whole name of a firm, and is neither a kind of company nor another field of a licence."""
    name = tidy(text)
    is_field = NAME.match(name) or PERSON.match(name) or OTHER.match(name)
    return bool(FIRM.fullmatch(name)) and not is_field and not KIND_ONLY.fullmatch(name) and len(name) <= LONGEST_NAME


def pick_biggest(page: Sequence[Placed]) -> list[Placed]:
    """The biggest words of a sign: all of them together where they are several, then each."""
    words = [line for line in page if WORDS.search(line.text) and not NO_SIGN.search(line.text)]
    biggest = max((line.height for line in words), default=0.0)
    big = [line for line in words if line.height >= AS_BIG * biggest and len(line.text) <= LONGEST_NAME]
    big.sort(key=lambda line: line.height, reverse=True)
    big = big[: MOST_NAMES - 1]
    if len(big) < 2:
        return big
    upper, lower = sorted(big, key=lambda line: (round(line.middle / biggest), line.left))
    return [join(upper, lower), *big]


def find_values(page: Sequence[Placed], heading: re.Pattern[str]) -> list[Placed]:
    """The lines right of every such heading, and lines that begin with one."""
    heads = [line for line in page if heading.match(bare(line.text))]
    beside = [value for head in heads if (value := beside_of(page, head))]
    return [*heads, *beside]


def find_value(page: Sequence[Placed], heading: re.Pattern[str]) -> Placed | None:
    """What stands behind a heading in its own line, or right of it; with the next row where a name goes on."""
    for head in page:
        if heading.fullmatch(bare(head.text)) and (value := beside_of(page, head)):
            return go_on(page, value)
        inside = NAME_IN_LINE.fullmatch(bare(head.text))
        if inside:
            return go_on(page, Placed(inside[1], head.score, head.left, head.right, head.top, head.bottom))
    return None


def beside_of(page: Sequence[Placed], head: Placed) -> Placed | None:
    """The nearest line right of a heading in the same row."""
    row = [
        line
        for line in page
        if abs(line.middle - head.middle) <= ONE_ROW * head.height
        and 0 < line.left - head.right + head.height < GAP * head.height
    ]
    return min(row, key=lambda line: line.left, default=None)


def go_on(page: Sequence[Placed], name: Placed) -> Placed:
    """A long name with its second row, unless it ends like a name already."""
    if FIRM.fullmatch(tidy(name.text)):
        return name
    for line in page:
        is_below = 0 < line.middle - name.middle <= NEXT_ROW * name.height
        is_aligned = abs(line.left - name.left) <= name.height or line.left <= name.left <= line.right
        if is_below and is_aligned and FIRM.fullmatch(tidy(name.text + line.text)) and not has_heading(page, line):
            return join(name, line)
    return name


def has_heading(page: Sequence[Placed], line: Placed) -> bool:
    """It is the value of another field."""
    return any(OTHER.match(bare(head.text)) and beside_of(page, head) is line for head in page)


def join(first: Placed, then: Placed) -> Placed:
    """Two lines read as one."""
    return Placed(
        first.text + then.text,
        min(first.score, then.score),
        min(first.left, then.left),
        max(first.right, then.right),
        min(first.top, then.top),
        max(first.bottom, then.bottom),
    )


def tidy(text: str) -> str:
    """A name without the blanks and marks around it."""
    return re.sub(r"\s", "", text).strip("·.,，。:：;；、-—_|“”\"'")
