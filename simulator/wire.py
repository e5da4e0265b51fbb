"""The HTTP form of a push: query, headers and body in the three modes, and the opening of its reply."""

import dataclasses
import secrets
import urllib.parse
from typing import Any

from simulator import crypto, xmltext
from simulator.config import Config, Mode
from simulator.faults import Fault

HEADERS = {
    "User-Agent": "Mozilla/4.0",
    "Accept": "*/*",
    "Pragma": "no-cache",
    "Connection": "Keep-Alive",
    "Content-Type": "text/xml",
}


class ReplyError(ValueError):
    """A reply WeChat does not accept; the message says why."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What is put on the wire."""

    url: str
    body: bytes


def with_query(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urllib.parse.urlencode(query)}"


def nonce() -> str:
    return str(secrets.randbelow(9 * 10**8) + 10**8)


def signed_query(token: str, timestamp: int, fault: Fault | None = None) -> dict[str, str]:
    """The three parameters every request of WeChat carries."""
    stamp, salt = str(timestamp), nonce()
    signature = crypto.sign(token, stamp, salt)
    if fault and fault.kind == "wrong_signature":
        signature = signature[::-1]
    return {"signature": signature, "timestamp": stamp, "nonce": salt}


def build(config: Config, xml: str, openid: str, now: float, fault: Fault | None) -> Request:
    """Sign and, by mode, encrypt one push; a fault spoils it on purpose."""
    timestamp = int(now - (fault.seconds if fault and fault.kind == "stale_timestamp" else 0))
    query = signed_query(config.token, timestamp, fault) | {"openid": openid}
    if config.mode is Mode.PLAIN or (fault and fault.kind == "plaintext"):
        return Request(with_query(config.webhook, query), xml.encode())
    encrypted = crypto.Envelope(config.aes_key, config.app_id).seal(xml.encode())
    if fault and fault.kind == "corrupt":
        encrypted = _flip(encrypted)
    signature = crypto.sign(config.token, query["timestamp"], query["nonce"], encrypted)
    if fault and fault.kind == "wrong_signature":
        signature = signature[::-1]
    if fault and fault.kind == "tampered":
        encrypted = _flip(encrypted)
    query |= {"encrypt_type": "aes", "msg_signature": signature}
    return Request(with_query(config.webhook, query), _body(config, xml, encrypted).encode())


def _flip(encrypted: str) -> str:
    """Change the last block but one, which spoils the padding."""
    at = len(encrypted) - 30
    return encrypted[:at] + ("A" if encrypted[at] != "A" else "B") + encrypted[at + 1 :]


def _body(config: Config, xml: str, encrypted: str) -> str:
    if config.mode is Mode.COMPATIBLE:
        return xml.removesuffix("</xml>") + f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return xmltext.write({"ToUserName": config.account_id, "Encrypt": encrypted})


def open_reply(config: Config, body: bytes) -> str | None:
    """The clear XML of a reply, None for nothing to say, ReplyError for what WeChat refuses."""
    try:
        text = body.decode().strip()
    except UnicodeDecodeError as error:
        raise ReplyError("回复不是 UTF-8") from error
    if text in {"", "success"}:
        return None
    fields = _read(text)
    if "Encrypt" not in fields:
        if config.mode is Mode.SAFE:
            raise ReplyError("安全模式下回复必须加密")
        return text
    if config.mode is Mode.PLAIN:
        raise ReplyError("明文模式下回复不能加密")
    return _open_envelope(config, fields)


def _read(text: str) -> dict[str, Any]:
    try:
        return xmltext.read(text)
    except xmltext.XmlError as error:
        raise ReplyError(f"回复不是有效的 XML：{error}") from error


def _open_envelope(config: Config, fields: dict[str, Any]) -> str | None:
    encrypted, signature, stamp, salt = (
        str(fields.get(name, "")) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
    )
    if not crypto.same(signature, crypto.sign(config.token, stamp, salt, encrypted)):
        raise ReplyError("回复的 MsgSignature 不对")
    try:
        text = crypto.Envelope(config.aes_key, config.app_id).open(encrypted).decode().strip()
    except (crypto.CryptoError, UnicodeDecodeError) as error:
        raise ReplyError(f"回复解密失败：{error}") from error
    return None if text in {"", "success"} else text
