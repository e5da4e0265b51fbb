"""A list from pasting to the sheet: in its order, nothing decided silently, nothing repaired, nobody else's."""

import io
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select, update

from models.archive_words import Life
from models.audit import Act, AuditEntry
from models.database import Database
from models.record import Record, RecordType
from models.role import Role
from models.screening import Screening, ScreeningRow, ScreeningState
from services.enterprises.index import NameIndex
from services.screening.rules import ADVERSE
from services.screening.running import LEASE, claim, look_up_piece, work
from services.screening.sheet import HEADINGS
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import collect, make_enterprise, make_listing, make_record

LINES = ["长沙青禾商贸有限公司", "王建国", "长沙青禾商贸公司", "91350100M000100Y43", "湘潭没有这家实业有限公司"]


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as session:
        first = make_enterprise(session, "长沙青禾商贸有限公司")
        second = make_enterprise(session, "长沙白鹭茶业有限公司", "91350100M000100Y43")
        make_record(session, first, RecordType.PENALTY, title="使用不合格计量器具", decided_on=date(2026, 5, 1))
        make_listing(session, second)
        collect(session, "register", *ADVERSE)
    return database


def open_desk(database: Database, folder: Path, now: datetime, login: str, *roles: Role, unit: str = "") -> Clerk:
    hire(database, now, login, *roles, unit=unit)
    clerk = Clerk(make_console(database, folder, Clock(now)))
    clerk.signs_in(login)
    return clerk


def run(database: Database, folder: Path, now: datetime) -> int:
    return work(database, NameIndex(folder / "index"), "长沙", now)


def read_sheet(content: bytes) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Cover and rows."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cover, rows = book.worksheets
    told = {str(row[0].value): str(row[1].value) for row in cover.iter_rows(min_row=2)}
    cells = [["" if cell.value is None else str(cell.value) for cell in row] for row in rows.iter_rows(min_row=2)]
    return told, [dict(zip(HEADINGS, row, strict=True)) for row in cells]


def test_from_pasting_to_the_sheet(filled: Database, tmp_path: Path, now: datetime) -> None:
    clerk = open_desk(filled, tmp_path, now, "dangan", Role.ARCHIVE)
    clerk.opens("/console/screenings")
    assert clerk.sends("/console/screenings", lines="\n".join(LINES), purpose="行政许可审核").status_code == 303
    assert clerk.opens("/console/screenings/1.xlsx").status_code == 404, "not looked up yet"
    assert run(filled, tmp_path, now) == 1
    with filled.read() as session:
        number = session.scalars(select(Screening.id)).one()
        assert "王建国" not in session.scalars(select(ScreeningRow.text)).all(), "a person's name is not kept"
    cover, rows = read_sheet(clerk.opens(f"/console/screenings/{number}.xlsx").data)
    assert [row["序号"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["结果"][:3] for row in rows] == ["已匹配", "不是企", "有几家", "已匹配", "未查到"]
    assert [row["三年内不良信用记录"] for row in rows] == ["有", "", "", "有", ""]
    assert "使用不合格计量器具" in rows[0]["行政处罚"]
    assert "长沙青禾商贸有限公司" in rows[2]["可能的企业"]
    assert rows[2]["企业名称"] == "", "nobody decides silently"
    assert rows[3]["统一社会信用代码"] == "91350100M000100Y43"
    assert (cover["行数"], cover["已匹配"], cover["用途"]) == ("5", "2", "行政许可审核")
    with filled.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.FIRMS_SCREENED)).one()
    assert entry.details["内容校验值"] == cover["内容校验值"]


def test_a_workbook_is_taken_in_its_order(filled: Database, tmp_path: Path, now: datetime) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (["会员名册"], ["序号", "单位名称"], [1, "长沙白鹭茶业有限公司"], [2, "长沙青禾商贸有限公司"]):
        book.active.append(row)
    book.save(out)
    out.seek(0)
    clerk = open_desk(filled, tmp_path, now, "dangan", Role.ARCHIVE)
    clerk.opens("/console/screenings")
    sent = clerk.client.post(
        "/console/screenings",
        data={"seal": clerk.seal, "purpose": "入会信用审核", "file": (out, "名册.xlsx")},
        base_url="https://localhost",
        environ_base=clerk.environ,
    )
    assert sent.status_code == 303
    run(filled, tmp_path, now)
    with filled.read() as session:
        number = session.scalars(select(Screening.id)).one()
    _, rows = read_sheet(clerk.opens(f"/console/screenings/{number}.xlsx").data)
    assert [row["企业名称"] for row in rows] == ["长沙白鹭茶业有限公司", "长沙青禾商贸有限公司"]


def test_what_is_repaired_is_in_no_sheet(filled: Database, tmp_path: Path, now: datetime) -> None:
    clerk = open_desk(filled, tmp_path, now, "dangan", Role.ARCHIVE)
    clerk.opens("/console/screenings")
    clerk.sends("/console/screenings", lines=LINES[0], purpose="审核")
    run(filled, tmp_path, now)
    with filled.write() as session:
        session.execute(update(Record).values(life=Life.REPAIRED, withdrawn_on=now.date()))
        number = session.scalars(select(Screening.id)).one()
    _, rows = read_sheet(clerk.opens(f"/console/screenings/{number}.xlsx").data)
    assert (rows[0]["行政处罚"], rows[0]["三年内不良信用记录"]) == ("", "在已归集的数据中未查到")


@pytest.mark.parametrize(
    ("lines", "purpose", "words"), [("", "审核", "没有看到"), ("某店", "", "用途"), ("字" * 300, "审核", "第 1 行")]
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    sqlite: Database, tmp_path: Path, now: datetime, *, lines: str, purpose: str, words: str
) -> None:
    clerk = open_desk(sqlite, tmp_path, now, "dangan", Role.ARCHIVE)
    clerk.opens("/console/screenings")
    page = clerk.sends("/console/screenings", lines=lines, purpose=purpose)
    assert words in page.text
    assert lines in page.text


def test_a_lookup_that_was_killed_is_gone_on_with(filled: Database, tmp_path: Path, now: datetime) -> None:
    clerk = open_desk(filled, tmp_path, now, "dangan", Role.ARCHIVE)
    clerk.opens("/console/screenings")
    clerk.sends("/console/screenings", lines="\n".join(LINES * 50), purpose="审核")
    index = NameIndex(tmp_path / "index")
    with filled.read() as session:
        index.follow(session)
    with filled.write() as session:
        number = claim(session, now)
        assert number is not None
    with filled.write() as session:
        assert look_up_piece(session, number, index, "长沙", now)
    assert run(filled, tmp_path, now) == 0, "still leased to the one who died"
    assert run(filled, tmp_path, now + LEASE + timedelta(seconds=1)) == 1
    with filled.read() as session:
        screening = session.get_one(Screening, number)
        rows = session.scalars(select(ScreeningRow).order_by(ScreeningRow.position)).all()
    assert (screening.state, screening.done_count) == (ScreeningState.DONE, 250)
    assert [row.outcome for row in rows[:5]] * 50 == [row.outcome for row in rows]


def test_others_lists_are_out_of_reach(filled: Database, tmp_path: Path, now: datetime) -> None:
    clerk = open_desk(filled, tmp_path, now, "dangan", Role.ARCHIVE)
    clerk.opens("/console/screenings")
    clerk.sends("/console/screenings", lines=LINES[0], purpose="审核")
    run(filled, tmp_path, now)
    with filled.read() as session:
        number = session.scalars(select(Screening.id)).one()
    path = f"/console/screenings/{number}.xlsx"
    outsider = open_desk(filled, tmp_path, now, "xiehui", Role.ASSOCIATION, unit="没有登记的协会")
    auditor = open_desk(filled, tmp_path, now, "shenji", Role.AUDITOR)
    assert (outsider.opens(path).status_code, auditor.opens(path).status_code) == (404, 403)
    assert LINES[0] not in outsider.opens("/console/screenings").text
    assert "还没有登记" in outsider.sends("/console/screenings", lines=LINES[0], purpose="入会信用审核").text
    assert clerk.opens(path).status_code == 200
