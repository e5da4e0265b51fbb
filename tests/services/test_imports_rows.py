"""What becomes of each row: whose it is, what is wrong with it, and what the archive makes of it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.archive_words import Life
from models.database import Database
from models.enterprise import Status
from models.importing import ImportKind, QuarantineReason, RunState
from models.record import Dataset
from services.credit.report import compose_report
from tests.import_files import ID_NUMBER, ImportDesk, day, lay_out, penalty
from tests.register_files import code

BLACK = (
    "单位名称|统一社会信用代码|名单名称|列入依据|列入决定书文号|列入事由|列入机关|列入日期"
    "|告知日期|异议处理结果|移出条件"
)


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path, now: datetime) -> ImportDesk:
    return ImportDesk(sqlite, tmp_path, now)


def listing(number: int = 1, **cells: str) -> list[list[str]]:
    """A sheet of 严重失信主体名单 with one row."""
    row = {
        "单位名称": f"长沙第{number}商贸有限公司",
        "统一社会信用代码": code(number),
        "名单名称": "严重失信主体名单（单用途商业预付卡领域）",
        "列入依据": "《示范省单用途预付卡管理条例（演示）》第二十三条",
        "列入决定书文号": "湘商失信〔2026〕3号",
        "列入事由": "停止经营后未退还预收款",
        "列入机关": "湖南省商务厅",
        "列入日期": "2026-05-06",
        "告知日期": "2026-04-20",
        "异议处理结果": "期限内未提出异议",
        "移出条件": "退清预收款",
    } | cells
    return lay_out([row], BLACK.split("|"))


def test_columns_about_persons_are_dropped_and_counted(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1, 证件号码=ID_NUMBER), penalty(2))
    assert run.dropped == {"法定代表人": 2, "法定代表人证件号码": 2, "证件号码": 1}
    with desk.database.read() as session:
        text = str([tuple(row) for row in session.connection().exec_driver_sql("SELECT * FROM records")])
    assert ID_NUMBER not in text
    assert "李四" not in text


def test_numbers_of_persons_in_other_columns_are_masked(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1, 备注=f"经办人{ID_NUMBER}，卡号123", 违法事实="证号110105491231005"))
    (record,) = desk.records()
    assert run.masked_count == 2
    assert record.details["remark"] == "经办人110*************2X，卡号123"
    assert record.details["fact"] == "证号110**********05"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"行政相对人名称": ""}, "缺少行政相对人名称"),
        ({"行政处罚决定书文号": "无"}, "缺少行政处罚决定书文号"),
        ({"处罚机关": ""}, "缺少处罚机关"),
        ({"处罚决定日期": "去年"}, "处罚决定日期无法识别"),
        ({"处罚决定日期": "2026-11-21"}, "决定日期在将来"),
        ({"公示截止期": "2026-04-09"}, "公示截止期早于决定日期"),
        ({"公示截止期": "2027-02-30"}, "公示截止期无法识别"),
        ({"罚款金额": "若干"}, "罚款金额无法识别"),
        ({"处罚机关": "局" * 101}, "处罚机关过长"),
        ({"行政相对人代码_1": "9.14301E+17"}, "代码被存成了数字"),
        ({"行政相对人代码_1": ID_NUMBER}, "代码列中是个人证件号码"),
        ({"行政相对人名称": "12345678"}, "名称无法识别"),
        ({"行政相对人类别": "自然人"}, "自然人的信息不入企业信用档案"),
        ({"行政相对人名称": "王小明", "行政相对人代码_1": ""}, "自然人的信息不入企业信用档案"),
    ],
)
def test_a_fault_comes_back_in_words_beside_the_row(desk: ImportDesk, cells: dict[str, str], words: str) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1, **cells), penalty(2))
    assert run.refused_count == 1
    (returned,) = desk.returned(run)
    assert words in returned["原因"]
    assert returned["行号"] == "2"
    assert "法定代表人证件号码" not in returned
    assert ID_NUMBER not in str(returned)


def test_a_person_is_not_even_named_in_what_goes_back(desk: ImportDesk) -> None:
    run = desk.rows(penalty(1, 行政相对人名称="王小明", 行政相对人类别="自然人"))
    assert desk.returned(run)[0]["行政相对人名称"] == "王**"


def test_every_fault_of_a_row_is_named(desk: ImportDesk) -> None:
    run = desk.rows(penalty(1, 处罚机关="", 处罚决定日期="x", 罚款金额="y"))
    assert desk.returned(run)[0]["原因"] == "罚款金额无法识别；处罚决定日期无法识别；缺少处罚机关"
    assert run.faults == {"罚款金额无法识别": 1, "处罚决定日期无法识别": 1, "缺少处罚机关": 1}


def test_what_came_back_is_put_right_and_imported(desk: ImportDesk) -> None:
    desk.firm(1)
    (row,) = desk.returned(desk.rows(penalty(1, 处罚决定日期="去年")))
    run = desk.table([list(row), [*(row | {"处罚决定日期": "2026-04-10"}).values()]], ImportKind.PENALTY)
    assert (run.added_count, run.refused_count, run.ignored) == (1, 0, list(run.ignored))


def test_firms_by_code_by_name_new_or_unknown(desk: ImportDesk) -> None:
    first, second = desk.firm(1), desk.firm(2)
    desk.firm(3, name="长沙同名商行", credit_code=code(103))
    desk.firm(4, name="长沙同名商行", credit_code=code(104))
    run = desk.rows(
        penalty(1, 行政相对人名称="长沙市第1商贸有限责任公司"),  # the code tells; 字号 and 行业 are the same
        penalty(2, 行政相对人代码_1=""),
        penalty(5),  # a legal person that the register does not know
        penalty(6, 行政相对人类别="个体工商户"),
        penalty(7, 行政相对人名称="长沙同名商行", 行政相对人代码_1=""),
        penalty(8, 行政相对人代码_1=code(1)),  # the code of one firm, the name of another
        penalty(9, 行政相对人代码_1="91430100MA4L00009X"),
    )
    assert (run.added_count, run.enterprise_count, run.quarantined_count, run.refused_count) == (3, 1, 4, 0)
    owners = [record.enterprise_id for record in desk.records()]
    assert owners[:2] == [first, second]
    assert [row.reason for row in desk.quarantined()] == [
        QuarantineReason.UNKNOWN,
        QuarantineReason.SAME_NAME,
        QuarantineReason.NAME_DIFFERS,
        QuarantineReason.CODE_WRONG,
    ]


def test_two_rows_of_one_record_in_a_file(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1), penalty(1, 行政处罚决定书文号="长商罚[2026]1号"), penalty(1, 处罚机关="长沙县商务局"))
    assert (run.added_count, run.refused_count) == (2, 1)
    assert desk.returned(run)[0]["原因"] == "与本文件第 2 行的文号、相对人和机关相同，以前面为准"


def test_the_same_file_twice_changes_nothing(desk: ImportDesk) -> None:
    desk.firm(1)
    rows = [penalty(1), penalty(2), penalty(3, 行政相对人类别=""), penalty(4, 处罚机关="")]
    first = desk.rows(*rows)
    before = [(record.id, record.version, record.data_on) for record in desk.records()]
    second = desk.rows(*rows)
    assert (first.added_count, first.quarantined_count, first.refused_count) == (2, 1, 1)
    assert (second.added_count, second.unchanged_count, second.quarantined_count) == (0, 3, 0)
    assert [(record.id, record.version, record.data_on) for record in desk.records()] == before
    assert len(desk.quarantined()) == 1


def test_a_new_end_of_publicity_makes_a_new_version(desk: ImportDesk) -> None:
    desk.firm(1)
    desk.rows(penalty(1))
    run = desk.rows(penalty(1, 公示截止期="2026-12-01", 违法事实=""))
    old, new = desk.records()
    assert (run.revised_count, run.added_count) == (1, 0)
    assert (old.life, new.life, new.version, new.corrects_id) == (Life.CORRECTED, Life.PUBLISHED, 2, old.id)
    assert new.published_until == day("2026-12-01")
    assert new.details["fact"] == "发卡后未备案"  # what the newer sheet leaves out stays


def test_an_older_file_does_not_turn_things_back(desk: ImportDesk) -> None:
    desk.firm(1)
    desk.rows(penalty(1))
    run = desk.rows(penalty(1, 公示截止期="2028-04-10"), data_on=day("2026-11-01"))
    assert (run.unchanged_count, run.notes) == (1, ["1 行的数据比本平台已有的旧，未采用"])


@pytest.mark.parametrize("words", [{"当前状态": "已修复"}, {"信用修复日期": "2026-11-19"}])
def test_the_result_of_a_repair_takes_the_record_out_of_sight(desk: ImportDesk, words: dict[str, str]) -> None:
    firm = desk.firm(1)
    desk.rows(penalty(1))
    row = {key: cell for key, cell in penalty(1).items() if key.startswith(("行政相对人", "行政处罚决定书"))} | words
    run = desk.table(lay_out([row], list(row)), ImportKind.PENALTY)
    (record,) = desk.records()
    assert (run.ended_count, record.life) == (1, Life.REPAIRED)
    with desk.database.read() as session:
        report = compose_report(session, firm, day("2026-11-20"))
    assert report
    assert report.items_of("penalty") == []
    again = desk.rows(penalty(1))  # a later sheet that still holds it does not bring it back
    assert (again.unchanged_count, again.notes) == (1, ["1 行对应的记录已修复、撤回或移出，没有恢复公示"])


def test_what_was_repaired_before_we_ever_had_it_does_not_come_in(desk: ImportDesk) -> None:
    desk.firm(1)
    headings = [*penalty(1), "当前状态"]
    run = desk.table(lay_out([penalty(1) | {"当前状态": "已修复"}], headings), ImportKind.PENALTY)
    assert (run.state, run.unchanged_count) == (RunState.DONE, 1)
    assert desk.records() == []


def test_a_record_under_objection_waits(desk: ImportDesk) -> None:
    desk.firm(1)
    desk.rows(penalty(1))
    with desk.database.write() as session:
        session.merge(desk.records()[0]).life = Life.OBJECTED
    run = desk.rows(penalty(1, 公示截止期="2026-12-01"))
    assert run.refused_count == 1
    assert "异议处理中" in desk.returned(run)[0]["原因"]


def test_2099_is_long_term_and_no_end_of_a_licence(desk: ImportDesk) -> None:
    desk.firm(1)
    desk.rows(penalty(1, 公示截止期="2099-12-31"), penalty(1, 行政处罚决定书文号="2号", 公示截止期="长期"))
    assert [record.published_until for record in desk.records()] == [None, None]


def test_an_entry_of_a_list_lacks_something_by_law(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.table(listing(告知日期="", 列入依据=""), ImportKind.BLACK)
    (entry,) = desk.listings()
    assert (run.added_count, run.draft_count, entry.life) == (1, 1, Life.DRAFT)
    assert run.notes == ["第 2 行 长沙第1商贸有限公司：缺：列入依据、告知日期"]


def test_a_whole_entry_waits_for_a_second_person_unless_its_authority_sent_it(desk: ImportDesk) -> None:
    desk.firm(1)
    desk.firm(2)
    desk.table(listing(1), ImportKind.BLACK)
    desk.table(listing(2), ImportKind.BLACK, source="province", publishes=True)
    assert [entry.life for entry in desk.listings()] == [Life.PENDING_REVIEW, Life.PUBLISHED]


def test_all_or_nothing(desk: ImportDesk) -> None:
    desk.firm(1)
    run = desk.rows(penalty(1), penalty(2, 处罚机关=""), penalty(3, 行政相对人类别=""), is_whole=True)
    assert run.state is RunState.REFUSED
    assert "有 2 行不能导入，所以一行也没有写入" in run.fault
    assert (desk.records(), desk.quarantined()) == ([], [])
    assert [row["原因"] for row in desk.returned(run)] == ["名册中没有这个代码或名称", "缺少处罚机关"]


def test_a_rehearsal_writes_nothing(desk: ImportDesk) -> None:
    run = desk.rows(penalty(1), is_rehearsal=True)
    assert (run.state, run.added_count, desk.records()) == (RunState.CHECKED, 1, [])


def test_the_block_says_whose_data_it_is_and_of_which_day(desk: ImportDesk, now: datetime) -> None:
    desk.firm(1)
    desk.rows(penalty(1), source_unit="示范市信用中心", data_on=(now - timedelta(days=2)).date())
    with desk.database.read() as session:
        dataset = session.get_one(Dataset, "penalty")
    assert (dataset.source_unit, dataset.data_on) == ("示范市信用中心", day("2026-11-18"))


def test_the_new_firm_can_be_found(desk: ImportDesk) -> None:
    desk.rows(penalty(5))
    record = desk.records()[0]
    with desk.database.read() as session:
        report = compose_report(session, record.enterprise_id, day("2026-11-20"))
    assert report
    assert (report.name, report.credit_code, report.status) == ("长沙第5商贸有限公司", code(5), Status.UNKNOWN)
    assert [item.document_number for item in report.items_of("penalty")] == ["长商罚〔2026〕5号"]
