"""关注 a firm, 我的关注 and 提醒我 in the browser, for whom WeChat has named; looking at a page changes nothing."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from config.answers import load_answer_rules
from models.archive_words import Subject
from models.enterprise import Enterprise, Status
from models.follower import Follower
from services.credit.guide import find_guidance, keep_reminder
from services.credit.words import BLOCK_WORDS
from services.watching.following import (
    Outcome,
    find_watch,
    follow,
    is_muted,
    list_followed,
    mute,
    unfollow,
    unfollow_all,
    unmute,
)
from web.h5.complaints_counter import ComplaintCounter
from web.h5.signing_in import can_sign_in, should_sign_in

FIRM = "/h5/enterprises/<int(max=2147483647):enterprise_id>/follow"
REMINDER = "/h5/reminders/<any(record, listing):subject>/<int(max=2147483647):subject_id>"
RULES = load_answer_rules().following


@dataclass(frozen=True)
class Person:
    """Whom WeChat has named, or nobody; and whether the account may write to them."""

    id: int | None
    subscribes: bool

    @property
    def is_known(self) -> bool:
        """Somebody."""
        return self.id is not None


def find_person(counter: ComplaintCounter, session: Session) -> Person:
    """Of this browser."""
    follower_id = counter.follower(session)
    follower = session.get(Follower, follower_id) if follower_id is not None else None
    return Person(follower_id, follower is not None and follower.subscribed)


def add_following(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/enterprises/<id>/follow, /h5/following, /h5/reminders/<record>."""
    add_one_firm(pages, counter)
    add_mine(pages, counter)
    add_reminders(pages, counter)


def to_sign_in() -> AnyResponse:
    """To WeChat, and back to this page."""
    return redirect(url_for("complaints.sign_in", back=request.full_path.rstrip("?")), 303)


def add_one_firm(pages: Blueprint, counter: ComplaintCounter) -> None:
    """What following a firm means, and the button."""

    @pages.get(FIRM)
    def follow_firm(enterprise_id: int) -> str | AnyResponse:
        """Followed or not."""
        return to_sign_in() if should_sign_in(counter) else show_firm(counter, enterprise_id)

    @pages.post(FIRM)
    def begin_following(enterprise_id: int) -> str | AnyResponse:
        """From now on; what is public now they know."""
        with counter.database.write() as session:
            person = find_person(counter, session)
            if person.id is None:
                return to_sign_in()
            outcome = follow(session, person.id, enterprise_id, counter.clock(), RULES.most_firms)
        if outcome is Outcome.GONE:
            abort(404)
        return show_firm(counter, enterprise_id, outcome)


def show_firm(counter: ComplaintCounter, enterprise_id: int, outcome: Outcome | None = None) -> str:
    """The page of one firm; 404 for one that is not shown."""
    with counter.database.read() as session:
        firm, person = session.get(Enterprise, enterprise_id), find_person(counter, session)
        if firm is None or firm.status is Status.REMOVED:
            abort(404)
        is_followed = person.id is not None and find_watch(session, person.id, enterprise_id) is not None
    values = {"firm": firm, "person": person, "is_followed": is_followed, "outcome": outcome}
    return render_template("h5/follow.html", **values, most=RULES.most_firms, can_sign_in=can_sign_in(counter))


def add_mine(pages: Blueprint, counter: ComplaintCounter) -> None:
    """The firms, each to be given up; all of them; silence and its end."""

    @pages.get("/h5/following")
    def following() -> str | AnyResponse:
        """我的关注."""
        if should_sign_in(counter):
            return to_sign_in()
        with counter.database.read() as session:
            person = find_person(counter, session)
            followed = list_followed(session, person.id) if person.id is not None else []
            muted = person.id is not None and is_muted(session, person.id)
        values = {"person": person, "followed": followed, "is_muted": muted}
        return render_template("h5/following.html", **values, can_sign_in=can_sign_in(counter))

    @pages.post("/h5/following")
    def change_following() -> AnyResponse:
        """One firm less (`end`: its id), or `do`: end_all, mute, unmute. What is done already is done."""
        asked, firm = request.form.get("do", ""), request.form.get("end", "")
        with counter.database.write() as session:
            follower_id = find_person(counter, session).id
            if follower_id is not None:
                change(counter, session, follower_id, asked, firm)
        return redirect(url_for("complaints.following"), 303)


def change(counter: ComplaintCounter, session: Session, follower_id: int, asked: str, firm: str) -> None:
    """What a button of 我的关注 does."""
    if asked == "mute":
        mute(session, follower_id, counter.clock())
    elif asked == "unmute":
        unmute(session, follower_id)
    elif asked == "end_all":
        unfollow_all(session, follower_id)
    elif firm.isdecimal() and len(firm) < 10:
        unfollow(session, follower_id, int(firm))


def add_reminders(pages: Blueprint, counter: ComplaintCounter) -> None:
    """提醒我, on the first day on which repair of a record may be applied for."""

    @pages.get(REMINDER)
    def reminder(subject: str, subject_id: int) -> str | AnyResponse:
        """Which day, and the button."""
        return to_sign_in() if should_sign_in(counter) else show_reminder(counter, Subject(subject), subject_id)

    @pages.post(REMINDER)
    def begin_reminder(subject: str, subject_id: int) -> str | AnyResponse:
        """Once; a record that is gone meanwhile has nothing to be reminded of."""
        with counter.database.write() as session:
            person = find_person(counter, session)
            if person.id is None:
                return to_sign_in()
            found = find_guidance(session, Subject(subject), subject_id, counter.today())
            is_kept = found is not None and found.plan.is_waiting
            if found is not None and is_kept:
                keep_reminder(session, found, person.id, counter.desk.archive.repair, counter.clock())
        return show_reminder(counter, Subject(subject), subject_id, is_kept=is_kept)


def show_reminder(counter: ComplaintCounter, subject: Subject, subject_id: int, *, is_kept: bool = False) -> str:
    """The page of one record."""
    with counter.database.read() as session:
        person = find_person(counter, session)
        found = find_guidance(session, subject, subject_id, counter.today())
    values = {"person": person, "found": found, "is_kept": is_kept, "can_sign_in": can_sign_in(counter)}
    return render_template("h5/reminder.html", **values, BLOCK=BLOCK_WORDS)
