"""Codes of ours, scanned or pasted in the chat: a store's sticker, an answer; others go on to the licence."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.reception import Reception
from handlers import ROUTERS
from models.archive_words import Subject
from models.database import Database
from models.enterprise import Enterprise
from models.record import RecordType
from services.credit.stickers import issue_sticker
from services.demo import heroes
from services.demo.load import load_demo
from tests.citizen import LINE, Citizen, make_desk, make_settings, open_door, plain
from tests.factories import make_record

EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def citizen(sqlite: Database, tmp_path: Path) -> Citizen:
    load_demo(sqlite, EVENING.date(), firms_count=30)
    settings = make_settings(data_dir=tmp_path, wechat_freshness_seconds=0)
    reception = Reception(settings, sqlite, make_desk(settings), ROUTERS, lambda: EVENING)
    return Citizen(open_door(reception), settings)


def make_sticker(database: Database, until: date) -> str:
    with database.write() as session:
        firm = session.scalars(select(Enterprise).where(Enterprise.name == heroes.CLEAR)).one()
        record = make_record(session, firm, RecordType.DEMONSTRATION, title="诚信门店", valid_until=until)
        return issue_sticker(session, Subject.RECORD, record.id, "staff:1", EVENING).code


@pytest.mark.parametrize(
    ("until", "words"), [(date(2026, 11, 20), "荣誉有效：诚信门店"), (date(2026, 11, 19), "荣誉已过期：诚信门店")]
)
def test_a_scanned_sticker_tells_the_live_state(citizen: Citizen, sqlite: Database, until: date, words: str) -> None:
    address = f"https://bureau.example.gov.cn/store/{make_sticker(sqlite, until)}"
    for shown in (citizen.scans(address), citizen.says(address)):
        assert words in plain(shown)
        assert heroes.CLEAR in plain(shown)
    assert "已关注" in citizen.taps("关注")


def test_a_sticker_that_is_not_ours_is_not_believed(citizen: Citizen) -> None:
    assert "没有发放过这张贴纸" in citizen.scans("https://evil.example/store/ABCDEFGHJK")


def test_a_scanned_answer_is_checked(citizen: Citizen) -> None:
    card = citizen.says(heroes.CLEAR)
    address = card.partition('<a href="https://bureau.example.gov.cn/check/')[2].partition('"')[0]
    checked = citizen.scans(f"https://bureau.example.gov.cn/check/{address}")
    assert "是本局出具的，所列信息到现在没有变化。" in checked
    assert "没有核验通过" in citizen.scans(f"https://bureau.example.gov.cn/check/{address[:-9]}AAAAAAAAA")
    assert LINE.search(checked)


def test_a_licence_is_still_a_licence(citizen: Citizen) -> None:
    assert heroes.CLEAR in citizen.scans("91430100DEM0HR010U")
