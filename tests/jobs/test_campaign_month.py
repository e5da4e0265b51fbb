"""A campaign month in the simulator with frozen time, and what staff order in between."""

from datetime import datetime, timedelta

import pytest
import requests

from models.campaign_send import CampaignSend
from models.send_words import OrderKind, SendChannel, SendState, Topic
from services.campaigns import months, sends
from services.campaigns.sends import SendError
from tests.send_room import SHANGHAI, SendRoom

SENDALL = "/cgi-bin/message/mass/sendall"


def day(number: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, number, hour, 0, tzinfo=SHANGHAI)


def go_to(room: SendRoom, moment: datetime) -> None:
    seconds = (moment - room.now).total_seconds()
    room.pass_time(seconds=seconds)


def test_a_campaign_month(room: SendRoom) -> None:
    """Four sends, a fifth refused, a crash between send and commit, two schedulers, 45065, a late administrator."""
    users = [room.follower(name) for name in ("赵大爷", "周工")]
    room.add_tester("周工")
    other = room.make_clock()

    # The first: previewed to a tester, approved by a second person, sent by one of two schedulers.
    first = room.plan("双十一消费提示", due_at=day(5))
    with room.database.write() as session, pytest.raises(SendError, match="先预览"):
        sends.approve(session, session.get_one(CampaignSend, first), room.rules, by=room.staff[1], now=room.clock())
    assert room.order(first, OrderKind.PREVIEW) == "已发给周工"
    assert users[1].chat[-1].data["preview"] is True
    with room.database.write() as session, pytest.raises(SendError, match="另一位同事"):
        sends.approve(session, session.get_one(CampaignSend, first), room.rules, by=room.staff[0], now=room.clock())
    room.approve(first)
    go_to(room, day(5))
    room.step(other)
    room.step()
    assert (room.state(first), room.get(first).sent_count) == (SendState.DONE, 2)

    # The second: accepted by WeChat, but the process dies before it can write that down.
    second = room.schedule("诚信经营倡议", due_at=day(12))
    go_to(room, day(12))
    room.line.trouble = None
    dying = room.make_clock()
    dying.note_accepted = lambda *_: None  # type: ignore[method-assign] # killed right there
    dying.step()
    room.settle()
    assert (room.state(second), len(room.received(users[0]))) == (SendState.SENDING, 2)
    room.step(other)
    assert room.calls(SENDALL) == 2, "the dead one's lease still runs"
    room.pass_time(seconds=91)
    room.step(other)  # the same number again: 45065 with the first msg_id
    assert room.state(second) is SendState.DONE
    assert any("没有再发一次" in said for said in room.history(second))
    assert (room.calls(SENDALL), len(room.received(users[0]))) == (3, 2)

    # The third: the administrator must confirm and does so in time.
    room.world.state.switches.mass_protection = True
    third = room.schedule("信用知识问答", due_at=day(19))
    go_to(room, day(19))
    room.step()
    room.pass_time(seconds=20)
    room.step()
    assert room.state(third) is SendState.CONFIRMING
    assert room.get(third).confirm_until == day(19) + timedelta(minutes=30)
    room.post(f"/mass/{room.get(third).msg_id}/confirm")
    room.settle()
    assert room.state(third) is SendState.DONE

    # The fourth: the administrator confirms too late; nothing went out, the place in the month is free again.
    fourth = room.schedule("家电以旧换新提示", due_at=day(26))
    go_to(room, day(26))
    room.step()
    room.pass_time(seconds=20)
    room.step()
    room.pass_time(minutes=31)
    room.post(f"/mass/{room.get(fourth).msg_id}/confirm")
    room.settle()
    assert room.state(fourth) is SendState.NOT_SENT
    assert room.get(fourth).reason == "管理员没有在 30 分钟内确认，微信没有群发"
    assert len(room.received(users[0])) == 3
    room.world.state.switches.mass_protection = False

    # Planned anew it is the month's fourth; a fifth is refused before WeChat is asked.
    again = room.schedule("家电以旧换新提示（再发）", due_at=day(27))
    fifth = room.plan("岁末诚信倡议", due_at=day(28))
    with pytest.raises(SendError, match="2026年11月的 4 次群发已经排满"):
        room.approve(fifth)
    go_to(room, day(27))
    room.step()
    assert room.state(again) is SendState.DONE
    calls = room.calls(SENDALL)
    with pytest.raises(SendError, match="4 次群发已经排满"):
        room.approve(fifth)
    assert room.calls(SENDALL) == calls
    assert [len(room.received(user)) for user in users] == [4, 4]


def test_four_made_by_hand_in_wechats_console_leave_none(desk: SendRoom) -> None:
    send_id = desk.schedule()
    with desk.database.write() as session:
        months.set_outside(session, "2026-11", 4)
    desk.pass_time(hours=1)
    desk.step()
    assert desk.state(send_id) is SendState.NOT_SENT
    assert "没有向微信提出" in desk.get(send_id).reason
    assert desk.calls(SENDALL) == 0


def test_an_administrator_who_never_looks(desk: SendRoom) -> None:
    desk.follower("王奶奶")
    desk.world.state.switches.mass_protection = True
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.step()
    for _ in range(8):
        desk.pass_time(minutes=5)
        desk.step()
    assert desk.state(send_id) is SendState.NOT_SENT
    assert "30 分钟内确认" in desk.get(send_id).reason


def test_an_event_that_never_came_is_asked_for(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.webhook.trouble = refuse
    desk.step()
    assert (desk.state(send_id), len(desk.received(user))) == (SendState.ACCEPTED, 1)
    desk.pass_time(seconds=20)
    desk.step()
    assert desk.state(send_id) is SendState.DONE
    assert desk.get(send_id).sent_count is None
    assert desk.history(send_id)[-1] == "微信说已发出，没有给出人数"


def refuse(*_: object) -> None:
    raise requests.ConnectionError("the bureau's line is cut")


@pytest.mark.parametrize("arrived", [True, False])
def test_staff_ask_about_what_is_unknown(desk: SendRoom, arrived: bool) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind="http", when="after" if arrived else "before", path=SENDALL)
    desk.step()
    desk.pass_time(hours=4)
    desk.step(desk.make_clock())
    assert desk.state(send_id) is SendState.UNKNOWN
    said = desk.order(send_id, OrderKind.ASK)
    desk.step()
    assert (desk.state(send_id), len(desk.received(user))) == (SendState.DONE, 1)
    assert "已受理" in said or "已发出" in said


def test_the_night_is_no_time_to_ask(desk: SendRoom) -> None:
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind="http", path=SENDALL)
    desk.step()
    desk.pass_time(hours=12)
    desk.step(desk.make_clock())
    assert "请早上再问" in desk.order(send_id, OrderKind.ASK)
    desk.pass_time(hours=16)
    assert "24 小时" in desk.order(send_id, OrderKind.ASK)
    with desk.database.write() as session:
        send = session.get_one(CampaignSend, send_id)
        sends.mark(session, send, is_out=False, reason="后台里没有这次群发", by=desk.staff[0], now=desk.clock())
    assert desk.state(send_id) is SendState.NOT_SENT
    assert "后台里没有这次群发" in desk.history(send_id)[-1]


def test_a_recall_takes_the_cards_from_all_telephones(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.step()
    assert desk.order(send_id, OrderKind.RECALL, "标题有误") == "微信已撤回；有人可能已经看过"
    assert (desk.state(send_id), desk.received(user)) == (SendState.RECALLED, [])
    assert "标题有误" in desk.history(send_id)[-1]


@pytest.mark.parametrize("trouble", ["", "before", "after"])
def test_publishing_tells_nobody_and_happens_once(desk: SendRoom, trouble: str) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule(channel=SendChannel.PUBLISH)
    desk.pass_time(hours=1)
    if trouble:
        desk.fault(kind="http", when=trouble, path="/cgi-bin/freepublish/submit")
    desk.step()
    desk.pass_time(seconds=62)
    desk.step()
    assert (desk.state(send_id), desk.received(user)) == (SendState.DONE, [])
    assert sum(bool(one.article_id) for one in desk.world.state.articles.values()) == 1
    assert desk.order(send_id, OrderKind.RECALL, "数据要更正").startswith("微信已撤回")
    assert not any(one.article_id for one in desk.world.state.articles.values())


def test_the_answer_of_the_bot_costs_nothing(desk: SendRoom) -> None:
    send_id = desk.schedule(channel=SendChannel.ANSWER)
    desk.pass_time(hours=1)
    desk.step()
    assert desk.state(send_id) is SendState.DONE
    assert desk.calls(SENDALL) == desk.calls("/cgi-bin/draft/add") == 0


def test_an_article_withdrawn_meanwhile_stops_the_send(desk: SendRoom) -> None:
    article = desk.article("撤下的文章")
    send_id = desk.schedule(articles=(article,))
    desk.withdraw(article)
    desk.pass_time(hours=1)
    desk.step()
    assert desk.state(send_id) is SendState.NOT_SENT
    assert "《撤下的文章》已不是批准状态" in desk.get(send_id).reason


def test_eight_articles_in_one_send_and_no_ninth(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    articles = tuple(desk.article(f"第{number}篇") for number in range(1, 10))
    with pytest.raises(SendError, match="最多合并 8 篇"):
        desk.plan(articles=articles)
    send_id = desk.schedule(articles=articles[:8])
    desk.pass_time(hours=1)
    desk.step()
    assert [one["title"] for one in user.chat[-1].data["articles"]] == [f"第{number}篇" for number in range(1, 9)]
    assert len(desk.urls(send_id)) == 8


def test_who_does_not_want_it_does_not_get_it(room: SendRoom) -> None:
    """One opted out, one wants tips only: a mass send goes by tag, and waits until the tags are set."""
    out, tips, everything = (room.follower(name) for name in ("甲", "乙", "丙"))
    silent = room.world.add_user("丁")  # follows, never wrote to us
    room.world.state.users[silent.openid].followed = True
    assert "不再" in room.says(out, "退订")
    assert "消费提示" in room.says(tips, "只看消费提示")
    send_id = room.schedule("诚信大讲堂", topic=Topic.ACTIVITIES)
    room.pass_time(hours=1)
    room.step()
    assert (room.state(send_id), room.get(send_id).reason[:8]) == (SendState.SCHEDULED, "正在按“只看”“")
    room.tags().step()
    room.pass_time(seconds=20)
    room.step()
    assert room.state(send_id) is SendState.DONE
    got = [len(room.received(user)) for user in (out, tips, everything, silent)]
    assert got == [0, 0, 1, 1]
    assert "重新" in room.says(out, "恢复订阅")
    room.tags().step()
    room.schedule("年货消费提示", topic=Topic.TIPS)
    room.pass_time(hours=1)
    room.step()
    assert [len(room.received(user)) for user in (out, tips, everything, silent)] == [1, 1, 2, 2]
