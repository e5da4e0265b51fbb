"""Reminders before a deadline, once each; names that are forgotten after an activity."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from models.activity import ActivitySignUp
from models.article import CampaignAlert
from models.database import Database
from services.campaigns.sign_ups import Comer, sign_up
from services.counting.reminders import forget_sign_ups, reached, remind
from services.counting.table import set_units
from tests.taking_part import add_activity, add_campaign

DUE, DAYS = date(2026, 11, 25), [14, 7, 1]


def test_the_reminder_of_each_day() -> None:
    found = {left: reached(DUE, DUE - timedelta(days=left), DAYS) for left in (15, 14, 13, 8, 7, 2, 1, 0, -1)}
    assert found == {15: None, 14: 14, 13: 14, 8: 14, 7: 7, 2: 7, 1: 1, 0: 1, -1: None}


def test_staff_are_told_three_times_and_anew_when_the_deadline_moves(sqlite: Database) -> None:
    at = datetime(2026, 11, 1, 2, tzinfo=UTC)
    with sqlite.write() as session:
        campaign = add_campaign(session, at, date(2026, 10, 1), date(2026, 10, 31), summary_due_on=DUE)
        set_units(session, campaign.id, ["甲县商务局"])
        told = [remind(session, DAYS, at + timedelta(days=day)) for day in range(30) for _ in (1, 2)]
        assert sum(told) == 3
        texts = list(session.scalars(select(CampaignAlert.text).order_by(CampaignAlert.id)))
        assert [text.split("还有 ")[1].split(" ")[0] for text in texts] == ["14", "7", "1"]
        assert "还没有报送的：甲县商务局" in texts[0]
        campaign.summary_due_on = date(2026, 12, 10)
        session.flush()
        assert remind(session, DAYS, datetime(2026, 12, 4, 2, tzinfo=UTC)) == 1


def test_names_go_a_month_after_the_activity(sqlite: Database) -> None:
    at = datetime(2026, 11, 1, 2, tzinfo=UTC)
    with sqlite.write() as session:
        activity = add_activity(session, at, days=1)
        own = sign_up(session, activity, Comer(b"a" * 32, "h5", None, "李军", "13812345678"), at)
        assert own.phone_index is not None
        counts = [forget_sign_ups(session, at + timedelta(days=days)) for days in (2, 30, 32, 33)]
        session.expire_all()
        row = session.scalars(select(ActivitySignUp)).one()
        assert (row.name_sealed, row.phone_sealed, row.phone_index) == (None, None, None)
    assert counts == [0, 0, 1, 0]
