"""Signing up for an activity and checking in: one person once, as many as there are places."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.taking_part import ActivityRules
from models.activity import Activity, ActivityCheckIn, ActivitySignUp, ActivityState
from models.database import vault_of
from services.campaigns.activities import ActivityError
from services.campaigns.check_in import ALPHABET, is_open, is_venue_code
from services.cases.personal import is_phone, tidy_phone

NAME, PHONE = "activity_sign_ups.name", "activity_sign_ups.phone"
CODE_LENGTH, LONGEST_NAME = 10, 20


@dataclass(frozen=True)
class Comer:
    """Who wants to come; name and telephone only if they like."""

    person: bytes
    channel: str
    follower_id: int | None = None
    name: str = ""
    phone: str = ""
    by: str = "citizen"  # who enters it: citizen, or staff:12


def find_sign_up(session: Session, activity_id: int, person: bytes) -> ActivitySignUp | None:
    """This person's, unless cancelled."""
    found = session.scalar(
        select(ActivitySignUp).where(ActivitySignUp.activity_id == activity_id, ActivitySignUp.person_hash == person)
    )
    return found if found is not None and found.cancelled_at is None else None


def find_by_code(session: Session, code: str) -> ActivitySignUp | None:
    """By the code on the telephone of whoever signed up."""
    return session.scalar(select(ActivitySignUp).where(ActivitySignUp.code == code.strip().upper()[:12]))


def sign_up(session: Session, activity: Activity, comer: Comer, now: datetime) -> ActivitySignUp:
    """Take a place; who has one keeps it. ActivityError: full, over, called off, a wrong telephone."""
    locked = select(Activity).where(Activity.id == activity.id).with_for_update()
    session.scalars(locked.execution_options(populate_existing=True)).one()
    if activity.state is not ActivityState.PUBLISHED:
        raise ActivityError("这个活动已取消")
    if activity.ends_at <= now:
        raise ActivityError("这个活动已经结束")
    phone = tidy_phone(comer.phone)
    if phone and not is_phone(phone):
        raise ActivityError("手机号不对，请核对；也可以不填", "phone")
    vault = vault_of(session)
    indexes = vault.indexes(phone, PHONE) if phone else []
    same = [ActivitySignUp.person_hash == comer.person]
    if indexes:
        same.append(ActivitySignUp.phone_index.in_(indexes))
    found = session.scalar(select(ActivitySignUp).where(ActivitySignUp.activity_id == activity.id, or_(*same)))
    if found is not None and found.person_hash != comer.person:
        raise ActivityError("这个手机号已经报过名了", "phone")
    if found is not None and found.cancelled_at is None:
        return found
    if activity.capacity is not None and count_places(session, activity.id) >= activity.capacity:
        raise ActivityError("名额已满；有人取消时会空出来，请晚些再看")
    if found is not None:
        found.cancelled_at = None
        return found
    name = " ".join(comer.name.split())[:LONGEST_NAME]
    row = ActivitySignUp(
        activity_id=activity.id,
        follower_id=comer.follower_id,
        person_hash=comer.person,
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        name_sealed=vault.seal(name, NAME) if name else None,
        phone_sealed=vault.seal(phone, PHONE) if phone else None,
        phone_index=indexes[0] if indexes else None,
        channel=comer.channel,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def cancel(session: Session, found: ActivitySignUp, now: datetime) -> None:
    """Give the place back."""
    activity = session.get_one(Activity, found.activity_id)
    if activity.begins_at <= now:
        raise ActivityError("活动已经开始，不用取消了")
    found.cancelled_at = found.cancelled_at or now


def count_places(session: Session, activity_id: int) -> int:
    """Taken ones."""
    wanted = select(func.count()).where(
        ActivitySignUp.activity_id == activity_id, ActivitySignUp.cancelled_at.is_(None)
    )
    return session.scalar(wanted) or 0


def sign_ups_of(session: Session, follower_id: int, now: datetime) -> list[tuple[ActivitySignUp, Activity]]:
    """What somebody signed up for and is still to come."""
    wanted = select(ActivitySignUp, Activity).join(Activity, Activity.id == ActivitySignUp.activity_id)
    wanted = wanted.where(
        ActivitySignUp.follower_id == follower_id, ActivitySignUp.cancelled_at.is_(None), Activity.ends_at > now
    )
    return [(row[0], row[1]) for row in session.execute(wanted.order_by(Activity.begins_at))]


def check_in_at_venue(
    session: Session, activity: Activity, said: str, comer: Comer, *, rules: ActivityRules, now: datetime
) -> bool:
    """By the code shown there; False: was checked in before. ActivityError: not the code of this minute, not open."""
    require_open(activity, rules, now)
    if not is_venue_code(said, vault_of(session).signing_key, activity.id, now, rules.code_seconds):
        raise ActivityError("签到码已过期，请重新扫现场屏幕上的二维码")
    own = find_sign_up(session, activity.id, comer.person)
    return add_check_in(session, activity, comer, own, now)


def check_in_by_staff(session: Session, found: ActivitySignUp, rules: ActivityRules, by: str, now: datetime) -> bool:
    """By the code on the telephone of whoever signed up; False: was checked in before."""
    activity = session.get_one(Activity, found.activity_id)
    require_open(activity, rules, now)
    if found.cancelled_at is not None:
        raise ActivityError("这个报名已经取消")
    comer = Comer(found.person_hash, "staff", found.follower_id, by=by)
    return add_check_in(session, activity, comer, found, now)


def require_open(activity: Activity, rules: ActivityRules, now: datetime) -> None:
    """ActivityError outside of its hours."""
    if activity.state is not ActivityState.PUBLISHED:
        raise ActivityError("这个活动没有发布或已取消")
    if not is_open(activity.begins_at, activity.ends_at, now, rules):
        raise ActivityError("现在不在签到时间内")


def add_check_in(session: Session, activity: Activity, comer: Comer, own: ActivitySignUp | None, now: datetime) -> bool:
    """One person once, whoever is first."""
    row = ActivityCheckIn(
        activity_id=activity.id,
        sign_up_id=own.id if own else None,
        follower_id=comer.follower_id,
        person_hash=comer.person,
        channel=comer.channel,
        by=comer.by,
        at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
