"""Questions about the firm that was shown last, and what the words red and black list mean here."""

import re
from dataclasses import dataclass

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.choosing import narrow
from handlers.credit import (
    answer_search,
    card_of,
    has_open_choices,
    offer_again,
    prove,
    report_today,
    show_picked,
    tapped_id,
)
from handlers.lists import heads_today
from services.credit.report import Report

router = Router("followups")

PARENT_TAP = "parent:"  # msgmenuid of 查总公司; the branch's id follows
LONGEST_QUESTION = 24  # characters; what is longer is taken for a name or a story
# What may stand around the word that a question is about: 那它有没有被……过吗.
BEFORE = (
    r"(?:请问|那么|那|请|帮我|我想|想|再|查查|查|看看|看|问|知道|了解|一下|下)*"
    r"(?:它们|它|他|她|这家|那家|这个|那个|该|上面|刚才)*(?:的)?(?:企业|公司|单位|店铺|店|商家)?的?"
    r"(?:现在|目前|最近)?(?:有没有|有无|有|是不是|是否|是|在不在|在|上|列入|被|受过|受到|得过|属于|进|什么时候|什么|哪一?年|哪些|多少|叫)*"
)
AFTER = (
    r"(?:的|是|有|上|里面|里|中|记录|信息|情况|名单|多少|几条|几个|哪些|什么时候|什么|怎么样|如何|在哪里|在哪儿|在哪|哪里|哪|谁|"
    r"查询|查一下|吗|嘛|么|呢|啊|没有|没|不|了|过|吧|详情|原因|内容)*"
)


def question(words: str) -> re.Pattern[str]:
    """A short question about one of these words."""
    return re.compile(f"{BEFORE}(?:{words}){AFTER}", re.DOTALL)


@dataclass(frozen=True)
class Topic:
    """What a question is about: blocks of the report, or a template of its own."""

    pattern: re.Pattern[str]
    blocks: tuple[str, ...] = ()
    template: str = "credit_blocks"
    # Without a firm in mind such a question is about something else.
    needs_firm: bool = False


OPINION = "opinion"  # no template: the card again, which holds facts only

TOPICS = [
    Topic(question("红名单|红榜|守信名单|诚信典型|光荣榜"), ("red",)),
    Topic(question("黑名单|黑榜|严重失信主体名单|严重失信|失信名单|失信主体|失信"), ("black", "court")),
    Topic(question("失信被执行人|被执行人|老赖|欠钱不还|强制执行|执行案件"), ("court",)),
    Topic(question("行政处罚|处罚|罚款|罚|违法|违规"), ("penalty",)),
    Topic(question("经营异常名录|经营异常|异常名录|异常"), ("abnormal",)),
    Topic(question("行政许可|许可证|许可|资质|证照"), ("licence",)),
    Topic(
        question("表彰荣誉|荣誉|表彰|获奖|奖励|示范创建|诚信门店|诚信企业|示范|得奖|奖"),
        ("honour", "demonstration", "red"),
    ),
    Topic(question("信用承诺|承诺书|承诺"), ("commitment",)),
    Topic(question("单用途预付卡备案|预付卡备案|预付卡|备案"), ("prepaid",)),
    Topic(question("第三方评价|商协会评价|评价|评级|信用等级|等级"), ("rating", "association_rating")),
    Topic(question("投诉公示"), ("complaint_summary",)),
    Topic(question("曝光|典型案例"), ("exposure",)),
    Topic(
        re.compile("(?:查看|看|要|更多)?(?:详情|详细信息|详细|更多|全部|完整)(?:与来源|和来源|信息|记录|内容)?"),
        (),
        "credit_details",
    ),
    Topic(question("地址|住所|开在|位置|在哪里|在哪儿|在哪"), (), "credit_address", needs_firm=True),
    Topic(question("统一社会信用代码|信用代码|社会信用代码|代码|税号|注册号"), (), "credit_code"),
    Topic(
        question(
            "登记状态|状态|注销|吊销|倒闭|关门|存续|还在经营|还在营业|还在开|还在|还开着|开着|正常经营|成立|注册时间|注册资本|注册资金|经营范围|登记信息|工商信息"
        ),
        (),
        "credit_register",
        needs_firm=True,
    ),
    Topic(question("曾用名|原名|旧名|以前叫|改名|简称|店招|别名|同一家|一家公司"), (), "credit_names", needs_firm=True),
    Topic(
        question("老板|法定代表人|法人代表|法人|股东|负责人|谁开的?|电话|联系电话|联系方式|手机号"),
        (),
        "credit_people",
        needs_firm=True,
    ),
    Topic(
        question(
            "靠谱|可靠|可信|信得过|值得信任|信用好|信用|好不好|好|怎么样|安全|会?跑路|骗子|骗人|(?:能|可以|可不可以|能不能)?(?:办卡|买|充值|合作)"
        ),
        (),
        OPINION,
        needs_firm=True,
    ),
    Topic(question("来源|数据来源|数据日期|更新时间|数据"), (), "credit_sources"),
]
WHERE_TO_LOOK = re.compile(r".*(?:被执行人|老赖|裁判文书|限高).*(?:怎么|哪里|在哪|哪儿|如何)查?.*")
OFFICIAL = re.compile(
    r"(?:官方|官网|权威)(?:核验|核实|查询|网站|渠道)?(?:在哪|怎么查)?|(?:去哪|到哪|哪里)(?:里|儿)?(?:核实|核验)"
)
EXPLAIN_QUERY = re.compile(r"查询说明|能查什么|可以查什么|数据(?:准|可靠)(?:吗|不)?")
YES = re.compile(
    r"(?:嗯+|哦|好的?)?[,，]?(?:是的?|对的?|就是|没错|好的?|嗯+|ok|yes)?(?:这家|它|这个|那家)?(?:的|啊|了|吧)?"
)
SAME_FIRM = question("同一家|一家公司|一样的?")
PARENT = re.compile(r"(?:那|查|看)?(?:它的?)?(?:总公司|总部|母公司|总店)(?:呢|的)?(?:怎么样|情况)?")


def is_question(words: str, pattern: re.Pattern[str]) -> bool:
    """Short enough, and the pattern covers all of it."""
    return len(words) <= LONGEST_QUESTION and bool(pattern.fullmatch(words))


def is_yes(turn: Turn) -> bool:
    """是的, 就是这家."""
    return bool(turn.words and YES.fullmatch(turn.words))


def find_topic(words: str) -> Topic | None:
    """The first topic that the words ask about."""
    return next((topic for topic in TOPICS if is_question(words, topic.pattern)), None)


@router.on_click("find")
@router.on_text(lambda turn: is_question(turn.words, EXPLAIN_QUERY))
def explain_query(turn: Turn) -> Reply:
    """What is searched, where it comes from, what an answer is and is not."""
    return Text(render("credit_query_notes", bureau=turn.desk.bureau))


@router.on_click("lists")
def explain_lists(turn: Turn) -> Reply | Pass:
    """What the statutory lists are, and how to ask for one firm."""
    return Text(render("credit_lists", report=last_report(turn), bureau=turn.desk.bureau, heads=heads_today(turn)))


@router.on_text(lambda turn: is_question(turn.words, WHERE_TO_LOOK))
def answer_court_site(turn: Turn) -> Reply:
    """Where the court's own list is."""
    return Text(render("credit_court_site", bureau=turn.desk.bureau))


@router.on_text(lambda turn: is_question(turn.words, OFFICIAL))
def answer_official(turn: Turn) -> Reply:
    """Where the authoritative copies are."""
    return Text(render("credit_official", bureau=turn.desk.bureau, report=last_report(turn)))


@router.on_text(lambda turn: has_open_choices(turn) and is_question(turn.words, SAME_FIRM))
def answer_same_firm(turn: Turn) -> Reply:  # noqa: ARG001
    """Offered firms are different ones."""
    return Text(render("credit_different_firms"))


@router.on_tap(PARENT_TAP)
@router.on_text(lambda turn: is_question(turn.words, PARENT))
def answer_parent(turn: Turn) -> Reply | Pass:
    """The parent of the branch whose card was tapped, or that was shown last."""
    tapped = tapped_id(turn, PARENT_TAP)
    report = last_report(turn) if tapped is None else report_today(turn, tapped)
    return answer_search(turn, report.parent_name) if report and report.parent_name else PASS


@router.on_text(lambda turn: has_open_choices(turn) and len(turn.conversation.choices) == 1 and is_yes(turn))
def answer_yes(turn: Turn) -> Reply:
    """Yes to the only firm that was offered."""
    return show_picked(turn, turn.conversation.choices[0].enterprise_id)


@router.on_text(lambda turn: has_open_choices(turn) and find_topic(turn.words) is not None)
def ask_to_choose_first(turn: Turn) -> Reply | Pass:
    """A question while a list is waiting; nothing is said of any of them before one is picked."""
    choices = turn.conversation.choices
    return PASS if narrow(choices, turn.words) else offer_again(turn, choices, "请先选一家，选好再问：")


@router.on_text(lambda turn: find_topic(turn.words) is not None)
def answer_topic(turn: Turn) -> Reply | Pass:
    """One question about the firm shown last; without one, which firm is meant?"""
    topic, report = find_topic(turn.words), last_report(turn)
    if topic is None or (report is None and topic.needs_firm):
        return PASS
    if report is None:
        return ask_which_firm(turn, topic)
    asked_by_old_word = "黑名单" in turn.words or "黑榜" in turn.words
    url = turn.desk.link(f"/h5/enterprises/{report.enterprise_id}")
    if topic.template == OPINION:
        return card_of(turn, report, intro="好不好不由我评价，只告诉您查到的事实：")
    text = render(
        topic.template,
        report=report,
        topic=topic,
        url=url,
        asked_by_old_word=asked_by_old_word,
        bureau=turn.desk.bureau,
        **(prove(turn, report) | {"is_brief": False} if topic.blocks else {}),
    )
    return Text(text, more_url=url)


def ask_which_firm(turn: Turn, topic: Topic) -> Reply | Pass:
    """Which firm is meant? For lists also what they are."""
    if {"red", "black"} & set(topic.blocks[:1]):
        return explain_lists(turn)
    return Text(render("credit_ask_name"))


def last_report(turn: Turn) -> Report | None:
    """The report of the firm shown last, composed anew."""
    enterprise_id = turn.conversation.enterprise_id
    return None if enterprise_id is None else report_today(turn, enterprise_id)
