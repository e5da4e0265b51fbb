"""A hotline to practise against: takes signed orders and statuses, answers with signed callbacks, fails on demand.

`python -m simulator.hotline --port 8002 --bureau http://127.0.0.1:8000 --app-id … --secret …`
"""

import argparse
import dataclasses
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

from simulator.cli import QuietHandler
from simulator.control import door
from simulator.faults import Faults
from simulator.platform.mishaps import happen

Json = dict[str, Any]
Result = tuple[Json, int]
SCRIPT = ("received", "accepted", "dispatched", "in_progress", "answered", "closed")
WINDOW_SECONDS = 300
CALLBACK_TRIES, CALLBACK_PAUSE, CALLBACK_SECONDS = 12, 0.05, 10.0


@dataclasses.dataclass
class Order:
    """An order as the hotline has it; `bodies` has one for each revision that was taken."""

    remote_no: str
    callback_url: str
    bodies: dict[int, Json] = dataclasses.field(default_factory=dict)
    arrivals: int = 0  # well-signed requests, repeated ones too


@dataclasses.dataclass
class Hotline:
    """All that one hotline remembers."""

    app_id: str
    secret: str
    bureau: str = ""  # address of the bureau's interface
    clock: Callable[[], float] = time.time
    orders: dict[str, Order] = dataclasses.field(default_factory=dict)
    statuses: dict[tuple[str, str, int], list[Json]] = dataclasses.field(default_factory=dict)
    script: tuple[str, ...] = ()  # what is called back after an order was taken
    faults: Faults = dataclasses.field(default_factory=Faults)
    nonces: set[str] = dataclasses.field(default_factory=set)
    refused: int = 0
    calls: int = 0  # callbacks made, duplicates too
    lost_calls: int = 0
    in_flight: int = 0
    held_back: list[Json] = dataclasses.field(default_factory=list)
    lock: threading.RLock = dataclasses.field(default_factory=threading.RLock)

    def sign(self, method: str, path: str, timestamp: str, nonce: str, body: bytes) -> str:
        """HMAC-SHA256 as the interface's description has it."""
        said = "\n".join((method, path, timestamp, nonce, hashlib.sha256(body).hexdigest()))
        return hmac.new(self.secret.encode(), said.encode(), hashlib.sha256).hexdigest()

    def check(self) -> str:
        """What is wrong with the present request; "" if nothing is."""
        nonce, timestamp = request.headers.get("X-Nonce", ""), request.headers.get("X-Timestamp", "0")
        expected = self.sign(request.method, request.path, timestamp, nonce, request.get_data())
        given = request.headers.get("X-Signature", "")
        if request.headers.get("X-App-Id") != self.app_id or not hmac.compare_digest(given, expected):
            return "signature"
        if abs(self.clock() - int(timestamp)) > WINDOW_SECONDS:
            return "timestamp"
        with self.lock:
            if nonce in self.nonces:
                return "replayed"
            self.nonces.add(nonce)
        return ""

    def take_order(self, body: Json) -> Result:
        """Once for source_no and revision; the script runs after the first."""
        source_no, revision = str(body["source_no"]), int(body["revision"])
        with self.lock:
            order = self.orders.setdefault(
                source_no, Order(f"R{len(self.orders) + 1:08}", str(body.get("callback_url", "")))
            )
            order.arrivals += 1
            is_new = not order.bodies
            repeated = revision in order.bodies
            order.bodies.setdefault(revision, body)
        if is_new and self.script:
            self.start(self.run_script, source_no)
        return {"remote_no": order.remote_no, "repeated": repeated, "status": "received"}, 200 if repeated else 201

    def take_status(self, body: Json) -> Result:
        """Kept by order, moment and sequence."""
        key = str(body["source_no"]), str(body["occurred_at"]), int(body["seq"])
        with self.lock:
            known = self.statuses.setdefault(key, [])
            known.append(body)
        return {"outcome": "kept", "repeated": len(known) > 1}, 200

    def start(self, work: Callable[..., object], *given: object) -> None:
        """In a thread that `settle` waits for."""
        with self.lock:
            self.in_flight += 1

        def run() -> None:
            try:
                work(*given)
            finally:
                with self.lock:
                    self.in_flight -= 1

        threading.Thread(target=run, daemon=True).start()

    def run_script(self, source_no: str) -> None:
        """All steps of the script for one order, as callbacks."""
        order = self.orders[source_no]
        for place, status in enumerate(self.script):
            moment = datetime.fromtimestamp(self.clock(), UTC) + timedelta(seconds=place)
            self.call_back(
                {
                    "source_no": source_no,
                    "remote_no": order.remote_no,
                    "status": status,
                    "occurred_at": moment.isoformat(),
                    "seq": place + 1,
                    "unit": "市政务热线",
                    "text": f"第{place + 1}步",
                }
            )
        self.release_held()

    def call_back(self, status: Json) -> None:
        """Tell the bureau; duplicates go out at once, one that is held back goes after the next."""
        fault = self.faults.take("webhook", "/statuses")
        if fault and fault.kind == "reorder":
            with self.lock:
                self.held_back.append(status)
            return
        copies = fault.count if fault and fault.kind == "duplicate" else 1
        for _ in range(copies - 1):
            self.start(self.deliver, "/api/hotline/statuses", status)
        self.deliver("/api/hotline/statuses", status)
        self.release_held()

    def release_held(self) -> None:
        """What was held back, newest first."""
        with self.lock:
            held, self.held_back = self.held_back[::-1], []
        for status in held:
            self.deliver("/api/hotline/statuses", status)

    def deliver(self, path: str, message: Json) -> Json:
        """One message to the bureau, tried until it is taken; the last answer."""
        body = json.dumps(message, ensure_ascii=False).encode()
        answer: Json = {}
        for _ in range(CALLBACK_TRIES):
            timestamp, nonce = str(int(self.clock())), secrets.token_hex(16)
            headers = {
                "X-App-Id": self.app_id,
                "X-Timestamp": timestamp,
                "X-Nonce": nonce,
                "X-Signature": self.sign("POST", path, timestamp, nonce, body),
                "Content-Type": "application/json",
            }
            with self.lock:
                self.calls += 1
            try:
                response = requests.post(self.bureau + path, data=body, headers=headers, timeout=CALLBACK_SECONDS)
                answer = {"http_status": response.status_code, **response.json()}
                if response.ok or response.status_code in {400, 422}:
                    return answer
            except (requests.RequestException, ValueError) as error:
                answer = {"http_status": 0, "error": type(error).__name__}
            time.sleep(CALLBACK_PAUSE)
        with self.lock:
            self.lost_calls += 1
        return answer


def create_hotline(hotline: Hotline) -> Flask:
    """The fake hotline: its interface at /orders and /statuses, its control at /simulate/…."""
    app = Flask("hotline")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]

    def serve(take: Callable[[Json], Result]) -> Response:
        """Check, fail before, act, fail after: then the bureau does not learn that it was taken."""
        if wrong := hotline.check():
            hotline.refused += 1
            response = jsonify(error=wrong)
            response.status_code = 409 if wrong == "replayed" else 401
            return response
        fault = hotline.faults.take("api", request.path)
        if fault and fault.when == "before" and (failure := happen(fault, "hotline")):
            return failure
        said, status = take(request.get_json(force=True))
        if fault and fault.when == "after" and (failure := happen(fault, "hotline")):
            return failure
        response = jsonify(said)
        response.status_code = status
        return response

    app.add_url_rule("/orders", "orders", lambda: serve(hotline.take_order), methods=["POST"])
    app.add_url_rule("/statuses", "statuses", lambda: serve(hotline.take_status), methods=["POST"])
    app.register_blueprint(create_control(hotline))
    return app


def create_control(hotline: Hotline) -> Any:
    """What a test or a person at a demonstration asks of the hotline."""
    control = door.new_blueprint("hotline")

    @control.get("/figures")
    def figures() -> Response:
        """What was taken, how often."""
        return jsonify(count_figures(hotline))

    @control.post("/faults")
    def add_fault() -> Response:
        """side api: slow, http, garbage, cut (when before or after the act); side webhook: duplicate, reorder."""
        return jsonify(dataclasses.asdict(hotline.faults.add(door.body())))

    @control.delete("/faults")
    def clear_faults() -> Response:
        """All is well again."""
        hotline.faults.clear()
        return jsonify(cleared=True)

    @control.post("/script")
    def set_script() -> Response:
        """Which statuses follow an order; [] for none."""
        hotline.script = tuple(map(str, door.body().get("statuses", SCRIPT)))
        return jsonify(statuses=hotline.script)

    @control.post("/<any(orders, statuses):kind>")
    def give(kind: str) -> Response:
        """Give the bureau an order of ours, or tell it a status; the body as the interface's description has it."""
        return jsonify(hotline.deliver(f"/api/hotline/{kind}", door.body()))

    @control.post("/settle")
    def settle() -> Response:
        """Wait until no callback is in flight."""
        return jsonify(settled=wait_for_quiet(hotline, min(float(door.body().get("timeout", 20)), 60)))

    return control


def count_figures(hotline: Hotline) -> Json:
    """Orders and statuses with their arrivals, and counts."""
    with hotline.lock:
        return {
            "orders": {number: dataclasses.asdict(order) for number, order in hotline.orders.items()},
            "statuses": [dict(known[0], arrivals=len(known)) for known in hotline.statuses.values()],
            "refused": hotline.refused,
            "calls": hotline.calls,
            "lost_calls": hotline.lost_calls,
        }


def wait_for_quiet(hotline: Hotline, seconds: float) -> bool:
    """True when no callback is in flight any more."""
    until = time.monotonic() + seconds
    while hotline.in_flight and time.monotonic() < until:
        time.sleep(0.02)
    return hotline.in_flight == 0


def main() -> None:
    """Serve until interrupted; options or SIMULATOR_HOTLINE_… in the environment."""
    parser = argparse.ArgumentParser(prog="python -m simulator.hotline", description="A hotline to practise against.")
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--bureau", default="http://127.0.0.1:8000", help="address of your server / 你的服务器地址")
    parser.add_argument("--app-id", default="hotline-demo")
    parser.add_argument("--secret", default=os.environ.get("SIMULATOR_HOTLINE_SECRET", ""))
    options = parser.parse_args()
    if not options.secret:
        parser.error("SIMULATOR_HOTLINE_SECRET (--secret) is missing / 未设置")
    hotline = Hotline(options.app_id, options.secret, options.bureau.rstrip("/"), script=SCRIPT)
    server = make_server(
        "127.0.0.1", options.port, create_hotline(hotline), threaded=True, request_handler=QuietHandler
    )
    print(f"热线 hotline    http://127.0.0.1:{options.port}")  # noqa: T201 - it is a command
    server.serve_forever()


if __name__ == "__main__":
    main()
