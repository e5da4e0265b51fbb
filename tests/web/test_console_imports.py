"""The wizard from upload to result, quarantine, the late list and exports, as a clerk uses them."""

import io
from datetime import datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from config.sources import Sources
from jobs.imports import ImportClerk
from models.archive_words import Life
from models.database import Database
from models.record import Record
from models.role import Role
from services.calendar.years import seed_calendar
from services.imports.uploads import imports_of
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import make_enterprise
from tests.import_files import ID_NUMBER, PENALTY_SHEET, lay_out, penalty, spell_csv
from tests.register_files import code


class Room:
    """A clerk of the archive, and the jobs process beside."""

    def __init__(self, database: Database, folder: Path, now: datetime, sources: Sources = Sources()) -> None:  # noqa: B008
        self.database, self.clock = database, Clock(now)
        hire(database, now, "dangan", Role.ARCHIVE)
        self.clerk = Clerk(make_console(database, folder, self.clock, sources=sources))
        self.clerk.signs_in("dangan")
        self.jobs = ImportClerk(database, imports_of(folder), folder / "incoming", sources, self.clock)

    def upload(self, content: bytes, kind: str = "penalty", name: str = "双公示.csv", **fields: str) -> str:
        """Send the form with a file; the page that follows."""
        self.clerk.opens("/console/imports/new")
        data: dict[str, object] = {"seal": self.clerk.seal, "kind": kind, "file": (io.BytesIO(content), name), **fields}
        self.clerk.page = self.clerk.client.post(
            "/console/imports/new", data=data, base_url="https://localhost", environ_base=self.clerk.environ,
            content_type="multipart/form-data",
        )  # fmt: skip
        path = self.clerk.page.headers.get("Location", "")
        if path:
            self.clerk.opens(path)
        return path

    def does(self, path: str, wish: str, **fields: str) -> str:
        """Press a button and let the jobs process work; the text of the page."""
        self.clerk.sends(path, do=wish, **fields)
        self.jobs.work()
        return self.clerk.opens(path).text


@pytest.fixture
def room(sqlite: Database, tmp_path: Path, now: datetime) -> Room:
    with sqlite.write() as session:
        seed_calendar(session, now)
        for number in (1, 2):
            make_enterprise(session, f"长沙第{number}商贸有限公司", code(number))
        make_enterprise(session, "长沙第3商贸有限公司", code(3))
    return Room(sqlite, tmp_path, now)


def sheet(*rows: dict[str, str]) -> bytes:
    """A file of penalties."""
    return spell_csv(lay_out(rows), "gb18030")


def read_xlsx(content: bytes, sheet_number: int = 0) -> list[list[str]]:
    """The cells as text."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [list(map(str, row)) for row in book.get_sheet_by_index(sheet_number).to_python()]


def test_from_upload_to_undoing(room: Room) -> None:
    path = room.upload(sheet(penalty(1), penalty(2, 处罚机关=""), penalty(9, 行政相对人类别="")))
    page = room.clerk.page.text
    assert "个人信息，不读取" in page
    assert "缺少处罚机关" in page
    assert ID_NUMBER not in page
    room.clerk.sends(path, do="check", mode="part")
    assert "正在检查" in room.clerk.opens(path).text
    room.jobs.work()
    assert "检查结果（还没有写入）" in room.clerk.opens(path).text
    page = room.does(path, "import", mode="part")
    assert "导入结果" in page
    assert "核实对不上企业的行" in page
    returned = read_xlsx(room.clerk.opens(f"{path}/returned.xlsx").data)
    assert returned[1][-2:] == ["3", "缺少处罚机关"]
    room.clerk.opens(path)
    assert "请写明撤销的理由" in room.does(path, "undo", reason="")
    assert "撤销：传错了文件" in room.does(path, "undo", reason="传错了文件")
    listed = room.clerk.opens("/console/imports").text
    assert "已撤销" in listed


def test_all_or_nothing_by_the_page(room: Room) -> None:
    path = room.upload(sheet(penalty(1), penalty(2, 处罚机关="")))
    assert "所以一行也没有写入" in room.does(path, "import", mode="whole")


def test_a_full_list_is_declared_checked_and_ends_what_it_lacks(
    sqlite: Database, tmp_path: Path, now: datetime
) -> None:
    court = {"code": "court", "kind": "court", "unit": "人民法院", "way": "folder", "is_full": True}
    room = Room(sqlite, tmp_path, now, Sources.model_validate({"sources": [court]}))
    heads = ["被执行人名称", "统一社会信用代码", "类别", "案号", "执行法院", "立案时间"]
    with sqlite.write() as session:
        for number in range(1, 5):
            make_enterprise(session, f"长沙第{number}商贸有限公司", code(number))

    def listed(*numbers: int) -> bytes:
        rows = (
            [f"长沙第{n}商贸有限公司", code(n), "法人及非法人组织", f"执{n}号", "某法院", "2026-03-02"] for n in numbers
        )
        return spell_csv([heads, *rows])

    first = {"data_on": "2026-11-01", "source_unit": "人民法院"}
    path = room.upload(listed(1, 2, 3, 4), "court", "名单.csv", **first)
    assert "是“人民法院”截至 2026-11-01 的全量名单" in room.clerk.page.text
    room.does(path, "import", full="court")
    path = room.upload(listed(2, 3, 4), "court", "名单.csv", **(first | {"data_on": "2026-11-08"}))
    assert "长沙第1商贸有限公司" in room.does(path, "check", full="court")
    assert count_court(sqlite) == 4, "a check writes nothing"
    room.does(path, "import", full="court")
    assert count_court(sqlite) == 3
    room.clerk.opens(path)
    room.does(path, "undo", reason="名单不完整")
    assert count_court(sqlite) == 4
    path = room.upload(listed(2), "court", "名单.csv", **(first | {"data_on": "2026-11-15"}))
    room.does(path, "import", full="")
    assert count_court(sqlite) == 4, "a part of the list ends nothing"
    path = room.upload(sheet(penalty(1)))
    assert "全量名单" not in room.clerk.page.text


def count_court(database: Database) -> int:
    """How many firms are on the courts' list."""
    with database.read() as session:
        return len(session.scalars(select(Record).where(Record.life == Life.PUBLISHED)).all())


def test_what_is_no_sheet_is_told_at_once(room: Room) -> None:
    for content, name, words in (
        (b"", "a.csv", "文件是空的"),
        (b"MZ\x90", "a.exe", "请上传 XLSX 或 CSV"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "请上传 XLSX 或 CSV"),
    ):
        room.upload(content, name=name)
        assert words in room.clerk.page.text
    room.upload(sheet(penalty(1)), data_on="2026-12-01")
    assert "数据日期不能在将来" in room.clerk.page.text
    path = room.upload(spell_csv([["地址"], ["长沙"]]))
    assert "表头看不懂" in room.clerk.page.text
    assert 'href="/console/imports/new"' in room.clerk.page.text.partition("表头看不懂")[2], "a way on"
    assert "表头看不懂" not in room.does(path, "drop")


def test_the_file_lies_sealed_and_goes_after_the_import(room: Room, tmp_path: Path) -> None:
    path = room.upload(sheet(penalty(1)))
    (kept,) = (tmp_path / "imports" / "files").iterdir()
    assert ID_NUMBER.encode() not in kept.read_bytes()
    room.does(path, "import", mode="part")
    assert list((tmp_path / "imports" / "files").iterdir()) == []
    again = room.upload(sheet(penalty(1)))
    assert "号导入过" in room.clerk.page.text
    assert "文件已删除，没有写入任何数据" in room.does(again, "drop")


def test_a_row_in_quarantine_gets_its_firm_or_stays_out(room: Room) -> None:
    rows = [penalty(1, 行政相对人名称="长沙第一商贸公司", 行政相对人代码_1=""), penalty(8, 行政相对人类别="")]
    path = room.upload(sheet(*rows))
    room.does(path, "import", mode="part")
    room.clerk.opens("/console/imports/quarantine")
    assert "待核实（2）" in room.clerk.page.text
    page = room.clerk.opens("/console/imports/quarantine/1").text
    assert "长商罚〔2026〕1号" in page
    page = room.clerk.opens("/console/imports/quarantine/1?name=长沙第1商贸").text
    assert 'value="1"' in page
    room.clerk.sends("/console/imports/quarantine/1", do="resolve", reason="电话核实")
    assert "请先选择一家企业" in room.clerk.opens("/console/imports/quarantine/1").text
    room.clerk.sends("/console/imports/quarantine/1", do="resolve", enterprise="1", reason="电话核实")
    assert room.clerk.page.headers["Location"] == "/console/imports/quarantine/2"
    assert "已入档" in room.clerk.opens("/console/imports/quarantine/2").text
    room.clerk.sends("/console/imports/quarantine/2", do="refuse", reason="来源单位确认作废")
    assert "没有待核实的行" in room.clerk.opens("/console/imports/quarantine").text
    room.clerk.opens("/console/imports/quarantine/2")
    assert "来源单位确认作废" in room.clerk.page.text
    again = room.upload(sheet(*rows))
    assert "无变化" in room.does(again, "import", mode="part")
    assert "没有待核实的行" in room.clerk.opens("/console/imports/quarantine").text


@pytest.mark.parametrize(("published", "is_late"), [("2026-10-15", False), ("2026-10-16", True)])
def test_late_by_the_real_calendar(room: Room, published: str, is_late: bool) -> None:
    row = penalty(1, 处罚决定日期="2026-09-30", 公示截止期="2027-09-30") | {"公示日期": published}
    room.does(room.upload(spell_csv(lay_out([row], [*PENALTY_SHEET, "公示日期"]))), "import", mode="part")
    page = room.clerk.opens("/console/imports/late?first=2026-09-01&last=2026-11-20").text
    assert ("2026-10-15" in page) == is_late
    listed = read_xlsx(room.clerk.opens("/console/imports/late?first=2026-09-01&last=2026-11-20&xlsx=1").data)
    assert [row[5:9] for row in listed[1:]] == [["2026-09-30", "2026-10-15", "2026-10-16", "1.0"]] * is_late


def test_exports_have_the_headings_and_only_what_may_be_shown(room: Room) -> None:
    rows = [
        penalty(1, 备注="=1+1"),
        penalty(2),
        penalty(3, 处罚类别="警告"),  # minor: never public
    ]
    room.does(room.upload(sheet(*rows)), "import", mode="part")
    room.clerk.opens("/console/imports/exports")
    whole = read_xlsx(room.clerk.sends("/console/imports/exports", kind="penalty", scope="all").data)
    assert whole[0] == PENALTY_SHEET
    assert [row[2] for row in whole[1:]] == [code(1), code(2)]
    assert whole[1][PENALTY_SHEET.index("备注")] == "=1+1"
    assert whole[1][PENALTY_SHEET.index("罚款金额（万元）")] == "0.5"
    assert whole[1][PENALTY_SHEET.index("法定代表人证件号码")] == ""
    repaired = penalty(1) | {"信用修复日期": "2026-11-20"}
    file = spell_csv(lay_out([repaired, penalty(2, 公示截止期="2026-12-31")], [*PENALTY_SHEET, "信用修复日期"]))
    room.does(room.upload(file), "import", mode="part")
    room.clerk.opens("/console/imports/exports")
    delta = room.clerk.sends("/console/imports/exports", kind="penalty", scope="delta").data
    assert [(row[2], row[PENALTY_SHEET.index("公示截止期")]) for row in read_xlsx(delta)[1:]] == [
        (code(2), "2026-12-31")
    ]
    assert [[row[0], row[4]] for row in read_xlsx(delta, 1)[1:]] == [[code(1), "信用修复，停止公示"]]
    room.clerk.opens("/console/imports/exports")
    empty = room.clerk.sends("/console/imports/exports", kind="penalty", scope="delta").data
    assert len(read_xlsx(empty)) == 1


def test_others_are_not_let_in(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    hire(sqlite, now, "shouli", Role.INTAKE)
    clerk = Clerk(make_console(sqlite, tmp_path, Clock(now)))
    clerk.signs_in("shouli")
    for path in ("", "/new", "/1", "/quarantine", "/late", "/exports"):
        assert clerk.opens(f"/console/imports{path}").status_code == 403


def test_of_a_stranger_no_file_is_read(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    stranger = Clerk(make_console(sqlite, tmp_path, Clock(now)))
    answer = stranger.posts("/console/imports/new", kind="penalty")
    assert (answer.status_code, answer.location) == (303, "/console/login?next=/console/imports/new")
