"""全量名单: what a newer full list of a source no longer holds is ended; a partial file never ends anything."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from config.sources import Source, Sources
from models.archive import ArchiveEvent
from models.archive_words import ArchiveAction, Life, Subject
from models.database import Database
from models.importing import ImportKind, ImportRun, RunState
from models.record import Record
from services.cases.facts import SYSTEM
from services.credit.advance import advance
from services.credit.ledger import Ledger, load_row
from services.credit.report import compose_report
from services.errors import UserError
from services.imports.running import Importer
from tests.archive_desk import RULES
from tests.import_files import ImportDesk
from tests.register_files import code

UNIT = "人民法院"
HEADINGS = ["被执行人名称", "统一社会信用代码", "类别", "案号", "执行法院", "立案时间", "失信被执行人行为具体情形"]


def declare(**values: Any) -> Source:
    told = {"code": "court", "kind": "court", "unit": UNIT, "way": "folder", "is_full": True}
    return Source.model_validate(told | values)


class CourtDesk(ImportDesk):
    """Lists of the courts, imported as a declared source's."""

    source: Source = declare()

    @property
    def importer(self) -> Importer:
        made = super().importer
        made.sources = Sources(sources=[self.source])
        return made

    def bring(
        self, *numbers: int, on: date, full: bool = True, more: tuple[list[str], ...] = (), **order: Any
    ) -> ImportRun:
        """A list with these firms, of a day."""
        rows = [self.row(number) for number in numbers]
        given = {"data_on": on, "source_unit": UNIT, "source": "court" if full else None} | order
        return self.table([HEADINGS, *rows, *more], ImportKind.COURT, **given)

    def row(self, number: int, **cells: str) -> list[str]:
        usual = {
            "被执行人名称": f"长沙第{number}商贸有限公司",
            "统一社会信用代码": code(number),
            "类别": "法人及非法人组织",
            "案号": f"（2026）湘0102执{number}号",
            "执行法院": "长沙市芙蓉区人民法院",
            "立案时间": "2026-03-02",
            "失信被执行人行为具体情形": "有履行能力而拒不履行",
        }
        return [(usual | cells)[heading] for heading in HEADINGS]

    def shown(self) -> set[int]:
        """Numbers of the firms that are shown as 失信被执行人 today."""
        with self.database.read() as session:
            found = session.execute(select(Record.enterprise_id).where(Record.life == Life.PUBLISHED)).scalars()
            reports = [compose_report(session, one, self.now.date()) for one in set(found)]
        named = {report.name for report in reports if report and report.items_of("court")}
        return {number for number in range(1, 30) if f"长沙第{number}商贸有限公司" in named}


@pytest.fixture
def desk(database: Database, tmp_path: Path, now: Any) -> CourtDesk:
    made = CourtDesk(database, tmp_path, now, batch=4)
    for number in range(1, 13):
        made.firm(number)
    return made


@pytest.fixture
def first(desk: CourtDesk) -> date:
    """Ten firms on the list of this day."""
    on = desk.now.date() - timedelta(days=20)
    assert desk.bring(*range(1, 11), on=on).added_count == 10
    return on


def test_what_a_newer_full_list_lacks_is_shown_no_more(desk: CourtDesk, first: date) -> None:
    run = desk.bring(*range(3, 12), on=first + timedelta(days=7))
    assert (run.added_count, run.unchanged_count, run.ended_count) == (1, 8, 2)
    assert "停止公示的 2 条：长沙第1商贸有限公司、长沙第2商贸有限公司" in run.notes[-1]
    assert desk.shown() == set(range(3, 12))
    with desk.database.read() as session:
        ended = session.scalars(select(ArchiveEvent).where(ArchiveEvent.action == ArchiveAction.REMOVE)).all()
        assert {(event.to_life, event.reason) for event in ended} == {(Life.REMOVED, "来源的全量名单中已没有")}


def test_a_partial_file_ends_nothing(desk: CourtDesk, first: date) -> None:
    run = desk.bring(3, on=first + timedelta(days=7), full=False)
    assert run.ended_count == 0
    assert desk.shown() == set(range(1, 11))


def test_a_source_that_is_not_declared_full_ends_nothing(desk: CourtDesk, first: date) -> None:
    desk.source = declare(is_full=False)
    assert desk.bring(3, on=first + timedelta(days=7)).ended_count == 0
    assert desk.shown() == set(range(1, 11))


def test_a_check_names_what_would_end_and_ends_nothing(desk: CourtDesk, first: date) -> None:
    run = desk.bring(*range(3, 11), on=first + timedelta(days=7), is_rehearsal=True)
    assert (run.state, run.ended_count) == (RunState.CHECKED, 2)
    assert "长沙第1商贸有限公司" in run.notes[-1]
    assert desk.shown() == set(range(1, 11))


@pytest.mark.parametrize(("held", "state"), [(7, RunState.DONE), (6, RunState.REFUSED)])
def test_a_file_in_which_more_than_a_third_is_missing_is_refused(
    desk: CourtDesk, first: date, held: int, state: RunState
) -> None:
    run = desk.bring(*range(1, held + 1), 12, on=first + timedelta(days=7))
    assert run.state is state
    if state is RunState.REFUSED:
        assert "占现在公示的 10 条中的 4 条，超过了 33%" in run.fault
        assert desk.shown() == set(range(1, 11))


def test_it_is_undone_as_one_act(desk: CourtDesk, first: date) -> None:
    run = desk.bring(*range(3, 12), on=first + timedelta(days=7))
    desk.undo(run)
    assert desk.shown() == set(range(1, 11))


def test_undoing_is_refused_where_something_was_done_since(desk: CourtDesk, first: date) -> None:
    run = desk.bring(*range(3, 11), on=first + timedelta(days=7))
    with desk.database.write() as session:
        row = load_row(session, Subject.RECORD, desk.records()[0].id)
        assert row is not None
        row.life = Life.PUBLISHED
        session.flush()
        advance(Ledger(session, RULES, desk.now), row, ArchiveAction.WITHDRAW, SYSTEM, "法院撤销")
    with pytest.raises(UserError, match="又有变动"):
        desk.undo(run)


def test_rows_that_could_not_be_used_spare_their_firms(desk: CourtDesk, first: date) -> None:
    """A wrong date, a name of one firm under the code of another: nobody leaves the list for a slip of a clerk."""
    more = (
        desk.row(1, 立案时间="某日"),
        desk.row(2, 统一社会信用代码=code(11)),
        desk.row(3, 被执行人名称="湘潭无此商贸有限公司"),
        desk.row(20, 被执行人名称="王建国", 统一社会信用代码="", 类别="自然人"),
    )
    run = desk.bring(*range(5, 11), on=first + timedelta(days=7), more=more)
    assert run.ended_count == 1
    assert desk.shown() == {1, 2, 3, *range(5, 11)}


def test_rows_that_name_nobody_stop_all_ending(desk: CourtDesk, first: date) -> None:
    nobody = (desk.row(1, 被执行人名称="", 统一社会信用代码=""),)
    run = desk.bring(*range(2, 11), on=first + timedelta(days=7), more=nobody)
    assert run.ended_count == 0
    assert "看不出是哪一家" in run.notes[-1]
    assert desk.shown() == set(range(1, 11))


def test_an_older_full_list_ends_nothing(desk: CourtDesk, first: date) -> None:
    desk.bring(*range(1, 11), on=first + timedelta(days=7))
    run = desk.bring(*range(2, 11), on=first + timedelta(days=3))
    assert run.ended_count == 0
    assert "更新的全量名单" in run.notes[-1]
    assert desk.shown() == set(range(1, 11))


def test_who_comes_back_on_a_newer_list_is_shown_again(desk: CourtDesk, first: date) -> None:
    desk.bring(*range(2, 11), on=first + timedelta(days=7))
    assert 1 not in desk.shown()
    desk.bring(*range(1, 11), on=first + timedelta(days=3))  # an old file does not bring it back
    assert 1 not in desk.shown()
    run = desk.bring(*range(1, 11), on=first + timedelta(days=9))
    assert run.added_count == 1
    assert desk.shown() == set(range(1, 11))


def test_what_other_sources_brought_stays(desk: CourtDesk, first: date) -> None:
    desk.bring(12, on=first, full=False, source_unit="湘潭市中级人民法院")
    run = desk.bring(*range(2, 11), on=first + timedelta(days=7))
    assert run.ended_count == 1
    assert 12 in desk.shown()


def test_the_same_full_list_twice_changes_nothing(desk: CourtDesk, first: date) -> None:
    on = first + timedelta(days=7)
    desk.bring(*range(3, 12), on=on)
    again = desk.bring(*range(3, 12), on=on)
    assert (again.added_count, again.ended_count, again.unchanged_count) == (0, 0, 9)


@pytest.mark.parametrize("values", [{"kind": "penalty"}, {"unit": ""}, {"most_missing": 0}, {"most_missing": 1.1}])
def test_what_cannot_be_a_full_list_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declare(**values)
