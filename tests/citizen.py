"""A citizen with a phone for tests: signs, encrypts and posts as WeChat does, and reads the answer.

`Citizen(app.test_client(), settings).says("大润发")` is the text shown on the phone. Signing and encryption
are wechatpy's, not ours, so each conversation test also compares the two.
"""

import itertools
import random
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import requests
from flask import Flask
from flask.testing import FlaskClient
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.reception import Reception
from bot.webhook import create_webhook
from config.bureau import load_bureau
from config.settings import Settings, WechatMode
from services.desk import Desk
from services.enterprises.index import NameIndex
from web.wechat import ShortWay

MSG_IDS = itertools.count(23_000_000_000_000_000)
ACCOUNT = "gh_test_account"
LINE = re.compile(r'<a href="(weixin://bizmsgmenu\?[^"]+)">(.*?)</a>', re.DOTALL)


def make_settings(**overrides: Any) -> Settings:
    """Settings that read no environment file, with secrets of their own."""
    values: dict[str, Any] = {
        "_env_file": None,
        "secret_key": "k8Jw2vQx7LmZr4TnB6yHcF1sD9gAeU3p",
        "wechat_app_id": "wx5a1b2c3d4e5f6071",
        "wechat_app_secret": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        "wechat_token": "r7Tq2Lx9Vb4N",
        "wechat_aes_key": "Zk3vT9bQm5LxR2wYc8NfH7jDpE4sGaU6iKoV1yBtXrM",
        "public_url": "https://bureau.example.gov.cn",
    }
    return Settings(**(values | overrides))


def real_now() -> datetime:
    """The doors' clock."""
    return datetime.now(UTC)


def make_desk(settings: Settings) -> Desk:
    """The shipped bureau.toml and an empty name index."""
    return Desk(load_bureau(), NameIndex(settings.data_dir / "index"), settings.public_url)


def open_door(reception: Reception) -> FlaskClient:
    """A Flask application with the webhook only, and the short way in front of it."""
    app = Flask("door")
    app.register_blueprint(create_webhook(reception))
    app.wsgi_app = ShortWay(app.wsgi_app, reception)  # type: ignore[method-assign]
    return app.test_client()


@dataclass
class Shown:
    """What came back over HTTP."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Citizen:
    """One follower; `door` is a Flask test client or the address of a running server."""

    def __init__(
        self,
        door: FlaskClient | str,
        settings: Settings,
        openid: str = "o_citizen_00000000000000000",
        mode: WechatMode | None = None,
    ) -> None:
        self.door, self.settings, self.openid = door, settings, openid
        self.mode = mode or settings.wechat_mode
        key = settings.aes_keys[0] if settings.aes_keys else "A" * 43
        self.crypto = WeChatCrypto(settings.wechat_token, key, settings.wechat_app_id)
        self.shown = ""  # the last text shown

    # What a citizen does. Each returns the text shown, or "" when WeChat shows nothing.

    def says(self, text: str, **fields: str) -> str:
        """Write a text message."""
        return self.sends("text", Content=text, **fields)

    def speaks(self, recognition: str = "") -> str:
        """Send a voice message; `recognition` is what WeChat understood."""
        extra = {"Recognition": recognition} if recognition else {}
        return self.sends("voice", MediaId="voice_1", Format="amr", **extra)

    def taps(self, label: str) -> str:
        """Tap the line of the last answer whose label contains `label`."""
        for address, name in LINE.findall(self.shown):
            if label in name:
                query = parse_qs(urlsplit(address).query)
                return self.says(query["msgmenucontent"][0], bizmsgmenuid=query["msgmenuid"][0])
        raise AssertionError(f"no line {label!r} in {self.shown!r}")

    def clicks(self, key: str) -> str:
        """Tap a menu button of type click."""
        return self.does("CLICK", EventKey=key)

    def follows(self, scene: str = "") -> str:
        """Follow the account, by a QR code with `scene` if given."""
        return self.does("subscribe", EventKey=f"qrscene_{scene}" if scene else "")

    def unfollows(self) -> str:
        return self.does("unsubscribe", EventKey="")

    def scans(self, result: str, key: str = "scan_licence") -> str:
        """Scan by a scancode_waitmsg button."""
        scan = f"<ScanType>qrcode</ScanType><ScanResult>{escape(result)}</ScanResult>"
        inner = f"<ScanCodeInfo>{scan}</ScanCodeInfo>"
        return self.reads(self.posts(self.write("event", {"Event": "scancode_waitmsg", "EventKey": key}, inner)))

    def does(self, event: str, **fields: str) -> str:
        """Any event."""
        return self.sends("event", Event=event, **fields)

    def sends(self, kind: str, **fields: str) -> str:
        """Any message."""
        return self.reads(self.posts(self.write(kind, fields)))

    # How WeChat does it.

    def write(self, kind: str, fields: dict[str, str], inner: str = "", created_at: int = 0) -> str:
        """The clear XML of a message with a new MsgId unless it is given; events have none."""
        if kind != "event":
            fields = {"MsgId": str(next(MSG_IDS))} | fields
        leaves = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())
        return (
            f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>{self.openid}</FromUserName>"
            f"<CreateTime>{created_at or int(time.time())}</CreateTime><MsgType>{kind}</MsgType>"
            f"{leaves}{inner}</xml>"
        )

    def wrap(self, xml: str, second: int = 0) -> tuple[dict[str, str], bytes]:
        """Query and body of the POST, encrypted unless the mode is plain."""
        stamp, nonce = str(second or int(time.time())), str(random.randrange(10**9))
        query = {"timestamp": stamp, "nonce": nonce, "openid": self.openid}
        query["signature"] = sign(self.settings.wechat_token, stamp, nonce)
        if self.mode is WechatMode.PLAIN:
            return query, xml.encode()
        sealed = read_xml(self.crypto.encrypt_message(xml, nonce, stamp)).findtext("Encrypt") or ""
        query |= {
            "encrypt_type": "aes",
            "msg_signature": sign(self.settings.wechat_token, stamp, nonce, sealed),
        }
        clear = xml.removeprefix("<xml>").removesuffix("</xml>") if self.mode is WechatMode.COMPATIBLE else ""
        body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
        return query, (body if not clear else f"<xml>{clear}<Encrypt>{sealed}</Encrypt></xml>").encode()

    def posts(self, xml: str) -> Shown:
        """Deliver one XML once."""
        return self.delivers(*self.wrap(xml))

    def delivers(self, query: dict[str, str], body: bytes) -> Shown:
        """One POST as it is; use it twice for a retry."""
        address = f"/wechat?{urlencode(query)}"
        if isinstance(self.door, str):
            answer = requests.post(self.door + address, data=body, timeout=10)
            return Shown(answer.status_code, answer.content)
        response = self.door.post(address, data=body, content_type="text/xml")
        return Shown(response.status_code, response.data)

    def reads(self, answer: Shown) -> str:
        """The text WeChat would show; AssertionError where it would show 该公众号暂时无法提供服务."""
        assert answer.status == 200, answer
        if answer.body in {b"", b"success"}:
            self.shown = ""
            return ""
        fields = self.opens(answer.body)
        if fields.findtext("MsgType") == "news":
            self.shown = "\n".join(part.text or "" for part in fields.iter() if part.tag in {"Title", "Url"})
        else:
            self.shown = fields.findtext("Content") or ""
            assert len(self.shown.encode()) <= 2048
        return self.shown

    def opens(self, body: bytes) -> ET.Element:
        """The decrypted and checked reply."""
        outer = read_xml(body)
        if outer.find("Encrypt") is None:
            assert self.mode is not WechatMode.SAFE, "a clear reply in safe mode"
            return outer
        words = {name: outer.findtext(name) or "" for name in ("MsgSignature", "TimeStamp", "Nonce")}
        clear = self.crypto.decrypt_message(body, words["MsgSignature"], words["TimeStamp"], words["Nonce"])
        fields = read_xml(clear)
        assert fields.findtext("ToUserName") == self.openid
        assert fields.findtext("FromUserName") == ACCOUNT
        return fields


def read_xml(text: str | bytes) -> ET.Element:
    """What our own service wrote."""
    return ET.fromstring(text)  # noqa: S314


def sign(*parts: str) -> str:
    """WeChat's signature, by wechatpy."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def plain(shown: str) -> str:
    """The words on the screen, without the addresses behind them."""
    return unquote(re.sub(r"</?a\b[^>]*>", "", shown))
