"""Grants of subscription notices (订阅通知): taken before sending, given back when WeChat did not take the message."""

from typing import Any

from sqlalchemy import ColumnElement, select, true, update
from sqlalchemy.orm import Session

from models.follower_choice import NoticeGrant, NoticeTemplate


def take_grant(session: Session, follower_id: int, template_id: str) -> bool:
    """One message by this follower's grant; a lasting one is not counted down. False where there is none."""
    if not template_id:
        return False
    is_lasting = session.scalar(select(NoticeTemplate.is_lasting).where(NoticeTemplate.template_id == template_id))
    left = true() if is_lasting else NoticeGrant.left_count > 0
    values = {"left_count": NoticeGrant.left_count - (0 if is_lasting else 1)}
    return change(session, follower_id, template_id, values, NoticeGrant.is_refused.is_(False), left)


def give_back_grant(session: Session, follower_id: int, template_id: str) -> None:
    """WeChat certainly did not take the message."""
    is_lasting = session.scalar(select(NoticeTemplate.is_lasting).where(NoticeTemplate.template_id == template_id))
    if not is_lasting:
        change(session, follower_id, template_id, {"left_count": NoticeGrant.left_count + 1})


def note_refused(session: Session, follower_id: int, template_id: str) -> None:
    """WeChat says that the follower wants none (43101)."""
    change(session, follower_id, template_id, {"is_refused": True, "left_count": 0})


def change(
    session: Session, follower_id: int, template_id: str, values: dict[str, Any], *conditions: ColumnElement[bool]
) -> bool:
    """Of this follower's grant; False where there is none that fits."""
    of_it = (NoticeGrant.follower_id == follower_id, NoticeGrant.template_id == template_id)
    done = session.execute(
        update(NoticeGrant).where(*of_it, *conditions).values(**values).execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]
