"""Checking an answer, public lists, following and figures in a real browser: each page clean, phone and desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.answer import AnswerDoor
from models.archive_words import ArchiveAction, Subject
from models.database import Database
from models.migration import upgrade_database
from models.role import Role
from models.vault import Vault
from services.cases.facts import SYSTEM
from services.credit.answers import issue_answer
from services.credit.report import compose_report
from tests.archive_desk import ArchiveDesk
from tests.browser.screens import Screens, find_faults, sign_in
from tests.console import Clock, hire, make_console
from tests.pages import make_pages
from tests.serving import serve

pytestmark = pytest.mark.browser
WIDTHS = (390, 1280)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ArchiveDesk]:
    """A firm on a list, with a penalty that waits for repair."""
    database = Database(f"sqlite:///{tmp_path / 'proof.db'}", Vault("a key of the browser tests, long enough"))
    upgrade_database(database)
    made = ArchiveDesk(database)
    made.publish((Subject.LISTING, made.draft()))
    yield made
    database.close()


def issue(desk: ArchiveDesk) -> str:
    """The path of an answer given now."""
    with desk.database.write() as session:
        report = compose_report(session, desk.enterprise_id, desk.today)
        assert report is not None
        return issue_answer(session, report, AnswerDoor.H5, desk.now, "430100").path


def test_every_page_of_proof_and_lists_is_clean(chromium: Browser, desk: ArchiveDesk, tmp_path: Path) -> None:
    row = Subject.RECORD, desk.penalty(decided_on=desk.today, published_from=desk.today)
    updated = issue(desk)
    desk.do(row, ArchiveAction.WITHDRAW, SYSTEM, "决定被撤销")
    waiting = desk.penalty(decided_on=desk.today, published_from=desk.today, document_number="长商罚〔2026〕13号")
    unchanged, firm = issue(desk), f"/h5/enterprises/{desk.enterprise_id}"
    wrong = f"{unchanged[:-1]}{'B' if unchanged.endswith('A') else 'A'}"
    pages = {
        "/check": "核验",
        unchanged: "没有变化",
        updated: "已更新",
        wrong: "核验",
        firm: "关注它的变化",
        f"{firm}/follow": "关注这家企业",
        f"{firm}/repair": "到那天提醒我",
        f"/h5/reminders/record/{waiting}": "到那天提醒我",
        "/h5/following": "我的关注",
        "/h5/objections": "查异议",
        f"/h5/objections/new?firm={desk.enterprise_id}": "证明材料",
        "/h5/lists": "名单",
        "/h5/lists/black": "稻香渡",
        "/h5/lists/black?firm=没有这家": "名单",
        "/h5/lists/red": "守信名单",
    }
    app = make_pages(desk.database, tmp_path, lambda: desk.now, "http://127.0.0.1:8000")
    with serve(app) as home:
        screens = Screens(chromium, home, forgiven="the server responded with a status of 4")
        for width in WIDTHS:
            page = screens.open(width=width)
            for path, words in pages.items():
                page.goto(path)
                assert words in page.inner_text("main"), path
                assert find_faults(page) == [], f"{path} at {width}"
        screens.close()


def test_every_page_of_figures_and_rules_is_clean(chromium: Browser, desk: ArchiveDesk, tmp_path: Path) -> None:
    row = desk.penalty()
    desk.object((Subject.RECORD, row))
    hire(desk.database, desk.now, "dangan", Role.ARCHIVE, Role.CAMPAIGN)
    pages = {
        "/console/": "信用档案",
        "/console/archive/figures": "概况",
        "/console/figures": "",
        "/console/inspections": "双随机抽查",
        "/console/inspections/rules": "现行规则",
        "/console/inspections/rules/edit": "起草类别规则",
        "/console/screenings": "批量核查",
        "/console/imports/new": "导入表格",
        f"/console/archive/record/{row}/objection": "登记异议",
    }
    app = make_console(desk.database, tmp_path, Clock(desk.now), "http://127.0.0.1:8000")
    with serve(app) as home:
        screens = Screens(chromium, home, forgiven="the server responded with a status of 4")
        for width in WIDTHS:
            page = screens.open(width=width)
            sign_in(page, "dangan")
            for path, words in pages.items():
                page.goto(path)
                assert words in page.inner_text("main"), path
                # Native boxes are small; their labels are the targets.
                faults = [fault for fault in find_faults(page) if not fault.startswith("low 2")]
                assert faults == [], f"{path} at {width}"
        screens.close()
