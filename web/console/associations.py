"""Associations: the bureau's overview, an association's own desk, what the bureau keeps of each."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Length

from models.association import Association
from models.campaign_words import AssociationKind, Level, Review
from services.associations import statements, works
from services.associations.home import (
    AssociationError,
    AssociationWords,
    Contact,
    Standing,
    Wanted,
    close_association,
    contact_of,
    find_own,
    list_standings,
    save_association,
    standings_of,
)
from services.associations.members import list_members
from services.calendar.working_days import day_of
from services.campaigns.steps import list_articles
from services.campaigns.wording import word_of
from web.console.association_room import (
    BUREAU,
    DECIDERS,
    PEOPLE,
    add_association_words,
    hand_of,
    is_outsider,
    load_association,
)
from web.console.forms import ReasonForm, filled, required, strip
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

YES_NO = {"1": True, "0": False}
MOST_SHOWN = 8


class AssociationForm(Form):
    """What the bureau says of an association."""

    name = StringField("全称", required("请填写全称"), filters=[strip])
    level = SelectField("级别", choices=[SelectChoice(one.value, word_of("levels", one)) for one in Level])
    kind = SelectField("类型", choices=[SelectChoice(one.value, word_of("kinds", one)) for one in AssociationKind])
    is_pilot = BooleanField("商务诚信示范试点单位")
    region = StringField("地区", [Length(max=60, message="最多 60 个字")], filters=[strip])
    about = TextAreaField("简介", [Length(max=1000, message="最多 1000 个字")], filters=[strip])
    website = StringField("网站", [Length(max=300, message="太长了")], filters=[strip])
    contact_name = StringField("联系人", [Length(max=40, message="最多 40 个字")], filters=[strip])
    contact_phone = StringField("联系电话", [Length(max=40, message="最多 40 个字")], filters=[strip])

    def said(self) -> AssociationWords:
        """As the service wants it."""
        return AssociationWords(
            name=str(self.name.data),
            level=Level(self.level.data),
            kind=AssociationKind(self.kind.data),
            region=self.region.data or "",
            about=self.about.data or "",
            website=self.website.data or "",
            is_pilot=bool(self.is_pilot.data),
            contact=Contact(self.contact_name.data or "", self.contact_phone.data or ""),
        )


def add_associations(pages: Blueprint, office: Office) -> None:
    """/console/associations: the overview, or for an association its own desk."""
    add_association_words(pages)

    @pages.get("/associations")
    @serves(Stage.INSIDE, *PEOPLE, *DECIDERS)
    def associations() -> AnyResponse | str:
        """All, those silent longest first."""
        if is_outsider(here()):
            with office.database.read() as session:
                own = find_own(session, here().unit)
            if own is None:
                return render_template("console/association_none.html")
            return redirect(url_for("console.association", association_id=own.id), 303)
        wanted = read_wanted(request.args)
        with office.database.read() as session:
            rows = list_standings(session, wanted, office.clock(), office.campaigns.stale_days)
            total = list_standings(session, Wanted(), office.clock(), office.campaigns.stale_days)
        return render_template(
            "console/associations.html",
            rows=rows,
            total=total,
            wanted=request.args,
            stale_days=office.campaigns.stale_days,
            levels=list(Level),
            kinds=list(AssociationKind),
            tally=tally(rows),
        )

    @pages.get(f"/associations/<int(max={LARGEST_ID}):association_id>")
    @serves(Stage.INSIDE, *PEOPLE, *DECIDERS)
    def association(association_id: int) -> str:
        """One desk: members, commitments, honours, articles, work."""
        with office.database.read() as session:
            row = load_association(session, association_id)
            return render_template("console/association.html", **show_desk(office, session, row, office.clock()))


def add_association_edit(pages: Blueprint, office: Office) -> None:
    """What only the bureau does."""

    @pages.route("/associations/new", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def new_association() -> AnyResponse | str | tuple[str, int]:
        """A new one."""
        form = filled(AssociationForm)
        if request.method == "POST" and form.validate() and (row := save(office, None, form)):
            flash(f"已登记“{row.name}”。请系统管理员把它的人员的“处室或商协会”填成同样的名称。")
            return redirect(url_for("console.association", association_id=row.id), 303)
        page = render_template("console/association_edit.html", form=form, association=None)
        return (page, 422) if request.method == "POST" else page

    @pages.route(f"/associations/<int(max={LARGEST_ID}):association_id>/edit", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def edit_association(association_id: int) -> AnyResponse | str | tuple[str, int]:
        """Its particulars."""
        with office.database.read() as session:
            row = load_association(session, association_id)
            contact = contact_of(session, row)
        form = filled(
            AssociationForm,
            **{name: getattr(row, name) for name in ("name", "region", "about", "website", "is_pilot")},
            level=row.level.value,
            kind=row.kind.value,
            contact_name=contact.name,
            contact_phone=contact.phone,
        )
        if request.method == "POST" and form.validate() and save(office, association_id, form):
            flash("已保存。")
            return redirect(url_for("console.association", association_id=association_id), 303)
        page = render_template("console/association_edit.html", form=form, association=row)
        return (page, 422) if request.method == "POST" else page


def add_association_end(pages: Blueprint, office: Office) -> None:
    """That it takes part no longer."""

    @pages.route(f"/associations/<int(max={LARGEST_ID}):association_id>/close", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def end_association(association_id: int) -> AnyResponse | str | tuple[str, int]:
        """It no longer takes part; asks why."""
        form = filled(ReasonForm)
        with office.database.read() as session:
            row = load_association(session, association_id)
        if request.method == "POST" and form.validate():
            with office.database.write() as session:
                found = load_association(session, association_id)
                close_association(session, found, here().actor, str(form.reason.data), office.clock())
            flash(f"“{row.name}”已停止参与。")
            return redirect(url_for("console.associations"), 303)
        page = render_template("console/association_close.html", form=form, association=row)
        return (page, 422) if request.method == "POST" else page


def save(office: Office, association_id: int | None, form: AssociationForm) -> Association | None:
    """Add or change; None with the error beside its field."""
    try:
        with office.database.write() as session:
            row = load_association(session, association_id) if association_id else None
            return save_association(session, row, form.said(), here().actor, office.clock())
    except AssociationError as error:
        field = form._fields[error.field]
        field.errors = [*field.errors, str(error)]
        return None


def read_wanted(args: Mapping[str, str]) -> Wanted:
    """The filter of the address; what is not known filters nothing."""
    return Wanted(
        level=next((one for one in Level if one.value == args.get("level")), None),
        kind=next((one for one in AssociationKind if one.value == args.get("kind")), None),
        is_pilot=YES_NO.get(args.get("pilot", "")),
        is_stale=YES_NO.get(args.get("stale", "")),
    )


def tally(rows: list[Standing]) -> dict[str, int]:
    """How many of each level and kind are shown: 省级协会 2 …"""
    counts: dict[str, int] = {}
    for row in rows:
        one = row.association
        words = word_of("kinds", one.kind)
        name = word_of("levels", one.level) + words if one.kind is AssociationKind.TRADE else words
        counts[name] = counts.get(name, 0) + 1
    return counts


def show_desk(office: Office, session: Session, row: Association, now: datetime) -> dict[str, object]:
    """What the desk shows."""
    (standing,) = standings_of(session, [row], now, office.campaigns.stale_days)
    hand = hand_of(session)
    return {
        "association": row,
        "standing": standing,
        "stale_days": office.campaigns.stale_days,
        "contact": None if is_outsider(here()) else contact_of(session, row),
        "members": list_members(session, row, day_of(now))[-MOST_SHOWN:],
        "firms": firm_names(session, row, now),
        "commitments": statements.list_commitments(session, row.id)[:MOST_SHOWN],
        "honours": statements.list_honours(session, row.id)[:MOST_SHOWN],
        "works": works.list_works(session, row, MOST_SHOWN),
        "articles": list_articles(session, hand, association_id=row.id)[:MOST_SHOWN],
        "is_own": is_outsider(here()),
        "may_decide": any(here().may(one) for one in DECIDERS),
        "Review": Review,
    }


def firm_names(session: Session, row: Association, now: datetime) -> dict[int, str]:
    """Names of all firms that the desk names."""
    ids = {one.enterprise_id for one in list_members(session, row, day_of(now))}
    ids |= {one.enterprise_id for one in statements.list_commitments(session, row.id)}
    ids |= {one.enterprise_id for one in statements.list_honours(session, row.id)}
    return statements.names_of(session, ids)
