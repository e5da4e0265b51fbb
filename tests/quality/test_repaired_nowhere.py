"""A record that is repaired, withdrawn, corrected or over is found nowhere, at every door, in the same second.

A new door is one line in DOORS.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from bot.reception import Reception
from handlers import ROUTERS
from jobs.composing import Composed, compose, write_news
from models.answer import AnswerDoor
from models.archive_words import ArchiveAction, Life, Subject
from models.database import Database
from models.enterprise import Enterprise
from models.importing import ImportKind
from models.listing import Listing
from models.notice import Notice
from models.record import Record
from models.watching import MemberNews, Watch
from services import followers
from services.audit import COMMAND_LINE
from services.cases.facts import SYSTEM
from services.credit.answers import issue_answer
from services.credit.negative import find_negative_in_force
from services.credit.report import compose_report
from services.imports.exporting import export_records
from services.watching.marks import marks_of
from services.watching.members import read_inbox
from tests.archive_desk import ArchiveDesk
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain
from tests.factories import make_listing
from tests.pages import make_pages

FIRM = "湖南稻香渡商贸有限公司"
NEWCOMER, KNOWING, ASSOCIATION = "o_newcomer", "o_knowing", 7
# What only the record and the entry say.
MARKS = ("独角兽预付卡违规", "长商罚〔2026〕8675号", "独角兽严重失信事由", "长商失信〔2026〕8675号")


@dataclass
class Place:
    """A bureau with one firm, one penalty and one entry of a list, and all that looks at them."""

    desk: ArchiveDesk
    folder: Path
    record_id: int = 0
    listing_id: int = 0
    token: str = ""  # of an answer that was given while both were public
    browser: FlaskClient = field(init=False)
    phone: Citizen = field(init=False)

    def __post_init__(self) -> None:
        self.record_id = self.desk.penalty(title=MARKS[0], document_number=MARKS[1], content=MARKS[0])
        with self.desk.database.write() as session:
            firm = session.get_one(Enterprise, self.desk.enterprise_id)
            self.listing_id = make_listing(session, firm, reason=MARKS[2], document_number=MARKS[3]).id
        settings = make_settings(data_dir=self.folder, wechat_freshness_seconds=0)
        desk, clock = make_desk(settings), lambda: self.desk.now
        reception = Reception(settings, self.desk.database, desk, ROUTERS, clock)
        self.phone = Citizen(open_door(reception), settings)
        self.browser = make_pages(self.desk.database, self.folder, clock, settings.public_url).test_client()
        with self.desk.database.write() as session:
            report = compose_report(session, self.desk.enterprise_id, self.desk.today)
            assert report is not None
            answer = issue_answer(session, report, AnswerDoor.H5, self.desk.now, desk.rules.region_code)
            self.token = answer.path.rpartition("/")[2]
            self.set_watchers(session)

    def set_watchers(self, session: Session) -> None:
        """Somebody who was told nothing yet, somebody who knows of both, and an association with news in its inbox."""
        firm_id, now = self.desk.enterprise_id, self.desk.now
        marks = marks_of(session, firm_id, self.desk.today) or []
        for openid, told in ((NEWCOMER, []), (KNOWING, marks)):
            follower_id = followers.meet(session, openid, now).id
            session.add(Watch(follower_id=follower_id, enterprise_id=firm_id, began_at=now, told=told))
        session.add(MemberNews(association_id=ASSOCIATION, enterprise_id=firm_id, at=now, before=[], after=marks))

    def says(self, *words: str) -> str:
        """What the phone shows after each."""
        return "\n".join(plain(self.phone.says(one)) for one in words)

    def opens(self, path: str) -> str:
        """A page of the firm."""
        return self.browser.get(path.format(firm=self.desk.enterprise_id, token=self.token)).text

    def prints(self) -> str:
        """The text of the printed sheet, made anew."""
        answer = self.browser.get(f"/h5/enterprises/{self.desk.enterprise_id}/paper.pdf")
        assert answer.mimetype == "application/pdf", answer.text
        pdf = pypdfium2.PdfDocument(answer.data)
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)

    def names(self) -> str:
        """What an article may say against the firm."""
        with self.desk.database.read() as session:
            return repr(find_negative_in_force(session, self.desk.enterprise_id, self.desk.today))

    def push(self, openid: str) -> Composed | None:
        """What WeChat would get now for a follower of the firm; nothing of it is kept."""
        with self.desk.database.write() as session:
            follower_id = followers.recognise(session, openid, self.desk.now).id
            notice = Notice(follower_id=follower_id, idempotency_key=f"watch:{follower_id}:1")
            composed = compose(session, notice, self.desk.now)
            session.rollback()
        return composed

    def hears(self, openid: str) -> str:
        """The customer-service message."""
        composed = self.push(openid)
        return plain(composed.payload["text"]["content"]) if composed else ""

    def is_granted(self) -> str:
        """The fields of the subscription notice."""
        composed = self.push(NEWCOMER)
        return repr(composed.fields) if composed else ""

    def reads_inbox(self) -> str:
        """What the association is told of its member."""
        with self.desk.database.read() as session:
            news = [line.news for line in read_inbox(session, ASSOCIATION, self.desk.today) if line.news]
            return plain(write_news(news)) if news else ""

    def exports(self) -> str:
        """Every cell of the file for 信用中国."""
        with self.desk.database.write() as session:
            content = export_records(session, ImportKind.PENALTY, COMMAND_LINE, self.desk.now).content
        rows = load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
        return repr(list(rows))


Door = Callable[[Place], str]
DOORS: dict[str, Door] = {
    "chat: card": lambda place: place.says(FIRM),
    "chat: penalties": lambda place: place.says(FIRM, "处罚"),
    "chat: lists of the firm": lambda place: place.says(FIRM, "失信名单吗"),
    "chat: a public list": lambda place: place.says("失信名单有哪些企业"),
    "chat: repair": lambda place: place.says(FIRM, "信用修复"),
    "chat: objection": lambda place: place.says(FIRM, "异议"),
    "page: firm": lambda place: place.opens("/h5/enterprises/{firm}"),
    "page: list": lambda place: place.opens("/h5/lists/black"),
    "page: repair": lambda place: place.opens("/h5/enterprises/{firm}/repair"),
    "page: objection": lambda place: place.opens("/h5/objections/new?firm={firm}"),
    "page: check of an earlier answer": lambda place: place.opens("/check/{token}"),
    "push: message to a follower": lambda place: place.hears(NEWCOMER),
    "push: subscription notice": lambda place: place.is_granted(),
    "push: inbox of an association": lambda place: place.reads_inbox(),
    "articles": lambda place: place.names(),
    "export": lambda place: place.exports(),
}
# These tell who is on a list, or that an answer has changed, without the words of a record.
SILENT = {"chat: a public list", "page: check of an earlier answer", "push: subscription notice"}


def repair(desk: ArchiveDesk, row: tuple[Subject, int]) -> None:
    desk.do(row, ArchiveAction.REPAIR, SYSTEM, "“信用中国”已修复")


def withdraw(desk: ArchiveDesk, row: tuple[Subject, int]) -> None:
    desk.do(row, ArchiveAction.WITHDRAW, SYSTEM, "决定被撤销")


def correct(desk: ArchiveDesk, row: tuple[Subject, int]) -> None:
    desk.do(row, ArchiveAction.CORRECT, SYSTEM, "以新版本为准")


def run_out(desk: ArchiveDesk, row: tuple[Subject, int]) -> None:
    """The publicity ends today."""
    with desk.ledger() as ledger:
        found = ledger.session.get_one(Record if row[0] is Subject.RECORD else Listing, row[1])
        found.published_until = desk.today


def wait_for_review(desk: ArchiveDesk, row: tuple[Subject, int]) -> None:
    with desk.ledger() as ledger:
        ledger.session.get_one(Record if row[0] is Subject.RECORD else Listing, row[1]).life = Life.PENDING_REVIEW


@pytest.fixture
def place(sqlite: Database, tmp_path: Path) -> Place:
    return Place(ArchiveDesk(sqlite, FIRM), tmp_path)


def found_at(place: Place) -> dict[str, set[str]]:
    """Which marks each door shows."""
    return {name: {mark for mark in MARKS if mark in shown} for name, door in DOORS.items() if (shown := door(place))}


@pytest.mark.parametrize("end", [repair, withdraw, correct, run_out, wait_for_review])
def test_what_has_ended_is_found_at_no_door(
    place: Place, end: Callable[[ArchiveDesk, tuple[Subject, int]], None]
) -> None:
    before = found_at(place)
    assert before.keys() == DOORS.keys()
    assert {name for name, marks in before.items() if not marks} <= SILENT
    for row in ((Subject.RECORD, place.record_id), (Subject.LISTING, place.listing_id)):
        end(place.desk, row)
    assert {name: marks for name, marks in found_at(place).items() if marks} == {}
    assert FIRM not in DOORS["chat: a public list"](place)
    assert FIRM not in DOORS["page: list"](place)


@pytest.mark.parametrize("end", [repair, withdraw, correct, run_out, wait_for_review])
def test_who_knew_of_it_hears_that_something_ended_and_not_what(
    place: Place, end: Callable[[ArchiveDesk, tuple[Subject, int]], None]
) -> None:
    assert place.hears(KNOWING) == "", "nothing is news to them"
    assert "新增行政处罚" in place.is_granted() or "列入严重失信" in place.is_granted()
    for row in ((Subject.RECORD, place.record_id), (Subject.LISTING, place.listing_id)):
        end(place.desk, row)
    told = place.hears(KNOWING)
    assert not any(mark in told for mark in MARKS)
    assert "停止公示" in told or "已更正" in told
    assert place.push(NEWCOMER) is None, "who was told nothing hears nothing"


def test_the_check_page_says_that_something_changed_and_not_what(place: Place) -> None:
    """domain.md §2.4 (c), (d)."""
    repair(place.desk, (Subject.RECORD, place.record_id))
    shown = place.opens("/check/{token}")
    assert "已更新" in shown
    assert "行政处罚" not in shown.partition("<main")[2]


def test_a_window_ends_at_every_door_on_its_day(place: Place) -> None:
    """domain.md §2.4 (a): a general penalty of 2026-04-10 is gone on 2027-04-10."""
    place.desk.now += date(2027, 4, 9) - place.desk.today
    assert all(MARKS[1] in DOORS[name](place) for name in ("page: firm", "chat: penalties", "articles", "export"))
    place.desk.now += timedelta(days=1)
    assert not any(MARKS[1] in door(place) or MARKS[0] in door(place) for door in DOORS.values())


def test_the_printed_sheet_is_made_anew(place: Place) -> None:
    """Apart from the other doors: a sheet takes a second."""
    assert MARKS[1] in place.prints()
    for row in ((Subject.RECORD, place.record_id), (Subject.LISTING, place.listing_id)):
        repair(place.desk, row)
    assert not any(mark in place.prints() for mark in MARKS)
