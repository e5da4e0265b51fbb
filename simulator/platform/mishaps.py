"""Carrying out the faults of the API side."""

import contextlib
import json
import socket
import time

from flask import Response, request

from simulator.faults import Fault
from simulator.platform import errors

BAD_GATEWAY = "<html><head><title>{0} Bad Gateway</title></head><body><h1>{0} Bad Gateway</h1></body></html>"


def happen(fault: Fault, rid: str) -> Response | None:
    """The spoiled answer, or None when the fault only takes time."""
    if fault.kind == "slow":
        time.sleep(fault.seconds)
        return None
    if fault.kind == "http":
        return Response(BAD_GATEWAY.format(fault.status), fault.status, content_type="text/html")
    if fault.kind == "garbage":
        return Response('{"errcode":0,"errmsg":"ok', content_type="application/json; encoding=utf-8")
    if fault.kind == "cut":
        return _cut()
    body = json.dumps(errors.body(fault.errcode, rid), ensure_ascii=False)
    return Response(body, content_type="application/json; encoding=utf-8")


def _cut() -> Response:
    """Send half an answer and close, so that the caller cannot know what was done."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        with contextlib.suppress(OSError):
            connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n{"errcode":')
            connection.shutdown(socket.SHUT_RDWR)
    return Response("", 599)
