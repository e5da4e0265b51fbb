"""Pure parts of the bot: quotas, menu limits, routes, conversation, wording."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from bot.conversation import Choice, Conversation, load_conversation
from bot.menu import MenuError, load_menu, push_menu
from bot.messages import Inbound, parse_message
from bot.quotas import ALLOWANCES, next_day, next_minute, pick_window, trigger_of
from bot.replies import Reply, Text
from bot.router import PASS, Router, Turn, dispatch
from bot.wording import ENVIRONMENT, chinese_date, link, render, tap
from bot.work import Work
from handlers import ROUTERS
from models.follower import Trigger
from services.followers import meet
from tests.citizen import make_desk, make_settings, plain

NOW = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)


@dataclass
class Window:
    trigger: Trigger
    opened_at: datetime
    used_count: int = 0


@pytest.mark.parametrize(
    ("trigger", "age", "used", "is_open"),
    [
        (Trigger.MESSAGE, timedelta(0), 0, True),
        (Trigger.MESSAGE, timedelta(hours=47, minutes=59), 4, True),
        (Trigger.MESSAGE, timedelta(hours=48), 0, False),
        (Trigger.MESSAGE, timedelta(0), 5, False),
        (Trigger.MENU, timedelta(seconds=50), 2, True),
        (Trigger.MENU, timedelta(seconds=57), 0, False),
        (Trigger.MENU, timedelta(0), 3, False),
        (Trigger.FOLLOW, timedelta(seconds=50), 2, True),
        (Trigger.FOLLOW, timedelta(seconds=60), 0, False),
        (Trigger.SCAN, timedelta(0), 3, False),
        (Trigger.SCAN, timedelta(seconds=50), 0, True),
    ],
)
def test_windows(trigger: Trigger, age: timedelta, used: int, is_open: bool) -> None:
    window = Window(trigger, NOW - age, used)
    assert pick_window([window], NOW) is (window if is_open else None)


def test_the_window_that_closes_first_is_used_up_first() -> None:
    long, short = Window(Trigger.MESSAGE, NOW), Window(Trigger.MENU, NOW)
    assert pick_window([long, short], NOW) is short
    short.used_count = 3
    assert pick_window([long, short], NOW) is long
    assert pick_window([], NOW) is None
    assert {trigger: (rule.count, rule.lasts) for trigger, rule in ALLOWANCES.items()} == {
        Trigger.MESSAGE: (5, timedelta(hours=48)),
        Trigger.MENU: (3, timedelta(minutes=1)),
        Trigger.FOLLOW: (3, timedelta(minutes=1)),
        Trigger.SCAN: (3, timedelta(minutes=1)),
    }


def inbound(kind: str = "text", **leaves: str) -> Inbound:
    fields = {"ToUserName": "gh", "FromUserName": "o", "CreateTime": "1", "MsgType": kind, "MsgId": "1"} | leaves
    return parse_message(("<xml>" + "".join(f"<{k}>{v}</{k}>" for k, v in fields.items()) + "</xml>").encode())


@pytest.mark.parametrize(
    ("message", "trigger"),
    [
        (inbound(), Trigger.MESSAGE),
        (inbound("image"), Trigger.MESSAGE),
        (inbound(bizmsgmenuid="1"), Trigger.MENU),
        (inbound("event", Event="CLICK"), Trigger.MENU),
        (inbound("event", Event="scancode_waitmsg"), Trigger.MENU),
        (inbound("event", Event="subscribe"), Trigger.FOLLOW),
        (inbound("event", Event="SCAN"), Trigger.SCAN),
        (inbound("event", Event="VIEW"), None),
        (inbound("event", Event="pic_weixin"), None),
        (inbound("event", Event="TEMPLATESENDJOBFINISH"), None),
    ],
)
def test_what_opens_a_window(message: Inbound, trigger: Trigger | None) -> None:
    assert trigger_of(message) is trigger


def test_quotas_begin_again() -> None:
    assert next_day(NOW) == datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert next_day(datetime(2026, 11, 20, 16, tzinfo=UTC)) == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert next_minute(NOW) == datetime(2026, 11, 20, 10, 1, tzinfo=UTC)


class Gateway:
    """Takes the menu."""

    menu: Any = None

    def create_menu(self, menu: Any) -> None:
        self.menu = menu


def test_the_shipped_menu_is_within_limits_and_nothing_in_it_is_dead(session: Session) -> None:
    menu = load_menu("https://bureau.example.gov.cn")
    gateway = Gateway()
    push_menu(cast("Any", gateway), menu)
    assert [button["name"] for button in gateway.menu["button"]] == ["信用查询", "投诉举报", "诚信宣传"]
    for item in (item for button in menu["button"] for item in button["sub_button"]):
        if item["type"] == "view":
            assert item["url"].startswith("https://bureau.example.gov.cn/")
        if item["type"] == "click":
            turn = make_turn(inbound("event", Event="CLICK", EventKey=item["key"]))
            turn = replace(turn, session=session, follower=meet(session, "o", NOW))
            answer = dispatch(ROUTERS, turn)
            assert isinstance(answer, Text)
            assert answer.text != render("help", desk=turn.desk), item["name"]


ITEM = '[[button]]\nname = "{name}"\ntype = "{type}"\n{rest}\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1 至 3 个"),
        ("button = 1", r"\[\[button\]\]"),
        ("[[button", "格式有误"),
        (ITEM.format(name="a", type="click", rest='key = "k"') * 4, "现在是 4 个"),
        (ITEM.format(name="五个汉字长", type="click", rest='key = "k"'), "“五个汉字长”太长：最多显示 4 个汉字"),
        (ITEM.format(name="", type="click", rest='key = "k"'), "没有 name"),
        (ITEM.format(name="甲", type="clik", rest='key = "k"'), "“甲”的 type “clik”"),
        (ITEM.format(name="甲", type="click", rest=""), "“甲”.*key"),
        (ITEM.format(name="甲", type="click", rest='key = "k"\nurl = "/"'), "“甲”.*key"),
        (ITEM.format(name="甲", type="click", rest="key = 5"), "“甲”.*文字"),
        (ITEM.format(name="甲", type="click", rest=f'key = "{"字" * 43}"'), "“甲”的 key 超过 128"),
        (ITEM.format(name="甲", type="view", rest=f'url = "https://x/{"a" * 1020}"'), "“甲”的 url 超过 1024"),
        (ITEM.format(name="甲", type="view", rest='url = "javascript:1"'), "“甲”的 url 要以"),
        ('[[button]]\nname = "甲"\nsub_button = []', "“甲”的子菜单要有 1 至 5 个"),
        ('[[button]]\nname = "甲"\ntype = "click"\n[[button.sub_button]]\nname = "乙"', "“甲”有子菜单"),
        (
            '[[button]]\nname = "甲"\n' + '[[button.sub_button]]\nname = "乙"\ntype = "click"\nkey = "k"\n' * 6,
            "1 至 5 个",
        ),
        (
            '[[button]]\nname = "甲"\n[[button.sub_button]]\nname = "这是九个汉字的菜单"\ntype = "click"\nkey = "k"',
            "最多显示 8 个汉字",
        ),
    ],
)
def test_a_menu_beyond_the_limits_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "menu.toml"
    file.write_text(text)
    with pytest.raises(MenuError, match=told):
        load_menu("https://b", file)


def make_turn(message: Inbound, conversation: Conversation | None = None) -> Turn:
    settings = make_settings()
    return Turn(cast("Any", None), message, cast("Any", None), conversation or Conversation(), NOW, make_desk(settings))


def test_the_first_route_that_does_not_pass_answers() -> None:
    router = Router("r")
    seen: list[str] = []

    @router.on_text("查.*")
    def look_closer(turn: Turn) -> Any:
        seen.append(turn.words)
        return PASS

    @router.on_tap("pick:")
    def tapped(turn: Turn) -> Text:
        return Text(turn.message.menu_id)

    @router.on_text(lambda turn: len(turn.text) > 5)
    def long(turn: Turn) -> Reply:
        return None

    @router.on_text()
    def rest(turn: Turn) -> Text:
        return Text(f"rest {turn.text}")

    def say(**leaves: str) -> Reply:
        return dispatch([router], make_turn(inbound(**leaves)))

    assert say(Content=" 查ＡＢ！？ ") == Text("rest 查ＡＢ！？")
    assert seen == ["查ab"]
    assert say(Content="x", bizmsgmenuid="pick:7") == Text("pick:7")
    assert say(Content="很长很长的话") is None
    assert say(Content="查" * 201) is None
    assert len(seen) == 1, "no pattern on stories"
    assert dispatch([router], make_turn(inbound("event", Event="CLICK", EventKey="x"))) is None


def test_patterns_with_groups_are_tried_in_their_order() -> None:
    first, second = Router("first"), Router("second")
    seen: list[str] = []

    def note(name: str, router: Router, pattern: str, reply: Any = PASS) -> None:
        def handler(turn: Turn) -> Any:
            seen.append(name)
            return reply

        router.on_text(pattern)(handler)

    note("both ways", first, r"(甲|乙)(的)?(丙)?")
    first.on_text(lambda turn: "乙" in turn.words)(lambda turn: seen.append("any") or PASS)
    note("one", first, r"(甲)丁|戊")
    note("again", second, r"((乙)|(戊)).?")
    note("last", second, r".(的)", Text("!"))
    replies = {}
    for words in ("甲", "乙的", "戊", "甲丁", "己的", "己"):
        replies[words] = dispatch([first, second], make_turn(inbound(Content=words)))
        seen.append(words)
    told = "both ways,甲,both ways,any,again,last,乙的,one,again,戊,one,甲丁,last,己的,己"
    assert ",".join(seen) == told
    assert [words for words, reply in replies.items() if reply] == ["乙的", "己的"]


def test_conversations_expire() -> None:
    talk = Conversation()
    talk.offer([Choice(3, "甲"), Choice(4, "乙")], NOW)
    talk.enter("complaint", "amount", NOW, firm=3)
    assert talk.is_open
    stored = talk.dump()
    again = load_conversation(stored, NOW + timedelta(minutes=29))
    assert again == talk
    assert [again.pick(number) for number in (0, 1, 2, 3)] == [None, Choice(3, "甲"), Choice(4, "乙"), None]
    assert load_conversation(stored, NOW + timedelta(minutes=30)).choices == []
    assert load_conversation(stored, NOW + timedelta(hours=24)).dump() == {}
    talk.show(4, NOW)
    assert (talk.choices, load_conversation(talk.dump(), NOW + timedelta(hours=23)).enterprise_id) == ([], 4)
    assert load_conversation(talk.dump(), NOW + timedelta(hours=24)).enterprise_id is None
    talk.enter("other", "start", NOW)
    assert talk.notes == {}
    talk.clear()
    assert talk.dump() == {}
    assert not talk.is_open


def test_words_and_links() -> None:
    assert chinese_date(date(2026, 12, 1)) == "2026年12月1日"
    assert chinese_date(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == "2026年12月1日"
    assert str(link("<b>", 'https://x/"><a')) == '<a href="https://x/%22%3E%3Ca">＜b＞</a>'
    tapped = str(tap("1 甲&乙", "甲&乙", "pick:7"))
    assert tapped == (
        '<a href="weixin://bizmsgmenu?msgmenucontent=%E7%94%B2%26%E4%B9%99&msgmenuid=pick%3A7">1 甲&乙</a>'
    )
    assert plain(tapped) == "1 甲&乙"
    template = ENVIRONMENT.from_string("{{ name }} & {{ tap(name) }} {{ names|join('、') }}")
    shown = template.render(name='<a href="http://evil">点我</a>', names=["a&b", "<c\u202e>"])
    assert shown.count("<a ") == 1
    assert shown.endswith("a&b、＜c＞")


def test_work_is_settled_once() -> None:
    on_time, late, replayed = Work(), Work(), Work(is_late=True)
    assert on_time.is_in_time()
    assert not on_time.give_up()
    assert on_time.is_in_time()
    assert late.give_up()
    assert not late.is_in_time()
    assert not replayed.is_in_time()
