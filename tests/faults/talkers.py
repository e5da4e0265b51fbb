"""Citizens who write one message after the other, whatever happens; then their order is counted."""

import hashlib
import itertools
import re
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import requests
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.reception import late_key
from models.notice import Notice
from models.received import Received
from tests.citizen import Citizen
from tests.faults.line import HOST
from tests.faults.town import Town, wait_until

MSG_ID = re.compile(r"<MsgId>(\d+)</MsgId>")
NOTHING_SAID = b"success"


@dataclass
class Talker:
    """One citizen; `keys` of what WeChat was told is taken, in the order of writing."""

    citizen: Citizen
    keys: list[bytes] = field(default_factory=list)
    late: list[bytes] = field(default_factory=list)  # acknowledged without an answer
    unseen: list[bytes] = field(default_factory=list)  # of those: not yet seen to be handled
    refused: int = 0
    overtaken: int = 0

    def write(self, doors: Sequence[str], town: Town) -> None:
        """One message, to the doors in turn; an answer at once means that all before it must be handled."""
        self.citizen.door = doors[(len(self.keys) + self.refused) % len(doors)]
        xml = self.citizen.write("text", {"Content": "帮助"})
        msg_id = MSG_ID.findall(xml)[0]
        key = hashlib.sha256(f"message\x00{self.citizen.openid}\x00{msg_id}".encode()).digest()
        try:
            answer = self.citizen.posts(xml)
        except requests.RequestException:
            answer = None
        if answer is None or answer.status != 200:
            self.refused += 1
            return
        self.keys.append(key)
        if answer.body == NOTHING_SAID:
            self.late.append(key)
            self.unseen.append(key)
        elif self.unseen:
            with suppress(DBAPIError), town.database.read() as session:
                seen = set(session.scalars(select(Received.key).where(Received.key.in_(self.unseen))))
                self.overtaken += len(set(self.unseen) - seen)
                self.unseen = []


class Talkers:
    """So many citizens, who write so many messages a second together, until the block ends."""

    def __init__(self, town: Town, count: int, per_second: float, threads: int = 40) -> None:
        self.town, self.seconds = town, count / per_second  # between two messages of one citizen
        self.doors = [f"http://{HOST}:{port}" for port in town.ports.values()]
        stamp = int(time.time())
        self.talkers = [Talker(Citizen("", town.settings, f"o_{stamp}_{number:016}")) for number in range(count)]
        self.is_over, self.faults = threading.Event(), list[BaseException]()
        shares = [self.talkers[number::threads] for number in range(threads)]
        self.threads = [threading.Thread(target=self.work, args=(share,), daemon=True) for share in shares]
        self.began = 0.0

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()
        self.lasted = time.monotonic() - self.began

    def work(self, share: Sequence[Talker]) -> None:
        """Each of them in turn, at the given pace where the doors allow it."""
        try:
            due = time.monotonic()
            while True:
                for talker in share:
                    due = max(due + self.seconds / len(share), time.monotonic() - 1)
                    if self.is_over.wait(max(due - time.monotonic(), 0)):
                        return
                    talker.write(self.doors, self.town)
        except BaseException as fault:
            self.faults.append(fault)

    def reckon(self) -> str:
        """The counts, once all is handled; AssertionError where something is lost or out of its order."""
        town, acts = self.town, [self.town.age_spool]
        wait_until(lambda: not town.kept(), 600, acts)
        stored = town.stored_keys()
        with town.database.read() as session:
            rows = session.execute(select(Notice.idempotency_key, Notice.id))
            told = {row.idempotency_key: row.id for row in rows}
        lost = sum(key not in stored for one in self.talkers for key in one.keys)
        untold = sum(late_key(key) not in told for one in self.talkers for key in one.late)
        orders = [[told[late_key(key)] for key in one.late if late_key(key) in told] for one in self.talkers]
        swapped = sum(earlier > later for order in orders for earlier, later in itertools.pairwise(order))
        overtaken = sum(one.overtaken for one in self.talkers)
        sent, late = (sum(len(some) for some in found) for found in self.columns())
        counts = (
            f"{sent} messages of {len(self.talkers)} citizens acknowledged ({sent / self.lasted:.0f} a second), "
            f"{sum(one.refused for one in self.talkers)} not taken, {lost} lost; {late} answered late, "
            f"{untold} of them never, {swapped} in the wrong order, {overtaken} overtaken by an answer at once"
        )
        assert not self.faults, self.faults
        assert not lost + untold + swapped + overtaken, counts
        assert late > 0, counts
        return counts

    def columns(self) -> tuple[list[list[bytes]], list[list[bytes]]]:
        """What was taken, and what was answered late."""
        return [one.keys for one in self.talkers], [one.late for one in self.talkers]
