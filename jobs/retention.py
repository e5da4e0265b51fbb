"""Forgets what is no longer needed."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from config.answers import load_answer_rules
from config.archive import load_archive_rules
from models.follower import ConversationState
from models.platform import ApiPause
from models.received import Received
from services import notices
from services.campaigns.progress import forget_deliveries
from services.credit.answers import forget_answers
from services.credit.objection_data import forget_objections
from services.credit.questions import forget_questions
from services.credit.throttle import forget_counts
from services.enterprises.choices import forget_choices
from services.hotline.forgetting import forget_exchange
from services.screening.running import forget_screenings

RECEIVED_LASTS = timedelta(days=3)
CONVERSATION_LASTS = timedelta(days=30)
NOTICE_LASTS = timedelta(days=7)
DELIVERY_LASTS = timedelta(days=90)
ARCHIVE_RULES = load_archive_rules()
ANSWER_RULES = load_answer_rules().answers


def forget(session: Session, now: datetime) -> dict[str, int]:
    """Delete old rows; how many by kind. WeChat delivers again for seconds, not for days."""
    old_received = delete(Received).where(Received.received_at < now - RECEIVED_LASTS)
    old_talk = delete(ConversationState).where(ConversationState.updated_at < now - CONVERSATION_LASTS)
    return {
        "received": count(session, old_received),
        "conversations": count(session, old_talk),
        "notices": notices.forget_sent(session, now - NOTICE_LASTS),
        "choices": forget_choices(session, now.date()),
        "answers": forget_answers(session, now, ANSWER_RULES.keep_days),
        "checks": forget_counts(session, now - timedelta(minutes=ANSWER_RULES.check_minutes)),
        "question_counts": forget_questions(session, now),
        "objections": forget_objections(session, ARCHIVE_RULES, now),
        "deliveries": forget_deliveries(session, now - DELIVERY_LASTS),
        "screenings": forget_screenings(session, now),
        "nonces": forget_exchange(session, now),
        "pauses": count(session, delete(ApiPause).where(ApiPause.until < now)),
    }


def count(session: Session, statement: object) -> int:
    """Execute a DELETE; how many rows it took."""
    return int(session.execute(statement).rowcount)  # type: ignore[call-overload]
