"""The check page, the printed sheet, and the page behind a store's sticker, in a browser without script."""

import re
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from models.answer import IssuedAnswer
from models.archive_words import Life, Subject
from models.database import Database
from models.enterprise import Enterprise, Status
from models.listing import Kind, Listing
from models.record import Record, RecordType, Severity
from services.credit.stickers import issue_sticker
from services.credit.throttle import count_one
from tests.factories import collect, make_enterprise, make_listing, make_record
from tests.web.markup import Page

TOKEN = re.compile(r"/check/(CX\d+-[A-Z2-9]{9})")
NAME = "湖南稻花屿食品有限公司"


@pytest.fixture
def firm_id(database: Database) -> int:
    with database.write() as session:
        firm = make_enterprise(session, NAME, "91430100MA4L2K1X70")
        collect(session, "register", "black", "penalty")
        make_record(
            session, firm, RecordType.PENALTY, severity=Severity.GENERAL, title="独角兽处罚", content="罚款一万元"
        )
        make_listing(session, firm)
        return firm.id


def token_on(client: FlaskClient, firm_id: int) -> str:
    found = TOKEN.search(client.get(f"/h5/enterprises/{firm_id}").text)
    assert found
    return found[1]


def read_pdf(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return "".join(text.split())


def repair(database: Database) -> None:
    with database.write() as session:
        for record in session.scalars(select(Record)):
            record.life, record.withdrawn_on, record.withdrawn_reason = Life.REPAIRED, date(2026, 11, 20), "信用修复"


def test_a_page_bears_a_number_that_anybody_can_check(client: FlaskClient, database: Database, firm_id: int) -> None:
    token = token_on(client, firm_id)
    assert token != token_on(client, firm_id)
    checked = client.get(f"/check/{token}")
    words = Page(checked.text).main
    assert "是本局出具的，所列信息到现在没有变化。" in words
    assert NAME in words
    assert "2026年11月20日 18:00" in words
    assert "独角兽处罚" not in words
    assert checked.headers["Cache-Control"] == "no-store"
    repair(database)
    words = Page(client.get(f"/check/{token}").text).main
    assert "该答复所列部分信息已更新，请重新查询" in words
    assert "独角兽" not in words


def test_a_head_request_and_a_search_engine_of_links_cost_no_number(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm_id = make_enterprise(session, NAME).id
    client.head(f"/h5/enterprises/{firm_id}")
    with database.read() as session:
        assert session.scalars(select(IssuedAnswer)).all() == []


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        ("CX20261120430100000009991-AAAAAAAAA", 404, "抄得不对"),
        ("CX20261120430100000007441-ALFJSYBCG", 404, "没有核验通过"),
        ("%00<script>", 404, "抄得不对"),
        ("CX20260101430100000007449-ALFJSYBCG", 404, "抄得不对"),
    ],
)
def test_what_is_not_ours_fails_in_plain_words(visitor: FlaskClient, token: str, status: int, words: str) -> None:
    answer = visitor.get(f"/check/{token}")
    assert answer.status_code == status
    assert words in answer.text


def test_guessing_is_stopped_for_one_address_only(visitor: FlaskClient) -> None:
    wrong = "/check/CX20261120430100000007441-ALFJSYBCG"
    codes = [visitor.get(wrong).status_code for _ in range(21)]
    assert codes == [404] * 20 + [429]
    assert visitor.get(wrong, environ_base={"REMOTE_ADDR": "10.9.9.9"}).status_code == 404


def test_number_and_code_can_be_typed(client: FlaskClient, firm_id: int) -> None:
    number, code = token_on(client, firm_id).split("-")
    typed = client.get("/check", query_string={"number": f" {number.lower()} ", "code": f"{code[:3]}-{code[3:]}"})
    assert typed.headers["Location"] == f"/check/{number}-{code}"
    again = client.get("/check", query_string={"number": number[:-1], "code": code})
    assert "抄得不对" in again.text
    assert f'value="{number[:-1]}"' in again.text


def test_the_sheet_bears_the_page_s_number_and_never_what_was_repaired(
    client: FlaskClient, database: Database, firm_id: int
) -> None:
    token = token_on(client, firm_id)
    path = f"/h5/enterprises/{firm_id}/paper.pdf?answer={token}"
    first = client.get(path)
    assert first.mimetype == "application/pdf"
    assert b"pdfaid:part" in first.data
    text = read_pdf(first.data)
    for words in (
        token.split("-")[0],
        NAME,
        "独角兽处罚",
        "严重失信主体名单（单用途商业预付卡领域）",
        "行政管理信用信息",
    ):
        assert words in text
    assert "黑名单" not in text
    assert "本平台未归集，没有查" in text
    repair(database)
    second = read_pdf(client.get(path).data)
    assert token.split("-")[0] not in second, "what says something else has another number"
    assert "独角兽" not in second
    assert "在本平台已归集的数据中未查到" in second


def test_sheets_are_limited_and_need_a_firm(visitor: FlaskClient, sqlite: Database, now: datetime) -> None:
    assert visitor.get("/h5/enterprises/77/paper.pdf").status_code == 404
    with sqlite.write() as session:
        firm_id = make_enterprise(session, NAME).id
        for _ in range(30):
            count_one(session, "paper:127.0.0.1", now, timedelta(hours=1))
    assert visitor.get(f"/h5/enterprises/{firm_id}/paper.pdf").status_code == 429


def sticker_of(database: Database, now: datetime, **columns: object) -> tuple[str, int]:
    with database.write() as session:
        firm = make_enterprise(session, "麦朵坊便利店")
        record = make_record(session, firm, RecordType.DEMONSTRATION, title="诚信门店", **columns)
        return issue_sticker(session, Subject.RECORD, record.id, "staff:1", now).code, record.id


def test_a_sticker_shows_the_live_state(client: FlaskClient, database: Database, now: datetime) -> None:
    code, record_id = sticker_of(database, now, valid_until=date(2026, 12, 31))
    assert "荣誉有效 ：诚信门店".replace(" ", "") in Page(client.get(f"/store/{code}").text).main.replace(" ", "")
    for values, words in (
        ({"valid_until": date(2026, 11, 19)}, "荣誉已过期"),
        ({"valid_until": None, "withdrawn_on": date(2026, 11, 20), "life": Life.WITHDRAWN}, "荣誉已撤销"),
        ({"withdrawn_on": None, "life": Life.PUBLISHED, "published_from": date(2026, 11, 21)}, "荣誉还没有生效"),
    ):
        with database.write() as session:
            session.execute(update(Record).where(Record.id == record_id).values(**values))
        assert words in client.get(f"/store/{code}").text
    with database.write() as session:
        session.execute(update(Record).values(published_from=date(2026, 4, 5)))
        session.execute(update(Enterprise).values(status=Status.DEREGISTERED))
    assert "荣誉不再有效" in client.get(f"/store/{code}").text
    lost = client.get("/store/ABCDEFGHJK")
    assert (lost.status_code, "没有发放过这张贴纸" in lost.text) == (404, True)


def test_a_lost_sticker_is_void_and_a_corrected_honour_goes_on(
    client: FlaskClient, database: Database, now: datetime
) -> None:
    code, record_id = sticker_of(database, now)
    with database.write() as session:
        assert issue_sticker(session, Subject.RECORD, record_id, "staff:1", now).code == code
        other = issue_sticker(session, Subject.RECORD, record_id, "staff:1", now, is_new=True).code
        old = session.get_one(Record, record_id)
        old.life = Life.CORRECTED
        firm = session.get_one(Enterprise, old.enterprise_id)
        make_record(session, firm, RecordType.DEMONSTRATION, title="诚信门店（更正）", corrects_id=record_id)
    assert "这张贴纸已作废" in client.get(f"/store/{code}").text
    assert "诚信门店（更正）" in client.get(f"/store/{other}").text


def test_an_entry_of_a_red_list_can_have_a_sticker(client: FlaskClient, database: Database, now: datetime) -> None:
    with database.write() as session:
        firm = make_enterprise(session, "麦朵坊便利店")
        red = make_listing(session, firm, Kind.RED, list_name="诚信兴商典型名单")
        code = issue_sticker(session, Subject.LISTING, red.id, "staff:1", now).code
        listing_id = red.id
    assert "诚信兴商典型名单" in client.get(f"/store/{code}").text
    with database.write() as session:
        session.execute(update(Listing).where(Listing.id == listing_id).values(published_until=date(2026, 11, 20)))
    assert "荣誉已过期" in client.get(f"/store/{code}").text
