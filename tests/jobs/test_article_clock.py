"""The clock's work on articles: links looked at safely, pictures brought to WeChat once."""

import ipaddress
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.gateway import Gateway
from config.settings import Settings
from jobs.articles import ArticleClock
from jobs.opening import Look, is_public, look_at_address
from models.article import ArticleLink, ArticlePicture, CampaignAlert
from models.campaign_words import AlertKind, LinkState
from models.database import Database
from services.campaigns.articles import save_article, written_of
from tests.fake_wechat import FakeWechat
from tests.jobs.conftest import Clock
from tests.press_room import Press

UPLOAD, MATERIAL = "/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material"


@pytest.fixture
def press(sqlite: Database, tmp_path: Path, clock: Clock) -> Press:
    return Press(sqlite, tmp_path, clock.now)


def make_clock(press: Press, settings: Settings, clock: Clock, **looks: Look) -> ArticleClock:
    """A clock whose looks are given; without them it never looks."""
    gateway = Gateway(settings, press.database, clock, lambda _: None)
    look = lambda url, _: looks[url.rsplit("/", 1)[1]]  # noqa: E731
    return ArticleClock(press.database, gateway, press.library, rules=press.rules, clock=clock, look=look)


# Foreign addresses.


class Foreign(BaseHTTPRequestHandler):
    """Answers by the path: /200, /404, /to/<where>."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        where = self.path.removeprefix("/to/")
        if where != self.path:
            self.send_response(302)
            self.send_header("Location", where)
        else:
            self.send_response(int(self.path[1:4]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


@contextmanager
def run_foreign() -> Iterator[tuple[str, list[str]]]:
    """Its address, and what was asked."""
    asked: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Bound", (Foreign,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def look_anywhere(url: str) -> Look:
    """Without the fence: this machine stands for the world."""
    return look_at_address(url, 2, lambda _: True, lambda _: True)


def test_only_what_is_sure_is_dead() -> None:
    with run_foreign() as (place, _):
        states = {path: look_anywhere(f"{place}/{path}").state for path in ("200", "404", "410", "403", "500")}
        hops = [look_anywhere(f"{place}/to//{end}").state for end in ("200", "404")]
        circle = look_anywhere(f"{place}/to//to//to//to//to//200")
    assert states == {
        "200": LinkState.ALIVE,
        "404": LinkState.DEAD,
        "410": LinkState.DEAD,
        "403": LinkState.UNKNOWN,
        "500": LinkState.UNKNOWN,
    }
    assert hops == [LinkState.ALIVE, LinkState.DEAD]
    assert circle == Look(LinkState.UNKNOWN, "转了太多次")
    assert look_anywhere("http://127.0.0.1:1/x").state is LinkState.UNKNOWN


def test_a_server_that_never_answers_is_not_waited_for() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        found = look_at_address(address, 0.05, lambda _: True, lambda _: True)
    assert found == Look(LinkState.UNKNOWN, "很久没有回答")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to be refused
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_no_address_of_this_machine_or_network_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_addresses_of_the_world_are_public() -> None:
    assert is_public(ipaddress.ip_address("114.114.114.114"))
    assert is_public(ipaddress.ip_address("2400:3200::1"))
    assert is_public(ipaddress.ip_address("64:ff9b::7272:7272"))


def test_we_do_not_go_where_only_we_can_go_not_even_when_led_there() -> None:
    with run_foreign() as (place, asked):
        for url in (f"{place}/200", "http://localhost/x", "http://user:word@a.example/", "http://a.example:22/"):
            assert look_at_address(url, 1).state is LinkState.DEAD, url
        assert look_at_address("ftp://a.example/", 1).state is LinkState.DEAD
        assert asked == []
        led = look_at_address(f"{place}/to/http://10.0.0.1/", 1, lambda one: str(one) == "127.0.0.1", lambda _: True)
        assert (led.state, led.note) == (LinkState.DEAD, "是内网地址，市民打不开")
        assert asked == ["/to/http://10.0.0.1/"]


# Links of articles.


def test_links_are_looked_at_beside_and_a_dead_one_in_a_public_article_is_told_of(
    press: Press, settings: Settings, clock: Clock
) -> None:
    with press.database.write() as session:
        article = press.write(session, "见 https://a.example/one 和 https://a.example/two")
    looks = {"one": Look(LinkState.ALIVE), "two": Look(LinkState.UNKNOWN, "很久没有回答")}
    assert make_clock(press, settings, clock, **looks).look_at_links() == 2
    assert make_clock(press, settings, clock, **looks).look_at_links() == 0
    clock.pass_time(hours=1, minutes=1)
    assert make_clock(press, settings, clock, two=Look(LinkState.ALIVE)).look_at_links() == 1
    with press.database.write() as session:
        press.publish(session, session.merge(article))
    clock.pass_time(days=4)
    dead = Look(LinkState.DEAD, "对方说没有这个页面")
    make_clock(press, settings, clock, one=dead, two=dead).look_at_links()
    with press.database.read() as session:
        assert [one.kind for one in session.scalars(select(CampaignAlert))] == [AlertKind.LINK_DEAD] * 2


def test_an_address_that_was_taken_out_is_not_looked_at_again(press: Press, settings: Settings, clock: Clock) -> None:
    with press.database.write() as session:
        article = press.write(session, "见 https://a.example/one")
        said = type(written_of(article))(**(vars(written_of(article)) | {"body": "没有链接了"}))
        save_article(session, article, said, article.version, press.key("xiehui"), now=press.now)
        assert session.scalars(select(ArticleLink)).all() == []
    assert make_clock(press, settings, clock).look_at_links() == 0


# Pictures.


def test_pictures_go_to_wechat_when_the_article_is_approved_and_only_once(
    press: Press, settings: Settings, clock: Clock, fake: FakeWechat
) -> None:
    fake.answers = {
        UPLOAD: [{"url": "https://mmbiz.qpic.cn/1"}],
        MATERIAL: [{"errcode": -1, "errmsg": "busy"}, {"errcode": 45009, "errmsg": "quota"}, {"media_id": "M1"}],
    }
    worker = make_clock(press, settings, clock)
    with press.database.write() as session:
        article = press.write(session)
        article.body = f"看图。\n\n[图{session.scalars(select(ArticlePicture)).one().id}]"
    assert worker.upload_pictures() == 0
    with press.database.write() as session:
        press.publish(session, session.merge(article))
    assert [worker.upload_pictures(), worker.upload_pictures()] == [1, 0]
    with press.database.read() as session:
        cover = session.scalars(select(ArticlePicture)).one()
        assert (cover.wechat_url, cover.wechat_media_id) == ("https://mmbiz.qpic.cn/1", None)
        assert cover.upload_error
        assert [one.kind for one in session.scalars(select(CampaignAlert))] == [AlertKind.PICTURE_FAILED]
    for _ in range(4):
        clock.pass_time(minutes=11, days=1)
        worker.upload_pictures()
    with press.database.read() as session:
        assert session.scalars(select(ArticlePicture)).one().wechat_media_id == "M1"
    assert fake.count(UPLOAD) == 1
    (sent,) = [call.body for call in fake.calls if call.path == UPLOAD]
    assert b"\xff\xd8\xff" in sent


def test_files_that_no_row_names_go_after_a_day(press: Press, settings: Settings, clock: Clock) -> None:
    with press.database.write() as session:
        press.write(session)
    press.library.keep(b"nobody's")
    worker = make_clock(press, settings, clock)
    assert worker.clean_up() == 0
    for name in press.library.files():
        for path in press.library.folder.glob(f"{name}*"):
            old = clock.now.timestamp() - 2 * 86_400
            os.utime(path, (old, old))
    assert worker.clean_up() == 1
    assert len(press.library.files()) == 1
