"""The pure rules of the console: duties, waits, passwords, one-time codes."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from models.audit import Act
from models.role import Role
from services.staff.duties import PERMISSIONS, Permission, find_clash, permissions_of
from services.staff.passwords import DUMMY_HASH, draw_password, hash_password, is_password, judge_password
from services.staff.second_factor import STEP_SECONDS, find_step
from services.staff.sessions import name_browser
from services.staff.throttle import FREE_BY_ADDRESS, FREE_BY_LOGIN, compute_wait
from services.staff.words import ACT_WORDS, DUTY_WORDS, ROLE_WORDS

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def test_every_role_has_duties_and_every_duty_somebody() -> None:
    assert set(PERMISSIONS) == set(Role)
    assert frozenset().union(*PERMISSIONS.values()) == set(Permission)


def test_everything_has_a_name() -> None:
    assert (set(ROLE_WORDS), set(DUTY_WORDS), set(ACT_WORDS)) == (set(Role), set(Permission), set(Act))


def test_who_audits_or_mediates_never_sees_or_does_the_work_of_others() -> None:
    assert permissions_of(frozenset({Role.AUDITOR})) == {Permission.READ_CASES, Permission.READ_AUDIT}
    assert Permission.READ_CASES not in permissions_of(frozenset({Role.MEDIATOR, Role.ASSOCIATION}))
    assert permissions_of(frozenset()) == frozenset()


@pytest.mark.parametrize(
    ("roles", "clashes"),
    [
        ({Role.AUDITOR}, False),
        ({Role.AUDITOR, Role.ADMINISTRATOR}, True),
        ({Role.AUDITOR, Role.HANDLER}, True),
        ({Role.INTAKE, Role.DISPATCHER, Role.HANDLER}, False),
        ({Role.MEDIATOR, Role.ASSOCIATION}, False),
        ({Role.MEDIATOR, Role.HANDLER}, True),
        ({Role.ASSOCIATION, Role.ARCHIVE}, True),
        ({Role.ADMINISTRATOR, Role.SUPERVISOR}, False),
    ],
)
def test_roles_that_one_person_must_not_bear_together(roles: set[Role], clashes: bool) -> None:
    assert (find_clash(frozenset(roles)) is not None) is clashes


def test_waits_grow_and_end_at_an_hour() -> None:
    minutes = [compute_wait(count, FREE_BY_LOGIN).total_seconds() / 60 for count in range(1, 15)]
    assert minutes == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert compute_wait(10**9, FREE_BY_LOGIN) == timedelta(hours=1)
    assert not compute_wait(FREE_BY_ADDRESS, FREE_BY_ADDRESS)


@pytest.mark.parametrize(
    "password",
    ["短", "a" * 9, "aaaaaaaaaaaa", "password1234", "qwertyuiop12", "1234567890", "chengxin2026", "zhangmin1980",
     "P@ssw0rd2026", "Aa123456789!", "woaini5201314", "诚信通商务局", "x" * 73],
)  # fmt: skip
def test_weak_passwords_are_told(password: str) -> None:
    assert judge_password(password, ("zhangmin", "张敏"))


@pytest.mark.parametrize(
    "password", ["海带 灯塔 第七排 甲", "correct horse battery", "vuhgk tzwpa", "湘潭的天气真不错啊哈"]
)
def test_no_mixture_of_kinds_is_asked_for(password: str) -> None:
    assert judge_password(password, ("zhangmin", "张敏")) == ""


def test_a_password_is_kept_as_argon2_and_salted() -> None:
    kept = hash_password("海带 灯塔")
    assert kept.startswith("$argon2id$")
    assert kept != hash_password("海带 灯塔")
    assert is_password(kept, "海带 灯塔")
    assert not is_password(kept, "海带 灯塔 ")
    assert not is_password(None, "海带 灯塔")
    assert not is_password("no hash", "海带 灯塔")
    assert DUMMY_HASH.split("$")[3] == kept.split("$")[3], "an unknown login must cost the same"


def test_one_time_passwords_are_good_ones() -> None:
    drawn = {draw_password() for _ in range(50)}
    assert len(drawn) == 50
    assert all(judge_password(one) == "" for one in drawn)


def test_codes_hold_for_their_step_and_its_neighbours() -> None:
    present = int(NOON.timestamp()) // STEP_SECONDS
    code = pyotp.TOTP(SECRET).generate_otp(present)
    for step in (-1, 0, 1):
        assert find_step(SECRET, code, NOON + timedelta(seconds=step * STEP_SECONDS)) == present
    for step in (-2, 2):
        assert find_step(SECRET, code, NOON + timedelta(seconds=step * STEP_SECONDS)) is None
    assert find_step(SECRET, "000000" if code != "000000" else "111111", NOON) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Mobile MicroMessenger/8.0.60", "微信 · 苹果手机或平板"),
        ("", "未知浏览器"),
        ("<script>" * 500, "未知浏览器"),
    ],
)
def test_browsers_in_words(agent: str, words: str) -> None:
    assert name_browser(agent) == words
