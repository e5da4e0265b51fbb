"""One holder of the timetable at a time: a row that is taken by compare-and-set and beats while its holder lives."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.timetable import TimetableLease

NAME = "jobs"


@dataclass(frozen=True)
class Seen:
    """The lease at a moment."""

    holder: str
    fence: int
    beat: int


NOBODY = Seen("", 0, 0)


def look(session: Session) -> Seen:
    """Who holds it, as far as the row says."""
    row = session.get(TimetableLease, NAME)
    return Seen(row.holder, row.fence, row.beat) if row else NOBODY


def take(session: Session, seen: Seen, holder: str, now: datetime) -> int | None:
    """The fence of the new holder, if the row is still as it was seen; None when it beat or another was quicker."""
    if seen == NOBODY:
        try:
            with session.begin_nested():
                session.add(TimetableLease(name=NAME, holder=holder, fence=1, beat=0, taken_at=now))
        except IntegrityError:
            return None
        return 1
    same = (TimetableLease.fence == seen.fence, TimetableLease.beat == seen.beat)
    fence = seen.fence + 1
    taken = (
        update(TimetableLease)
        .where(TimetableLease.name == NAME, *same)
        .values(holder=holder, fence=fence, beat=0, taken_at=now)
    )
    return fence if session.execute(taken).rowcount else None  # type: ignore[attr-defined]


def beat(session: Session, fence: int) -> bool:
    """Still alive; False when another has taken over."""
    mine = update(TimetableLease).where(TimetableLease.name == NAME, TimetableLease.fence == fence)
    return bool(session.execute(mine.values(beat=TimetableLease.beat + 1)).rowcount)  # type: ignore[attr-defined]


def give_up(session: Session, fence: int) -> None:
    """Let the next take it at once."""
    mine = update(TimetableLease).where(TimetableLease.name == NAME, TimetableLease.fence == fence)
    session.execute(mine.values(holder=""))
