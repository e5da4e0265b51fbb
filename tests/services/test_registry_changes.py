"""What an import does to the register: new, changed, renamed, deregistered, upgraded, as it was."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from models.database import Database
from models.enterprise import Status
from models.record import Dataset
from services.enterprises.entries import Refusal
from services.enterprises.names import hash_name
from tests.register_files import Importer, code, write_csv

FIRM = ["长沙甲商贸有限公司", code(1), "2018-09-04", "湖南省", "长沙市", "存续", ""]


@pytest.fixture
def importer(database: Database, tmp_path: Path, now: datetime) -> Importer:
    return Importer(database, tmp_path, now)


def change(**columns: str) -> list[str]:
    """FIRM with other cells."""
    places = {"name": 0, "code": 1, "day": 2, "province": 3, "city": 4, "status": 5, "former": 6}
    cells = list(FIRM)
    for column, value in columns.items():
        cells[places[column]] = value
    return cells


def test_a_new_firm(importer: Importer) -> None:
    summary = importer.rows(FIRM)
    firm = importer.one()
    assert (summary.row_count, summary.added_count, summary.refused_count) == (1, 1, 0)
    assert (firm.name, firm.credit_code, firm.status) == (FIRM[0], code(1), Status.IN_FORCE)
    assert (firm.registered_on, firm.province, firm.city) == (date(2018, 9, 4), "湖南省", "长沙市")
    assert (firm.kind, firm.address, firm.capital, firm.scope) == (None, None, None, None)
    assert (firm.name_hash, firm.data_on, firm.revision) == (hash_name(FIRM[0]), date(2026, 11, 20), 1)


def test_the_same_file_again_changes_nothing(importer: Importer) -> None:
    rows = [change(former="长沙旧商贸有限公司"), change(name="长沙无码厂", code="")]
    importer.rows(*rows)
    before = importer.state()
    summary = importer.rows(*rows)
    assert (summary.unchanged_count, summary.added_count, summary.updated_count) == (2, 0, 0)
    assert importer.state() == before
    assert importer.revision() == 1


def test_an_update_gets_a_new_revision(importer: Importer) -> None:
    importer.rows(FIRM, change(name="长沙乙厂", code=code(2)))
    summary = importer.rows(change(city="株洲市"), change(name="长沙乙厂", code=code(2)))
    first, second = sorted(importer.all(), key=lambda firm: firm.name != FIRM[0])
    assert (summary.updated_count, summary.unchanged_count) == (1, 1)
    assert (first.city, first.revision, second.revision) == ("株洲市", 2, 1)
    assert importer.revision() == 2


def test_an_empty_cell_erases_nothing(importer: Importer) -> None:
    importer.rows(FIRM)
    before = importer.state()
    summary = importer.rows(change(day="", province="-", city="/", status="无"))
    assert summary.unchanged_count == 1
    assert importer.state() == before


def test_a_missing_status_is_unknown(importer: Importer) -> None:
    importer.rows(["长沙丙厂", code(3)], headings=["name", "credit_code"])
    assert importer.one().status is Status.UNKNOWN


def test_a_renaming_keeps_the_old_name(importer: Importer) -> None:
    importer.rows(FIRM)
    summary = importer.rows(change(name="湖南甲集团有限公司"))
    firm = importer.one()
    assert (summary.renamed_count, summary.updated_count) == (1, 0)
    assert (firm.name, firm.name_hash, firm.revision) == ("湖南甲集团有限公司", hash_name("湖南甲集团有限公司"), 2)
    assert importer.other_names() == [("former", FIRM[0])]


def test_a_renaming_taken_back(importer: Importer) -> None:
    importer.rows(FIRM)
    importer.rows(change(name="湖南甲集团有限公司"))
    importer.rows(FIRM)
    assert importer.one().name == FIRM[0]
    assert importer.other_names() == [("former", "湖南甲集团有限公司")]


def test_other_brackets_are_no_renaming(importer: Importer) -> None:
    importer.rows(change(name="甲(长沙)商贸有限公司"))
    summary = importer.rows(change(name="甲（长沙）商贸有限公司"))
    assert (summary.renamed_count, summary.updated_count) == (0, 1)
    assert importer.one().name == "甲（长沙）商贸有限公司"
    assert importer.other_names() == []


def test_a_former_name_equal_to_the_present_one_is_left_out(importer: Importer) -> None:
    importer.rows(change(former=f"{FIRM[0]}；长沙旧商贸有限公司;长沙更旧商贸有限公司"))
    assert importer.other_names() == [("former", "长沙旧商贸有限公司"), ("former", "长沙更旧商贸有限公司")]


def test_a_new_other_name_is_an_update(importer: Importer) -> None:
    importer.rows(FIRM)
    summary = importer.rows(change(former="长沙旧商贸有限公司"))
    assert summary.updated_count == 1
    assert importer.one().revision == importer.revision() == 2
    assert importer.rows(change(former="长沙旧商贸有限公司")).unchanged_count == 1


def test_short_names_and_signs(importer: Importer) -> None:
    headings = ["企业名称", "统一社会信用代码", "简称", "店招"]
    importer.rows([FIRM[0], code(1), "甲商贸", "甲甲超市、甲甲便利"], headings=headings)
    assert importer.other_names() == [("short", "甲商贸"), ("sign", "甲甲超市"), ("sign", "甲甲便利")]


def test_short_names_for_firms_known_by_name_alone(importer: Importer) -> None:
    importer.rows(FIRM)
    summary = importer.rows([FIRM[0], "甲商贸"], headings=["name", "short_name"])
    assert (summary.updated_count, summary.added_count) == (1, 0)
    assert importer.one().credit_code == code(1)
    assert importer.other_names() == [("short", "甲商贸")]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("注销", Status.DEREGISTERED),
        ("已注销", Status.DEREGISTERED),
        ("吊销，未注销", Status.REVOKED),
        ("吊销，已注销", Status.DEREGISTERED),
        ("存续（在营、开业、在册）", Status.IN_FORCE),
        ("迁出", Status.MOVED_OUT),
        ("移除", Status.REMOVED),
    ],
)
def test_a_change_of_status(importer: Importer, word: str, status: Status) -> None:
    importer.rows(change(status="停业"))
    importer.rows(change(status=word))
    assert importer.one().status is status


def test_a_code_for_a_firm_known_by_its_name(importer: Importer) -> None:
    importer.rows(change(code=""))
    known = importer.one()
    summary = importer.rows(FIRM)
    firm = importer.one()
    assert (summary.updated_count, summary.added_count) == (1, 0)
    assert (firm.id, firm.credit_code) == (known.id, code(1))
    assert importer.rows(change(code="")).unchanged_count == 1


def test_a_namesake_in_another_province_is_another_firm(importer: Importer) -> None:
    importer.rows(change(code="", province="浙江"))
    summary = importer.rows(FIRM)
    assert summary.added_count == 1
    assert [firm.credit_code for firm in importer.all()] == [None, code(1)]


def test_one_waiting_firm_gets_one_code(importer: Importer) -> None:
    importer.rows(change(code=""))
    summary = importer.rows(FIRM, change(code=code(2)))
    assert (summary.updated_count, summary.added_count) == (1, 1)
    assert sorted(str(firm.credit_code) for firm in importer.all()) == sorted([code(1), code(2)])


@pytest.mark.parametrize("order", [1, -1])
def test_a_code_and_none_in_one_file_are_one_firm(importer: Importer, order: int) -> None:
    rows = [FIRM, change(code="", city="", status="")][::order]
    importer.rows(*rows)
    before = importer.state()
    assert importer.one().credit_code == code(1)
    assert importer.rows(*rows).unchanged_count == 2
    assert importer.state() == before


def test_a_row_without_a_code_fills_gaps_only(importer: Importer) -> None:
    importer.rows(change(day="", city="长沙市"))
    importer.rows(change(code="", day="2018-09-04", city="株洲市"))
    firm = importer.one()
    assert (firm.registered_on, firm.city, firm.credit_code) == (date(2018, 9, 4), "长沙市", code(1))


def test_a_row_without_a_code_may_tell_an_unknown_status(importer: Importer) -> None:
    importer.rows(change(status=""))
    importer.rows(change(code="", status="注销"))
    assert importer.one().status is Status.DEREGISTERED


def test_deregistering_by_name_alone_is_refused_where_a_code_is_known(importer: Importer) -> None:
    importer.rows(FIRM)
    summary = importer.rows(change(code="", status="注销"))
    assert summary.refused_counts == {Refusal.CODE_NEEDED: 1}
    assert importer.one().status is Status.IN_FORCE


def test_deregistering_by_name_where_no_code_is_known(importer: Importer) -> None:
    importer.rows(change(code=""))
    importer.rows(change(code="", status="注销"))
    assert importer.one().status is Status.DEREGISTERED


def test_a_name_that_several_bear_needs_a_code(importer: Importer) -> None:
    importer.rows(FIRM, change(code=code(2)))
    summary = importer.rows(change(code="", city="湘潭市"))
    assert summary.refused_counts == {Refusal.SAME_NAME: 1}
    assert {firm.city for firm in importer.all()} == {"长沙市"}


def test_the_province_tells_namesakes_apart(importer: Importer) -> None:
    importer.rows(change(day=""), change(code=code(2), province="浙江", day=""))
    importer.rows(change(code="", province="浙江省"))
    days = {firm.credit_code: firm.registered_on for firm in importer.all()}
    assert days == {code(1): None, code(2): date(2018, 9, 4)}


def test_the_first_of_two_rows_of_one_firm_holds(importer: Importer) -> None:
    summary = importer.rows(FIRM, change(name="长沙别名有限公司"), FIRM, change(name="无码厂", code=""), ["无 码厂"])
    assert summary.refused_counts[Refusal.REPEATED] == 2
    assert summary.refused_counts[Refusal.INCOMPLETE] == 1
    assert [firm.name for firm in importer.all()] == [FIRM[0], "无码厂"]


def test_a_later_file_holds_against_an_earlier_one(importer: Importer, tmp_path: Path) -> None:
    headings = ["企业名称", "统一社会信用代码"]
    first = write_csv(tmp_path / "1.csv", [headings, [FIRM[0], code(1)]])
    second = write_csv(tmp_path / "2.csv", [headings, ["湖南甲集团有限公司", code(1)]])
    summary = importer.files(first, second)
    assert (summary.added_count, summary.renamed_count) == (1, 1)
    assert importer.one().name == "湖南甲集团有限公司"


def test_an_older_extract_changes_nothing(importer: Importer) -> None:
    importer.rows(change(name="湖南甲集团有限公司"), data_on=date(2026, 11, 1))
    summary = importer.rows(FIRM, data_on=date(2026, 10, 1))
    assert (summary.outdated_count, summary.renamed_count) == (1, 0)
    assert (importer.one().name, importer.one().data_on) == ("湖南甲集团有限公司", date(2026, 11, 1))
    assert importer.revision() == 1


def test_newer_data_that_says_the_same_moves_the_day_only(importer: Importer) -> None:
    importer.rows(FIRM, data_on=date(2026, 10, 1))
    summary = importer.rows(FIRM, data_on=date(2026, 11, 1))
    assert summary.unchanged_count == 1
    assert (importer.one().data_on, importer.one().revision, importer.revision()) == (date(2026, 11, 1), 1, 1)


def test_an_older_extract_may_still_bring_the_code(importer: Importer) -> None:
    importer.rows(change(code=""), data_on=date(2026, 11, 1))
    importer.rows(FIRM, data_on=date(2026, 10, 1))
    assert importer.one().credit_code == code(1)


def test_the_dataset_keeps_the_newest_day(importer: Importer) -> None:
    importer.rows(FIRM, data_on=date(2026, 11, 1))
    importer.rows(FIRM, data_on=date(2026, 10, 1))
    with importer.database.read() as session:
        dataset = session.get(Dataset, "register")
        assert dataset is not None
        assert (dataset.data_on, dataset.source_unit) == (date(2026, 11, 1), "市场监督管理部门")


def test_the_day_of_an_import_is_the_bureaus(importer: Importer) -> None:
    importer.now = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # one o'clock in the night in Shanghai
    importer.rows(FIRM)
    assert importer.one().data_on == date(2026, 11, 21)


def test_all_batches_of_a_large_file(importer: Importer) -> None:
    importer.batch = 7
    rows = [[f"长沙第{number}商店", code(number)] for number in range(50)]
    rows[30] = rows[3]
    summary = importer.rows(*rows, headings=["name", "credit_code"])
    assert (summary.added_count, summary.refused_count, importer.revision()) == (49, 1, 8)
    assert [progress.row_count for progress in importer.progress] == [7, 14, 21, 28, 35, 42, 49, 50]
    assert importer.progress[-1].share == 1.0
    assert importer.rows(*rows, headings=["name", "credit_code"]).unchanged_count == 49
