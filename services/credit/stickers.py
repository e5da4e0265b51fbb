"""QR stickers of honoured stores: issued once for an honour, and how that honour stands when one is scanned."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.answer import StoreSticker
from models.archive_words import Life, Subject
from models.enterprise import Enterprise, Status
from models.listing import Kind, Listing
from models.record import Record, RecordType
from services.credit.standing import Why, judge_listing, judge_record
from services.errors import UserError
from services.numbers import ALPHABET

CODE_LENGTH = 10  # fifty bits: cannot be guessed, and tells no more than the public page of the firm
FIND = re.compile(rf"/store/([{ALPHABET}]{{{CODE_LENGTH}}})(?![A-Za-z0-9])")
HONOURS = (RecordType.HONOUR, RecordType.DEMONSTRATION)
ENDED = frozenset({Status.DEREGISTERED, Status.REVOKED})


class StoreState(StrEnum):
    """How an honour stands."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"  # 荣誉已过期
    WITHDRAWN = "withdrawn"  # 已撤销
    NOT_YET = "not_yet"
    CLOSED = "closed"  # the firm is deregistered or its licence revoked
    VOID = "void"  # this sticker was lost; another one is valid


@dataclass(frozen=True)
class Honour:
    """An honour that a sticker can be made for."""

    subject: Subject
    subject_id: int
    title: str
    authority: str
    decided_on: date
    until: date | None  # the last day, as far as known


@dataclass(frozen=True)
class Store:
    """What who scans a sticker is shown."""

    state: StoreState
    enterprise_id: int
    name: str
    honour: Honour


Row = Record | Listing


def list_honours(session: Session, enterprise_id: int, today: date) -> list[Honour]:
    """The honours of a firm that are in force, newest first."""
    wanted = select(Record).where(Record.enterprise_id == enterprise_id, Record.type.in_(HONOURS))
    rows: list[Row] = [row for row in session.scalars(wanted) if judge_record(row, today).is_shown]
    red = select(Listing).where(Listing.enterprise_id == enterprise_id, Listing.kind == Kind.RED)
    rows += [row for row in session.scalars(red) if judge_listing(row, today).is_shown]
    return sorted(map(honour_of, rows), key=lambda one: one.decided_on, reverse=True)


def honour_of(row: Row) -> Honour:
    """A record, or an entry of a list, as an honour."""
    if isinstance(row, Listing):
        until = row.published_until
        return Honour(Subject.LISTING, row.id, row.list_name, row.authority, row.decided_on, until)
    return Honour(Subject.RECORD, row.id, row.title, row.authority, row.decided_on, row.valid_until)


def issue_sticker(
    session: Session, subject: Subject, subject_id: int, actor: str, now: datetime, *, is_new: bool = False
) -> StoreSticker:
    """The sticker of an honour: the one that is there, unless a new one is wanted, which voids it.

    UserError where there is no such honour.
    """
    row = find_honour(session, subject, subject_id)
    if row is None:
        raise UserError("没有这项荣誉，不能制作贴纸")
    of_it = (StoreSticker.subject == subject, StoreSticker.subject_id == subject_id, StoreSticker.voided_at.is_(None))
    found = session.scalar(select(StoreSticker).where(*of_it).with_for_update())
    if found is not None and not is_new:
        return found
    if found is not None:
        found.voided_at = now
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    made = StoreSticker(
        code=code,
        enterprise_id=row.enterprise_id,
        subject=subject,
        subject_id=subject_id,
        issued_at=now,
        issued_by=actor,
    )
    session.add(made)
    session.flush()
    return made


def find_honour(session: Session, subject: Subject, subject_id: int) -> Row | None:
    """The row, if it is an honour."""
    if subject is Subject.LISTING:
        listing = session.get(Listing, subject_id)
        return listing if listing is not None and listing.kind is Kind.RED else None
    record = session.get(Record, subject_id)
    return record if record is not None and record.type in HONOURS else None


def find_store(session: Session, code: str, today: date) -> Store | None:
    """How the honour of a scanned sticker stands today; None for a code that is none of ours."""
    sticker = session.scalar(select(StoreSticker).where(StoreSticker.code == code))
    if sticker is None:
        return None
    row = newest(session, sticker)
    enterprise = session.get(Enterprise, sticker.enterprise_id)
    if row is None or enterprise is None or enterprise.status is Status.REMOVED:
        return None
    state = StoreState.VOID if sticker.voided_at else judge(row, enterprise, today)
    return Store(state, enterprise.id, enterprise.name, honour_of(row))


def newest(session: Session, sticker: StoreSticker) -> Row | None:
    """The honour as it was last corrected."""
    row = find_honour(session, sticker.subject, sticker.subject_id)
    while row is not None and (after := corrected(session, row)) is not None:
        row = after
    return row


def corrected(session: Session, row: Row) -> Row | None:
    """The version that took its place."""
    if row.life is not Life.CORRECTED:
        return None
    if isinstance(row, Listing):
        return session.scalar(select(Listing).where(Listing.corrects_id == row.id).order_by(Listing.id.desc()).limit(1))
    return session.scalar(select(Record).where(Record.corrects_id == row.id).order_by(Record.id.desc()).limit(1))


def judge(row: Row, enterprise: Enterprise, today: date) -> StoreState:
    """By the same rules as everywhere."""
    if enterprise.status in ENDED:
        return StoreState.CLOSED
    found = judge_listing(row, today) if isinstance(row, Listing) else judge_record(row, today, enterprise.kind or "")
    if found.is_shown:
        return StoreState.IN_FORCE
    if found.why in {Why.EXPIRED, Why.RUN_OUT}:
        return StoreState.EXPIRED
    return StoreState.NOT_YET if found.why is Why.NOT_YET else StoreState.WITHDRAWN


def find_store_code(text: str) -> str:
    """The code of a sticker in a scanned address; empty where there is none."""
    found = FIND.search(text)
    return found[1] if found else ""
