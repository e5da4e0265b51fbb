"""我的数据 of whoever took part: what is kept of a follower, and taking their name out of it."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.activity import Activity, ActivityCheckIn, ActivitySignUp
from models.database import vault_of
from models.nomination import Nomination, NominationState
from models.quiz import QuizCertificate, QuizTry
from services.campaigns.nominations import open_up
from services.campaigns.sign_ups import NAME, PHONE
from services.quiz.certificates import name_on


def export_taking_part(session: Session, follower_id: int) -> dict[str, Any]:
    """Sign-ups, check-ins, tries, certificates, stories."""
    vault = vault_of(session)
    signed = select(ActivitySignUp, Activity.title).join(Activity, Activity.id == ActivitySignUp.activity_id)
    came = select(ActivityCheckIn.at, Activity.title).join(Activity, Activity.id == ActivityCheckIn.activity_id)
    tries = select(QuizTry).where(QuizTry.follower_id == follower_id).order_by(QuizTry.id)
    given = select(QuizCertificate).join(QuizTry, QuizTry.id == QuizCertificate.try_id)
    stories = select(Nomination).where(Nomination.follower_id == follower_id).order_by(Nomination.id)
    return {
        "sign_ups": [
            {
                "activity": title,
                "name": vault.open(row.name_sealed, NAME) if row.name_sealed else "",
                "phone": vault.open(row.phone_sealed, PHONE) if row.phone_sealed else "",
                "at": row.created_at,
                "cancelled_at": row.cancelled_at,
            }
            for row, title in session.execute(signed.where(ActivitySignUp.follower_id == follower_id))
        ],
        "check_ins": [
            {"activity": title, "at": at}
            for at, title in session.execute(came.where(ActivityCheckIn.follower_id == follower_id))
        ],
        "quiz": [
            {"at": one.began_at, "right": one.right_count, "community": one.community} for one in session.scalars(tries)
        ],
        "certificates": [
            {"number": one.number, "name": name_on(session, one)}
            for one in session.scalars(given.where(QuizTry.follower_id == follower_id))
        ],
        "stories": [
            {"number": one.number, "title": one.title, **vars(open_up(session, one))}
            for one in session.scalars(stories)
        ],
    }


def erase_taking_part(session: Session, follower_id: int, now: datetime) -> int:
    """Names, telephones and stories go, consent ends; figures without a person stay. How many rows changed."""
    own = select(QuizTry.id).where(QuizTry.follower_id == follower_id)
    session.execute(update(QuizCertificate).where(QuizCertificate.try_id.in_(own)).values(name_sealed=None))
    rows: list[ActivitySignUp | ActivityCheckIn | QuizTry] = [
        *session.scalars(select(ActivitySignUp).where(ActivitySignUp.follower_id == follower_id)),
        *session.scalars(select(ActivityCheckIn).where(ActivityCheckIn.follower_id == follower_id)),
        *session.scalars(select(QuizTry).where(QuizTry.follower_id == follower_id)),
    ]
    for found in rows:
        found.follower_id, found.person_hash = None, secrets.token_bytes(32)  # nobody's any more, and still one
        if isinstance(found, ActivitySignUp):
            found.name_sealed = found.phone_sealed = found.phone_index = None
    count = len(rows)
    for row in session.scalars(select(Nomination).where(Nomination.follower_id == follower_id)):
        row.subject_sealed = row.story_sealed = row.contact_sealed = row.follower_id = None
        row.consent_withdrawn_at = row.consent_withdrawn_at or now
        if row.state is not NominationState.DRAFTED:
            row.state = NominationState.WITHDRAWN
        count += 1
    session.flush()
    return count
