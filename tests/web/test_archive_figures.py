"""The archive at a glance: its numbers against another way of counting, who may look, where its numbers lead."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config.inspections import load_inspection_rules
from models.archive_words import Life
from models.database import Database
from models.importing import ImportKind, ImportRun, RunState
from models.question_count import QuestionCount
from models.record import Dataset, Record, RecordType
from models.role import Role
from services.calendar.years import seed_calendar
from services.credit.figures import count_records
from services.credit.questions import CHAT, count_by_day, count_question, forget_questions
from services.enterprises.finding import Verdict
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import make_enterprise, make_listing, make_record
from tests.pages import make_pages
from tests.web.markup import Page

TODAY = date(2026, 11, 20)
PATH = "/console/archive/figures"


@pytest.fixture
def app(database: Database, tmp_path: Path, now: datetime) -> Flask:
    hire(database, now, "keeper", Role.ARCHIVE)
    hire(database, now, "checker", Role.REVIEWER)
    hire(database, now, "stranger", Role.CAMPAIGN)
    with database.write() as session:
        seed_calendar(session, now)
    return make_console(database, tmp_path, Clock(now))


def open_page(app: Flask, login: str) -> str:
    clerk = Clerk(app)
    clerk.signs_in(login)
    return clerk.opens(PATH).text


def read_table(text: str, code: str) -> dict[str, list[str]]:
    """Cells by the name of their row."""
    body = text.split(f'id="table-{code}"', 1)[1].split("<tbody>", 1)[1].split("</table>", 1)[0]
    rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in body.split("</tr>") if "<th" in row]
    return {row[0]: row[1:] for row in rows}


def fill(database: Database) -> None:
    """Records over two years, one a week, of three kinds and four states."""
    kinds = (RecordType.PENALTY, RecordType.LICENCE, RecordType.HONOUR)
    lives = (Life.PUBLISHED, Life.REPAIRED, Life.DRAFT, Life.CORRECTED, Life.PENDING_REVIEW)
    with database.write() as session:
        firm = make_enterprise(session, "湖南图表商贸有限公司")
        for week in range(104):
            day = TODAY - timedelta(weeks=week)
            life = lives[week % len(lives)]
            make_record(session, firm, kinds[week % 3], decided_on=day, published_from=day, life=life)


def test_records_are_counted_by_type_and_month(database: Database) -> None:
    fill(database)
    first = date(2025, 12, 1)
    with database.read() as session:
        counted = count_records(session, TODAY)
        by_hand = Counter(
            (row.type.value, (row.decided_on.year, row.decided_on.month))
            for row in session.scalars(select(Record))
            if first <= row.decided_on <= TODAY and row.life in {Life.PUBLISHED, Life.REPAIRED}
        )
    assert counted == by_hand
    assert len(by_hand) > 12


def test_the_page_shows_what_there_is_and_what_waits(app: Flask, database: Database, now: datetime) -> None:
    fill(database)
    with database.write() as session:
        firm = make_enterprise(session, "湖南在列商贸有限公司")
        name = make_listing(session, firm).list_name
        session.add(Dataset(block="court", source_unit="法院", data_on=TODAY - timedelta(days=8)))
        session.add(make_run(now, RunState.DONE, 40))
        session.add(make_run(now, RunState.UNDONE, 7000))
        for _ in range(3):
            count_question(session, CHAT, Verdict.NONE, now)
        drafts = len(session.scalars(select(Record).where(Record.life == Life.DRAFT)).all())
    text = open_page(app, "keeper")
    waits = Page(text).main
    assert f"{drafts}草稿" in waits
    assert "1数据逾期未更新失信被执行人" in waits
    assert read_table(text, "lists") == {name: ["0", "1"]}
    assert read_table(text, "imports")["2026-11"] == ["30", "8", "2", "95.0", "85.0", "95.0", "—"]
    assert read_table(text, "questions")["2026-11-20"] == ["0", "0", "3", "0"]
    # a penalty and a licence; the honour of this month is a draft
    assert sorted(read_table(text, "records")["2026-11"]) == ["0", "1", "1"]


def make_run(now: datetime, state: RunState, rows: int) -> ImportRun:
    """Two rows lacked something, six could not be read; two more firms nobody knows."""
    return ImportRun(
        kind=ImportKind.HONOUR, state=state, name="表彰.csv", sha256="0" * 64, size_bytes=1, data_on=TODAY,
        actor="测试", created_at=now, row_count=rows, added_count=rows - 10, refused_count=8, quarantined_count=2,
        faults={"缺少决定机关": 2, "决定日期无法识别": 6},
    )  # fmt: skip


def test_those_of_the_archive_may_look(app: Flask, database: Database) -> None:
    fill(database)
    for login, has_imports in (("keeper", True), ("checker", False)):
        clerk = Clerk(app)
        clerk.signs_in(login)
        assert PATH in clerk.opens("/console/archive").text
        text = clerk.opens(PATH).text
        links = {link for link in ("/console/imports/late", "/console/imports/quarantine") if f'"{link}"' in text}
        assert bool(links) is has_imports
        for link in links:
            assert clerk.opens(link).status_code == 200
    stranger = Clerk(app)
    stranger.signs_in("stranger")
    assert stranger.opens(PATH).status_code == 403


def test_an_empty_archive_says_so(app: Flask) -> None:
    assert open_page(app, "checker").count("还没有。") == 4


def test_questions_add_up_by_the_day_of_shanghai_and_are_forgotten(database: Database, now: datetime) -> None:
    evening = now.replace(hour=15, minute=59)
    with database.write() as session:
        for number in range(20):
            count_question(session, CHAT, Verdict.MATCH, evening.replace(microsecond=number))
        count_question(session, CHAT, Verdict.MATCH, evening + timedelta(minutes=1))
    with database.read() as session:
        counts = count_by_day(session, TODAY, TODAY + timedelta(days=1))
        assert counts == {(TODAY, "chat", "match"): 20, (TODAY + timedelta(days=1), "chat", "match"): 1}
    with database.write() as session:
        assert forget_questions(session, now + timedelta(days=400)) == 0
        assert forget_questions(session, now + timedelta(days=401)) == 8
        assert session.scalars(select(QuestionCount.count)).all() == [1]


def test_a_page_of_a_firm_is_counted(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        firm_id = make_enterprise(session, "湖南被看商贸有限公司").id
    for _ in range(2):
        client.get(f"/h5/enterprises/{firm_id}")
    client.head(f"/h5/enterprises/{firm_id}")
    with database.read() as session:
        assert count_by_day(session, TODAY, TODAY) == {(TODAY, "h5", "match"): 2}


@pytest.mark.parametrize("is_public", [True, False])
def test_the_class_of_a_firm_is_public_only_where_the_bureau_says_so(
    sqlite: Database, tmp_path: Path, now: datetime, *, is_public: bool
) -> None:
    with sqlite.write() as session:
        firm = make_enterprise(session, "湖南分类商贸有限公司")
        make_listing(session, firm)
        firm_id = firm.id
    rules = load_inspection_rules().model_copy(update={"is_public": is_public})
    app = make_pages(sqlite, tmp_path, lambda: now, "https://bureau.example.gov.cn", inspections=rules)
    page = app.test_client().get(f"/h5/enterprises/{firm_id}")
    assert page.status_code == 200
    assert ("监管类别 D" in page.text) is is_public
