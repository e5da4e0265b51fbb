"""Each send goes out exactly once, or is shown as not sent with the reason."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.database import Database
from models.send_words import SendState
from services.campaigns.months import read_month
from tests.send_room import SHANGHAI, SendRoom

SENDALL = "/cgi-bin/message/mass/sendall"


def test_a_send_goes_out_at_its_hour_and_its_result_comes_home(room: SendRoom) -> None:
    user = room.follower("王奶奶")
    send_id = room.schedule()
    room.step()
    assert (room.state(send_id), room.received(user)) == (SendState.SCHEDULED, [])
    room.pass_time(hours=1)
    room.step()
    send = room.get(send_id)
    assert (send.state, send.total_count, send.sent_count, send.error_count) == (SendState.DONE, 1, 1, 0)
    assert room.received(user) == ["本月消费提示：网购退货三步走"]
    assert room.history(send_id)[-1] == "微信已发出：应收 1 人，收到 1 人，没收到 0 人"
    for _ in range(3):
        room.pass_time(hours=1)
        room.step()
    assert room.calls(SENDALL) == 1


def used(room: SendRoom) -> int:
    with room.database.read() as session:
        return read_month(session, "2026-11", room.rules).used


@pytest.mark.parametrize(
    ("hour", "reason"),
    [(14, "已过预定时间4小时00分（程序或电脑当时没有运行），没有补发"), (36, "已过预定时间26小时00分")],
)
def test_a_machine_asleep_over_the_hour_sends_nothing_late(room: SendRoom, hour: int, reason: str) -> None:
    send_id = room.schedule(due_at=datetime(2026, 11, 2, 10, 0, tzinfo=SHANGHAI))
    room.pass_time(hours=hour - 9)
    room.step(room.make_clock())
    assert room.state(send_id) is SendState.NOT_SENT
    assert room.get(send_id).reason.startswith(reason)
    assert (room.calls(SENDALL), used(room)) == (0, 0)


def test_what_would_go_out_at_night_does_not(desk: SendRoom) -> None:
    send_id = desk.schedule(due_at=datetime(2026, 11, 2, 20, 30, tzinfo=SHANGHAI))
    desk.pass_time(hours=12, minutes=15)  # 21:15
    desk.step()
    assert desk.state(send_id) is SendState.NOT_SENT
    assert "夜间安静时段" in desk.get(send_id).reason


def test_asleep_for_an_hour_it_still_goes_out_once(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.now += timedelta(hours=2)  # the steady clock of the process stood still
    desk.step()
    assert (desk.state(send_id), len(desk.received(user))) == (SendState.DONE, 1)


@pytest.mark.parametrize("hours", [-3, 2])
def test_a_clock_that_is_set_sends_nothing_twice(desk: SendRoom, hours: int) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.step()
    desk.now += timedelta(hours=hours)
    for _ in range(4):
        desk.step()
        desk.pass_time(hours=1)
    assert (desk.state(send_id), len(desk.received(user)), desk.calls(SENDALL)) == (SendState.DONE, 1, 1)


def test_two_schedulers_send_once(room: SendRoom) -> None:
    user = room.follower("王奶奶")
    clocks = [room.make_clock() for _ in range(2)]
    ids = [room.schedule(f"第{number}次") for number in range(4)]
    room.pass_time(hours=1)
    for _ in range(3):
        for clock in clocks:
            room.step(clock)
    assert [room.state(one) for one in ids] == [SendState.DONE] * 4
    assert (len(room.received(user)), room.calls(SENDALL)) == (4, 4)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("kind", ["http", "garbage", "errcode"])
def test_an_answer_that_is_lost_is_asked_for_again_by_the_same_number(desk: SendRoom, kind: str, when: str) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind=kind, when=when, path=SENDALL)
    desk.step()
    assert desk.state(send_id) is SendState.SENDING
    desk.step()
    assert desk.calls(SENDALL) == 1, "not within the minute"
    desk.pass_time(seconds=62)
    desk.step()
    assert (desk.state(send_id), len(desk.received(user)), desk.calls(SENDALL)) == (SendState.DONE, 1, 2)
    assert any("没有再发一次" in said for said in desk.history(send_id)) == (when == "after")
    assert used(desk) == 1


def test_the_same_number_within_a_minute_is_waited_out(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind="errcode", errcode=45066, path=SENDALL)
    desk.step()
    desk.pass_time(seconds=62)
    desk.step()
    assert (desk.state(send_id), len(desk.received(user))) == (SendState.DONE, 1)


def test_wechat_away_for_an_hour_is_no_loss(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind="http", status=503, path="/cgi-bin/draft/add", times=None)
    for _ in range(4):
        desk.step()
        desk.pass_time(minutes=15)
    assert (desk.state(send_id), used(desk)) == (SendState.SCHEDULED, 0)
    desk.world.faults.clear()
    desk.step()
    assert (desk.state(send_id), len(desk.received(user))) == (SendState.DONE, 1)


def test_wechat_away_for_too_long_ends_with_the_reason(desk: SendRoom) -> None:
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind="http", status=503, path="/cgi-bin/draft/add", times=None)
    for _ in range(5):
        desk.step()
        desk.pass_time(minutes=50)
    assert desk.state(send_id) is SendState.NOT_SENT
    assert "最后一次尝试：微信没有给出完整的回答" in desk.get(send_id).reason


@pytest.mark.parametrize("code", [48001, 45009])
def test_a_refusal_is_said_in_words(desk: SendRoom, code: int) -> None:
    send_id = desk.schedule()
    desk.pass_time(hours=1)
    desk.fault(kind="errcode", errcode=code, path=SENDALL, times=None)
    for _ in range(5):
        desk.step()
        desk.pass_time(hours=1)
    assert desk.state(send_id) is SendState.NOT_SENT
    assert {48001: "没有这项权限", 45009: "次数已用完"}[code] in desk.get(send_id).reason
    assert used(desk) == 0


def test_what_is_never_known_stays_unknown_and_is_not_sent_again(room: SendRoom) -> None:
    user = room.follower("王奶奶")
    send_id = room.schedule()
    room.pass_time(hours=1)
    room.fault(kind="http", when="after", path=SENDALL)
    room.step()
    room.pass_time(hours=6)  # the machine was off; by now it would be too late
    room.step(room.make_clock())
    assert room.state(send_id) is SendState.UNKNOWN
    assert "查询结果" in room.get(send_id).reason
    assert len(room.received(user)) == 1
    for _ in range(5):
        room.pass_time(hours=1)
        room.step()
    assert room.calls(SENDALL) == 1


class Flaky:
    """A database that is away at its n-th transaction."""

    def __init__(self, database: Database, fail_at: int) -> None:
        self.database, self.left = database, fail_at

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    def write(self, timeout: float = 10.0) -> AbstractContextManager[Session]:
        self.left -= 1
        if self.left == 0:
            raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))
        return self.database.write(timeout)


def test_a_database_away_at_any_transaction_is_no_loss_and_no_double(desk: SendRoom) -> None:
    user = desk.follower("王奶奶")
    for fail_at in (2, 3, 4, 5):
        send_id = desk.schedule(f"第{fail_at}步")
        desk.pass_time(hours=1)
        clock = desk.make_clock()
        clock.database = cast("Database", Flaky(desk.database, fail_at))
        with pytest.raises(OperationalError):
            clock.step()  # the timetable's guard logs it
        desk.settle()
        for _ in range(2):
            desk.pass_time(seconds=91)
            desk.step()
        assert desk.state(send_id) is SendState.DONE, fail_at
    assert len(desk.received(user)) == 4
