"""Questions to the bureau itself: hours, place, people, how to use the account; also its menu buttons."""

from functools import lru_cache

from bot.messages import Event
from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import render
from services.desk import Desk

router = Router("bureau")

ASKING = r"(请问|你好|您好|那|麻烦问一下|问一下|想问一下|[，,、 ])*"
WHO = (
    r"(你们|你|您|贵局|咱们|商务局|市商务局|县商务局|区商务局|单位|局里|办公|窗口|这里|这边)*"
    r"(的|是|今天|明天|周末|一般|现在|都)*"
)
TAIL = r"(是|在)?(几点|多少|哪里|哪儿|哪|啥|什么|呢|啊|呀|吗|么|时候|时间|有)*"

HELP = (
    r"帮助|帮忙|help|menu|菜单|功能|说明|查询说明|怎么用|怎么使用|如何使用"
    r"|你会什么|你能干什么|你能做什么|能查什么|hi|hello|在吗|在么|有人吗"
)
GREETINGS = r"(你好|您好|早上好|上午好|下午好|晚上好|哈喽|嗨)[呀啊吗]?"
SMALL_TALK = (
    r"((今天|明天)?天气.{0,6}|你是(谁|什么|机器人).{0,4}|什么意思|不知道|不懂|看不懂|吃饭?了[吗没].?|在吗|在不在|"
    r"(哈|呵|嘿|哦|啊|呃){1,6}|真的吗|讲个笑话|无聊)[？?。！!~～]*"
)
THANKS = (
    r"(非常感谢|感谢|谢谢|多谢|谢了|thanks|thank you|再见|拜拜|好的?|嗯+|ok|知道了|明白了|收到|辛苦了?)"
    r"(您|你|你们|啦|了|哈)*"
)
HOURS = (
    rf"{ASKING}{WHO}(几点|什么时候|什么时间|何时|啥时候|多会儿)(开始)?(上班|开门|下班|关门|办公|营业|工作|休息){TAIL}"
    rf"|{ASKING}{WHO}(上班|工作|服务|办公|营业|开门)(时间|时候){TAIL}"
    rf"|{ASKING}{WHO}(周末|周六|周日|星期六|星期天|节假日|今天|明天|中午)(上班|开门|有人)(吗|么|不)?"
)
PLACE = (
    rf"{ASKING}{WHO}(地址|位置|地点){TAIL}"
    rf"|{ASKING}{WHO}(在哪里|在哪儿|在哪|在什么地方|什么地方|怎么走|怎么去)(办公|上班)?(呢|啊)?"
)
PEOPLE = (
    rf"{ASKING}{WHO}(联系)?(电话|热线|联系方式|电话号码|号码|座机)(号码)?{TAIL}"
    rf"|{ASKING}(怎么|如何|我要|我想|想|要)?(联系|找)(你们|商务局|人工|人工客服|客服|工作人员)"
    r"|转?人工(客服|服务)?|客服|12345|12312|12315"
)
COMPLAIN = (
    r"(我?(要|想)|怎么|如何|怎样|在哪里?|去哪里?)?(投诉|举报|维权|反映问题|提意见|反馈)"
    r"(企业|商家|公司|电话|热线|渠道|入口)?(呢|吗)?"
)
FIND = (
    r"怎么查(一家)?企业|怎么查(公司|信用|询)?|如何查询?(企业|公司|信用)?"
    r"|我?(要|想)查(企业|公司|信用)|查企业|企业查询|信用查询"
)
SCANNING = r"怎么扫码|扫码查照?(怎么用)?|扫一扫|怎么扫(执照|营业执照)"
LISTS = r"(查|看)?(红名单|黑名单|失信名单|诚信名单|严重失信主体名单)(查询|有哪些|怎么查|是什么)?"
PRIVACY = r"隐私(政策|保护|说明)?|个人信息(保护|告知)?|你们(收集|保存|记录)(了)?(我的)?(什么|哪些)(信息)?"


@lru_cache
def words_of(name: str, desk: Desk) -> str:
    """The template `name` with the bureau's words; they change with the settings only."""
    return render(name, bureau=desk.bureau, desk=desk)


def about(name: str, turn: Turn) -> Text:
    """The template `name` as an answer."""
    return Text(words_of(name, turn.desk))


@router.on_text(f"{HELP}|{GREETINGS}")
@router.on_text(SMALL_TALK)
@router.on_click("help", "about")
def explain(turn: Turn) -> Text:
    """What the account can do."""
    return about("help", turn)


@router.on_text(THANKS)
def be_kind(turn: Turn) -> Text:
    """A short word back."""
    return about("thanks", turn)


@router.on_text(HOURS)
def tell_hours(turn: Turn) -> Text:
    """When people are there."""
    return about("hours", turn)


@router.on_text(PLACE)
def tell_place(turn: Turn) -> Text:
    """Where people are."""
    return about("place", turn)


@router.on_text(PEOPLE)
@router.on_click("people")
def tell_people(turn: Turn) -> Text:
    """How to reach a person."""
    return about("people", turn)


@router.on_text(COMPLAIN)
def tell_complaints(turn: Turn) -> Text:
    """Every way to complain, and what to have ready; the chat's own is in complaint.py."""
    return about("complaints", turn)


@router.on_text(FIND)
def tell_finding(turn: Turn) -> Text:
    """How to look up a firm."""
    return about("finding", turn)


@router.on_text(SCANNING)
def tell_scanning(turn: Turn) -> Text:
    """How to scan a licence."""
    return about("scanning", turn)


@router.on_text(LISTS)
def tell_lists(turn: Turn) -> Text:
    """What lists there are by law, and how to ask for one firm."""
    return about("lists", turn)


@router.on_click("policy", "cases")
def tell_news(turn: Turn) -> Text:
    """Where laws and rules are to be read."""
    return about("news", turn)


@router.on_text(PRIVACY)
@router.on_click("privacy")
def tell_privacy(turn: Turn) -> Text:
    """What is kept of a citizen."""
    return about("privacy", turn)


@router.on_event(Event.PIC_SYSPHOTO, Event.PIC_PHOTO_OR_ALBUM, Event.PIC_WEIXIN)
def wait_for_picture(turn: Turn) -> None:
    """The picture itself comes as a message of its own and is answered there."""
