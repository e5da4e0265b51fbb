"""Messages of one citizen are handled in their order: none overtakes one that is under way or waits in the spool."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.messages import Inbound
from bot.spool import Delivery, Spool
from bot.work import Work
from models.database import DatabaseBusyError

TROUBLE = (DatabaseBusyError, OperationalError, InterfaceError, PoolTimeoutError)
MOST_BEFORE = 20  # more of one citizen are left to the jobs process
BLOCKS_FOR = timedelta(hours=1)  # then it is not the database that is away, and nobody waits for it any more

log = logging.getLogger(__name__)


class BehindError(Exception):
    """Earlier messages of the same citizen wait in the spool: at these paths."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__(f"{len(paths)} earlier ones wait")
        self.paths = paths


def check_order(spool: Spool, message: Inbound, work: Work) -> None:
    """BehindError where this message would overtake; asked when whatever it had to wait for is over."""
    paths = spool.before(message.openid, message.key)
    if paths and (behind := [path for path in paths if path not in work.passed]):
        raise BehindError(behind)


def catch_up(
    spool: Spool, behind: Sequence[Path], replay: Callable[[Delivery], None], now: datetime
) -> frozenset[Path]:
    """Handle those before; whom nobody waits for any more. Raises one of TROUBLE to wait behind them."""
    if len(behind) > MOST_BEFORE:
        raise DatabaseBusyError
    for path in behind:
        delivery = spool.read(path)
        if delivery is None:
            continue
        try:
            replay(delivery)
        except ValueError as error:
            log.error("a kept delivery cannot be read: %s", error)
            spool.put_aside(path)
        except Exception as error:
            if is_blocking(error, delivery, now):
                raise
            log.warning("a kept delivery is passed: %s", type(error).__name__)
    return frozenset(behind)


def is_blocking(error: Exception, delivery: Delivery, now: datetime) -> bool:
    """Later messages of the same citizen wait for this one: the database is away for it as for them."""
    return isinstance(error, TROUBLE) and now - delivery.arrived_at < BLOCKS_FOR


class Turns:
    """One message of a citizen at a time in this process, in the order of arrival."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.last: dict[str, threading.Lock] = {}

    def of(self, openid: str) -> "Turn":
        """A place in the citizen's line, from now until the block's end."""
        return Turn(self, openid)


class Turn:
    """`come` waits for the message before."""

    def __init__(self, turns: Turns, openid: str) -> None:
        self.turns, self.openid, self.done = turns, openid, threading.Lock()
        self.done.acquire()
        with turns.guard:
            self.before = turns.last.get(openid)
            turns.last[openid] = self.done

    def come(self, seconds: float) -> bool:
        """Whether the message before is answered or kept, after so many seconds at most."""
        return self.before is None or self.before.acquire(timeout=max(seconds, 0.0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.done.release()
        with self.turns.guard:
            if self.turns.last.get(self.openid) is self.done:
                del self.turns.last[self.openid]
