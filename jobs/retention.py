"""Forgets what is no longer needed."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.follower import ConversationState
from models.platform import ApiPause
from models.received import Received
from services import notices

RECEIVED_LASTS = timedelta(days=3)
CONVERSATION_LASTS = timedelta(days=30)
NOTICE_LASTS = timedelta(days=7)


def forget(session: Session, now: datetime) -> dict[str, int]:
    """Delete old rows; how many by kind. WeChat delivers again for seconds, not for days."""
    old_received = delete(Received).where(Received.received_at < now - RECEIVED_LASTS)
    old_talk = delete(ConversationState).where(ConversationState.updated_at < now - CONVERSATION_LASTS)
    return {
        "received": count(session, old_received),
        "conversations": count(session, old_talk),
        "notices": notices.forget_sent(session, now - NOTICE_LASTS),
        "pauses": count(session, delete(ApiPause).where(ApiPause.until < now)),
    }


def count(session: Session, statement: object) -> int:
    """Execute a DELETE; how many rows it took."""
    return int(session.execute(statement).rowcount)  # type: ignore[call-overload]
