"""What is remembered for minutes only and by all machines: tallies, paces and marks, in Redis.

Nothing in here is the truth of anything: whoever asks has another way when `TalliesAwayError` comes.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PREFIX = "chengxin:"
AT_WORK = "at-work"  # the mark of workers that live
PATIENCE_SECONDS = 0.25  # with a Redis that hangs; a citizen waits for it once
REST_SECONDS = 5.0  # after a failure nobody asks: everything goes the other way at once
# A window begins with what is first counted in it; the caller's moment decides, the expiry only cleans up.
ADD = """
local began = tonumber(redis.call('HGET', KEYS[1], 'began') or '-1')
local now, within = tonumber(ARGV[1]), tonumber(ARGV[2])
if began < 0 or now - began >= within then
  redis.call('HSET', KEYS[1], 'began', ARGV[1], 'count', 0)
end
redis.call('PEXPIRE', KEYS[1], within)
return redis.call('HINCRBY', KEYS[1], 'count', 1)
"""
TAKE = """
local left = tonumber(redis.call('HGET', KEYS[1], 'left') or ARGV[4])
local filled = tonumber(redis.call('HGET', KEYS[1], 'filled') or ARGV[1])
local now, wanted, rate, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
left = math.min(left + math.max(now - filled, 0) / 1000 * rate, most)
local given = math.min(wanted, math.floor(left))
redis.call('HSET', KEYS[1], 'left', tostring(left - given), 'filled', ARGV[1])
redis.call('PEXPIRE', KEYS[1], 3600000)
return given
"""

log = logging.getLogger(__name__)


class TalliesAwayError(Exception):
    """Redis does not answer, or did not a moment ago."""


@dataclass(frozen=True)
class Tally:
    """How often within the window that began then."""

    began_at: datetime
    count: int


def milliseconds(moment: datetime) -> int:
    """As Redis keeps it."""
    return int(moment.timestamp() * 1000)


@dataclass
class Tallies:
    """Redis made safe: short patience, and a rest after each failure."""

    url: str
    steady: Callable[[], float] = time.monotonic
    rests_until: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._redis = Redis.from_url(
            self.url,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._add, self._take = self._redis.register_script(ADD), self._redis.register_script(TAKE)
        self._guard = threading.Lock()

    def read(self, key: str) -> Tally | None:
        """What was counted under a key; whether its window is over the caller knows."""
        began, count = self._ask(lambda: self._redis.hmget(PREFIX + key, "began", "count"))
        return Tally(datetime.fromtimestamp(int(began) / 1000, UTC), int(count)) if began else None

    def add(self, key: str, now: datetime, within: timedelta) -> int:
        """One more; how many it are now."""
        arguments = [milliseconds(now), int(within / timedelta(milliseconds=1))]
        return int(self._ask(lambda: self._add([PREFIX + key], arguments)))

    def take(self, name: str, wanted: int, now: datetime, *, per_second: float, most: int) -> int:
        """At most `wanted` from a bucket that all machines share."""
        arguments = [milliseconds(now), wanted, per_second, most]
        return int(self._ask(lambda: self._take([f"{PREFIX}pace:{name}"], arguments)))

    def mark_one(self, names: Sequence[str], seconds: int) -> str | None:
        """Set the first of these marks that is not set; None when all are."""
        for name in names:
            if self._ask(lambda name=name: self._redis.set(PREFIX + name, 1, nx=True, ex=seconds)):  # type: ignore[misc]
                return name
        return None

    def mark(self, name: str, seconds: int) -> None:
        """Set a mark, or keep it longer."""
        self._ask(lambda: self._redis.set(PREFIX + name, 1, ex=seconds))

    def has_mark(self, name: str) -> bool:
        """Whether it is set."""
        return bool(self._ask(lambda: self._redis.exists(PREFIX + name)))

    def unmark(self, name: str) -> None:
        """Take a mark away."""
        self._ask(lambda: self._redis.delete(PREFIX + name))

    def identity(self) -> str:
        """Of the Redis that answers; a restarted one has another."""
        return str(self._ask(lambda: self._redis.info("server"))["run_id"])

    def _ask(self, call: Callable[[], Any]) -> Any:
        """One call; after a failure nobody waits for the next few seconds."""
        if self.steady() < self.rests_until:
            raise TalliesAwayError
        try:
            return call()
        except RedisError as error:
            with self._guard:
                is_first = self.steady() >= self.rests_until
                self.rests_until = self.steady() + REST_SECONDS
            if is_first:
                log.warning("Redis does not answer (%s): counting in the database", type(error).__name__)
            raise TalliesAwayError from None
