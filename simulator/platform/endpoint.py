"""The frame round every API: faults, method, token, quota, JSON, journal."""

import dataclasses
import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, request

from simulator.journal import Call as Record
from simulator.journal import mask
from simulator.platform import errors, limits, mishaps, tokens
from simulator.platform.errors import WeChatError
from simulator.state import Json, User
from simulator.world import World

BODY_KEPT = 20_000
CONTENT_TYPE = "application/json; encoding=utf-8"
Answer = Json | Response
OK: Json = {"errcode": 0, "errmsg": "ok"}


@dataclasses.dataclass(frozen=True)
class Call:
    """What an endpoint works with."""

    world: World
    body: Json
    args: dict[str, str]
    record: Record

    @property
    def now(self) -> float:
        return self.world.clock.now()

    def need(self, name: str, errcode: int = 40035) -> Any:
        """A field of the body that must be there and not empty."""
        value = self.body.get(name)
        if value in (None, "", [], {}):
            raise WeChatError(errcode)
        return value

    def text(self, name: str) -> str:
        """A field of the body as text."""
        return str(self.body.get(name) or "")

    def number(self, name: str, default: int | None = None) -> int:
        """A field of the body as a whole number; text of digits will do."""
        value = self.body.get(name, default)
        try:
            return int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            raise WeChatError(40035) from error

    def dicts(self, value: Any, errcode: int) -> list[Json]:
        """A list of objects that is not empty."""
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise WeChatError(errcode)
        return value

    def user(self, openid: Any) -> User:
        user = self.world.state.users.get(str(openid or ""))
        if user is None:
            raise WeChatError(40003)
        return user


Handler = Callable[[Call], Answer]


def current_world() -> World:
    world: World = current_app.extensions["simulator"]
    return world


def to_json(data: Json, status: int = 200) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), status, content_type=CONTENT_TYPE)


class Endpoints:
    """A blueprint whose routes behave like WeChat's."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name, __name__)

    def get(self, path: str, token: bool = True) -> Callable[[Handler], Handler]:
        return self._route(path, "GET", token)

    def post(self, path: str, token: bool = True, upload: bool = False) -> Callable[[Handler], Handler]:
        return self._route(path, "UPLOAD" if upload else "POST", token)

    def any(self, path: str, token: bool = True) -> Callable[[Handler], Handler]:
        """For the few that WeChat answers by either method."""
        return self._route(path, "ANY", token)

    def _route(self, path: str, method: str, token: bool) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            def view(**_path: str) -> Response:
                return _serve(handler, method, token)

            name = f"{handler.__module__.rpartition('.')[2]}_{handler.__name__}"
            self.blueprint.add_url_rule(path, name, view, methods=["GET", "POST"])
            return handler

        return register


def _serve(handler: Handler, method: str, token: bool) -> Response:
    """Answer one call, spoiled before or after the act when a fault is waiting."""
    world = current_world()
    begun = time.monotonic()
    record = _open_record(world)
    fault = world.faults.take("api", request.path)
    record.fault = f"{fault.kind} {fault.when}" if fault else None
    response = mishaps.happen(fault, record.rid) if fault and fault.when == "before" else None
    if response is None:
        response = _act(world, record, handler, method, token)
    if fault and fault.when == "after":
        response = mishaps.happen(fault, record.rid) or response
    _close_record(world, record, response, begun)
    return response


def _act(world: World, record: Record, handler: Handler, method: str, token: bool) -> Response:
    with world.lock:
        try:
            _check_method(method)
            if token:
                tokens.authorize(world, request.args.get("access_token", ""))
                tokens.check_address(world, request.remote_addr or "")
                limits.count(world, request.path)
            call = Call(world, _read_body(method), request.args.to_dict(), record)
            answer = handler(call)
        except WeChatError as error:
            record.errcode = error.errcode
            return to_json(errors.body(error.errcode, record.rid, error.detail, error.extra))
    return answer if isinstance(answer, Response) else to_json(answer)


def _check_method(method: str) -> None:
    if method == "GET" and request.method != "GET":
        raise WeChatError(43001)
    if method in {"POST", "UPLOAD"} and request.method != "POST":
        raise WeChatError(43002)


def _read_body(method: str) -> Json:
    if method in {"GET", "UPLOAD"} or request.method == "GET":
        return {}
    if not request.get_data():
        raise WeChatError(44002)
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise WeChatError(47001)
    return data


def _open_record(world: World) -> Record:
    with world.lock:
        seq = world.touch()
        now = world.clock.now()
        is_file = request.mimetype == "multipart/form-data"
        body = f"（文件 {request.content_length} 字节）" if is_file else request.get_data(as_text=True)
        record = Record(
            id=seq,
            seq=seq,
            at=now,
            method=request.method,
            path=request.path,
            query=mask(request.query_string.decode(errors="replace")),
            request=mask(body[:BODY_KEPT]),
            rid=f"{int(now):08x}-{secrets.token_hex(4)}-{secrets.token_hex(4)}",
        )
        world.journal.add_call(record)
        world.count("calls")
        world.count(f"calls {request.path}")
        return record


def _close_record(world: World, record: Record, response: Response, begun: float) -> None:
    with world.lock:
        record.status = response.status_code
        kind = response.mimetype or ""
        is_text = kind.startswith("text/") or "json" in kind
        text = response.get_data(as_text=True) if is_text else f"（{kind}）"
        record.response = mask(text[:BODY_KEPT])
        record.ms = int((time.monotonic() - begun) * 1000)
        record.seq = world.touch()
