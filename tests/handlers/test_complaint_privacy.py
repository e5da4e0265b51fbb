"""What a complaint in chat leaves behind, who gets at it, and what nobody can find out."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.reception import Reception
from config.cases import load_case_rules
from config.settings import Settings
from handlers import ROUTERS
from models.case import Case, CaseParty
from models.case_arrival import EvidenceFetch
from models.database import Database
from models.follower import ConversationState
from models.notice import Notice
from models.received import Received
from services.calendar.years import seed_calendar
from services.cases.docket import open_docket
from services.cases.intake import FACTS
from services.cases.numbers import parse_number
from services.cases.places import Point, find_points
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain, real_now
from tests.disk import read_files
from tests.factories import make_enterprise

FIRM, OTHER = "长沙乐享健身服务有限公司", "长沙另一家食品有限公司"
NAME, PHONE, STORY = "欧阳金丝雀", "13987654321", "十月在这家店充了三千块钱后就关门了要求退款金丝雀"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(data_dir=tmp_path)


@pytest.fixture
def reception(database: Database, settings: Settings) -> Reception:
    with database.write() as session:
        seed_calendar(session, real_now())
        make_enterprise(session, FIRM, "91430100MA4L2K1X70")
        make_enterprise(session, OTHER)
    return Reception(settings, database, make_desk(settings), ROUTERS, real_now)


def meet(reception: Reception, settings: Settings, openid: str = "o_citizen") -> Citizen:
    return Citizen(open_door(reception), settings, f"{openid:0<28}")


def test_nothing_personal_lies_open_or_is_logged(
    reception: Reception, settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = meet(reception, settings)
    for words in ("投诉", "1", FIRM, STORY, f"{NAME} {PHONE}", "修改", "返回", "提交", "提交", "进度", "补充", STORY):
        citizen.says(words)
        with database.read() as session:
            stored = "".join(str(row.state) for row in session.scalars(select(ConversationState)))
        assert not [secret for secret in (NAME, PHONE, STORY, "金丝雀") if secret in stored]
    assert not [secret for secret in (NAME, PHONE, STORY) if secret in caplog.text]
    path = Path(database.engine.url.database or "")
    files = read_files(path.parent.glob(f"{path.name}*"))
    assert not [secret for secret in (NAME, PHONE, STORY) if secret.encode() in files]


def test_a_place_is_kept_with_its_coordinates_and_sealed(
    reception: Reception, settings: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = meet(reception, settings)
    for words in ("投诉", "1", FIRM, STORY):
        citizen.says(words)
    shown = citizen.sends("location", Location_X="28.228209", Location_Y="112.938814", Scale="15", Label="金丝雀路1号")
    assert "位置收到：金丝雀路1号（北纬28.22821，东经112.93881）" in shown
    citizen.says(f"{NAME} {PHONE}")
    citizen.says("提交")
    with database.read() as session:
        case = session.scalars(select(Case)).one()
        told = open_docket(session, load_case_rules(), real_now()).open(case.facts_sealed, FACTS)["place"]
    assert find_points(told) == [Point("28.22821", "112.93881")]
    path = Path(database.engine.url.database or "")
    files = read_files(path.parent.glob(f"{path.name}*"))
    for secret in ("金丝雀路", "28.2282", "112.9388"):
        assert secret not in caplog.text
        assert secret.encode() not in files


def test_an_anonymous_report_cannot_be_led_back(reception: Reception, settings: Settings, database: Database) -> None:
    citizen = meet(reception, settings)
    for words in ("举报", FIRM, STORY):
        citizen.says(words)
    citizen.sends("image", MediaId="media_1", PicUrl="http://mmbiz.qpic.cn/1")
    citizen.says("匿名举报")
    shown = plain(citizen.says("提交"))
    number = next(word for word in shown.replace("：", " ").split() if word.startswith("JB"))
    with database.read() as session:
        [case] = session.scalars(select(Case))
        assert (case.is_anonymous, case.follower_id) == (True, None)
        assert session.scalar(select(func.count()).select_from(CaseParty)) == 0
        assert list(session.scalars(select(EvidenceFetch.follower_id))) == [None]
        assert session.scalar(select(func.count()).select_from(Notice)) == 0
    for words in ("进度", f"进度 {number}", "补充", "撤回", "提交", "我的数据", "导出数据"):
        assert FIRM not in plain(citizen.says(words)), words
    with database.read() as session:
        assert number not in str([row.state for row in session.scalars(select(ConversationState))])


def test_guesses_are_counted_and_tell_nothing(reception: Reception, settings: Settings, database: Database) -> None:
    citizen, thief = meet(reception, settings), meet(reception, settings, "o_thief")
    for words in ("投诉", "1", FIRM, STORY, f"{NAME} {PHONE}", "提交"):
        citizen.says(words)
    with database.read() as session:
        number = session.scalars(select(Case.number)).one()
    serial = int(number[16:21])
    absent = next(one for tail in range(10) if is_valid(one := f"{number[:16]}{serial + 7:05}{tail}"))
    assert thief.says(f"进度 {absent}") == thief.says(f"进度 {number}")
    assert thief.says(f"进度 {absent} AAAABBBB") == thief.says(f"进度 {number} AAAABBBB")
    answers = [plain(thief.says(f"进度 {number} AAAA{letter * 4}")) for letter in "BCDEFGHJKLMNPQ"]
    assert "不对" in answers[0]
    assert "尝试次数过多" in answers[-1]
    assert not any(FIRM in answer for answer in answers)
    assert FIRM in plain(citizen.says(f"进度 {number}")), "the owner is not locked out"


def is_valid(number: str) -> bool:
    return parse_number(number) is not None


def test_another_persons_telephone_tells_nothing(reception: Reception, settings: Settings) -> None:
    citizen, curious = meet(reception, settings), meet(reception, settings, "o_curious")
    for words in ("投诉", "1", FIRM, STORY, f"{NAME} {PHONE}", "提交"):
        citizen.says(words)
    for words in ("投诉", "1", FIRM, STORY, f"李四 {PHONE}"):
        curious.says(words)
    assert "请核对" in curious.shown
    assert "提交过" not in curious.shown
    assert "TS" not in plain(curious.says("提交")).replace(first_number(curious.shown), "")


def first_number(shown: str) -> str:
    return next(word for word in plain(shown).replace("：", " ").split() if word.startswith("TS"))


def test_who_leaves_takes_the_draft_along(reception: Reception, settings: Settings) -> None:
    citizen = meet(reception, settings)
    for words in ("投诉", "1", FIRM, STORY):
        citizen.says(words)
    citizen.unfollows()
    citizen.follows()
    assert "没有没填完" in plain(citizen.says("继续投诉"))


def test_the_stored_replies_are_sealed(reception: Reception, settings: Settings, database: Database) -> None:
    citizen = meet(reception, settings)
    for words in ("投诉", "1", FIRM, STORY):
        citizen.says(words)
    with database.read() as session:
        sealed = [row.reply_sealed for row in session.scalars(select(Received)) if row.reply_sealed]
    assert sealed
    assert not [one for one in sealed if STORY.encode() in one]
