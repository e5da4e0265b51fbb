"""A very small api.weixin.qq.com on a real socket: counts calls and misbehaves as a test tells it."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Call:
    """One request as it arrived."""

    path: str
    token: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeWechat:
    """`answers` maps a path to what its next calls get; the last one stays for ever.

    An answer is a dictionary (JSON), bytes (as they are), (content type, bytes), a number (HTTP status), "slow",
    "cut", or a function of the call that returns one of these.
    """

    answers: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    token_seconds: int = 7200
    token_number: int = 1
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    slow_seconds: float = 1.0

    def count(self, path: str) -> int:
        return Counter(call.path for call in self.calls)[path]

    def sent(self) -> list[Any]:
        """What went to citizens by customer service."""
        return [call.json for call in self.calls if call.path == "/cgi-bin/message/custom/send"]

    def answer(self, call: Call) -> Any:
        with self.lock:
            self.calls.append(call)
            waiting = self.answers.get(call.path, [])
            chosen = waiting.pop(0) if len(waiting) > 1 else (waiting[0] if waiting else None)
        if callable(chosen):
            chosen = chosen(call)
        if chosen is not None:
            return chosen
        if call.path == "/cgi-bin/stable_token":
            return {"access_token": f"TOKEN-{self.token_number}", "expires_in": self.token_seconds}
        if call.token != f"TOKEN-{self.token_number}":
            return {"errcode": 40001, "errmsg": "invalid credential"}
        return {"errcode": 0, "errmsg": "ok", "msgid": 71}


class Handler(BaseHTTPRequestHandler):
    """Answers with what FakeWechat says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for the caller's acknowledgement of its head
    fake: FakeWechat

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        token = parse_qs(parts.query).get("access_token", [""])[0]
        answer = self.fake.answer(Call(parts.path, token, body))
        if answer == "cut":
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        if answer == "slow":
            time.sleep(self.fake.slow_seconds)
            answer = {"errcode": 0}
        status = answer if isinstance(answer, int) else 200
        kind = "application/json"
        if isinstance(answer, tuple):
            kind, content = answer
        elif isinstance(answer, bytes):
            content, kind = answer, "image/jpeg" if answer.startswith(b"\xff\xd8") else "text/plain"
        else:
            content = json.dumps(answer if isinstance(answer, dict) else {}).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent."""


class QuietServer(ThreadingHTTPServer):
    """Clients that hang up are part of the play."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent."""


@contextmanager
def run_fake_wechat() -> Iterator[FakeWechat]:
    """Listening until the block ends."""
    fake = FakeWechat()
    handler = type("Bound", (Handler,), {"fake": fake})
    server = QuietServer(("127.0.0.1", 0), handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
