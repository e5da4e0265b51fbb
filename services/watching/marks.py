"""How a firm stands in what followers hear of: one mark for each entry of a list, penalty, licence, revocation.

News is never an event: it is what differs between the marks somebody was told and the marks of now. What was
repaired before anybody heard of it is therefore never told, and what changes twice is told once.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.archive_words import Life
from models.enterprise import Enterprise, Status
from models.listing import Kind, Listing
from models.record import Record, RecordType
from services.credit.standing import judge_listing, judge_record

LISTING = "L"
LICENCE = "C"  # only its revocation is news
TYPES = {RecordType.PENALTY: "P", RecordType.ABNORMAL: "A", RecordType.COURT: "J", RecordType.LICENCE: LICENCE}
REVOKED = "S"  # 吊销营业执照
REVOCATION = "吊销"  # in the reason for which a licence was withdrawn


@dataclass(frozen=True)
class Entry:
    """Something new that is public now."""

    kind: str  # black, red, penalty, abnormal, court
    title: str
    legal_basis: str
    authority: str
    decided_on: date


@dataclass(frozen=True)
class News:
    """What differs at one firm; nothing of what is no longer public but how many there were."""

    enterprise_id: int
    name: str
    added: tuple[Entry, ...] = ()
    corrected_count: int = 0
    gone_count: int = 0
    revoked_licences: int = 0
    is_revoked: bool = False

    def __bool__(self) -> bool:
        """There is something to tell."""
        return bool(self.added or self.corrected_count or self.gone_count or self.revoked_licences or self.is_revoked)


def marks_of(session: Session, enterprise_id: int, today: date) -> list[str] | None:
    """The marks of today, sorted; None for a firm that is no longer in the register, of which nothing is told."""
    firm = session.get(Enterprise, enterprise_id)
    if firm is None or firm.status is Status.REMOVED:
        return None
    listings = session.scalars(select(Listing).where(Listing.enterprise_id == enterprise_id))
    marks = {f"{LISTING}{row.id}" for row in listings if judge_listing(row, today).is_shown}
    wanted = select(Record).where(Record.enterprise_id == enterprise_id, Record.type.in_(TYPES))
    for row in session.scalars(wanted):
        if judge_record(row, today, firm.kind or "").is_shown:
            marks.add(f"{TYPES[row.type]}{row.id}")
    if firm.status is Status.REVOKED:
        marks.add(REVOKED)
    return sorted(marks)


def hash_marks(marks: Iterable[str]) -> bytes:
    """Sixteen bytes to compare with."""
    return hashlib.blake2b(" ".join(marks).encode(), digest_size=16).digest()


def find_news(session: Session, enterprise_id: int, told: Iterable[str], marks: Iterable[str]) -> News:
    """What differs between what was told and `marks`, which are public now."""
    before, after = set(told), set(marks)
    firm = session.get_one(Enterprise, enterprise_id)
    new = {mark: row for mark in after - before if (row := row_of(session, mark)) is not None}
    gone = {mark: row_of(session, mark) for mark in before - after}
    replaced = {row.corrects_id for row in new.values() if row.corrects_id is not None}
    corrected = {mark for mark, row in gone.items() if is_corrected(row, replaced, mark, new)}
    added = [
        entry_of(row)
        for mark, row in new.items()
        if mark[0] != LICENCE and f"{mark[0]}{row.corrects_id}" not in corrected
    ]
    ended = [mark for mark in gone if mark[0] not in {LICENCE, REVOKED} and mark not in corrected]
    return News(
        enterprise_id=enterprise_id,
        name=firm.name,
        added=tuple(sorted(added, key=lambda entry: (entry.decided_on, entry.title), reverse=True)),
        corrected_count=sum(mark[0] != LICENCE for mark in corrected),
        gone_count=len(ended),
        revoked_licences=sum(mark[0] == LICENCE and is_revocation(row) for mark, row in gone.items()),
        is_revoked=REVOKED in after - before,
    )


def row_of(session: Session, mark: str) -> Record | Listing | None:
    """The record or entry of a mark."""
    if mark == REVOKED:
        return None
    number = int(mark[1:])
    return session.get(Listing, number) if mark[0] == LISTING else session.get(Record, number)


def is_corrected(row: Record | Listing | None, replaced: set[int], mark: str, new: dict[str, Record | Listing]) -> bool:
    """A newer version took its place."""
    is_replaced = row is not None and row.life is Life.CORRECTED and row.id in replaced
    return is_replaced and any(
        other[0] == mark[0] and after.corrects_id == int(mark[1:]) for other, after in new.items()
    )


def is_revocation(row: Record | Listing | None) -> bool:
    """The licence did not run out: it was revoked."""
    return row is not None and REVOCATION in (row.withdrawn_reason or "")


def entry_of(row: Record | Listing) -> Entry:
    """A record or an entry of a list, as it is told."""
    if isinstance(row, Listing):
        kind = "black" if row.kind is Kind.BLACK else "red"
        return Entry(kind, row.list_name, row.legal_basis, row.authority, row.decided_on)
    return Entry(row.type.value, row.title, row.legal_basis or "", row.authority, row.decided_on)
