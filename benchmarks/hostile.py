"""Hostile input at a real server: `make fuzz`. Counts by kind and status; an unexpected answer or a death fails."""

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.attacks import HUNG_UP, OPENID, Attacker, Request
from bot.crypto import Envelope
from config.settings import Settings
from models.migration import upgrade_database
from services.demo.load import load_demo
from tests.citizen import make_settings
from wsgi import open_database

HOST = "127.0.0.1"
TOO_LONG_SECONDS = 5.0  # WeChat hangs up
MAX_TEXT_BYTES = 2048
FIRM = "湖南稻花屿食品有限公司"


@contextmanager
def run_server(folder: Path) -> Iterator[tuple[Settings, int, Path]]:
    """`chengxin serve` on the demonstration's data, with its log."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    settings = make_settings(data_dir=folder, port=port, public_url=f"http://{HOST}:{port}")
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
            if Line(port).send(Request("GET", "/readyz"))[0] == "200":
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not start")


class Line:
    """A kept connection; after a request that the server hung up on, a new one, and the request once more."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection(HOST, port, timeout=10)
        self.renewed_count = 0

    def send(self, request: Request) -> tuple[str, bytes]:
        """Status and body."""
        if request.raw:
            return send_raw(self.port, request.raw)
        for _ in range(2):
            try:
                self.connection.request(
                    request.method, request.path, body=request.body or None, headers=request.headers
                )
                response = self.connection.getresponse()
                return str(response.status), response.read()
            except (OSError, http.client.HTTPException):
                self.connection.close()  # opened anew by the next request
                self.renewed_count += 1
        return HUNG_UP, b""


def send_raw(port: int, raw: bytes) -> tuple[str, bytes]:
    """The same for bytes that are no proper HTTP, on a connection of their own."""
    try:
        with socket.create_connection((HOST, port), timeout=10) as line:
            line.sendall(raw)
            line.shutdown(socket.SHUT_WR)
            answer = line.recv(65_536)
    except OSError:
        return HUNG_UP, b""
    words = answer.split(b" ", 2)
    return (words[1].decode() if len(words) > 1 else HUNG_UP), answer


def read_answer(envelope: Envelope, body: bytes) -> str:
    """The text that WeChat would show for an encrypted answer; ValueError where it would show a failure."""
    if body == b"success":
        return ""
    sealed = ET.fromstring(body)  # noqa: S314 - our own server wrote it
    parts = sealed.findtext("TimeStamp", ""), sealed.findtext("Nonce", ""), sealed.findtext("Encrypt", "")
    if not envelope.is_signed(sealed.findtext("MsgSignature", ""), *parts):
        raise ValueError("the answer is not signed")
    fields = ET.fromstring(envelope.open(parts[-1]))  # noqa: S314
    text = fields.findtext("Content", "")
    if fields.findtext("ToUserName") != OPENID or len(text.encode()) > MAX_TEXT_BYTES:
        raise ValueError(f"an answer of {len(text.encode())} bytes to {fields.findtext('ToUserName')}")
    return text


def judge(envelope: Envelope, request: Request, allowed: set[str], status: str, body: bytes) -> str:
    """What is wrong with an answer, or nothing."""
    if status not in allowed:
        return f"answered {status}"
    if b"Traceback" in body or b"sqlalchemy" in body:
        return "shows its inside"
    if request.path.startswith("/wechat?") and status == "200" and request.method == "POST":
        try:
            read_answer(envelope, body)
        except Exception as error:
            return f"an answer WeChat cannot show: {error}"
    return ""


def attack(attacker: Attacker, line: Line, count: int) -> tuple[dict[str, Counter[str]], list[str]]:
    """Send all; statuses by kind, and what must not be."""
    statuses: dict[str, Counter[str]] = defaultdict(Counter)
    faults: list[str] = []
    kinds = attacker.kinds()
    for name in attacker.random.choices(list(kinds), [kind.weight for kind in kinds.values()], k=count):
        request = kinds[name].make()
        began = time.monotonic()
        status, body = line.send(request)
        took = time.monotonic() - began
        statuses[name][status] += 1
        wrong = judge(attacker.envelope, request, kinds[name].allowed, status, body)
        if wrong or took > TOO_LONG_SECONDS:
            shown = f"{request.method} {request.path[:150]} {(request.raw or request.body)[:300]!r}"
            faults.append(f"{name}: {wrong or 'slow'} in {took:.1f} s for {shown}")
    return statuses, faults


def ask(attacker: Attacker, line: Line) -> str:
    """What a citizen reads who asks for a firm of the demonstration."""
    asked = attacker.message("text", "取消"), attacker.message("text", FIRM)
    answers = [line.send(attacker.seal(message))[1] for message in asked]
    return read_answer(attacker.envelope, answers[-1])


def main(arguments: Sequence[str] | None = None) -> None:
    """The table of counts; exit code 1 when something must not have been."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=20261121)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, run_server(Path(folder)) as (settings, port, log):
        attacker, line = Attacker(settings, chosen.seed), Line(port)
        began = time.monotonic()
        statuses, faults = attack(attacker, line, chosen.count)
        seconds = time.monotonic() - began
        if FIRM not in ask(attacker, line):
            faults.append("the server no longer answers a citizen")
        traces = [row for row in log.read_text(encoding="utf-8").splitlines() if "Traceback" in row]
        faults += [f"the server logged: {row[:1500]}" for row in traces]
    for name, counts in sorted(statuses.items()):
        print(f"{name:<34}{sum(counts.values()):>7}  {dict(sorted(counts.items()))}")
    print(
        f"{chosen.count} requests in {seconds:.0f} s (seed {chosen.seed}), {line.renewed_count} connections renewed, "
        f"{len(traces)} traces in the log, {len(faults)} faults"
    )
    if faults:
        print("\n".join(faults[:20]))
        sys.exit(1)


if __name__ == "__main__":
    main()
