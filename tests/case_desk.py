"""A bureau for tests of cases: staff, a clock that moves when told, filings complete unless a test says otherwise."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config.cases import CaseRules, load_case_rules
from models.case import Case
from models.case_file import CaseEvidence
from models.case_words import Action, CaseKind, ConsentKind, ContactOutcome, Result, Side, State
from models.database import Database
from models.role import Role
from services import followers
from services.calendar.years import seed_calendar
from services.cases.advance import advance
from services.cases.docket import Docket, open_docket
from services.cases.facts import Actor, Step, act_as_citizen
from services.cases.filing import Filing
from services.cases.intake import Receipt, file_case
from services.cases.personal import Person
from services.cases.standing import find_case

RULES = load_case_rules()
UNIT, OTHER_UNIT, ASSOCIATION = "市场秩序处", "商贸处", "示范市零售商业协会"
PHONE = "13812345678"
FILING = Filing(
    kind=CaseKind.COMPLAINT,
    category="prepaid",
    facts="2026年10月在该店办理2000元储值卡，店铺关门后联系不上，要求退还余额1500元。",
    respondent_name="示范市乐享健身服务有限公司",
    notice_version="2026-11",
    persons=(Person("欧阳小明", PHONE, "示范市人民路9号"),),
    amount_fen=150_000,
    happened_on=date(2026, 10, 8),
    requests=("退款",),
)


def staff(role: Role, number: int = 1, unit: str = UNIT) -> Actor:
    """An account of the console."""
    return Actor(frozenset({role}), f"staff:{number}", unit)


INTAKE, DISPATCHER = staff(Role.INTAKE, 1, ""), staff(Role.DISPATCHER, 2, "")
HANDLER, REVIEWER, SUPERVISOR = staff(Role.HANDLER, 3), staff(Role.REVIEWER, 4), staff(Role.SUPERVISOR, 5, "")
MEDIATOR, AUDITOR = staff(Role.MEDIATOR, 6, ASSOCIATION), staff(Role.AUDITOR, 7, "")
STRANGER = staff(Role.HANDLER, 8, OTHER_UNIT)
REACHED = Step(way="电话", outcome=ContactOutcome.REACHED)
FAILED = Step(way="电话", outcome=ContactOutcome.FAILED)


def make_evidence(**columns: Any) -> CaseEvidence:
    """A row of evidence; its file is not looked at here."""
    defaults: dict[str, Any] = {
        "sealed_name": secrets.token_hex(16),
        "key_sealed": b"key",
        "sha256": bytes(32),
        "kind": "photo",
        "mime": "image/jpeg",
        "size_bytes": 9,
        "added_by": "citizen",
        "added_at": datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    }
    return CaseEvidence(**(defaults | columns))


class CaseDesk:
    """The services as a door uses them: each call is one transaction at the present moment."""

    def __init__(self, database: Database, rules: CaseRules = RULES) -> None:
        self.database, self.rules = database, rules
        self.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday, 10:00 in Shanghai
        self.keys = 0
        with database.write() as session:
            seed_calendar(session, self.now)
            self.follower_id = followers.meet(session, "o_complainant", self.now).id

    @classmethod
    def take_over(cls, database: Database, follower_id: int) -> "CaseDesk":
        """The bureau of another process, as it is."""
        desk = cls.__new__(cls)
        desk.database, desk.rules, desk.keys, desk.follower_id = database, RULES, 0, follower_id
        desk.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
        return desk

    def pass_time(self, **parts: float) -> None:
        """Move the clock."""
        self.now += timedelta(**parts)

    @contextmanager
    def docket(self) -> Iterator[Docket]:
        """One transaction."""
        with self.database.write() as session:
            yield open_docket(session, self.rules, self.now)

    def file(self, key: str = "", follower: bool = True, actor: Actor | None = None, **changes: Any) -> Receipt:
        """Submit FILING with changes."""
        self.keys += 1
        key = key or f"client key number {self.keys:06}"
        with self.docket() as docket:
            return file_case(
                docket,
                replace(FILING, **changes),
                actor or act_as_citizen(None),
                key,
                follower_id=self.follower_id if follower else None,
            )

    def do(self, number: str, action: Action, actor: Actor, step: Step | None = None, **parts: Any) -> State:
        """Take a step; the state after it."""
        with self.docket() as docket:
            return advance(docket, number, action, actor, replace(step or Step(), **parts)).state

    def get(self, number: str) -> Case:
        """The row as it is now."""
        with self.database.read() as session:
            found = find_case(session, number)
            assert found is not None
            return found

    def citizen(self, number: str) -> Actor:
        """Whose case it is."""
        return act_as_citizen(self.get(number).id)

    def to_in_progress(self, **changes: Any) -> str:
        """A case at work in UNIT."""
        number = self.file(**changes).number
        self.do(number, Action.ACCEPT, INTAKE)
        self.do(number, Action.ASSIGN, DISPATCHER, unit=UNIT)
        self.do(number, Action.LOG_CONTACT, HANDLER, REACHED)
        self.do(number, Action.BEGIN, HANDLER)
        return number

    def to_answered(self, **changes: Any) -> str:
        """A case with an answer that two people signed."""
        number = self.to_in_progress(**changes)
        self.do(number, Action.PROPOSE_ANSWER, HANDLER, text="商家已退还余额1500元", result=Result.SETTLED)
        self.do(number, Action.APPROVE_ANSWER, REVIEWER)
        return number

    def consent(self, number: str, kind: ConsentKind, *sides: Side, is_given: bool = True) -> None:
        """Recorded by the handler."""
        for side in sides or (Side.COMPLAINANT,):
            self.do(number, Action.RECORD_CONSENT, HANDLER, consent=kind, side=side, is_given=is_given)
