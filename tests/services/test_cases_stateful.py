"""The workflow under any sequence of steps: nothing silently lost, nothing rewritten, no right overstepped."""

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from sqlalchemy import select

from jobs.cases import CaseClock
from models.case import CaseEvent
from models.case_clock import CaseProposal
from models.case_words import (
    Action,
    CaseKind,
    Channel,
    ConsentKind,
    ContactOutcome,
    Ground,
    Outsider,
    Result,
    Side,
    State,
)
from models.database import Database
from models.role import Role
from services.cases.advance import RefusedError
from services.cases.facts import SYSTEM, Actor, Step, act_as_citizen
from services.cases.history import verify_history
from services.cases.timing import open_deadlines
from services.cases.workflow import BY_ACTION, FINAL, OPEN, TABLE, TIMERS
from tests.case_desk import ASSOCIATION, OTHER_UNIT, UNIT, CaseDesk

STAFF = [
    Actor(frozenset({Role.INTAKE}), "staff:1"),
    Actor(frozenset({Role.DISPATCHER}), "staff:2"),
    Actor(frozenset({Role.HANDLER}), "staff:3", UNIT),
    Actor(frozenset({Role.HANDLER, Role.REVIEWER}), "staff:4", UNIT),
    Actor(frozenset({Role.HANDLER}), "staff:5", OTHER_UNIT),
    Actor(frozenset({Role.SUPERVISOR}), "staff:6"),
    Actor(frozenset({Role.MEDIATOR}), "staff:7", ASSOCIATION),
    Actor(frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.ASSOCIATION}), "staff:8", ASSOCIATION),
]
WALKS = int(os.environ.get("STATEFUL_WALKS", "14"))
EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "12"))
# What makes most steps possible, so that random walks go far; sometimes something is left out.
BACK = {Action.REOPEN, Action.RESUBMIT, Action.TAKE_BACK, Action.TAKE_BACK_ACCEPTED}
FULL: dict[str, Any] = {
    "text": "处理情况说明",
    "note": "内部说明",
    "ground": Ground.TOO_OLD,
    "receiver": ASSOCIATION,
    "legal_basis": "某法第一条",
    "remote_number": "12345-1",
    "result": Result.SETTLED,
    "is_confirmed": True,
    "is_same_matter": True,
    "has_new_facts": True,
    "way": "电话",
    "summary": "储值卡余额未退",
}
steps = st.fixed_dictionaries(
    {
        "unit": st.sampled_from([UNIT, UNIT, OTHER_UNIT]),
        "score": st.integers(1, 5),
        "consent": st.sampled_from(ConsentKind),
        "side": st.sampled_from([Side.COMPLAINANT, Side.RESPONDENT]),
        "is_given": st.sampled_from([True, True, True, False]),
        "outcome": st.sampled_from(ContactOutcome),
        "without": st.sampled_from([*[""] * 9, "text", "note", "is_confirmed"]),
    }
)


class Cases(RuleBasedStateMachine):
    """Citizens and staff do what they like; the clock runs."""

    database: Database
    taken: Counter[Action]
    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        with self.database.write() as session:
            for table in reversed(CaseEvent.metadata.sorted_tables):
                session.execute(table.delete())
        self.desk = CaseDesk(self.database)
        self.clock = CaseClock(self.database, self.desk.rules, lambda: self.desk.now)
        self.known: dict[str, list[tuple[Any, ...]]] = {}

    @initialize(target=numbers, kind=st.sampled_from(CaseKind), so_far=st.sampled_from(["in_progress", "answered"]))
    def begin(self, kind: CaseKind, so_far: str) -> Any:
        return self.file(kind, Channel.CHAT, "甲公司", so_far)

    @rule(
        target=numbers,
        kind=st.sampled_from(CaseKind),
        channel=st.sampled_from([Channel.CHAT, Channel.HOTLINE]),
        firm=st.sampled_from(["甲公司", "乙公司"]),
        so_far=st.sampled_from(["filed", "in_progress", "answered"]),
    )
    def file_another(self, kind: CaseKind, channel: Channel, firm: str, so_far: str) -> Any:
        return self.file(kind, channel, firm, so_far) if len(self.known) < 4 else multiple()

    def file(self, kind: CaseKind, channel: Channel, firm: str, so_far: str) -> str:
        actor = SYSTEM if channel is Channel.HOTLINE else act_as_citizen(None)
        changes: dict[str, Any] = {"actor": actor, "kind": kind, "channel": channel, "respondent_name": firm}
        ways = {"in_progress": self.desk.to_in_progress, "answered": self.desk.to_answered}
        number = ways[so_far](**changes) if so_far in ways else self.desk.file(**changes).number
        self.known[number] = []
        return number

    @rule(
        number=numbers,
        other=numbers,
        action=st.sampled_from(Action),
        who=st.sampled_from([*STAFF, None, "another"]),
        bring=steps,
    )
    def try_anything(self, number: str, other: str, action: Action, who: Any, bring: dict[str, Any]) -> None:
        self.attempt(number, other, action, who, bring)

    @rule(number=numbers, other=numbers, bring=st.lists(st.tuples(st.integers(0, 99), steps), min_size=8, max_size=20))
    def walk(self, number: str, other: str, bring: list[tuple[int, dict[str, Any]]]) -> None:
        """Steps that the state allows, each by whoever may take it."""
        for pick, parts in bring:
            state = self.desk.get(number).state
            possible = [line.action for line in TABLE if state in line.sources]
            if not possible:
                return
            onward = [action for action in possible if BY_ACTION[action].target in OPEN]
            choice = onward if pick % 2 and onward else possible
            action = choice[pick // 2 % len(choice)]
            for who in [*STAFF, None]:
                if self.attempt(number, other, action, who, parts):
                    self.no_deadline_is_lost()
                    break

    def attempt(self, number: str, other: str, action: Action, who: Any, bring: dict[str, Any]) -> bool:
        before = self.desk.get(number)
        case_id = self.desk.get(other).id if who == "another" else before.id
        actor = who if isinstance(who, Actor) else act_as_citizen(case_id)
        parts = FULL | {key: value for key, value in bring.items() if key != "without"}
        parts = {key: value for key, value in parts.items() if key != bring["without"]}
        try:
            after = self.desk.do(number, action, actor, Step(**parts, parent_number=other))
        except RefusedError:
            again = self.desk.get(number)
            assert (again.state, again.event_count) == (before.state, before.event_count), "a refusal writes nothing"
            return False
        line = BY_ACTION[action]
        self.taken[action] += 1
        assert actor.roles & line.who, "no actor without right"
        assert before.state in line.sources
        assert after is line.end_in(before.state)
        if isinstance(who, str):
            assert case_id == before.id, "one citizen reached another's case"
        if Role.HANDLER in actor.roles and actor.roles & line.who == {Role.HANDLER}:
            assert actor.unit == before.unit
        if before.state in FINAL and after in OPEN:
            assert action in BACK, "closed stays closed unless by rule"
        return True

    @rule(hours=st.sampled_from([1, 9, 24, 24, 72, 240]))
    def pass_time(self, hours: int) -> None:
        self.desk.pass_time(hours=hours)
        self.clock.tend()
        assert self.clock.tend() == 0, "the same moment again does nothing"

    @rule(years=st.sampled_from([0, 0, 0, 0, 0, 0, 0, 3]))
    def pass_years(self, years: int) -> None:
        self.desk.now += timedelta(days=366 * years)
        self.clock.clean_up()

    @invariant()
    def history_is_whole_and_only_grows(self) -> None:
        with self.desk.docket() as docket:
            for number, before in self.known.items():
                case = self.desk.get(number)
                assert verify_history(docket, case) == []
                events = docket.session.scalars(
                    select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.sequence)
                )
                rows = [(one.sequence, one.at, one.action, one.to_state, one.actor, one.seal) for one in events]
                assert rows[: len(before)] == before
                self.known[number] = rows

    @invariant()
    def no_deadline_is_lost(self) -> None:
        with self.desk.database.read() as session:
            for number in self.known:
                case = self.desk.get(number)
                open_timers = set(open_deadlines(session, case.id))
                allowed = {one.timer for one in TIMERS if case.state in {*one.runs, *one.pauses}}
                assert open_timers <= allowed
                if case.state in OPEN:
                    assert open_timers, f"{case.state} waits for nothing"
                for row in open_deadlines(session, case.id).values():
                    assert (row.due_at is None) == (bool(row.pauses) and row.pauses[-1][1] is None)
                if case.state is State.ARCHIVED:
                    assert case.facts_sealed is None

    @invariant()
    def four_eyes_saw_every_answer(self) -> None:
        with self.desk.database.read() as session:
            for row in session.scalars(select(CaseProposal).where(CaseProposal.is_approved)):
                assert row.decided_by != row.proposed_by
            for event in session.scalars(select(CaseEvent)):
                assert event.role in {str(one) for one in BY_ACTION[event.action].who}
                assert (event.role == Outsider.CITIZEN) == (event.actor == "citizen")


@pytest.mark.slow
def test_any_sequence_of_steps(sqlite: Database) -> None:
    taken: Counter[Action] = Counter()
    Machine = type("Machine", (Cases,), {"database": sqlite, "taken": taken})  # noqa: N806
    Machine.TestCase.settings = settings(  # type: ignore[attr-defined]
        max_examples=EXAMPLES, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Machine.TestCase().runTest()  # type: ignore[attr-defined]
    assert taken.total() > EXAMPLES, "the walks stood still"


@pytest.mark.slow
def test_long_walks_meet_nearly_every_step(sqlite: Database) -> None:
    """Hypothesis likes short and repeated; this goes far, by the same rules and invariants."""
    taken: Counter[Action] = Counter()
    chance = random.Random(20261120)
    kinds = {"database": sqlite, "taken": taken}
    for _ in range(WALKS):
        machine = type("Machine", (Cases,), kinds)()
        number = machine.file(chance.choice(list(CaseKind)), Channel.CHAT, "甲公司", "in_progress")
        other = machine.file(machine.desk.get(number).kind, Channel.CHAT, "甲公司", "filed")
        for _ in range(40):
            bring = {
                "unit": UNIT,
                "score": chance.randint(1, 5),
                "consent": chance.choice(list(ConsentKind)),
                "side": chance.choice([Side.COMPLAINANT, Side.RESPONDENT]),
                "is_given": chance.random() < 0.9,
                "outcome": chance.choice(list(ContactOutcome)),
                "without": "note" if chance.random() < 0.05 else "",
            }
            one, two = chance.sample([number, other], 2)
            machine.walk(one, two, [(chance.randrange(1000), bring)])
            if chance.random() < 0.15:
                machine.pass_time(chance.choice([1, 24, 72, 240]))
        machine.history_is_whole_and_only_grows()
        machine.four_eyes_saw_every_answer()
    assert taken.total() > 10 * WALKS
    assert len(taken) > 22, sorted(set(Action) - set(taken))
