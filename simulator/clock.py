"""The simulator's time: the given clock plus a shift that tests and people can set."""

import datetime
from collections.abc import Callable

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


class Clock:
    """Seconds since 1970, shiftable, with WeChat's day and month (Asia/Shanghai)."""

    def __init__(self, source: Callable[[], float]) -> None:
        self._source = source
        self.shift = 0.0

    def now(self) -> float:
        return self._source() + self.shift

    def _local(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.now(), SHANGHAI)

    def day(self) -> str:
        return self._local().strftime("%Y-%m-%d")

    def month(self) -> str:
        return self._local().strftime("%Y-%m")

    def minute(self) -> int:
        return int(self.now() // 60)
