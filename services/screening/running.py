"""A screening looked up piece by piece: whoever goes on begins where the last one stopped."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models.database import Database
from models.screening import Outcome, Screening, ScreeningRow, ScreeningState
from services.enterprises.finding import Finding, Reason, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.search import find
from services.errors import UserError

PIECE = 100  # lines in one transaction: a second or less
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
MOST_WAITING = 5  # of one account
REFUSALS = frozenset({Reason.PERSON, Reason.PHONE, Reason.STREET, Reason.TOO_BROAD, Reason.NO_NAME})


def order_screening(
    session: Session,
    lines: list[str],
    *,
    purpose: str,
    account_id: int,
    actor: str,
    association_id: int | None,
    now: datetime,
) -> Screening:
    """Write it down for the jobs process; UserError where this account already has too many waiting."""
    going = select(Screening.id).where(Screening.account_id == account_id, Screening.state != ScreeningState.DONE)
    if len(session.scalars(going).all()) >= MOST_WAITING:
        raise UserError(f"您还有 {MOST_WAITING} 份正在核查，请等一份完成后再提交")
    if not purpose.strip():
        raise UserError("请写明用途，如：入会信用审核")
    screening = Screening(
        association_id=association_id,
        account_id=account_id,
        actor=actor,
        purpose=purpose.strip()[:100],
        state=ScreeningState.WAITING,
        row_count=len(lines),
        created_at=now,
    )
    session.add(screening)
    session.flush()
    rows = [{"screening_id": screening.id, "position": at, "text": line} for at, line in enumerate(lines, 1)]
    session.execute(insert(ScreeningRow), rows)
    return screening


def claim(session: Session, now: datetime) -> int | None:
    """The one that has waited longest, or whose process died; leased to the caller."""
    free = (Screening.state == ScreeningState.WAITING) | (
        (Screening.state == ScreeningState.RUNNING) & (Screening.lease_until <= now)
    )
    wanted = select(Screening).where(free).order_by(Screening.id).limit(1).with_for_update(skip_locked=True)
    screening = session.scalar(wanted)
    if screening is None:
        return None
    screening.state, screening.lease_until = ScreeningState.RUNNING, now + LEASE
    return screening.id


def look_up_piece(session: Session, screening_id: int, index: NameIndex, home: str, now: datetime) -> bool:
    """The next lines; False when all are done."""
    wanted = (
        select(ScreeningRow)
        .where(ScreeningRow.screening_id == screening_id, ScreeningRow.outcome.is_(None))
        .order_by(ScreeningRow.position)
        .limit(PIECE)
    )
    rows = list(session.scalars(wanted))
    for row in rows:
        settle(row, find(session, row.text, index, home))
    screening = session.get_one(Screening, screening_id)
    screening.done_count += len(rows)
    screening.lease_until = now + LEASE
    if len(rows) < PIECE:
        screening.state, screening.ended_at, screening.lease_until = ScreeningState.DONE, now, None
    return len(rows) == PIECE


def settle(row: ScreeningRow, found: Finding) -> None:
    """What was found for a line; what was given of a person is not kept."""
    if found.verdict is Verdict.MATCH:
        row.outcome, row.enterprise_id = Outcome.FOUND, found.candidates[0].enterprise_id
    elif found.verdict is Verdict.CHOOSE and found.reason is not Reason.SEVERAL:
        row.outcome, row.candidate_ids = Outcome.SEVERAL, [one.enterprise_id for one in found.offered]
    elif found.reason in REFUSALS:
        row.outcome = Outcome.REFUSED
        row.text = "" if found.reason in {Reason.PERSON, Reason.PHONE} else row.text
    else:
        row.outcome = Outcome.NONE


def work(database: Database, index: NameIndex, home: str, now: datetime) -> int:
    """All that waits, one after the other; how many were looked up. Waits while names cannot all be searched."""
    with database.read() as session:
        index.follow(session)
    if not index.is_whole:
        return 0
    count = 0
    while True:
        with database.write() as session:
            screening_id = claim(session, now)
        if screening_id is None:
            return count
        has_more = True
        while has_more:
            with database.write() as session:
                has_more = look_up_piece(session, screening_id, index, home, now)
        count += 1


def forget_screenings(session: Session, now: datetime) -> int:
    """Delete lists that are older than thirty days; how many. Ask again, the data has changed."""
    old = select(Screening.id).where(Screening.created_at < now - KEPT)
    ids = list(session.scalars(old))
    session.execute(delete(ScreeningRow).where(ScreeningRow.screening_id.in_(ids)))
    session.execute(delete(Screening).where(Screening.id.in_(ids)))
    return len(ids)
