"""The clock's questions for how often articles were read: one day of WeChat's figures at a time, each kept once."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.api_errors import Action, GatewayError, WechatError
from bot.gateway import Gateway
from bot.publicity import DayReads, Publicity
from models.database import Database
from services.counting import reads

MOST_PER_STEP = 10
NOT_READY = (61500, 61501, 61503)  # no such day yet, as its servers see it; not counted yet
NOT_REACHED = "没有问到微信，稍后再问"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadClock:
    """May run in several processes: a day is asked for by one."""

    database: Database
    gateway: Gateway
    clock: Callable[[], datetime]

    def step(self) -> int:
        """Ask for the days that are due; how many WeChat told."""
        told = 0
        for _ in range(MOST_PER_STEP):
            with self.database.write() as session:
                day = reads.claim_day(session, self.clock())
            if day is None or not self.ask(day):
                break
            told += 1
        return told

    def ask(self, day: date) -> bool:
        """One day, kept; False: WeChat gave nothing, and why is kept."""
        try:
            found = Publicity(self.gateway).list_reads(day)
        except GatewayError as error:
            log.warning("no figures of reading on %s: %s", day, error)
            self.note_failure(day, error)
            return False
        self.note(day, found)
        return True

    def note(self, day: date, found: DayReads) -> None:
        """In a transaction of its own."""
        with self.database.write() as session:
            reads.note_reads(session, day, found.readers, is_late=found.is_late, now=self.clock())

    def note_failure(self, day: date, error: GatewayError) -> None:
        """A refusal is told as one; anything else is asked again."""
        code, now = error.code if isinstance(error, WechatError) else 0, self.clock()
        with self.database.write() as session:
            if isinstance(error, WechatError) and error.action is Action.FEATURE_OFF:
                reads.note_refused(session, day, code, now)
            elif code in NOT_READY:
                reads.note_late(session, day, f"{reads.LATE_WORDS}（{code}）", now)
            else:
                reads.note_late(session, day, NOT_REACHED, now)
