"""Nothing of a firm's records is said, shown, logged or preloaded at any door before a citizen has picked it."""

import itertools
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.reception import Reception
from cli.search import answer
from handlers import ROUTERS
from models.database import Database
from services.demo import heroes
from services.demo.load import load_demo
from tests.citizen import Citizen, make_desk, make_settings, open_door
from tests.pages import make_pages

EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
# What only its records tell of the listed firm: list, number, basis, authority, penalty, abnormal entry, filing.
TELLING = (
    "单用途商业预付卡领域",
    "长商失信",
    "第二十三条",
    "长沙市商务局",
    "拒不退还",
    "无法联系",
    "预付卡备案 ",
    "⚠",
    "列入：",
    "未查到：",
    "BLACK",
    "listing",
    "penalty",
)
# Each finds the listed firm by something less than its name or code; the last finds a part of it among others.
ASKED = (
    "长沙云朵安洗衣服务有限公司",
    "云朵岸洗衣是不是骗子",
    "云朵岸",
    "yunduoan",
    "长沙云朵安洗衣服务有限公司在黑名单吗",
    "我妈被一个叫云朵岸的洗衣店骗了2000块钱",
    "91430100DEM0HR03K7",
    "云朵岸洗衣和石榴巷小馆哪个好",
)
Door = Callable[[str], str]


def chat(database: Database, folder: Path) -> Door:
    settings = make_settings(data_dir=folder, wechat_freshness_seconds=0)
    reception = Reception(settings, database, make_desk(settings), ROUTERS, lambda: EVENING)
    client, numbers = open_door(reception), itertools.count(1)
    return lambda text: Citizen(client, settings, f"o_citizen_{next(numbers):017}").says(text)


def page(database: Database, folder: Path) -> Door:
    visitor = make_pages(database, folder, lambda: EVENING, "https://bureau.example.gov.cn").test_client()
    return lambda text: visitor.get("/h5/search", query_string={"q": text}).text


def suggestions(database: Database, folder: Path) -> Door:
    visitor = make_pages(database, folder, lambda: EVENING, "https://bureau.example.gov.cn").test_client()
    return lambda text: str(visitor.get("/h5/suggest", query_string={"q": text}).json)


@pytest.fixture
def register(sqlite: Database) -> Database:
    load_demo(sqlite, date(2026, 11, 20), firms_count=30)
    return sqlite


@pytest.mark.parametrize("door", [chat, page, suggestions])
def test_nothing_is_told_of_a_firm_that_is_only_offered(
    door: Callable[[Database, Path], Door], register: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask = door(register, tmp_path)
    for text in ASKED:
        caplog.clear()
        shown = ask(text)
        assert "云朵岸" in shown or (door is suggestions and shown == "{'suggestions': []}"), text
        assert [word for word in TELLING if word in shown] == [], text
        logged = "\n".join(
            record.getMessage() for record in caplog.records if record.name != "sqlalchemy.engine.Engine"
        )
        assert [word for word in (*TELLING, heroes.LISTED, "云朵") if word in logged] == [], text


def test_staffs_search_tells_names_only(register: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = make_desk(make_settings(data_dir=tmp_path))
    for text in ASKED:
        for as_json in (False, True):
            with register.read() as session:
                answer(session, desk, text, as_json)
            shown = capsys.readouterr().out
            assert "云朵岸" in shown
            assert [word for word in TELLING if word in shown] == []


def test_the_words_would_be_seen_once_it_is_picked(register: Database, tmp_path: Path) -> None:
    shown = chat(register, tmp_path)(heroes.LISTED)
    assert [word for word in TELLING[:7] if word in shown] == list(TELLING[:7])
