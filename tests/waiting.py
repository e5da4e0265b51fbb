"""Waiting for what must come about; a slow machine is given time, a wrong program none too many."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 90.0


def wait_for(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS, *, what: str = "") -> float:
    """Until it is so; how long that took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, what or "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - began
