"""The 活动统计表 and an evaluation round through the console's pages, and what citizens see of them."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from flask import Flask
from sqlalchemy import delete, select

from models.activity import EntryKind
from models.article import Article, Campaign
from models.campaign_send import CampaignSend, SendArticle
from models.campaign_words import ArticleState, ArticleType, Column
from models.counting import CountedKind, EvaluationEntry, EvaluationObjection, EvaluationRound, TableChange
from models.database import Database
from models.reading import ArticleRead
from models.role import Role
from models.send_words import SendChannel, SendState, Topic
from services.calendar.years import seed_calendar
from services.campaigns.publicity import EntryWords, add_entry
from services.counting.contacts import note_contacts
from services.counting.documents import make_xlsx
from services.counting.evaluation import look_at
from services.counting.rows import ROWS, Cell
from services.counting.table import Sheet, set_units, take_in
from tests.citizen_pages import Bureau
from tests.console import Clerk, Clock, hire, make_console
from tests.evidence_files import make_photo
from tests.taking_part import add_activity, add_association, add_campaign

NOW = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)
NAME, OTHER = "示范市餐饮行业协会", "示范市零售商业协会"


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def app(sqlite: Database, tmp_path: Path, clock: Clock) -> Flask:
    hire(sqlite, clock.now, "xiehui", Role.ASSOCIATION, unit=NAME)
    hire(sqlite, clock.now, "xuanchuan", Role.CAMPAIGN)
    hire(sqlite, clock.now, "fabu", Role.PUBLISHER, name="周丽")
    with sqlite.write() as session:
        seed_calendar(session, clock.now)
        number = add_association(session, clock.now, NAME).id
        add_association(session, clock.now, OTHER)
        campaign = add_campaign(session, clock.now, date(2026, 9, 1), date(2026, 9, 30))
        held = add_activity(session, clock.now, days=-3, campaign_id=campaign.id, association_id=number)
        held.headcount = 86
        said = EntryWords(EntryKind.MATERIAL, "诚信折页", date(2026, 9, 5), 1200, "折页", campaign_id=campaign.id)
        add_entry(session, said, association_id=None, by="staff:1", now=clock.now)
    return make_console(sqlite, tmp_path, clock)


def come(app: Flask, login: str) -> Clerk:
    clerk = Clerk(app)
    clerk.signs_in(login)
    return clerk


def test_the_table_is_read_changed_exported_and_rolled_up(app: Flask, sqlite: Database) -> None:
    clerk = come(app, "xuanchuan")
    path = clerk.opens("/console/table").location
    page = clerk.opens(path).text
    assert page.count('<th scope="row">') == 10
    for words in ("1场次，86人次", "折页，1200份", "1286人次", "诚信兴商宣传月”活动统计表"):
        assert words in page
    row = clerk.opens(f"{path}/coverage").text
    assert "文章阅读人次（本次活动还没有文章在微信发出）" in row
    clerk.sends(f"{path}/paper", measure="0", value="三", reason="补录")
    assert "请填数字" in clerk.opens(f"{path}/paper").text
    clerk.sends(f"{path}/paper", measure="0", value="3", reason="补录省报报道")
    assert "补录省报报道" in clerk.opens(path).text
    with sqlite.read() as session:
        assert [(one.counted, one.value) for one in session.scalars(select(TableChange))] == [(0, 3)]
    clerk.opens(path)
    clerk.sends(f"{path}/units", units="甲县商务局\n乙县商务局")
    theirs = Sheet(2026, "甲县商务局", {row.code: Cell((5,) * len(row.units)) for row in ROWS})
    clerk.opens(path)
    clerk.posts(f"{path}/hand-in", seal=clerk.seal, file=(io.BytesIO(make_xlsx(theirs)), "甲县.xlsx"))  # type: ignore[arg-type]
    page = clerk.opens(path).text
    assert "还没有报送的 1 个：乙县商务局" in page
    assert "6场次，91人次" in page
    book = openpyxl.load_workbook(io.BytesIO(clerk.opens(f"{path}/whole.xlsx").data))
    assert book["活动统计表"]["D5"].value == "8篇"
    summary = Document(io.BytesIO(clerk.opens(f"{path}/summary.docx").data))
    words = "\n".join(paragraph.text for paragraph in summary.paragraphs)
    for heading in ("一、总体情况", "二、主要做法", "三、活动成效", "四、典型案例", "五、存在问题和建议"):
        assert heading in words
    assert "6场次，91人次" in words
    assert come(app, "xiehui").opens(path).status_code == 403


def test_an_article_that_is_out_leads_to_its_page_and_says_why_it_has_no_readers(app: Flask, sqlite: Database) -> None:
    sent = {"title": "一次", "channel": SendChannel.MASS, "topic": Topic.TIPS, "made_by": 1, "made_at": NOW}
    with sqlite.write() as session:
        campaign = session.scalars(select(Campaign)).one()
        said = {"column": Column.NEWS, "type": ArticleType.PLAIN, "title": "明码标价", "campaign_id": campaign.id}
        article = Article(**said, state=ArticleState.APPROVED, added_by="staff:1", created_at=NOW, updated_at=NOW)
        send = CampaignSend(**sent, due_at=NOW, client_msg_id="one", state=SendState.DONE, asked_at=NOW, data_id="7")
        session.add_all([article, send])
        session.flush()
        session.add(SendArticle(send_id=send.id, position=0, article_id=article.id))
        number = article.id
        session.add(ArticleRead(day=date(2026, 9, 18), data_id="7", place=1, readers=41))
    clerk = come(app, "xuanchuan")
    page = clerk.opens("/console/figures").text
    assert '<td data-name="阅读">41</td>' in page
    with sqlite.write() as session:
        note_contacts(session, [CountedKind.CONSULT], "o_citizen", NOW)
    assert '<td data-name="阅读">—</td>' in clerk.opens("/console/figures").text, "of today nothing is known"
    assert "2026-09-20,1," in clerk.opens("/console/figures/day.csv").text
    with sqlite.write() as session:
        session.execute(delete(ArticleRead))
    row = clerk.opens("/console/table/1/coverage").text
    assert f'href="/console/articles/{number}">《明码标价》在微信的阅读人次（微信次日上午给出）</a>' in row
    assert '<span class="addends__count">未载明</span>' in row


def test_figures_and_the_quarter_are_shown_and_exported(app: Flask) -> None:
    clerk = come(app, "xuanchuan")
    assert "这段时间没有数据" in clerk.opens("/console/figures").text  # a headcount alone is no check-in
    assert "一人一天计一次" in clerk.opens("/console/definitions").text
    report = Document(io.BytesIO(clerk.opens("/console/figures/quarter.docx?year=2026&quarter=3").data))
    assert report.paragraphs[0].text == "2026年第三季度商务诚信工作进度"
    assert clerk.opens("/console/figures/quarter.docx?year=2026&quarter=5").status_code == 404
    assert clerk.opens("/console/figures/day.csv").mimetype == "text/csv"


def test_a_round_goes_from_self_report_to_the_published_list(
    app: Flask, sqlite: Database, clock: Clock, tmp_path: Path
) -> None:
    theirs, ours, other = come(app, "xiehui"), come(app, "xuanchuan"), come(app, "fabu")
    ours.opens("/console/evaluations")
    path = ours.sends("/console/evaluations", title="2026年度评价", first="2026-01-01", last="2026-12-31").location
    entry = theirs.opens(path).location
    theirs.opens(entry)
    theirs.sends(entry, do="report", text="开展了诚信大讲堂。")
    theirs.opens(entry)
    note = (io.BytesIO(make_photo()), "章程.jpg")
    theirs.posts(entry, seal=theirs.seal, do="file", code="charter", file=note)  # type: ignore[arg-type]
    assert "章程.jpg" in theirs.opens(entry).text
    ours.opens(path)
    ours.sends(path, do="scoring")
    ours.opens(entry)
    ours.sends(entry, do="points", code="charter", share="100", reason="章程第五条已写入")
    assert "依据 2 项" in ours.opens(entry).text
    ours.opens(path)
    ours.sends(path, do="recommend")
    ours.opens(path)
    ours.sends(path, do="publish")
    assert "推荐的人不能自己决定公布" in ours.opens(path).text
    with sqlite.read() as session:
        found = session.scalars(select(EvaluationEntry).where(EvaluationEntry.name == NAME)).one()
        assert found.total == 8 + 3.5  # a charter with all points, one activity of four
        assert found.counts["activities"]["rows"] == ["活动 1 诚信兴商大讲堂"]
        number = found.id
    ours.sends(path, do="decide", entry=str(number), result="advanced", reason="")
    assert "请写明原因" in ours.opens(path).text
    ours.sends(path, do="decide", entry=str(number), result="advanced", reason="承办全市启动仪式")
    other.opens(path)
    other.sends(path, do="publish")
    bureau = Bureau(sqlite, tmp_path)
    bureau.now = clock.now
    citizen = bureau.citizen()
    shown = citizen.get("/h5/evaluations/1").text
    assert NAME in shown
    assert OTHER not in shown  # 未评定 is named nowhere
    assert "有异议的，请在" in shown
    said = {"entry": str(number), "reason": "不服", "name": "李军", "phone": "13812345678", "key": "k" * 43}
    short = citizen.post("/h5/evaluations/1", **said)
    assert short.status_code == 409
    assert "至少 10 个字" in short.text
    said["reason"] = "启动仪式不是由这家协会承办的，有照片为证。"
    for _ in range(2):
        citizen.post("/h5/evaluations/1", **said)
    with sqlite.read() as session:
        objection = session.scalars(select(EvaluationObjection)).one()
        assert "李军".encode() not in objection.text_sealed


def test_bureaus_are_evaluated_by_the_tables_that_they_handed_in(app: Flask, sqlite: Database, tmp_path: Path) -> None:
    ours, theirs = come(app, "xuanchuan"), come(app, "xiehui")
    ours.opens("/console/evaluations")
    said = {"title": "2026年度主管部门评价", "first": "2026-01-01", "last": "2026-12-31", "of": "bureaus"}
    assert "没有填应报送的单位" in ours.sends("/console/evaluations", **said).text
    with sqlite.write() as session:
        campaign = session.scalars(select(Campaign)).one()
        set_units(session, campaign.id, ["甲县商务局", "乙县商务局"])
        for meetings in (9, 3):  # handed in twice: the second counts
            cells = {row.code: Cell((meetings,) * len(row.units)) for row in ROWS}
            take_in(session, campaign, Sheet(2026, "甲县商务局", cells), bytes([meetings]) * 32, "staff:1", now=NOW)
    path = ours.sends("/console/evaluations", **said).location
    page = ours.opens(path).text
    assert page.index("甲县商务局") < page.index("乙县商务局")  # by points
    assert NAME not in page
    with sqlite.read() as session:
        entry = session.scalars(select(EvaluationEntry).where(EvaluationEntry.name == "甲县商务局")).one()
    page = ours.opens(f"{path}/{entry.id}").text
    for words in ("2026年诚信兴商宣传月活动统计表，2026-09-20报送", "会议（场次、人次）：3场次，3人次", "7.5 / 15"):
        assert words in page
    # One table 15, half of the meetings 7.5, three visits, fifteen news of twenty, three consults.
    assert entry_total(sqlite, entry.id) == 15 + 7.5 + round(3 / 500 * 10, 2) + 15 * 15 / 20 + round(3 / 200 * 10, 2)
    assert theirs.opens(path).status_code == 404
    assert "主管部门评价" not in theirs.opens("/console/evaluations").text
    for clerk, does in ((ours, "scoring"), (ours, "recommend"), (come(app, "fabu"), "publish")):
        clerk.opens(path)
        clerk.sends(path, do=does)
    shown = Bureau(sqlite, tmp_path).citizen().get("/h5/evaluations/1").text
    assert "先进（0个）" in shown
    assert "提出异议" not in shown  # nobody is named to whose result one could object


def entry_total(database: Database, entry_id: int) -> float:
    with database.read() as session:
        entry = session.get_one(EvaluationEntry, entry_id)
        return look_at(session, session.get_one(EvaluationRound, entry.round_id), entry).total
