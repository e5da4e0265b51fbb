"""A bureau that sends: the simulator for WeChat, no sockets between, one clock for both, moved when told."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from sqlalchemy import select

from bot.gateway import Gateway
from bot.reception import Reception
from bot.webhook import create_webhook
from config.sending import SendingRules, load_sending_rules
from handlers import ROUTERS
from jobs.campaign_orders import OrderDesk
from jobs.campaigns import CampaignClock
from jobs.fan_out import FanOut
from jobs.topic_tags import TagKeeper
from models.article import Article, ArticlePicture
from models.campaign_send import CampaignSend, SendArticle, SendEvent
from models.campaign_words import ArticleState, ArticleType, Column
from models.database import Database
from models.send_words import OrderKind, SendChannel, SendState, Topic
from models.staff import StaffAccount
from services.campaigns import orders, sends
from services.campaigns.sends import Wanted
from simulator.app import create_simulator
from simulator.config import Config
from simulator.state import User
from simulator.world import World
from tests.citizen import make_desk, make_settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULES = load_sending_rules()
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
JPEG = b"\xff\xd8\xff\xe0 a cover"
PUBLIC = "https://bureau.example.gov.cn"


class FlaskAdapter(BaseAdapter):
    """Requests of one side go straight into the other side's application."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app
        self.trouble: Callable[[requests.PreparedRequest], None] | None = None

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        if self.trouble is not None:
            self.trouble(request)
        headers = [(name, value) for name, value in request.headers.items() if name.lower() != "content-length"]
        answer = self.app.test_client().open(
            str(request.path_url), method=request.method, data=request.body, headers=headers
        )
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status_code, str(request.url), request
        response.headers.update(dict(answer.headers))
        response.raw = io.BytesIO(answer.get_data())
        return response

    def close(self) -> None:
        """Nothing to close."""


def join(app: Flask) -> tuple[requests.Session, FlaskAdapter]:
    """A session whose every call goes into `app`."""
    session, adapter = requests.Session(), FlaskAdapter(app)
    session.mount("http://", adapter)
    return session, adapter


def make_routes() -> Flask:
    """WeChat for rooms that follow one another: its state is each room's own."""
    return create_simulator(Config("wx1", "s" * 32, "token1234", "a" * 43))


@contextmanager
def open_room(database: Database, routes: Flask, folder: Path) -> Iterator["SendRoom"]:
    """A bureau that sends, as long as a test needs it."""
    made = SendRoom(database, routes, folder)
    try:
        yield made
    finally:
        made.reception.close()


class SendRoom:
    """Two members of staff, followers on telephones, articles, and what a test does with them."""

    def __init__(self, database: Database, simulator: Flask, folder: Path, rules: SendingRules = RULES) -> None:
        self.database, self.now, self.rules = database, MONDAY, rules
        self.steady_seconds = 0.0
        self.settings = make_settings(
            data_dir=folder, wechat_api_url="http://wechat.example", wechat_freshness_seconds=0
        )
        self.reception = Reception(self.settings, database, make_desk(self.settings), ROUTERS, self.clock)
        door = Flask("door")
        door.register_blueprint(create_webhook(self.reception))
        config = Config(
            app_id=self.settings.wechat_app_id,
            app_secret=self.settings.wechat_app_secret,
            token=self.settings.wechat_token,
            aes_key=self.settings.wechat_aes_key,
            webhook="http://bureau.example/wechat",
            event_delay=0.0,
        )
        http, self.webhook = join(door)
        self.simulator = simulator
        self.world = World(config, self.timestamp, http)
        simulator.extensions["simulator"] = self.world
        self.phone = simulator.test_client()
        self.staff = [self.hire(name) for name in ("郑洁", "孙国强")]
        self.campaigns = self.make_clock()

    def clock(self) -> datetime:
        return self.now.astimezone(UTC)

    def timestamp(self) -> float:
        return self.now.timestamp()

    def steady(self) -> float:
        return self.steady_seconds

    def pass_time(self, **parts: float) -> None:
        """Both clocks run on."""
        self.now += timedelta(**parts)
        self.steady_seconds += timedelta(**parts).total_seconds()

    def gateway(self) -> Gateway:
        gateway = Gateway(self.settings, self.database, self.clock, self.rest)
        gateway._http, self.line = join(self.simulator)
        return gateway

    def rest(self, seconds: float) -> None:
        self.pass_time(seconds=seconds)

    def make_clock(self) -> CampaignClock:
        """One more scheduler; each is a process of its own in real life."""
        return CampaignClock(self.database, self.gateway(), self.rules, self.clock, PUBLIC, steady=self.steady)

    def fan_out(self) -> FanOut:
        return FanOut(
            self.database, self.gateway(), self.rules, self.clock, PUBLIC, pause=self.rest, steady=self.steady
        )

    def tags(self) -> TagKeeper:
        return TagKeeper(self.database, self.gateway(), self.clock)

    def hire(self, name: str) -> int:
        with self.database.write() as session:
            row = StaffAccount(login=name, name=name, password_hash="-", created_at=self.clock())
            session.add(row)
            session.flush()
            return row.id

    def follower(self, name: str) -> User:
        """A person who follows the account and says a word."""
        user = self.world.add_user(name)
        self.post(f"/users/{user.openid}/follow")
        self.says(user, "你好")
        return user

    def says(self, user: User, words: str) -> str:
        """What the telephone shows last."""
        self.post("/send", user=user.openid, type="text", content=words)
        return str(user.chat[-1].data.get("content", ""))

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.phone.post(f"/simulate{path}", json=body)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def settle(self) -> None:
        """Wait until the simulator has pushed what it has to push."""
        assert self.world.settle(5.0)

    def article(self, title: str = "网购退货三步走", **columns: Any) -> int:
        cover = self.world.media.add("image", JPEG, self.now.timestamp(), "cover.jpg", permanent=True)
        with self.database.write() as session:
            article = Article(
                column=Column.NEWS,
                type=ArticleType.PLAIN,
                title=title,
                digest="先留证据，再找商家，最后投诉。",
                author="示范市商务局",
                body="先留证据。\n\n再找商家。",
                state=ArticleState.APPROVED,
                added_by="staff:1",
                created_at=self.clock(),
                updated_at=self.clock(),
                published_at=self.clock(),
            )
            for name, value in columns.items():
                setattr(article, name, value)
            session.add(article)
            session.flush()
            session.add(
                ArticlePicture(
                    article_id=article.id,
                    is_cover=True,
                    alt="退货的包裹",
                    sealed_name=cover.media_id[:60],
                    key_sealed=b"key",
                    sha256=bytes(32),
                    size_bytes=len(JPEG),
                    width=900,
                    height=383,
                    added_by="staff:1",
                    added_at=self.clock(),
                    wechat_media_id=cover.media_id,
                )
            )
            return article.id

    def plan(self, title: str = "本月消费提示", **changes: Any) -> int:
        """A send that waits for approval; its id."""
        articles = changes.pop("articles", None) or (self.article(f"{title}：网购退货三步走"),)
        wanted = Wanted(
            title, SendChannel.MASS, Topic.TIPS, changes.pop("due_at", self.now + timedelta(hours=1)), tuple(articles)
        )
        with self.database.write() as session:
            made = sends.make_send(session, replace(wanted, **changes), self.rules, by=self.staff[0], now=self.clock())
            return made.id

    def schedule(self, title: str = "本月消费提示", **changes: Any) -> int:
        """Previewed and approved; its id."""
        send_id = self.plan(title, **changes)
        self.approve(send_id)
        return send_id

    def approve(self, send_id: int) -> None:
        with self.database.write() as session:
            send = session.get_one(CampaignSend, send_id)
            send.previewed_revision = send.revision
            sends.approve(session, send, self.rules, by=self.staff[1], now=self.clock())

    def order(self, send_id: int, kind: OrderKind, reason: str = "") -> str:
        """Ordered and carried out at once; what came of it."""
        with self.database.write() as session:
            send = session.get_one(CampaignSend, send_id)
            wanted = sends.order(session, send, kind, reason, by=self.staff[0], now=self.clock()).id
        OrderDesk(self.campaigns).step()
        self.settle()
        with self.database.read() as session:
            return next(one.outcome for one in orders.list_orders(session, send_id) if one.id == wanted)

    def add_tester(self, name: str) -> None:
        with self.database.write() as session:
            orders.add_tester(session, name, name, by=self.staff[0], now=self.clock())

    def step(self, clock: CampaignClock | None = None) -> None:
        """One tick, what WeChat pushes because of it, and the next tick."""
        for _ in range(2):
            (clock or self.campaigns).step()
            self.settle()

    def get(self, send_id: int) -> CampaignSend:
        with self.database.read() as session:
            return session.get_one(CampaignSend, send_id)

    def state(self, send_id: int) -> SendState:
        return self.get(send_id).state

    def history(self, send_id: int) -> list[str]:
        with self.database.read() as session:
            return list(
                session.scalars(select(SendEvent.said).where(SendEvent.send_id == send_id).order_by(SendEvent.id))
            )

    def urls(self, send_id: int) -> list[str]:
        """WeChat's pages of a send's articles."""
        with self.database.read() as session:
            found = select(SendArticle.url).where(SendArticle.send_id == send_id).order_by(SendArticle.position)
            return [url for url in session.scalars(found) if url]

    def withdraw(self, article_id: int) -> None:
        with self.database.write() as session:
            session.get_one(Article, article_id).state = ArticleState.WITHDRAWN

    def received(self, user: User) -> list[str]:
        """Titles of the cards that mass sends put on a telephone."""
        return [
            entry.data["articles"][0]["title"] for entry in user.chat if "mass" in entry.data and entry.kind == "news"
        ]

    def calls(self, path: str) -> int:
        """How often an API was called."""
        return self.world.state.counters.get(f"calls {path}", 0)

    def fault(self, **wish: Any) -> None:
        """Something goes wrong at WeChat."""
        self.world.faults.add({"side": "api", **wish})
