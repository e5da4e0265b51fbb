"""The webhook as WeChat and as strangers see it."""

import base64
import time
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.crypto import Envelope, encrypt_padded
from bot.reception import Reception
from config.settings import Settings, WechatMode
from models.database import Database
from models.follower import ContactWindow, ConversationState, Follower, Trigger
from models.received import Received
from tests.bot.conftest import MakeReception, echo_router
from tests.citizen import ACCOUNT, Citizen, Shown, make_settings, open_door, sign

settings_of_hypothesis = hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OLD_KEY = "Q" + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"[:42]


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_text_is_answered_encrypted(citizen: Citizen) -> None:
    assert citizen.says("你好<a>]]>&😀") == "您说：你好<a>]]>&😀"
    assert citizen.speaks("湘江源食品") == "您说：湘江源食品"
    assert citizen.speaks() == ""


def test_verification_echoes_as_plain_text(citizen: Citizen) -> None:
    stamp = str(int(time.time()))
    query = {"timestamp": stamp, "nonce": "n", "echostr": "<script>1</script>"}
    query["signature"] = sign(citizen.settings.wechat_token, stamp, "n")
    answer = citizen.door.get(f"/wechat?{urlencode(query)}")  # type: ignore[union-attr]
    assert (answer.status_code, answer.data) == (200, b"<script>1</script>")
    assert answer.mimetype == "text/plain"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for wrong in ({"signature": "0" * 40}, {"timestamp": "1"}, {"echostr": ""}, {"signature": "é"}):
        refused = citizen.door.get(f"/wechat?{urlencode(query | wrong)}")  # type: ignore[union-attr]
        assert refused.status_code in {400, 403}
        assert refused.data == b""


@pytest.mark.parametrize("mode", list(WechatMode))
def test_each_mode_answers_in_kind(
    sqlite: Database, make_reception: MakeReception, settings: Settings, mode: WechatMode
) -> None:
    own = settings.model_copy(update={"wechat_mode": mode})
    door = open_door(make_reception(sqlite, [echo_router()], settings=own))
    assert Citizen(door, own).says("模式") == "您说：模式"
    if mode is WechatMode.COMPATIBLE:  # WeChat may also be switched back while we are not
        assert Citizen(door, own, mode=WechatMode.PLAIN).says("明文") == "您说：明文"


def test_plaintext_is_refused_in_safe_mode(citizen: Citizen, sqlite: Database) -> None:
    downgraded = Citizen(citizen.door, citizen.settings, mode=WechatMode.PLAIN)
    assert downgraded.posts(downgraded.write("text", {"Content": "x"})).status == 403
    assert count(sqlite, Received) == 0


def test_the_previous_key_still_opens_and_the_current_one_seals(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    both = settings.model_copy(update={"wechat_aes_key": f"{settings.wechat_aes_key},{OLD_KEY}"})
    old = settings.model_copy(update={"wechat_aes_key": OLD_KEY})
    door = open_door(make_reception(sqlite, [echo_router()], settings=both))
    answer = Citizen(door, old).posts(Citizen(door, old).write("text", {"Content": "旧"}))
    assert Citizen(door, both).reads(answer) == "您说：旧"


@pytest.mark.parametrize("change", ["signature", "msg_signature", "timestamp", "nonce", "body"])
def test_a_changed_request_is_refused(citizen: Citizen, sqlite: Database, change: str) -> None:
    query, body = citizen.wrap(citizen.write("text", {"Content": "x"}))
    if change == "body":
        body = body.replace(b"<Encrypt>", b"<Encrypt>A")
    else:
        query[change] = "0" + query[change][1:] if query[change][0] != "0" else "1" + query[change][1:]
    assert citizen.delivers(query, body).status == 403
    del query["signature"]
    assert citizen.delivers(query, body).status == 403
    assert count(sqlite, Received) == 0


def test_missing_msg_signature_is_refused(citizen: Citizen) -> None:
    query, body = citizen.wrap(citizen.write("text", {"Content": "x"}))
    del query["msg_signature"]
    assert citizen.delivers(query, body).status == 403


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (320, 403), (-320, 403)])
def test_only_fresh_requests_are_accepted(citizen: Citizen, age: int, status: int) -> None:
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}), int(time.time()) - age)
    assert citizen.delivers(*sent).status == status


def test_freshness_can_be_switched_off(sqlite: Database, make_reception: MakeReception, settings: Settings) -> None:
    own = settings.model_copy(update={"wechat_freshness_seconds": 0})
    citizen = Citizen(open_door(make_reception(sqlite, [echo_router()], settings=own)), own)
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}), 1)
    assert citizen.delivers(*sent).status == 200


def test_a_megabyte_is_refused_unread(citizen: Citizen) -> None:
    query, _ = citizen.wrap("<xml/>")
    assert citizen.delivers(query, b"<xml>" + b"x" * 1_000_000).status == 413


HEAD = f"<ToUserName>{ACCOUNT}</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime>"
TEXT = "<MsgType>text</MsgType><MsgId>1</MsgId><Content>x</Content>"
UNREADABLE = {
    "no MsgType": f"<xml>{HEAD}<MsgId>1</MsgId></xml>",
    "no sender": f"<xml><ToUserName>a</ToUserName><CreateTime>1</CreateTime>{TEXT}</xml>",
    "duplicate tag": f"<xml>{HEAD}{TEXT}<Content>y</Content></xml>",
    "duplicate sender": f"<xml>{HEAD}<FromUserName>o2</FromUserName>{TEXT}</xml>",
    "DTD": f'<!DOCTYPE x [<!ENTITY a "b">]><xml>{HEAD}{TEXT}</xml>',
    "external entity": f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml>{HEAD}&a;</xml>',
    "wrong root": f"<html>{HEAD}{TEXT}</html>",
    "truncated": f"<xml>{HEAD}{TEXT}",
    "two roots": f"<xml>{HEAD}{TEXT}</xml><xml/>",
    "not XML": "hello",
    "JSON": '{"ToUserName": "a"}',
    "empty": "",
    "NUL": f"<xml>{HEAD}{TEXT}\x00</xml>",
    "deep": "<xml>" + "<a>" * 5_000 + "</a>" * 5_000 + "</xml>",
    "wide": "<xml>" + "".join(f"<a{i}/>" for i in range(5_000)) + "</xml>",
    "wrong time": f"<xml>{HEAD}{TEXT}</xml>".replace("<CreateTime>1<", "<CreateTime>soon<"),
    "huge time": f"<xml>{HEAD}{TEXT}</xml>".replace("<CreateTime>1<", f"<CreateTime>{'9' * 400}<"),
    "negative time": f"<xml>{HEAD}{TEXT}</xml>".replace("<CreateTime>1<", "<CreateTime>-1<"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_signed_but_unreadable_is_acknowledged(citizen: Citizen, sqlite: Database, name: str) -> None:
    answer = citizen.posts(UNREADABLE[name])
    assert (answer.status, answer.body) == (200, b"success")
    assert count(sqlite, Received) == 0


def test_bytes_that_are_not_utf8(citizen: Citizen) -> None:
    answer = send_content(citizen, b"<xml>\xff\xfe</xml>")
    assert (answer.status, answer.body) == (200, b"success")


def send_padded(citizen: Citizen, padded: bytes) -> Shown:
    """Encrypt what is not a well-formed content, signed properly."""
    cipher = Envelope("", "", citizen.settings.aes_keys).ciphers[0]
    return send_encrypt(citizen, base64.b64encode(encrypt_padded(cipher, padded)).decode())


def send_content(citizen: Citizen, message: bytes, app_id: str = "") -> Shown:
    content = b"r" * 16 + len(message).to_bytes(4) + message
    content += (app_id or citizen.settings.wechat_app_id).encode()
    pad = 32 - len(content) % 32
    return send_padded(citizen, content + bytes([pad]) * pad)


def send_encrypt(citizen: Citizen, encrypt: str) -> Shown:
    stamp = str(int(time.time()))
    token = citizen.settings.wechat_token
    query = {"timestamp": stamp, "nonce": "n", "encrypt_type": "aes", "signature": sign(token, stamp, "n")}
    query["msg_signature"] = sign(token, stamp, "n", encrypt)
    return citizen.delivers(query, f"<xml><Encrypt>{encrypt}</Encrypt></xml>".encode())


def test_ciphertexts_that_do_not_open(citizen: Citizen, sqlite: Database) -> None:
    whole = citizen.write("text", {"Content": "x"}).encode()
    for answer in (
        send_encrypt(citizen, "!!!not base64!!!"),
        send_encrypt(citizen, "QUJD"),
        send_encrypt(citizen, base64.b64encode(b"x" * 64).decode()),
        send_content(citizen, whole, app_id="wxsomebodyelse0000"),
        send_padded(citizen, b"\x00" * 32),
        send_padded(citizen, b"\x21" * 64),
        send_padded(citizen, b"r" * 16 + b"\xff" * 4 + b"x" * 11 + b"\x01"),
        send_padded(citizen, b"\x20" * 32),
    ):
        assert answer.status == 400
        assert answer.body == b""
    assert count(sqlite, Received) == 0


@pytest.mark.parametrize("body", [b"", b"x", b"<xml/>", b"<xml><Encrypt/></xml>", b"\xff" * 99, b"<xml>" * 9000])
def test_outer_bodies_of_strangers(citizen: Citizen, body: bytes) -> None:
    query, _ = citizen.wrap("<xml/>")
    assert citizen.delivers(query, body).status in {400, 403}
    assert citizen.delivers({}, body).status == 403
    assert citizen.delivers(query | {"encrypt_type": "rot13"}, body).status == 400


def test_plain_mode_calls_an_unreadable_body_a_bad_request(sqlite: Database, make_reception: MakeReception) -> None:
    own = make_settings(wechat_mode="plain", wechat_aes_key="")
    citizen = Citizen(open_door(make_reception(sqlite, [echo_router()], settings=own)), own)
    assert citizen.posts("<xml>").status == 400
    assert citizen.says("行") == "您说：行"
    query, _ = citizen.wrap("<xml/>")
    assert citizen.delivers(query | {"encrypt_type": "aes"}, b"<xml/>").status == 400


def test_a_contact_is_remembered_and_a_farewell_forgets_it(citizen: Citizen, sqlite: Database) -> None:
    citizen.says("你好")
    citizen.clicks("about")
    with sqlite.read() as session:
        windows = session.scalars(select(ContactWindow)).all()
        assert {window.trigger for window in windows} == {Trigger.MESSAGE, Trigger.MENU}
        follower = session.scalars(select(Follower)).one()
        assert citizen.openid.encode() not in follower.openid_sealed
    assert citizen.unfollows() == ""
    assert count(sqlite, Follower) == count(sqlite, ContactWindow) == count(sqlite, ConversationState) == 0
    with sqlite.read() as session:
        assert session.scalars(select(Received.reply_sealed)).all() == [None, None, None]


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "view_miniprogram", "kf_create_session", "brand_new"])
def test_events_without_visible_reply_leave_nothing(citizen: Citizen, sqlite: Database, event: str) -> None:
    assert citizen.does(event, EventKey="https://example.org", Latitude="28.2", Longitude="112.9") == ""
    assert count(sqlite, Received) == count(sqlite, Follower) == 0


@settings_of_hypothesis
@given(st.data())
def test_no_body_whatever_gives_a_500(citizen: Citizen, data: st.DataObject) -> None:
    """Genuine messages cut, doubled and overwritten anywhere; inside and outside of the envelope."""
    whole = bytearray(citizen.write("text", {"Content": "湘江源", "bizmsgmenuid": "pick:1"}).encode())
    for _ in range(data.draw(st.integers(0, 4))):
        start = data.draw(st.integers(0, len(whole)))
        end = min(len(whole), start + data.draw(st.integers(0, 40)))
        whole[start:end] = data.draw(st.one_of(st.binary(max_size=20), st.just(bytes(whole[end : end + 60]))))
    inside = send_content(citizen, bytes(whole))
    query, _ = citizen.wrap("<xml/>")
    outside = citizen.delivers(query, bytes(whole))
    assert inside.status == 200
    assert outside.status in {400, 403}
    for answer in (inside, outside):
        assert b"Traceback" not in answer.body


def test_nothing_personal_is_logged(citizen: Citizen, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    citizen.says("我叫张建国，电话13800000000")
    citizen.delivers(*citizen.wrap("<xml>13800000000</xml>"))
    citizen.delivers({}, b"13800000000")
    for secret in ("13800000000", "张建国", citizen.openid, citizen.settings.wechat_token):
        assert secret not in caplog.text


def test_a_fault_in_reading_is_not_shown(make_reception: MakeReception, sqlite: Database, settings: Settings) -> None:
    reception: Reception = make_reception(sqlite, [echo_router()])
    reception.opener = None  # type: ignore[assignment] # any programming error
    answer = Citizen(open_door(reception), settings).delivers({}, b"")
    assert (answer.status, answer.body) == (400, b"")
