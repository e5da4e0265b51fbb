"""Signing in: knock, password, second factor; each step is a transaction of its own.

The password is checked between two transactions: hashing takes a tenth of a second, in which no other
writer should wait. The attempt is counted before, so that a thousand at the same moment are a thousand.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.audit import Act
from models.staff import StaffAccount
from services.audit import Actor, record
from services.staff import second_factor, sessions, throttle
from services.staff.accounts import find_account, require_good, words_of
from services.staff.passwords import hash_password, is_password
from services.staff.second_factor import Factor
from services.staff.sessions import Client, Limits, Visit
from services.staff.throttle import Admission


@dataclass(frozen=True)
class Opened:
    """A session begun: its token, and whether the second factor is still due."""

    token: str
    needs_code: bool


def check_password(session: Session, login: str, password: str, now: datetime) -> int | None:
    """The id of the account whose password this is; None when wrong, unknown, disabled or run out: nobody can tell."""
    account = find_account(session, login)
    is_right = is_password(account.password_hash if account else None, password)
    if not is_right or account is None or account.disabled_at is not None:
        return None
    has_run_out = account.password_expires_at is not None and account.password_expires_at <= now
    return None if has_run_out else account.id


def let_in(session: Session, account_id: int, client: Client, now: datetime, limits: Limits) -> Opened:
    """The password was right: begin a session, complete where no second factor is set up."""
    sessions.forget_ended(session, now, limits)
    throttle.forget_old(session, now)
    account = session.get_one(StaffAccount, account_id)
    needs_code = account.totp_sealed is not None
    token = sessions.open_session(session, account, client, now, needs_code=needs_code)
    if not needs_code:
        welcome(session, account, now, client.address)
    return Opened(token, needs_code)


def welcome(session: Session, account: StaffAccount, now: datetime, address: str, details: str = "") -> None:
    """All factors were right."""
    throttle.forgive(session, account.login, address)
    account.signed_in_at = now
    actor = Actor(words_of(account), account.id, address)
    record(session, actor, Act.SIGNED_IN, now, details={"方式": details} if details else None)


def turn_away(session: Session, login: str, now: datetime, address: str, admission: Admission) -> None:
    """A wrong password or code, written down for accounts that exist; what strangers typed may be a password."""
    account = find_account(session, login)
    if account is None:
        return
    act = Act.SIGN_IN_BLOCKED if admission.is_new_block else Act.SIGN_IN_FAILED
    record(session, Actor("未登录的人", None, address), act, now, subject=words_of(account))


def pass_code(session: Session, visit: Visit, entered: str, now: datetime) -> str | None:
    """The second factor: the new token of the session when it was right."""
    account = session.get_one(StaffAccount, visit.account_id)
    factor = second_factor.use_code(session, account, entered, now)
    if factor is None:
        return None
    token = sessions.complete(session, visit.session_id, now)
    welcome(session, account, now, visit.address, "备用码" if factor is Factor.RECOVERY else "动态验证码")
    return token


def sign_out(session: Session, visit: Visit, now: datetime) -> None:
    """End the session."""
    sessions.end_session(session, visit.account_id, visit.session_id)
    record(session, visit.actor, Act.SIGNED_OUT, now)


def change_password(session: Session, visit: Visit, old: str, new: str, now: datetime) -> bool:
    """A new password in place of the old one; False when the old one is wrong. Other browsers are signed out."""
    account = session.get_one(StaffAccount, visit.account_id)
    if not is_password(account.password_hash, old):
        return False
    require_good(new, account.login, account.name, "new")
    account.password_hash = hash_password(new)
    account.must_change_password, account.password_expires_at = False, None
    sessions.end_sessions(session, account.id, except_id=visit.session_id)
    record(session, visit.actor, Act.PASSWORD_CHANGED, now)
    return True
