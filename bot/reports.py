"""What WeChat reports by events that no citizen sent: results of sends, agreements to notices."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import Event, Inbound
from config.sending import load_sending_rules
from services import followers, notices
from services.campaigns import results
from services.campaigns.deliveries import note_delivered
from services.campaigns.grants import note_grant

REPORTS = frozenset(
    {
        Event.TEMPLATE_SENT,
        Event.MASS_SENT,
        Event.PUBLISHED,
        Event.SUBSCRIBE_MSG_POPUP,
        Event.SUBSCRIBE_MSG_CHANGE,
        Event.SUBSCRIBE_MSG_SENT,
    }
)
HOLDERS = {
    Event.SUBSCRIBE_MSG_POPUP: "SubscribeMsgPopupEvent",
    Event.SUBSCRIBE_MSG_CHANGE: "SubscribeMsgChangeEvent",
    Event.SUBSCRIBE_MSG_SENT: "SubscribeMsgSentEvent",
}
LONGEST_ID = 32
MOST_ITEMS = 20


def take_report(session: Session, message: Inbound, now: datetime) -> None:
    """Write down what it says; there is nobody to answer."""
    if message.event is Event.TEMPLATE_SENT:
        status = message.fields.get("Status", "")
        notices.note_delivery(session, message.fields.get("MsgID", ""), status == "success", status)
    elif message.event is Event.MASS_SENT:
        number = message.fields.get("MsgID", "").strip()[:LONGEST_ID]
        results.keep_result(session, results.mass_key(number), read_mass(message), load_sending_rules(), now)
    elif message.event is Event.PUBLISHED:
        number = message.fields.get("PublishEventInfo/publish_id", "").strip()[:LONGEST_ID]
        results.keep_result(session, results.publish_key(number), read_published(message), load_sending_rules(), now)
    else:
        take_notice_report(session, message, now)


def read_mass(message: Inbound) -> results.Outcome:
    """MASSSENDJOBFINISH."""
    fields = message.fields
    urls = [url for _, url in sorted(read_urls(fields, "ArticleUrlResult/ResultList/", "ArticleIdx", "ArticleUrl"))]
    total, sent, errors = (read_count(fields.get(name)) for name in ("TotalCount", "SentCount", "ErrorCount"))
    return results.Outcome(fields.get("Status", "").strip()[:40], total, sent, errors, urls=urls)


def read_published(message: Inbound) -> results.Outcome:
    """PUBLISHJOBFINISH."""
    fields, prefix = message.fields, "PublishEventInfo/"
    urls = [url for _, url in sorted(read_urls(fields, f"{prefix}article_detail/", "idx", "article_url"))]
    status = fields.get(f"{prefix}publish_status", "").strip()[:8]
    return results.Outcome(status, published_id=fields.get(f"{prefix}article_id", "").strip()[:128], urls=urls)


def read_urls(fields: dict[str, str], prefix: str, number: str, url: str) -> Iterator[tuple[int, str]]:
    """Place and address of each article; `item`, `item[1]` … as bot/xml.py numbers what repeats."""
    for at in range(MOST_ITEMS):
        item = f"{prefix}item{f'[{at}]' if at else ''}/"
        if fields.get(item + url):
            yield read_count(fields.get(item + number)) or 0, fields[item + url].strip()[:500]


def read_count(text: str | None) -> int | None:
    """A number of people; None where there is none."""
    digits = (text or "").strip()
    return int(digits[:9]) if digits.isascii() and digits.isdigit() else None


def take_notice_report(session: Session, message: Inbound, now: datetime) -> None:
    """Agreements, refusals and deliveries of subscription notices; one or several in an event."""
    event = message.event
    if event is None:
        return
    follower = followers.recognise(session, message.openid, now)
    for at in range(MOST_ITEMS):
        prefix = f"{HOLDERS[event]}/List{f'[{at}]' if at else ''}/"
        template_id = message.fields.get(f"{prefix}TemplateId", "").strip()[:64]
        if not template_id:
            return
        if event is Event.SUBSCRIBE_MSG_SENT:
            number = message.fields.get(f"{prefix}MsgID", "").strip()[:64]
            code = read_count(message.fields.get(f"{prefix}ErrorCode")) or 0
            note_delivered(session, follower.id, template_id, number, code)
        else:
            status = message.fields.get(f"{prefix}SubscribeStatusString", "").strip()
            note_grant(session, follower.id, template_id, status, now)
