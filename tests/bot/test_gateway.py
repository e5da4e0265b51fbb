"""The gateway against a real HTTP server that misbehaves."""

import io
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import gateway as gateway_module
from bot.api_errors import (
    ACTIONS,
    Action,
    ApiPausedError,
    GatewayError,
    NotSentError,
    OutcomeUnknownError,
    TooBigError,
    WechatError,
)
from bot.gateway import Gateway
from config.settings import Settings
from models.database import Database
from models.platform import AccessToken, ApiPause
from tests.citizen import real_now
from tests.fake_wechat import FakeWechat, run_fake_wechat

SEND = "/cgi-bin/message/custom/send"
TOKEN = "/cgi-bin/stable_token"
HELLO = {"msgtype": "text", "text": {"content": "您好"}}


@pytest.fixture
def fake() -> Iterator[FakeWechat]:
    with run_fake_wechat() as server:
        yield server


@pytest.fixture
def own_settings(settings: Settings, fake: FakeWechat) -> Settings:
    return settings.model_copy(update={"wechat_api_url": fake.url})


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def gateway(own_settings: Settings, sqlite: Database, waits: list[float]) -> Gateway:
    return Gateway(own_settings, sqlite, real_now, sleep=waits.append)


def test_a_message_goes_out_with_the_shared_token(gateway: Gateway, fake: FakeWechat, sqlite: Database) -> None:
    gateway.send_customer_service("o1", HELLO)
    gateway.send_customer_service("o1", HELLO)
    assert fake.sent() == [{"touser": "o1", **HELLO}] * 2
    assert "您好".encode() in fake.calls[1].body, "WeChat shows \\u escapes as they are"
    assert fake.count(TOKEN) == 1
    asked = next(call.json for call in fake.calls if call.path == TOKEN)
    assert asked["grant_type"] == "client_credential"
    with sqlite.read() as session:
        row = session.scalars(select(AccessToken)).one()
        assert b"TOKEN-1" not in (row.token_sealed or b"")
        assert row.lease_owner is None


def test_wechatpys_own_methods_go_the_same_way(gateway: Gateway, fake: FakeWechat) -> None:
    gateway.message.send_text("o1", "经由 wechatpy")
    gateway.customservice.create_session("o1", "kf@a")  # address written out
    assert [call.path for call in fake.calls] == [TOKEN, SEND, "/customservice/kfsession/create"]


def test_the_token_goes_to_no_other_host(gateway: Gateway, fake: FakeWechat) -> None:
    with pytest.raises(NotSentError):
        gateway.get("https://mp.weixin.qq.com/cgi-bin/showqrcode")
    assert fake.calls == []


def test_a_refused_token_is_renewed_once(own_settings: Settings, sqlite: Database, fake: FakeWechat) -> None:
    clock = Clock()
    gateway = Gateway(own_settings, sqlite, clock)
    gateway.send_customer_service("o1", HELLO)
    clock.now += timedelta(minutes=5)
    fake.token_number = 2  # another system asked for a new one
    gateway.send_customer_service("o1", HELLO)
    assert fake.count(TOKEN) == 2
    assert [call.token for call in fake.calls if call.path == SEND] == ["TOKEN-1", "TOKEN-1", "TOKEN-2"]


def test_another_process_renewed_it_already(own_settings: Settings, sqlite: Database, fake: FakeWechat) -> None:
    clock = Clock()
    first, second = Gateway(own_settings, sqlite, clock), Gateway(own_settings, sqlite, clock)
    first.send_customer_service("o1", HELLO)
    clock.now += timedelta(minutes=5)
    fake.token_number = 2
    first.send_customer_service("o1", HELLO)
    second.send_customer_service("o1", HELLO)
    assert fake.count(TOKEN) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_no_token_storm(gateway: Gateway, fake: FakeWechat, code: int) -> None:
    fake.answers[SEND] = [{"errcode": code, "errmsg": "invalid credential"}]
    for _ in range(5):
        with pytest.raises(WechatError) as caught:
            gateway.send_customer_service("o1", HELLO)
        assert caught.value.action is Action.REFRESH
    assert fake.count(TOKEN) <= 2
    assert fake.count(SEND) <= 10


def test_an_old_token_refused_for_ever_is_fetched_twice_at_most(
    own_settings: Settings, sqlite: Database, fake: FakeWechat
) -> None:
    clock = Clock()
    gateway = Gateway(own_settings, sqlite, clock)
    gateway.send_customer_service("o1", HELLO)
    fake.answers[SEND] = [{"errcode": 40001}]
    clock.now += timedelta(hours=1)
    with pytest.raises(WechatError):
        gateway.send_customer_service("o1", HELLO)
    assert fake.count(TOKEN) == 2
    assert fake.count(SEND) <= 3


def test_a_cold_start_of_many_threads_fetches_once(
    own_settings: Settings, database: Database, fake: FakeWechat
) -> None:
    gateways = [Gateway(own_settings, database, real_now) for _ in range(2)]  # as if two processes
    fake.answers[TOKEN] = [lambda call: None]
    barrier, faults = threading.Barrier(8), []

    def go(number: int) -> None:
        barrier.wait()
        try:
            gateways[number % 2].send_customer_service("o1", HELLO)
        except Exception as error:
            faults.append(error)

    run_threads(8, go)
    assert faults == []
    assert fake.count(TOKEN) == 1
    assert fake.count(SEND) == 8


def test_the_token_is_renewed_before_it_ends(own_settings: Settings, sqlite: Database, fake: FakeWechat) -> None:
    clock = Clock()
    gateway = Gateway(own_settings, sqlite, clock)
    gateway.send_customer_service("o1", HELLO)
    clock.now += timedelta(seconds=7200 - 270)
    gateway.send_customer_service("o1", HELLO)
    assert fake.count(TOKEN) == 1
    clock.now += timedelta(seconds=60)
    fake.token_number = 2
    gateway.send_customer_service("o1", HELLO)
    assert fake.count(TOKEN) == 2


def test_a_dead_refresher_holds_nobody_up_for_long(own_settings: Settings, sqlite: Database, fake: FakeWechat) -> None:
    clock = Clock()
    dead, alive = Gateway(own_settings, sqlite, clock), Gateway(own_settings, sqlite, clock)
    assert dead.tokens.take_lease(clock.now)
    assert not alive.tokens.take_lease(clock.now)
    clock.now += timedelta(seconds=16)
    alive.send_customer_service("o1", HELLO)
    dead.tokens.end_lease("TOKEN-OLD", 7200)  # comes back too late
    assert alive.tokens.current() == "TOKEN-1"


@pytest.mark.parametrize("code", [40013, 40125, 40164])
def test_wrong_credentials_are_told_as_such(gateway: Gateway, fake: FakeWechat, code: int) -> None:
    fake.answers[TOKEN] = [{"errcode": code, "errmsg": "invalid appid"}]
    with pytest.raises(WechatError) as caught:
        gateway.send_customer_service("o1", HELLO)
    assert caught.value.action is Action.STOP_ALERT
    assert fake.count(SEND) == 0


@pytest.mark.parametrize("bad", [500, b"<html>", {"expires_in": 1}, "cut", {"access_token": "x", "expires_in": "y"}])
def test_without_a_token_nothing_was_sent(gateway: Gateway, fake: FakeWechat, bad: object) -> None:
    fake.answers[TOKEN] = [bad]
    with pytest.raises(NotSentError):
        gateway.send_customer_service("o1", HELLO)


def test_busy_is_retried_only_where_it_does_no_harm(gateway: Gateway, fake: FakeWechat, waits: list[float]) -> None:
    fake.answers[SEND] = [{"errcode": -1, "errmsg": "system error"}]
    with pytest.raises(WechatError):
        gateway.send_customer_service("o1", HELLO)
    assert (fake.count(SEND), waits) == (1, [])
    fake.answers["/cgi-bin/message/template/send"] = [{"errcode": -1}, {"errcode": -1}, {"errcode": 0, "msgid": 9}]
    assert gateway.send_template("o1", {"template_id": "t", "data": {}}, "key-1") == "9"
    assert waits == [1.0, 2.0]
    keys = {call.json["client_msg_id"] for call in fake.calls if "template" in call.path}
    assert keys == {"key-1"}
    fake.answers["/cgi-bin/menu/get"] = [{"errcode": -1}]
    with pytest.raises(WechatError):
        gateway.get_menu()
    assert fake.count("/cgi-bin/menu/get") == 4


@pytest.mark.parametrize("bad", ["cut", b"garbage", 502, 302])
def test_an_answer_that_does_not_come_leaves_the_outcome_open(gateway: Gateway, fake: FakeWechat, bad: object) -> None:
    fake.answers[SEND] = [bad]
    with pytest.raises(OutcomeUnknownError):
        gateway.send_customer_service("o1", HELLO)
    assert fake.count(SEND) == 1


def test_a_slow_answer_is_not_waited_for(gateway: Gateway, fake: FakeWechat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_module, "TIMEOUT", (0.2, 0.2))
    fake.answers[SEND] = ["slow"]
    with pytest.raises(OutcomeUnknownError):
        gateway.send_customer_service("o1", HELLO)
    fake.answers[TOKEN] = ["slow"]
    with pytest.raises(GatewayError):
        Gateway(gateway_settings(gateway), Database("sqlite://", gateway.database.vault), real_now).tokens.fetch()


def gateway_settings(gateway: Gateway) -> Settings:
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        wechat_app_id="wx2",
        wechat_app_secret="s" * 32,
        wechat_api_url=gateway.base,
    )


def test_nobody_listens(settings: Settings, sqlite: Database, fake: FakeWechat) -> None:
    dead = settings.model_copy(update={"wechat_api_url": "http://127.0.0.1:9"})
    with pytest.raises(NotSentError):
        Gateway(dead, sqlite, real_now).send_customer_service("o1", HELLO)


class Clock:
    """Moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize(
    ("code", "until"),
    [
        (45009, datetime(2026, 11, 20, 16, 0, tzinfo=UTC)),  # midnight in Shanghai
        (45011, datetime(2026, 11, 20, 10, 1, tzinfo=UTC)),
    ],
)
def test_a_used_up_quota_rests(
    own_settings: Settings, sqlite: Database, fake: FakeWechat, code: int, until: datetime
) -> None:
    clock = Clock()
    gateway = Gateway(own_settings, sqlite, clock)
    fake.answers[SEND] = [{"errcode": code, "errmsg": "reach max api daily quota limit"}, {"errcode": 0}]
    with pytest.raises(WechatError):
        gateway.send_customer_service("o1", HELLO)
    with pytest.raises(ApiPausedError) as caught:
        gateway.send_customer_service("o1", HELLO)
    assert caught.value.until == until
    assert fake.count(SEND) == 1
    gateway.send_typing("o1")  # other APIs go on
    clock.now = until
    gateway.send_customer_service("o1", HELLO)
    with sqlite.read() as session:
        assert session.scalars(select(ApiPause.errcode)).all() == [code]


def test_every_code_of_the_table_has_its_action() -> None:
    assert ACTIONS[45015] is ACTIONS[45047] is Action.WINDOW_CLOSED
    assert ACTIONS[40003] is ACTIONS[43004] is Action.DROP_FOLLOWER
    assert ACTIONS[45065] is Action.ALREADY_DONE
    assert WechatError(47003).action is Action.PERMANENT
    assert set(ACTIONS.values()) == set(Action) - {Action.PERMANENT}


def test_media_up_and_down(gateway: Gateway, fake: FakeWechat) -> None:
    upload = "/cgi-bin/media/upload"
    fake.answers[upload] = [{"errcode": 42001}, {"type": "image", "media_id": "M1"}]
    gateway.tokens.current()
    fake.answers[TOKEN] = [{"access_token": "TOKEN-9", "expires_in": 7200}]
    gateway.tokens.clock = lambda: real_now() + timedelta(minutes=1)
    file = io.BytesIO(b"\xff\xd8 picture")
    assert gateway.media.upload("image", file)["media_id"] == "M1"
    bodies = [call.body for call in fake.calls if call.path == upload]
    assert len(bodies) == 2
    assert all(b"\xff\xd8 picture" in body for body in bodies), "the second try sends the file too"
    assert gateway.upload_media("image", "a.jpg", b"x") == "M1"
    fake.answers["/cgi-bin/media/get"] = [b"\xff\xd8 picture", {"video_url": "http://v"}]
    assert gateway.get_media("M1", 10) == b"\xff\xd8 picture"
    with pytest.raises(OutcomeUnknownError):
        gateway.get_media("V1", 10)


def test_a_file_is_taken_up_to_its_limits_only(gateway: Gateway, fake: FakeWechat) -> None:
    fake.answers["/cgi-bin/media/get"] = [b"\xff\xd8" + bytes(200_000)]
    assert len(gateway.get_media("M1", 200_002)) == 200_002
    with pytest.raises(TooBigError):
        gateway.get_media("M1", 200_001)
    with pytest.raises(OutcomeUnknownError, match="slowly"):
        gateway.get_media("M1", 200_002, most_seconds=0.0)


def test_no_secret_in_texts_and_logs(
    gateway: Gateway, own_settings: Settings, fake: FakeWechat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    secret = own_settings.wechat_app_secret
    texts = []
    for bad in ("cut", 500, {"errcode": 40013, "errmsg": f"bad secret {secret}"}, b"x", {"errcode": 45009}):
        fake.answers[SEND] = [bad]
        with pytest.raises(GatewayError) as caught:
            gateway.send_customer_service("o_secret_citizen", HELLO)
        texts.append(f"{caught.value} {caught.value!r} {caught.getrepr(chain=True)}")
    fake.answers[TOKEN] = [{"errcode": 40125, "errmsg": f"invalid appsecret {secret}"}]
    with pytest.raises(WechatError) as refused:
        gateway.tokens.fetch()
    everything = "\n".join([*texts[:0], caplog.text, str(refused.value), *(text.split("\n")[0] for text in texts)])
    for hidden in (secret, "TOKEN-1", "o_secret_citizen"):
        assert hidden not in everything


def run_threads(count: int, work: "object") -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
