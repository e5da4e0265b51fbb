"""Accounts, sessions, second factor and lockout on both back-ends."""

import threading
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import Act, AuditEntry
from models.database import Database
from models.role import Role
from models.staff import StaffAccount, StaffSession
from services.audit import Actor
from services.demo.staff import add_demo_staff
from services.staff import accounts, second_factor, sessions, signing_in, throttle
from services.staff.accounts import StaffError, add_account, find_account
from services.staff.second_factor import Factor
from services.staff.sessions import Client
from tests.console import LIMITS, PASSWORD, TESTER, hire

HERE = Client("10.0.0.1", "Chrome/140 Windows")


def get(session: Session, login: str) -> StaffAccount:
    found = find_account(session, login)
    assert found
    return found


def acts(database: Database) -> list[Act]:
    with database.read() as session:
        return list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"login": "张敏"}, "login"),
        ({"login": "ab"}, "login"),
        ({"login": "a" * 33}, "login"),
        ({"login": "ROOT' --"}, "login"),
        ({"name": "  "}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"name": "张\u202e敏"}, "name"),
        ({"unit": "处" * 61}, "unit"),
        ({"roles": frozenset()}, "roles"),
        ({"roles": frozenset({Role.AUDITOR, Role.INTAKE})}, "roles"),
        ({"password": "password1234"}, "password"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_told_beside_its_field(
    session: Session, now: datetime, values: dict[str, object], field: str
) -> None:
    good: dict[str, object] = {"login": "zhangmin", "name": "张敏", "roles": frozenset({Role.INTAKE})}
    with pytest.raises(StaffError) as told:
        add_account(session, TESTER, now, **(good | values))  # type: ignore[arg-type]
    assert told.value.field == field
    assert find_account(session, "zhangmin") is None


def test_a_login_is_given_once(database: Database, now: datetime) -> None:
    hire(database, now, "zhangmin", Role.INTAKE)
    with pytest.raises(StaffError, match="已有人使用"):
        hire(database, now, "ZhangMin ", Role.INTAKE)


def test_a_one_time_password_runs_out(database: Database, now: datetime) -> None:
    with database.write() as session:
        account, drawn = add_account(
            session, TESTER, now, login="zhangmin", name="张敏", roles=frozenset({Role.INTAKE})
        )
        assert account.must_change_password
    with database.read() as session:
        assert signing_in.check_password(session, "zhangmin", drawn, now + timedelta(days=2)) == account.id
        assert signing_in.check_password(session, "zhangmin", drawn, now + timedelta(days=3)) is None


def test_the_last_administrator_stays(database: Database, now: datetime) -> None:
    first = hire(database, now, "guanli", Role.ADMINISTRATOR)
    with database.write() as session, pytest.raises(StaffError, match="最后一位"):
        accounts.disable(session, TESTER, get(session, "guanli"), now, "离职了")
    with database.write() as session, pytest.raises(StaffError, match="最后一位"):
        accounts.change_account(
            session, TESTER, get(session, "guanli"), now,
            name="刘伟", unit="", roles=frozenset({Role.INTAKE}), reason="换岗",
        )  # fmt: skip
    hire(database, now, "second", Role.ADMINISTRATOR)
    with database.write() as session, pytest.raises(StaffError, match="自己"):
        accounts.disable(session, Actor("我", first), get(session, "guanli"), now, "离职了")
    with database.write() as session:
        accounts.disable(session, TESTER, get(session, "guanli"), now, "离职了")
        assert signing_in.check_password(session, "guanli", PASSWORD, now) is None


def test_each_change_needs_a_reason_and_is_written_down(database: Database, now: datetime) -> None:
    hire(database, now, "zhangmin", Role.INTAKE)
    for step in (accounts.disable, accounts.enable, accounts.reset, accounts.unblock, accounts.end_all_sessions):
        with database.write() as session, pytest.raises(StaffError) as told:
            step(session, TESTER, get(session, "zhangmin"), now, " ")
        assert told.value.field == "reason"
        with database.write() as session:
            step(session, TESTER, get(session, "zhangmin"), now, "例行检查")
    with database.write() as session:
        roles = frozenset({Role.INTAKE, Role.HANDLER})
        account = get(session, "zhangmin")
        assert accounts.change_account(session, TESTER, account, now, name="张敏", unit="", roles=roles, reason="轮岗")
        assert not accounts.change_account(session, TESTER, account, now, name="张敏", unit="", roles=roles, reason="")
    assert acts(database) == [
        Act.STAFF_ADDED,
        Act.STAFF_DISABLED,
        Act.STAFF_ENABLED,
        Act.STAFF_RESET,
        Act.STAFF_UNBLOCKED,
        Act.SESSION_ENDED,
        Act.STAFF_CHANGED,
    ]
    with database.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert last
        assert last.details == {"岗位": "受理员 → 受理员、承办人"}
        assert get(session, "zhangmin").roles == roles


def sign_in(database: Database, login: str, now: datetime) -> str:
    with database.write() as session:
        return signing_in.let_in(session, get(session, login).id, HERE, now, LIMITS).token


def test_a_session_ends_unused_or_old(database: Database, now: datetime) -> None:
    hire(database, now, "zhangmin", Role.INTAKE)
    token = sign_in(database, "zhangmin", now)
    with database.write() as session:
        rows = session.scalars(select(StaffSession)).all()
        assert [len(row.token_hash) for row in rows] == [32]
        assert token.encode() not in rows[0].token_hash

        def visit(moment: datetime) -> bool:
            return sessions.find_visit(session, token, moment, LIMITS) is not None

        assert visit(now + timedelta(minutes=29))
        assert not visit(now + timedelta(minutes=30))
        for thirds in range(1, 40):
            moment = now + timedelta(minutes=20 * thirds)
            found = sessions.find_visit(session, token, moment, LIMITS)
            assert (found is not None) is (moment - now < LIMITS.whole)
            if found:
                sessions.touch(session, found, "10.0.0.2", moment)
        assert sessions.find_visit(session, token[:-1], now, LIMITS) is None
        assert sessions.find_visit(session, "", now, LIMITS) is None


def test_a_code_counts_once_even_when_sent_twice_at_once(database: Database, now: datetime) -> None:
    account_id = hire(database, now, "zhangmin", Role.INTAKE)
    with database.write() as session:
        account = session.get_one(StaffAccount, account_id)
        secret = second_factor.derive_secret(session, account, 1)
        code = pyotp.TOTP(secret).at(now)
        assert second_factor.set_up(session, account, secret, "12345六", now) is None
        recovery = second_factor.set_up(session, account, secret, code, now) or []
    later = now + timedelta(minutes=1)
    code = pyotp.TOTP(secret).at(later)
    for entered, kind in ((code, Factor.CODE), (recovery[0].lower(), Factor.RECOVERY)):
        found: list[Factor | None] = []
        start = threading.Barrier(4)

        def use(entered: str = entered, found: list[Factor | None] = found, start: threading.Barrier = start) -> None:
            start.wait()
            with database.write() as session:
                found.append(second_factor.use_code(session, session.get_one(StaffAccount, account_id), entered, later))

        threads = [threading.Thread(target=use) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(str, found)) == sorted(map(str, [kind, None, None, None]))
    with database.read() as session:
        assert second_factor.count_recovery_codes(session, account_id) == 7


def test_guessing_in_parallel_gains_nothing(database: Database, now: datetime) -> None:
    """Each attempt is counted before the password is looked at."""
    opened: list[bool] = []
    start = threading.Barrier(8)

    def knock() -> None:
        start.wait()
        for _ in range(3):
            with database.write() as session:
                opened.append(throttle.admit(session, "zhangmin", "10.0.0.1", now).is_open)

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 24
    assert sum(opened) == 5


def test_an_address_is_shut_after_many_logins_and_forgotten_after_a_day(database: Database, now: datetime) -> None:
    with database.write() as session:
        tries = [throttle.admit(session, f"login{number}", "10.0.0.9", now).is_open for number in range(40)]
        assert tries.count(True) == 31
        assert throttle.admit(session, "login1", "10.0.0.8", now).is_open
        assert not throttle.admit(session, "login1", "10.0.0.9", now).is_open
        assert throttle.admit(session, "login1", "10.0.0.9", now + timedelta(days=2)).is_open


def test_the_demonstration_has_one_account_for_each_role(database: Database, now: datetime) -> None:
    with database.write() as session:
        first = add_demo_staff(session, "a key of the demonstration", now)
    with database.write() as session:
        assert add_demo_staff(session, "a key of the demonstration", now) == first, "a second start changes nothing"
    assert {one.role for one in first} == set(Role)
    with database.write() as session:
        for one in first:
            assert signing_in.check_password(session, one.login, one.password, now), one.login
        get(session, "guanli").password_hash = "changed"
        again = add_demo_staff(session, "a key of the demonstration", now)
    assert [one.password for one in again if one.login == "guanli"] == [""]
