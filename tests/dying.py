"""A process that is killed at its n-th step, for tests of what is left then."""

import os
import signal


class Steps:
    """Counts what is done in this process; kill -9 at number `die_at`, never at 0 or less."""

    def __init__(self, die_at: int) -> None:
        self.seen, self.die_at = 0, die_at

    def count(self, *_: object) -> None:
        """One more, as a listener of whatever is a step."""
        self.seen += 1
        if self.seen == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)
