"""Attacks on the service, made from one seed: forged, broken, odd and valid requests, and what each may be answered."""

import base64
import random
import string
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote, urlencode

from bot.crypto import BLOCK, Envelope, encrypt_padded
from config.settings import Settings

OPENID, ACCOUNT = "oHOSTILEhostileHOSTILEhosti1", "gh_hostile"
EVENTS = (
    "subscribe",
    "unsubscribe",
    "SCAN",
    "LOCATION",
    "CLICK",
    "VIEW",
    "scancode_waitmsg",
    "pic_weixin",
    "nonsense",
    "",
)
KINDS = ("text", "image", "voice", "video", "shortvideo", "location", "link", "event", "file", "unknown", "")
FIELDS = (
    "Content", "MsgId", "CreateTime", "EventKey", "Event", "Recognition", "Location_X", "Scale", "PicUrl", "MediaId",
    "Status", "MsgID", "Ticket", "bizmsgmenuid", "FromUserName", "ScanCodeInfo",
)  # fmt: skip
ODD = (
    *("", " ", "\u202e卡士\u202c", "😀👨‍👩‍👧‍👦", "\u200b" * 50, "公司" * 900, "9" * 400, "%s%n%x", "{{7*7}}"),
    *("'; DROP TABLE records;--", "<script>alert(1)</script>", "]]><x>", "91430100DEM0HR01OU", "有限公司", "2"),
    *("取消", "详情", "查张建国", "../../etc/passwd", "湖南稻花屿食品有限公司", "云朵岸洗衣", "-1", "1e309", "NaN"),
    *("￥" * 300, "ａｂｃ", "𠀀𠀁𠀂", "a" * 3000, "的的的的", "长沙"),
)
CHARACTERS = "湖南长沙云朵岸星辰公司有限查红黑名单吗" + string.printable + "，。？《》\u202e\u0300😀\ufffe"
# Raw HTTP no client library would send; each has a connection of its own.
RAW = (
    b"\r\n\r\n",
    b"GET\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,  # a TLS hello
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /h5/search?q=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%ff%00/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",  # no Host
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n folded: y\r\nX\x00: z\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: " + b"h" * 9000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 300 + b"\r\n",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nshort",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\nbody",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nbody",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nbody",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nbody",
    b"POST /wechat HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /",
)
HUNG_UP = "hung up"


class Request(NamedTuple):
    """What is sent; `raw` instead of the rest where it is no proper HTTP."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = {}  # noqa: RUF012 - never changed
    raw: bytes = b""


class Kind(NamedTuple):
    """A kind of attack: how it is made, the only answers it may get, how often it is drawn."""

    make: Callable[[], Request]
    allowed: set[str]
    weight: float = 1.0


class Attacker:
    """Makes requests of each kind from one seed."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self.random = random.Random(seed)
        self.settings = settings
        self.envelope = Envelope(settings.wechat_token, settings.wechat_app_id, settings.aes_keys)
        self.strange = Envelope(settings.wechat_token, "wx_somebody_else", settings.aes_keys)
        self.serial = self.random.randrange(10**15)

    def kinds(self) -> dict[str, Kind]:
        """Every kind of attack by its name."""
        odd = {"400", "403", "404", "405"}
        return {
            "question, valid envelope": Kind(self.question, {"200"}, 4),
            "random message, valid envelope": Kind(self.random_message, {"200"}, 4),
            "broken XML, valid envelope": Kind(lambda: self.seal(self.broken_xml()), {"200"}, 4),
            "another account's envelope": Kind(self.strange_account, {"400"}),
            "bad padding": Kind(self.bad_padding, {"400"}),
            "altered ciphertext": Kind(self.altered, {"200", "400"}),  # one garbled block may still be XML
            "random bytes as ciphertext": Kind(self.random_bytes, {"400"}),
            "no base64": Kind(lambda: self.wrap(self.text()), {"400", "403"}),
            "wrong signature": Kind(lambda: self.seal(self.message("text"), signature="0" * 40), {"403"}),
            "stale": Kind(lambda: self.seal(self.message("text"), second=1_600_000_000), {"403"}),
            "plaintext in safe mode": Kind(self.plaintext, {"403"}),
            "unsigned bytes": Kind(self.unsigned, {"403"}),
            "signed, odd parameters": Kind(self.odd_parameters, {"400", "403"}),
            "one megabyte": Kind(lambda: self.post({"signature": "x"}, b"A" * 1_000_000), {"413", HUNG_UP}, 0.1),
            "huge headers": Kind(self.huge_headers, {"200", "431", HUNG_UP}, 0.5),
            "no proper HTTP": Kind(
                lambda: Request("", "", raw=self.random.choice(RAW)), odd | {"200", "431", HUNG_UP}, 0.5
            ),
            "pages": Kind(self.page, odd | {"200", "303", "308"}, 6),
            "odd methods": Kind(self.method, odd | {"200", "303"}),
        }

    def text(self) -> str:
        """Something a citizen or an attacker might write."""
        if self.random.random() < 0.4:
            return self.random.choice(ODD)
        return "".join(self.random.choices(CHARACTERS, k=self.random.randrange(1, 60)))

    def message(self, kind: str, text: str = "") -> bytes:
        """A message with a new MsgId; without `text` an odd one."""
        self.serial += 1
        text = (text or self.text()).replace("]]>", "]]]]><![CDATA[>")
        clean = "".join(letter for letter in text if letter >= " " and letter != "\ufffe")
        return (
            f"<xml><ToUserName>{ACCOUNT}</ToUserName><FromUserName>{OPENID}</FromUserName>"
            f"<CreateTime>{int(time.time())}</CreateTime><MsgType>{kind}</MsgType>"
            f"<Content><![CDATA[{clean}]]></Content><MsgId>{self.serial}</MsgId></xml>"
        ).encode("utf-8", "replace")

    def question(self) -> Request:
        return self.seal(self.message("text"))

    def random_message(self) -> Request:
        """Any type or event with any fields, some twice."""
        self.serial += 1
        fields = [("ToUserName", ACCOUNT), ("FromUserName", OPENID), ("MsgType", self.random.choice(KINDS))]
        fields += [
            ("Event", self.random.choice(EVENTS)),
            ("CreateTime", str(int(time.time()))),
            ("MsgId", str(self.serial)),
        ]
        fields += [(self.random.choice(FIELDS), self.text()) for _ in range(self.random.randrange(6))]
        self.random.shuffle(fields)
        body = "".join(f"<{name}><![CDATA[{value.replace(']]>', '')}]]></{name}>" for name, value in fields)
        return self.seal(f"<xml>{body}</xml>".encode("utf-8", "replace"))

    def broken_xml(self) -> bytes:
        """What is hardly XML."""
        good = self.message("text")
        return self.random.choice(
            [
                b"",
                b"<xml>",
                b"\xff\xfe\x00<xml/>",
                good[: self.random.randrange(len(good))],
                b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>',
                b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>',
                b"<xml>" * 5000,
                b"<xml>" + b"<a>" * 500 + b"</a>" * 500 + b"</xml>",
                good.replace(b"<MsgType>", b"<MsgType>text</MsgType><MsgType>"),
                b"[1,2,3]",
                good.replace(b"</xml>", b"\x00</xml>"),
                good.replace(b"<![CDATA[", b"&#0;&#xD800;&#x1F600;<![CDATA["),
                good.replace(b"<![CDATA[", b"<![CDATA[\x08\x1b\xed\xa0\x80"),
                self.random.randbytes(200),
            ]
        )

    def strange_account(self) -> Request:
        """Sealed with our key for another AppID."""
        return self.seal(self.message("text"), envelope=self.strange)

    def bad_padding(self) -> Request:
        """Whole blocks by the right key whose end is no padding."""
        padded = self.random.randbytes(BLOCK * 3 - 1) + self.random.choice([b"\x00", b"\x21", b"\xff"])
        return self.wrap(base64.b64encode(encrypt_padded(self.envelope.ciphers[0], padded)).decode())

    def random_bytes(self) -> Request:
        """What decrypts to noise."""
        return self.wrap(base64.b64encode(self.random.randbytes(BLOCK * self.random.randrange(1, 9))).decode())

    def plaintext(self) -> Request:
        """A clear message under a genuine signature of the address."""
        return self.post(self.sign_address(), self.message("text"))

    def unsigned(self) -> Request:
        """Any bytes, also none."""
        return self.post({}, self.random.randbytes(self.random.choice([0, 1, 100, 2000])))

    def odd_parameters(self) -> Request:
        """A genuine signature of the address with parameters that WeChat never sends."""
        name = self.random.choice(["encrypt_type", "msg_signature", "timestamp", "nonce", "signature", "openid"])
        return self.post({**self.sign_address(), "encrypt_type": "aes", name: self.text()}, self.message("text"))

    def huge_headers(self) -> Request:
        """Kilobytes of headers."""
        length = self.random.choice([8_000, 60_000, 200_000])
        return Request("GET", "/", headers={"X-Long": "a" * length, "Cookie": "b=" + "c" * 4_000})

    def altered(self) -> Request:
        """A valid envelope with one character changed, signed anew as only WeChat could."""
        encrypt = self.envelope.seal(self.message("text"), int(time.time())).encrypt
        place = self.random.randrange(len(encrypt))
        return self.wrap(encrypt[:place] + self.random.choice(string.ascii_letters) + encrypt[place + 1 :])

    def seal(
        self, xml: bytes, *, envelope: Envelope | None = None, signature: str = "", second: int | None = None
    ) -> Request:
        encrypt = (envelope or self.envelope).seal(xml, int(time.time())).encrypt
        return self.wrap(encrypt, signature=signature, second=second)

    def wrap(self, encrypt: str, *, signature: str = "", second: int | None = None) -> Request:
        """A POST as WeChat signs it."""
        query = self.sign_address(second)
        query |= {
            "encrypt_type": "aes",
            "msg_signature": signature or self.envelope.sign(query["timestamp"], query["nonce"], encrypt),
        }
        query["signature"] = signature or query["signature"]
        body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
        return self.post(query, body.encode("utf-8", "replace"))

    def sign_address(self, second: int | None = None) -> dict[str, str]:
        """The parameters that every request of WeChat's carries."""
        stamp, nonce = str(second or int(time.time())), str(self.random.randrange(10**9))
        return {"signature": self.envelope.sign(stamp, nonce), "timestamp": stamp, "nonce": nonce}

    @staticmethod
    def post(query: dict[str, str], body: bytes) -> Request:
        return Request("POST", f"/wechat?{urlencode(query)}", body, {"Content-Type": "text/xml"})

    def page(self) -> Request:
        """The citizens' pages with odd parameters."""
        odd = quote(self.text().encode("utf-8", "replace"))
        path = self.random.choice(
            [
                "/h5/search?q=",
                "/h5/suggest?q=",
                "/h5/enterprises/",
                "/",
                "/h5/",
                "/assets/",
                "/wechat?echostr=",
                "/h5/search?",
            ]
        )
        return Request("GET", path + odd)

    def method(self) -> Request:
        method = self.random.choice(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "POST", "TRACE"])
        return Request(method, self.random.choice(["/", "/wechat", "/h5/search?q=x", "/readyz", "/h5/letters"]), b"x=1")
