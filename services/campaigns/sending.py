"""The clock's side of a send: claimed by one sender, asked of WeChat once, and what becomes of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from config.sending import SendingRules
from models.article import Article
from models.campaign_send import CampaignSend, SendArticle, SendEvent
from models.send_words import SendChannel, SendState
from services.campaigns import months
from services.campaigns.articles import mark_posted
from services.campaigns.tagging import find_audience
from services.campaigns.timing import Verdict, explain_late, is_quiet, judge, month_of

LEASE = timedelta(seconds=90)  # longer than WeChat's minute between two calls with one clientmsgid (45066)
KEY_LASTS = timedelta(hours=20)  # WeChat remembers a clientmsgid for 24 hours
ASK_AGAIN = timedelta(seconds=61)
LOOK_SOON, LOOK_AGAIN = timedelta(seconds=15), timedelta(seconds=60)
MAX_WAIT, MOST_PATIENT = timedelta(minutes=5), timedelta(minutes=20)
ONE_BY_ONE = (SendChannel.SERVICE, SendChannel.SUBSCRIPTION)
AT_ONCE = (SendChannel.MASS, SendChannel.PUBLISH)  # one call to WeChat for all
DISTURBS = (SendChannel.MASS, *ONE_BY_ONE)
MOST_LOOKED_AT = 20
TAGS_PENDING = "正在按“只看”“退订”的选择设置标签，设好就发"
USED_UP = "本月的四次群发已经用完，没有向微信提出。可以改为发布、自动回复或订阅通知，或排到下个月"
STOPPED = "程序在发送中途停止，而时间已过，不再自动询问微信。请查询结果，或到公众平台后台查看后标记"
FORGOTTEN = "微信只记住发送编号 24 小时，现在已问不出来。请到公众平台后台查看后标记"


def tell(session: Session, send: CampaignSend, now: datetime, said: str, account_id: int | None = None) -> None:
    """Add a line to the history."""
    session.add(SendEvent(send_id=send.id, at=now, account_id=account_id, said=said[:400]))


def claim_due(session: Session, owner: str, now: datetime, rules: SendingRules) -> CampaignSend | None:
    """The next approved send whose hour has come, ours from now on; what is too late ends here with its reason."""
    for send in find_waiting(session, now):
        disturbs = send.channel in DISTURBS
        verdict = judge(send.due_at, now, rules, disturbs=disturbs)
        if verdict in {Verdict.TOO_LATE, Verdict.NIGHT}:
            last = f"。最后一次尝试：{send.reason}" if send.reason else ""
            end(session, send, SendState.NOT_SENT, now, explain_late(verdict, send.due_at, now) + last)
        elif verdict is not Verdict.GO or (send.not_before is not None and send.not_before > now):
            continue
        elif may_begin(session, send, now, rules) and begin(session, send, owner, now):
            return send
    return None


def find_waiting(session: Session, now: datetime) -> Iterator[CampaignSend]:
    """Approved sends that are due, oldest first; each locked."""
    due = (
        select(CampaignSend)
        .where(CampaignSend.state == SendState.SCHEDULED, CampaignSend.due_at <= now)
        .order_by(CampaignSend.due_at, CampaignSend.id)
        .limit(MOST_LOOKED_AT)
        .with_for_update(skip_locked=True)
    )
    yield from session.scalars(due).all()


def rested(now: datetime) -> ColumnElement[bool]:
    """Nothing says to wait longer."""
    return or_(CampaignSend.not_before.is_(None), CampaignSend.not_before <= now)


def may_begin(session: Session, send: CampaignSend, now: datetime, rules: SendingRules) -> bool:
    """A mass send needs its readers' tags and one of the month's four; the fifth ends here."""
    if send.channel is not SendChannel.MASS:
        return True
    if not find_audience(session, send.topic).is_ready:
        send.not_before, send.reason = now + LOOK_SOON, TAGS_PENDING
        return False
    if not months.take_one(session, month_of(now), rules):
        end(session, send, SendState.NOT_SENT, now, USED_UP)
        return False
    send.month = month_of(now)
    return True


def begin(session: Session, send: CampaignSend, owner: str, now: datetime) -> bool:
    """Compare and set: whoever changes the state first has it."""
    session.flush()
    same = (CampaignSend.id == send.id, CampaignSend.state == SendState.SCHEDULED)
    values = {"state": SendState.SENDING, "lease_owner": owner, "lease_until": now + LEASE}
    taken = update(CampaignSend).where(*same).values(**values).execution_options(synchronize_session=False)
    if not session.execute(taken).rowcount:  # type: ignore[attr-defined]
        return False
    session.refresh(send)
    send.tries, send.reason, send.not_before = send.tries + 1, "", None
    return True


def claim_doubtful(session: Session, owner: str, now: datetime, rules: SendingRules) -> CampaignSend | None:
    """A send that may have been accepted: to be asked of WeChat again with the same number, while that is safe."""
    lost = (
        select(CampaignSend)
        .where(
            CampaignSend.state == SendState.SENDING,
            CampaignSend.channel.in_(AT_ONCE),
            CampaignSend.lease_owner.is_(None),
            rested(now),
        )
        .order_by(CampaignSend.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    send = session.scalar(lost)
    if send is None:
        return None
    is_late = now > send.due_at + rules.most_late
    if is_late or (send.channel is SendChannel.MASS and is_quiet(now, rules)):
        end(session, send, SendState.UNKNOWN, now, STOPPED)
        return None
    hold(send, owner, now)
    return send


def hold(send: CampaignSend, owner: str, now: datetime) -> None:
    """Ours for the length of a lease."""
    send.state, send.lease_owner, send.lease_until = SendState.SENDING, owner, now + LEASE
    send.tries += 1


def held(session: Session, send_id: int, owner: str) -> CampaignSend | None:
    """The send, if `owner` still holds its lease."""
    return session.scalar(
        select(CampaignSend)
        .where(CampaignSend.id == send_id, CampaignSend.state == SendState.SENDING, CampaignSend.lease_owner == owner)
        .with_for_update()
    )


def note_asked(send: CampaignSend, now: datetime) -> None:
    """From now on WeChat may have it; written before the call."""
    send.asked_at = send.asked_at or now


def release(send: CampaignSend) -> None:
    """End the lease."""
    send.lease_owner = send.lease_until = None


def begin_at_once(session: Session, send: CampaignSend, now: datetime) -> None:
    """A send that needs no call to begin: the bot's answer is out, notices go out one by one."""
    send.asked_at = now
    if send.channel is SendChannel.ANSWER:
        end(session, send, SendState.DONE, now, "已放进“最新活动”的自动回复")
    else:
        release(send)
        tell(session, send, now, "开始逐个发送")


def note_accepted(session: Session, send: CampaignSend, now: datetime, number: str, *, is_repeat: bool) -> None:
    """WeChat has it under this number; `is_repeat`: it said that it had it before."""
    release(send)
    send.state, send.not_before, send.reason = SendState.ACCEPTED, now + LOOK_SOON, ""
    if send.channel is SendChannel.MASS:
        send.msg_id = number
    else:
        send.publish_id = number
    before = "微信说此前已经受理过这次发送，没有再发一次" if is_repeat else "微信已受理"
    tell(session, send, now, f"{before}，编号 {number}")


def put_back(session: Session, send: CampaignSend, until: datetime, why: str) -> None:
    """This try certainly did not go out: again from `until` on, unless it is too late then."""
    release(send)
    months.give_back(session, send)
    send.state, send.not_before, send.reason = SendState.SCHEDULED, until, why[:300]
    send.asked_at = send.draft_id = None  # the articles may be other ones by then


def doubt(session: Session, send: CampaignSend, now: datetime, why: str, until: datetime | None = None) -> None:
    """WeChat may have it: asked again with the same number after a minute or more."""
    release(send)
    later = min(ASK_AGAIN * 2 ** min(max(send.tries - 1, 0), 6), MOST_PATIENT)
    send.not_before, send.reason = until or now + later, why[:300]
    tell(session, send, now, f"不知道微信有没有受理（{why}）。稍后用同一编号询问，不会发两次")


def end(session: Session, send: CampaignSend, state: SendState, now: datetime, reason: str) -> None:
    """No more by itself; what certainly did not go out gives its place in the month back."""
    release(send)
    if state is SendState.NOT_SENT:
        months.give_back(session, send)
    send.state, send.reason, send.finished_at, send.not_before = state, reason[:300], now, None
    tell(session, send, now, reason)
    if state is SendState.DONE:
        post_articles(session, send, now)


def post_articles(session: Session, send: CampaignSend, now: datetime) -> None:
    """Its articles are out: for the list of news and for the fourteen days."""
    ids = select(SendArticle.article_id).where(SendArticle.send_id == send.id)
    for article in session.scalars(select(Article).where(Article.id.in_(ids))):
        mark_posted(session, article, now)


def expire_leases(session: Session, now: datetime) -> int:
    """Senders that died: what WeChat was not yet asked goes back in line, the rest is in doubt. How many."""
    lost = (
        select(CampaignSend)
        .where(CampaignSend.state == SendState.SENDING, CampaignSend.lease_until <= now)
        .with_for_update(skip_locked=True)
    )
    sends = session.scalars(lost).all()
    for send in sends:
        if send.asked_at is None:
            put_back(session, send, now, "程序中途停止，没有向微信提出")
        else:
            doubt(session, send, now, "程序中途停止", until=now)
    return len(sends)


def extend_leases(session: Session, by: timedelta) -> None:
    """The wall clock was set: nobody's lease ends by that."""
    for send in session.scalars(select(CampaignSend).where(CampaignSend.lease_until.is_not(None))):
        send.lease_until = send.lease_until + by if send.lease_until else None


def back_off(tries: int) -> timedelta:
    """5, 10, 20 … seconds, at most five minutes."""
    return min(timedelta(seconds=5 * 2 ** min(max(tries - 1, 0), 6)), MAX_WAIT)
