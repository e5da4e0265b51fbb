"""Messages wait here for their handling: those that wait together are handled, and committed, together.

Where only one can write at a time (SQLite) one thread does all, and a commit, which waits for the disk, serves
everybody who came while the one before it waited. Elsewhere each has a thread and a transaction of its own.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from bot.messages import Inbound
from bot.replies import Reply
from bot.spool import Delivery
from bot.work import Work

MOST_TOGETHER = 32

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Handling:
    """A message on its way through the handlers."""

    message: Inbound
    delivery: Delivery
    work: Work = field(default_factory=Work)
    reply: "Future[Reply]" = field(default_factory=Future)
    context: Context = field(default_factory=copy_context)  # of the request, for the log


class Lane:
    """Threads that hand over what waits; they begin with the first message."""

    def __init__(self, handle: Callable[[list[Handling]], None], threads: int, most: int) -> None:
        self.handle, self.count, self.most = handle, threads, most
        self.waiting: SimpleQueue[Handling | None] = SimpleQueue()
        self.threads: list[threading.Thread] = []
        self.guard = threading.Lock()

    def submit(self, handling: Handling) -> None:
        """Its `reply` will be set, unless it is cancelled before its turn."""
        if not self.threads:
            self.begin()
        self.waiting.put(handling)

    def begin(self) -> None:
        """Start the threads, once."""
        with self.guard:
            if not self.threads:
                names = [f"message-{number}" for number in range(self.count)]
                self.threads = [threading.Thread(target=self.work, name=name, daemon=True) for name in names]
                for thread in self.threads:
                    thread.start()

    def work(self) -> None:
        """For ever, until `close`."""
        while (first := self.waiting.get()) is not None:
            waiting = [first, *self.take_waiting()]
            wanted = [one for one in waiting if one.reply.set_running_or_notify_cancel()]
            try:
                self.handle(wanted)
            except Exception as fault:  # the thread must live, and nobody wait in vain
                log.exception("what waited could not be handled")
                for one in wanted:
                    if not one.reply.done():
                        one.reply.set_exception(fault)

    def take_waiting(self) -> Sequence[Handling]:
        """Whoever has come meanwhile, in their order."""
        found: list[Handling] = []
        while len(found) < self.most - 1:
            try:
                one = self.waiting.get_nowait()
            except Empty:
                break
            if one is None:  # for `work` to see
                self.waiting.put(None)
                break
            found.append(one)
        return found

    def close(self) -> None:
        """Let what waits be handled, and end."""
        for _ in self.threads:
            self.waiting.put(None)
        for thread in self.threads:
            thread.join()
