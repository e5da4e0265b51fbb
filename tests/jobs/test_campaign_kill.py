"""kill -9 at each moment of a send: it goes out once; of a send to many nobody gets it twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.campaign_delivery import CampaignDelivery
from models.campaign_send import CampaignSend
from models.follower_choice import NoticeTemplate
from models.send_words import DeliveryState, OrderKind, SendChannel, SendState
from services.campaigns.progress import measure
from tests.send_room import SendRoom
from tests.serving import serve

ROOT = Path(__file__).parents[2]
BIZSEND = "/cgi-bin/message/subscribe/bizsend"


@pytest.fixture
def address(room: SendRoom) -> Iterator[str]:
    """The simulator on a real port, for a process of its own."""
    with serve(room.simulator) as home:
        yield home


def run(room: SendRoom, address: str, when: str) -> int:
    url = room.database.engine.url.render_as_string(hide_password=False)
    program = [sys.executable, "-m", "tests.jobs.campaign_desk", url, str(room.settings.data_dir), address]
    done = subprocess.run(
        [*program, room.clock().isoformat(), when],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "WECHAT_APP_ID": room.settings.wechat_app_id,
            "WECHAT_APP_SECRET": room.settings.wechat_app_secret,
        },
        timeout=60,
        check=False,
    )
    room.settle()
    return done.returncode


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_killed_at_any_moment_it_goes_out_once(room: SendRoom, address: str, moment: str) -> None:
    user = room.follower("王奶奶")
    send_id = room.schedule()
    room.pass_time(hours=1)
    assert run(room, address, moment) == -signal.SIGKILL
    assert room.state(send_id) is SendState.SENDING
    for _ in range(3):
        room.pass_time(seconds=91)
        room.step()
    assert (room.state(send_id), room.received(user)) == (SendState.DONE, ["本月消费提示：网购退货三步走"])
    assert room.get(send_id).sent_count == 1


def grant(room: SendRoom, count: int) -> str:
    """So many followers who agreed to a lasting notice; its template."""
    template = next(one for one in room.world.state.templates.values() if one.kind == "long")
    with room.database.write() as session:
        session.add(
            NoticeTemplate(
                template_id=template.template_id,
                title=template.title,
                content=template.content,
                is_lasting=True,
                seen_at=room.clock(),
            )
        )
    for number in range(count):
        user = room.follower(f"第{number}位")
        room.post(f"/users/{user.openid}/subscriptions", template_id=template.template_id, status="accept")
    return template.template_id


def got(room: SendRoom) -> list[int]:
    """How many notices stand on each telephone."""
    users = room.world.state.users.values()
    return [sum(one.kind == "subscription" for one in user.chat) for user in users if user.followed]


def test_a_send_to_many_is_resumed_and_nobody_gets_it_twice(room: SendRoom, address: str) -> None:
    room.rules = room.rules.model_copy(update={"at_once": 3})
    template_id = grant(room, 12)
    send_id = room.schedule(channel=SendChannel.SUBSCRIPTION, template_id=template_id)
    room.pass_time(hours=1)
    room.step()
    assert run(room, address, "5") == -signal.SIGKILL
    room.pass_time(seconds=61)
    room.fan_out().step()
    counts = got(room)
    assert max(counts) == 1
    with room.database.read() as session:
        send = session.get_one(CampaignSend, send_id)
        found = select(CampaignDelivery.state, func.count()).group_by(CampaignDelivery.state)
        states = {row[0]: row[1] for row in session.execute(found)}
        progress = measure(session, send, room.clock())
    assert send.state is SendState.DONE
    assert sum(states.values()) == 12 == progress.total
    assert states.keys() <= {DeliveryState.SENT, DeliveryState.UNKNOWN}
    assert sum(counts) >= 12 - states.get(DeliveryState.UNKNOWN, 0)
    assert progress.percent == 100


def test_a_send_to_many_that_is_stopped(desk: SendRoom) -> None:
    desk.rules = desk.rules.model_copy(update={"at_once": 2, "per_second": 2.0})
    template_id = grant(desk, 8)
    send_id = desk.schedule(channel=SendChannel.SUBSCRIPTION, template_id=template_id)
    desk.pass_time(hours=1)
    desk.step()
    assert desk.fan_out().step(seconds=1.5) in {2, 4}
    assert "人不再收到" in desk.order(send_id, OrderKind.RECALL, "链接有误")
    desk.fan_out().step()
    assert desk.state(send_id) is SendState.RECALLED
    assert sum(got(desk)) == desk.get(send_id).sent_count == desk.calls(BIZSEND)


def test_customer_service_reaches_who_wrote_lately_and_leaves_room_for_answers(desk: SendRoom) -> None:
    desk.follower("前天来过")
    desk.pass_time(hours=50)
    lately, out = desk.follower("刚来过"), desk.follower("退订的人")
    desk.says(out, "TD")
    send_id = desk.schedule(channel=SendChannel.SERVICE)
    desk.pass_time(hours=1)
    desk.step()
    desk.fan_out().step()
    send = desk.get(send_id)
    assert (send.state, send.total_count, send.sent_count) == (SendState.DONE, 1, 1)
    assert lately.chat[-1].kind == "news"
    assert "退订" in lately.chat[-1].data["articles"][0]["description"]
    assert out.chat[-1].kind == "text"


def test_the_night_interrupts_a_send_to_many(desk: SendRoom) -> None:
    template_id = grant(desk, 3)
    send_id = desk.schedule(channel=SendChannel.SUBSCRIPTION, template_id=template_id)
    desk.pass_time(hours=1)
    desk.step()
    desk.pass_time(hours=12)
    assert desk.fan_out().step() == 0
    desk.pass_time(hours=11)
    assert desk.fan_out().step() == 3
    assert desk.state(send_id) is SendState.DONE
