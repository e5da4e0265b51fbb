"""The send calendar: a month with its four slots, who wants one, the list of sends, the testers."""

import re
from datetime import date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.campaign_send import CampaignSend, SlotWish, Tester
from models.send_words import SendState
from services.audit import record
from services.calendar.telling import hour_words
from services.campaigns.months import set_outside
from services.campaigns.orders import add_tester, list_testers, wechat_of
from services.campaigns.sending_words import CHANNELS, STATES, TOPICS, WISHES
from services.campaigns.slot_calendar import ask_slot, list_choosable, read_sheet, take_proposal
from services.campaigns.timing import month_of, move_month
from services.errors import UserError
from services.staff.duties import Permission
from web.console.association_room import BUREAU, PEOPLE, hand_of
from web.console.cases import names_of_staff
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
MOST_SHOWN = 100
URGENT = (SendState.CONFIRMING, SendState.UNKNOWN)  # somebody must act
TONES = {"done": "tag_calm", "not_sent": "tag_warn", "unknown": "tag_warn", "confirming": "tag_warn"}


def add_send_words(pages: Blueprint, _office: Office) -> None:
    """What the templates of sends use."""

    @pages.app_context_processor
    def words() -> dict[str, object]:
        """Names of channels, topics and states, and the colour of a state."""
        return {
            "CHANNELS": CHANNELS,
            "TOPICS": TOPICS,
            "SEND_STATES": STATES,
            "WISHES": WISHES,
            "SEND_TONES": TONES,
            "hour_words": hour_words,
        }


def add_sends(pages: Blueprint, office: Office) -> None:
    """/console/sends."""

    @pages.get("/sends")
    @serves(Stage.INSIDE, *PEOPLE)
    def sends() -> str:
        """A month, what is proposed for its slots, and the list."""
        now = office.clock()
        month = request.args.get("month", "")
        month = month if MONTH.fullmatch(month) else month_of(now)
        with office.database.read() as session:
            own = hand_of(session).association_id
            wished = set(session.scalars(select(SlotWish.article_id)))
            newest = select(CampaignSend).order_by(CampaignSend.due_at.desc()).limit(MOST_SHOWN)
            return render_template(
                "console/sends.html",
                sheet=read_sheet(session, month, office.sending, now),
                month=month,
                before=move_month(month, -1),
                after=move_month(month, 1),
                today=office.today(),
                rules=office.sending,
                rows=list(session.scalars(newest)),
                urgent=list(session.scalars(select(CampaignSend).where(CampaignSend.state.in_(URGENT)))),
                choosable=[one for one in list_choosable(session, own) if one.id not in wished],
                may_edit=any(here().may(one) for one in BUREAU),
            )


def add_send_wishes(pages: Blueprint, office: Office) -> None:
    """What is asked for, proposed and counted on the calendar."""

    @pages.post("/sends/wishes")
    @serves(Stage.INSIDE, *PEOPLE)
    def ask_for_slot() -> AnyResponse:
        """An article asks for a slot."""
        try:
            with office.database.write() as session:
                ask_here(session, office)
            flash("已申请。排期后会出现在日历上。")
        except UserError as error:
            flash(f"没有申请成功：{error}。", "warn")
        return redirect(url_for("console.sends"), 303)

    @pages.post("/sends/proposals")
    @serves(Stage.INSIDE, *BUREAU)
    def take_slot_proposal() -> AnyResponse:
        """Make a send of what the fair rules propose."""
        with office.database.write() as session:
            try:
                at = datetime.fromisoformat(request.form.get("at", ""))
                send = take_proposal(session, at, office.sending, by=here().account_id, now=office.clock())
                note(session, office, "按建议排期", send.title)
                target = url_for("console.send", send_id=send.id)
            except (UserError, ValueError, TypeError) as error:
                flash(f"没有排成：{error}。" if isinstance(error, UserError) else "请刷新后再试。", "warn")
                target = url_for("console.sends")
        return redirect(target, 303)

    @pages.post("/sends/outside")
    @serves(Stage.INSIDE, *BUREAU)
    def count_outside() -> AnyResponse:
        """How many were made by hand in WeChat's console."""
        month, count = request.form.get("month", ""), request.form.get("count", type=int)
        if not MONTH.fullmatch(month) or count is None or not 0 <= count <= 4:
            flash("请填写 0 至 4 的次数。", "warn")
        else:
            with office.database.write() as session:
                set_outside(session, month, count)
                note(session, office, "登记后台群发次数", f"{month}：{count} 次")
            flash("已登记。")
        return redirect(url_for("console.sends", month=month if MONTH.fullmatch(month) else None), 303)


def ask_here(session: Session, office: Office) -> None:
    """The form's article asks for a slot; an association for its own articles only."""
    own = hand_of(session).association_id
    if own is None and not here().may(Permission.RUN_CAMPAIGNS):
        abort(403)
    wish = ask_slot(
        session,
        request.form.get("article", 0, type=int),
        (read_day("wanted_from"), read_day("wanted_until")),
        by=here().account_id,
        now=office.clock(),
        own_association=own,
        is_legal=request.form.get("kind") == "legal",
    )
    note(session, office, "申请排期", f"文章 {wish.article_id}")


def read_day(name: str) -> date:
    """A day of the form; UserError for what is none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise UserError("请填写日期") from None


def note(session: Session, office: Office, step: str, subject: str) -> None:
    """Into the audit log, last in the transaction."""
    record(session, here().actor, Act.CAMPAIGN_SEND, office.clock(), subject=subject[:120], details={"步骤": step})


def add_testers(pages: Blueprint, office: Office) -> None:
    """/console/sends/testers."""

    @pages.route("/sends/testers", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def testers() -> AnyResponse | str | tuple[str, int]:
        """Who gets previews; one more."""
        fault = ""
        if request.method == "POST":
            name, wechat = request.form.get("name", ""), request.form.get("wechat", "")
            try:
                with office.database.write() as session:
                    add_tester(session, name, wechat, by=here().account_id, now=office.clock())
                    note(session, office, "添加测试人员", name.strip())
                flash("已添加。")
                return redirect(url_for("console.testers"), 303)
            except UserError as error:
                fault = str(error)
        with office.database.read() as session:
            rows = [(one, wechat_of(session, one)) for one in list_testers(session)]
            page = render_template(
                "console/send_testers.html", rows=rows, fault=fault, names=names_of_staff(session), typed=request.form
            )
        return (page, 422) if fault else page

    @pages.post(f"/sends/testers/<int(max={LARGEST_ID}):tester_id>/remove")
    @serves(Stage.INSIDE, *BUREAU)
    def remove_tester(tester_id: int) -> AnyResponse:
        """No previews any more."""
        with office.database.write() as session:
            row = session.get(Tester, tester_id) or abort(404)
            session.delete(row)
            session.flush()
            note(session, office, "移除测试人员", row.name)
        flash("已移除。")
        return redirect(url_for("console.testers"), 303)
