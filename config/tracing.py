"""The id that a request bears through doors, services, jobs and log lines."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ACCEPTED = re.compile(r"[0-9A-Za-z-]{8,32}")  # of a proxy before us; anything else is replaced
CURRENT: ContextVar[str] = ContextVar("request_id", default="")


def make_request_id() -> str:
    """Sixteen random hex digits: they say nothing of who asked."""
    return secrets.token_hex(8)


def accept_request_id(offered: str | None) -> str:
    """The id that a proxy gave, or one of our own."""
    return offered if offered and ACCEPTED.fullmatch(offered) else make_request_id()


def current_request_id() -> str | None:
    """The id of what is being done, None outside of any request."""
    return CURRENT.get() or None


@contextmanager
def bear(request_id: str | None) -> Iterator[str]:
    """Do what follows under this id, or under a new one where there is none."""
    borne = request_id or make_request_id()
    token = CURRENT.set(borne)
    try:
        yield borne
    finally:
        CURRENT.reset(token)
