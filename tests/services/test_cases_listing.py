"""The work list agrees with the tables of who may see and who is waited for, and stays quick with ten thousand."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, insert, select, text

from models.case import Case
from models.case_clock import CaseDeadline
from models.case_words import State, Timer
from models.database import Database
from services.calendar.years import seed_calendar
from services.cases.docket import open_docket
from services.cases.listing import Scope, Stand, Urgent, Wanted, count_waiting, list_cases, measure
from services.cases.offers import find_next, list_offers
from services.cases.sight import Viewer
from services.cases.standing import read_facts
from services.cases.view import viewer_of
from services.demo.cases import find_cast, load_demo_cases
from services.demo.staff import add_demo_staff
from tests.case_desk import INTAKE, RULES, CaseDesk


@pytest.fixture
def bureau(sqlite: Database, now: datetime) -> Database:
    """The demonstration's staff and cases."""
    with sqlite.write() as session:
        seed_calendar(session, now)
        add_demo_staff(session, "a key of the demonstration", now)
        load_demo_cases(session, RULES, now)
    return sqlite


def test_the_list_shows_what_the_table_of_sight_lets_one_see(bureau: Database, now: datetime) -> None:
    with bureau.read() as session:
        docket = open_docket(session, RULES, now)
        found = list(session.scalars(select(Case)))
        for login, actor in find_cast(session).actors.items():
            seen = {row.case.id for row in list_cases(docket, actor, Wanted(), count=500).rows}
            assert seen == {case.id for case in found if viewer_of(case, actor) is not Viewer.STRANGER}, login


def test_what_waits_for_me_has_a_main_button_of_mine(bureau: Database, now: datetime) -> None:
    with bureau.read() as session:
        docket = open_docket(session, RULES, now)
        found, counted = list(session.scalars(select(Case))), 0
        for login, actor in find_cast(session).actors.items():
            mine = {row.case.number for row in list_cases(docket, actor, Wanted(Scope.MINE), count=500).rows}
            with_button = set()
            for case in found:
                facts = read_facts(docket, case)
                if find_next(facts, list_offers(facts, actor, now), actor):
                    with_button.add(case.number)
            assert mine == with_button, login
            assert count_waiting(session, actor) == len(mine)
            still_open = list_cases(docket, actor, Wanted(Scope.MINE, Stand.OPEN), count=500).rows
            assert len(still_open) == len(mine), "what the home page counts stands in the list"
            counted += len(mine)
        assert counted > 30


def test_pages_follow_one_another_without_gap(bureau: Database, now: datetime) -> None:
    with bureau.read() as session:
        docket = open_docket(session, RULES, now)
        whole = [row.case.id for row in list_cases(docket, INTAKE, Wanted(), count=500).rows]
        seen, after = [], ""
        while True:
            page = list_cases(docket, INTAKE, Wanted(), after, count=7)
            seen += [row.case.id for row in page.rows]
            after = page.more
            if not after:
                break
        assert seen == whole
        assert len(set(whole)) == len(whole) > 40
        for urgent in Urgent:
            for row in list_cases(docket, INTAKE, Wanted(urgent=urgent), count=500).rows:
                assert measure(docket, row.due_at)[0] is urgent


def test_days_to_go_are_working_days(database: Database) -> None:
    desk = CaseDesk(database)
    number = desk.file().number  # Friday; seven working days end on Tuesday, 1 December
    told = []
    for _ in range(13):
        with desk.docket() as docket:
            row = list_cases(docket, INTAKE, Wanted()).rows[0]
            urgent, days = measure(docket, row.due_at)
            told.append(f"{urgent} {days}")
        desk.pass_time(days=1)
    assert row.case.number == number
    assert told == [
        "later 7", "later 7", "later 7", "later 6", "later 5", "later 4", "later 3", "soon 2", "soon 2", "soon 2",
        "soon 1", "today 0", "late 1",
    ]  # fmt: skip


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that were sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.slow
def test_ten_thousand_cases_stay_quick(database: Database) -> None:
    desk = CaseDesk(database)
    number = desk.file().number
    with desk.docket() as docket:
        pattern = docket.session.execute(text("SELECT * FROM cases")).mappings().one()
        cases, deadlines = [], []
        for serial in range(pattern["id"] + 1, pattern["id"] + 10_001):
            is_open = serial % 20 == 0
            columns = dict(pattern) | {
                "id": serial, "number": f"{number[:-6]}{100_000 + serial}", "client_key_hash": serial.to_bytes(32),
                "state": "submitted" if is_open else "closed", "requests": "[]",
            }  # fmt: skip
            cases.append(columns)
            at = desk.now + timedelta(minutes=serial)
            deadlines.append({
                "case_id": serial, "timer": Timer.ACCEPT, "length": 7, "measure": "working", "started_at": desk.now,
                "due_at": at, "due_on": at.date(), "ended_at": None if is_open else desk.now, "is_provisional": False,
            })  # fmt: skip
        names = ", ".join(cases[0])
        docket.session.execute(text(f"INSERT INTO cases ({names}) VALUES (:{', :'.join(cases[0])})"), cases)
        docket.session.execute(insert(CaseDeadline), deadlines)
    with database.write() as session:
        session.execute(text("ANALYZE"))
    with database.read() as session:
        docket = open_docket(session, RULES, desk.now)
        for wanted in (Wanted(Scope.MINE, Stand.OPEN), Wanted(state=State.CLOSED), Wanted(text="乐享")):
            with counted(database) as sent:
                began = time.perf_counter()
                page = list_cases(docket, INTAKE, wanted)
                took = time.perf_counter() - began
            assert len(page.rows) == 40
            assert page.more
            assert len(sent) == 3, "the page, its deadlines, its proposals"
            assert took < 1, f"{took:.3f} s"
            session.expunge_all()
        if database.is_sqlite:
            plan = "\n".join(str(row) for row in session.execute(text(
                "EXPLAIN QUERY PLAN SELECT case_id, min(due_at) FROM case_deadlines "
                "WHERE ended_at IS NULL AND due_at IS NOT NULL GROUP BY case_id")))  # fmt: skip
            assert "SCAN cases" not in plan
            assert "USING INDEX" in plan
