"""The commitment wall, stories with and without consent, shops whose honour is in force."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from models.association import Commitment
from models.campaign_words import Review
from models.database import Database
from models.nomination import Nomination
from models.record import Polarity, RecordType
from services.campaigns import nominations
from services.campaigns.activities import ActivityError
from services.campaigns.consents import consent_findings, find_unconsented
from services.campaigns.shops import district_of, find_shops
from tests.citizen_pages import Bureau
from tests.factories import make_enterprise, make_record
from tests.taking_part import add_campaign

CODE, NAME = "91350100M000100Y43", "麦朵坊便利店"
STORY = {
    "kind": "shop", "subject": NAME, "credit_code": CODE, "title": "三十年老店", "proof": "",
    "story": "这家店三十年来缺斤少两一次没有过，卖错了价格会追出门退钱，街坊都信得过。",
    "name": "王大妈", "phone": "13812345678",
}  # fmt: skip


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path) -> Bureau:
    bureau = Bureau(sqlite, tmp_path)
    with sqlite.write() as session:
        make_enterprise(session, NAME, CODE)
        add_campaign(session, bureau.now, date(2026, 11, 1), date(2026, 11, 30))
    return bureau


def test_a_firm_signs_once_and_is_shown_when_the_bureau_has_confirmed(desk: Bureau) -> None:
    citizen = desk.citizen()
    citizen.get("/h5/commitments")
    for name, code, words in ((NAME, CODE[:-1] + "4", "代码不对"), ("别的店", CODE, "名称和代码对不上")):
        page = citizen.post("/h5/commitments", name=name, code=code, agrees="yes")
        assert words in page.text
        assert name in page.text
    assert citizen.post("/h5/commitments", name=NAME, code=CODE.lower(), agrees="yes").status_code == 303
    assert "已经签署过" in citizen.post("/h5/commitments", name=NAME, code=CODE, agrees="yes").text
    assert "<strong>0</strong> 家企业" in citizen.get("/h5/commitments").text
    with desk.database.write() as session:
        session.scalars(select(Commitment)).one().state = Review.APPROVED
    page = citizen.get("/h5/commitments")
    assert "<strong>1</strong> 家企业" in page.text
    assert NAME in page.text


def test_a_story_without_consent_becomes_no_article(desk: Bureau) -> None:
    citizen = desk.citizen()
    citizen.get("/h5/stories")
    refused = citizen.post("/h5/stories", **STORY | {"story": "电话13812345678"})
    assert "手机号码" in refused.text or "至少30个字" in refused.text
    assert "三十年老店" in refused.text
    for _ in range(2):
        citizen.post("/h5/stories", key="k" * 43, **STORY)
    with desk.database.write() as session:
        row = session.scalars(select(Nomination)).one()
        assert NAME.encode() not in (row.story_sealed or b"")
        nominations.review(row, is_accepted=True, note="", by="staff:1", now=desk.now)
        with pytest.raises(ActivityError, match="没有同意公开"):
            nominations.draft_article(session, row, "staff:1", desk.now)
        nominations.record_consent(row, "签字同意书已收", desk.now)
        article = nominations.draft_article(session, row, "staff:1", desk.now)
        assert (article.title, consent_findings(session, article.id)) == ("三十年老店", [])
        nominations.withdraw_consent(row, desk.now)
        session.flush()
        assert find_unconsented(session, [article.id]) == {article.id}
        assert "不能发布" in consent_findings(session, article.id)[0].words


def test_a_shop_is_gone_the_day_after_its_honour_ran_out(desk: Bureau) -> None:
    with desk.database.write() as session:
        firm = make_enterprise(session, "示范超市", city="示范市", address="示范市城关区人民路1号")
        make_record(
            session, firm, RecordType.DEMONSTRATION, polarity=Polarity.POSITIVE, title="诚信示范门店",
            valid_until=date(2026, 11, 20),
        )  # fmt: skip
    assert "示范超市" in desk.citizen().get("/h5/shops?district=城关区").text
    assert "示范超市" not in desk.citizen().get("/h5/shops?district=江北区").text
    with desk.database.read() as session:
        days = [[shop.name for shop in find_shops(session, day)] for day in (date(2026, 11, 20), date(2026, 11, 21))]
    assert days == [["示范超市"], []]
    desk.now = datetime(2026, 11, 21, 2, tzinfo=UTC)
    assert "示范超市" not in desk.citizen().get("/h5/shops").text


@pytest.mark.parametrize(
    ("address", "city", "district"),
    [
        ("示范市城关区人民路1号", "示范市", "城关区"),
        ("湖南省长沙市岳麓区麓山路", "长沙", "岳麓区"),
        ("长沙县星沙街道", "长沙", "长沙县"),
        ("长沙市示范路1号", "长沙", "长沙"),
        ("", "长沙", "长沙"),
        ("浏阳市集里街道", "长沙", "浏阳市"),
    ],
)
def test_the_district_is_read_from_the_address(address: str, city: str, district: str) -> None:
    assert district_of(address, city) == district
