"""Files of the register in every form that people send: kinds, encodings, delimiters, headings, days."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import Database
from models.enterprise import Status
from services.enterprises.cells import clean_all, clean_text, parse_day, parse_status
from services.enterprises.entries import normalise_all
from services.enterprises.headings import Field, field_of, find_columns, is_personal
from services.enterprises.names import normalise
from tests.register_files import Importer, code, write_csv, write_xlsx

ROWS = [
    ["企业名称", "统一社会信用代码", "成立日期", "所在省份", "地区"],
    ["长沙甲商贸有限公司", code(1), "2018-09-04", "湖南", "长沙"],
    ["“乙”（长沙）,餐饮店", code(2), "2020/1/2", "湖南", "长沙"],
    ["长沙無碼廠", "", "", "", ""],
]
STORED = [
    ("长沙甲商贸有限公司", code(1), date(2018, 9, 4), "湖南"),
    ("“乙”（长沙）,餐饮店", code(2), date(2020, 1, 2), "湖南"),
    ("长沙無碼廠", None, None, None),
]


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, now: datetime) -> Importer:
    return Importer(sqlite, tmp_path, now)


def stored(importer: Importer) -> list[tuple[object, ...]]:
    """What the register holds of ROWS."""
    return sorted(
        ((firm.name, firm.credit_code, firm.registered_on, firm.province) for firm in importer.all()),
        key=lambda firm: [row[0] for row in STORED].index(firm[0]),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", [".csv", ".tsv.gz", ".txt"])
def test_text_files(importer: Importer, tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    summary = importer.files(write_csv(tmp_path / f"登记{ending}", ROWS, encoding, delimiter))
    assert (summary.row_count, summary.added_count) == (3, 3)
    assert stored(importer) == STORED


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends(importer: Importer, tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        line_end.join([f"name,credit_code,{'x' * 9}", f"长沙甲厂,{code(1)},", f"长沙乙厂,{code(2)}"]).encode()
    )
    assert importer.files(path).added_count == 2


def test_a_workbook(importer: Importer, tmp_path: Path) -> None:
    rows = [["XX市企业登记信息"], [], *ROWS]
    summary = importer.files(write_xlsx(tmp_path / "登记.xlsx", rows))
    assert summary.added_count == 3
    assert stored(importer) == STORED
    assert importer.progress[-1].share == 1.0


def test_cells_of_a_workbook_that_are_no_text(importer: Importer, tmp_path: Path) -> None:
    rows = [
        ["企业名称", "注册号", "成立日期", "注册资本(万元)"],
        ["长沙甲厂", 440301103448669, datetime(2018, 9, 4, 10, 30), 200],  # noqa: DTZ001 - Excel knows no zones
        ["长沙乙厂", 440301103097413, 43347, 50.5],
        ["长沙丙厂", None, date(2018, 9, 4), "50万美元"],
    ]
    assert importer.files(write_xlsx(tmp_path / "a.xlsx", rows)).added_count == 3
    firms = importer.all()
    assert [firm.credit_code for firm in firms] == ["440301103448669", "440301103097413", None]
    assert [firm.registered_on for firm in firms] == [date(2018, 9, 4)] * 3
    assert [firm.capital for firm in firms] == ["200万元", "50.5万元", "50万美元"]


def test_all_visible_worksheets(importer: Importer, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [*ROWS, ["", ""], ["坏码厂", "123"]], ["长沙", "株洲"])
    summary = importer.files(path)
    assert (summary.row_count, summary.added_count, summary.unchanged_count) == (8, 3, 3)
    assert sorted(found.name[:4] for found in summary.refused_paths) == ["a-株洲", "a-长沙"]


@pytest.mark.parametrize(
    "headings",
    [
        ("企业名称", "统一社会信用代码", "注册日期"),
        (" 企业 名称 ", "统一社会信用代码（18位）", "成立日期"),
        ("*公司名称", "社会信用代码/注册号(15位)", "成立时间:"),
        ("NAME", "Credit_Code", "Registered_On"),
        ("单位名称【全称】", "信用代码", "登记日期"),
        ("企业(机构)名称", "工商注册号", "核准设立日期"),
    ],
)
def test_headings_however_written(headings: tuple[str, str, str]) -> None:
    columns = find_columns(headings)
    assert columns is not None
    assert columns.places[Field.NAME] == 0
    assert columns.places.get(Field.CREDIT_CODE, 1) == 1
    assert columns.places[Field.REGISTERED_ON] == 2


def test_the_registers_own_headings() -> None:
    columns = find_columns(
        "企业名称 统一社会信用代码 注册日期 企业类型 法人代表 注册资金 经营范围 所在省份 地区 注册地址".split()
    )
    assert columns is not None
    assert len(columns.places) == 9
    assert (columns.personal, columns.ignored) == (("法人代表",), ())


@pytest.mark.parametrize(
    "heading", ["法定代表人", "法人代表", "法人", "负责人姓名", "身份证号", "联系电话", "经营者", "Email"]
)
def test_personal_headings(heading: str) -> None:
    assert is_personal(heading)
    assert field_of(heading) is None


def test_the_first_of_two_columns_of_one_field_holds() -> None:
    columns = find_columns(["企业名称", "名称", "地址", "住所"])
    assert columns is not None
    assert columns.places == {Field.NAME: 0, Field.ADDRESS: 2}
    assert columns.ignored == ("名称", "住所")


def test_no_heading() -> None:
    assert find_columns(["长沙甲厂", code(1)]) is None


def test_blank_rows_and_repeated_headings_do_not_count(importer: Importer) -> None:
    summary = importer.rows(
        ["长沙甲厂", code(1)],
        [],
        ["", " "],
        ["企业名称", "代码"],
        ["长沙甲厂二", ""],
        headings=["企业名称", "代码"],
    )
    assert (summary.row_count, summary.added_count) == (2, 2)


def test_the_headings_of_a_summary(importer: Importer) -> None:
    rows = ["长沙甲厂", "张三", "13800000000", "备注一"]
    summary = importer.rows(rows, headings=["企业名称", "法定代表人", "联系电话", "备注"])
    assert summary.personal_columns == ["法定代表人", "联系电话"]
    assert summary.ignored_columns == ["备注"]
    assert summary.seconds > 0
    assert summary.rows_per_second > 0


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-10",
        "2026/4/10",
        "2026.4.10",
        "20260410",
        "2026年4月10日",
        "2026 年 4 月 10 日",
        "2026-04-10 00:00:00",
        "2026-04-10T08:00:00+08:00",
        "20260410103000",
        "46122",
        "46122.5",
    ],
)
def test_days_as_people_write_them(text: str) -> None:
    assert parse_day(text) == date(2026, 4, 10)


@pytest.mark.parametrize("text", ["", "2026-02-30", "2026-13-01", "昨天", "1799-12-31", "12", "10/4/2026", "99999999"])
def test_what_is_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_what_is_no_status() -> None:
    assert parse_status("挺好") is None
    assert parse_status("注销（2024年）") is Status.DEREGISTERED


@pytest.mark.parametrize("text", ["", " ", "\u3000", "-", "无", "NULL", "N/A", "/", "\t—\r\n"])
def test_words_that_mean_nothing(text: str) -> None:
    assert clean_text(text) == ""


def test_cleaning_keeps_rare_characters() -> None:
    assert clean_text(" 长沙\ue123记\u3000饭店\u200b\n") == "长沙\ue123记 饭店"


def test_only_our_own_apostrophe_is_taken_away() -> None:
    assert clean_text("'914403001922038216") == "914403001922038216"
    assert clean_text("'=1+1公司") == "=1+1公司"
    assert clean_text("'老地方'饭店") == "'老地方'饭店"


@given(
    st.lists(
        st.sampled_from(["长沙", "长沙", " 株洲 ", "-", "'=甲", "甲\u3000乙", "无"]) | st.text(max_size=6), max_size=40
    )
)
def test_a_column_is_cleaned_like_its_cells(cells: list[str]) -> None:
    assert clean_all(cells) == [clean_text(cell) for cell in cells]


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=12), min_size=1, max_size=8))
def test_many_names_are_normalised_like_one(names: list[str]) -> None:
    assert normalise_all(names) == [normalise(name) for name in names]


def test_names_of_every_kind_are_normalised_like_one() -> None:
    names = [
        "长沙大潤發（河西）店",
        "ＡＢＣ公司",
        "",
        "㍿甲",
        "𠮷野家",
        "\ue123记",
        "a b-c",
        "①号店",
        "😀公司",
        "\ud800",
    ]
    assert normalise_all(names) == [normalise(name) for name in names]
    assert normalise_all([]) == []
