"""Photos of an activity, the code for its venue, and checking in whoever signed up."""

import io

import segno
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer
from werkzeug.wrappers import Response as AnyResponse

from models.activity import Activity, ActivityPhoto, ActivitySignUp, ActivityState
from models.audit import Act
from services.campaigns.activities import ActivityError, turnouts
from services.campaigns.check_in import is_open, venue_code
from services.campaigns.library import MOST_BYTES, draw_picture
from services.campaigns.photos import add_photo, remove_photo
from services.campaigns.sign_ups import check_in_by_staff, find_by_code
from services.errors import UserError
from web.console.activities import ONE
from web.console.activity_room import PEOPLE, load_activity, note
from web.console.association_room import key_here
from web.console.gate import Stage, serves, takes
from web.console.office import Office
from web.console.staff import LARGEST_ID

PHOTO_BYTES = 400 << 10


def add_activity_photos(pages: Blueprint, office: Office) -> None:
    """Added with words for who cannot see them, removed, shown."""

    @pages.post(f"{ONE}/photos")
    @serves(Stage.INSIDE, *PEOPLE)
    @takes(MOST_BYTES + (1 << 20))
    def add_activity_photo(activity_id: int) -> AnyResponse:
        """Drawn anew, without EXIF."""
        sent, alt = request.files.get("photo"), request.form.get("alt", "").strip()
        try:
            if not alt:
                raise ActivityError("请写一句话说明照片上是什么，读屏的人靠它知道")
            drawn = draw_picture(sent.read() if sent else b"", PHOTO_BYTES)
            with office.database.write() as session:
                row = load_activity(session, activity_id)
                add_photo(session, row, drawn, alt, key_here(), office.clock())
                note(session, office, Act.ACTIVITY_STEP, row.title, "上传照片")
        except UserError as error:
            flash(str(error), "warn")
        else:
            flash("照片已上传。")
        return redirect(url_for("console.activity", activity_id=activity_id, alt=None), 303)

    @pages.post(f"{ONE}/photos/<int(max={LARGEST_ID}):photo_id>/remove")
    @serves(Stage.INSIDE, *PEOPLE)
    def remove_activity_photo(activity_id: int, photo_id: int) -> AnyResponse:
        """For good."""
        with office.database.write() as session:
            row = load_activity(session, activity_id)
            remove_photo(session, row, photo_id)
            note(session, office, Act.ACTIVITY_STEP, row.title, "删除照片")
        flash("照片已删除。")
        return redirect(url_for("console.activity", activity_id=activity_id), 303)

    @pages.get(f"{ONE}/photos/<int(max={LARGEST_ID}):photo_id>.jpg")
    @serves(Stage.INSIDE, *PEOPLE)
    def activity_photo(activity_id: int, photo_id: int) -> Response:
        """Before and after it is published."""
        with office.database.read() as session:
            load_activity(session, activity_id)
            wanted = select(ActivityPhoto).options(undefer(ActivityPhoto.content)).where(ActivityPhoto.id == photo_id)
            photo = session.scalar(wanted)
            if photo is None or photo.activity_id != activity_id:
                abort(404)
            return send_file(io.BytesIO(photo.content), "image/jpeg")


def add_venue(pages: Blueprint, office: Office) -> None:
    """The screen at the venue, and the page that opens when staff scan a sign-up code."""
    rules = office.desk.taking_part.activities

    @pages.get(f"{ONE}/venue")
    @serves(Stage.INSIDE, *PEOPLE)
    def venue(activity_id: int) -> str:
        """A QR code as big as the screen; the page loads itself anew, without a script."""
        now = office.clock()
        with office.database.read() as session:
            row = load_activity(session, activity_id)
            if row.state is not ActivityState.PUBLISHED:
                abort(404)
            code = venue_code(office.database.vault.signing_key, row.id, now, rules.code_seconds)
            address = office.desk.link(f"/h5/activities/{row.id}/check-in/{code}")
            return render_template(
                "console/venue.html",
                activity=row,
                picture=draw_qr(address),
                seconds=rules.code_seconds // 3,
                is_now=is_open(row.begins_at, row.ends_at, now, rules),
                turnout=turnouts(session, [row])[row.id],
            )

    @pages.route("/activities/check-in/<code>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *PEOPLE)
    def staff_check_in(code: str) -> AnyResponse | str:
        """Ask once, count once."""
        with office.database.write() as session:
            found = find_by_code(session, code) or abort(404)
            row = load_activity(session, found.activity_id)
            if request.method == "GET":
                return render_template("console/check_in.html", activity=row, sign_up=found)
            check_in(office, session, row, found)
        return redirect(url_for("console.activity", activity_id=found.activity_id), 303)

    @pages.post("/activities/check-in")
    @serves(Stage.INSIDE, *PEOPLE)
    def find_check_in() -> AnyResponse:
        """A code typed by hand."""
        code = request.form.get("code", "").strip().upper()[:12]
        with office.database.read() as session:
            if code and find_by_code(session, code) is not None:
                return redirect(url_for("console.staff_check_in", code=code), 303)
        flash("没有这个报名码，请核对。", "warn")
        back = request.form.get("activity", "")
        if back.isdecimal() and len(back) < 10:
            return redirect(url_for("console.activity", activity_id=int(back)), 303)
        return redirect(url_for("console.activities"), 303)


def check_in(office: Office, session: Session, row: Activity, found: ActivitySignUp) -> None:
    """With one line that says what came of it."""
    try:
        is_new = check_in_by_staff(session, found, office.desk.taking_part.activities, key_here(), office.clock())
    except ActivityError as error:
        flash(str(error), "warn")
        return
    if is_new:
        note(session, office, Act.ACTIVITY_STEP, row.title, "扫码签到一人")
    flash("签到成功。" if is_new else "这个人已经签过到了。")


def draw_qr(address: str) -> Markup:
    """Dark on light in every colour scheme."""
    return Markup(segno.make(address, error="m").svg_inline(scale=8, border=2, dark="#000", light="#fff"))  # noqa: S704
