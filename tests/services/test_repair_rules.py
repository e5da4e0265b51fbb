"""When a record may be repaired, as arithmetic; the reminder of that day; what the guide says of a firm."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.archive_words import ArchiveAction, Subject
from models.database import Database
from models.notice import Notice
from services.cases.facts import SYSTEM
from services.credit.guide import find_guidance, guide
from services.credit.reminders import remind
from services.credit.repair import Missing, Route, plan_repair
from tests.archive_desk import ArchiveDesk

DECIDED = date(2026, 4, 10)
DAY = timedelta(days=1)


@dataclass
class Sheet:
    """A record of no table."""

    decided_on: date = DECIDED
    duties_done_on: date | None = DECIDED
    promised_on: date | None = DECIDED


@pytest.mark.parametrize(
    ("block", "severity", "earliest"),
    [
        ("penalty", "minor", DECIDED),
        ("penalty", "general", date(2026, 7, 10)),  # domain.md §2.4 (a)
        ("penalty", "serious", date(2027, 4, 10)),
        ("penalty", None, date(2027, 4, 10)),
        ("black", None, date(2027, 4, 10)),
    ],
)
def test_the_earliest_day_follows_from_the_class(block: str, severity: str | None, earliest: date) -> None:
    plan = plan_repair(block, severity, Sheet(), None, earliest)
    assert (plan.earliest_on, plan.missing, plan.may_apply) == (earliest, (), True)
    if earliest > DECIDED:
        assert plan_repair(block, severity, Sheet(), None, earliest - DAY).missing == (Missing.PERIOD,)


def test_every_condition_is_named() -> None:
    sheet = Sheet(duties_done_on=None, promised_on=date(2026, 5, 2))
    plan = plan_repair("penalty", "general", sheet, date(2027, 4, 10), date(2026, 5, 1))
    assert plan.missing == (Missing.PERIOD, Missing.DUTIES, Missing.PROMISE)
    assert plan.is_waiting


def test_what_ends_before_one_may_apply_needs_no_repair() -> None:
    plan = plan_repair("penalty", "general", Sheet(), date(2026, 7, 10), date(2026, 5, 1))
    assert plan.ends_first
    assert not plan.is_waiting
    assert not plan_repair("penalty", "general", Sheet(), date(2026, 7, 11), date(2026, 5, 1)).ends_first


@pytest.mark.parametrize(
    ("block", "route"),
    [("abnormal", Route.REGISTRY), ("court", Route.COURT), ("exposure", Route.SOURCE), ("black", Route.REPAIR)],
)
def test_each_kind_has_its_door(block: str, route: Route) -> None:
    assert plan_repair(block, None, Sheet(), None, DECIDED).route is route


@pytest.fixture
def desk(sqlite: Database) -> ArchiveDesk:
    desk = ArchiveDesk(sqlite)
    desk.now = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)
    return desk


def test_the_guide_tells_only_what_is_public(desk: ArchiveDesk) -> None:
    shown = desk.penalty()
    desk.penalty(severity="minor")
    with desk.database.read() as session:
        (found,) = guide(session, desk.enterprise_id, desk.today)
        assert (found.item.subject_id, found.plan.stops_on) == (shown, date(2027, 4, 10))
        assert guide(session, 999, desk.today) == []
        assert find_guidance(session, Subject.LISTING, shown, desk.today) is None


def test_one_is_reminded_once_in_the_morning_and_not_of_what_is_gone(desk: ArchiveDesk) -> None:
    row = (Subject.RECORD, desk.penalty())
    other = (Subject.RECORD, desk.penalty())
    with desk.ledger() as ledger:
        told = {"on": date(2026, 7, 10), "text": "可以申请了", "now": desk.now}
        assert remind(ledger.session, *row, desk.follower_id, **told)
        assert not remind(ledger.session, *row, desk.follower_id, **told)
        assert remind(ledger.session, *other, desk.follower_id, **told)
    with desk.database.read() as session:
        due = [one.not_before for one in session.scalars(select(Notice))]
    assert due == [datetime(2026, 7, 10, 1, 0, tzinfo=UTC)] * 2  # nine o'clock in Shanghai
    desk.do(row, ArchiveAction.REPAIR, SYSTEM, "信用中国已修复")
    with desk.database.read() as session:
        (left,) = session.scalars(select(Notice.idempotency_key))
    assert left == f"repair:record:{other[1]}:{desk.follower_id}"
