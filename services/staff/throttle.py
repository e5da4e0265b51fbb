"""Lockout with growing waits, by login and by address; a login nobody has is treated like any other."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, text
from sqlalchemy.orm import Session

from models.base import UtcDateTime
from models.database import vault_of
from models.staff import SignInFailures

FIELD = "sign_in_failures.key"
FORGOTTEN_AFTER = timedelta(hours=24)
FREE_BY_LOGIN = 4  # failures without a wait
FREE_BY_ADDRESS = 30  # a whole office may share one
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# Claims the row, so that attempts made at the same moment are counted one after the other.
START = text(
    "INSERT INTO sign_in_failures (key, failed_count, failed_at) VALUES (:key, 0, :now) ON CONFLICT DO NOTHING"
).bindparams(bindparam("now", type_=UtcDateTime()))


@dataclass(frozen=True)
class Admission:
    """Whether a password may be tried now; if not, after how long. `is_new_block`: this attempt closed the door."""

    wait: timedelta = timedelta()
    is_new_block: bool = False

    @property
    def is_open(self) -> bool:
        """The password may be tried."""
        return not self.wait


def compute_wait(failed_count: int, free_count: int) -> timedelta:
    """How long nobody may try after this many failures: none for the free ones, then 1, 2, 4 … up to 60 minutes."""
    beyond = failed_count - free_count
    if beyond <= 0:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(beyond - 1, 20)), LONGEST_WAIT)


def admit(session: Session, login: str, address: str, now: datetime) -> Admission:
    """Ask before each attempt: it is counted as failed at once, so that attempts at the same moment all count.

    `forgive` after a success. While the door is closed nothing is counted: knocking makes the wait no longer.
    """
    rows = [claim_row(session, key, now) for key in (login_key(session, login), address_key(session, address))]
    waits = [row.blocked_until - now for row in rows if row.blocked_until and row.blocked_until > now]
    if waits:
        return Admission(max(waits))
    is_new_block = False
    for row, free_count in zip(rows, (FREE_BY_LOGIN, FREE_BY_ADDRESS), strict=True):
        row.failed_count += 1
        row.failed_at = now
        wait = compute_wait(row.failed_count, free_count)
        row.blocked_until = now + wait if wait else None
        is_new_block = is_new_block or bool(wait)
    return Admission(is_new_block=is_new_block)


def claim_row(session: Session, key: bytes, now: datetime) -> SignInFailures:
    """The count of a key, locked until the commit; begun anew after a day without failures."""
    session.execute(START, {"key": key, "now": now})
    row = session.get_one(SignInFailures, key, with_for_update=True, populate_existing=True)
    if now - row.failed_at > FORGOTTEN_AFTER:
        row.failed_count, row.blocked_until = 0, None
    return row


def forgive(session: Session, login: str, address: str) -> None:
    """The attempt was right: forget the failures of the login, take this one from the address."""
    unblock(session, login)
    row = session.get(SignInFailures, address_key(session, address))
    if row is not None:
        row.failed_count = max(0, row.failed_count - 1)
        row.blocked_until = None if row.failed_count <= FREE_BY_ADDRESS else row.blocked_until


def unblock(session: Session, login: str) -> None:
    """Let a login try again at once."""
    session.execute(delete(SignInFailures).where(SignInFailures.key == login_key(session, login)))


def blocked_until(session: Session, login: str, now: datetime) -> datetime | None:
    """Until when a login must wait, if it must."""
    row = session.get(SignInFailures, login_key(session, login))
    return row.blocked_until if row and row.blocked_until and row.blocked_until > now else None


def forget_old(session: Session, now: datetime) -> None:
    """Drop counts nobody needs any more."""
    session.execute(delete(SignInFailures).where(SignInFailures.failed_at < now - FORGOTTEN_AFTER))


def login_key(session: Session, login: str) -> bytes:
    """The key of a login."""
    return vault_of(session).index(f"login {login}", FIELD)


def address_key(session: Session, address: str) -> bytes:
    """The key of an address."""
    return vault_of(session).index(f"address {address}", FIELD)
