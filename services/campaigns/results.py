"""What WeChat says of a job of ours, by an event or when asked; it may come before we know the job's number."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.sending import SendingRules
from models.campaign_send import CampaignSend, SendArticle, SendResult
from models.send_words import SendChannel, SendState
from services.campaigns import months
from services.campaigns.sending import LOOK_AGAIN, end, tell
from services.campaigns.sending_words import PUBLISH_FAILURES, explain_mass
from services.campaigns.timing import month_of

SENT = "send success"
# What message/mass/get says, in the words of the event.
ASKED = {"SEND_SUCCESS": SENT, "SEND_FAIL": "send fail"}
PUBLISHED, NOT_YET = 0, 1
PATIENCE = timedelta(hours=48)
OPEN = (SendState.SENDING, SendState.ACCEPTED, SendState.CONFIRMING, SendState.UNKNOWN)
SILENT = "微信两天没有给出结果，请到公众平台后台查看后标记"


@dataclass(frozen=True)
class Outcome:
    """A result in our words; `urls`: WeChat's pages of the articles, in their order."""

    status: str
    total: int | None = None
    sent: int | None = None
    errors: int | None = None
    published_id: str = ""
    urls: list[str] = field(default_factory=list)

    @property
    def is_sent(self) -> bool:
        """It is out."""
        return self.status in {SENT, str(PUBLISHED)}


def mass_key(msg_id: str) -> str:
    """The name of a mass send's result."""
    return f"mass:{msg_id}"


def publish_key(publish_id: str) -> str:
    """The name of a publishing's result."""
    return f"publish:{publish_id}"


def keep_result(session: Session, key: str, outcome: Outcome, rules: SendingRules, now: datetime) -> None:
    """An event came: keep it, and apply it where its send is known."""
    if session.get(SendResult, key) is None:
        session.add(SendResult(remote_id=key, at=now, fields=vars(outcome)))
        session.flush()
    kind, _, number = key.partition(":")
    column = CampaignSend.msg_id if kind == "mass" else CampaignSend.publish_id
    send = session.scalar(select(CampaignSend).where(column == number).with_for_update())
    if send is not None:
        apply(session, send, outcome, rules, now)


def take_kept(session: Session, send: CampaignSend, rules: SendingRules, now: datetime) -> bool:
    """Apply the result that came before the job's number was written down, if it did."""
    key = mass_key(send.msg_id or "") if send.channel is SendChannel.MASS else publish_key(send.publish_id or "")
    row = session.get(SendResult, key)
    if row is not None:
        fields: dict[str, Any] = dict(row.fields)
        apply(session, send, Outcome(**fields), rules, now)
    return row is not None


def collect(session: Session, rules: SendingRules, now: datetime) -> None:
    """Apply events that came while the job's number was being written down: neither saw the other."""
    waiting = select(CampaignSend).where(CampaignSend.state.in_((SendState.ACCEPTED, SendState.CONFIRMING)))
    for send in session.scalars(waiting.with_for_update(skip_locked=True)):
        take_kept(session, send, rules, now)


def apply(session: Session, send: CampaignSend, outcome: Outcome, rules: SendingRules, now: datetime) -> None:
    """What WeChat says holds, also against what somebody marked; a recall stays a recall."""
    was_confirming = send.state is SendState.CONFIRMING
    is_news = send.state in OPEN or (send.state is SendState.NOT_SENT) == outcome.is_sent
    if outcome.sent is not None:
        send.total_count, send.sent_count, send.error_count = outcome.total, outcome.sent, outcome.errors
    if outcome.published_id:
        send.published_id = outcome.published_id
    note_urls(session, send, outcome.urls)
    if send.state is SendState.RECALLED or not is_news:
        return
    if outcome.is_sent:
        if send.channel is SendChannel.MASS:
            months.count_anyway(session, send, month_of(send.asked_at or now))
        end(session, send, SendState.DONE, now, describe(send))
    else:
        end(session, send, SendState.NOT_SENT, now, explain(outcome.status, was_confirming, rules))


def explain(status: str, was_confirming: bool, rules: SendingRules) -> str:
    """Why it did not go out."""
    if status.isdigit():
        return PUBLISH_FAILURES.get(int(status), f"微信没有发布（状态 {status}）")
    return explain_mass(status, was_confirming=was_confirming, confirm_minutes=rules.confirm_minutes)


def describe(send: CampaignSend) -> str:
    """The line of the history when it is out."""
    if send.channel is SendChannel.PUBLISH:
        return "微信已发布"
    if send.sent_count is None:
        return "微信说已发出，没有给出人数"
    return f"微信已发出：应收 {send.total_count} 人，收到 {send.sent_count} 人，没收到 {send.error_count} 人"


def note_urls(session: Session, send: CampaignSend, urls: list[str]) -> None:
    """WeChat's pages of the articles."""
    rows = session.scalars(select(SendArticle).where(SendArticle.send_id == send.id).order_by(SendArticle.position))
    for row, url in zip(rows, urls, strict=False):
        row.url = url
    send.data_id = send.data_id or next((found for url in urls if (found := read_data_id(url))), None)


def read_data_id(url: str) -> str:
    """The msg_data_id in an address of WeChat's (mid=…), for a send whose call was not answered; "" without."""
    return "".join(parse_qs(urlsplit(url).query).get("mid", []))[:32]


def claim_look(session: Session, now: datetime) -> CampaignSend | None:
    """An accepted send of whose result nothing has come; looked at again only after a while."""
    waiting = (
        select(CampaignSend)
        .where(CampaignSend.state.in_((SendState.ACCEPTED, SendState.CONFIRMING)), CampaignSend.not_before <= now)
        .order_by(CampaignSend.not_before)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    send = session.scalar(waiting)
    if send is not None:
        send.not_before = now + LOOK_AGAIN
    return send


def note_mass_status(session: Session, send: CampaignSend, status: str, rules: SendingRules, now: datetime) -> None:
    """What message/mass/get says."""
    asked_at = send.asked_at or now
    if status in ASKED:
        apply(session, send, Outcome(ASKED[status]), rules, now)
    elif status == "DELETE":
        end(session, send, SendState.RECALLED, now, "微信说这次群发已被删除")
    elif status == "WAITING" and send.state is SendState.ACCEPTED:
        send.state, send.confirm_until = SendState.CONFIRMING, asked_at + rules.confirm_within
        tell(session, send, now, f"请公众号管理员在手机上确认，{rules.confirm_minutes} 分钟内有效")
    elif now - asked_at > PATIENCE:
        end(session, send, SendState.UNKNOWN, now, SILENT)


def note_publish_status(
    session: Session, send: CampaignSend, answer: dict[str, Any], rules: SendingRules, now: datetime
) -> None:
    """What freepublish/get says."""
    status = int(answer.get("publish_status", NOT_YET))
    if status != NOT_YET:
        items = (answer.get("article_detail") or {}).get("item") or []
        urls = [str(one.get("article_url", "")) for one in items]
        outcome = Outcome(str(status), published_id=str(answer.get("article_id", "")), urls=urls)
        apply(session, send, outcome, rules, now)
    elif now - (send.asked_at or now) > PATIENCE:
        end(session, send, SendState.UNKNOWN, now, SILENT)
