"""Hands deliveries kept on disk back to the bot once it can handle them."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.order import is_blocking
from bot.spool import Delivery, Spool

OLDER_THAN_SECONDS = 60.0  # younger ones are still in the hands of the web process
GIVE_UP_SECONDS = 3 * 86_400.0
MAX_FAILURES = 3  # in a row: the database is away, no use to go on

log = logging.getLogger(__name__)


def replay_spool(
    spool: Spool,
    replay: Callable[[Delivery], None],
    older_than_seconds: float = OLDER_THAN_SECONDS,
    most: int | None = None,
) -> int:
    """Replay in the order of arrival, `most` at most; returns how many were handled. What never can be is put aside.

    Where one of a citizen's fails, those that came after it wait.
    """
    handled = failures = 0
    stuck: set[Path] = set()  # folders of citizens
    for path, delivery in islice(spool.waiting(older_than_seconds), most):
        if path.parent in stuck:
            continue
        try:
            replay(delivery)
            handled, failures = handled + 1, 0
        except ValueError as error:
            log.error("a kept delivery cannot be read: %s", error)
            spool.put_aside(path)
        except Exception as error:
            failures += 1
            log.warning("a kept delivery waits on: %s", type(error).__name__)
            if path.parent != spool.folder and is_blocking(error, delivery, datetime.now(UTC)):
                stuck.add(path.parent)
            if path.exists() and time.time() - path.stat().st_mtime > GIVE_UP_SECONDS:
                spool.put_aside(path)
            if failures >= MAX_FAILURES:
                break
    return handled
