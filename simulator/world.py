"""The simulated account as it runs: its state behind one lock, its clock, journal, media and faults."""

import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal

import requests

from simulator.clock import Clock
from simulator.config import Config
from simulator.faults import Faults
from simulator.journal import Call, Delivery, Journal
from simulator.media import MediaStore
from simulator.state import Entry, Json, State, Switches, Template, User

CHAT_KEPT = 300
PREMADE_USERS = ("王奶奶", "李师傅", "陈女士")
PREMADE_TEMPLATES = (
    (
        "template",
        "办理进度通知",
        "事项名称：{{thing1.DATA}}\n编号：{{character_string2.DATA}}\n状态：{{phrase3.DATA}}\n时间：{{time4.DATA}}",
    ),
    (
        "once",
        "办理结果提醒",
        "事项名称：{{thing1.DATA}}\n办理结果：{{phrase2.DATA}}\n办结时间：{{time3.DATA}}",
    ),
    (
        "long",
        "关注事项变动提醒",
        "关注对象：{{thing1.DATA}}\n变动内容：{{thing2.DATA}}\n变动时间：{{time3.DATA}}",
    ),
)
OFFERED_TEMPLATE = (
    "long",
    "活动开始提醒",
    "活动名称：{{thing1.DATA}}\n活动内容：{{thing2.DATA}}\n活动时间：{{time3.DATA}}",
)


class UnknownUserError(LookupError):
    """No phone belongs to this openid or name."""


class World:
    """Everything the doors of the simulator share."""

    def __init__(self, config: Config, clock: Callable[[], float], http: requests.Session) -> None:
        self.config = config
        self.clock = Clock(clock)
        self.http = http
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.faults = Faults()
        self.journal = Journal()
        self.media = MediaStore()
        self.state = State()
        self.finished = 0
        self.epoch = ""
        self._pending = 0
        self.reset()

    def reset(self) -> None:
        """Begin again with an empty account and three people who do not follow it yet."""
        with self.lock:
            config = self.config
            switches = Switches(wait_seconds=config.wait_seconds, tries=config.tries, event_delay=config.event_delay)
            self.state = State(seq=self.state.seq, switches=switches)
            self.epoch = secrets.token_hex(8)  # tells open phone pages to start over
            self.clock.shift = 0.0
            self.journal, self.media = Journal(), MediaStore()
            self.faults.clear()
            for name in PREMADE_USERS:
                self.add_user(name)
            for kind, title, content in PREMADE_TEMPLATES:
                self.add_template(kind, title, content)
            self.add_template(*OFFERED_TEMPLATE, config.notice_template)
            self.touch()

    def restore(self, state: State) -> None:
        """Continue from a saved state."""
        with self.lock:
            self.state = state
            self.clock.shift = state.shift
            self.touch()

    def touch(self) -> int:
        """Take the next sequence number and wake whoever is polling."""
        with self.lock:
            self.state.seq += 1
            self.changed.notify_all()
            return self.state.seq

    def count(self, name: str) -> None:
        with self.lock:
            self.state.counters[name] = self.state.counters.get(name, 0) + 1

    def add_user(self, name: str) -> User:
        user = User(openid="o" + secrets.token_urlsafe(27)[:27], name=name)
        with self.lock:
            self.state.users[user.openid] = user
            self.touch()
        return user

    def add_template(self, kind: str, title: str, content: str, template_id: str = "") -> Template:
        found = Template.model_validate(
            {
                "template_id": template_id or secrets.token_urlsafe(33)[:43],
                "title": title,
                "content": content,
                "kind": kind,
            }
        )
        with self.lock:
            self.state.templates[found.template_id] = found
            self.touch()
        return found

    def user(self, key: str) -> User:
        """Find a user by openid, or by name for people who write scripts."""
        users = self.state.users
        found = users.get(key) or next((u for u in users.values() if u.name == key), None)
        if found is None:
            raise UnknownUserError(key)
        return found

    def show(
        self,
        user: User,
        side: Literal["user", "account", "system"],
        kind: str,
        data: Json,
        *,
        delivery: Delivery | None = None,
        call: Call | None = None,
    ) -> Entry:
        """Put something on a phone."""
        with self.lock:
            entry = Entry(seq=self.touch(), at=self.clock.now(), side=side, kind=kind, data=data)
            entry.call = call.id if call else None
            if delivery:
                entry.delivery = delivery.id
                delivery.shown.append(entry.seq)
            user.chat.append(entry)
            del user.chat[:-CHAT_KEPT]
            return entry

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """Mark work in flight, so that `settle` can wait for its end."""
        with self.lock:
            self._pending += 1
        try:
            yield
        finally:
            with self.lock:
                self._pending -= 1
                self.changed.notify_all()

    def later(self, delay: float, action: Callable[[], object]) -> None:
        """Do something after a moment, as WeChat pushes results of what it accepted."""
        work = self.busy()
        work.__enter__()

        def run() -> None:
            try:
                action()
            finally:
                work.__exit__(None, None, None)

        timer = threading.Timer(delay, run)
        timer.daemon = True
        timer.start()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing is in flight; False when it takes longer."""
        with self.changed:
            return self.changed.wait_for(lambda: self._pending == 0, timeout)

    def wait_after(self, seq: int, timeout: float) -> None:
        """Long poll: return once something newer than `seq` exists."""
        end = time.monotonic() + timeout
        with self.changed:
            while self.state.seq <= seq and (left := end - time.monotonic()) > 0:
                self.changed.wait(left)
