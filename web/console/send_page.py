"""A send's page: made, changed, previewed, approved, sent, recalled; its progress and its history."""

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, Form, RadioField, SelectField, SelectMultipleField, StringField, TimeField, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from models.campaign_send import CampaignSend, SendArticle, SendEvent
from models.follower_choice import NoticeTemplate
from models.send_words import OrderKind, SendChannel, SendState, Topic
from services.calendar.working_days import SHANGHAI
from services.campaigns import sends as desk
from services.campaigns.deliveries import count_readers
from services.campaigns.drafting import articles_of
from services.campaigns.months import read_month
from services.campaigns.orders import list_orders, list_testers
from services.campaigns.progress import measure
from services.campaigns.sending import ONE_BY_ONE
from services.campaigns.sending_words import CHANNEL_NOTES, CHANNELS, ORDERS, TEMPLATE_NOTE, TOPICS
from services.campaigns.sends import SendError, Wanted
from services.campaigns.slot_calendar import list_choosable
from services.campaigns.tagging import find_audience
from services.campaigns.timing import month_of, slots_of
from services.errors import UserError
from services.staff.accounts import list_accounts
from services.staff.duties import Permission
from web.console.association_room import BUREAU, PEOPLE
from web.console.forms import filled, required, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.sends import note
from web.console.staff import LARGEST_ID

ONE = f"/sends/<int(max={LARGEST_ID}):send_id>"
OPEN = (SendState.DRAFT, SendState.SCHEDULED)
SOON = timedelta(minutes=10)
LIVELY = (SendState.SENDING, SendState.CONFIRMING, SendState.ACCEPTED)
ORDERED = {"preview": OrderKind.PREVIEW, "recall": OrderKind.RECALL, "ask": OrderKind.ASK}


class ArticlesField(SelectMultipleField):
    """Boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class SendForm(Form):
    """What staff enter of a send."""

    title = StringField("名称", [*required("请填写名称"), Length(max=64, message="最多 64 个字")], filters=[strip])
    channel = RadioField(
        "怎么发", [InputRequired("请选怎么发")], choices=[SelectChoice(one.value, CHANNELS[one]) for one in SendChannel]
    )
    topic = SelectField("属于哪一类", choices=[SelectChoice(one.value, TOPICS[one]) for one in Topic])
    day = DateField("日期", [InputRequired("请填写日期")])
    hour = TimeField("时间", [InputRequired("请填写时间")])
    articles = ArticlesField("文章")
    first = SelectField("头条", [Optional()])
    template_id = SelectField("订阅通知", [Optional()])

    def wanted(self) -> Wanted:
        """As the service wants it; the head article first."""
        ids = [int(one) for one in self.articles.data or [] if str(one).isdigit()]
        head = int(self.first.data) if str(self.first.data or "").isdigit() else 0
        due = datetime.combine(self.day.data or date.min, self.hour.data or time(), SHANGHAI)
        return Wanted(
            title=str(self.title.data),
            channel=SendChannel(self.channel.data),
            topic=Topic(self.topic.data),
            due_at=due,
            article_ids=tuple(sorted(ids, key=lambda one: one != head)),
            template_id=self.template_id.data or None,
        )


def add_send_page(pages: Blueprint, office: Office) -> None:
    """/console/sends/new, /console/sends/<id>."""

    @pages.route("/sends/new", methods=["GET", "POST"], defaults={"send_id": 0})
    @pages.route(f"{ONE}/edit", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def edit_send(send_id: int) -> AnyResponse | str | tuple[str, int]:
        """A new one, or another hour, words, articles."""
        with office.database.read() as session:
            send = load_send(session, send_id) if send_id else None
            form = make_form(session, office, send)
        if request.method == "POST" and form.validate():
            try:
                with office.database.write() as session:
                    send_id = save(session, office, send_id, form.wanted())
                flash("已保存。接下来预览，再由另一位同事批准。")
                return redirect(url_for("console.send", send_id=send_id), 303)
            except SendError as error:
                field = {"due_at": form.day, "articles": form.articles, "template_id": form.template_id}
                wrong = field.get(error.field, form.title)
                wrong.errors = [*wrong.errors, str(error)]
        page = render_template(
            "console/send_edit.html",
            form=form,
            send=send,
            notes=CHANNEL_NOTES,
            template_note=TEMPLATE_NOTE,
            rules=office.sending,
        )
        return (page, 422) if request.method == "POST" else page

    @pages.get(ONE)
    @serves(Stage.INSIDE, *PEOPLE)
    def send(send_id: int) -> str:
        """All about it."""
        with office.database.read() as session:
            return render_template("console/send.html", **show(session, office, load_send(session, send_id)))

    @pages.get(f"{ONE}/now")
    @serves(Stage.INSIDE, *PEOPLE)
    def send_now(send_id: int) -> str:
        """The part that changes by itself, asked for by the page."""
        with office.database.read() as session:
            return render_template("console/send_now.html", **show(session, office, load_send(session, send_id)))


def add_send_orders(pages: Blueprint, office: Office) -> None:
    """What is pressed on a send's page."""

    @pages.post(f"{ONE}/steps")
    @serves(Stage.INSIDE, *BUREAU)
    def step_send(send_id: int) -> AnyResponse:
        """Approve, cancel, preview, recall, ask, mark."""
        try:
            with office.database.write() as session:
                said = act(session, office, load_send(session, send_id))
            flash(said)
        except UserError as error:
            flash(f"{error}。", "warn")
        return redirect(url_for("console.send", send_id=send_id), 303)


def act(session: Session, office: Office, send: CampaignSend) -> str:
    """One step; what to say of it."""
    done, reason = request.form.get("do", ""), request.form.get("reason", "")
    by, now = here().account_id, office.clock()
    if done == "approve":
        if not here().may(Permission.APPROVE_ARTICLES):
            raise SendError("您的岗位不能批准发送，请发布审批人办理")
        desk.approve(session, send, office.sending, by=by, now=now)
        step, said = "批准发送", "已批准，到时间自动发送。"
    elif done == "cancel":
        desk.cancel(session, send, reason, by=by, now=now)
        step, said = "取消发送", "已取消。"
    elif done in ORDERED:
        kind = ORDERED[done]
        desk.order(session, send, kind, reason, by=by, now=now)
        step, said = ORDERS[kind], f"{ORDERS[kind]}已提出，几秒后看结果。"
    elif done in {"mark_out", "mark_not"}:
        desk.mark(session, send, is_out=done == "mark_out", reason=reason, by=by, now=now)
        step, said = "标记发送结果", "已标记。"
    else:
        abort(400)
    note(session, office, step, send.title)
    return said


def load_send(session: Session, send_id: int) -> CampaignSend:
    """The send, or 404."""
    return session.get(CampaignSend, send_id) or abort(404)


def save(session: Session, office: Office, send_id: int, wanted: Wanted) -> int:
    """New or changed; its id."""
    by, now = here().account_id, office.clock()
    if send_id:
        send = load_send(session, send_id)
        desk.change_send(session, send, wanted, office.sending, by=by, now=now)
    else:
        send = desk.make_send(session, wanted, office.sending, by=by, now=now)
    note(session, office, "修改发送" if send_id else "拟定发送", send.title)
    return send.id


def make_form(session: Session, office: Office, send: CampaignSend | None) -> SendForm:
    """The form with what may be chosen, and what stands in it at first."""
    values: dict[str, Any] = {"topic": Topic.ACTIVITIES.value, "channel": SendChannel.MASS.value}
    if send is not None:
        local = send.due_at.astimezone(SHANGHAI)
        ids = [one.id for one in articles_of(session, send.id)]
        values = {"title": send.title, "channel": send.channel.value, "topic": send.topic.value}
        values |= {"day": local.date(), "hour": local.time(), "articles": [str(one) for one in ids]}
        values |= {"first": str(ids[0]) if ids else "", "template_id": send.template_id or ""}
    else:
        now = office.clock()
        following = [at for at in slots_of(month_of(now), office.sending) if at > now]
        at = following[0] if following else None
        values |= {"day": at.date() if at else office.today(), "hour": office.sending.slot_hour}
    form: SendForm = filled(SendForm, **values)
    choices = [SelectChoice(str(one.id), one.title) for one in list_choosable(session)]
    form.articles.choices = choices
    form.first.choices = [SelectChoice("", "按勾选的第一篇"), *choices]
    templates = session.scalars(select(NoticeTemplate).order_by(NoticeTemplate.title))
    form.template_id.choices = [
        SelectChoice("", "不用订阅通知"),
        *(
            SelectChoice(one.template_id, one.title + ("（长期）" if one.is_lasting else "（一次性）"))
            for one in templates
        ),
    ]
    return form


def show(session: Session, office: Office, send: CampaignSend) -> dict[str, Any]:
    """What the page of a send shows."""
    now, rules = office.clock(), office.sending
    rows = select(SendArticle).where(SendArticle.send_id == send.id).order_by(SendArticle.position)
    events = select(SendEvent).where(SendEvent.send_id == send.id).order_by(SendEvent.id.desc())
    orders = list_orders(session, send.id)
    is_many = send.channel in ONE_BY_ONE
    audience = find_audience(session, send.topic)
    return {
        "send": send,
        "articles": list(zip(articles_of(session, send.id), session.scalars(rows), strict=True)),
        "events": list(session.scalars(events)),
        "orders": orders,
        "order_words": ORDERS,
        "names": account_names(session),
        "readers": count_readers(session, send.channel, send.topic, send.template_id, now),
        "audience": audience,
        "template": session.get(NoticeTemplate, send.template_id) if send.template_id else None,
        "testers_count": len(list_testers(session)),
        "progress": measure(session, send, now) if is_many and send.asked_at else None,
        "use": read_month(session, month_of(send.due_at), rules),
        "note": CHANNEL_NOTES[send.channel],
        "is_many": is_many,
        "needs_preview": desk.needs_preview(send),
        "is_previewed": send.previewed_revision == send.revision,
        "is_lively": send.state in LIVELY or is_soon(send, now) or any(one.done_at is None for one in orders),
        "may_edit": any(here().may(one) for one in BUREAU),
        "may_approve": here().may(Permission.APPROVE_ARTICLES) and here().account_id != send.made_by,
        "is_mine": here().account_id == send.made_by,
        "can": {
            "edit": send.state in desk.CHANGEABLE,
            "cancel": send.state in OPEN,
            "preview": send.channel in {SendChannel.MASS, SendChannel.PUBLISH} and send.state in OPEN,
            "recall": (send.state is SendState.SENDING) if is_many else can_recall(send),
            "ask": send.state in {SendState.UNKNOWN, SendState.ACCEPTED, SendState.CONFIRMING},
            "mark": send.state in desk.MARKABLE,
        },
        "rules": rules,
    }


def is_soon(send: CampaignSend, now: datetime) -> bool:
    """Approved, and its hour is near or past: the page looks by itself."""
    return send.state is SendState.SCHEDULED and send.due_at - now < SOON


def can_recall(send: CampaignSend) -> bool:
    """It is on telephones or on the account's page."""
    return send.state in desk.RECALLABLE and send.channel is not SendChannel.ANSWER


def account_names(session: Session) -> dict[int, str]:
    """Names of staff by account."""
    return {one.id: one.name for one in list_accounts(session)}
