"""关注: who follows which firms; followed, listed, ended, silenced, exported, erased."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, Status
from models.watching import Watch, WatchedFirm, Watcher
from services.calendar.working_days import day_of
from services.watching.marks import hash_marks, marks_of


class Outcome(StrEnum):
    """What became of a wish to follow."""

    FOLLOWED = "followed"
    ALREADY = "already"
    FULL = "full"
    GONE = "gone"


@dataclass(frozen=True)
class Followed:
    """A firm that somebody follows."""

    enterprise_id: int
    name: str
    began_at: datetime


def follow(session: Session, follower_id: int, enterprise_id: int, now: datetime, most: int) -> Outcome:
    """From now on this follower hears of changes; what is public now they know. Ends a silence."""
    marks = marks_of(session, enterprise_id, day_of(now))
    if marks is None:
        return Outcome.GONE
    watcher = find_watcher(session, follower_id)
    watcher.muted_at = None
    if find_watch(session, follower_id, enterprise_id) is not None:
        return Outcome.ALREADY
    if count_followed(session, follower_id) >= most:
        return Outcome.FULL
    look_at(session, enterprise_id, marks, now)
    session.add(Watch(follower_id=follower_id, enterprise_id=enterprise_id, began_at=now, told=marks))
    session.flush()
    return Outcome.FOLLOWED


def look_at(session: Session, enterprise_id: int, marks: list[str], now: datetime) -> None:
    """See that this firm is looked at."""
    if session.get(WatchedFirm, enterprise_id) is not None:
        return
    try:
        with session.begin_nested():
            session.add(WatchedFirm(enterprise_id=enterprise_id, marks_hash=hash_marks(marks), looked_at=now))
    except IntegrityError:  # somebody else began to follow it at the same moment
        pass


def find_watcher(session: Session, follower_id: int) -> Watcher:
    """The follower as one who follows firms, made if new; locked until the transaction ends."""
    wanted = select(Watcher).where(Watcher.follower_id == follower_id).with_for_update()
    found = session.scalar(wanted)
    if found is None:
        try:
            with session.begin_nested():
                session.add(Watcher(follower_id=follower_id))
        except IntegrityError:  # another process was first
            pass
        found = session.scalars(wanted).one()
    return found


def find_watch(session: Session, follower_id: int, enterprise_id: int) -> Watch | None:
    """This follower and this firm."""
    of_it = (Watch.follower_id == follower_id, Watch.enterprise_id == enterprise_id)
    return session.scalar(select(Watch).where(*of_it))


def count_followed(session: Session, follower_id: int) -> int:
    """How many firms."""
    return session.scalar(select(func.count()).where(Watch.follower_id == follower_id)) or 0


def list_followed(session: Session, follower_id: int) -> list[Followed]:
    """The firms, the last one first; those that are gone from the register are left out."""
    wanted = (
        select(Watch.enterprise_id, Enterprise.name, Watch.began_at)
        .join(Enterprise, Enterprise.id == Watch.enterprise_id)
        .where(Watch.follower_id == follower_id, Enterprise.status != Status.REMOVED)
        .order_by(Watch.id.desc())
    )
    return [Followed(*row) for row in session.execute(wanted)]


def unfollow(session: Session, follower_id: int, enterprise_id: int) -> bool:
    """No longer; False where it was not followed."""
    of_it = (Watch.follower_id == follower_id, Watch.enterprise_id == enterprise_id)
    return bool(session.execute(delete(Watch).where(*of_it)).rowcount)  # type: ignore[attr-defined]


def unfollow_all(session: Session, follower_id: int) -> int:
    """No firm any more, and nothing that waits to be told; how many firms it was."""
    gone = session.execute(delete(Watch).where(Watch.follower_id == follower_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def is_muted(session: Session, follower_id: int) -> bool:
    """Wants to hear nothing."""
    watcher = session.get(Watcher, follower_id)
    return watcher is not None and watcher.muted_at is not None


def mute(session: Session, follower_id: int, now: datetime) -> bool:
    """退订: the firms stay on the list, nothing is told any more; False for who follows none."""
    if not count_followed(session, follower_id):
        return False
    find_watcher(session, follower_id).muted_at = now
    session.flush()
    return True


def unmute(session: Session, follower_id: int) -> None:
    """Wants to hear again of the firms on the list."""
    watcher = session.get(Watcher, follower_id)
    if watcher is not None:
        watcher.muted_at = None


def export_followed(session: Session, follower_id: int) -> list[dict[str, str]]:
    """For 我的数据."""
    return [{"name": one.name, "began_at": one.began_at.isoformat()} for one in list_followed(session, follower_id)]


def erase_followed(session: Session, follower_id: int) -> int:
    """Everything about what somebody follows; how many firms."""
    count = unfollow_all(session, follower_id)
    session.execute(delete(Watcher).where(Watcher.follower_id == follower_id))
    return count
