"""JS-SDK: what proves to WeChat that a page is ours; the ticket is kept by the jobs process, no page waits for it."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.gateway import Gateway
from bot.tokens import TokenStore
from config.settings import Settings
from models.database import Database

SCRIPT = "/open/js/jweixin-1.6.0.js"


@dataclass(frozen=True)
class Signed:
    """What the page hands to wx.config."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


@dataclass(frozen=True)
class JsSdk:
    """Of one account; `template_id`: the subscription notice that the page offers, "" for none."""

    app_id: str
    template_id: str
    js_url: str
    tickets: TokenStore
    clock: Callable[[], datetime]

    @property
    def script(self) -> str:
        """WeChat's script."""
        return self.js_url + SCRIPT

    def sign(self, url: str) -> Signed | None:
        """For the page at `url`; None while there is no ticket."""
        ticket, now = self.tickets.read(), self.clock()
        if not ticket.value or ticket.expires_at <= now:
            return None
        nonce, timestamp = secrets.token_hex(8), int(now.timestamp())
        return Signed(self.app_id, timestamp, nonce, sign_page(ticket.value, nonce, timestamp, url))


def sign_page(ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """As WeChat computes it, of the address without its fragment."""
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - WeChat's choice


def open_js_sdk(settings: Settings, database: Database, clock: Callable[[], datetime]) -> JsSdk:
    """As the settings have it; a page reads the ticket and never fetches it."""
    tickets = TokenStore(database, ticket_name(settings.wechat_app_id), fetch_nothing, clock)
    return JsSdk(settings.wechat_app_id, settings.wechat_notice_template, settings.wechat_js_url, tickets, clock)


def open_tickets(gateway: Gateway) -> TokenStore:
    """For the jobs process, which fetches it."""

    def fetch() -> tuple[str, int]:
        """The ticket and its seconds to live."""
        result = gateway.get("ticket/getticket", params={"type": "jsapi"})
        return str(result["ticket"]), int(result["expires_in"])

    return TokenStore(gateway.database, ticket_name(gateway.appid), fetch, gateway.clock)


def ticket_name(app_id: str) -> str:
    """Beside the access token, one for all processes."""
    return f"jsapi:{app_id}"


def fetch_nothing() -> tuple[str, int]:
    """Pages only read."""
    raise AssertionError("a page fetches no ticket")
