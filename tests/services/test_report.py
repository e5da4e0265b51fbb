"""What a citizen is shown of an enterprise, on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.database import Database
from models.enterprise import Enterprise, EnterpriseName, NameKind, Status
from models.listing import Kind, Listing
from models.record import Dataset, InfoClass, Polarity, Record, RecordType, Severity
from services.credit.report import BlockState, Report, compose_report
from services.credit.words import BLOCK_CLASSES, BLOCK_WORDS

TODAY = date(2026, 11, 20)
NAME = "湖南芦笛湾食品有限公司"


def add_enterprise(session: Session, name: str = NAME, **columns: Any) -> int:
    """An enterprise in Changsha; its id."""
    values: dict[str, Any] = {
        "name_hash": 1,
        "credit_code": "91430100DEM0HR010U",
        "status": Status.IN_FORCE,
        "province": "湖南",
        "city": "长沙",
        "data_on": date(2026, 11, 19),
        "revision": 1,
    }
    row = Enterprise(name=name, **(values | columns))
    session.add(row)
    session.flush()
    return row.id


def add_record(session: Session, enterprise_id: int, type_: RecordType, **columns: Any) -> None:
    """A record decided in spring."""
    values: dict[str, Any] = {
        "polarity": Polarity.NEUTRAL,
        "info_class": InfoClass.ADMINISTRATIVE,
        "title": "题目",
        "authority": "长沙市商务局",
        "source_unit": "信用中心",
        "decided_on": date(2026, 4, 10),
        "published_from": date(2026, 4, 10),
        "data_on": date(2026, 11, 18),
        "details": {},
    }
    session.add(Record(enterprise_id=enterprise_id, type=type_, **(values | columns)))


def add_listing(session: Session, enterprise_id: int, **columns: Any) -> None:
    """An entry of a black list."""
    values: dict[str, Any] = {
        "kind": Kind.BLACK,
        "list_name": "严重失信主体名单（单用途商业预付卡领域）",
        "legal_basis": "《条例》第二十三条",
        "document_number": "〔2026〕3号",
        "authority": "湖南省商务厅",
        "source_unit": "信用中心",
        "decided_on": date(2026, 5, 6),
        "published_from": date(2026, 5, 6),
        "published_until": date(2029, 5, 6),
        "removal_condition": "退清预收款",
        "data_on": date(2026, 11, 19),
    }
    session.add(Listing(enterprise_id=enterprise_id, **(values | columns)))


def add_dataset(session: Session, block: str, data_on: date = date(2026, 11, 18)) -> None:
    session.add(Dataset(block=block, source_unit=f"{block}的来源", data_on=data_on))


def report_of(session: Session, enterprise_id: int, today: date = TODAY) -> Report:
    """The report, which must be there."""
    session.flush()
    session.expire_all()
    report = compose_report(session, enterprise_id, today)
    assert report is not None
    return report


def states(report: Report) -> dict[str, BlockState]:
    """Each block's state; no key may come twice."""
    keys = [block.key for block in report.blocks]
    assert len(keys) == len(set(keys))
    return {block.key: block.state for block in report.blocks}


def test_the_report_on_both_databases(database: Database) -> None:
    with database.write() as session:
        enterprise_id = add_enterprise(session, registered_on=date(2015, 3, 2), capital="200万元")
        session.add(
            EnterpriseName(
                enterprise_id=enterprise_id, kind=NameKind.FORMER, name="湖南芦笛湾商贸有限公司", name_hash=2
            )
        )
        add_listing(session, enterprise_id)
        add_record(session, enterprise_id, RecordType.PENALTY, severity=Severity.GENERAL, title="旧")
        add_record(
            session,
            enterprise_id,
            RecordType.PENALTY,
            severity=Severity.GENERAL,
            title="新",
            decided_on=date(2026, 9, 1),
            details={"fine_wan": "2", "证件号码": "430104199001011234"},
        )
        for block in ("register", "black", "penalty", "abnormal"):
            add_dataset(session, block)
    with database.read() as session:
        report = report_of(session, enterprise_id)
    assert (report.name, report.region, report.status_word) == (NAME, "湖南长沙", "存续")
    assert [(other.word, other.name) for other in report.other_names] == [("曾用名", "湖南芦笛湾商贸有限公司")]
    listed = report.items_of("black")[0]
    assert listed.title == "严重失信主体名单（单用途商业预付卡领域）"
    assert (listed.legal_basis, listed.authority) == ("《条例》第二十三条", "湖南省商务厅")
    assert listed.published_until == date(2029, 5, 6)
    assert [item.title for item in report.items_of("penalty")] == ["新", "旧"]  # newest first
    assert report.items_of("penalty")[0].details == (("罚款（万元）", "2"),)  # nothing else is let through
    assert report.items_of("penalty")[0].published_until == date(2027, 9, 1)
    assert report.register_source == "register的来源"


def test_four_queries_whatever_is_found(sqlite: Database) -> None:
    with sqlite.write() as session:
        enterprise_id = add_enterprise(session)
        for _ in range(30):
            add_record(session, enterprise_id, RecordType.LICENCE)
            add_listing(session, enterprise_id)
    statements: list[str] = []
    event.listen(sqlite.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    with sqlite.read() as session:
        report = compose_report(session, enterprise_id, TODAY)
    assert report is not None
    assert len(report.items_of("licence")) == 30
    assert len([told for told in statements if told.startswith("SELECT")]) == 4


def test_not_collected_is_not_not_found(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    add_dataset(session, "penalty")
    found = states(report_of(session, enterprise_id))
    assert found["penalty"] is BlockState.NOT_FOUND
    assert found["court"] is BlockState.NOT_COLLECTED
    assert found["black"] is BlockState.NOT_COLLECTED
    assert set(found) == set(BLOCK_WORDS)


def test_a_record_without_a_dataset_is_shown_with_its_own_source(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    add_record(session, enterprise_id, RecordType.HONOUR)
    block = next(block for block in report_of(session, enterprise_id).blocks if block.key == "honour")
    assert (block.state, block.source_unit, block.data_on) == (
        BlockState.FOUND,
        "信用中心",
        date(2026, 11, 18),
    )


def test_what_is_not_in_force_is_nowhere(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    add_dataset(session, "penalty")
    add_dataset(session, "black")
    add_record(session, enterprise_id, RecordType.PENALTY, severity=Severity.MINOR)
    add_record(session, enterprise_id, RecordType.PENALTY, severity=Severity.GENERAL, withdrawn_on=TODAY)
    add_record(
        session,
        enterprise_id,
        RecordType.PENALTY,
        severity=Severity.GENERAL,
        details={"subject_kind": "自然人"},
    )
    add_listing(session, enterprise_id, legal_basis="")
    add_listing(session, enterprise_id, published_until=TODAY)
    found = states(report_of(session, enterprise_id))
    assert (found["penalty"], found["black"]) == (BlockState.NOT_FOUND, BlockState.NOT_FOUND)


def test_classes_are_never_blended(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    add_record(session, enterprise_id, RecordType.RATING, info_class=InfoClass.MARKET, title="市场")
    add_record(session, enterprise_id, RecordType.COMMITMENT, info_class=InfoClass.SELF_DISCIPLINE, title="行业")
    add_record(session, enterprise_id, RecordType.COMMITMENT, title="行政")
    report = report_of(session, enterprise_id)
    told = {
        (section.info_class, block.key): [item.title for item in block.items]
        for section in report.sections
        for block in section.blocks
        if block.items
    }
    assert told == {
        (InfoClass.ADMINISTRATIVE, "commitment"): ["行政"],
        (InfoClass.MARKET, "rating"): ["市场"],
        (InfoClass.SELF_DISCIPLINE, "commitment"): ["行业"],
    }
    assert all(section.blocks for section in report.sections)
    # What has items in one class is not called uncollected in another.
    assert "第三方评价" not in report.uncollected


def test_a_shops_court_block_is_left_out(session: Session) -> None:
    enterprise_id = add_enterprise(session, kind="个体工商户")
    add_record(session, enterprise_id, RecordType.COURT)
    report = report_of(session, enterprise_id)
    assert "court" not in states(report)
    assert report.items_of("court") == []
    assert report.is_self_employed


def test_old_court_data_says_so(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    add_dataset(session, "court", date(2026, 11, 12))
    add_dataset(session, "penalty", date(2026, 1, 1))
    report = report_of(session, enterprise_id)
    assert report.is_stale("court")
    assert not report.is_stale("penalty")


def test_the_disclaimer_names_the_oldest_and_the_newest_date(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    add_dataset(session, "penalty", date(2026, 11, 19))
    report = report_of(session, enterprise_id)
    assert report.disclaimer == "本结果依据截至2026年11月19日归集的数据，不代表对企业信用的全面评价。"
    add_dataset(session, "court", date(2026, 11, 2))
    assert "截至2026年11月2日至11月19日（各项不同）归集" in report_of(session, enterprise_id).disclaimer
    add_dataset(session, "honour", date(2025, 12, 31))
    assert "截至2025年12月31日至2026年11月19日" in report_of(session, enterprise_id).disclaimer


def test_sources_are_told_by_unit_and_date(session: Session) -> None:
    enterprise_id = add_enterprise(session)
    session.add_all(
        Dataset(block=block, source_unit=unit, data_on=date(2026, 11, day))
        for block, unit, day in [("penalty", "甲", 18), ("licence", "甲", 18), ("court", "乙", 17)]
    )
    report = report_of(session, enterprise_id)
    assert report.sources == [
        ("甲", "行政处罚、行政许可（截至2026年11月18日）"),
        ("乙", "失信被执行人（截至2026年11月17日）"),
    ]
    assert report.source_words == "甲等2个单位"


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        ("湖南芦笛湾食品有限公司湘潭分公司", "湖南芦笛湾食品有限公司"),
        ("湖南芦笛湾食品有限公司", ""),
        ("麦朵坊便利店", ""),
    ],
)
def test_a_branch_names_its_parent(session: Session, name: str, parent: str) -> None:
    assert report_of(session, add_enterprise(session, name)).parent_name == parent


@pytest.mark.parametrize(
    ("province", "city", "region"),
    [("湖南", "长沙", "湖南长沙"), ("北京市", "北京市", "北京市"), (None, None, ""), ("湖南", None, "湖南")],
)
def test_the_region_is_not_said_twice(session: Session, province: str | None, city: str | None, region: str) -> None:
    assert report_of(session, add_enterprise(session, province=province, city=city)).region == region


def test_removed_and_unknown_enterprises_have_no_report(session: Session) -> None:
    enterprise_id = add_enterprise(session, status=Status.REMOVED)
    assert compose_report(session, enterprise_id, TODAY) is None
    assert compose_report(session, enterprise_id + 1, TODAY) is None


def test_every_kind_of_record_has_a_word_and_a_home() -> None:
    expected = {kind.value for kind in RecordType} | {kind.value for kind in Kind}
    assert set(BLOCK_WORDS) == expected
    assert set(BLOCK_CLASSES) == expected
    assert not any("黑" in word or "红" in word for word in BLOCK_WORDS.values())
