"""The console's pages of sends: made, approved by another, seen in words; associations see and ask only."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from models.association import Association
from models.audit import Act, AuditEntry
from models.campaign_send import CampaignSend, SlotWish
from models.campaign_words import AssociationKind, Level
from models.database import Database
from models.role import Role
from models.send_words import OrderKind, SendState
from services.campaigns.orders import list_orders
from tests.console import Clerk, Clock, hire, make_console
from tests.send_room import SendRoom, make_routes, open_room

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def routes() -> Flask:
    return make_routes()


@pytest.fixture
def room(sqlite: Database, routes: Flask, tmp_path: Path) -> Iterator[SendRoom]:
    with open_room(sqlite, routes, tmp_path) as made:
        yield made


@pytest.fixture
def app(room: SendRoom, sqlite: Database, tmp_path: Path) -> Flask:
    hire(sqlite, NOW, "xuanchuan", Role.CAMPAIGN)
    hire(sqlite, NOW, "fabu", Role.PUBLISHER, name="何志远")
    hire(sqlite, NOW, "xiehui", Role.ASSOCIATION, name="冯海燕", unit="示范市餐饮行业协会")
    return make_console(sqlite, tmp_path, Clock(NOW))


def clerk(app: Flask, login: str) -> Clerk:
    found = Clerk(app)
    assert found.signs_in(login).status_code == 303
    return found


def only_send(room: SendRoom) -> CampaignSend:
    with room.database.read() as session:
        return session.scalars(select(CampaignSend)).one()


FORM = {"title": "本月提示", "channel": "mass", "topic": "tips", "day": "2026-11-05", "hour": "10:00"}


def test_made_by_one_approved_by_another(app: Flask, room: SendRoom) -> None:
    article = str(room.article())
    maker, publisher = clerk(app, "xuanchuan"), clerk(app, "fabu")
    page = maker.opens("/console/sends/new").text
    assert "模板消息不能用来做宣传" in page
    assert 'value="template"' not in page
    assert maker.sends("/console/sends/new", **FORM, articles=[article]).status_code == 303
    send = only_send(room)
    address = f"/console/sends/{send.id}"
    assert "先预览给测试人员看" in maker.opens(address).text
    publisher.opens(address)
    publisher.sends(f"{address}/steps", do="approve")
    assert "请先预览" in publisher.opens(address).text
    assert only_send(room).state is SendState.DRAFT
    with room.database.write() as session:
        session.get_one(CampaignSend, send.id).previewed_revision = 1
    maker.opens(address)
    maker.sends(f"{address}/steps", do="approve")
    assert "岗位不能批准" in maker.opens(address).text
    publisher.opens(address)
    publisher.sends(f"{address}/steps", do="approve")
    assert only_send(room).state is SendState.SCHEDULED
    assert "已批准，等时间到" in publisher.opens(f"{address}/now").text
    assert "5日" in publisher.opens("/console/sends?month=2026-11").text
    with room.database.read() as session:
        acts = session.scalars(select(AuditEntry.details).where(AuditEntry.act == Act.CAMPAIGN_SEND)).all()
    assert [one["步骤"] for one in acts] == ["拟定发送", "批准发送"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hour": "22:30"}, "不打扰市民"),
        ({"day": "2026-11-01"}, "发送时间已经过去"),
        ({"title": ""}, "请填写名称"),
        ({"channel": "subscription"}, "请选一种订阅通知"),
        ({"channel": "template"}, "Not a valid choice"),
        ({"articles": []}, "请至少选一篇"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    app: Flask, room: SendRoom, changes: dict[str, str], words: str
) -> None:
    article = str(room.article())
    maker = clerk(app, "xuanchuan")
    maker.opens("/console/sends/new")
    answer = maker.sends("/console/sends/new", **({**FORM, "articles": [article]} | changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert ("本月提示" in answer.text) == (changes.get("title") is None)


def test_preview_recall_and_cancel_are_ordered_with_a_reason(app: Flask, room: SendRoom) -> None:
    send_id = room.plan()
    maker = clerk(app, "xuanchuan")
    address = f"/console/sends/{send_id}"
    maker.opens(address)
    maker.sends(f"{address}/steps", do="preview")
    assert "正在办理" in maker.opens(address).text
    with room.database.read() as session:
        assert [one.kind for one in list_orders(session, send_id)] == [OrderKind.PREVIEW]
    maker.sends(f"{address}/steps", do="cancel")
    assert "请写明原因" in maker.opens(address).text
    maker.sends(f"{address}/steps", do="recall", reason="标题有误")
    assert "没有什么可撤回" in maker.opens(address).text
    maker.sends(f"{address}/steps", do="cancel", reason="文章要改")
    assert "取消：文章要改" in maker.opens(address).text
    assert maker.sends(f"{address}/steps", do="dance").status_code == 400


def test_testers_are_kept_sealed(app: Flask, room: SendRoom) -> None:
    maker = clerk(app, "xuanchuan")
    maker.opens("/console/sends/testers")
    assert "请填写微信号" in maker.sends("/console/sends/testers", name="张敏", wechat="有 空格").text
    maker.sends("/console/sends/testers", name="张敏", wechat="zhangmin_2026")
    assert "zhangmin_2026" in maker.opens("/console/sends/testers").text
    assert "已经在名单里" in maker.sends("/console/sends/testers", name="张敏", wechat="zhangmin_2026").text
    maker.sends("/console/sends/testers/1/remove")
    assert "还没有测试人员" in maker.opens("/console/sends/testers").text


def test_an_association_asks_for_a_slot_and_the_rules_place_it(app: Flask, room: SendRoom) -> None:
    with room.database.write() as session:
        home = Association(
            name="示范市餐饮行业协会",
            level=Level.CITY,
            kind=AssociationKind.TRADE,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(home)
        session.flush()
        own = home.id
    theirs, ours = room.article("商会的文章", association_id=own), room.article("本局的文章")
    asker, maker = clerk(app, "xiehui"), clerk(app, "xuanchuan")
    days = {"wanted_from": "2026-11-03", "wanted_until": "2026-11-30"}
    assert "本局的文章" not in asker.opens("/console/sends").text
    asker.sends("/console/sends/wishes", article=str(ours), **days)
    assert "只能为本商协会的文章申请" in asker.opens("/console/sends").text
    asker.sends("/console/sends/wishes", article=str(theirs), kind="legal", **days)
    assert asker.opens("/console/sends/new").status_code == 403
    maker.opens("/console/sends")
    maker.sends("/console/sends/wishes", article=str(ours), **days)
    page = maker.opens("/console/sends").text
    assert page.index("《本局的文章》") < page.index("《商会的文章》")
    maker.sends("/console/sends/proposals", at="2026-11-05T10:00:00+08:00")
    send = only_send(room)
    assert send.due_at.astimezone(SHANGHAI) == datetime(2026, 11, 5, 10, 0, tzinfo=SHANGHAI)
    with room.database.read() as session:
        assert set(session.scalars(select(SlotWish.send_id))) == {send.id}
    assert "还没有文章申请这一次" in maker.opens("/console/sends").text
    maker.sends("/console/sends/proposals", at="2026-11-05T10:00:00+08:00")
    assert "没有可以排的文章" in maker.opens("/console/sends").text


def test_sends_made_by_hand_elsewhere_are_counted(app: Flask, room: SendRoom) -> None:
    maker = clerk(app, "xuanchuan")
    maker.opens("/console/sends")
    maker.sends("/console/sends/outside", month="2026-11", count="3")
    assert "还可排 <strong>1</strong>" in maker.opens("/console/sends?month=2026-11").text
    maker.sends("/console/sends/outside", month="2026-11", count="9")
    assert "请填写 0 至 4 的次数" in maker.opens("/console/sends").text


def test_progress_is_shown_in_words(app: Flask, room: SendRoom) -> None:
    send_id = room.plan(due_at=NOW + timedelta(days=1))
    with room.database.write() as session:
        send = session.get_one(CampaignSend, send_id)
        send.state, send.reason = SendState.UNKNOWN, "程序在发送中途停止"
    page = clerk(app, "fabu").opens(f"/console/sends/{send_id}").text
    for words in ("结果不明", "程序不会自己再发一次", "查询结果", "后台看到已经发出"):
        assert words in page
