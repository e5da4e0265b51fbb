"""The bureau's side of a dialogue: officials act on the case that was told last, and notices go out."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.gateway import Gateway
from jobs.notices import Sender
from models.case_words import Action, Channel, ContactOutcome, Ground, Result
from models.database import Database
from services.cases.advance import advance
from services.cases.docket import open_docket
from services.cases.facts import Actor, Step
from services.cases.intake import file_case
from tests.case_desk import DISPATCHER, FILING, HANDLER, INTAKE, REVIEWER, RULES, UNIT
from tests.conversations.clock import Clock
from tests.fake_wechat import FakeWechat

NUMBER = re.compile(r"(?:TS|JB|ZX)\d{20}")
ANSWER_NUMBER = re.compile(r"查询编号 (CX\d{23,27})")
ANSWER_CODE = re.compile(r"校验码 ((?:[A-Z2-9]{3}-){2}[A-Z2-9]{3})")
CODE = re.compile(r"查询码：([A-Z2-9]{4}-[A-Z2-9]{4})")
ACTS: dict[str, list[tuple[Action, Actor, Callable[[str], Step]]]] = {
    "受理": [(Action.ACCEPT, INTAKE, lambda _: Step())],
    "补正": [(Action.ASK_MORE, INTAKE, lambda said: Step(text=said))],
    "不予受理": [(Action.REJECT, INTAKE, lambda said: Step(text=said, ground=Ground.TOO_OLD))],
    "派办": [(Action.ASSIGN, DISPATCHER, lambda _: Step(unit=UNIT))],
    "办理": [
        (Action.LOG_CONTACT, HANDLER, lambda _: Step(way="电话", outcome=ContactOutcome.REACHED)),
        (Action.BEGIN, HANDLER, lambda _: Step()),
    ],
    "答复": [
        (Action.PROPOSE_ANSWER, HANDLER, lambda said: Step(text=said, result=Result.SETTLED)),
        (Action.APPROVE_ANSWER, REVIEWER, lambda _: Step()),
    ],
}


@dataclass
class Office:
    """Officials, the outbox, and what a phone showed of numbers and codes."""

    database: Database
    fake: FakeWechat
    gateway: Gateway
    clock: Clock
    told: dict[str, str] = field(default_factory=dict)

    def note(self, shown: str) -> None:
        """Remember the number and the query code that were shown last."""
        marks = {"编号": NUMBER, "查询码": CODE, "查询编号": ANSWER_NUMBER, "校验码": ANSWER_CODE}
        for name, found in ((name, mark.findall(shown)) for name, mark in marks.items()):
            if found:
                self.told[name] = found[-1]

    def fill(self, line: str) -> str:
        """{编号} and {查询码} as they were shown."""
        for name, value in self.told.items():
            line = line.replace("{" + name + "}", value)
        return line

    def act(self, line: str) -> None:
        """受理, 答复 文字 …, on the case that was told last."""
        verb, _, rest = line.partition(" ")
        if verb == "电话登记":
            self.register()
            return
        for action, actor, step in ACTS[verb]:
            with self.database.write() as session:
                docket = open_docket(session, RULES, self.clock())
                advance(docket, self.told["编号"], action, actor, step(rest))

    def register(self) -> None:
        """A complaint by telephone: no account of WeChat's is known."""
        with self.database.write() as session:
            docket = open_docket(session, RULES, self.clock())
            filing = replace(FILING, channel=Channel.PHONE)
            receipt = file_case(docket, filing, INTAKE, secrets.token_urlsafe(24))
        self.told |= {"编号": receipt.number, "查询码": receipt.query_code}

    def delivered(self, openid: str) -> str:
        """What reaches this citizen when the outbox is sent now."""
        before = len(self.fake.sent())
        Sender(self.database, self.gateway, self.clock).deliver()
        return "\n".join(sent["text"]["content"] for sent in self.fake.sent()[before:] if sent["touser"] == openid)
