"""What went over the wire, both ways, kept for the inspector and for tests."""

import collections
import dataclasses
import re
from typing import Any

KEPT = 500
_SECRET = re.compile(
    r'((?:access_token|refresh_token|secret|appsecret|jsapi_ticket)(?:=|"\s*:\s*"))([^&"\s]{1,6})[^&"\s]*'
)


def mask(text: str) -> str:
    """Keep the first characters of tokens and secrets, so that equal ones can be told apart."""
    return _SECRET.sub(r"\1\2…", text)


@dataclasses.dataclass
class Try:
    """One HTTP request of a delivery and what came of it."""

    url: str
    headers: dict[str, str]
    body: str
    at: float
    ms: int = 0
    status: int | None = None
    answer_headers: dict[str, str] = dataclasses.field(default_factory=dict)
    answer: str | None = None
    error: str | None = None
    fault: str | None = None


@dataclasses.dataclass
class Delivery:
    """One message or event pushed to the webhook, with all its tries and its reply."""

    id: int
    seq: int
    at: float
    openid: str
    label: str
    msg_id: int | None
    xml: str
    mode: str
    tries: list[Try] = dataclasses.field(default_factory=list)
    outcome: str = "sending"
    reason: str | None = None
    reply_xml: str | None = None
    reply: dict[str, Any] | None = None
    shown: list[int] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Call:
    """One call of the product to the platform."""

    id: int
    seq: int
    at: float
    method: str
    path: str
    query: str
    request: str
    status: int = 0
    errcode: int = 0
    response: str = ""
    ms: int = 0
    rid: str = ""
    fault: str | None = None


class Journal:
    """The last deliveries and calls."""

    def __init__(self) -> None:
        self.deliveries: collections.OrderedDict[int, Delivery] = collections.OrderedDict()
        self.calls: collections.OrderedDict[int, Call] = collections.OrderedDict()

    def add_delivery(self, delivery: Delivery) -> None:
        self.deliveries[delivery.id] = delivery
        while len(self.deliveries) > KEPT:
            self.deliveries.popitem(last=False)

    def add_call(self, call: Call) -> None:
        self.calls[call.id] = call
        while len(self.calls) > KEPT:
            self.calls.popitem(last=False)

    def deliveries_after(self, seq: int) -> list[dict[str, Any]]:
        return [dataclasses.asdict(item) for item in self.deliveries.values() if item.seq > seq]

    def calls_after(self, seq: int) -> list[dict[str, Any]]:
        return [dataclasses.asdict(item) for item in self.calls.values() if item.seq > seq]
