"""Campaign years as data: theme, days, logo, deadlines; the calendar; sensitive words; alerts."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, DateField, FileField, Form, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from models.article import ArticlePicture, Campaign, CampaignDay, SensitiveWord
from models.audit import Act
from models.campaign_words import DayKind
from services.audit import record
from services.campaigns.guarding import list_alerts, mark_seen
from services.campaigns.library import MOST_BYTES, Drawn, draw_picture, keep_picture
from services.campaigns.looking import list_words
from services.campaigns.wording import word_of
from services.campaigns.years import (
    CampaignError,
    CampaignWords,
    coming_days,
    find_logo,
    find_running,
    list_campaigns,
    list_days,
    save_campaign,
)
from services.errors import UserError
from web.console.association_room import BUREAU, PEOPLE, hand_of, key_here
from web.console.forms import filled, required, strip
from web.console.gate import Stage, serves, takes
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

FORM_BYTES = MOST_BYTES + (1 << 20)


class CampaignForm(Form):
    """A campaign of one year."""

    year = IntegerField("年份", [InputRequired("请填写年份"), NumberRange(2000, 2100, "年份如 2026")])
    name = StringField("活动名称", required("请填写活动名称"), filters=[strip])
    theme = StringField("活动主题", required("请填写活动主题"), filters=[strip])
    starts_on = DateField("开始", [InputRequired("请填写开始日期")])
    ends_on = DateField("结束", [InputRequired("请填写结束日期")])
    summary_due_on = DateField("总结和活动统计表截止", [Optional()])
    units = TextAreaField("参加单位", filters=[strip])
    about = TextAreaField("说明", [Length(max=2000, message="最多 2000 个字")], filters=[strip])
    is_sample = BooleanField("这是练习用的示例")
    logo = FileField("活动标识（图片）")
    logo_alt = StringField("标识的文字说明", [Length(max=200, message="最多 200 个字")], filters=[strip])

    def said(self) -> CampaignWords:
        """As the service wants it."""
        return CampaignWords(
            year=int(self.year.data or 0),
            name=str(self.name.data),
            theme=str(self.theme.data),
            starts_on=self.starts_on.data or date.min,
            ends_on=self.ends_on.data or date.min,
            units=tuple(line.strip() for line in (self.units.data or "").splitlines() if line.strip()),
            summary_due_on=self.summary_due_on.data,
            about=self.about.data or "",
            is_sample=bool(self.is_sample.data),
        )


class DayForm(Form):
    """An entry of the calendar."""

    title = StringField("名称", [*required("请填写名称"), Length(max=80, message="最多 80 个字")], filters=[strip])
    kind = SelectField("类型", choices=[SelectChoice(one.value, word_of("days", one)) for one in DayKind])
    month = IntegerField("月", [InputRequired("请填写月份"), NumberRange(1, 12, "1 至 12")])
    day = IntegerField("日（整月不填）", [Optional(), NumberRange(1, 31, "1 至 31")])
    year = IntegerField("年（每年都有不填）", [Optional(), NumberRange(2000, 2100, "年份如 2026")])
    source = StringField("依据", [Length(max=200, message="最多 200 个字")], filters=[strip])
    is_used = BooleanField("使用", default=True)


class WordForm(Form):
    """A sensitive word."""

    word = StringField("词", [*required("请填写词"), Length(max=40, message="最多 40 个字")], filters=[strip])
    advice = StringField("改成什么", [Length(max=200, message="最多 200 个字")], filters=[strip])
    source = StringField("依据", [Length(max=200, message="最多 200 个字")], filters=[strip])
    is_used = BooleanField("拦住（不勾：出现在这个词里的不拦，例：最佳实践）", default=True)


def add_campaigns(pages: Blueprint, office: Office) -> None:
    """/console/campaigns."""

    @pages.get("/campaigns")
    @serves(Stage.INSIDE, *PEOPLE)
    def campaigns() -> str:
        """What runs, what comes, what staff are told."""
        with office.database.read() as session:
            rows = list_campaigns(session)
            return render_template(
                "console/campaigns.html",
                rows=rows,
                running=find_running(session, office.today()),
                logos={one.id: find_logo(session, one.id) for one in rows},
                coming=coming_days(session, office.today()),
                alerts=list_alerts(session, hand_of(session).association_id),
                today=office.today(),
                may_edit=any(here().may(one) for one in BUREAU),
            )

    @pages.post("/campaigns/alerts")
    @serves(Stage.INSIDE, *PEOPLE)
    def seen_campaign_alerts() -> AnyResponse:
        """Those that were ticked go."""
        ticked = set(request.form.getlist("alert"))
        with office.database.write() as session:
            alerts = list_alerts(session, hand_of(session).association_id)
            mark_seen(session, [one for one in alerts if str(one.id) in ticked], key_here(), office.clock())
        return redirect(url_for("console.campaigns"), 303)

    @pages.route("/campaigns/new", methods=["GET", "POST"], defaults={"campaign_id": 0})
    @pages.route(f"/campaigns/<int(max={LARGEST_ID}):campaign_id>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    @takes(FORM_BYTES)
    def edit_campaign(campaign_id: int) -> AnyResponse | str | tuple[str, int]:
        """A new one, or its particulars."""
        with office.database.read() as session:
            row = load_campaign(session, campaign_id)
            logo = find_logo(session, row.id) if row else None
        form = filled(CampaignForm, **values_of(row, logo, office.today()))
        if request.method == "POST" and form.validate() and save(office, campaign_id, form):
            flash("已保存。")
            return redirect(url_for("console.campaigns"), 303)
        page = render_template("console/campaign_edit.html", form=form, campaign=row, logo=logo)
        return (page, 422) if request.method == "POST" else page


def add_campaign_data(pages: Blueprint, office: Office) -> None:
    """The calendar and the words."""

    @pages.route("/campaigns/days", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def campaign_days() -> AnyResponse | str | tuple[str, int]:
        """All entries; one more, or one changed."""
        entry = request.args.get("entry", type=int)
        with office.database.read() as session:
            rows = list_days(session)
            row = session.get(CampaignDay, entry) if entry and 0 < entry <= LARGEST_ID else None
        form = filled(DayForm, **({name: getattr(row, name) for name in DAY_FIELDS} if row else {}))
        if request.method == "POST" and form.validate() and save_day(office, row.id if row else None, form):
            flash("已保存。")
            return redirect(url_for("console.campaign_days"), 303)
        page = render_template("console/campaign_days.html", rows=rows, form=form, row=row)
        return (page, 422) if request.method == "POST" else page

    @pages.route("/campaigns/words", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def sensitive_words() -> AnyResponse | str | tuple[str, int]:
        """All words; one more, or one changed."""
        with office.database.read() as session:
            rows = list_words(session)
        chosen = next((one for one in rows if one.word == request.args.get("word")), None)
        form = filled(WordForm, **(vars(chosen) if chosen else {}))
        if request.method == "POST" and form.validate():
            save_word(office, form)
            flash("已保存。")
            return redirect(url_for("console.sensitive_words"), 303)
        page = render_template("console/sensitive_words.html", rows=rows, form=form, chosen=chosen)
        return (page, 422) if request.method == "POST" else page


DAY_FIELDS = ("title", "kind", "month", "day", "year", "source", "is_used")


def load_campaign(session: Session, campaign_id: int) -> Campaign | None:
    """The campaign; None for a new one, 404 where there is none."""
    return (session.get(Campaign, campaign_id) or abort(404)) if campaign_id else None


def values_of(row: Campaign | None, logo: ArticlePicture | None, today: date) -> dict[str, Any]:
    """What stands in the form at first."""
    if row is None:
        return {"year": today.year, "name": "诚信兴商宣传月", "logo_alt": "诚信兴商宣传月活动标识"}
    names = ("year", "name", "theme", "starts_on", "ends_on", "summary_due_on", "about", "is_sample")
    values = {name: getattr(row, name) for name in names}
    return values | {"units": "\n".join(row.units), "logo_alt": logo.alt if logo else f"{row.name}活动标识"}


def save(office: Office, campaign_id: int, form: CampaignForm) -> bool:
    """Add or change it; False with the errors beside their fields."""
    try:
        drawn = read_logo(office)
        with office.database.write() as session:
            said, now = form.said(), office.clock()
            row = save_campaign(session, load_campaign(session, campaign_id), said, here().actor, now)
            if drawn is not None:
                alt = form.logo_alt.data or f"{row.name}活动标识"
                picture = ArticlePicture(campaign_id=row.id, alt=alt, added_by=key_here(), added_at=now)
                keep_picture(session, office.library, drawn, picture)
        return True
    except CampaignError as error:
        for name, words in error.faults.items():
            field = form._fields[name]
            field.errors = [*field.errors, words]
    except UserError as error:
        form.logo.errors = [str(error)]
    return False


def read_logo(office: Office) -> Drawn | None:
    """The logo that was chosen, drawn anew."""
    sent = request.files.get("logo")
    if sent is None or not sent.filename:
        return None
    return draw_picture(sent.stream.read(MOST_BYTES + 1), office.campaigns.limits.picture_bytes)


def save_day(office: Office, day_id: int | None, form: DayForm) -> bool:
    """Write it; False where the day is in no year."""
    try:
        date(form.year.data or 2024, form.month.data or 1, form.day.data or 1)
    except ValueError:
        form.day.errors = [f"{form.month.data} 月没有 {form.day.data} 日"]
        return False
    with office.database.write() as session:
        row = session.get(CampaignDay, day_id) if day_id else None
        row = row or CampaignDay()
        for name in DAY_FIELDS:
            setattr(row, name, getattr(form, name).data)
        row.kind = DayKind(form.kind.data)
        session.add(row)
        session.flush()
        details = {"做了什么": "宣传日历", "使用": "是" if row.is_used else "否"}
        record(session, here().actor, Act.CAMPAIGN_CHANGED, office.clock(), subject=row.title, details=details)
    return True


def save_word(office: Office, form: WordForm) -> None:
    """Write it; the bureau's own stands before the one that came with the program."""
    with office.database.write() as session:
        word = "".join(str(form.word.data).split())
        row = session.get(SensitiveWord, word) or SensitiveWord(word=word)
        row.advice, row.source = form.advice.data or "", form.source.data or ""
        row.is_used, row.changed_by, row.changed_at = bool(form.is_used.data), key_here(), office.clock()
        session.add(row)
        session.flush()
        details = {"做了什么": "敏感词", "拦住": "是" if row.is_used else "否"}
        record(session, here().actor, Act.CAMPAIGN_CHANGED, office.clock(), subject=word, details=details)
