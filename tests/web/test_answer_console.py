"""What clerks print, and the inbox of an association, over real HTTP."""

import io
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from models.answer import StoreSticker
from models.association import Association, AssociationMember
from models.audit import Act, AuditEntry
from models.campaign_words import AssociationKind, Level
from models.database import Database
from models.enterprise import Enterprise
from models.record import RecordType
from models.role import Role
from models.watching import MemberNews
from services.watching.members import follow_member
from tests.archive_desk import ArchiveDesk
from tests.console import Clerk, Clock, hire, make_console
from tests.factories import make_record

UNION = "示范市餐饮行业协会"


@pytest.fixture
def desk(sqlite: Database) -> ArchiveDesk:
    return ArchiveDesk(sqlite)


@pytest.fixture
def app(desk: ArchiveDesk, tmp_path: Path) -> Flask:
    hire(desk.database, desk.now, "keeper", Role.ARCHIVE)
    hire(desk.database, desk.now, "union", Role.ASSOCIATION, unit=UNION)
    hire(desk.database, desk.now, "other", Role.ASSOCIATION, unit="别的协会")
    hire(desk.database, desk.now, "intake", Role.INTAKE)
    return make_console(desk.database, tmp_path, Clock(desk.now))


def enter(app: Flask, login: str) -> Clerk:
    clerk = Clerk(app)
    clerk.signs_in(login)
    return clerk


def test_a_clerk_prints_a_numbered_result_and_it_is_written_down(app: Flask, desk: ArchiveDesk) -> None:
    clerk, path = enter(app, "intake"), f"/console/archive/firms/{desk.enterprise_id}"
    assert "诚信门店贴纸" not in clerk.opens(f"{path}/papers").text
    printed = clerk.sends(f"{path}/credit-sheet")
    assert (printed.mimetype, printed.data[:4]) == ("application/pdf", b"%PDF")
    with desk.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.PAPER_ISSUED)).one()
    assert entry.subject.startswith("CX2026")


def test_stickers_are_made_for_honours_in_force_only(app: Flask, desk: ArchiveDesk) -> None:
    path = f"/console/archive/firms/{desk.enterprise_id}"
    clerk = enter(app, "keeper")
    assert "没有有效的荣誉" in clerk.opens(f"{path}/papers").text
    with desk.ledger() as ledger:
        firm = ledger.session.get_one(Enterprise, desk.enterprise_id)
        kept = make_record(ledger.session, firm, RecordType.DEMONSTRATION, title="诚信门店").id
        over = make_record(ledger.session, firm, RecordType.HONOUR, title="旧荣誉", valid_until=date(2020, 1, 1)).id
    page = clerk.opens(f"{path}/papers").text
    assert "诚信门店，长沙市商务局" in page
    assert "旧荣誉" not in page
    sheet = clerk.sends(f"{path}/stickers", honour=f"record:{kept}", count="sheet", kind="pdf")
    assert sheet.data[:4] == b"%PDF"
    clerk.opens(f"{path}/papers")
    picture = clerk.sends(f"{path}/stickers", honour=f"record:{kept}", kind="png", is_new="1")
    assert Image.open(io.BytesIO(picture.data)).size[0] > 900
    clerk.opens(f"{path}/papers")
    assert clerk.sends(f"{path}/stickers", honour=f"record:{over}", kind="pdf").status_code == 303
    with desk.database.read() as session:
        assert sorted(one.voided_at is None for one in session.scalars(select(StoreSticker))) == [False, True]
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == Act.STICKER_ISSUED)).all()
    assert len(acts) == 2


def test_an_association_reads_of_its_own_members_only(app: Flask, desk: ArchiveDesk) -> None:
    with desk.database.write() as session:
        own = Association(
            name=UNION,
            level=next(iter(Level)),
            kind=next(iter(AssociationKind)),
            created_at=desk.now,
            updated_at=desk.now,
        )
        session.add(own)
        session.flush()
        member = AssociationMember(
            association_id=own.id,
            enterprise_id=desk.enterprise_id,
            joined_on=date(2026, 1, 1),
            added_by="staff:1",
            added_at=desk.now,
        )
        session.add(member)
        follow_member(session, own.id, desk.enterprise_id, desk.now)
        own_id = own.id
    record_id = desk.penalty(title="独角兽处罚")
    with desk.database.write() as session:
        news = MemberNews(
            association_id=own_id, enterprise_id=desk.enterprise_id, at=desk.now, before=[], after=[f"P{record_id}"]
        )
        session.add(news)
    clerk, path = enter(app, "union"), f"/console/associations/{own_id}/news"
    assert "新增行政处罚：独角兽处罚" in clerk.opens(path).text
    assert "未读" in clerk.page.text
    clerk.sends(path)
    assert "未读" not in clerk.opens(path).text
    assert enter(app, "other").opens(path).status_code == 404
