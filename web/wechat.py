"""The short way of a message: an ordinary POST of WeChat's is answered before the framework; all else goes on to it.

What the framework does for a page (routes, cookies, error pages) costs more than the message itself.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from bot.reception import Reception
from bot.webhook import MAX_BODY_BYTES, PATH, name_type
from config.tracing import accept_request_id, bear
from web.security import headers_of
from web.tracing import HEADER, note_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATUS_LINES = {200: "200 OK", 400: "400 BAD REQUEST", 403: "403 FORBIDDEN", 503: "503 SERVICE UNAVAILABLE"}


class ShortWay:
    """In front of the framework's application, which answers at the same address, only more slowly."""

    def __init__(self, app: "WSGIApplication", reception: Reception, public_url: str = "") -> None:
        self.app, self.reception = app, reception
        self.headers = list(headers_of(public_url).items())

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """One request."""
        length = environ.get("CONTENT_LENGTH", "")
        is_message = environ["REQUEST_METHOD"] == "POST" and environ.get("PATH_INFO") == PATH
        if not (is_message and length.isdecimal() and int(length) <= MAX_BODY_BYTES):
            return self.app(environ, start_response)
        began = time.perf_counter()
        query = read_query(environ.get("QUERY_STRING", ""))
        with bear(accept_request_id(environ.get("HTTP_X_REQUEST_ID"))) as request_id:
            status, answer = self.reception.receive(query, environ["wsgi.input"].read(int(length)))
        note_request("POST", PATH, status, time.perf_counter() - began)
        told = [("Content-Type", f"{name_type(answer)}; charset=utf-8"), ("Content-Length", str(len(answer)))]
        start_response(STATUS_LINES[status], [*told, *self.headers, (HEADER, request_id)])
        return [answer]


def read_query(text: str) -> dict[str, str]:
    """The parameters of an address, of one given twice the first; WeChat's hold nothing that is escaped."""
    if "%" in text or "+" in text:
        return dict(reversed(parse_qsl(text, keep_blank_values=True)))
    pairs = [part.partition("=") for part in reversed(text.split("&")) if part]
    return {name: value for name, _, value in pairs}
