"""Filing and moving a case while the process is killed: what was acknowledged exists once and whole."""

import os
import signal
from contextlib import suppress

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from models import Base
from models.case import Case, CaseEvent, CaseNumbering, CaseParty
from models.case_clock import CaseDeadline
from models.case_file import CaseDraft
from models.case_words import Action, State
from models.database import Database
from models.notice import Notice
from services.cases.drafts import save_draft
from services.cases.history import verify_history
from services.cases.timing import open_deadlines
from tests.case_desk import INTAKE, CaseDesk
from tests.conftest import VAULT, empty_tables
from tests.dying import Steps

KEY = "the key of a citizen in a tunnel"


def act(url: str, what: str, number: str, die_at: int, follower_id: int) -> str:
    """In a process of its own: killed just before its n-th statement, or just after its commit (0); -1: not killed."""
    database = Database(url, VAULT)
    desk = CaseDesk.take_over(database, follower_id)
    steps = Steps(die_at)
    event.listen(database.engine, "before_cursor_execute", steps.count)
    answer = ""
    if what == "file":
        for _again in range(20):  # as a citizen does who is told that it did not work now
            with suppress(OperationalError):
                receipt = desk.file(key=KEY)
                answer = f"{receipt.number} {receipt.query_code}"
                break
    else:
        answer = str(desk.do(number, Action.ACCEPT, INTAKE))
    if die_at == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return f"{steps.seen} {answer}"


class Child:
    """A process forked from this one, which has all modules: it opens a database of its own and nothing of ours."""

    def __init__(self, desk: CaseDesk, what: str, number: str, die_at: int) -> None:
        url = desk.database.engine.url.render_as_string(hide_password=False)
        self.said, said = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.write(said, act(url, what, number, die_at, desk.follower_id).encode())
                code = 0
            finally:
                os._exit(code)
        os.close(said)

    def wait(self) -> tuple[int, str]:
        """Its exit code, negative for a signal, and what it said."""
        status = os.waitpid(self.pid, 0)[1]
        with os.fdopen(self.said) as said:
            return os.waitstatus_to_exitcode(status), said.read()


def run_child(desk: CaseDesk, what: str, number: str, die_at: int) -> tuple[int, str]:
    """Its exit code and what it said."""
    code, said = Child(desk, what, number, die_at).wait()
    assert code in {0, -signal.SIGKILL}
    return code, said


def count_rows(database: Database) -> dict[str, int]:
    """Rows by table, of what a filing writes."""
    tables = (Case, CaseEvent, CaseParty, CaseDeadline, CaseNumbering, CaseDraft, Notice)
    with database.read() as session:
        return {one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


FILED = {"cases": 1, "case_events": 1, "case_parties": 1, "case_deadlines": 1, "case_numbering": 1, "notices": 1}


def statements_of(desk: CaseDesk, what: str, number: str) -> int:
    """How many statements an undisturbed run takes."""
    code, said = run_child(desk, what, number, -1)
    assert code == 0
    return int(said.split()[0])


def prepare(database: Database) -> CaseDesk:
    """A bureau with a citizen's draft."""
    empty_tables(database)
    desk = CaseDesk(database)
    with desk.docket() as docket:
        save_draft(docket, KEY, {"facts": "写了一半"}, desk.follower_id)
    return desk


@pytest.mark.slow
def test_killed_at_every_statement_of_filing(database: Database) -> None:
    desk = prepare(database)
    total = statements_of(desk, "file", "")
    assert total > 15
    survived = 0
    for die_at in [*range(1, total + 1, 5), 0]:
        desk = prepare(database)
        code, said = run_child(desk, "file", "", die_at)
        assert (code, said) == (-signal.SIGKILL, ""), "it was killed before it could say anything"
        rows = count_rows(database)
        is_there = rows["cases"] == 1
        survived += is_there
        assert is_there == (die_at == 0), "all or nothing"
        assert rows["case_drafts"] == (0 if is_there else 1), "what was typed is there or filed"
        first, again = desk.file(key=KEY), desk.file(key=KEY)
        assert (first.number, first.query_code) == (again.number, again.query_code)
        assert first.is_new == (not is_there)
        assert {name: rows for name, rows in count_rows(database).items() if rows} == FILED
        with desk.docket() as docket:
            assert verify_history(docket, desk.get(first.number)) == []
    assert survived == 1


@pytest.mark.slow
def test_killed_at_every_statement_of_a_step(database: Database) -> None:
    desk = prepare(database)
    number = desk.file(key=KEY).number
    total = statements_of(desk, "accept", number)
    for die_at in [*range(1, total + 1, 5), 0]:
        desk = prepare(database)
        number = desk.file(key=KEY).number
        before = count_rows(database)
        assert run_child(desk, "accept", number, die_at) == (-signal.SIGKILL, "")
        case = desk.get(number)
        if die_at:
            assert case.state is State.SUBMITTED
            assert count_rows(database) == before
            assert desk.do(number, Action.ACCEPT, INTAKE) is State.ACCEPTED
        else:
            assert case.state is State.ACCEPTED
        with desk.docket() as docket:
            case = desk.get(number)
            assert verify_history(docket, case) == []
            assert len(open_deadlines(docket.session, case.id)) == 2
        assert count_rows(database)["notices"] == 2


def test_the_same_filing_from_many_at_once_is_one_case(database: Database) -> None:
    desk = prepare(database)
    children = [Child(desk, "file", "", -1) for _ in range(4)]
    answers = {child.wait()[1].split(maxsplit=1)[1] for child in children}
    assert len(answers) == 1, "all were told the same number and code"
    assert {name: rows for name, rows in count_rows(database).items() if rows} == FILED
    assert desk.get(answers.pop().split()[0]).state is State.SUBMITTED


def test_a_full_disk_loses_nothing_and_can_be_tried_again(sqlite: Database) -> None:
    desk = prepare(sqlite)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    event.listen(sqlite.engine, "commit", fail)
    try:
        with pytest.raises(OSError, match="No space"):
            desk.file(key=KEY)
    finally:
        event.remove(sqlite.engine, "commit", fail)
    assert count_rows(sqlite)["cases"] == 0
    assert count_rows(sqlite)["case_drafts"] == 1
    assert desk.file(key=KEY).is_new


def test_what_a_filing_writes_is_known(sqlite: Database) -> None:
    """A table that a filing begins to write must be counted above."""
    desk = prepare(sqlite)
    before = every_count(sqlite)
    desk.file(key=KEY)
    changed = {name for name, rows in every_count(sqlite).items() if rows != before[name]}
    assert changed == {*FILED, "case_drafts", "case_consents"}


def every_count(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in Base.metadata.tables
        }
