"""Holds the timetable, or waits until whoever holds it stands still: one active timetable on any number of machines."""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from services import timetable_lease
from services.timetable_lease import Seen

BEAT_SECONDS = 0.5
HOLDS_SECONDS = 2.0  # without a beat its holder begins nothing more
STILL_SECONDS = 3.0  # without a beat others take over: longer, so that never two hold it

log = logging.getLogger(__name__)


@dataclass
class Holder:
    """One of any number; each measures by its own stop-watch, so that no wall clock matters."""

    database: Database
    clock: Callable[[], datetime]
    steady: Callable[[], float] = time.monotonic
    name: str = field(default_factory=lambda: f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}")
    fence: int | None = field(default=None, init=False)
    beaten_at: float = field(default=0.0, init=False)
    seen: Seen | None = field(default=None, init=False)
    seen_at: float = field(default=0.0, init=False)

    @property
    def is_ours(self) -> bool:
        """A step may begin."""
        return self.fence is not None and self.steady() - self.beaten_at < HOLDS_SECONDS

    def step(self) -> None:
        """Beat, or look whether the holder still does; a database that is away is asked again."""
        try:
            if self.fence is None:
                self.watch()
            else:
                self.beat(self.fence)
        except SQLAlchemyError as error:
            log.warning("the lease of the timetable: %s", type(error).__name__)

    def beat(self, fence: int) -> None:
        """The moment before counts, not after: who waits has seen nothing yet."""
        began = self.steady()
        with self.database.write() as session:
            is_kept = timetable_lease.beat(session, fence)
        if is_kept:
            self.beaten_at = began
        else:
            self.fence = None
            log.warning("timetable: %s lost the lease, fence %d is over", self.name, fence)

    def watch(self) -> None:
        """Take what stands still or was given up."""
        with self.database.read() as session:
            seen = timetable_lease.look(session)
        began = self.steady()
        if seen != self.seen:
            self.seen, self.seen_at = seen, began
        if seen.holder and began - self.seen_at < STILL_SECONDS:
            return
        with self.database.write() as session:
            fence = timetable_lease.take(session, seen, self.name, self.clock())
        if fence is not None:
            self.fence, self.beaten_at = fence, began
            log.info("timetable: %s holds it, fence %d (before: %s)", self.name, fence, seen.holder or "nobody")

    def give_up(self) -> None:
        """At the end of a process that ends well."""
        if self.fence is None:
            return
        fence, self.fence = self.fence, None
        try:
            with self.database.write() as session:
                timetable_lease.give_up(session, fence)
            log.info("timetable: %s gave it up, fence %d", self.name, fence)
        except SQLAlchemyError as error:
            log.warning("the lease of the timetable: %s", type(error).__name__)

    def keep(self, stop: threading.Event) -> None:
        """Until `stop`, on a thread of its own: no step of any job delays a beat."""
        while not stop.is_set():
            self.step()
            stop.wait(BEAT_SECONDS)
        self.give_up()
