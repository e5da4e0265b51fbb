"""What is kept of those who objected: exported and erased when they ask, erased when its time is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from config.archive import ArchiveRules
from models.archive import Objection
from models.database import vault_of
from services.calendar.working_days import day_of
from services.credit.objections import ANSWER, PERSON, SAID, open_sealed
from services.credit.standing import add_years
from services.credit.terms import OPEN
from services.credit.words import OBJECTION_WORDS
from services.evidence.keeping import erase_evidence, evidence_of
from services.evidence.serving import name_file

KEPT = "异议正在核查，依法办理期间须保留；办结后可以再申请删除，或先撤回"


def export_objections(session: Session, follower_id: int) -> list[dict[str, Any]]:
    """All of a follower's, with what they said and were told (个人信息保护法第四十五条)."""
    wanted = select(Objection).where(Objection.follower_id == follower_id).order_by(Objection.id)
    vault = vault_of(session)
    return [
        {
            "number": one.number,
            "state": OBJECTION_WORDS[one.state],
            "filed_at": one.filed_at.isoformat(),
            "notice_version": one.notice_version,
            "files": [name_file(session, row) for row in evidence_of(session, one)],
            **open_sealed(vault, one.person_sealed, PERSON),
            **open_sealed(vault, one.said_sealed, SAID),
            **open_sealed(vault, one.answer_sealed, ANSWER),
        }
        for one in session.scalars(wanted)
    ]


def erase_objections(session: Session, follower_id: int) -> tuple[list[str], dict[str, str]]:
    """Erase who it was and what they said from those that are decided; numbers erased, and kept with the reason."""
    erased, kept = [], {}
    for one in session.scalars(select(Objection).where(Objection.follower_id == follower_id)):
        if one.state in OPEN:
            kept[one.number] = KEPT
        else:
            empty(session, one)
            one.follower_id = None
            erased.append(one.number)
    session.flush()
    return erased, kept


def empty(session: Session, objection: Objection) -> None:
    """Number, dates and outcome stay; the files go."""
    erase_evidence(session, objection)
    objection.person_sealed = objection.said_sealed = objection.answer_sealed = None


def forget_objections(session: Session, rules: ArchiveRules, now: datetime) -> int:
    """Empty those whose time is over; how many."""
    held = or_(Objection.person_sealed.is_not(None), Objection.said_sealed.is_not(None))
    ended = session.scalars(select(Objection).where(Objection.state.not_in(OPEN), held))
    old = [
        one
        for one in ended
        if one.decided_at and add_years(day_of(one.decided_at), rules.objection.years) <= day_of(now)
    ]
    for one in old:
        empty(session, one)
    session.flush()
    return len(old)
