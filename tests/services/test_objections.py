"""异议: filed once, sealed, timed to the day, marked on the record, decided and told."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models.archive import Objection
from models.archive_words import ArchiveAction, Life, ObjectionState, Subject
from models.database import Database
from models.notice import Notice
from services.calendar.years import load_calendar
from services.cases.facts import SYSTEM
from services.credit import objecting
from services.credit.advance import ArchiveError
from services.credit.objection_data import erase_objections, export_objections, forget_objections
from services.credit.objections import (
    PERSON,
    ObjectionFaultError,
    due_of,
    find_objection,
    objections_of,
    open_objections,
    unseal,
)
from services.credit.report import compose_report
from services.credit.terms import Duty, find_due
from services.notices import payload_of
from tests.archive_desk import CLERK, RULES, SAID, UNIT, ArchiveDesk

S, O = Subject.RECORD, ObjectionState  # noqa: E741


@pytest.fixture
def desk(database: Database) -> ArchiveDesk:
    return ArchiveDesk(database)


def told(desk: ArchiveDesk) -> list[str]:
    """What the follower was sent, oldest first."""
    with desk.database.read() as session:
        return [
            payload_of(session, one)["text"]["content"] for one in session.scalars(select(Notice).order_by(Notice.id))
        ]


def marks(desk: ArchiveDesk) -> list[bool]:
    """Whether each penalty that a citizen sees bears the mark."""
    with desk.database.read() as session:
        report = compose_report(session, desk.enterprise_id, desk.today)
        assert report is not None
        return [item.is_objected for item in report.items_of("penalty")]


def test_it_is_filed_once_for_a_key(desk: ArchiveDesk) -> None:
    row = (S, desk.penalty())
    first = desk.object(row, key="the same key, sent twice")
    again = desk.object(row, key="the same key, sent twice")
    assert (first.number, first.query_code) == (again.number, again.query_code)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.number.startswith("YY202611200001")
    assert desk.object(row).number.startswith("YY202611200002")


def test_who_it_was_and_what_they_said_is_sealed(desk: ArchiveDesk) -> None:
    receipt = desk.object((S, desk.penalty()))
    with desk.ledger() as ledger:
        found = find_objection(ledger, receipt.number.lower())
        assert found is not None
        assert unseal(ledger, found.person_sealed, PERSON) == {
            "name": "欧阳小明",
            "phone": "13812345678",
            "relation": "企业法定代表人",
        }
        kept = b"".join(value for value in vars(found).values() if isinstance(value, bytes))
        for word in ("欧阳小明", "13812345678", SAID):
            assert word.encode() not in kept
        assert [one.number for one in objections_of(ledger, desk.follower_id)] == [receipt.number]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"said": "不对"}, "said"),
        ({"said": "错" * 2001}, "said"),
        ({"name": " "}, "name"),
        ({"phone": "123"}, "phone"),
        ({"relation": "路人"}, "relation"),
        ({"agrees": False}, "agrees"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(desk: ArchiveDesk, changes: dict, field: str) -> None:
    row = (S, desk.penalty())
    with pytest.raises(ObjectionFaultError) as refused:
        desk.object(row, **changes)
    assert list(refused.value.faults) == [field]
    with desk.database.read() as session:
        assert session.scalars(select(Objection)).all() == []


def test_nobody_objects_to_what_is_not_public(desk: ArchiveDesk) -> None:
    row = (S, desk.penalty())
    desk.do(row, ArchiveAction.REPAIR, SYSTEM, "信用中国已修复")
    with pytest.raises(ArchiveError, match="现在没有公示"):
        desk.object(row)


def test_the_record_bears_a_mark_until_all_objections_are_decided(desk: ArchiveDesk) -> None:
    row = (S, desk.penalty())
    numbers = [desk.object(row).number, desk.object(row).number]
    assert marks(desk) == [False]
    with desk.ledger() as ledger:
        first, second = (
            ledger.session.scalars(select(Objection).where(Objection.number == one)).one() for one in numbers
        )
        objecting.mark(ledger, first, CLERK)
        objecting.mark(ledger, second, CLERK)
    assert marks(desk) == [True]
    with desk.ledger() as ledger:
        one = find_objection(ledger, numbers[0])
        assert one is not None
        objecting.decide_objection(ledger, one, CLERK, is_upheld=False, answer="经核查，处罚决定现行有效。")
    assert marks(desk) == [True]
    with desk.ledger() as ledger:
        one = find_objection(ledger, numbers[1])
        assert one is not None
        objecting.withdraw_objection(ledger, one)
    assert marks(desk) == [False]
    assert desk.get(row).life is Life.PUBLISHED


def test_what_was_found_wrong_is_gone_in_the_same_moment_and_told(desk: ArchiveDesk) -> None:
    row = (S, desk.penalty())
    number = desk.object(row).number
    with desk.ledger() as ledger:
        one = find_objection(ledger, number)
        assert one is not None
        with pytest.raises(ArchiveError, match="手机号码"):
            objecting.decide_objection(ledger, one, CLERK, is_upheld=True, answer="请联系 13912345678 领取文书")
        objecting.decide_objection(ledger, one, CLERK, is_upheld=True, answer="处罚决定已被撤销，记录已撤下。")
    assert marks(desk) == []
    assert desk.get(row).life is Life.WITHDRAWN
    assert told(desk) == [f"异议 {number} 成立。处罚决定已被撤销，记录已撤下。"]
    with desk.ledger() as ledger:
        one = find_objection(ledger, number)
        assert one is not None
        with pytest.raises(ArchiveError, match="已经办到别的步骤"):
            objecting.decide_objection(ledger, one, CLERK, is_upheld=False, answer="不成立，维持原记录。")


def test_what_another_unit_supplied_goes_to_it(desk: ArchiveDesk) -> None:
    row = (S, desk.penalty(source_unit="湖南省市场监督管理局", authority="湖南省市场监督管理局"))
    number = desk.object(row).number
    with desk.ledger() as ledger:
        one = find_objection(ledger, number)
        assert one is not None
        objecting.forward(ledger, one, CLERK, "湖南省市场监督管理局")
        found = due_of(ledger, one, desk.get(row), UNIT)
        assert found is not None
        assert (found.duty, found.due_on) == (Duty.SUPPLIER, date(2026, 11, 27))
    assert told(desk) == [
        f"异议 {number}：已在该记录上标注“异议处理中”，正在核查。",
        f"异议 {number}：该记录由“湖南省市场监督管理局”提供，已转给它核查，最迟 2026年11月27日答复。",
    ]
    assert marks(desk) == [True]


@dataclass
class Sheet:
    """An objection of no table."""

    state: ObjectionState = O.FILED
    filed_at: datetime = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday
    forwarded_at: datetime | None = None


@pytest.mark.parametrize(
    ("sheet", "is_ours", "duty", "last"),
    [
        (Sheet(), True, Duty.MARK, date(2026, 11, 23)),
        (Sheet(O.MARKED), True, Duty.DECIDE, date(2026, 11, 27)),
        (Sheet(O.MARKED), False, Duty.FORWARD, date(2026, 11, 24)),
        (
            Sheet(O.FORWARDED, forwarded_at=datetime(2026, 11, 24, 2, tzinfo=UTC)),
            False,
            Duty.SUPPLIER,
            date(2026, 12, 1),
        ),
        (Sheet(filed_at=datetime(2026, 9, 30, 2, tzinfo=UTC)), True, Duty.MARK, date(2026, 10, 8)),  # 国庆
    ],
)
def test_terms_are_working_days_to_the_day(
    desk: ArchiveDesk, sheet: Sheet, is_ours: bool, duty: Duty, last: date
) -> None:
    with desk.database.read() as session:
        calendar = load_calendar(session, 2026)
    for day, is_late in ((last, False), (date.fromordinal(last.toordinal() + 1), True)):
        now = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        found = find_due(sheet, RULES.objection, calendar, now, is_ours=is_ours)
        assert found is not None
        assert (found.duty, found.due_on, found.is_late) == (duty, last, is_late)


def test_the_queue_shows_first_what_is_due_first(desk: ArchiveDesk) -> None:
    ours = desk.object((S, desk.penalty())).number
    theirs = desk.object((S, desk.penalty(source_unit="省局", authority="省局"))).number
    with desk.ledger() as ledger:
        for number in (ours, theirs):
            found = find_objection(ledger, number)
            assert found is not None
            objecting.mark(ledger, found, CLERK)
        assert [one.number for one, _, _ in open_objections(ledger, UNIT)] == [theirs, ours]


def test_who_objected_sees_and_erases_what_is_kept_once_it_is_decided(desk: ArchiveDesk) -> None:
    number = desk.object((S, desk.penalty())).number
    with desk.ledger() as ledger:
        (told,) = export_objections(ledger.session, desk.follower_id)
        assert (told["number"], told["name"], told["said"]) == (number, "欧阳小明", SAID)
        assert erase_objections(ledger.session, desk.follower_id)[0] == []
        found = find_objection(ledger, number)
        assert found is not None
        objecting.decide_objection(ledger, found, CLERK, is_upheld=False, answer="经核查，处罚决定现行有效。")
        assert erase_objections(ledger.session, desk.follower_id) == ([number], {})
        assert (found.person_sealed, found.said_sealed, found.follower_id) == (None, None, None)


def test_what_was_said_is_forgotten_three_years_after_the_decision(desk: ArchiveDesk) -> None:
    number = desk.object((S, desk.penalty())).number
    with desk.ledger() as ledger:
        found = find_objection(ledger, number)
        assert found is not None
        assert forget_objections(ledger.session, RULES, desk.now.replace(year=2035)) == 0  # nobody has decided yet
        objecting.decide_objection(ledger, found, CLERK, is_upheld=False, answer="经核查，处罚决定现行有效。")
        assert forget_objections(ledger.session, RULES, datetime(2029, 11, 19, 10, tzinfo=UTC)) == 0
        assert forget_objections(ledger.session, RULES, datetime(2029, 11, 20, 10, tzinfo=UTC)) == 1
        assert found.person_sealed is None
