"""The daily files: what goes out comes in, repeated files change nothing, bad rows are named."""

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.audit import Act, AuditEntry
from models.case_words import Action, Channel, State
from models.database import Database
from models.hotline import HotlineSending, SendingState, StatusOutcome
from models.migration import upgrade_database
from models.vault import Vault
from services.errors import UserError
from services.evidence.keeping import digest
from services.evidence.store import EvidenceStore
from services.hotline.batch import COLUMNS, export_rows, take_row
from services.hotline.files import read_table
from services.hotline.outgoing import gather
from services.papers.workbook import Table, make_csv, make_xlsx
from tests.case_desk import INTAKE, PHONE, CaseDesk
from tests.cli.test_cli import SECRETS, run
from tests.evidence_files import AMR, make_photo
from tests.hotline_room import RECEIVER, Bureau

ROW = {
    "工单编号": "H0001",
    "诉求类型": "投诉",
    "诉求分类": "单用途预付卡",
    "紧急程度": "紧急",
    "诉求人": "=欧阳小明",
    "联系电话": PHONE,
    "是否保密": "是",
    "被反映单位": "示范市乐享健身服务有限公司",
    "统一社会信用代码": "91110000600037341L",
    "诉求内容": "储值卡余额1500元不退。",
    "受理时间": "2026-11-20 09:58",
    "办理时限": "2026/11/27",
}
DAY = date(2026, 11, 20)


@pytest.fixture
def bureau(sqlite: Database) -> Bureau:
    return Bureau(sqlite, "http://127.0.0.1:9")


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    table = Table("工单", COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in rows])
    path.write_bytes(make_xlsx([table]) if path.suffix == ".xlsx" else make_csv(table))
    return path


def take(desk: CaseDesk, path: Path) -> list[str]:
    outcomes = []
    for _, cells in read_table(path):
        with desk.docket() as docket:
            outcomes.append(take_row(docket, cells, DAY))
    return outcomes


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_their_orders_come_in_once(bureau: Bureau, tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"工单{suffix}", [ROW, ROW | {"工单编号": "H0002", "诉求类型": "举报", "诉求人": ""}])
    assert take(bureau.desk, path) == ["新增", "新增"]
    assert take(bureau.desk, path) == ["重复", "重复"]
    with bureau.desk.docket() as docket:
        gather(docket, bureau.exchange)
        (first, second) = docket.session.query(HotlineSending).order_by(HotlineSending.id)
        assert (first.key[:2], second.key[:2]) == ("TS", "JB")
    case = bureau.desk.get(first.key.split(".")[0])
    assert (case.channel, case.state, case.category) == (Channel.HOTLINE, State.SUBMITTED, "prepaid")
    assert (case.source_number, case.urgency, case.is_confidential) == ("H0001", "urgent", True)
    assert case.credit_code == "91110000600037341L"


def test_our_referrals_go_out_once_and_their_results_come_back(bureau: Bureau, tmp_path: Path) -> None:
    number = bureau.refer(with_identity=True)
    with bureau.desk.docket() as docket:
        gather(docket, bureau.exchange)
        rows = export_rows(docket).rows
        assert export_rows(docket).rows == []
        assert export_rows(docket, again=DAY).rows == rows
        assert export_rows(docket, again=date(2026, 11, 21)).rows == []
        assert docket.session.query(HotlineSending).one().state is SendingState.BATCHED
    (row,) = [dict(zip(COLUMNS, cells, strict=True)) for cells in rows]
    assert row["工单编号"] == number
    assert (row["诉求人"], row["联系电话"], row["诉求类型"]) == ("欧阳小明", PHONE, "投诉")
    assert row["受理时间"] == "2026-11-20 10:00:00"
    reply = {"工单编号": "R77", "来源编号": number, "办理状态": "已受理", "承办单位": "某区"}
    done = reply | {"办理状态": "已办结", "办理结果": "已退款", "办结时间": "2026-11-25 15:00"}
    path = write(tmp_path / "结果.xlsx", [done, reply])
    assert take(bureau.desk, path) == ["进展", "进展"]
    assert take(bureau.desk, path) == ["重复", "重复"]
    assert bureau.count_actions(number, Action.ACKNOWLEDGE_REFERRAL) == 1
    assert [one.status for one in bureau.statuses(number)] == ["accepted", "closed"]
    assert {one.outcome for one in bureau.statuses(number)} == {StatusOutcome.APPLIED, StatusOutcome.KEPT}


def test_evidence_goes_beside_the_daily_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'chengxin.db'}", Vault(SECRETS["SECRET_KEY"]))
    upgrade_database(database)
    bureau, photo = Bureau(database, "http://127.0.0.1:9"), make_photo()
    bureau.desk.now = datetime.now(UTC)  # the command's own
    bureau.store = EvidenceStore(tmp_path / "evidence", reserve_bytes=0)
    given, kept_back = (bureau.desk.file().number for _ in range(2))
    for number in (given, kept_back):
        bureau.add_evidence(number, photo)
        bureau.give_away(number, with_identity=number == given)
    settings = {"data_dir": tmp_path, "HOTLINE_CHANNEL": "batch", "HOTLINE_RECEIVER": RECEIVER, **SECRETS}
    first = run("hotline", "export", str(tmp_path / "一.csv"), **settings)
    assert first.returncode == 0, first.stderr
    assert "1 个附件已写入" in first.stdout
    cells = {row["工单编号"]: row["附件"] for _, row in read_table(tmp_path / "一.csv")}
    with zipfile.ZipFile(tmp_path / "一-附件.zip") as archive:
        (name,) = archive.namelist()
        assert archive.read(name) == photo
    assert cells[given] == f"{name} SHA-256 {digest(photo).hex()}"
    assert cells.get(kept_back, "") == ""
    bureau.add_evidence(given, AMR, "../后到.amr")
    second = run("hotline", "export", str(tmp_path / "二.xlsx"), **settings)
    assert second.returncode == 0, second.stderr
    ((_, row),) = read_table(tmp_path / "二.xlsx")
    assert (row["工单编号"], row["诉求内容"]) == (given, "补充证据：录音 1 件，见附件。")
    with zipfile.ZipFile(tmp_path / "二-附件.zip") as archive:
        assert [(Path(one).name, archive.read(one)) for one in archive.namelist()] == [("1-后到.amr", AMR)]
    third = run("hotline", "export", str(tmp_path / "三.xlsx"), **settings)
    assert third.stdout.startswith("0 行")
    assert not (tmp_path / "三-附件.zip").exists()
    with database.read() as session:
        opened = session.query(AuditEntry).filter_by(act=Act.EVIDENCE_OPENED)
        assert [one.subject for one in opened] == [given, given]
    database.close()


def test_a_damaged_file_stops_the_daily_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'chengxin.db'}", Vault(SECRETS["SECRET_KEY"]))
    upgrade_database(database)
    bureau = Bureau(database, "http://127.0.0.1:9")
    bureau.desk.now = datetime.now(UTC)
    bureau.store = EvidenceStore(tmp_path / "evidence", reserve_bytes=0)
    number = bureau.desk.file().number
    bureau.add_evidence(number, make_photo())
    bureau.give_away(number, with_identity=True)
    for path in bureau.store.folder.iterdir():
        path.unlink()
    settings = {"data_dir": tmp_path, "HOTLINE_CHANNEL": "batch", "HOTLINE_RECEIVER": RECEIVER, **SECRETS}
    done = run("hotline", "export", str(tmp_path / "一.xlsx"), **settings)
    assert done.returncode != 0
    assert "没有写成" in done.stderr
    assert list(tmp_path.glob("一*")) == []
    assert bureau.count_states() == {}, "nothing has gone"
    database.close()


def test_progress_of_their_orders_goes_out(bureau: Bureau, tmp_path: Path) -> None:
    take(bureau.desk, write(tmp_path / "a.csv", [ROW]))
    with bureau.desk.docket() as docket:
        gather(docket, bureau.exchange)
        (received,) = export_rows(docket).rows
    number = received[0]
    bureau.desk.do(number, Action.ACCEPT, INTAKE)
    with bureau.desk.docket() as docket:
        gather(docket, bureau.exchange)
        (row,) = [dict(zip(COLUMNS, cells, strict=True)) for cells in export_rows(docket).rows]
    assert (row["来源编号"], row["办理状态"], row["诉求人"]) == ("H0001", "已受理", "")
    assert row["办理时限"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"诉求内容": ""}, "缺少诉求内容"),
        ({"诉求类型": "建议"}, "不认识“建议”"),
        ({"受理时间": "昨天"}, "看不懂时间“昨天”"),
        ({"工单编号": "H 1/2"}, "不合要求：工单编号"),
        ({"来源编号": "TS20261120430100000015"}, "没有来源编号"),
    ],
)
def test_a_bad_row_is_named_and_keeps_nothing(bureau: Bureau, changes: dict[str, str], words: str) -> None:
    with pytest.raises(UserError, match=words), bureau.desk.docket() as docket:
        take_row(docket, ROW | changes, DAY)


def test_a_file_without_our_headings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("企业名称,电话\n某店,1\n", encoding="utf-8")
    with pytest.raises(UserError, match="没有工单的表头"):
        read_table(path)
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(UserError, match="不是完好的"):
        read_table(broken)


def test_gb18030_tabs_and_a_title_above_are_read(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    lines = [["12345工单日报"], list(COLUMNS), [ROW.get(name, "") for name in COLUMNS], [""]]
    path.write_bytes("\r\n".join("\t".join(line) for line in lines).encode("gb18030"))
    assert take(bureau.desk, path) == ["新增"]
