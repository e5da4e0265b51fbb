"""A list of firms in a workbook, read by a program of its own: the right column, and what is refused."""

import io
import zipfile

import openpyxl
import pytest

from services.errors import UserError
from services.screening.lines import MOST_LINES, read_file
from services.screening.unfolding import MOST_UNPACKED


def write_book(*rows: list[object], hidden: bool = False) -> bytes:
    """A workbook as Excel saves it; with `hidden`, a sheet before it that nobody sees."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    if hidden:
        book.active.title, book.active.sheet_state = "旧", "hidden"
        book.active.append(["企业名称"])
        book.active.append(["不该读到的有限公司"])
    sheet = book.create_sheet("会员") if hidden else book.active
    for row in rows:
        sheet.append(row)
    book.create_sheet("说明").append(["企业名称"])
    book.save(out)
    return out.getvalue()


def test_the_headed_column_of_the_first_sheet_that_is_seen() -> None:
    book = write_book(
        ["示范市家政协会会员名册"],
        ["序号", "会员单位", "统一社会信用代码", "联系人"],
        [1, "湖南稻花屿食品有限公司", "91350100M000100Y43", "张三丰"],
        [2, "长沙青柚商贸有限公司", None, "李四"],
        [None, None, None, None],
        [3, " 长沙白鹭茶业有限公司 ", "", ""],
        hidden=True,
    )
    assert read_file(book) == ["91350100M000100Y43", "长沙青柚商贸有限公司", "长沙白鹭茶业有限公司"]


def test_a_sheet_without_a_heading() -> None:
    book = write_book([1, "湖南稻花屿食品有限公司", "张三丰"], [2, "91350100M000100Y43"], [3.0, None])
    assert read_file(book) == ["湖南稻花屿食品有限公司", "91350100M000100Y43"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (write_book(), "没有看到"),
        (write_book(["企业名称"]), "没有看到"),
        (write_book(*([f"第{number}有限公司"] for number in range(MOST_LINES + 1))), "最多"),
        (write_book(["某店"] * 401), "列数超过"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "XLS"),
        (b"PK\x03\x04" + b"\x00" * 600, "不是完好的 XLSX"),
    ],
    ids=["empty", "a heading alone", "too many", "too wide", "old", "broken"],
)
def test_workbooks_that_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_file(content)


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_book(["某店"]))) as book,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
    ):
        for entry in book.infolist():
            bomb.writestr(entry.filename, book.read(entry))
        bomb.writestr("xl/media/a.bin", bytes(MOST_UNPACKED + 1))
    with pytest.raises(UserError, match="展开后过大"):
        read_file(out.getvalue())
