"""The pages of sends in a real browser: axe-clean, big and dark enough, and a bar that moves by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from models.campaign_send import CampaignSend, SlotWish
from models.database import Database
from models.role import Role
from models.send_words import OrderKind, SendChannel, SendState, WishKind
from services.campaigns import sends
from tests.browser.screens import find_faults, sign_in
from tests.console import Clock, hire, make_console
from tests.jobs.test_campaign_kill import grant
from tests.send_room import SendRoom, make_routes
from tests.serving import serve

pytestmark = pytest.mark.browser


@pytest.fixture
def room(sqlite: Database, tmp_path: Path) -> Iterator[SendRoom]:
    """A send of each kind: half out one by one, unknown, waiting for the administrator, planned; a wish."""
    made = SendRoom(sqlite, make_routes(), tmp_path)
    made.rules = made.rules.model_copy(update={"at_once": 2, "per_second": 2.0})
    template_id = grant(made, 6)
    made.schedule("逐个提醒", channel=SendChannel.SUBSCRIPTION, template_id=template_id)
    unknown = made.schedule("结果不明的一次")
    waiting = made.schedule("等管理员确认的一次")
    made.plan("月末合并推送", due_at=made.now + timedelta(days=3))
    made.add_tester("周工")
    made.pass_time(hours=1)
    made.step()
    made.fan_out().step(seconds=0.5)
    article = made.article("想排期的文章")
    with sqlite.write() as session:
        for send_id, state in ((unknown, SendState.UNKNOWN), (waiting, SendState.CONFIRMING)):
            send = session.get_one(CampaignSend, send_id)
            send.state, send.reason = state, "程序在发送中途停止"
            send.confirm_until = made.clock() + timedelta(minutes=20)
        sends.order(
            session, session.get_one(CampaignSend, unknown), OrderKind.ASK, "", by=made.staff[0], now=made.clock()
        )
        session.add(
            SlotWish(
                article_id=article,
                kind=WishKind.BUREAU,
                wanted_from=made.now.date(),
                wanted_until=(made.now + timedelta(days=20)).date(),
                asked_by=made.staff[0],
                asked_at=made.clock(),
            )
        )
    yield made
    made.reception.close()


@pytest.fixture
def address(room: SendRoom, tmp_path: Path) -> Iterator[str]:
    hire(room.database, room.clock(), "fabu", Role.PUBLISHER, name="何志远")
    app = make_console(room.database, tmp_path, Clock(room.clock()), "http://127.0.0.1:8000")
    with serve(app) as home:
        yield home


PAGES = (
    "/console/sends",
    "/console/sends/new",
    "/console/sends/testers",
    *(f"/console/sends/{n}" for n in (1, 2, 3, 4)),
)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"viewport": {"width": 320, "height": 800}}, id="narrowest"),
        pytest.param({"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}, id="desk-dark"),
    ],
)
def test_pages_of_sends(chromium: Browser, room: SendRoom, address: str, options: dict[str, Any]) -> None:
    context = chromium.new_context(base_url=address, **options)
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    sign_in(page, "fabu")
    for path in PAGES:
        page.goto(path)
        assert [fault for fault in find_faults(page) if not fault.startswith("low 2")] == [], path
    page.goto("/console/sends/1")
    before = page.locator(".bar__words").inner_text()
    room.fan_out().step()
    expect(page.locator("#state-title")).to_have_text("已发出", timeout=8000)
    assert page.locator(".bar__words").inner_text() != before
    assert faults == []
    context.close()
