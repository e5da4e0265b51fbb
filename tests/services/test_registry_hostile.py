"""Files that are no register: one clear line each, and nothing is stored."""

import csv
import gzip
import io
import random
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.database import Database
from services.enterprises.sheets import open_sheets
from services.errors import UserError
from tests.register_files import Importer, code, write_csv, write_xlsx

HEADING = "企业名称,统一社会信用代码\n"
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, now: datetime) -> Importer:
    return Importer(sqlite, tmp_path, now)


def pack(name: str, content: str) -> bytes:
    """A zip archive with one member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "空文件"),
        ("a.csv", b" \r\n\n", "空文件"),
        ("a.csv", b"\xef\xbb\xbf", "企业名称"),
        ("a.csv", "地址,代码\n长沙,1\n".encode(), "没有“企业名称”一列"),
        ("a.csv", "长沙甲厂\n长沙乙厂\n".encode(), "没有“企业名称”一列"),
        ("a.csv", bytes(range(256)) * 40, "不是表格"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "不是表格"),
        ("a.csv", b"\xff\xfe" + b"\xd8\x00" * 50, "没有“企业名称”一列"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), "空文件"),
        ("a.csv.gz", gzip.compress(HEADING.encode(), mtime=0)[:20], "压缩包不完整"),
        ("a.csv.gz", b"\x1f\x8b" + b"garbage" * 9, "压缩包不完整"),
        ("a.csv.gz", gzip.compress(pack("a.csv", HEADING), mtime=0), "不是表格"),
        ("a.zip", pack("a.csv", HEADING), "先解压"),
        ("a.xlsx", b"PK\x03\x04garbage", "不是完好的 XLSX"),
        ("a.xlsx", pack("xl/workbook.xml", "<workbook>"), "不是完好的 XLSX"),
        ("a.xlsx", ENCRYPTED, "有密码"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "不是完好的"),
    ],
)
def test_what_is_no_table(importer: Importer, tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UserError, match=words) as caught:
        importer.files(path)
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert importer.all() == []


def test_a_file_that_is_not_there(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"没有\.csv 无法读取"):
        importer.files(tmp_path / "没有.csv")


def test_a_folder(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="无法读取"):
        importer.files(tmp_path)


def test_a_workbook_without_names(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="没有“企业名称”一列"):
        importer.files(write_xlsx(tmp_path / "a.xlsx", [["地址"], ["长沙"]], ["甲", "乙"]))


def test_a_workbook_that_would_fill_the_memory(importer: Importer, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["企业名称"], ["长沙甲厂"]])
    content = bytearray(path.read_bytes())
    record = content.rindex(b"PK\x01\x02")  # the unpacked size in the directory's last entry
    content[record + 24 : record + 28] = (0xF0000000).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(UserError, match="过大"):
        importer.files(path)


def test_a_packed_file_cut_short_keeps_what_was_whole(importer: Importer, tmp_path: Path) -> None:
    rows = [[f"长沙第{number}商店{random.Random(number).random()}", code(number)] for number in range(9000)]
    path = write_csv(tmp_path / "a.csv.gz", [HEADING.strip().split(","), *rows])
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 9 // 10])
    importer.batch = 1000
    with pytest.raises(UserError, match="压缩包不完整"):
        importer.files(path)
    kept = len(importer.all())
    assert 5000 < kept < 9000
    path.write_bytes(whole)
    summary = importer.files(path)
    assert (summary.unchanged_count, summary.added_count) == (kept, 9000 - kept)


def test_a_text_cut_short_in_a_row(importer: Importer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADING}长沙甲厂,{code(1)}\n长沙乙商贸有限", encoding="utf-8")
    assert importer.files(path).added_count == 1


def test_a_quote_without_its_pair(importer: Importer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"长沙第{number}商店,{code(number)}\n" for number in range(9000))
    path.write_text(f'{HEADING}"长沙甲厂,{code(1)}\n{rows}', encoding="utf-8")
    with pytest.raises(UserError, match="引号不成对"):
        importer.files(path)


def test_a_line_without_end(importer: Importer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADING + "长" * 3_000_000, encoding="utf-8")
    with pytest.raises(UserError, match="过长"):
        importer.files(path)


def test_a_single_unreadable_character_costs_one_row(importer: Importer, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    filler = "".join(f"长沙第{number}商店,{code(number)}\n" for number in range(9000))
    path.write_bytes((HEADING + filler).encode() + b"\xe9\x95\xff\xb2\xe5\x85\xac\xe5\x8f\xb8,\n")
    summary = importer.files(path)
    assert (summary.added_count, summary.refused_count) == (9000, 1)


def test_markup_and_statements_are_only_text(importer: Importer) -> None:
    names = [
        "<script>alert(1)</script>公司",
        "'; DROP TABLE enterprises; --",
        "${jndi:ldap://x}公司",
        "%s%n公司",
        "\x00公\x00司",
    ]
    summary = importer.rows(*([name, code(number)] for number, name in enumerate(names)))
    assert summary.added_count == len(names)
    assert [firm.name for firm in importer.all()] == [*names[:-1], "公 司"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", HEADING.encode()])
)
def test_any_bytes_are_a_table_or_a_clear_line(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + content)
    with suppress(UserError), open_sheets(path) as sheets:  # the clear line; anything else fails the test
        assert all(isinstance(number, int) for sheet in sheets for number, _ in sheet.rows)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=20))
def test_any_damaged_workbook_is_a_table_or_a_clear_line(tmp_path: Path, place: int, damage: bytes) -> None:
    whole = write_xlsx(tmp_path / "whole.xlsx", [["企业名称"], ["长沙甲厂"]]).read_bytes()
    path = tmp_path / "any.xlsx"
    path.write_bytes(whole[:place] + damage + whole[place + len(damage) :])
    with suppress(UserError), open_sheets(path) as sheets:
        assert all(len(list(sheet.rows)) < 10 for sheet in sheets)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=30), max_size=9), max_size=12))
def test_any_cells_are_stored_or_refused(importer: Importer, rows: list[list[str]]) -> None:
    rows = [[cell.encode("utf-8", "replace").decode() for cell in row] for row in rows]
    summary = importer.rows(*rows)
    counted = summary.added_count + summary.updated_count + summary.renamed_count + summary.unchanged_count
    assert summary.row_count == counted + summary.outdated_count + summary.refused_count
    written = 0
    for path in summary.refused_paths:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            written += len(list(csv.reader(stream))) - 1
    assert written == summary.refused_count
