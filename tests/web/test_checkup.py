"""The check-up: each fault is found, said in Chinese, with what to do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checkup import check_clock, check_wechat
from bot.gateway import Gateway
from config.settings import Settings
from models.database import Database
from models.notice import Channel, NoticeStatus
from models.received import Received
from models.role import Role
from models.vault import Vault
from services import followers, notices
from services.calendar.years import seed_calendar
from services.checkup import State, check_here, check_jobs
from services.condition import Condition
from services.enterprises.index import NameIndex
from tests.citizen import make_settings
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import make_enterprise
from tests.fake_wechat import FakeWechat, run_fake_wechat
from tests.web.markup import Page

GOOD_QUOTA = {"errcode": 0, "quota": {"daily_limit": 100, "used": 1, "remain": 99}}
GOOD_WAY = {"dns": [{"ip": "1.2.3.4"}], "ping": [{"ip": "1.2.3.4", "package_loss": "0%"}]}


@pytest.fixture
def fake() -> Iterator[FakeWechat]:
    with run_fake_wechat() as server:
        server.answers["/cgi-bin/openapi/quota/get"] = [GOOD_QUOTA]
        server.answers["/cgi-bin/callback/check"] = [GOOD_WAY]
        yield server


def real_clock() -> datetime:
    return datetime.now(UTC)


def look(fake: FakeWechat, database: Database) -> dict[str, tuple[State, str]]:
    settings = make_settings(wechat_api_url=fake.url)
    gateway = Gateway(settings, database, real_clock, lambda _: None)
    found = check_wechat(gateway, settings, real_clock)
    return {finding.subject: (finding.state, finding.text + finding.advice) for finding in found}


def look_here(database: Database, folder: Path, now: datetime, **overrides: Any) -> dict[str, tuple[State, str]]:
    settings = make_settings(data_dir=folder, **overrides)
    found = check_here(settings, database, NameIndex(folder / "index"), now)
    return {finding.subject: (finding.state, finding.text + finding.advice) for finding in found}


def fill(database: Database, now: datetime) -> None:
    with database.write() as session:
        make_enterprise(session, "长沙青禾商贸有限公司")
        seed_calendar(session, now)
        session.add(Received(key=b"k" * 32, kind="text", received_at=now, follower_id=None, reply_sealed=None))


def test_all_is_well(database: Database, tmp_path: Path) -> None:
    now = datetime(2026, 7, 1, tzinfo=UTC)
    fill(database, now)
    assert {state for state, _ in look_here(database, tmp_path, now).values()} == {State.FINE}


def test_a_new_installation_is_told_what_it_lacks(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    found = look_here(sqlite, tmp_path, now, secret_key="short", public_url="http://127.0.0.1:8000")
    assert found["设置"][0] is State.FAULT
    assert "SECRET_KEY" in found["设置"][1]
    assert (found["网址"][0], found["微信消息"][0], found["工作日历"][0]) == (State.NOTE,) * 3
    assert found["企业资料"][0] is State.FAULT
    assert "chengxin import register" in found["企业资料"][1]


def test_a_calendar_that_ends_soon_is_noted(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    fill(sqlite, now)
    assert look_here(sqlite, tmp_path, now)["工作日历"][0] is State.NOTE, "the year after is not announced yet"


def test_a_database_that_is_not_there_or_old(tmp_path: Path, now: datetime) -> None:
    new = Database(f"sqlite:///{tmp_path / 'new.db'}", Vault("k" * 40))
    assert "chengxin db upgrade" in look_here(new, tmp_path, now)["数据库"][1]
    gone = Database("postgresql://nobody@127.0.0.1:1/none", Vault("k" * 40))
    state, words = look_here(gone, tmp_path, now)["数据库"]
    assert state is State.FAULT
    assert "DATABASE_URL" in words


def test_notices_that_do_not_go_out_mean_that_no_job_runs(database: Database, tmp_path: Path, now: datetime) -> None:
    with database.write() as session:
        follower = followers.meet(session, "o_citizen", now).id
        notices.add_notice(session, follower, Channel.CUSTOMER_SERVICE, {}, key="k", now=now)
    assert look_here(database, tmp_path, now + timedelta(minutes=4))["后台任务"][0] is State.FINE
    assert look_here(database, tmp_path, now + timedelta(minutes=6))["后台任务"][0] is State.FAULT


def test_what_a_person_must_look_at() -> None:
    quiet = dict.fromkeys(NoticeStatus, 0)
    assert [finding.state for finding in check_jobs(Condition(quiet, 0.0, 0))] == [State.FINE]
    bad = check_jobs(Condition(quiet | {NoticeStatus.UNKNOWN: 2}, 0.0, 3))
    assert [(finding.subject, finding.state) for finding in bad[1:]] == [
        ("通知", State.NOTE),
        ("投诉期限", State.NOTE),
    ]


def test_wechat_is_well(fake: FakeWechat, sqlite: Database) -> None:
    assert {state for state, _ in look(fake, sqlite).values()} == {State.FINE}


@pytest.mark.parametrize(
    ("code", "words"), [(40164, "IP 白名单"), (40125, "WECHAT_APP_SECRET"), (40013, "WECHAT_APP_ID"), (48001, "权限")]
)
def test_what_wechat_refuses_is_explained(fake: FakeWechat, sqlite: Database, code: int, words: str) -> None:
    fake.answers["/cgi-bin/stable_token"] = [{"errcode": code, "errmsg": "invalid ip 10.1.2.3"}]
    found = look(fake, sqlite)
    assert found["公众号"][0] is State.FAULT
    assert words in found["公众号"][1]
    assert "9f8e7d6c5b4a" not in str(found), "no secret"


def test_quotas_and_the_way_back(fake: FakeWechat, sqlite: Database) -> None:
    low = {"errcode": 0, "quota": {"daily_limit": 100, "used": 95, "remain": 5}}
    fake.answers["/cgi-bin/openapi/quota/get"] = [low]
    fake.answers["/cgi-bin/callback/check"] = [{"dns": [{"ip": "1.2.3.4"}], "ping": [{"package_loss": "100%"}]}]
    found = look(fake, sqlite)
    assert found["额度"][0] is State.NOTE
    assert "bureau.example.gov.cn" in found["微信到本机"][1]


def test_a_wrong_clock_and_no_way_out(fake: FakeWechat) -> None:
    settings: Settings = make_settings(wechat_api_url=fake.url)
    assert check_clock(settings, real_clock).state is State.FINE
    wrong = check_clock(settings, lambda: real_clock() + timedelta(minutes=10))
    assert (wrong.state, "快 60" in wrong.text or "快 59" in wrong.text) == (State.FAULT, True)
    nowhere = make_settings(wechat_api_url="http://127.0.0.1:1")
    assert check_clock(nowhere, real_clock).state is State.FAULT


def test_the_same_in_the_console(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    clock = Clock(now)
    hire(sqlite, now, "guanli", Role.ADMINISTRATOR)
    hire(sqlite, now, "zhangmin", Role.INTAKE)
    app = make_console(sqlite, tmp_path, clock)
    administrator, clerk = Clerk(app), Clerk(app)
    administrator.signs_in("guanli")
    clerk.signs_in("zhangmin")
    assert clerk.opens("/console/checkup").status_code == 403
    page = Page(administrator.opens("/console/checkup").text)
    assert "chengxin import register" in page.main
    assert "40164" not in page.main
    assert "把 IP 加入白名单" in Page(administrator.sends("/console/checkup").text).main
