"""The daily files: what goes out comes in, repeated files change nothing, bad rows are named."""

from datetime import date
from pathlib import Path

import pytest

from models.case_words import Action, Channel, State
from models.database import Database
from models.hotline import HotlineSending, SendingState, StatusOutcome
from services.errors import UserError
from services.hotline.batch import COLUMNS, export_rows, take_row
from services.hotline.files import read_table
from services.hotline.outgoing import gather
from services.papers.workbook import Table, make_csv, make_xlsx
from tests.case_desk import INTAKE, PHONE, CaseDesk
from tests.hotline_room import Bureau

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
        rows = export_rows(docket)
        assert export_rows(docket) == []
        assert export_rows(docket, again=DAY) == rows
        assert export_rows(docket, again=date(2026, 11, 21)) == []
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


def test_progress_of_their_orders_goes_out(bureau: Bureau, tmp_path: Path) -> None:
    take(bureau.desk, write(tmp_path / "a.csv", [ROW]))
    with bureau.desk.docket() as docket:
        gather(docket, bureau.exchange)
        (received,) = export_rows(docket)
    number = received[0]
    bureau.desk.do(number, Action.ACCEPT, INTAKE)
    with bureau.desk.docket() as docket:
        gather(docket, bureau.exchange)
        (row,) = [dict(zip(COLUMNS, cells, strict=True)) for cells in export_rows(docket)]
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
