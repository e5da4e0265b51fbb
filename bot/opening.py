"""Is this POST from WeChat, fresh and in our mode? Opens it or says with which status it is refused."""

from dataclasses import dataclass
from datetime import datetime

from bot.crypto import Envelope, EnvelopeError
from bot.messages import Inbound, parse_message
from bot.spool import Delivery
from bot.xml import MessageError, read_fields
from config.settings import Settings, WechatMode

OK, BAD_REQUEST, FORBIDDEN = 200, 400, 403


class RefusedError(Exception):
    """Answered with this status; 200 means a signed message that we cannot read, so no retry helps."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Opened:
    """A genuine message."""

    message: Inbound
    is_encrypted: bool


class Opener:
    """The checks in their order: signature, freshness, mode, decryption, parsing."""

    def __init__(self, settings: Settings) -> None:
        self.mode = settings.wechat_mode
        self.freshness_seconds = settings.wechat_freshness_seconds
        self.envelope = Envelope(settings.wechat_token, settings.wechat_app_id, settings.aes_keys)

    def check_signature(self, query: dict[str, str]) -> None:
        """GET and POST carry it."""
        parts = query.get("timestamp", ""), query.get("nonce", "")
        if not self.envelope.is_signed(query.get("signature", ""), *parts):
            raise RefusedError(FORBIDDEN, "bad signature")

    def check_freshness(self, query: dict[str, str], now: datetime) -> None:
        """A signed request seen long ago, or from a clock that is far off, is not accepted again."""
        if not self.freshness_seconds:
            return
        stamp = query.get("timestamp", "")
        is_number = stamp.isascii() and stamp.isdigit() and len(stamp) <= 12
        if not is_number or abs(now.timestamp() - int(stamp)) > self.freshness_seconds:
            raise RefusedError(FORBIDDEN, "stale timestamp")

    def open(self, delivery: Delivery, now: datetime | None) -> Opened:
        """The message; RefusedError otherwise. `now` None: freshness was checked before (spool)."""
        self.check_signature(delivery.query)
        if now is not None:
            self.check_freshness(delivery.query, now)
        if delivery.query.get("encrypt_type", "raw") == "raw":
            return Opened(self.read_plain(delivery.body), is_encrypted=False)
        return Opened(self.read_encrypted(delivery), is_encrypted=True)

    def read_plain(self, body: bytes) -> Inbound:
        """The body of a POST without encryption; nobody signs it, so an unreadable one is a bad request."""
        if self.mode is WechatMode.SAFE:
            raise RefusedError(FORBIDDEN, "plaintext in safe mode")
        try:
            return parse_message(body)
        except MessageError as error:
            raise RefusedError(BAD_REQUEST, str(error)) from None

    def read_encrypted(self, delivery: Delivery) -> Inbound:
        """The message inside <Encrypt>."""
        if delivery.query["encrypt_type"] != "aes" or not self.envelope.ciphers:
            raise RefusedError(BAD_REQUEST, "unknown encryption")
        try:
            encrypt = read_fields(delivery.body).get("Encrypt", "").strip()
        except MessageError as error:
            raise RefusedError(BAD_REQUEST, str(error)) from None
        query = delivery.query
        parts = query.get("timestamp", ""), query.get("nonce", ""), encrypt
        if not encrypt or not self.envelope.is_signed(query.get("msg_signature", ""), *parts):
            raise RefusedError(FORBIDDEN, "bad msg_signature")
        try:
            return parse_message(self.envelope.open(encrypt))
        except EnvelopeError as error:
            raise RefusedError(BAD_REQUEST, str(error)) from None
        except MessageError as error:
            raise RefusedError(OK, str(error)) from None
