"""Hostile input at a real server: `make fuzz`. Counts by kind and status; a 500, a trace or a death fails."""

import argparse
import base64
import http.client
import os
import random
import signal
import socket
import string
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode

from bot.crypto import Envelope
from config.settings import Settings
from models.migration import upgrade_database
from services.demo.load import load_demo
from tests.citizen import make_settings
from wsgi import open_database

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
Request = tuple[str, str, bytes]  # method, path, body


class Attacker:
    """Makes requests of each kind from one seed."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self.random = random.Random(seed)
        self.settings = settings
        self.envelope = Envelope(settings.wechat_token, settings.wechat_app_id, settings.aes_keys)
        self.strange = Envelope(settings.wechat_token, "wx_somebody_else", settings.aes_keys)
        self.serial = self.random.randrange(10**15)

    def kinds(self) -> dict[str, Callable[[], Request]]:
        """Every kind of attack by its name."""
        return {
            "question, valid envelope": self.question,
            "random message, valid envelope": self.random_message,
            "broken XML, valid envelope": lambda: self.seal(self.broken_xml()),
            "another account's envelope": lambda: self.seal(self.message("text"), envelope=self.strange),
            "altered ciphertext": self.altered,
            "random bytes as ciphertext": lambda: self.wrap(base64.b64encode(self.random.randbytes(64)).decode()),
            "no base64": lambda: self.wrap(self.text()),
            "wrong signature": lambda: self.seal(self.message("text"), signature="0" * 40),
            "stale": lambda: self.seal(self.message("text"), second=1_600_000_000),
            "plaintext in safe mode": lambda: self.post({"signature": "x"}, self.message("text")),
            "unsigned bytes": lambda: self.post({}, self.random.randbytes(self.random.randrange(2000))),
            "one megabyte": lambda: self.post({"signature": "x"}, b"<xml>" + b"A" * 1_000_000),
            "pages": self.page,
            "odd methods": self.method,
        }

    def text(self) -> str:
        """Something a citizen or an attacker might write."""
        if self.random.random() < 0.4:
            return self.random.choice(ODD)
        return "".join(self.random.choices(CHARACTERS, k=self.random.randrange(1, 60)))

    def message(self, kind: str) -> bytes:
        """A message with a new MsgId."""
        self.serial += 1
        text = self.text().replace("]]>", "]]]]><![CDATA[>")
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
                self.random.randbytes(200),
            ]
        )

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
        stamp, nonce = str(second or int(time.time())), str(self.random.randrange(10**9))
        query = {
            "signature": signature or self.envelope.sign(stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
            "encrypt_type": "aes",
            "msg_signature": signature or self.envelope.sign(stamp, nonce, encrypt),
        }
        body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
        return self.post(query, body.encode("utf-8", "replace"))

    @staticmethod
    def post(query: dict[str, str], body: bytes) -> Request:
        return "POST", f"/wechat?{urlencode(query)}", body

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
        return "GET", path + odd, b""

    def method(self) -> Request:
        method = self.random.choice(["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "POST", "TRACE"])
        return method, self.random.choice(["/", "/wechat", "/h5/search?q=x", "/readyz", "/h5/letters"]), b"x=1"


@contextmanager
def run_server(folder: Path) -> Iterator[tuple[Settings, int, Path]]:
    """`chengxin serve` on the demonstration's data, with its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    settings = make_settings(data_dir=folder, port=port, public_url=f"http://127.0.0.1:{port}")
    database = open_database(settings)
    upgrade_database(database)
    load_demo(database, date(2026, 11, 20))
    database.close()
    variables = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    log = folder / "serve.log"
    with log.open("wb") as file:
        server = subprocess.Popen(
            [sys.executable, "-m", "cli", "serve"],
            env={**os.environ, **variables},
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            wait_for(port)
            yield settings, port, log
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


def wait_for(port: int) -> None:
    """Until the server answers."""
    for _ in range(300):
        try:
            if send(http.client.HTTPConnection("127.0.0.1", port, timeout=5), ("GET", "/readyz", b""))[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def send(connection: http.client.HTTPConnection, request: Request) -> tuple[int, bytes]:
    """Status and body."""
    method, path, body = request
    connection.request(method, path, body=body or None, headers={"Content-Type": "text/xml"})
    response = connection.getresponse()
    return response.status, response.read()


def attack(attacker: Attacker, port: int, count: int) -> tuple[dict[str, Counter[str]], list[str]]:
    """Send all; statuses by kind, and what must not be."""
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    faults: list[str] = []
    kinds = attacker.kinds()
    # A megabyte is slow to send and teaches nothing the second time.
    weights = [0.2 if name == "one megabyte" else 4 if "envelope" in name or name == "pages" else 1 for name in kinds]
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for name in attacker.random.choices(list(kinds), weights, k=count):
        request = kinds[name]()
        began = time.monotonic()
        try:
            status, body = send(connection, request)
        except (OSError, http.client.HTTPException):
            connection.close()  # the server may hang up on a body it will not read
            statuses[name]["hung up"] += 1
            continue
        statuses[name][str(status)] += 1
        took = time.monotonic() - began
        if status >= 500 or b"Traceback" in body or took > 5:
            faults.append(f"{name}: {status} in {took:.1f} s for {request[0]} {request[1][:120]}")
    return statuses, faults


def main(arguments: Sequence[str] | None = None) -> None:
    """The table of counts; exit code 1 when something must not have been."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20261121)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, run_server(Path(folder)) as (settings, port, log):
        attacker = Attacker(settings, chosen.seed)
        began = time.monotonic()
        statuses, faults = attack(attacker, port, chosen.count)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        if send(connection, attacker.question())[0] != 200:
            faults.append("the server no longer answers a citizen")
        failures = [line for line in log.read_text(encoding="utf-8").splitlines() if '"trace"' in line]
        faults += [f"handler failed: {line[:1500]}" for line in failures[:5]]
        for name, counts in statuses.items():
            print(f"{name:<34}{sum(counts.values()):>7}  {dict(sorted(counts.items()))}")
        print(
            f"{chosen.count} requests in {time.monotonic() - began:.0f} s, {len(faults)} faults, {len(failures)} traces"
        )
    if faults:
        print("\n".join(faults[:20]))
        sys.exit(1)


if __name__ == "__main__":
    main()
