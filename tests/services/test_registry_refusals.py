"""Rows that are not stored: each with its reason, in a file that opens in Excel and can be imported again."""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from models.database import Database
from services.enterprises.entries import Refusal
from services.enterprises.refusals import make_safe
from tests.register_files import HEADINGS, Importer, code, read_refused, write_csv, write_xlsx

NAME = "长沙甲商贸有限公司"
RESIDENT = "11010519491231002X"


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, now: datetime) -> Importer:
    return Importer(sqlite, tmp_path, now)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([""], Refusal.INCOMPLETE),
        (["", code(1)], Refusal.NO_NAME),
        (["-", code(1)], Refusal.NO_NAME),
        (["甲", code(1)], Refusal.NAME_UNREADABLE),
        (["（）", code(1)], Refusal.NAME_UNREADABLE),
        (["12345", code(1)], Refusal.NAME_UNREADABLE),
        (["长沙\ufffd\ufffd公司", code(1)], Refusal.NAME_UNREADABLE),
        (["长" * 201, code(1)], Refusal.TOO_LONG),
        ([RESIDENT, code(1)], Refusal.PERSONAL),
        (["430102199001011234", code(1)], Refusal.PERSONAL),
        ([NAME, RESIDENT], Refusal.PERSONAL),
        ([NAME, "91110000600037341M"], Refusal.CODE_CHECK),
        ([NAME, "440301103448668"], Refusal.CODE_CHECK),
        ([NAME, "9111000060003734IL"], Refusal.CODE_LETTERS),
        ([NAME, "91350100M000100Y4Z"], Refusal.CODE_LETTERS),
        ([NAME, "9111OOOO6OOO37341L"], Refusal.CODE_LETTERS),
        ([NAME, "9111000060003734"], Refusal.CODE_FORM),
        ([NAME, "13830295-X"], Refusal.CODE_FORM),
        ([NAME, "见执照"], Refusal.CODE_FORM),
        ([NAME, "9.1440300192204E+17"], Refusal.CODE_NUMBER),
        ([NAME, code(1), "不详细"], Refusal.DAY),
        ([NAME, code(1), "2026-02-30"], Refusal.DAY),
        ([NAME, code(1), "2026-11-21"], Refusal.DAY),
        ([NAME, code(1), "", "湖" * 41], Refusal.TOO_LONG),
        ([NAME, code(1), "", "", "长" * 61], Refusal.TOO_LONG),
        ([NAME, code(1), "", "", "", "挺好的"], Refusal.STATUS),
        ([NAME, code(1), "", "", "", "", "旧" * 201], Refusal.TOO_LONG),
        ([NAME, code(1), "", "", "", "", "", "多余"], Refusal.TOO_MANY_CELLS),
        ([NAME], Refusal.INCOMPLETE),
    ],
)
def test_each_fault_has_its_reason(importer: Importer, cells: list[str], reason: Refusal) -> None:
    summary = importer.rows(["好公司", code(2)], [*cells, *([""] if cells == [""] else [])], ["也好公司", code(3)])
    if cells == [""]:
        assert summary.row_count == 2
        return
    assert summary.refused_counts == {reason: 1}
    assert (summary.row_count, summary.added_count, summary.refused_count) == (3, 2, 1)
    (path,) = summary.refused_paths
    (row,) = read_refused(path)
    assert (row["行号"], row["原因"]) == ("3", reason)
    assert {firm.name for firm in importer.all()} == {"好公司", "也好公司"}


@pytest.mark.parametrize("name", ["TCL", "3M中国有限公司", "７－ＥＬＥＶＥＮ便利店", "12315商店"])
def test_unusual_names_are_names(importer: Importer, name: str) -> None:
    assert importer.rows([name, code(1)]).added_count == 1
    assert importer.one().name == name


def test_a_code_issued_with_a_wrong_organisation_code_is_stored(importer: Importer) -> None:
    assert importer.rows([NAME, "914512817717388902"]).added_count == 1


def test_a_code_is_stored_clean(importer: Importer) -> None:
    importer.rows([NAME, "91110000 6000 3734 1l"])
    assert importer.one().credit_code == "91110000600037341L"


def test_a_confirmed_code_is_stored(importer: Importer) -> None:
    headings = ["企业名称", "统一社会信用代码", "代码已核实"]
    rows = [[NAME, "91110000600037341M", "是"], ["长沙乙厂", "440301103448668", "是"], ["长沙丙厂", "9111", "是"]]
    summary = importer.rows(*rows, headings=headings)
    assert (summary.added_count, summary.refused_counts) == (2, {Refusal.CODE_FORM: 1})


def test_a_number_that_excel_has_rounded_is_refused(importer: Importer, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["企业名称", "代码"], [NAME, 914403001922038216]])
    assert importer.files(path).refused_counts == {Refusal.CODE_NUMBER: 1}


def test_no_refused_row_no_file(importer: Importer) -> None:
    summary = importer.rows([NAME, code(1)])
    assert summary.refused_paths == []
    assert not (importer.folder / "refused").exists()


def test_the_file_can_be_put_right_and_imported(importer: Importer) -> None:
    summary = importer.rows([NAME, "9144030019220382O6", "20180904", "湖南", "长沙", "存续", "=旧公司"])
    (path,) = summary.refused_paths
    text = path.read_text(encoding="utf-8-sig").replace("9144030019220382O6", "914403001922038216")
    path.write_text(text, encoding="utf-8-sig")
    assert importer.files(path).added_count == 1
    assert importer.one().credit_code == "914403001922038216"
    assert importer.other_names() == [("former", "=旧公司")]


def test_a_confirmation_written_into_the_file_holds(importer: Importer) -> None:
    (path,) = importer.rows([NAME, "91110000600037341M"]).refused_paths
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    place = rows[0].index("代码已核实")
    rows[1][place:] = ["是"]
    assert importer.files(write_csv(path, rows, "utf-8-sig")).added_count == 1
    assert importer.one().credit_code == "91110000600037341M"


def test_the_file_opens_in_excel_as_text(importer: Importer) -> None:
    (path,) = importer.rows(["=HYPERLINK(1)", "=1+1", "@x", "-1+1", "+1", "\t=1", "1" * 15]).refused_paths
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == [*HEADINGS, "行号", "原因", "代码已核实"]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "1" * 12)) for cell in rows[1])


@pytest.mark.parametrize("cell", ["长沙", "", "2018-09-04", "91", "A1+1", "'a"])
def test_harmless_cells_stay(cell: str) -> None:
    assert make_safe(cell) == cell


def test_persons_are_left_out_of_the_file(importer: Importer) -> None:
    headings = ["企业名称", "代码", "法定代表人", "身份证号码", "联系电话"]
    summary = importer.rows(
        [NAME, RESIDENT, "张三丰", "430102199001011234", "13800000000"],
        [f"张三丰 {RESIDENT}", "", "", "", ""],
        headings=headings,
    )
    (path,) = summary.refused_paths
    text = path.read_text(encoding="utf-8-sig")
    assert summary.personal_columns == headings[2:]
    assert RESIDENT not in text.splitlines()[1]
    assert "110105********002X" in text
    assert not any(word in text for word in ("430102199001011234", "13800000000", "法定代表人"))


def test_rows_of_several_batches_keep_their_numbers(importer: Importer) -> None:
    importer.batch = 3
    rows = [[f"长沙第{number}商店", code(number) if number % 4 else "坏"] for number in range(12)]
    (path,) = importer.rows(*rows).refused_paths
    assert [row["行号"] for row in read_refused(path)] == ["2", "6", "10"]


def test_every_import_has_a_file_of_its_own(importer: Importer) -> None:
    paths = [importer.rows([NAME, "坏"]).refused_paths[0] for _ in range(3)]
    assert len(set(paths)) == 3
    assert all(len(read_refused(path)) == 1 for path in paths)


def test_a_name_of_a_file_leads_nowhere_else(importer: Importer, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a b;c.xlsx", [["企业名称", "代码"], [NAME, "坏"]], ["..", "=x&y"])
    for found in importer.files(path).refused_paths:
        assert found.parent == importer.folder / "refused"
        assert found.name.startswith("a_b_c-_")
