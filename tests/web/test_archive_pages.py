"""The public lists, the repair guide and objections as a citizen meets them in a browser without JavaScript."""

import re
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.archive import Objection
from models.archive_words import ArchiveAction, Life, Subject
from models.database import Database
from models.listing import Kind, Listing
from services.cases.facts import SYSTEM
from services.credit import objecting
from services.credit.ledger import Ledger
from tests.archive_desk import CLERK, RULES, SAID, TYPED, ArchiveDesk
from tests.citizen_pages import Bureau, Citizen
from tests.factories import make_enterprise, make_listing
from tests.web.conftest import MakeApp
from tests.web.markup import Page


@pytest.fixture
def desk(sqlite: Database) -> ArchiveDesk:
    return ArchiveDesk(sqlite)


@pytest.fixture
def browser(desk: ArchiveDesk, make_app: MakeApp) -> FlaskClient:
    return make_app(desk.database).test_client()


def add_entries(desk: ArchiveDesk) -> None:
    """Somebody on each kind of list; one whose time is over, one removed, one waiting for approval."""
    with desk.database.write() as session:
        for name, city, columns in (
            ("长沙在册商贸有限公司", "长沙", {}),
            ("湘潭在册商贸有限公司", "湘潭", {"decided_on": date(2026, 1, 5), "published_from": date(2026, 1, 5)}),
            ("长沙期满商贸有限公司", "长沙", {"published_until": date(2026, 11, 20)}),
            ("长沙移出商贸有限公司", "长沙", {"life": Life.REMOVED}),
            ("长沙待审商贸有限公司", "长沙", {"life": Life.PENDING_REVIEW}),
            ("长沙诚信商贸有限公司", "长沙", {"kind": Kind.RED, "list_name": "2026年度诚信兴商典型名单"}),
        ):
            make_listing(session, make_enterprise(session, name, city=city), **columns)


def names(page: Page) -> list[str]:
    """The firms on a page of entries."""
    return re.findall(r"\w+商贸有限公司", page.main)


def test_only_who_is_on_a_list_today_is_shown(desk: ArchiveDesk, browser: FlaskClient) -> None:
    add_entries(desk)
    black = Page(browser.get("/h5/lists/black").text)
    assert names(black) == ["长沙在册商贸有限公司", "湘潭在册商贸有限公司"]
    assert "《示范省单用途预付卡管理条例》第二十三条" in black.main
    assert names(Page(browser.get("/h5/lists/red").text)) == ["长沙诚信商贸有限公司"]
    heads = Page(browser.get("/h5/lists").text).main
    assert "严重失信主体名单（单用途商业预付卡领域）2 家" in heads
    assert browser.get("/h5/lists/grey").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("region=湘潭", ["湘潭在册商贸有限公司"]),
        ("region=湖南", ["长沙在册商贸有限公司", "湘潭在册商贸有限公司"]),
        ("firm=长沙在", ["长沙在册商贸有限公司"]),
        ("firm=100%25", []),
        ("from=2026-01-05&to=2026-01-05", ["湘潭在册商贸有限公司"]),
        ("from=2026-05-07", []),
        ("list=没有这份名单", []),
        ("page=99999&from=昨天", ["长沙在册商贸有限公司", "湘潭在册商贸有限公司"]),
    ],
)
def test_lists_are_narrowed_by_place_name_and_day(
    desk: ArchiveDesk, browser: FlaskClient, query: str, found: list[str]
) -> None:
    add_entries(desk)
    assert names(Page(browser.get(f"/h5/lists/black?{query}").text)) == found


def test_the_repair_guide_tells_day_conditions_and_door(desk: ArchiveDesk, browser: FlaskClient) -> None:
    desk.penalty()
    page = Page(browser.get(f"/h5/enterprises/{desk.enterprise_id}/repair").text).main
    for words in (
        "行政处罚：发行预付卡未按规定备案",
        "一般",
        "2026年7月10日",
        "2027年4月10日",
        "义务履行完毕（还没登记）；公开的信用承诺（还没登记）",
        "信用中国",
    ):
        assert words in page
    assert browser.get("/h5/enterprises/2000000000/repair").status_code == 404


@pytest.fixture
def citizen(desk: ArchiveDesk, tmp_path: Path) -> Citizen:
    return Bureau(desk.database, tmp_path).citizen()


def open_form(citizen: Citizen, row: int) -> str:
    """The form of a record; its key."""
    page = citizen.get(f"/h5/objections/new?subject=record&subject_id={row}").text
    found = re.search(r'name="key" value="([\w-]{43})"', page)
    assert found, page
    assert f'value="record:{row}" required checked' in page
    return found[1]


def test_an_objection_is_filed_once_and_followed_by_number_and_code(desk: ArchiveDesk, citizen: Citizen) -> None:
    row = desk.penalty()
    key, firm = open_form(citizen, row), str(desk.enterprise_id)
    wrong = citizen.post("/h5/objections/new", key=key, firm=firm, chosen=f"record:{row}", **(TYPED | {"phone": "12"}))
    assert wrong.status_code == 422
    assert "请填写能联系到您的电话" in wrong.text
    assert SAID in wrong.text  # nothing that was typed is lost
    done = citizen.post("/h5/objections/new", key=key, firm=firm, chosen=f"record:{row}", **TYPED)
    shown = re.search(r"(YY\d{13}).*?receipt__code[^>]*>(\w{4}) (\w{4})<", done.text, re.DOTALL)
    assert shown, done.text
    again = citizen.post("/h5/objections/new", key=key, firm=firm, chosen=f"record:{row}", **TYPED)
    assert shown[1] in again.text
    with desk.database.write() as session:
        (objection,) = session.scalars(select(Objection))
        ledger = Ledger(session, RULES, desk.now)
        objecting.mark(ledger, objection, CLERK)
        objecting.decide_objection(ledger, objection, CLERK, is_upheld=False, answer="经核查，处罚决定现行有效。")
    citizen.get("/h5/objections")
    assert citizen.post("/h5/objections", number=shown[1], code="AAAAAAAA").status_code == 422
    told = citizen.post("/h5/objections", number=shown[1].lower(), code=f"{shown[2]}-{shown[3]}").text
    assert "异议不成立" in told
    assert "经核查，处罚决定现行有效。" in told


def test_codes_cannot_be_tried_for_ever(desk: ArchiveDesk, citizen: Citizen) -> None:
    receipt = desk.object((Subject.RECORD, desk.penalty()))
    citizen.get("/h5/objections")
    tries = [citizen.post("/h5/objections", number=receipt.number, code="AAAAAAAA").text for _ in range(11)]
    assert "尝试次数过多" in tries[-1]
    assert "尝试次数过多" in citizen.post("/h5/objections", number=receipt.number, code=receipt.query_code).text


def test_the_mark_is_seen_while_an_objection_is_open(desk: ArchiveDesk, browser: FlaskClient) -> None:
    desk.object((Subject.RECORD, desk.penalty()))
    path = f"/h5/enterprises/{desk.enterprise_id}"
    assert "异议处理中" not in browser.get(path).text
    with desk.ledger() as ledger:
        objecting.mark(ledger, ledger.session.scalars(select(Objection)).one(), CLERK)
    assert "异议处理中" in Page(browser.get(path).text).main


def test_what_was_repaired_between_page_and_button_is_not_objected_to(desk: ArchiveDesk, citizen: Citizen) -> None:
    row = desk.penalty()
    key = open_form(citizen, row)
    desk.do((Subject.RECORD, row), ArchiveAction.REPAIR, SYSTEM, "信用中国已修复")
    sent = citizen.post("/h5/objections/new", key=key, firm=str(desk.enterprise_id), chosen=f"record:{row}", **TYPED)
    assert sent.status_code == 422
    assert "现在没有公示" in sent.text
    assert "发行预付卡" not in sent.text


@pytest.mark.parametrize("chosen", ["", "record:", "case:1", "record:999999999999999999999", "listing:1"])
def test_a_strange_choice_is_refused_in_words(desk: ArchiveDesk, citizen: Citizen, chosen: str) -> None:
    key = open_form(citizen, desk.penalty())
    sent = citizen.post("/h5/objections/new", key=key, firm=str(desk.enterprise_id), chosen=chosen, **TYPED)
    assert sent.status_code == 422
    with desk.database.read() as session:
        assert session.scalars(select(Objection)).all() == []
        assert session.scalars(select(Listing)).all() == []


def test_a_kind_is_not_said_twice(desk: ArchiveDesk, citizen: Citizen) -> None:
    desk.publish((Subject.LISTING, desk.draft()))
    twice = "严重失信主体名单：严重失信主体名单"
    for path in (f"/h5/enterprises/{desk.enterprise_id}/repair", f"/h5/objections/new?firm={desk.enterprise_id}"):
        page = citizen.get(path).text
        assert "严重失信主体名单（单用途商业预付卡领域）" in page
        assert twice not in page
