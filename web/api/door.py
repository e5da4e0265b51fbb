"""What every signed request passes: size, signature, nonce, shape; errors are JSON in plain Chinese."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import Response, jsonify, request
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.cases import CaseRules
from models.database import Database
from models.hotline import HotlineNonce
from services.cases.docket import Docket, open_docket
from services.evidence.store import EvidenceStore
from services.hotline.messages import Fault, Message, Refusal
from services.hotline.signing import Call, Credentials, SignatureError, check_headers

MOST_BYTES = 256 * 1024
Read = TypeVar("Read", bound=Message)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Counter:
    """What the door needs; without `credentials` it is closed."""

    database: Database
    rules: CaseRules
    clock: Callable[[], datetime]
    credentials: Credentials | None
    store: EvidenceStore | None = None  # of the files that orders offer


class RefusedCallError(Exception):
    """A request that is not taken, with the answer."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(refusal.error)
        self.status, self.refusal = status, refusal


def answer(message: Message, status: int = 200) -> Response:
    """A message as JSON."""
    response = jsonify(message.model_dump(mode="json"))
    response.status_code = status
    return response


def refuse(status: int, error: str, message: str, faults: list[Fault] | None = None) -> RefusedCallError:
    """The error to raise."""
    return RefusedCallError(
        status, Refusal.model_validate({"error": error, "message": message, "faults": faults or []})
    )


def check_call(counter: Counter) -> str:
    """The nonce of a well-signed request; RefusedCallError otherwise."""
    if counter.credentials is None:
        raise refuse(503, "closed", "本局没有开通热线接口")
    if (request.content_length or 0) > MOST_BYTES:
        raise refuse(413, "too_large", "消息不能超过 256 KB")
    body = request.get_data(cache=True)
    if len(body) > MOST_BYTES:
        raise refuse(413, "too_large", "消息不能超过 256 KB")
    call = Call(request.method, request.path, body)
    try:
        return check_headers(counter.credentials, dict(request.headers), call, counter.clock())
    except SignatureError as wrong:
        log.warning("hotline: refused a call: %s", wrong)
        raise refuse(401, "signature", str(wrong)) from None


def read_message(kind: type[Read]) -> Read:
    """The body as a message; RefusedCallError names each field that is wrong, not what stood in it."""
    try:
        return kind.model_validate_json(request.get_data())
    except ValidationError as error:
        faults = [
            Fault(field=".".join(map(str, item["loc"])) or "body", message=str(item["msg"]))
            for item in error.errors(include_input=False, include_url=False, include_context=False)
        ]
        is_json = all(item["type"] != "json_invalid" for item in error.errors(include_input=False))
        if not is_json:
            raise refuse(400, "malformed", "消息体不是 UTF-8 的 JSON", faults) from None
        raise refuse(422, "invalid", "消息内容不合要求", faults) from None


def use_nonce(session: Session, nonce: str, now: datetime) -> None:
    """Remember it with what the request does; RefusedCallError if it was used before."""
    try:
        with session.begin_nested():
            session.add(HotlineNonce(nonce=nonce, seen_at=now))
    except IntegrityError:
        raise refuse(409, "replayed", "这个请求已经收到过；重发请换 X-Nonce 和时间戳") from None


def handle(counter: Counter, work: Callable[[Docket], Response], nonce: str) -> Response:
    """Nonce and work in one transaction: what is answered with success is durable."""
    now = counter.clock()
    with counter.database.write() as session:
        use_nonce(session, nonce, now)
        return work(open_docket(session, counter.rules, now))
