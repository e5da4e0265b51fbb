"""A disk that is full at any byte of a filing: a number that was seen is one whole case, all else is tried again."""

import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from bot.reception import Reception
from handlers import ROUTERS
from jobs.spool import replay_spool
from models.case import Case, CaseParty
from models.case_clock import CaseDeadline
from models.database import Database
from services.calendar.years import seed_calendar
from services.cases.docket import open_docket
from services.cases.history import verify_history
from services.cases.standing import find_case
from services.evidence.keeping import evidence_of
from services.evidence.trouble import WORDS, Trouble
from tests.case_desk import RULES
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain, real_now
from tests.citizen_pages import Bureau
from tests.citizen_pages import Citizen as Browser
from tests.disk import no_file_over
from tests.evidence_files import make_movie
from tests.factories import make_enterprise
from web.errors import NOT_SAVED

NUMBER = re.compile(r"TS\d{20}")
FIRM = "长沙乐享健身服务有限公司"
WAY = ("投诉", "1", FIRM, "10月充了3000块，店一直关门，要求退款", "王小明 13900000004")
PARTS = 12  # of the way that a filing writes, at each of which the disk is full


def empty_journal(database: Database) -> Path:
    """The journal of the database, begun anew: what is written next is written from its first byte."""
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return Path(f"{database.engine.url.database}-wal")


def limits(written: int) -> Iterator[int]:
    """Where the disk ends, from the first byte to beyond the last."""
    for part in range(PARTS):
        yield written * part // PARTS
    yield written * 4


def require_whole(database: Database, numbers: list[str], files: int = 0) -> None:
    """As many cases as numbers were seen, each with all that belongs to it."""
    with database.read() as session:
        assert sorted(session.scalars(select(Case.number))) == sorted(numbers)
        docket = open_docket(session, RULES, real_now())
        for number in numbers:
            case = find_case(session, number)
            assert case is not None
            assert verify_history(docket, case) == []
            for table in (CaseParty, CaseDeadline):
                assert session.scalar(select(func.count()).where(table.case_id == case.id)) == 1
            assert len(evidence_of(session, case)) == files
    with sqlite3.connect(f"file:{database.engine.url.database}?mode=ro", uri=True) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@dataclass
class Outcome:
    """What a citizen saw when the disk was full, and what there is when there is room again."""

    refused: int = 0
    filed: int = 0


def try_all(database: Database, begin: Callable[[int], Callable[[], str]], again: Callable[[], str]) -> Outcome:
    """Fill in, submit while the disk ends somewhere, submit again with room."""
    outcome, numbers = Outcome(), []
    submit = begin(0)
    journal = empty_journal(database)
    numbers += NUMBER.findall(submit())[:1]
    written = journal.stat().st_size
    assert written > 20_000
    for place, size in enumerate(limits(written), 1):
        submit = begin(place)
        empty_journal(database)
        with no_file_over(size):
            seen = NUMBER.findall(submit())
        if seen:
            require_whole(database, [*numbers, seen[0]])
            outcome.filed += 1
        else:
            require_whole(database, numbers)
            outcome.refused += 1
        later = NUMBER.findall(again())
        assert later[:1] == (seen[:1] or later[:1])
        numbers.append(later[0])
        require_whole(database, numbers)
    return outcome


def test_in_chat(sqlite: Database, tmp_path: Path) -> None:
    settings = make_settings(data_dir=tmp_path / "data")
    with sqlite.write() as session:
        seed_calendar(session, real_now())
        make_enterprise(session, FIRM, "91430100MA4L2K1X70")
    reception = Reception(settings, sqlite, make_desk(settings), ROUTERS, real_now)
    door, citizen, sent = open_door(reception), None, None

    def begin(place: int) -> Callable[[], str]:
        nonlocal citizen, sent
        citizen = Citizen(door, settings, f"o_citizen_{place:018}")
        for words in WAY:
            citizen.says(words)
        assert "请核对" in citizen.shown
        sent = citizen.wrap(citizen.write("text", {"Content": "提交"}))
        return deliver

    def deliver() -> str:
        shown = citizen.delivers(*sent)
        assert shown.status in {200, 503}
        words = plain(citizen.reads(shown)) if shown.status == 200 else ""
        return words if NUMBER.search(words) else ""

    def come_again() -> str:
        """WeChat delivers what was not acknowledged once more; what was kept on disk is answered later."""
        replay_spool(reception.spool, reception.replay, older_than_seconds=-1)
        return deliver() or plain(citizen.says("进度"))

    outcome = try_all(sqlite, begin, come_again)
    assert outcome.refused >= PARTS // 2
    assert outcome.filed >= 1


def test_on_the_page(sqlite: Database, tmp_path: Path) -> None:
    office = Bureau(sqlite, tmp_path)
    browser: Browser | None = None

    def begin(_place: int) -> Callable[[], str]:
        nonlocal browser
        browser = office.citizen()
        browser.begin()
        assert browser.fill().location == "/h5/complaints/check"
        browser.get("/h5/complaints/check")
        return submit

    def submit() -> str:
        answer = browser.post("/h5/complaints/submit")
        if answer.status_code == 303:
            return browser.receipt()[0]
        assert answer.status_code == 503, answer.text
        assert NOT_SAVED.advice in answer.text
        return ""

    outcome = try_all(sqlite, begin, submit)
    assert outcome.refused >= PARTS // 2
    assert outcome.filed >= 1


def test_a_file_that_does_not_fit_is_said_and_comes_later(sqlite: Database, tmp_path: Path) -> None:
    office, movie = Bureau(sqlite, tmp_path), make_movie(size=450_000)
    filer = office.citizen()
    filer.begin()
    empty_journal(sqlite)
    with no_file_over(250_000):
        told = filer.fill(do="files", files=[(io.BytesIO(movie), "关门.mp4")]).text
    assert WORDS["trouble"][Trouble.DISK_FULL] in told
    filer.fill(do="files", files=[(io.BytesIO(movie), "关门.mp4")])
    filer.fill()
    filer.get("/h5/complaints/check")
    filer.post("/h5/complaints/submit")
    require_whole(sqlite, [filer.receipt()[0]], files=1)
