"""Accounts of staff: adding, finding, changing, disabling, resetting; each act is written down with its reason."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Act
from models.role import Role
from models.staff import LONGEST_NAME, LONGEST_UNIT, StaffAccount, StaffRole
from services.audit import Actor, record
from services.errors import UserError
from services.staff import second_factor, sessions, throttle
from services.staff.duties import find_clash
from services.staff.passwords import draw_password, hash_password, judge_password
from services.staff.words import ROLE_WORDS

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")
ONE_TIME_LASTS = timedelta(days=3)


class StaffError(UserError):
    """What is wrong with a field, in words for beside it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def find_account(session: Session, login: str) -> StaffAccount | None:
    """The account of that login, disabled or not."""
    return session.scalar(select(StaffAccount).where(StaffAccount.login == login.strip().lower()))


def list_accounts(session: Session) -> list[StaffAccount]:
    """All accounts, those in use first, by login."""
    return list(
        session.scalars(select(StaffAccount).order_by(StaffAccount.disabled_at.isnot(None), StaffAccount.login))
    )


def words_of(account: StaffAccount) -> str:
    """The account as the audit log names it."""
    return f"{account.name}（{account.login}）"


def roles_in_words(roles: Iterable[Role]) -> str:
    """Roles in the order of their list."""
    chosen = frozenset(roles)
    return "、".join(ROLE_WORDS[role] for role in Role if role in chosen)


def check_roles(roles: frozenset[Role]) -> None:
    """StaffError unless somebody may bear these roles together."""
    if not roles:
        raise StaffError("roles", "请至少选一个岗位")
    clash = find_clash(roles)
    if clash:
        raise StaffError("roles", f"{ROLE_WORDS[clash[0]]}不能同时是{ROLE_WORDS[clash[1]]}，请分给两个人")


def check_words(name: str, unit: str) -> None:
    """StaffError unless name and unit can be kept."""
    if not name:
        raise StaffError("name", "请填写姓名")
    for field, words, longest in (("name", name, LONGEST_NAME), ("unit", unit, LONGEST_UNIT)):
        if len(words) > longest:
            raise StaffError(field, f"最多 {longest} 个字")
        if not words.isprintable():
            raise StaffError(field, "含有不能显示的字符")


def add_account(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    login: str,
    name: str,
    roles: frozenset[Role],
    unit: str = "",
    password: str = "",
    password_hash: str = "",
    reason: str = "",
) -> tuple[StaffAccount, str]:
    """Add an account; without `password` a one-time one is drawn, to be changed at the first sign-in within 3 days.

    `password_hash`: made already, of a `password` that is known to be good.
    Returns the account and the one-time password ("" where `password` was given). StaffError names the field.
    """
    login, name, unit = login.strip().lower(), name.strip(), unit.strip()
    if not LOGIN.fullmatch(login):
        raise StaffError("login", "登录名须以字母开头，3 至 32 个小写字母、数字、点、横线，例：zhangmin")
    check_words(name, unit)
    check_roles(roles)
    if find_account(session, login):
        raise StaffError("login", f"登录名 {login} 已有人使用，请换一个")
    drawn = "" if password else draw_password()
    if password and not password_hash:
        require_good(password, login, name)
    account = StaffAccount(
        login=login,
        name=name,
        unit=unit,
        password_hash=password_hash or hash_password(password or drawn),
        must_change_password=not password,
        password_expires_at=None if password else now + ONE_TIME_LASTS,
        created_at=now,
    )
    account.role_rows = [StaffRole(role=role) for role in sorted(roles)]
    session.add(account)
    session.flush()
    details = {"岗位": roles_in_words(roles)} | ({"处室或商协会": unit} if unit else {})
    record(session, actor, Act.STAFF_ADDED, now, subject=words_of(account), reason=reason, details=details)
    return account, drawn


def require_good(password: str, login: str, name: str, field: str = "password") -> None:
    """StaffError when the password is too weak."""
    fault = judge_password(password, (login, name))
    if fault:
        raise StaffError(field, fault)


def change_account(
    session: Session,
    actor: Actor,
    account: StaffAccount,
    now: datetime,
    *,
    name: str,
    unit: str,
    roles: frozenset[Role],
    reason: str,
) -> bool:
    """Change what somebody is called and may do; False when nothing changes. Applies to their next page view."""
    name, unit = name.strip(), unit.strip()
    check_words(name, unit)
    check_roles(roles)
    if account.id == actor.account_id and roles != account.roles:
        raise StaffError("roles", "不能修改自己的岗位，请另一位系统管理员来改")
    if Role.ADMINISTRATOR not in roles:
        keep_an_administrator(session, account)
    before, after = describe(account.name, account.unit, account.roles), describe(name, unit, roles)
    changes = {key: f"{before[key] or '无'} → {after[key] or '无'}" for key in before if before[key] != after[key]}
    if not changes:
        return False
    require_reason(reason)
    old, kept = words_of(account), {row.role: row for row in account.role_rows}
    account.name, account.unit = name, unit
    account.role_rows = [kept.get(role) or StaffRole(role=role) for role in sorted(roles)]
    session.flush()
    record(session, actor, Act.STAFF_CHANGED, now, subject=old, reason=reason, details=changes)
    return True


def describe(name: str, unit: str, roles: frozenset[Role]) -> dict[str, str]:
    """An account in words, to be compared."""
    return {"姓名": name, "处室或商协会": unit, "岗位": roles_in_words(roles)}


def require_reason(reason: str) -> None:
    """StaffError unless a reason is given."""
    if len(reason.strip()) < 2:
        raise StaffError("reason", "请写明原因，例如“岗位调整，局办〔2026〕12号”")


def keep_an_administrator(session: Session, account: StaffAccount) -> None:
    """StaffError when this is the last administrator in use."""
    others = [
        other
        for other in list_accounts(session)
        if other.id != account.id and other.disabled_at is None and Role.ADMINISTRATOR in other.roles
    ]
    if Role.ADMINISTRATOR in account.roles and account.disabled_at is None and not others:
        raise StaffError("roles", "这是最后一位系统管理员，请先指定另一位")


def disable(session: Session, actor: Actor, account: StaffAccount, now: datetime, reason: str) -> None:
    """Shut an account and end its sessions; what was done under it stays."""
    require_reason(reason)
    if account.id == actor.account_id:
        raise StaffError("reason", "不能停用自己的账号，请另一位系统管理员来做")
    keep_an_administrator(session, account)
    account.disabled_at = account.disabled_at or now
    sessions.end_sessions(session, account.id)
    record(session, actor, Act.STAFF_DISABLED, now, subject=words_of(account), reason=reason)


def enable(session: Session, actor: Actor, account: StaffAccount, now: datetime, reason: str) -> None:
    """Open a disabled account again, with its old password."""
    require_reason(reason)
    account.disabled_at = None
    record(session, actor, Act.STAFF_ENABLED, now, subject=words_of(account), reason=reason)


def reset(session: Session, actor: Actor, account: StaffAccount, now: datetime, reason: str) -> str:
    """A one-time password in place of the lost one; second factor, sessions and waits go as well. Returns it."""
    require_reason(reason)
    drawn = draw_password()
    account.password_hash = hash_password(drawn)
    account.must_change_password, account.password_expires_at = True, now + ONE_TIME_LASTS
    second_factor.remove(session, account)
    sessions.end_sessions(session, account.id)
    throttle.unblock(session, account.login)
    record(session, actor, Act.STAFF_RESET, now, subject=words_of(account), reason=reason)
    return drawn


def unblock(session: Session, actor: Actor, account: StaffAccount, now: datetime, reason: str) -> None:
    """Let somebody who mistyped too often try again at once."""
    require_reason(reason)
    throttle.unblock(session, account.login)
    record(session, actor, Act.STAFF_UNBLOCKED, now, subject=words_of(account), reason=reason)


def end_all_sessions(session: Session, actor: Actor, account: StaffAccount, now: datetime, reason: str) -> int:
    """Sign somebody out everywhere; returns from how many browsers."""
    require_reason(reason)
    count = sessions.end_sessions(session, account.id)
    details = {"个数": str(count)}
    record(session, actor, Act.SESSION_ENDED, now, subject=words_of(account), reason=reason, details=details)
    return count
