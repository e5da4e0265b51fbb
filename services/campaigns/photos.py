"""Photos of activities, drawn anew before they are kept."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.activity import Activity, ActivityPhoto
from services.campaigns.activities import ActivityError
from services.campaigns.library import Drawn

MOST_PHOTOS, LONGEST_ALT = 20, 120


def add_photo(session: Session, activity: Activity, drawn: Drawn, alt: str, by: str, now: datetime) -> ActivityPhoto:  # noqa: PLR0917 - all of one photo
    """Keep it; the same picture twice is one."""
    mine = ActivityPhoto.activity_id == activity.id
    digest = hashlib.sha256(drawn.content).digest()
    same = session.scalar(select(ActivityPhoto).where(mine, ActivityPhoto.sha256 == digest))
    if same is not None:
        same.alt = alt[:LONGEST_ALT]
        return same
    if (session.scalar(select(func.count()).select_from(ActivityPhoto).where(mine)) or 0) >= MOST_PHOTOS:
        raise ActivityError(f"一个活动最多 {MOST_PHOTOS} 张照片，请先删去几张")
    row = ActivityPhoto(
        activity_id=activity.id,
        alt=alt[:LONGEST_ALT],
        content=drawn.content,
        sha256=digest,
        width=drawn.width,
        height=drawn.height,
        added_by=by,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return row


def remove_photo(session: Session, activity: Activity, photo_id: int) -> None:
    """For good."""
    session.execute(delete(ActivityPhoto).where(ActivityPhoto.id == photo_id, ActivityPhoto.activity_id == activity.id))
