"""The four mass sends of a calendar month, counted before WeChat is asked."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.sending import SendingRules
from models.campaign_send import CampaignSend, SendMonth
from models.send_words import SendChannel, SendState
from services.campaigns.timing import bounds_of


@dataclass(frozen=True)
class MonthUse:
    """What is used of a month and what is planned."""

    month: str
    most: int
    used: int  # asked of WeChat by us, whatever is known of the result
    outside: int  # made by hand in WeChat's console, as staff told us
    planned: int  # approved, its hour not come

    @property
    def left(self) -> int:
        """How many may still be planned."""
        return max(self.most - self.used - self.outside - self.planned, 0)


def read_month(session: Session, month: str, rules: SendingRules) -> MonthUse:
    """A month's count."""
    row = session.get(SendMonth, month)
    first, after = bounds_of(month)
    waiting = select(CampaignSend.id).where(
        CampaignSend.channel == SendChannel.MASS,
        CampaignSend.state == SendState.SCHEDULED,
        CampaignSend.due_at >= first,
        CampaignSend.due_at < after,
    )
    planned = len(session.scalars(waiting).all())
    return MonthUse(month, rules.most_a_month, row.used_count if row else 0, row.outside_count if row else 0, planned)


def take_one(session: Session, month: str, rules: SendingRules) -> bool:
    """Count one mass send; False when the month's are used up. Two at once never get the same one."""
    make_row(session, month)
    counted = (
        update(SendMonth)
        .where(SendMonth.month == month, SendMonth.used_count + SendMonth.outside_count < rules.most_a_month)
        .values(used_count=SendMonth.used_count + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(session.execute(counted).rowcount)  # type: ignore[attr-defined]


def give_back(session: Session, send: CampaignSend) -> None:
    """It certainly did not go out."""
    if send.month is not None:
        fewer = update(SendMonth).where(SendMonth.month == send.month, SendMonth.used_count > 0)
        session.execute(fewer.values(used_count=SendMonth.used_count - 1).execution_options(synchronize_session=False))
        send.month = None


def count_anyway(session: Session, send: CampaignSend, month: str) -> None:
    """It went out after all, whatever was thought."""
    if send.month is None:
        make_row(session, month)
        more = update(SendMonth).where(SendMonth.month == month).values(used_count=SendMonth.used_count + 1)
        session.execute(more.execution_options(synchronize_session=False))
        send.month = month


def set_outside(session: Session, month: str, count: int) -> None:
    """So many were made by hand in WeChat's console."""
    make_row(session, month)
    session.execute(
        update(SendMonth)
        .where(SendMonth.month == month)
        .values(outside_count=max(count, 0))
        .execution_options(synchronize_session=False)
    )


def make_row(session: Session, month: str) -> None:
    """The month's row."""
    if session.get(SendMonth, month) is None:
        try:
            with session.begin_nested():
                session.add(SendMonth(month=month, used_count=0, outside_count=0))
        except IntegrityError:  # another process made it in the same moment
            session.expire_all()
