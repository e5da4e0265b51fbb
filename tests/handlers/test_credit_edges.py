"""What happens between two messages: records repaired, firms removed, lines forged, clocks turned."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.reception import Reception
from handlers import ROUTERS
from models.database import Database
from models.enterprise import Enterprise, Status
from models.listing import Listing
from models.record import Dataset, Record
from services.credit.questions import count_by_day
from services.demo import heroes
from services.demo.load import load_demo
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain

EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture
def citizen(sqlite: Database, tmp_path: Path) -> Citizen:
    load_demo(sqlite, TODAY, firms_count=30)
    settings = make_settings(data_dir=tmp_path, wechat_freshness_seconds=0)
    reception = Reception(settings, sqlite, make_desk(settings), ROUTERS, lambda: EVENING)
    return Citizen(open_door(reception), settings)


def id_of(database: Database, name: str) -> int:
    """The id of a hero."""
    with database.read() as session:
        return session.scalars(select(Enterprise.id).where(Enterprise.name == name)).one()


def test_a_repaired_record_is_gone_with_the_next_message(citizen: Citizen, sqlite: Database) -> None:
    assert "⚠ 列入" in citizen.says(heroes.LISTED)
    with sqlite.write() as session:
        for row in [*session.scalars(select(Listing)), *session.scalars(select(Record))]:
            row.withdrawn_on, row.withdrawn_reason = TODAY, "信用修复"
    assert "严重失信主体名单：在本平台已归集的数据中未查到" in plain(citizen.says("失信吗"))
    shown = plain(citizen.says(heroes.LISTED))
    assert "⚠" not in shown
    assert "未查到：严重失信主体名单、行政处罚、经营异常名录" in shown


def test_a_firm_taken_out_of_the_register_is_not_shown_any_more(citizen: Citizen, sqlite: Database) -> None:
    offered = citizen.says(heroes.SAME)
    with sqlite.write() as session:
        for row in session.scalars(select(Enterprise).where(Enterprise.name == heroes.SAME)):
            row.status = Status.REMOVED
    citizen.shown = offered
    assert "已不在本平台的登记数据中" in citizen.taps("湘潭")
    assert f"{heroes.SAME}（" not in plain(citizen.says(heroes.SAME))


def test_a_question_about_a_removed_firm_asks_which_firm(citizen: Citizen, sqlite: Database) -> None:
    citizen.says(heroes.CLEAR)
    with sqlite.write() as session:
        session.get_one(Enterprise, id_of(sqlite, heroes.CLEAR)).status = Status.REMOVED
    assert "您要查哪家企业" in citizen.says("处罚")


def test_without_datasets_nobody_searched(citizen: Citizen, sqlite: Database) -> None:
    with sqlite.write() as session:
        for dataset in session.scalars(select(Dataset)):
            session.delete(dataset)
    shown = plain(citizen.says(heroes.NEAR[0]))
    assert "本平台未归集（没有查）：严重失信主体名单、行政处罚、经营异常名录、失信被执行人" in shown
    assert "未查到" not in shown
    assert "截至2026年11月19日归集" in shown  # the register's own date


def test_old_court_data_are_marked(citizen: Citizen, sqlite: Database) -> None:
    with sqlite.write() as session:
        session.get_one(Dataset, "court").data_on = date(2026, 11, 1)
    assert "可能已有变化" in citizen.says(heroes.ADVERSE)
    assert "可能已有变化" in citizen.says("失信被执行人")


@pytest.mark.parametrize("forged", ["pick:abc", "pick:", "pick:-1", "pick:" + "9" * 30, "pick:1 OR 1=1"])
def test_a_forged_line_is_only_words(citizen: Citizen, forged: str) -> None:
    assert heroes.DEREGISTERED in citizen.says(heroes.DEREGISTERED, bizmsgmenuid=forged)


def test_an_unknown_id_is_told_kindly(citizen: Citizen) -> None:
    assert "已不在本平台的登记数据中" in citizen.says("1", bizmsgmenuid="pick:999999999")


@pytest.mark.parametrize(
    "said", ["11010519491231002X", "查一下11010519491231002X这个人", "身份证 11010519491231002x 失信吗"]
)
def test_an_identity_number_is_neither_searched_nor_repeated(citizen: Citizen, said: str) -> None:
    shown = citizen.says(said)
    assert "这里不能查个人" in shown
    assert "1949" not in shown


@pytest.mark.parametrize(
    "name", [value for value in vars(heroes).values() if isinstance(value, str) and "有限公司" in value]
)
def test_each_hero_is_found_by_its_name(citizen: Citizen, name: str) -> None:
    shown = plain(citizen.says(name))
    assert "登记状态：" in shown
    assert len(shown) <= 600


def test_two_citizens_do_not_hear_each_others_answers(citizen: Citizen, sqlite: Database) -> None:
    other = Citizen(citizen.door, citizen.settings, "o_citizen_other")
    citizen.says(heroes.LISTED)
    other.says(heroes.CLEAR)
    assert heroes.LISTED in citizen.says("处罚")
    assert heroes.CLEAR in other.says("处罚")


def test_links_lead_to_the_firms_own_page(citizen: Citizen, sqlite: Database) -> None:
    enterprise_id = id_of(sqlite, heroes.CLEAR)
    assert f'href="https://bureau.example.gov.cn/h5/enterprises/{enterprise_id}"' in citizen.says(heroes.CLEAR)


def test_answered_questions_are_counted_by_verdict(citizen: Citizen, sqlite: Database) -> None:
    for words in (heroes.LISTED, heroes.SAME, "魑魅魍魉饕餮有限公司", "帮助"):
        citizen.says(words)
    with sqlite.read() as session:
        assert count_by_day(session, TODAY, TODAY) == {
            (TODAY, "chat", "match"): 1,
            (TODAY, "chat", "choose"): 1,
            (TODAY, "chat", "none"): 1,
        }
