"""Deadlines of reports are told to campaign staff T-14, T-7 and T-1, once each (R43)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.activity import Activity, ActivitySignUp
from models.campaign_words import AlertKind, DayKind
from services.calendar.telling import day_words
from services.calendar.working_days import day_of
from services.campaigns.guarding import tell
from services.campaigns.running import latest_campaign
from services.campaigns.years import coming_days
from services.counting.table import missing_units

KEPT_DAYS = 30  # names and telephones of sign-ups, after the activity


def reached(due: date, today: date, days: Sequence[int]) -> int | None:
    """The reminder that is due: with 14, 7 and 1, on the sixth day before it is 7 (pure); None before and after."""
    left = (due - today).days
    return min((one for one in days if left <= one), default=None) if left >= 0 else None


def remind(session: Session, days: Sequence[int], now: datetime) -> int:
    """Write what is due; how many. A deadline that was moved is told anew."""
    today, count = day_of(now), 0
    campaign = latest_campaign(session, today)
    for coming in coming_days(session, today, max(days, default=0)):
        if coming.kind is not DayKind.DEADLINE or (step := reached(coming.last, today, days)) is None:
            continue
        left = (coming.last - today).days
        when = f"还有 {left} 天" if left else "就是今天"
        text = f"{coming.title}：{day_words(coming.last)}前报送，{when}。"
        missing = missing_units(session, campaign.id) if campaign and "统计表" in coming.title else []
        if missing:
            text += f"还没有报送的：{'、'.join(missing)}。"
        count += tell(session, f"deadline:{coming.title[:20]}:{coming.last}:{step}", AlertKind.DEADLINE, text, now)
    return count


def forget_sign_ups(session: Session, now: datetime) -> int:
    """Names and telephones go thirty days after the activity; that somebody signed up stays counted."""
    over = [
        number for number, ends_at in session.execute(select(Activity.id, Activity.ends_at)) if is_old(ends_at, now)
    ]
    wanted = (
        update(ActivitySignUp)
        .where(ActivitySignUp.activity_id.in_(over))
        .where((ActivitySignUp.name_sealed.is_not(None)) | (ActivitySignUp.phone_sealed.is_not(None)))
        .values(name_sealed=None, phone_sealed=None, phone_index=None)
    )
    return int(session.execute(wanted).rowcount)  # type: ignore[attr-defined]


def is_old(ends_at: datetime, now: datetime) -> bool:
    """Nobody needs to be called any more."""
    return (now - ends_at).days >= KEPT_DAYS
