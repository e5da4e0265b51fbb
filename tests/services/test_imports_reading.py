"""Sheets as authorities send them: headings old and new, encodings, days and amounts, and files made to do harm."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.database import Database
from models.importing import ImportKind, ImportRun, RunState
from services.imports.unfolding import TroubleError, unpack_all
from tests.import_files import (
    LICENCE_SHEET,
    OLD_SHEET,
    PENALTY_SHEET,
    ImportDesk,
    day,
    lay_out,
    penalty,
    spell_csv,
)
from tests.register_files import code


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path, now: datetime) -> ImportDesk:
    return ImportDesk(sqlite, tmp_path, now)


def workbook(*sheets: Sequence[Sequence[object]], merged: str = "") -> bytes:
    """An XLSX file with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"表{number}")
        for row in rows:
            sheet.append(list(row))
        for cells in merged.split():
            sheet.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repack(content: bytes, **parts: bytes) -> bytes:
    """The package with further parts; __ stands for a slash, _dot_ for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(item.filename, old.read(item.filename))
        for name, part in parts.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_sheet_of_today_in_every_encoding(desk: ImportDesk, encoding: str) -> None:
    desk.firm(1)
    run = desk.file(spell_csv(lay_out([penalty(1)]), encoding))
    assert (run.state, run.added_count, run.refused_count) == (RunState.DONE, 1, 0)
    (record,) = desk.records()
    assert (record.document_number, record.decided_on) == ("长商罚〔2026〕1号", day("2026-04-10"))
    assert record.published_until == day("2027-04-10")
    assert record.details["fine_wan"] == "0.5"
    assert record.severity == "general"


def test_code_2_and_3_change_places_in_the_sheet_of_2015(desk: ImportDesk) -> None:
    desk.firm(1, credit_code="440301103448669")  # a firm known by its 注册号 only
    row = dict.fromkeys(OLD_SHEET, "") | {
        "行政处罚决定书文号": "长商罚〔2016〕7号",
        "处罚名称": "未按规定备案",
        "处罚类别1": "罚款",
        "处罚类别2": "没收违法所得",
        "行政相对人名称": "长沙第1商贸有限公司",
        "行政相对人代码_2(组织机构代码)": "60003734-1",
        "行政相对人代码_3(工商登记码)": "440301103448669",
        "行政相对人代码_5(居民身份证号)": "",
        "处罚结果": "罚款一万元",
        "处罚决定日期(处罚生效期)": "20160410",
        "处罚机关": "长沙市商务局",
        "当前状态": "0",
    }
    run = desk.table(lay_out([row], OLD_SHEET), ImportKind.PENALTY)
    assert (run.state, run.added_count, run.quarantined_count) == (RunState.DONE, 1, 0)
    (record,) = desk.records()
    assert record.details["penalty_kind"] == "罚款、没收违法所得"
    assert record.content == "罚款一万元"


def test_field_codes_are_headings_too(desk: ImportDesk) -> None:
    desk.firm(1)
    headings = "cf_xdr_mc cf_xdr_shxym cf_wsh cf_jdrq cf_cfjg cf_frdb cf_fr_sfzh".split()
    cells = ["长沙第1商贸有限公司", code(1), "长商罚〔2026〕1号", "2026.4.10", "长沙市商务局", "李四", "x"]
    run = desk.table([headings, cells], ImportKind.PENALTY)
    assert run.added_count == 1
    assert run.dropped == {"cf_frdb": 1, "cf_fr_sfzh": 1}


@pytest.mark.parametrize(
    ("state", "is_shown"), [("1", True), ("有效", True), ("", True), ("2", False), ("注销", False)]
)
def test_a_1_means_valid_in_the_licences_of_today(desk: ImportDesk, state: str, is_shown: bool) -> None:
    desk.firm(1)
    row = dict.fromkeys(LICENCE_SHEET, "") | {
        "行政相对人名称": "长沙第1商贸有限公司",
        "行政相对人代码_1（统一社会信用代码）": code(1),
        "行政许可决定文书号": "长商许〔2026〕1号",
        "许可证书名称": "成品油零售经营批准证书",
        "许可决定日期": "46122",
        "有效期至": "2099-12-31",
        "许可机关": "长沙市商务局",
        "当前状态": state,
    }
    run = desk.table(lay_out([row], LICENCE_SHEET), ImportKind.LICENCE)
    assert (run.state, run.refused_count) == (RunState.DONE, 0)
    assert run.added_count == is_shown
    assert [record.valid_until for record in desk.records()] == [None] * is_shown


def test_a_workbook_with_a_title_and_merged_headings(desk: ImportDesk) -> None:
    desk.firm(1)
    row = penalty(1)
    groups = ["", "", "行政相对人代码"] + [""] * (len(PENALTY_SHEET) - 3)
    lower = ["" if place < 2 else heading for place, heading in enumerate(PENALTY_SHEET)]
    upper = [heading if place < 2 else groups[place] for place, heading in enumerate(PENALTY_SHEET)]
    table = [["行政处罚信息公示表"], upper, lower, [row.get(heading, "") for heading in PENALTY_SHEET]]
    run = desk.file(workbook(table, merged="A2:A3 B2:B3 C2:H2"), name="双公示.xlsx")
    assert (run.state, run.added_count, run.refused_count) == (RunState.DONE, 1, 0)


def test_days_and_amounts_that_excel_keeps_as_numbers(desk: ImportDesk) -> None:
    desk.firm(1)
    cells: list[object] = [penalty(1).get(heading, "") for heading in PENALTY_SHEET]
    cells[PENALTY_SHEET.index("处罚决定日期")] = datetime(2026, 4, 10)  # noqa: DTZ001 - as Excel has it
    cells[PENALTY_SHEET.index("罚款金额（万元）")] = 12.5
    cells[PENALTY_SHEET.index("公示截止期")] = 46487
    run = desk.file(workbook([list(PENALTY_SHEET), cells]), name="双公示.xlsx")
    assert run.added_count == 1
    (record,) = desk.records()
    assert (record.decided_on, record.published_until) == (day("2026-04-10"), day("2027-04-10"))
    assert record.details["fine_wan"] == "12.5"


def test_the_sheet_with_the_headings_is_found_and_the_others_named(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.file(workbook([["填表说明"], ["见附件"]], lay_out([penalty(1)])), name="双公示.xlsx")
    assert run.added_count == 1
    assert run.notes == ["只读了工作表“表2”，没有读：表1"]


def test_formulas_count_with_what_they_last_came_to(desk: ImportDesk) -> None:
    cells: list[object] = [penalty(1).get(heading, "") for heading in PENALTY_SHEET]
    cells[PENALTY_SHEET.index("行政处罚决定书文号")] = '=HYPERLINK("http://x","y")'
    run = desk.file(workbook([list(PENALTY_SHEET), cells]), name="双公示.xlsx")
    assert run.refused_count == 1  # nobody has computed it: there is no number
    assert "有 1 个公式单元格，取的是文件中存的计算结果" in run.notes
    assert desk.returned(run)[0]["原因"] == "缺少行政处罚决定书文号"


GOOD = workbook([list(PENALTY_SHEET), ["长沙第1商贸有限公司"]])
WIDE = workbook([list(PENALTY_SHEET) + [f"列{n}" for n in range(1000)], ["长沙第1商贸有限公司"]])
FAR = workbook([list(PENALTY_SHEET)])


def far_cell() -> bytes:
    """Two cells in opposite corners: as a table it would fill the memory many times."""
    sheet = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FAR)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            part = old.read(item.filename)
            new.writestr(item.filename, part.replace(b"</sheetData>", sheet))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "空文件"),
        ("a.csv", spell_csv([["地址", "电话"], ["长沙", "1"]]), "表头看不懂"),
        ("a.csv", bytes(range(256)) * 40, "不是表格"),
        ("a.csv", spell_csv([PENALTY_SHEET]), "没有数据"),
        ("a.csv", spell_csv(lay_out([penalty(1)] * 600)).replace(b"2099", b'"2099', 1), "引号不成对"),
        ("a.xlsx", b"PK\x03\x04garbage", "不是完好的 XLSX"),
        ("a.xlsx", repack(GOOD, xl__vbaProject_dot_bin=b"x"), "带有宏"),
        ("a.xlsx", WIDE, "列数超过"),
        ("a.xlsx", far_cell(), "展开后过大"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "旧的 XLS"),
        ("a.zip", repack(workbook([["x"]])).replace(b"xl/", b"yl/"), "先解压"),
    ],
    ids=["empty", "headings", "binary", "no rows", "quotes", "garbage", "macros", "wide", "far", "xls", "zip"],
)
def test_a_file_made_to_do_harm_is_refused_in_words(desk: ImportDesk, name: str, content: bytes, words: str) -> None:
    run: ImportRun = desk.file(content, name=name)
    assert run.state is RunState.REFUSED
    assert words in run.fault
    assert desk.records() == []


def test_what_a_package_unpacks_to_is_measured_not_believed() -> None:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    content = bytes(30) + megabyte * 21  # behind a local header that says nothing
    entry = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
    entry.header_offset, entry.compress_size, entry.file_size = 0, len(content) - 30, 1000
    entry.compress_type = zipfile.ZIP_DEFLATED
    with pytest.raises(TroubleError, match="too_big"):
        unpack_all(content, [entry], 20 << 20)


def test_rows_of_another_encoding_in_the_middle_are_named(desk: ImportDesk) -> None:
    desk.firm(1)
    content = spell_csv(lay_out([penalty(1)])) + "长沙第2商贸有限公司,法人\r\n".encode("gb18030")
    padded = content.replace(b"\r\n", b"\r\n" + b",\r\n" * 90_000, 1)  # beyond what the encoding is told by
    run = desk.file(padded)
    assert (run.added_count, run.refused_count) == (1, 1)
    assert "有无法识别的字符" in desk.returned(run)[0]["原因"]
