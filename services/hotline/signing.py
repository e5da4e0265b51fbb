"""Signatures of the exchange: HMAC-SHA256 over method, path, time, nonce and the body's hash; pure."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

APP_ID, TIMESTAMP, NONCE, SIGNATURE = "X-App-Id", "X-Timestamp", "X-Nonce", "X-Signature"
WINDOW = timedelta(minutes=5)
NONCE_LASTS = timedelta(minutes=10)  # longer than a signature can be valid, clocks ahead and behind
NONCE_LENGTH = range(16, 65)


@dataclass(frozen=True)
class Credentials:
    """What both sides know."""

    app_id: str
    secret: str


@dataclass(frozen=True)
class Call:
    """A request as it is signed; the path without host and query."""

    method: str
    path: str
    body: bytes = b""


class SignatureError(Exception):
    """Not signed as it must be; the message says what is wrong, never what would be right."""


def sign(secret: str, call: Call, timestamp: str, nonce: str) -> str:
    """Lower-case hex of HMAC-SHA256(secret, method\\npath\\ntimestamp\\nnonce\\nsha256(body))."""
    said = "\n".join((call.method.upper(), call.path, timestamp, nonce, hashlib.sha256(call.body).hexdigest()))
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def make_headers(credentials: Credentials, call: Call, now: datetime) -> dict[str, str]:
    """The four headers of a request; each has a nonce of its own."""
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    return {
        APP_ID: credentials.app_id,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: sign(credentials.secret, call, timestamp, nonce),
    }


def check_headers(credentials: Credentials, headers: Mapping[str, str], call: Call, now: datetime) -> str:
    """The nonce, which must not have been seen; SignatureError says what is wrong with the rest."""
    given = {name: headers.get(name, "") for name in (APP_ID, TIMESTAMP, NONCE, SIGNATURE)}
    if not all(given.values()):
        missing = "、".join(name for name, value in given.items() if not value)
        raise SignatureError(f"缺少请求头 {missing}")
    timestamp, nonce = given[TIMESTAMP], given[NONCE]
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise SignatureError(f"{TIMESTAMP} 须为 1970 年以来的秒数")
    if len(nonce) not in NONCE_LENGTH or not nonce.isascii() or not nonce.isprintable():
        raise SignatureError(f"{NONCE} 须为 16 至 64 个字母或数字")
    expected = sign(credentials.secret, call, timestamp, nonce)
    is_known = hmac.compare_digest(given[APP_ID].encode(), credentials.app_id.encode())
    if not hmac.compare_digest(given[SIGNATURE].lower().encode(), expected.encode()) or not is_known:
        raise SignatureError("签名不对")
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise SignatureError("时间戳与本机相差超过 5 分钟")
    return nonce
