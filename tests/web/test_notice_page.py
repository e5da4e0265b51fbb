"""订阅通知: signed inside WeChat, plain words elsewhere; the ticket is fetched by the jobs, never by a page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.api_errors import GatewayError
from bot.gateway import Gateway
from bot.js_sdk import open_tickets, sign_page
from models.database import Database
from models.follower_choice import NoticeTemplate
from tests.citizen import make_settings
from tests.citizen_pages import IN_WECHAT, Citizen, SaidLogin
from tests.fake_wechat import FakeWechat, run_fake_wechat
from tests.pages import make_pages
from tests.web.markup import Page

TEMPLATE = "practice-notice"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
TICKET_PATH = "/cgi-bin/ticket/getticket"
PUBLIC = "https://bureau.example.gov.cn"


class Room:
    """A page, a ticket and a clock."""

    def __init__(self, database: Database, folder: Path, fake: FakeWechat, template: str = TEMPLATE) -> None:
        self.now, self.database, self.fake = NOW, database, fake
        app = make_pages(database, folder, lambda: self.now, PUBLIC, SaidLogin(), notice_template=template)
        self.app_id = SaidLogin().app_id
        self.client = app.test_client()
        settings = make_settings(wechat_app_id=self.app_id, data_dir=folder, wechat_api_url=fake.url)
        self.tickets = open_tickets(Gateway(settings, database, lambda: self.now, lambda _: None))
        fake.answers[TICKET_PATH] = [{"errcode": 0, "errmsg": "ok", "ticket": "T" * 80, "expires_in": 7200}]

    def list_template(self, *, is_lasting: bool = True) -> None:
        with self.database.write() as session:
            row = NoticeTemplate(template_id=TEMPLATE, title="活动开始提醒", content="", seen_at=self.now)
            row.is_lasting = is_lasting
            session.add(row)

    def opens(self, path: str = "/h5/notices", **headers: str) -> str:
        citizen = Citizen(None, self.client, headers or IN_WECHAT)
        self.page = citizen.get(path)
        assert self.page.status_code == 200
        return self.page.text


@pytest.fixture
def room(sqlite: Database, tmp_path: Path) -> Iterator[Room]:
    with run_fake_wechat() as fake:
        yield Room(sqlite, tmp_path, fake)


def test_the_signature_is_wechats() -> None:
    """The example of WeChat's own documentation."""
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    url = "http://mp.weixin.qq.com?params=value"
    wanted = "0f9de62fce790f9a083d5c99e95740ceb90c27ed"
    assert sign_page(ticket, "Wm3WZYTPz0wzccnW", 1414587457, url) == wanted
    assert sign_page(ticket, "Wm3WZYTPz0wzccnW", 1414587457, f"{url}#part") == wanted


def test_inside_wechat_the_page_is_signed_for_its_own_address(room: Room) -> None:
    room.list_template()
    room.tickets.current()
    elements = Page(room.opens("/h5/notices?from=menu")).elements
    box = next(one.attributes for one in elements if one.attributes.get("id") == "notice")
    tag = next(one.attributes for one in elements if one.tag == "wx-open-subscribe")  # WeChat's
    values = {name: box[f"data-{name}"] for name in ("timestamp", "nonce", "signature")}
    url = f"{PUBLIC}/h5/notices?from=menu"
    assert values["signature"] == sign_page("T" * 80, values["nonce"], int(values["timestamp"]), url)
    assert box["data-app"] == room.app_id
    assert tag["template"] == TEMPLATE
    policy = room.page.headers["Content-Security-Policy"]
    assert "script-src 'self' https://res.wx.qq.com;" in policy
    assert "https://res.wx.qq.com/open/js/jweixin-1.6.0.js" in room.page.text


def test_elsewhere_and_without_a_ticket_there_are_plain_words(room: Room) -> None:
    assert "还没有开通订阅通知" in room.opens(), "WeChat did not list such a template"
    room.list_template(is_lasting=False)
    words = room.opens()
    assert "过几分钟再打开" in words
    assert "点一次“订阅”，以后可以收到一条" in words
    room.tickets.current()
    outside = room.opens(**{"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140"})
    assert "订阅要在微信里点" in outside
    for page in (words, outside):
        assert "wx-open-subscribe" not in page
        assert "发“最新活动”" in page
    assert "wx.qq.com" not in room.page.headers["Content-Security-Policy"]
    room.now += timedelta(seconds=7201)
    assert "过几分钟再打开" in room.opens()
    assert room.fake.count(TICKET_PATH) == 1


def test_without_the_setting_nothing_is_offered(sqlite: Database, tmp_path: Path) -> None:
    with run_fake_wechat() as fake:
        room = Room(sqlite, tmp_path, fake, template="")
        room.list_template()
        assert "还没有开通订阅通知" in room.opens()


def test_the_ticket_is_fetched_once_and_renewed_before_its_end(room: Room) -> None:
    for minutes in (0, 60, 115):
        room.now = NOW + timedelta(minutes=minutes)
        room.tickets.current()
    assert room.fake.count(TICKET_PATH) == 1
    room.now = NOW + timedelta(minutes=117)
    room.tickets.current()
    assert room.fake.count(TICKET_PATH) == 2
    room.fake.answers[TICKET_PATH] = [{"errcode": 48001, "errmsg": "api unauthorized"}]
    room.now = NOW + timedelta(hours=9)
    with pytest.raises(GatewayError):
        room.tickets.current()
