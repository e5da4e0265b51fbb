"""The desk's side of sends: made, changed, approved by a second person, cancelled, marked; each with its history."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config.sending import SendingRules
from models.article import Article
from models.campaign_send import CampaignSend, SendArticle, SendOrder, SlotWish
from models.campaign_words import ArticleState
from models.follower_choice import NoticeTemplate
from models.send_words import OrderKind, SendChannel, SendState, Topic
from services.calendar.telling import hour_words
from services.campaigns.drafting import articles_of, check_articles
from services.campaigns.months import read_month
from services.campaigns.sending import DISTURBS, end, tell
from services.campaigns.sending_words import CHANNELS, STATES, TOPICS
from services.campaigns.timing import is_quiet, month_of
from services.errors import UserError

LONGEST_TITLE = 64
CHANGEABLE = (SendState.DRAFT, SendState.SCHEDULED, SendState.NOT_SENT)
MARKABLE = (SendState.UNKNOWN,)
RECALLABLE = (SendState.ACCEPTED, SendState.CONFIRMING, SendState.DONE)


class SendError(UserError):
    """A send cannot be so; `field` names what to change, the text is for staff."""

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Wanted:
    """What staff enter of a send."""

    title: str
    channel: SendChannel
    topic: Topic
    due_at: datetime
    article_ids: tuple[int, ...]
    template_id: str | None = None


def make_send(session: Session, wanted: Wanted, rules: SendingRules, *, by: int, now: datetime) -> CampaignSend:
    """A new one, to be previewed and approved; SendError says what is wrong."""
    check(session, wanted, rules, now)
    send = CampaignSend(
        title=wanted.title,
        channel=wanted.channel,
        topic=wanted.topic,
        due_at=wanted.due_at,
        template_id=wanted.template_id,
        made_by=by,
        made_at=now,
        client_msg_id=draw_number(),
    )
    session.add(send)
    session.flush()
    put_articles(session, send, wanted.article_ids)
    tell(session, send, now, f"拟定：{say(send)}", by)
    return send


def change_send(
    session: Session, send: CampaignSend, wanted: Wanted, rules: SendingRules, *, by: int, now: datetime
) -> None:
    """Other words, hour or articles; it must be previewed and approved again. SendError says why not."""
    require(send, CHANGEABLE, "已经不能再改")
    check(session, wanted, rules, now)
    if send.state is SendState.NOT_SENT:
        send.client_msg_id = draw_number()  # certainly nothing went out under the old one
    send.title, send.channel, send.topic = wanted.title, wanted.channel, wanted.topic
    send.due_at, send.template_id = wanted.due_at, wanted.template_id
    send.revision, send.state, send.reason = send.revision + 1, SendState.DRAFT, ""
    send.approved_by = send.approved_at = send.finished_at = send.asked_at = send.not_before = None
    send.draft_id = send.msg_id = send.publish_id = send.confirm_until = None
    send.tries = 0
    put_articles(session, send, wanted.article_ids)
    tell(session, send, now, f"修改：{say(send)}，须重新预览和批准", by)


def draw_number() -> str:
    """The clientmsgid by which WeChat knows this send from all others."""
    return f"cx-{secrets.token_hex(16)}"


def put_articles(session: Session, send: CampaignSend, article_ids: Sequence[int]) -> None:
    """These articles, in this order."""
    session.execute(delete(SendArticle).where(SendArticle.send_id == send.id))
    session.add_all(
        SendArticle(send_id=send.id, position=position, article_id=one) for position, one in enumerate(article_ids)
    )
    session.flush()


def check(session: Session, wanted: Wanted, rules: SendingRules, now: datetime) -> None:
    """SendError for the first thing that is wrong."""
    if not wanted.title.strip() or len(wanted.title) > LONGEST_TITLE:
        raise SendError(f"请填写名称，最多 {LONGEST_TITLE} 个字", "title")
    if wanted.due_at <= now:
        raise SendError("发送时间已经过去，请选以后的时间", "due_at")
    if wanted.channel in DISTURBS and is_quiet(wanted.due_at, rules):
        quiet = f"{rules.quiet_from:%H:%M} 至次日 {rules.quiet_until:%H:%M}"
        raise SendError(f"{quiet} 不打扰市民，请换一个时间", "due_at")
    check_choice(session, wanted, rules)


def check_choice(session: Session, wanted: Wanted, rules: SendingRules) -> None:
    """Articles and notice."""
    if not wanted.article_ids:
        raise SendError("请至少选一篇已批准的文章", "articles")
    if len(wanted.article_ids) > rules.most_articles:
        raise SendError(f"一次最多合并 {rules.most_articles} 篇文章", "articles")
    approved = select(func.count()).where(Article.id.in_(wanted.article_ids), Article.state == ArticleState.APPROVED)
    if session.scalar(approved) != len(set(wanted.article_ids)):
        raise SendError("有的文章还没有批准，或者已经撤下", "articles")
    if wanted.channel is SendChannel.SUBSCRIPTION and (
        not wanted.template_id or session.get(NoticeTemplate, wanted.template_id) is None
    ):
        raise SendError("请选一种订阅通知（在公众平台后台添加，每小时取来一次）", "template_id")


def approve(session: Session, send: CampaignSend, rules: SendingRules, *, by: int, now: datetime) -> None:
    """A second person lets it go; SendError when it was not previewed, the month is full, or it is one's own."""
    require(send, (SendState.DRAFT,), "现在不用批准")
    if by == send.made_by:
        raise SendError("须由另一位同事批准（四眼原则）")
    if needs_preview(send) and send.previewed_revision != send.revision:
        raise SendError("请先预览：发给测试人员看过再批准")
    wanted = Wanted(
        send.title,
        send.channel,
        send.topic,
        send.due_at,
        tuple(one.id for one in articles_of(session, send.id)),
        send.template_id,
    )
    check(session, wanted, rules, now)
    check_articles(session, send, now)
    if send.channel is SendChannel.MASS:
        use = read_month(session, month_of(send.due_at), rules)
        if not use.left:
            raise SendError(
                f"{say_month(use.month)}的 {use.most} 次群发已经排满（微信规定每人每月最多收 {use.most} 次）。"
                "可以改到下个月、并入已排的一次，或改为发布、订阅通知、自动回复"
            )
    send.state, send.approved_by, send.approved_at = SendState.SCHEDULED, by, now
    tell(session, send, now, "批准", by)


def needs_preview(send: CampaignSend) -> bool:
    """What cannot be taken back from a telephone is looked at on one first."""
    return send.channel is SendChannel.MASS


def cancel(session: Session, send: CampaignSend, reason: str, *, by: int, now: datetime) -> None:
    """It will not go out; before its hour only."""
    require(send, (SendState.DRAFT, SendState.SCHEDULED), "已经不能取消")
    send.state, send.finished_at, send.reason = SendState.CANCELLED, now, need(reason)
    for wish in session.scalars(select(SlotWish).where(SlotWish.send_id == send.id)):
        wish.send_id = None  # its articles wait for another slot
    tell(session, send, now, f"取消：{send.reason}", by)


def mark(session: Session, send: CampaignSend, *, is_out: bool, reason: str, by: int, now: datetime) -> None:
    """Somebody looked in WeChat's console and says what became of a send whose result is not known."""
    require(send, MARKABLE, "现在不用标记")
    state = SendState.DONE if is_out else SendState.NOT_SENT
    words = f"人工标记为“{STATES[state]}”：{need(reason)}"
    tell(session, send, now, words, by)
    end(session, send, state, now, words)


def order(session: Session, send: CampaignSend, kind: OrderKind, reason: str, *, by: int, now: datetime) -> SendOrder:
    """Ask the jobs process to call WeChat; SendError when that makes no sense now."""
    if kind is OrderKind.RECALL:
        is_many = send.channel in {SendChannel.SERVICE, SendChannel.SUBSCRIPTION}
        require(send, (SendState.SENDING,) if is_many else RECALLABLE, "现在没有什么可撤回的")
        if send.channel is SendChannel.ANSWER:
            raise SendError("自动回复没有发到手机上；请撤下文章")
        reason = need(reason)
    if kind is OrderKind.PREVIEW and send.channel not in {SendChannel.MASS, SendChannel.PUBLISH}:
        raise SendError("这个渠道没有预览")
    if kind is OrderKind.ASK:
        require(send, (SendState.UNKNOWN, SendState.ACCEPTED, SendState.CONFIRMING), "现在不用查询")
    if pending_order(session, send.id, kind) is not None:
        raise SendError("已经提出，正在办理")
    wanted = SendOrder(send_id=send.id, kind=kind, asked_by=by, asked_at=now, reason=reason)
    session.add(wanted)
    session.flush()
    return wanted


def pending_order(session: Session, send_id: int, kind: OrderKind) -> SendOrder | None:
    """An order of this kind that was not carried out yet."""
    waiting = select(SendOrder).where(SendOrder.send_id == send_id, SendOrder.kind == kind, SendOrder.done_at.is_(None))
    return session.scalar(waiting.limit(1))


def require(send: CampaignSend, states: Sequence[SendState], why: str) -> None:
    """SendError unless the send is in one of these states."""
    if send.state not in states:
        raise SendError(f"这次发送{STATES[send.state]}，{why}")


def need(reason: str) -> str:
    """A reason that was really given."""
    if not reason.strip():
        raise SendError("请写明原因", "reason")
    return reason.strip()[:200]


def say(send: CampaignSend) -> str:
    """A send in one line."""
    return f"{CHANNELS[send.channel]} · {TOPICS[send.topic]} · {hour_words(send.due_at)}"


def say_month(month: str) -> str:
    """2026年11月."""
    year, number = month.split("-")
    return f"{year}年{int(number)}月"
