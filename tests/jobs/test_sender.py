"""The outbox: once, never twice, never lost without a trace."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from config.logging import set_up_logging
from config.tracing import bear
from models.database import Database
from models.follower import Trigger
from models.notice import Channel, NoticeStatus
from services import followers, notices
from tests.fake_wechat import FakeWechat
from tests.jobs.conftest import Clock, Outbox

SEND = "/cgi-bin/message/custom/send"
TEMPLATE = "/cgi-bin/message/template/send"
ROOT = Path(__file__).parents[2]


def test_a_notice_goes_out_once(outbox: Outbox, fake: FakeWechat) -> None:
    outbox.contact()
    assert outbox.add("k1", "第一条")
    assert not outbox.add("k1", "又一次"), "the same reason says it once"
    assert outbox.sender.deliver() == 1
    assert outbox.sender.deliver() == 0
    assert fake.sent() == [{"touser": "o_citizen", "msgtype": "text", "text": {"content": "第一条"}}]
    notice = outbox.get("k1")
    assert (notice.status, notice.sent_at) == (NoticeStatus.SENT, outbox.clock.now)
    assert "第一条".encode() not in notice.payload_sealed


@pytest.mark.usefixtures("own_logging")
def test_the_line_of_a_sending_bears_the_id_of_its_reason(
    outbox: Outbox, fake: FakeWechat, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logging()
    outbox.contact()
    with bear("proxy-4711-abcd"):
        outbox.add("k1")
    outbox.sender.deliver()
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (line["request"], line["message"].split(": ")[1]) == ("proxy-4711-abcd", "sent")


def test_what_is_rolled_back_is_not_said(outbox: Outbox, fake: FakeWechat) -> None:
    outbox.contact()

    def add_and_fail() -> None:
        with outbox.database.write() as session:
            notices.add_notice(session, outbox.follower_id, Channel.CUSTOMER_SERVICE, {}, key="k", now=outbox.clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert outbox.sender.deliver() == 0


def test_not_before_and_expiry(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    outbox.contact()
    outbox.add("later", not_before=clock() + timedelta(hours=1))
    outbox.add("short", not_before=clock() + timedelta(hours=1), expires_at=clock() + timedelta(minutes=30))
    assert outbox.sender.deliver() == 0
    clock.pass_time(hours=1)
    assert outbox.sender.deliver() == 1
    assert outbox.get("later").status is NoticeStatus.SENT
    assert outbox.get("short").status is NoticeStatus.FAILED


def test_the_sixth_message_waits_for_the_next_contact(outbox: Outbox, fake: FakeWechat) -> None:
    outbox.contact()
    for number in range(7):
        outbox.add(f"k{number}", str(number))
    outbox.sender.deliver()
    assert len(fake.sent()) == 5
    assert outbox.get("k5").status is outbox.get("k6").status is NoticeStatus.WAITING
    outbox.contact()
    outbox.sender.deliver()
    assert [message["text"]["content"] for message in fake.sent()] == [*"0123456"]


def test_nothing_goes_out_after_48_hours(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    outbox.contact()
    clock.pass_time(hours=48)
    outbox.add("k")
    outbox.sender.deliver()
    assert (fake.sent(), outbox.get("k").status) == ([], NoticeStatus.WAITING)


def test_a_menu_tap_allows_three_within_a_minute(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    outbox.contact(Trigger.MENU)
    for number in range(4):
        outbox.add(f"k{number}")
    outbox.sender.deliver()
    assert len(fake.sent()) == 3
    outbox.contact(Trigger.MENU)
    clock.pass_time(minutes=1)
    outbox.sender.deliver()
    assert len(fake.sent()) == 3


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"errcode": 45015}, NoticeStatus.WAITING),
        ({"errcode": 45047}, NoticeStatus.WAITING),
        ({"errcode": 40003}, NoticeStatus.FAILED),
        ({"errcode": 43004}, NoticeStatus.FAILED),
        ({"errcode": 45002}, NoticeStatus.FAILED),
        ({"errcode": 47003}, NoticeStatus.FAILED),
        ({"errcode": 99999}, NoticeStatus.FAILED),
        ({"errcode": 45009}, NoticeStatus.NEW),
        ({"errcode": 45011}, NoticeStatus.NEW),
        ({"errcode": 40013}, NoticeStatus.NEW),
        ({"errcode": 40164}, NoticeStatus.NEW),
        ({"errcode": 48001}, NoticeStatus.NEW),
        ({"errcode": 40001}, NoticeStatus.NEW),
        ({"errcode": -1}, NoticeStatus.UNKNOWN),
        ("cut", NoticeStatus.UNKNOWN),
        (502, NoticeStatus.UNKNOWN),
        (b"garbage", NoticeStatus.UNKNOWN),
    ],
)
def test_what_becomes_of_a_customer_service_message(
    outbox: Outbox, fake: FakeWechat, clock: Clock, answer: object, status: NoticeStatus
) -> None:
    fake.answers[SEND] = [answer]
    outbox.contact()
    outbox.add("k")
    outbox.sender.deliver()
    assert outbox.get("k").status is status
    tried = fake.count(SEND)
    if status is NoticeStatus.UNKNOWN:
        clock.pass_time(days=1)
        outbox.contact()
        outbox.sender.sweep()
        outbox.sender.deliver()
        assert fake.count(SEND) == tried == 1, "never blindly again"
    if status is NoticeStatus.NEW:
        with outbox.database.read() as session:
            windows = followers.windows_of(session, outbox.follower_id)
        assert [window.used_count for window in windows] == [0], "what was not taken costs no quota"
        fake.answers[SEND] = [{"errcode": 0}]
        clock.pass_time(hours=7)
        outbox.sender.deliver()
        assert outbox.get("k").status is NoticeStatus.SENT


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"errcode": 45065, "msgid": 5}, NoticeStatus.SENT),
        ({"errcode": 45066}, NoticeStatus.NEW),
        ({"errcode": 43101}, NoticeStatus.FAILED),
        ({"errcode": -1}, NoticeStatus.NEW),
        ("cut", NoticeStatus.NEW),
    ],
)
def test_what_becomes_of_a_template_message(
    outbox: Outbox, fake: FakeWechat, clock: Clock, answer: object, status: NoticeStatus
) -> None:
    fake.answers[TEMPLATE] = [answer]
    outbox.add("k", channel=Channel.TEMPLATE)
    outbox.sender.deliver()
    assert outbox.get("k").status is status
    if status is NoticeStatus.NEW:
        fake.answers[TEMPLATE] = [{"errcode": 0, "msgid": 71}]
        clock.pass_time(seconds=90)
        outbox.sender.deliver()
        notice = outbox.get("k")
        assert (notice.status, notice.remote_id) == (NoticeStatus.SENT, "71")
        keys = {call.json["client_msg_id"] for call in fake.calls if call.path == TEMPLATE}
        assert keys == {"k"}


def test_a_template_key_is_not_trusted_after_nine_minutes(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    fake.answers[TEMPLATE] = ["cut"]
    outbox.add("k", channel=Channel.TEMPLATE)
    outbox.sender.deliver()
    clock.pass_time(minutes=9)
    fake.answers[TEMPLATE] = [{"errcode": 0}]
    outbox.sender.deliver()
    assert outbox.get("k").status is NoticeStatus.UNKNOWN
    assert fake.count(TEMPLATE) == 1


def test_doubt_is_not_forgotten_by_a_try_that_did_not_leave(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    fake.answers[TEMPLATE] = ["cut", {"errcode": 45011}]
    outbox.add("k", channel=Channel.TEMPLATE)
    outbox.sender.deliver()
    clock.pass_time(minutes=5)
    outbox.sender.deliver()
    assert outbox.get("k").status is NoticeStatus.NEW
    clock.pass_time(minutes=5)
    outbox.sender.deliver()
    assert outbox.get("k").status is NoticeStatus.UNKNOWN


def test_a_follower_who_left_gets_nothing(outbox: Outbox, fake: FakeWechat) -> None:
    outbox.contact()
    fake.answers[SEND] = [{"errcode": 43004}, {"errcode": 0}]
    outbox.add("k1")
    outbox.add("k2")
    outbox.sender.deliver()
    assert outbox.get("k1").status is outbox.get("k2").status is NoticeStatus.FAILED
    assert fake.count(SEND) == 1
    outbox.contact()
    outbox.add("k3")
    outbox.sender.deliver()
    assert outbox.get("k3").status is NoticeStatus.SENT


def test_an_expired_lease_is_unknown_or_repeated_by_key(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    outbox.contact()
    outbox.add("cs")
    outbox.add("tpl", channel=Channel.TEMPLATE)
    assert outbox.claim("dead")
    assert outbox.claim("dead")
    assert outbox.claim("dead") is None
    clock.pass_time(seconds=59)
    assert outbox.sender.sweep() == 0
    clock.pass_time(seconds=1)
    assert outbox.sender.sweep() == 2
    assert outbox.get("cs").status is NoticeStatus.UNKNOWN
    assert outbox.get("tpl").status is NoticeStatus.NEW
    clock.pass_time(seconds=2)
    outbox.sender.deliver()
    assert outbox.get("tpl").status is NoticeStatus.SENT
    assert fake.sent() == []


def test_a_sender_that_was_too_slow_changes_nothing(outbox: Outbox, fake: FakeWechat, clock: Clock) -> None:
    outbox.contact()
    outbox.add("k")

    def take_long(call: object) -> dict[str, int]:
        clock.pass_time(seconds=61)
        outbox.sender.sweep()
        return {"errcode": 0}

    fake.answers[SEND] = [take_long]
    outbox.sender.deliver()
    assert outbox.get("k").status is NoticeStatus.UNKNOWN


def test_two_senders_share_the_work(outbox: Outbox, fake: FakeWechat) -> None:
    for number in range(30):
        outbox.add(f"k{number}", channel=Channel.TEMPLATE)
    senders = [outbox.make_sender() for _ in range(3)]
    threads = [threading.Thread(target=sender.deliver) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [call.json["client_msg_id"] for call in fake.calls if call.path == TEMPLATE]
    assert sorted(keys) == sorted(f"k{number}" for number in range(30))


KILLED = """
import sys
from datetime import UTC, datetime
from bot.gateway import Gateway
from config.settings import Settings
from jobs.notices import Sender
from models.database import Database
from models.vault import Vault
import tests.citizen as c
url, api, key = sys.argv[1:]
settings = c.make_settings(wechat_api_url=api)
database = Database(url, Vault(key))
Sender(database, Gateway(settings, database, c.real_now), c.real_now).deliver()
"""


def test_kill_between_sending_and_marking(database: Database, settings: object, fake: FakeWechat, clock: Clock) -> None:
    clock.now = clock.now.now(clock.now.tzinfo)
    outbox = Outbox(database, settings, clock)  # type: ignore[arg-type]
    outbox.contact()
    outbox.add("cs")
    outbox.add("never tried")
    arrived = threading.Event()

    def hang(call: object) -> dict[str, int]:
        arrived.set()
        time.sleep(2)
        return {"errcode": 0}

    fake.answers[SEND] = [hang, {"errcode": 0}]
    url = database.engine.url.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), url, fake.url, "a test key of more than thirty-two characters"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert arrived.wait(20)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert outbox.get("cs").status is NoticeStatus.LEASED
    clock.pass_time(minutes=2)
    outbox.sender.sweep()
    outbox.sender.deliver()
    assert outbox.get("cs").status is NoticeStatus.UNKNOWN
    assert outbox.get("never tried").status is NoticeStatus.SENT
    assert fake.count(SEND) == 2
