"""What is kept of a citizen's choice, and that nothing of the citizen is."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.reception import Reception
from handlers import ROUTERS
from models.choice import LoggedChoice
from models.database import Database
from tests.citizen import Citizen, make_desk, make_settings, open_door
from tests.factories import make_enterprise

# Half past five in the morning of the 21st in Shanghai, the 20th in UTC.
DAWN = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
NAMES = ("长沙鑫达商贸有限公司", "长沙鑫达建材有限公司", "湘潭鑫达食品有限公司", "长沙星辰科技有限公司")


@pytest.fixture
def citizen(database: Database, tmp_path: Path) -> Citizen:
    with database.write() as session:
        for number, name in enumerate(NAMES):
            make_enterprise(session, name, f"91430100MA4L00000{number}")
    settings = make_settings(data_dir=tmp_path, wechat_freshness_seconds=0)
    return Citizen(open_door(Reception(settings, database, make_desk(settings), ROUTERS, lambda: DAWN)), settings)


def read_log(database: Database) -> list[LoggedChoice]:
    with database.read() as session:
        return list(session.scalars(select(LoggedChoice)))


def test_a_number_a_tap_and_more_words_are_logged_once(citizen: Citizen, database: Database) -> None:
    shown = citizen.says("鑫达")
    assert "请" in shown
    citizen.says("2")
    [choice] = read_log(database)
    assert (choice.query, choice.position, choice.was_found, choice.chosen_on) == ("鑫达", 2, True, date(2026, 11, 21))
    assert choice.offered_count >= 2
    citizen.says("1")
    assert len(read_log(database)) == 1, "who looks at a second firm did not mean two"
    citizen.says("鑫达商贸公司")
    citizen.taps("长沙鑫达商贸有限公司")
    citizen.says("鑫达")
    citizen.says("食品那个")
    log = read_log(database)
    assert len(log) == 3
    assert len({choice.enterprise_id for choice in log}) >= 2


def test_none_of_them_is_logged_as_absent(citizen: Citizen, database: Database) -> None:
    citizen.says("长沙鑫大商贸有限公司")
    citizen.says("都不是")
    [choice] = read_log(database)
    assert (choice.query, choice.enterprise_id, choice.position) == ("长沙鑫大商贸有限公司", None, None)


@pytest.mark.parametrize("said", ["鑫达13812345678", "我在鑫达买了假货", "芙蓉路8号鑫达", "王小明鑫达"])
def test_what_could_be_of_a_person_is_not_kept(citizen: Citizen, database: Database, said: str) -> None:
    citizen.says(said)
    citizen.says("1")
    citizen.says(said)
    citizen.says("都不是")
    assert read_log(database) == []


def test_an_exact_name_is_no_choice(citizen: Citizen, database: Database) -> None:
    citizen.says(NAMES[0])
    citizen.says("都不是")
    assert read_log(database) == []


def test_rows_tell_no_person_and_no_order() -> None:
    columns = set(LoggedChoice.__table__.columns.keys())
    assert columns == {"id", "query", "enterprise_id", "position", "offered_count", "was_found", "chosen_on"}
    ids = [LoggedChoice.__table__.c.id.default.arg(None) for _ in range(20)]
    assert sorted(ids) != ids
