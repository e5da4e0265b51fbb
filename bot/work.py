"""Who tells the citizen: the request that waits, or a notice. Decided once, under a lock."""

import threading
from pathlib import Path


class Work:
    """One handling: the worker asks `is_in_time` before it commits, the request may `give_up` before that."""

    def __init__(self, *, is_late: bool = False, is_acknowledged: bool = False) -> None:
        self._lock = threading.Lock()
        self._is_committing = False
        self.is_late = is_late
        self.is_acknowledged = is_acknowledged  # WeChat got `success`, the citizen no answer
        self.passed: frozenset[Path] = frozenset()  # earlier ones in the spool that nobody waits for any more

    def is_in_time(self) -> bool:
        """By the worker, before it commits. True: the request still waits, and now for the commit."""
        with self._lock:
            self._is_committing = not self.is_late
            return self._is_committing

    def give_up(self) -> bool:
        """By the request: True: the worker will see that it is late. False: it is committing already."""
        with self._lock:
            self.is_late = not self._is_committing
            return self.is_late
