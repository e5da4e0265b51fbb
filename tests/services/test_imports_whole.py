"""An import as one act: killed, raced, undone; on both databases."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.archive import ArchiveEvent
from models.archive_words import ArchiveAction, Life
from models.audit import Act, AuditEntry
from models.database import Database
from models.enterprise import Enterprise, Status
from models.importing import ImportKind, ImportRun, QuarantineState, RunState
from models.record import Dataset, Record
from models.role import Role
from services.cases.facts import Actor
from services.credit.advance import advance
from services.credit.ledger import Ledger
from services.errors import UserError
from services.imports.planning import Planner
from services.imports.runs import Order, begin_run, claim, end_broken
from tests.import_files import CLERK, ImportDesk, day, lay_out, penalty, spell_csv

CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from models.database import Database
from services.evidence.store import EvidenceStore
from services.imports import applying, running
from tests.conftest import VAULT
url, file, folder, now, run_id = sys.argv[1:]
insert_many = applying.insert_many
def tell(session, table, columns, rows):
    insert_many(session, table, columns, rows)
    print(table, flush=True)
    if table == "archive_events":
        sys.stdin.read()
applying.insert_many = tell
importer = running.Importer(
    Database(url, VAULT), EvidenceStore(Path(folder), 0), lambda: datetime.fromisoformat(now), batch=50
)
importer.run(int(run_id), open(file, "rb"))
"""


@pytest.fixture
def desk(database: Database, tmp_path: Path, now: datetime) -> ImportDesk:
    return ImportDesk(database, tmp_path, now, batch=50)


def begin(desk: ImportDesk) -> int:
    """A run that waits."""
    with desk.database.write() as session:
        order = Order(ImportKind.PENALTY, "双公示.csv", "0" * 64, 1)
        return begin_run(session, order, CLERK, desk.now, RunState.WAITING).id


def state_of(desk: ImportDesk, run_id: int) -> ImportRun:
    """The row of a run."""
    with desk.database.read() as session:
        return session.get_one(ImportRun, run_id)


def test_killed_while_it_writes_nothing_is_left(desk: ImportDesk) -> None:
    rows = [penalty(number) for number in range(1, 201)] + [penalty(300, 行政相对人类别="")]
    file = desk.folder / "双公示.csv"
    file.write_bytes(spell_csv(lay_out(rows)))
    run_id, url = begin(desk), desk.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, str(file), str(desk.folder / "kept"), desk.now.isoformat(), str(run_id)]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as child:
        assert child.stdout
        written = [child.stdout.readline().strip() for _ in range(3)]
        os.kill(child.pid, signal.SIGKILL)  # in the middle of the transaction: the first batch lies in the tables
    assert written == ["enterprises", "records", "archive_events"]
    assert (desk.records(), desk.quarantined()) == ([], [])
    assert state_of(desk, run_id).state is RunState.RUNNING
    desk.now += timedelta(minutes=6)
    with desk.database.write() as session:
        (broken,) = end_broken(session, desk.now)
    assert (broken.id, broken.state) == (run_id, RunState.FAILED)
    assert "没有写入任何数据" in broken.fault
    again = desk.rows(*rows)
    assert (again.added_count, again.enterprise_count, again.quarantined_count) == (200, 200, 1)


def test_one_import_at_a_time(desk: ImportDesk) -> None:
    first, second = begin(desk), begin(desk)
    with desk.database.write() as session:
        claim(session, first, desk.now)
    with desk.database.write() as session, pytest.raises(UserError, match=f"第 {first} 号导入正在进行"):
        claim(session, second, desk.now)
    with desk.database.write() as session:  # its process died
        claim(session, second, desk.now + timedelta(minutes=6))


def test_the_archive_moves_while_a_file_is_examined(desk: ImportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.firm(1)
    desk.rows(penalty(1))
    examine = Planner.examine
    tries: list[int] = []

    def interrupted(planner: Planner, session: object, rows: object) -> None:
        examine(planner, session, rows)  # type: ignore[arg-type]
        if not tries:
            with desk.database.write() as other:
                other.merge(desk.records()[0]).life = Life.REPAIRED
        tries.append(1)

    monkeypatch.setattr(Planner, "examine", interrupted)
    run = desk.rows(penalty(1, 公示截止期="2026-12-01"))
    assert (len(tries), run.revised_count, run.unchanged_count) == (2, 0, 1)
    assert [record.life for record in desk.records()] == [Life.REPAIRED]


def test_undone_as_one_act(desk: ImportDesk) -> None:
    desk.firm(1)
    desk.firm(2)
    desk.rows(penalty(1), penalty(2))
    row = penalty(2) | {"信用修复日期": "2026-11-19"}
    changed = desk.table(
        lay_out(
            [penalty(1, 公示截止期="2026-12-01"), row, penalty(5), penalty(6, 行政相对人类别="")],
            [*penalty(1), "信用修复日期"],
        ),
        ImportKind.PENALTY,
    )
    assert (changed.revised_count, changed.ended_count, changed.enterprise_count) == (1, 1, 1)
    undone = desk.undo(changed)
    lives = {(record.document_number, record.version): record.life for record in desk.records()}
    assert lives == {
        ("长商罚〔2026〕1号", 1): Life.PUBLISHED,
        ("长商罚〔2026〕2号", 1): Life.PUBLISHED,
        ("长商罚〔2026〕1号", 2): Life.WITHDRAWN,
        ("长商罚〔2026〕5号", 1): Life.WITHDRAWN,
    }
    assert (undone.state, undone.undone_by) == (RunState.UNDONE, "张敏")
    assert [row.state for row in desk.quarantined()] == [QuarantineState.UNDONE]
    with desk.database.read() as session:
        new = session.scalars(select(Enterprise).where(Enterprise.name == "长沙第5商贸有限公司")).one()
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)).all()
        steps = session.scalars(select(ArchiveEvent.action).order_by(ArchiveEvent.id)).all()
    assert new.status is Status.REMOVED
    assert acts[-1] is Act.IMPORT_UNDONE
    assert steps.count(ArchiveAction.UNDO_IMPORT) == 4
    again = desk.rows(penalty(1, 公示截止期="2026-12-01"), penalty(5), penalty(6, 行政相对人类别=""))
    assert (again.revised_count, again.added_count, again.quarantined_count) == (1, 1, 1)


def test_what_later_work_rests_on_is_not_undone(desk: ImportDesk) -> None:
    desk.firm(1)
    first = desk.rows(penalty(1))
    second = desk.rows(penalty(1, 公示截止期="2026-12-01"))
    with pytest.raises(UserError, match="本次导入的 1 条此后已有新的处理"):
        desk.undo(first)
    desk.undo(second)
    with pytest.raises(UserError, match="已经撤销"):
        desk.undo(second)
    desk.undo(first)  # the last first, all can be taken back
    assert {record.life for record in desk.records()} == {Life.WITHDRAWN}


def test_a_record_that_staff_have_handled_is_not_taken_back(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1))
    ledger_rules = desk.importer.rules
    with desk.database.write() as session:
        record = session.get_one(Record, desk.records()[0].id)
        actor = Actor(frozenset({Role.ARCHIVE}), "staff:1", "")
        advance(Ledger(session, ledger_rules, desk.now), record, ArchiveAction.NOTE_REPAIR, actor)
    with pytest.raises(UserError, match="此后已有新的处理"):
        desk.undo(run)


def test_a_firm_that_bears_other_records_by_now_is_not_taken_away(desk: ImportDesk) -> None:
    first = desk.rows(penalty(5))
    desk.rows(penalty(5, 行政处罚决定书文号="长商罚〔2026〕55号"))
    with pytest.raises(UserError, match="新建的 1 家企业此后已有其他记录"):
        desk.undo(first)


def test_after_undoing_the_only_import_nothing_is_called_searched(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1))
    again = desk.rows(penalty(1, 行政处罚决定书文号="长商罚〔2026〕11号"))
    desk.undo(again)
    with desk.database.read() as session:
        assert session.get(Dataset, "penalty") is not None
    desk.undo(run)
    with desk.database.read() as session:
        assert session.get(Dataset, "penalty") is None


def test_undoing_wants_a_reason_and_a_run_that_wrote(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1))
    with pytest.raises(UserError, match="理由"):
        desk.undo(run, " ")
    with pytest.raises(UserError, match="没有写入数据"):
        desk.undo(desk.rows(penalty(2), is_rehearsal=True))


def test_counts_of_a_sheet_with_every_fault_planted(desk: ImportDesk) -> None:
    known = range(1, 121)
    with desk.database.write():
        pass
    for number in known:
        desk.firm(number)
    planted = {
        "缺少处罚机关": [penalty(n, 处罚机关="") for n in range(1, 4)],
        "处罚决定日期无法识别": [penalty(n, 处罚决定日期="x") for n in range(4, 6)],
        "自然人的信息不入企业信用档案": [penalty(n, 行政相对人类别="自然人") for n in range(6, 11)],
        "代码列中是个人证件号码": [penalty(11, 行政相对人代码_1="11010519491231002X")],
    }
    right = [penalty(n) for n in known]
    faulty = [row for rows in planted.values() for row in rows]
    twice = [penalty(n) for n in range(50, 54)]
    unknown = [penalty(n, 行政相对人类别="") for n in range(200, 207)]
    run = desk.rows(*right[:60], *faulty, *right[60:], *twice, *unknown)
    assert run.faults == {words: len(rows) for words, rows in planted.items()} | {
        "与本文件前面某行的文号、相对人和机关相同，以前面为准": 4
    }
    assert (run.added_count, run.refused_count, run.quarantined_count) == (120, 15, 7)
    parts = run.added_count + run.revised_count + run.ended_count + run.unchanged_count
    assert run.row_count == parts + run.refused_count + run.quarantined_count
    assert len(desk.returned(run)) == 15
    assert desk.records()[0].decided_on == day("2026-04-10")
