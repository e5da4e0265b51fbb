"""How often one address may knock at the doors that answer anybody, at all machines together.

It counts in Redis only: without it, or while it is away, what lies behind still counts in the database.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, request
from werkzeug.exceptions import TooManyRequests

from models.database import Database
from models.tallies import TalliesAwayError

FIELD = "floodgate.address"
WITHIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Gate:
    """A door, and how often within a minute one address may pass."""

    path: str  # and all below it
    methods: frozenset[str]
    most: int


POST, ANY = frozenset({"POST"}), frozenset({"GET", "POST"})
GATES = (
    Gate("/console/login", POST, 60),  # a whole office may share an address
    Gate("/console/code", POST, 60),
    Gate("/api/", ANY, 1200),
    Gate("/check", ANY, 120),
)


def find_gate(path: str, method: str) -> Gate | None:
    """The gate before a path (pure)."""
    return next((gate for gate in GATES if method in gate.methods and path.startswith(gate.path)), None)


def hold_back(app: Flask, database: Database, clock: Callable[[], datetime]) -> None:
    """Answer 429 to whoever knocks too often."""

    @app.before_request
    def count() -> None:
        gate = find_gate(request.path, request.method)
        if gate is None or database.tallies is None:
            return
        index = database.vault.index(f"{gate.path} {request.remote_addr}", FIELD)
        with contextlib.suppress(TalliesAwayError):
            if database.tallies.add(f"gate:{index.hex()}", clock(), WITHIN) > gate.most:
                raise TooManyRequests(retry_after=int(WITHIN / timedelta(seconds=1)))
