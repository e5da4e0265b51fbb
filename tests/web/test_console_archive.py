"""The archive's staff over real HTTP: search, draft, approve, correct, repair, objections; four eyes, reasons, log."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.archive import Objection
from models.archive_words import Life, ObjectionState, Subject
from models.audit import Act, AuditEntry
from models.database import Database
from models.listing import Listing
from models.record import Record
from models.role import Role
from tests.archive_desk import ArchiveDesk
from tests.console import Clerk, Clock, hire, make_console
from tests.web.markup import Page

FORM = {
    "statute": "prepaid",
    "document_number": "长商失信〔2026〕7号",
    "authority": "长沙市商务局",
    "source_unit": "长沙市商务局",
    "reason": "停止经营后未退还预收款",
    "decided_on": "2026-11-10",
    "notified_on": "2026-10-12",
    "objection_result": "告知期内未提出异议",
    "published_until": "2029-11-10",
}


@pytest.fixture
def desk(database: Database) -> ArchiveDesk:
    return ArchiveDesk(database)


@pytest.fixture
def app(desk: ArchiveDesk, tmp_path: Path) -> Flask:
    clock = Clock(desk.now)
    hire(desk.database, desk.now, "keeper", Role.ARCHIVE, name="吴婷")
    hire(desk.database, desk.now, "checker", Role.REVIEWER, name="周丽")
    hire(desk.database, desk.now, "stranger", Role.CAMPAIGN, name="郑洁")
    return make_console(desk.database, tmp_path, clock)


def enter(app: Flask, login: str) -> Clerk:
    clerk = Clerk(app)
    clerk.signs_in(login)
    return clerk


def acts(desk: ArchiveDesk, act: Act) -> list[tuple[str, str]]:
    """What the log holds: who, and why."""
    with desk.database.read() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act == act).order_by(AuditEntry.number))
        return [(entry.actor.partition("（")[0], entry.reason) for entry in found]


def take(clerk: Clerk, row: str, step: str, **fields: str) -> Page:
    """A step by its form; the page after it."""
    clerk.opens(f"/console/archive/{row}/{step}")
    clerk.sends(f"/console/archive/{row}/{step}", **fields)
    return Page(clerk.opens(f"/console/archive/{row}").text if clerk.page.status_code == 303 else clerk.page.text)


def test_a_list_entry_goes_from_draft_to_the_public(desk: ArchiveDesk, app: Flask) -> None:
    keeper, checker, path = enter(app, "keeper"), enter(app, "checker"), f"/console/archive/firms/{desk.enterprise_id}"
    keeper.opens(f"{path}/listing")
    missing = keeper.sends(f"{path}/listing", **(FORM | {"notified_on": "", "objection_result": ""}))
    row = missing.location.removeprefix("/console/archive/")
    draft = Page(keeper.opens(missing.location).text).main
    assert "送审前还缺：异议处理结果、告知日期" in draft
    refused = take(keeper, row, "submit").main
    assert "还不能公示，缺：异议处理结果、告知日期" in refused
    keeper.opens(f"/console/archive/{row}/edit")
    saved = keeper.sends(f"/console/archive/{row}/edit", **FORM)
    assert saved.status_code == 303, Page(saved.text).main
    assert "待审核" in take(keeper, row, "submit").main
    assert "批准公示" not in Page(keeper.opens(f"/console/archive/{row}").text).main
    assert "严重失信主体名单（单用途商业预付卡领域）" in Page(checker.opens("/console/archive").text).main
    assert "公示中" in take(checker, row, "approve").main
    with desk.database.read() as session:
        (listing,) = session.scalars(select(Listing))
        assert (listing.life, listing.list_name) == (Life.PUBLISHED, "严重失信主体名单（单用途商业预付卡领域）")
        assert listing.published_from == date(2026, 11, 20)
        assert listing.removal_condition == "退清预收款并依法完成信用修复"
    assert [who for who, _ in acts(desk, Act.ARCHIVE_STEP)] == ["吴婷", "吴婷", "吴婷", "周丽"]


def test_the_archive_page_shows_everything_and_says_why(desk: ArchiveDesk, app: Flask) -> None:
    desk.penalty()
    desk.penalty(severity="minor", title="未按规定公示促销内容")
    desk.penalty(published_until=date(2026, 11, 20), title="公示到昨天的处罚")
    desk.penalty(details={"subject_kind": "自然人"}, title="一个人的处罚")
    keeper = enter(app, "keeper")
    found = Page(keeper.opens("/console/archive?q=长商罚〔2026〕12号").text).main
    assert "湖南稻香渡商贸有限公司" in found
    page = Page(keeper.opens(f"/console/archive/firms/{desk.enterprise_id}").text).main
    for words in ("公示中", "轻微失信，没有登记公示理由", "不公示：公示期满", "不公示：自然人的信息"):
        assert words in page
    hidden = Page(keeper.opens(f"/console/archive/firms/{desk.enterprise_id}?show=hidden").text).main
    assert "发行预付卡未按规定备案" not in hidden


def test_a_record_is_entered_corrected_and_repaired_by_hand(desk: ArchiveDesk, app: Flask) -> None:
    keeper, checker, path = enter(app, "keeper"), enter(app, "checker"), f"/console/archive/firms/{desk.enterprise_id}"
    keeper.opens(f"{path}/record")
    entered = {
        "type": "penalty", "title": "发行预付卡未按规定备案", "document_number": "长商罚〔2026〕20号",
        "severity": "general",
        "legal_basis": "《单用途商业预付卡管理办法（试行）》第三十六条", "authority": "长沙市商务局",
        "source_unit": "长沙市商务局", "decided_on": "2026-04-10", "content": "罚款1万元",
    }  # fmt: skip
    row = keeper.sends(f"{path}/record", **entered).location.removeprefix("/console/archive/")
    take(keeper, row, "submit")
    take(checker, row, "approve")
    keeper.opens(f"/console/archive/{row}/correct")
    again = keeper.sends(f"/console/archive/{row}/correct", **(entered | {"content": "罚款2万元"}))
    assert again.status_code == 422
    assert "请写明更正的理由" in again.text
    assert "罚款2万元" in again.text
    newer = keeper.sends(f"/console/archive/{row}/correct", why="金额录错", **(entered | {"content": "罚款2万元"}))
    newer_row = newer.location.removeprefix("/console/archive/")
    take(keeper, newer_row, "submit")
    take(checker, newer_row, "approve")
    assert "不公示：已更正" in Page(keeper.opens(f"/console/archive/{row}").text).main
    assert "缺义务履行完毕" in take(keeper, newer_row, "repair", reason="材料齐全").main
    take(keeper, newer_row, "note_repair", duties_done_on="2026-05-01", promised_on="2026-06-01")
    assert "请写明信用修复的理由" in take(keeper, newer_row, "repair").main
    assert "不公示：已完成信用修复" in take(keeper, newer_row, "repair", reason="材料齐全").main
    with desk.database.read() as session:
        assert [one.life for one in session.scalars(select(Record).order_by(Record.id))] == [
            Life.CORRECTED,
            Life.REPAIRED,
        ]
    assert acts(desk, Act.ARCHIVE_STEP)[-1] == ("吴婷", "材料齐全")


def test_who_keeps_no_archive_gets_in_nowhere(desk: ArchiveDesk, app: Flask) -> None:
    row = desk.penalty()
    stranger, checker = enter(app, "stranger"), enter(app, "checker")
    for path in ("", "/objections", f"/firms/{desk.enterprise_id}", f"/record/{row}", f"/record/{row}/withdraw"):
        assert stranger.opens(f"/console/archive{path}").status_code == 403
    for path in ("/objections", f"/firms/{desk.enterprise_id}/listing", f"/record/{row}/correct"):
        assert checker.opens(f"/console/archive{path}").status_code == 403
    checker.opens(f"/console/archive/record/{row}/withdraw")
    checker.sends(f"/console/archive/record/{row}/withdraw", reason="试试")
    assert "您的岗位不能撤回" in checker.page.text


@pytest.mark.parametrize("path", ["record/999", "listing/1", "record/1/fly", "firms/999", "objections/YY20261120000"])
def test_what_is_not_there_is_not_found(desk: ArchiveDesk, app: Flask, path: str) -> None:
    desk.penalty()
    assert enter(app, "keeper").opens(f"/console/archive/{path}").status_code == 404


def test_an_objection_is_marked_and_decided_and_the_person_is_looked_at_with_a_trace(
    desk: ArchiveDesk, app: Flask
) -> None:
    row = desk.penalty()
    number = desk.object((Subject.RECORD, row)).number
    keeper, path = enter(app, "keeper"), f"/console/archive/objections/{number}"
    assert "2026年11月23日前" in Page(keeper.opens("/console/archive/objections").text).main
    page = keeper.opens(path).text
    assert "欧阳小明" not in page
    assert "处罚决定已被复议机关撤销" in page
    assert "13812345678" in keeper.sends(f"{path}/person").text
    assert acts(desk, Act.IDENTITY_LOOKED)[-1][0] == "吴婷"
    keeper.opens(path)
    keeper.sends(f"{path}/mark")
    assert desk.get((Subject.RECORD, row)).life is Life.OBJECTED
    keeper.opens(path)
    refused = keeper.sends(f"{path}/uphold", answer="成立")
    assert refused.status_code == 422
    assert "请写明核查结果和理由" in refused.text
    keeper.sends(f"{path}/uphold", answer="处罚决定已被撤销，记录已撤下。")
    with desk.database.read() as session:
        assert session.scalars(select(Objection)).one().state is ObjectionState.UPHELD
    assert desk.get((Subject.RECORD, row)).life is Life.WITHDRAWN
    assert "异议成立" in Page(keeper.opens("/console/archive/objections").text).main
    assert len(acts(desk, Act.OBJECTION_STEP)) == 2


def test_topics_and_sectors_are_ticked_counted_and_looked_up(desk: ArchiveDesk, app: Flask) -> None:
    """R11, R14: the count of a topic is the count of its list."""
    keeper, path = enter(app, "keeper"), f"/console/archive/firms/{desk.enterprise_id}"
    desk.penalty(topic="酒类流通经营企业信息")
    keeper.opens(f"{path}/tags")
    keeper.sends(f"{path}/tags", sector=["会展", "没有这个领域"], topic="外商投资企业信息")
    keeper.opens(f"{path}/tags")
    keeper.sends(f"{path}/tags", sector=["会展", "流通"])
    page = Page(keeper.opens("/console/archive?tag=sector:会展").text).main
    assert "会展（1 家）" in page
    assert "湖南稻香渡商贸有限公司" in page
    for words in ("会展 1", "流通 1", "酒类流通经营企业信息 1"):
        assert words in page
    assert "外商投资企业信息" not in page
    assert "没有这个领域" not in page
