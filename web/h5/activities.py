"""Activities in the browser: what is on, signing up without having to give a name, checking in at the venue."""

import io

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer
from werkzeug.wrappers import Response as AnyResponse

from models.activity import Activity, ActivityPhoto
from models.association import Association
from services.campaigns.activities import (
    KIND_WORDS,
    ActivityError,
    find_public,
    list_past,
    list_public,
    turnouts,
)
from services.campaigns.check_in import is_open
from services.campaigns.sign_ups import (
    Comer,
    cancel,
    check_in_at_venue,
    count_places,
    find_by_code,
    find_sign_up,
    sign_up,
)
from services.campaigns.times import tell_span
from web.h5.complaints_counter import ComplaintCounter
from web.h5.pages import LARGEST_ID
from web.h5.signing_in import should_sign_in
from web.h5.taking_part_counter import person_of

ONE = f"/h5/activities/<int(max={LARGEST_ID}):activity_id>"


def add_activities(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/activities."""
    pages.add_app_template_filter(lambda kind: KIND_WORDS[kind], "activity_kind")
    pages.add_app_template_global(tell_span, "tell_span")

    @pages.get("/h5/activities")
    def activities() -> str:
        """What is to come, and what was."""
        with counter.database.read() as session:
            coming, past = list_public(session, counter.clock()), list_past(session, counter.clock())
            counts = turnouts(session, coming + past)
            return render_template("h5/activities.html", coming=coming, past=past, counts=counts)

    @pages.get(ONE)
    def activity(activity_id: int) -> str:
        """One, with its photos and the way to sign up."""
        with counter.database.read() as session:
            return show(counter, session, find_public(session, activity_id) or abort(404))


def add_signing_up(pages: Blueprint, counter: ComplaintCounter) -> None:
    """A place, taken and given back; photos."""

    @pages.post(f"{ONE}/sign-up")
    def sign_up_for(activity_id: int) -> AnyResponse | tuple[str, int]:
        """A place; a full activity says so and keeps what was typed."""
        with counter.database.write() as session:
            found = find_public(session, activity_id) or abort(404)
            person, follower_id = person_of(counter, session)
            comer = Comer(person, "h5", follower_id, request.form.get("name", ""), request.form.get("phone", "")[:30])
            try:
                code = sign_up(session, found, comer, counter.clock()).code
            except ActivityError as error:
                return show(counter, session, found, error), 409
        return redirect(url_for("taking.own_sign_up", code=code), 303)

    @pages.post(f"{ONE}/cancel")
    def cancel_sign_up(activity_id: int) -> AnyResponse | tuple[str, int]:
        """Give the place back."""
        with counter.database.write() as session:
            found = find_public(session, activity_id) or abort(404)
            own = find_sign_up(session, found.id, person_of(counter, session)[0])
            try:
                if own is not None:
                    cancel(session, own, counter.clock())
            except ActivityError as error:
                return show(counter, session, found, error), 409
        return redirect(url_for("taking.activity", activity_id=activity_id, done="cancelled"), 303)

    @pages.get(f"{ONE}/photos/<int(max={LARGEST_ID}):photo_id>.jpg")
    def activity_photo(activity_id: int, photo_id: int) -> Response:
        """A picture of a published activity."""
        with counter.database.read() as session:
            wanted = select(ActivityPhoto).options(undefer(ActivityPhoto.content)).where(ActivityPhoto.id == photo_id)
            photo = session.scalar(wanted)
            if photo is None or photo.activity_id != activity_id or find_public(session, activity_id) is None:
                abort(404)
            return send_file(io.BytesIO(photo.content), "image/jpeg")


def show(counter: ComplaintCounter, session: Session, found: Activity, error: ActivityError | None = None) -> str:
    """The page of one activity, as it stands for whoever is here."""
    photos = select(ActivityPhoto).where(ActivityPhoto.activity_id == found.id).order_by(ActivityPhoto.id)
    host = session.get(Association, found.association_id) if found.association_id else None
    left = None if found.capacity is None else max(0, found.capacity - count_places(session, found.id))
    return render_template(
        "h5/activity.html",
        activity=found,
        host=host,
        photos=list(session.scalars(photos)),
        left=left,
        own=find_sign_up(session, found.id, person_of(counter, session)[0]),
        turnout=turnouts(session, [found])[found.id],
        is_over=found.ends_at <= counter.clock(),
        has_begun=found.begins_at <= counter.clock(),
        error=error,
        typed=request.form,
        done=request.args.get("done", ""),
    )


def add_check_in(pages: Blueprint, counter: ComplaintCounter) -> None:
    """Own codes, and the page behind the QR code at the venue."""
    rules = counter.desk.taking_part.activities

    @pages.get("/h5/sign-ups/<code>")
    def own_sign_up(code: str) -> str:
        """The code to be shown to staff; who has the address has the place."""
        with counter.database.read() as session:
            found = find_by_code(session, code) or abort(404)
            activity = session.get_one(Activity, found.activity_id)
            address = counter.desk.link(f"/console/activities/check-in/{found.code}")
            return render_template("h5/sign_up.html", sign_up=found, activity=activity, picture=draw_qr(address))

    @pages.get(f"{ONE}/check-in/<code>")
    def venue(activity_id: int, code: str) -> str | AnyResponse:
        """One button; in WeChat the account is recognised first, so that one person counts once."""
        if should_sign_in(counter):
            return redirect(url_for("complaints.sign_in", back=request.path), 303)
        with counter.database.read() as session:
            found = find_public(session, activity_id) or abort(404)
            is_now = is_open(found.begins_at, found.ends_at, counter.clock(), rules)
        return render_template("h5/check_in.html", activity=found, code=code[:12], is_now=is_now)

    @pages.post(f"{ONE}/check-in/<code>")
    def check_in(activity_id: int, code: str) -> str | tuple[str, int]:
        """Counted, once."""
        with counter.database.write() as session:
            found = find_public(session, activity_id) or abort(404)
            person, follower_id = person_of(counter, session)
            try:
                is_new = check_in_at_venue(
                    session, found, code, Comer(person, "h5", follower_id), rules=rules, now=counter.clock()
                )
            except ActivityError as error:
                return render_template(
                    "h5/check_in.html", activity=found, code=code[:12], is_now=True, error=error
                ), 409
        return render_template("h5/check_in.html", activity=found, code=code[:12], is_done=True, is_new=is_new)


def draw_qr(address: str) -> Markup:
    """An SVG in the page; its lines are as dark as print in every colour scheme."""
    drawn = segno.make(address, error="m").svg_inline(scale=6, border=2, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn by segno from our own address
