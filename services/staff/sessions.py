"""Sessions kept on the server: the browser holds a random token, the table its hash."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.role import Role
from models.staff import StaffAccount, StaffSession
from services.audit import Actor
from services.staff.duties import Permission, permissions_of

TOUCH_EVERY = timedelta(minutes=1)  # not every page view is a write
CODE_WITHIN = timedelta(minutes=10)  # between password and second factor
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("HarmonyOS", "鸿蒙"),
    ("Android", "安卓"),
    ("iPhone|iPad", "苹果手机或平板"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: without being used, and at all."""

    idle: timedelta
    whole: timedelta


@dataclass(frozen=True)
class Client:
    """What asks: its address and its User-Agent."""

    address: str
    browser: str


@dataclass(frozen=True)
class Visit:
    """Who is at the other end of a request."""

    session_id: int
    account_id: int
    login: str
    name: str
    unit: str
    roles: frozenset[Role]
    needs_code: bool
    must_change_password: bool
    has_totp: bool
    address: str
    started_at: datetime
    seen_at: datetime

    def may(self, permission: Permission) -> bool:
        """Whether a role of theirs permits it."""
        return permission in permissions_of(self.roles)

    @property
    def actor(self) -> Actor:
        """As the audit log names them."""
        return Actor(f"{self.name}（{self.login}）", self.account_id, self.address)


def hash_token(token: str) -> bytes:
    """What is kept of a token; it is random, so it needs no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def open_session(session: Session, account: StaffAccount, client: Client, now: datetime, *, needs_code: bool) -> str:
    """Begin a session; returns its token, which is told to the browser only."""
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            account_id=account.id,
            token_hash=hash_token(token),
            needs_code=needs_code,
            browser=name_browser(client.browser),
            address=client.address[:45],
            created_at=now,
            seen_at=now,
        )
    )
    return token


def complete(session: Session, session_id: int, now: datetime) -> str:
    """The second factor was right: the session goes on under a new token."""
    row = session.get_one(StaffSession, session_id)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.needs_code, row.created_at, row.seen_at = hash_token(token), False, now, now
    return token


def find_visit(session: Session, token: str, now: datetime, limits: Limits) -> Visit | None:
    """Who holds this token, unless it is unknown, too old, or the account is disabled."""
    found = session.execute(
        select(StaffSession, StaffAccount)
        .join(StaffAccount, StaffAccount.id == StaffSession.account_id)
        .where(StaffSession.token_hash == hash_token(token))
    ).first()
    if found is None:
        return None
    row, account = found
    if account.disabled_at is not None or has_ended(row, now, limits):
        return None
    return Visit(
        session_id=row.id,
        account_id=account.id,
        login=account.login,
        name=account.name,
        unit=account.unit,
        roles=account.roles,
        needs_code=row.needs_code,
        must_change_password=account.must_change_password,
        has_totp=account.totp_sealed is not None,
        address=row.address,
        started_at=row.created_at,
        seen_at=row.seen_at,
    )


def has_ended(row: StaffSession, now: datetime, limits: Limits) -> bool:
    """Too long unused, too old, or the second factor did not come in time."""
    whole = CODE_WITHIN if row.needs_code else limits.whole
    return now - row.seen_at >= limits.idle or now - row.created_at >= whole


def touch(session: Session, visit: Visit, address: str, now: datetime) -> None:
    """Remember that the session is in use, and from where."""
    session.execute(
        update(StaffSession).where(StaffSession.id == visit.session_id).values(seen_at=now, address=address[:45])
    )


def list_sessions(session: Session, account_id: int, now: datetime, limits: Limits) -> list[StaffSession]:
    """Those that are open, the last used first."""
    rows = session.scalars(
        select(StaffSession).where(StaffSession.account_id == account_id).order_by(StaffSession.seen_at.desc())
    )
    return [row for row in rows if not has_ended(row, now, limits) and not row.needs_code]


def end_session(session: Session, account_id: int, session_id: int) -> bool:
    """End one session of this account; False when it has none of that number."""
    gone = delete(StaffSession).where(StaffSession.id == session_id, StaffSession.account_id == account_id)
    return bool(session.execute(gone.returning(StaffSession.id)).all())


def end_sessions(session: Session, account_id: int, except_id: int | None = None) -> int:
    """End all sessions of an account, but for one; returns how many."""
    gone = delete(StaffSession).where(StaffSession.account_id == account_id)
    if except_id is not None:
        gone = gone.where(StaffSession.id != except_id)
    return len(session.execute(gone.returning(StaffSession.id)).all())


def forget_ended(session: Session, now: datetime, limits: Limits) -> None:
    """Drop the rows of sessions that have run out."""
    is_over = or_(StaffSession.seen_at < now - limits.idle, StaffSession.created_at < now - limits.whole)
    session.execute(delete(StaffSession).where(is_over))


def name_browser(user_agent: str) -> str:
    """The browser in words its user knows, such as Chrome · Windows."""
    kinds = [next((name for mark, name in table if re.search(mark, user_agent)), "") for table in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, kinds)) or "未知浏览器"
