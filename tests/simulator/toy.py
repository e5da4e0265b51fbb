"""A tiny webhook: answers what the test tells it to, in clear or encrypted."""

import http.server
import threading
import time
from collections.abc import Callable
from typing import Any

from simulator import crypto, xmltext
from simulator.config import Config

Reply = dict[str, Any] | bytes | None


class Webhook:
    """Records every request; `answer(fields)` gives reply fields, raw bytes, or None for success."""

    def __init__(self) -> None:
        self.config: Config | None = None
        self.answer: Callable[[dict[str, Any]], Reply] = lambda fields: None
        self.received: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []
        self.status = 200
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/wechat"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def read(self, body: str) -> dict[str, Any]:
        fields = xmltext.read(body)
        if self.config and "Encrypt" in fields:
            envelope = crypto.Envelope(self.config.aes_key, self.config.app_id)
            return xmltext.read(envelope.open(fields["Encrypt"]).decode())
        return fields

    def render(self, fields: dict[str, Any], reply: Reply) -> bytes:
        if reply is None:
            return b"success"
        if isinstance(reply, bytes):
            return reply
        head = {
            "ToUserName": fields.get("FromUserName"),
            "FromUserName": fields.get("ToUserName"),
            "CreateTime": int(time.time()),
        }
        xml = xmltext.write(head | reply)
        assert self.config
        if self.config.mode == "plain":
            return xml.encode()
        return self.seal(xml)

    def seal(self, xml: str) -> bytes:
        assert self.config
        encrypted = crypto.Envelope(self.config.aes_key, self.config.app_id).seal(xml.encode())
        signature = crypto.sign(self.config.token, "1700000000", "42", encrypted)
        parts = {"Encrypt": encrypted, "MsgSignature": signature, "TimeStamp": 1700000000, "Nonce": "42"}
        return xmltext.write(parts).encode()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        webhook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                query = dict(p.split("=", 1) for p in self.path.partition("?")[2].split("&"))
                self._finish(webhook.status, query.get("echostr", "").encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                query = dict(p.split("=", 1) for p in self.path.partition("?")[2].split("&"))
                webhook.requests.append({"query": query, "headers": dict(self.headers), "body": body})
                try:
                    fields = webhook.read(body)
                except (crypto.CryptoError, xmltext.XmlError) as error:
                    fields = {"error": str(error)}
                webhook.received.append(fields)
                answer = webhook.render(fields, webhook.answer(fields))
                self._finish(webhook.status, answer)

            def _finish(self, status: int, answer: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    pass

        return Handler
