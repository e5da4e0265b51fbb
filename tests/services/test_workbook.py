"""Exports: text stays text, nothing is a formula, figures agree with the cases."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from sqlalchemy import event

from models.case_words import Action, Ground
from models.database import Database
from services.cases.statistics import Group, count_by
from services.papers.lists import list_cases
from services.papers.workbook import LONGEST_CELL, Table, make_csv, make_xlsx
from tests.case_desk import INTAKE, PHONE, CaseDesk

HOSTILE = [
    '=HYPERLINK("http://x","点我")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1",
    "=cmd|'/c calc'!A1",
    "http://example.com",
    "{=1}",
    "mailto:a@b.c",
]
LONG_NUMBERS = ["91110000600037341L", "911100006000373411", "13812345678", "0123", "6222020200012345678"]


def read_xlsx(content: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_no_cell_is_a_formula_a_link_or_a_rounded_number() -> None:
    said = [*HOSTILE, *LONG_NUMBERS]
    content = make_xlsx([Table("表", ["内容"], [[text] for text in said])])
    rows = read_xlsx(content)[1:]
    for text, (value,) in zip(said, rows, strict=True):
        assert isinstance(value, str)
        assert value.strip() == text.strip()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 't="n"' not in sheet


def test_a_cell_stays_text_when_it_is_edited() -> None:
    book = openpyxl.load_workbook(io.BytesIO(make_xlsx([Table("表", ["代码"], [["0123"]])])))
    sheet = book.active
    assert sheet is not None
    assert sheet["A2"].number_format == "@"


def test_csv_opens_in_excel_as_it_is() -> None:
    content = make_csv(Table("表", ["内容", "数"], [[text, 1] for text in [*HOSTILE, *LONG_NUMBERS]]))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert not [cell for cell, _ in rows[1:] if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_long_and_strange_cells_do_not_spoil_the_file() -> None:
    rows = read_xlsx(make_xlsx([Table("表" * 40, ["a"], [["x" * 40_000], ["甲\x00\x0b\ud800乙"], [None]])]))
    assert len(str(rows[1][0])) == LONGEST_CELL
    assert rows[2][0] == "甲乙"


@pytest.fixture
def desk(database: Database) -> CaseDesk:
    return CaseDesk(database)


@pytest.fixture
def lite(sqlite: Database) -> CaseDesk:
    return CaseDesk(sqlite)


def test_lists_and_statistics_say_what_is_there_and_nobody(desk: CaseDesk) -> None:
    answered = desk.to_answered(credit_code="91110000600037341L", respondent_phone="07311234567")
    rejected = desk.file(category="oil").number
    desk.do(rejected, Action.REJECT, INTAKE, ground=Ground.TOO_OLD, text="已超过三年")
    desk.do(answered, Action.CONFIRM, desk.citizen(answered), score=4)
    with desk.docket() as docket:
        listed = make_xlsx([list_cases(docket, [desk.get(answered), desk.get(rejected)])])
        day = date(2026, 11, 20)
        (whole,) = count_by(docket, INTAKE, None, day, day)
        rows = {row.name: row for group in Group for row in count_by(docket, INTAKE, group, day, day)}
        nobody = count_by(docket, INTAKE, Group.KIND, date(2026, 11, 21), date(2026, 11, 30))
    cells = read_xlsx(listed)
    assert cells[1][0] == answered
    assert "91110000600037341L" in cells[1]
    assert 1500 in cells[1]
    assert "欧阳小明" not in str(cells)
    assert PHONE not in str(cells)
    figures = (whole.received, whole.accepted, whole.rejected, whole.ended, whole.running, whole.kept_share)
    assert figures == (2, 1, 1, 2, 0, 100.0)
    assert (whole.score, rows["成品油"].rejected, rows["尚未派办"].received) == (4.0, 1, 1)
    assert rows["长沙市（本级）"].received == 2
    assert nobody == []


def test_a_list_of_many_asks_the_database_once(lite: CaseDesk) -> None:
    cases = [lite.get(lite.file(category="oil").number) for _ in range(4)]
    sent: list[str] = []

    def note(*said: object) -> None:
        sent.append(str(said[2]))

    with lite.docket() as docket:
        event.listen(lite.database.engine, "before_cursor_execute", note)
        rows = list(list_cases(docket, cases).rows)
        event.remove(lite.database.engine, "before_cursor_execute", note)
    assert [row[0] for row in rows] == [case.number for case in cases]
    assert {row[15] for row in rows} == {"2026年12月1日"}
    assert len([statement for statement in sent if "case_deadlines" in statement]) == 1
