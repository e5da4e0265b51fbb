"""Activities on the console: drafted, sent to the bureau, published, with photos and a headcount."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateTimeLocalField, Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, Optional

from models.activity import Activity, ActivityKind, ActivityPhoto
from models.audit import Act
from services.calendar.working_days import SHANGHAI
from services.campaigns import activities as steps
from services.campaigns.activities import ActivityError, ActivityWords
from services.campaigns.running import campaign_on
from web.console.activity_room import (
    BUREAU,
    PEOPLE,
    campaign_choices,
    load_activity,
    names_of_associations,
    note,
    own_association,
)
from web.console.association_room import is_outsider, key_here
from web.console.forms import filled, required, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

ONE = f"/activities/<int(max={LARGEST_ID}):activity_id>"
MINUTES = "%Y-%m-%dT%H:%M"


class ActivityForm(Form):
    """What is said of an activity; times are China's."""

    kind = SelectField("类型", choices=[SelectChoice(kind.value, words) for kind, words in steps.KIND_WORDS.items()])
    title = StringField("名称", required("请填写名称"), filters=[strip])
    place = StringField("地点", required("请填写地点"), filters=[strip])
    region = StringField("县区", [Length(max=40, message="最多 40 个字")], filters=[strip])
    begins_at = DateTimeLocalField("开始", [InputRequired("请填写开始的日期和时间")], format=MINUTES)
    ends_at = DateTimeLocalField("结束", [InputRequired("请填写结束的日期和时间")], format=MINUTES)
    capacity = IntegerField("名额", [Optional()])
    campaign_id = SelectField("属于哪次宣传活动", [Optional()])
    about = TextAreaField("介绍", [Length(max=2000, message="最多 2000 个字")], filters=[strip])

    def said(self) -> ActivityWords:
        """As the service wants it."""
        return ActivityWords(
            kind=ActivityKind(self.kind.data),
            title=str(self.title.data),
            place=str(self.place.data),
            begins_at=in_china(self.begins_at.data),
            ends_at=in_china(self.ends_at.data),
            about=self.about.data or "",
            region=self.region.data or "",
            capacity=self.capacity.data,
            campaign_id=int(self.campaign_id.data) if self.campaign_id.data else None,
        )


def in_china(local: datetime | None) -> datetime:
    """What was typed, as an aware moment."""
    if local is None:
        raise ActivityError("请填写日期和时间", "begins_at")
    return local.replace(tzinfo=SHANGHAI)


def add_activity_list(pages: Blueprint, office: Office) -> None:
    """/console/activities: the list, and the form of a new one."""

    @pages.get("/activities")
    @serves(Stage.INSIDE, *PEOPLE)
    def activities() -> str:
        """Those that wait for the bureau first."""
        with office.database.read() as session:
            own = own_association(session)
            rows = steps.list_for(session, own, is_bureau=own is None)
            return render_template(
                "console/activities.html",
                rows=rows,
                counts=steps.turnouts(session, rows),
                names=names_of_associations(session),
                now=office.clock(),
            )

    @pages.route("/activities/new", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *PEOPLE)
    def new_activity() -> AnyResponse | str:
        """A draft."""
        return edit(office, None)

    @pages.route(f"{ONE}/edit", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *PEOPLE)
    def edit_activity(activity_id: int) -> AnyResponse | str:
        """Change it."""
        return edit(office, activity_id)


def edit(office: Office, activity_id: int | None) -> AnyResponse | str:
    """Show the form, or save it and go to the page."""
    with office.database.write() as session:
        row = load_activity(session, activity_id) if activity_id else None
        own = own_association(session)
        form = filled(ActivityForm, **values_of(office, session, row))
        form.campaign_id.choices = campaign_choices(session)
        if request.method == "POST" and form.validate():
            try:
                saved = steps.save_activity(
                    session, row, form.said(), association_id=row.association_id if row else own, by=key_here(),
                    now=office.clock(), is_bureau=own is None,
                )  # fmt: skip
            except ActivityError as error:
                put_field_error(form, error)
            else:
                note(session, office, Act.ACTIVITY_STEP, saved.title, "修改" if row else "新建")
                flash("已保存。")
                return redirect(url_for("console.activity", activity_id=saved.id), 303)
        return render_template("console/activity_form.html", form=form, activity=row)


def put_field_error(form: Form, error: ActivityError) -> None:
    """Beside its field."""
    field = form._fields.get(error.field) or next(iter(form._fields.values()))
    field.errors = [*field.errors, str(error)]


def values_of(office: Office, session: Session, row: Activity | None) -> dict[str, Any]:
    """What the form shows at first."""
    if row is None:
        campaign = campaign_on(session, office.today())
        return {"campaign_id": str(campaign.id) if campaign else ""}
    values = {name: getattr(row, name) for name in ("title", "place", "region", "capacity", "about")}
    times = {name: getattr(row, name).astimezone(SHANGHAI) for name in ("begins_at", "ends_at")}
    return values | times | {"kind": row.kind.value, "campaign_id": str(row.campaign_id or "")}


def add_activity_page(pages: Blueprint, office: Office) -> None:
    """/console/activities/<id>: one, and the steps with it."""

    @pages.get(ONE)
    @serves(Stage.INSIDE, *PEOPLE)
    def activity(activity_id: int) -> str:
        """How it stands."""
        with office.database.read() as session:
            row = load_activity(session, activity_id)
            photos = select(ActivityPhoto).where(ActivityPhoto.activity_id == row.id).order_by(ActivityPhoto.id)
            return render_template(
                "console/activity.html",
                activity=row,
                host=names_of_associations(session).get(row.association_id or 0, ""),
                turnout=steps.turnouts(session, [row])[row.id],
                photos=list(session.scalars(photos)),
                now=office.clock(),
                is_bureau=not is_outsider(here()),
            )


def add_activity_steps(pages: Blueprint, office: Office) -> None:
    """What is done with one."""

    @pages.post(f"{ONE}/submit")
    @serves(Stage.INSIDE, *PEOPLE)
    def submit_activity(activity_id: int) -> AnyResponse:
        """To the bureau."""
        return step(office, activity_id, "提交主管部门", steps.submit)

    @pages.post(f"{ONE}/decide")
    @serves(Stage.INSIDE, *BUREAU)
    def decide_activity(activity_id: int) -> AnyResponse:
        """The bureau's yes or no."""
        reason, now = request.form.get("reason", ""), office.clock()
        if request.form.get("do") == "publish":
            return step(office, activity_id, "同意发布", lambda row: steps.publish(row, key_here(), now))
        return step(office, activity_id, "退回修改", lambda row: steps.send_back(row, reason, key_here(), now), reason)

    @pages.post(f"{ONE}/call-off")
    @serves(Stage.INSIDE, *PEOPLE)
    def call_off_activity(activity_id: int) -> AnyResponse:
        """It does not take place."""
        reason, now = request.form.get("reason", ""), office.clock()
        return step(office, activity_id, "取消活动", lambda row: steps.call_off(row, reason, key_here(), now), reason)

    @pages.post(f"{ONE}/headcount")
    @serves(Stage.INSIDE, *PEOPLE)
    def set_headcount(activity_id: int) -> AnyResponse:
        """Counted at the door; empty: by check-ins."""
        said = request.form.get("headcount", "").strip()
        if said and not (said.isdecimal() and len(said) < 8):
            flash("人数请填数字。", "warn")
            return redirect(url_for("console.activity", activity_id=activity_id), 303)
        count, now = int(said) if said else None, office.clock()
        words = f"登记人数 {said or '以签到为准'}"
        return step(office, activity_id, words, lambda row: steps.set_headcount(row, count, now))


def step(office: Office, activity_id: int, what: str, act: Any, reason: str = "") -> AnyResponse:
    """Do it, write it down, say it."""
    try:
        with office.database.write() as session:
            row = load_activity(session, activity_id)
            act(row)
            session.flush()
            note(session, office, Act.ACTIVITY_STEP, row.title, what, reason=reason)
    except ActivityError as error:
        flash(str(error), "warn")
    else:
        flash(f"已{what}。" if not what.startswith("登记") else "已登记。")
    return redirect(url_for("console.activity", activity_id=activity_id), 303)
