"""Watches over a worker: when Redis was away, or is another one, the worker must begin anew.

Celery's loop may listen to nobody for ever after its connection died (seen with Celery 5.7: it fails to acknowledge
a message, then waits for ever). A program that begins anew has no such past.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from models.tallies import Tallies, TalliesAwayError

LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass
class Renewal:
    """`begin_anew` is called once, on the watching thread."""

    tallies: Tallies
    begin_anew: Callable[[], None]
    known: str = field(default="", init=False)
    was_away: bool = field(default=False, init=False)

    def is_due(self) -> bool:
        """One look."""
        try:
            found = self.tallies.identity()
        except TalliesAwayError:
            self.was_away = True
            return False
        is_new = bool(self.known) and (self.was_away or found != self.known)
        self.known, self.was_away = found, False
        return is_new

    def watch(self, stop: threading.Event) -> None:
        """Until it is due, or `stop`."""
        while not stop.wait(LOOK_SECONDS):
            if self.is_due():
                log.warning("Redis was away or is another one: the worker begins anew")
                self.begin_anew()
                return
