"""Citizens who ask and complain while things break, and the reckoning: what each was told against what is stored."""

import hashlib
import itertools
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

from bot.reception import late_key
from tests.faults.town import OPEN, PATIENCE, Town, wait_until

COMPLAINT = (
    *("投诉", "1", "长沙云朵岸洗衣服务有限公司", "上个月在它门店充了2000块钱卡，现在关门了，想退钱"),
    *("李芳 13900000002", "提交"),
)
NUMBER = re.compile(r"TS[0-9A-Z]{14,}")
LETTERS = "星河云朵岸橘洲山湖海风雪竹梅兰松石泉溪谷岭桥舟帆灯琴书墨茶酒瓷陶锦绣虹霞露霜"
SERIALS = itertools.count(int(time.time()))


@dataclass
class Message:
    """What was sent and what came of it; `mark` stands in its answer and in no other."""

    key: bytes
    is_acknowledged: bool
    mark: str = ""


@dataclass
class Citizen:
    """One life: follows, complains once, asks, and remembers."""

    town: Town
    openid: str
    messages: list[Message] = field(default_factory=list)
    number: str = ""
    tries: int = 0

    def say(self, text: str, mark: str = "") -> str | None:
        """The answer, at once or later; None where WeChat said that the account is out of order."""
        before = self.town.ask_wechat(f"/users/{self.openid}/chat")["seq"]
        wish: dict[str, object] = {"user": self.openid, "type": "text", "content": text}
        sent: Any = self.town.ask_wechat("/send", wish)["delivery"]
        self.tries += len(sent["tries"])
        assert sent["outcome"] != "invalid", sent
        key = hashlib.sha256("\x00".join(["message", self.openid, str(sent["msg_id"])]).encode()).digest()
        self.messages.append(Message(key, sent["outcome"] in {"reply", "nothing"}, mark))
        if sent["outcome"] == "reply":
            return str(sent["reply"])
        return self.wait_for_answer(int(str(before)), key) if sent["outcome"] == "nothing" else None

    def wait_for_answer(self, after: int, key: bytes) -> str:
        """It comes as a message of customer service; empty where the sending of it is in doubt and not repeated."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            for entry in self.bubbles(after):
                if entry["call"]:
                    return str(entry["data"])
            if late_key(key) in self.town.doubtful_keys():
                return ""
            time.sleep(0.3)
        raise AssertionError("acknowledged and never answered")

    def bubbles(self, after: int = 0) -> list[dict[str, Any]]:
        """What the account said on this phone."""
        chat: Any = self.town.ask_wechat(f"/users/{self.openid}/chat?after={after}")["chat"]
        return [entry for entry in chat if entry["side"] == "account"]

    def insist(self, text: str) -> str:
        """Say it until it is acknowledged."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            answer = self.say(text)
            if answer is not None:
                return answer
            time.sleep(1)
        raise AssertionError("out of order for too long")

    def complain(self) -> None:
        """As people do: who is not given a number looks for it, and begins again where there is none."""
        for _ in range(20):
            for text in (*COMPLAINT, "进度"):
                found = NUMBER.search(self.insist(text))
                if found:
                    self.number = found[0]
                    return
            for text in ("取消", "确定取消"):
                self.insist(text)
        raise AssertionError("no number in twenty tries")

    def ask(self) -> None:
        """For a firm that there is not: the answer repeats the name."""
        mark = "".join(random.Random(next(SERIALS)).choices(LETTERS, k=7))
        self.say(f"{mark}宇宙飞船有限公司", mark)


class Crowd:
    """Citizens one after the other in each of `lanes` threads until the block ends; then the books must agree."""

    def __init__(self, town: Town, lanes: int = 5) -> None:
        self.town, self.citizens = town, list[Citizen]()
        self.is_over, self.faults = threading.Event(), list[BaseException]()
        self.cases_before = set(town.numbers())
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(lanes)]

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        wait_until(lambda: len(self.done()) >= 1 or bool(self.faults))
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.is_over.set()
        wait_until(lambda: not any(one.is_alive() for one in self.threads), 4 * PATIENCE, [self.town.age_spool])
        if self.faults and kind is None:
            raise self.faults[0]

    def done(self) -> list[Citizen]:
        """Who has got what they came for."""
        return [one for one in self.citizens if one.number]

    def live_through(self, more: int) -> None:
        """Until so many more have got their numbers."""
        wanted = len(self.done()) + more
        wait_until(lambda: len(self.done()) >= wanted or bool(self.faults))

    def work(self) -> None:
        """One lane."""
        try:
            while not self.is_over.is_set():
                user: Any = self.town.ask_wechat("/users", {"name": f"市民{next(SERIALS)}"})
                citizen = Citizen(self.town, user["openid"])
                self.town.ask_wechat(f"/users/{citizen.openid}/follow", {})
                self.citizens.append(citizen)
                citizen.ask()
                citizen.complain()
                citizen.ask()
        except BaseException as fault:
            self.faults.append(fault)

    def reckon(self) -> str:
        """The counts, once all that is acknowledged was told; AssertionError where they disagree."""
        town, acts = self.town, [self.town.age_spool]
        wait_until(lambda: not town.count_notices(*OPEN), act=acts)
        wait_until(lambda: not town.kept(), act=acts)
        messages = [message for one in self.citizens for message in one.messages]
        acknowledged = [message for message in messages if message.is_acknowledged]
        stored = town.stored_keys()
        lost = [message for message in acknowledged if message.key not in stored]
        said = Counter[str]()
        for one in self.citizens:
            words = [str(entry["data"]) for entry in one.bubbles()]
            said.update({m.mark: sum(m.mark in text for text in words) for m in one.messages if m.mark})
        silent = {late_key(message.key) for message in acknowledged if message.mark and not said[message.mark]}
        filed, told = set(town.numbers()) - self.cases_before, [one.number for one in self.citizens]
        counts = (
            f"messages {len(messages)} sent in {sum(one.tries for one in self.citizens)} tries, "
            f"{len(acknowledged)} acknowledged, {len(lost)} of them lost; "
            f"questions answered {sum(count > 0 for count in said.values())} of {len(said)}, "
            f"{sum(count > 1 for count in said.values())} twice, {len(silent)} in doubt; "
            f"complaints acknowledged {len(told)}, found {len(filed & set(told))}, unknown to anybody "
            f"{len(filed - set(told))}"
        )
        assert not lost, counts
        assert all(count <= 1 for count in said.values()), counts
        assert silent <= town.doubtful_keys(), counts
        assert len(set(told)) == len(told) == len(self.citizens) > 0, counts
        assert filed == set(told), counts
        return counts
