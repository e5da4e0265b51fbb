"""What stands against an article, and where in it: pure, over the article and the facts about it.

REFUSE must be mended, CONFIRM must be looked at by the publisher, WARN is only said.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from config.campaigns import DraftLimits
from models.campaign_words import ArticleType, LinkState
from services.campaigns.article_facts import ArticleFacts, FirmFacts
from services.campaigns.markup import BlockKind, find_pictures, plain_text, read_blocks
from services.campaigns.words import find_words
from services.enterprises.people import DOUBLE_SURNAMES, SURNAMES
from services.privacy import WORDS as PERSONAL_WORDS
from services.privacy import PersonalKind, Place, find_places


class Weight(StrEnum):
    """How much a finding weighs."""

    REFUSE = "refuse"
    CONFIRM = "confirm"
    WARN = "warn"


@dataclass(frozen=True)
class Finding:
    """One thing that was found; `words` name the place."""

    code: str
    weight: Weight
    field: str  # of the form, or picture, firm, link, campaign
    words: str
    said: str = ""  # what it is about: equal for the same finding in a later version
    is_required: bool = False  # without it the article may not even be handed in

    @property
    def key(self) -> str:
        """By which a publisher confirms it."""
        return f"{self.code}:{self.field}:{self.said}"[:120]


NEGATIVE, POSITIVE = "negative", "positive"
FIELDS = {"title": "标题", "digest": "摘要", "author": "作者", "body": "正文", "source": "数据来源"}
# A number that claims something; dates, ordinals, document numbers and prices of everyday life are none.
FIGURE = re.compile(r"\d[\d,.]*\s*(?:%|％|万|亿|余家|家|余人|人次|万元|亿元|个百分点|倍)")
# Persons who did not choose to be in the newspaper, with their full name.
NAMED = re.compile(
    r"(?:消费者|投诉人|举报人|市民|顾客|业主|受害人|当事人|居民|老人)"
    rf"((?:{'|'.join(DOUBLE_SURNAMES)}|[{SURNAMES}])(?!某|先生|女士|大爷|阿姨|×|\*)[\u4e00-\u9fff]{{1,2}})"
    r"(?=[，。、；：（()\s]|先生|女士|说|反映|介绍|表示|投诉|告诉|到|在|于|来|称|购买|办理|向)"
)
# What no article ever needs; addresses, landlines and names may be those of an office or of who speaks for it.
NEVER = {
    PersonalKind.PHONE,
    PersonalKind.RESIDENT_ID,
    PersonalKind.BANK_CARD,
    PersonalKind.PASSPORT,
    PersonalKind.PLATE,
}


def check(facts: ArticleFacts, limits: DraftLimits) -> list[Finding]:
    """All findings, the heavy ones first."""
    found = [
        *check_needed(facts),
        *check_sizes(facts, limits),
        *check_pictures(facts, limits),
        *check_campaign(facts),
        *check_firms(facts),
        *check_personal(facts),
        *check_words(facts),
        *check_links(facts),
        *check_figures(facts),
    ]
    order = list(Weight)
    return sorted(found, key=lambda one: order.index(one.weight))


def parts_of(facts: ArticleFacts) -> Iterator[tuple[str, str, str]]:
    """Field, text, and where that is: 标题, 正文第3段."""
    for field in ("title", "digest", "author", "source"):
        yield field, getattr(facts, field), FIELDS[field]
    for block in read_blocks(facts.body):
        if block.kind not in {BlockKind.PICTURE, BlockKind.RULE}:
            yield "body", "\n".join(block.lines), f"正文第 {block.number} 段"
    for picture in facts.pictures:
        yield "picture", picture.alt, f"图{picture.picture_id}的说明"


def check_needed(facts: ArticleFacts) -> Iterator[Finding]:
    """What WeChat and readers cannot do without."""
    for field in ("title", "body"):
        if not getattr(facts, field).strip():
            words = f"{FIELDS[field]}还没有写"
            yield Finding("missing", Weight.REFUSE, field, words, is_required=True)
    if not any(picture.is_cover for picture in facts.pictures):
        yield Finding("no_cover", Weight.REFUSE, "picture", "还没有封面图片：微信要求每篇都有封面")
    if not facts.digest.strip():
        yield Finding("no_digest", Weight.WARN, "digest", "摘要没有写，微信会取正文前 54 个字")


def check_sizes(facts: ArticleFacts, limits: DraftLimits) -> Iterator[Finding]:
    """WeChat's limits (draft/add)."""
    for field, most in (("title", limits.title), ("author", limits.author), ("digest", limits.digest)):
        length = len(getattr(facts, field))
        if length > most:
            words = f"{FIELDS[field]}有 {length} 个字，微信最多 {most} 个，请减少 {length - most} 个"
            yield Finding("too_long", Weight.REFUSE, field, words)
    if len(facts.markup) > limits.content or len(facts.markup.encode()) > limits.content_bytes:
        over = max(len(facts.markup) - limits.content, 1)
        words = f"正文连同格式有 {len(facts.markup)} 个字符，微信要求少于 20000 个，请减少约 {over} 个，或分成两篇"
        yield Finding("too_long", Weight.REFUSE, "body", words)


def check_pictures(facts: ArticleFacts, limits: DraftLimits) -> Iterator[Finding]:
    """Each picture in the text is there, described, and small enough."""
    known = {picture.picture_id for picture in facts.pictures}
    named = find_pictures(facts.body)
    for number in named:
        if number not in known:
            words = f"正文写了［图{number}］，但没有这张图片：请重新上传，或删去这一行"
            yield Finding("picture_gone", Weight.REFUSE, "body", words, str(number))
    for picture in facts.pictures:
        said = str(picture.picture_id)
        if not picture.alt.strip():
            yield Finding("no_alt", Weight.REFUSE, "picture", f"图{said}没有文字说明，看不见的读者靠它", said)
        if picture.size_bytes > limits.picture_bytes:
            yield Finding("picture_big", Weight.REFUSE, "picture", f"图{said}太大，请换一张", said)
    if len(named) > limits.pictures:
        words = f"正文有 {len(named)} 张图片，最多 {limits.pictures} 张"
        yield Finding("many_pictures", Weight.REFUSE, "body", words)


def check_campaign(facts: ArticleFacts) -> Iterator[Finding]:
    """方案统一、标识统一、主题统一 (R41): an item of a campaign bears its theme and its logo."""
    campaign = facts.campaign
    if campaign is None:
        if facts.running is not None:
            words = f"正在开展“{facts.running.name}”，这篇没有标为活动文章；如果属于活动，请选上"
            yield Finding("not_of_campaign", Weight.WARN, "campaign", words)
        return
    if not facts.bears_theme and campaign.theme not in f"{facts.title}\n{plain_text(facts.body)}":
        words = f"没有活动主题“{campaign.theme}”：请在“宣传活动”里选“文首加主题”，或写进标题、正文"
        yield Finding("no_theme", Weight.REFUSE, "campaign", words)
    if not campaign.has_logo:
        words = f"“{campaign.name}”还没有上传活动标识，请主管部门先在活动设置里上传"
        yield Finding("logo_missing", Weight.REFUSE, "campaign", words)
    elif not facts.bears_logo:
        yield Finding("no_logo", Weight.REFUSE, "campaign", "没有活动标识：请在“宣传活动”里选“文首加标识”")


def check_firms(facts: ArticleFacts) -> Iterator[Finding]:
    """A firm is named negatively only while a public record in force says so (R23)."""
    if facts.type is ArticleType.BAD_CASE and not any(one.polarity == NEGATIVE for one in facts.firms):
        words = "失信案例须选出所写的企业，并标为负面，系统才能核对记录"
        yield Finding("no_firm", Weight.REFUSE, "firm", words)
    for firm in facts.firms:
        where = "、".join(place for field, text, place in parts_of(facts) if field != "picture" and names(firm, text))
        at = f"（{where}）" if where else ""
        if firm.polarity == NEGATIVE and not firm.has_negative:
            words = f"“{firm.name}”{at}没有正在公示的失信记录（没有、已修复、已撤回或已期满），不能作负面报道"
            yield Finding("no_record", Weight.REFUSE, "firm", words, firm.name)
        if firm.polarity == POSITIVE and firm.has_negative:
            words = f"“{firm.name}”{at}有正在公示的失信记录，作正面宣传前请核对"
            yield Finding("praised", Weight.CONFIRM, "firm", words, firm.name)
        if not where:
            yield Finding("not_named", Weight.WARN, "firm", f"文中没有出现“{firm.name}”，是否选错", firm.name)


def names(firm: FirmFacts, text: str) -> bool:
    """The text names the firm in one of its names."""
    return any(name and name in text for name in (firm.name, *firm.names))


def check_personal(facts: ArticleFacts) -> Iterator[Finding]:
    """Numbers of persons never go out; what may be an office's is looked at."""
    for field, text, where in parts_of(facts):
        for place in (*find_places(text), *find_named(text)):
            words = f"{where}“{place.said}”可能是个人的{PERSONAL_WORDS[place.kind]}"
            if place.kind in NEVER:
                yield Finding("personal", Weight.REFUSE, field, f"{words}，请删去", place.said)
            else:
                yield Finding("personal", Weight.CONFIRM, field, f"{words}；是单位公开信息的可以保留", place.said)


def find_named(text: str) -> Iterator[Place]:
    """消费者王小明: the name of somebody who speaks for nobody but themselves."""
    for found in NAMED.finditer(text):
        yield Place(PersonalKind.NAME, *found.span(1), found[1])


def check_words(facts: ArticleFacts) -> Iterator[Finding]:
    """The list of sensitive words, with what to write instead and whose rule it is."""
    for field, text, where in parts_of(facts):
        for hit in find_words(text, facts.words):
            listed = hit.listed
            by = f"（依据：{listed.source}）" if listed.source else ""
            words = f"{where}“{listed.word}”：{listed.advice or '请改用别的词'}{by}"
            yield Finding("word", Weight.REFUSE, field, words, listed.word)


def check_links(facts: ArticleFacts) -> Iterator[Finding]:
    """Links that do not open; of one that nobody has reached yet we say just that."""
    for link in facts.links:
        note = f"：{link.note}" if link.note else ""
        if link.state is LinkState.DEAD:
            yield Finding("dead_link", Weight.REFUSE, "body", f"链接 {link.url} 打不开{note}", link.url)
        elif link.state is LinkState.UNKNOWN:
            words = f"链接 {link.url} 还不知道能不能打开{note}；请自己打开看过"
            yield Finding("unknown_link", Weight.CONFIRM, "body", words, link.url)


def check_figures(facts: ArticleFacts) -> Iterator[Finding]:
    """Figures want a source."""
    if facts.source.strip():
        return
    found = [(where, match[0]) for _, text, where in parts_of(facts) for match in FIGURE.finditer(text)]
    if found:
        where, said = found[0]
        words = f"{where}有数据“{said}”等 {len(found)} 处，没有写数据来源"
        yield Finding("no_source", Weight.WARN, "source", words)


def split(findings: Iterable[Finding], confirmed: frozenset[str]) -> tuple[int, int]:
    """How many must be mended, and how many are still to be looked at."""
    listed = list(findings)
    refused = sum(one.weight is Weight.REFUSE for one in listed)
    return refused, sum(one.weight is Weight.CONFIRM and one.key not in confirmed for one in listed)
