"""What followers agreed to be notified of (订阅通知), as WeChat tells by its events."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.follower_choice import NoticeGrant

ACCEPT = "accept"


def note_grant(session: Session, follower_id: int, template_id: str, status: str, now: datetime) -> None:
    """One more agreement, or a refusal, which ends all earlier ones."""
    row = session.get(NoticeGrant, (follower_id, template_id))
    if row is None:
        row = NoticeGrant(follower_id=follower_id, template_id=template_id, left_count=0, is_refused=False)
        session.add(row)
    row.changed_at, row.is_refused = now, status != ACCEPT
    row.left_count = row.left_count + 1 if status == ACCEPT else 0
    session.flush()
