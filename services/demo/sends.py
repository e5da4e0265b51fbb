"""Invented sends: one that went out, one that nobody confirmed, one published, one to be previewed; and wishes."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.sending import SendingRules
from models.article import Article
from models.campaign_send import CampaignSend
from models.send_words import SendChannel, SendState, Topic
from services.calendar.working_days import SHANGHAI, day_of
from services.campaigns import months, results, sending, sends
from services.campaigns.orders import add_tester
from services.campaigns.results import Outcome
from services.campaigns.sends import Wanted
from services.campaigns.slot_calendar import ask_slot, list_choosable
from services.campaigns.timing import month_of, slots_of
from services.counting.reads import last_day, note_reads
from services.staff.accounts import find_account

TESTER = "陈女士"  # one of the simulator's people; she gets previews once she follows the account


def load_demo_sends(session: Session, rules: SendingRules, now: datetime) -> int:
    """How many; nothing is added where there is one, or no article to send."""
    articles = list_choosable(session)
    clerk, publisher = find_account(session, "xuanchuan"), find_account(session, "fabu")
    is_there = session.scalar(select(CampaignSend.id).limit(1)) is not None
    if is_there or not articles or clerk is None or publisher is None:
        return 0
    ids = tuple(one.id for one in articles)
    author = DemoClerk(session, rules, clerk.id, publisher.id, now)
    author.went_out("诚信兴商宣传月启动", 12, ids[:2], Outcome(results.SENT, 3186, 3102, 84))
    author.went_out("双十一网购提示", 5, ids[-1:], Outcome("send fail"))
    author.published("工作动态入库", 3, ids[:1])
    author.planned("月末合并推送", ids[:2])
    add_tester(session, TESTER, TESTER, by=clerk.id, now=now)
    author.wish_for(articles)
    return 4


class DemoClerk:
    """Two members of staff of the demonstration, in the past."""

    def __init__(self, session: Session, rules: SendingRules, maker: int, approver: int, now: datetime) -> None:
        self.session, self.rules, self.maker, self.approver, self.now = session, rules, maker, approver, now

    def hour_of(self, days_ago: int) -> datetime:
        """Ten in the morning, so many days ago."""
        day = (self.now.astimezone(SHANGHAI) - timedelta(days=days_ago)).date()
        return datetime.combine(day, time(10), SHANGHAI)

    def make(self, title: str, channel: SendChannel, due: datetime, ids: tuple[int, ...]) -> CampaignSend:
        """Planned a day before."""
        wanted = Wanted(title, channel, Topic.ACTIVITIES, due, ids)
        return sends.make_send(self.session, wanted, self.rules, by=self.maker, now=due - timedelta(days=1))

    def approve(self, send: CampaignSend) -> None:
        """Previewed and approved by the other."""
        send.previewed_revision = send.revision
        send.state, send.approved_by = SendState.SCHEDULED, self.approver
        send.approved_at = send.due_at - timedelta(hours=20)
        sending.tell(self.session, send, send.approved_at, "批准", self.approver)

    def went_out(self, title: str, days_ago: int, ids: tuple[int, ...], outcome: Outcome) -> None:
        """A mass send with WeChat's result."""
        due = self.hour_of(days_ago)
        send = self.make(title, SendChannel.MASS, due, ids)
        self.approve(send)
        months.take_one(self.session, month_of(due), self.rules)
        send.month, send.asked_at = month_of(due), due
        sending.note_accepted(self.session, send, due, str(3_147_480_000 + send.id), is_repeat=False)
        if not outcome.is_sent:
            results.note_mass_status(self.session, send, "WAITING", self.rules, due + timedelta(seconds=20))
        results.apply(self.session, send, outcome, self.rules, due + timedelta(minutes=4 if outcome.is_sent else 31))
        if outcome.is_sent:
            self.was_read(send, due, len(ids))

    def was_read(self, send: CampaignSend, due: datetime, count: int) -> None:
        """As WeChat tells it every morning: most on the first day, fewer of the articles further down."""
        send.data_id = str(2_247_480_000 + send.id)
        for days in range((last_day(self.now) - day_of(due)).days + 1):
            readers = {(send.data_id, place): 420 // (days + 1) // place for place in range(1, count + 1)}
            note_reads(self.session, day_of(due) + timedelta(days=days), readers, is_late=False, now=self.now)

    def published(self, title: str, days_ago: int, ids: tuple[int, ...]) -> None:
        """Without telling anybody."""
        due = self.hour_of(days_ago)
        send = self.make(title, SendChannel.PUBLISH, due, ids)
        self.approve(send)
        send.asked_at = due
        sending.note_accepted(self.session, send, due, str(100_000_000 + send.id), is_repeat=False)
        outcome = Outcome(str(results.PUBLISHED), published_id=f"demo-{send.id}")
        results.apply(self.session, send, outcome, self.rules, due + timedelta(minutes=1))

    def planned(self, title: str, ids: tuple[int, ...]) -> None:
        """For the next slot, neither previewed nor approved."""
        month = month_of(self.now)
        following = [at for at in slots_of(month, self.rules) if at > self.now]
        due = following[0] if following else self.hour_of(-3)
        wanted = Wanted(title, SendChannel.MASS, Topic.ACTIVITIES, due, ids)
        sends.make_send(self.session, wanted, self.rules, by=self.maker, now=self.now)

    def wish_for(self, articles: list[Article]) -> None:
        """Each article that was not sent lately asks for a slot."""
        today = day_of(self.now)
        for article in articles[2:5]:
            days = (today, today + timedelta(days=40))
            ask_slot(self.session, article.id, days, by=self.maker, now=self.now)
