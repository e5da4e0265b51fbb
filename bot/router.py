"""From a message to its handler: the first matching route of an ordered list."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property, lru_cache
from typing import Literal, TypeVar

from sqlalchemy.orm import Session

from bot.conversation import Conversation
from bot.messages import Event, Inbound, Kind
from bot.replies import Later, Reply
from services.desk import Desk
from services.followers import Met

MAX_PATTERN_TEXT = 200  # longer texts are stories; no pattern is tried on them
ENDINGS = "。．.!！?？~～，,、;；:： \t\r\n"


class Pass(Enum):
    """Returned by a handler that looked closer and leaves the message to the routes after it."""

    PASS = "pass"  # noqa: S105


PASS = Pass.PASS


@dataclass
class Turn:
    """All a handler works with; it changes rows through `session` and never commits."""

    session: Session
    message: Inbound
    follower: Met
    conversation: Conversation
    now: datetime
    desk: Desk
    answered_by: str = ""  # router and handler, once one has answered

    @cached_property
    def text(self) -> str:
        """The citizen's words, written or spoken, without blanks around; empty for other kinds."""
        return self.message.content.strip() if self.message.is_text else ""

    @cached_property
    def words(self) -> str:
        """The same for comparing with patterns: width and case folded, without closing punctuation."""
        return unicodedata.normalize("NFKC", self.text).casefold().strip(ENDINGS)

    @cached_property
    def short_words(self) -> str:
        """Words to try patterns on; nothing for long texts and for other kinds of message."""
        return self.words if len(self.message.content) <= MAX_PATTERN_TEXT else ""


Handler = Callable[[Turn], Reply | Later | Literal[Pass.PASS]]
H = TypeVar("H", bound=Handler)  # a decorated handler stays what it was
Condition = Callable[[Turn], bool]


@dataclass(frozen=True)
class Route:
    """A condition and what to do when it holds."""

    condition: Condition
    handler: Handler
    pattern: str = ""  # of the words, where that is the whole condition


class Router:
    """The routes of one handler file, in the order they are written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes: list[Route] = []

    def on(self, condition: Condition, pattern: str = "") -> Callable[[H], H]:
        """Any condition; `pattern` where nothing else decides."""

        def register(handler: H) -> H:
            self.routes.append(Route(condition, handler, pattern))
            return handler

        return register

    def on_text(self, wanted: str | Condition | None = None) -> Callable[[H], H]:
        """Written or recognised words: all of them, those that a condition wants, or a pattern matches.

        A pattern must match the whole of `Turn.words`, of at most 200 characters.
        """
        if isinstance(wanted, str):
            pattern = re.compile(wanted, re.DOTALL)
            return self.on(lambda turn: pattern.fullmatch(turn.short_words) is not None, wanted)
        if wanted is None:
            return self.on(lambda turn: turn.message.is_text)
        condition = wanted
        return self.on(lambda turn: turn.message.is_text and condition(turn))

    def on_tap(self, prefix: str) -> Callable[[H], H]:
        """A tapped line whose msgmenuid begins with `prefix` (bot/wording.py:tap)."""
        return self.on(lambda turn: turn.message.menu_id.startswith(prefix))

    def on_click(self, *keys: str) -> Callable[[H], H]:
        """A menu button of type click with one of these keys."""
        return self.on(lambda turn: turn.message.event is Event.CLICK and turn.message.event_key in keys)

    def on_event(self, *events: Event) -> Callable[[H], H]:
        """One of these events."""
        return self.on(lambda turn: turn.message.event in events)

    def on_kind(self, *kinds: Kind) -> Callable[[H], H]:
        """One of these kinds of message."""
        return self.on(lambda turn: turn.message.kind in kinds)


@dataclass(frozen=True)
class RouteTable:
    """All routes in their order with the names of who answers; one pattern for all patterns, to look but once."""

    any_pattern: re.Pattern[str]
    # Those that may match: by the group of `any_pattern` that does, without the patterns before it; 0: none does.
    routes: Mapping[int, Sequence[tuple[Route, str]]]

    def choose(self, turn: Turn) -> Sequence[tuple[Route, str]]:
        """The routes to try for this message."""
        found = self.any_pattern.fullmatch(turn.short_words)
        return self.routes[found.lastindex or 0 if found else 0]


@lru_cache
def lay_out(routers: tuple[Router, ...]) -> RouteTable:
    """The table of these routers, once all their routes are written."""
    routes = [(route, f"{router.name}.{route.handler.__name__}") for router in routers for route in router.routes]
    chosen = {0: [one for one in routes if not one[0].pattern]}
    patterns, group = [], 1
    for number, (route, _) in enumerate(routes):
        if route.pattern:
            chosen[group] = [one for place, one in enumerate(routes) if place >= number or not one[0].pattern]
            patterns.append(f"({route.pattern})")
            group += 1 + re.compile(route.pattern).groups
    return RouteTable(re.compile("|".join(patterns) or r"(?!)", re.DOTALL), chosen)


def dispatch(routers: Sequence[Router], turn: Turn) -> Reply | Later:
    """The reply of the first route that matches and does not pass; None when none does."""
    for route, name in lay_out(tuple(routers)).choose(turn):
        if route.condition(turn):
            reply = route.handler(turn)
            if not isinstance(reply, Pass):
                turn.answered_by = name
                return reply
    return None
