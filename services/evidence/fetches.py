"""Files that WeChat still keeps: put off in the message's transaction, claimed by one process, kept or given up."""

import contextlib
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.case_arrival import EvidenceFetch
from models.case_file import CaseEvidence
from models.database import vault_of
from models.notice import Channel
from models.vault import VaultError
from services import notices
from services.calendar.working_days import SHANGHAI
from services.evidence.keeping import Arrived, Limits, Owner, add_evidence, count_expected, find_owner
from services.evidence.kinds import EvidenceKind
from services.evidence.trouble import WORDS, EvidenceError, Trouble

MEDIA = "evidence_fetches.media"
MEDIA_LASTS = timedelta(days=3)  # WeChat's promise
LEASE = timedelta(minutes=5)  # more than one fetch with its looking takes
LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True)
class Claim:
    """A fetch that this process may do until `lease_until`, by which it is known again."""

    fetch_id: int
    media_id: str
    added_by: str
    tries: int
    expires_at: datetime
    lease_until: datetime


def put_off(
    session: Session,
    owner: Owner,
    media_id: str,
    kind: EvidenceKind,
    limits: Limits,
    *,
    follower_id: int | None,
    added_by: str,
    sent_at: datetime,
    now: datetime,
) -> int:
    """Note a file to be fetched, in the transaction of its message; how many of its sort there are with it.

    EvidenceError, and nothing noted, when there are enough.
    """
    photos, others = count_expected(session, owner)
    expected = photos if kind is EvidenceKind.PHOTO else others
    if expected >= limits.count:
        raise EvidenceError(Trouble.TOO_MANY, count=limits.count)
    session.add(
        EvidenceFetch(
            owner_hash=owner.client_key_hash,
            follower_id=follower_id,
            media_sealed=vault_of(session).seal(media_id, MEDIA),
            kind=kind,
            added_by=added_by,
            sent_at=sent_at,
            not_before=now,
            tries=0,
        )
    )
    session.flush()
    return expected + 1


def claim(session: Session, now: datetime) -> Claim | None:
    """Lease the fetch that is due longest; two processes never hold the same one."""
    is_free = or_(EvidenceFetch.lease_until.is_(None), EvidenceFetch.lease_until <= now)
    due = (
        select(EvidenceFetch)
        .where(EvidenceFetch.not_before <= now, is_free)
        .order_by(EvidenceFetch.not_before, EvidenceFetch.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    fetch = session.scalar(due)
    if fetch is None:
        return None
    fetch.lease_until, fetch.tries = now + LEASE, fetch.tries + 1
    media_id = ""  # sealed with a key that is gone: WeChat refuses it, the citizen is told, the line moves on
    with contextlib.suppress(VaultError):
        media_id = vault_of(session).open(fetch.media_sealed, MEDIA)
    return Claim(fetch.id, media_id, fetch.added_by, fetch.tries, fetch.sent_at + MEDIA_LASTS, fetch.lease_until)


def forget_sender(session: Session, owner_hash: bytes) -> None:
    """Of an anonymous report no follower is kept, not even until its files are here."""
    session.execute(update(EvidenceFetch).where(EvidenceFetch.owner_hash == owner_hash).values(follower_id=None))


def held(session: Session, claimed: Claim) -> EvidenceFetch | None:
    """The row, if the lease is still ours; None when another process took over, or it was erased."""
    wanted = select(EvidenceFetch).where(
        EvidenceFetch.id == claimed.fetch_id, EvidenceFetch.lease_until == claimed.lease_until
    )
    return session.scalar(wanted.with_for_update())


def settle(session: Session, claimed: Claim, arrived: Arrived, limits: Limits, now: datetime) -> CaseEvidence | None:
    """The file's row in place of the fetch's; None when it is not wanted any more. What is refused is told."""
    fetch = held(session, claimed)
    if fetch is None:
        return None
    try:
        row = add_evidence(session, find_owner(session, fetch.owner_hash), arrived, limits, now)
    except EvidenceError as error:
        give_up(session, claimed, error, now)
        return None
    session.delete(fetch)
    return row


def put_back(session: Session, claimed: Claim, not_before: datetime) -> None:
    """Another try at that moment."""
    fetch = held(session, claimed)
    if fetch is not None:
        fetch.lease_until, fetch.not_before = None, not_before


def give_up(session: Session, claimed: Claim, error: EvidenceError, now: datetime) -> None:
    """Drop the fetch and tell the citizen why, in one transaction.

    Of a draft that the citizen gave up themselves, or let expire, nothing is said.
    """
    fetch = held(session, claimed)
    if fetch is None:
        return
    if fetch.follower_id is not None and error.trouble is not Trouble.TOO_LATE:
        moment = f"{fetch.sent_at.astimezone(SHANGHAI):%m月%d日%H:%M}"
        text = WORDS["notice"]["not_taken"].format(sent_at=moment, kind=WORDS["kinds"][fetch.kind], why=error)
        payload = {"msgtype": "text", "text": {"content": text}}
        # The sealed media id is unique, unlike a row's number, which SQLite gives again.
        key = f"evidence:{hashlib.sha256(fetch.media_sealed).hexdigest()[:48]}"
        notices.add_notice(session, fetch.follower_id, Channel.CUSTOMER_SERVICE, payload, key=key, now=now)
    session.delete(fetch)


def back_off(tries: int) -> timedelta:
    """15, 30, 60 … seconds, at most half an hour."""
    return min(timedelta(seconds=15 * 2 ** min(max(tries - 1, 0), 10)), LONGEST_WAIT)
