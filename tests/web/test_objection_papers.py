"""异议 with papers: kept sealed, shown to the clerk, erased with the person; by telephone; late ones are seen."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.archive import Objection
from models.archive_words import ArchiveAction, Subject
from models.audit import Act, AuditEntry
from models.case_file import CaseEvidence
from models.database import Database
from models.role import Role
from services.cases.facts import SYSTEM
from services.credit import objecting
from services.credit.objection_data import export_objections, forget_objections
from tests.archive_desk import CLERK, RULES, SAID, TYPED, ArchiveDesk
from tests.citizen_pages import Bureau, Citizen, photo
from tests.console import Clerk, Clock, hire, make_console
from tests.evidence_files import make_photo


@pytest.fixture
def desk(database: Database) -> ArchiveDesk:
    return ArchiveDesk(database)


@pytest.fixture
def citizen(desk: ArchiveDesk, tmp_path: Path) -> Citizen:
    return Bureau(desk.database, tmp_path).citizen()


@pytest.fixture
def app(desk: ArchiveDesk, tmp_path: Path) -> Flask:
    hire(desk.database, desk.now, "keeper", Role.ARCHIVE, name="吴婷")
    hire(desk.database, desk.now, "checker", Role.REVIEWER, name="周丽")
    return make_console(desk.database, tmp_path, Clock(desk.now))


def enter(app: Flask, login: str = "keeper") -> Clerk:
    clerk = Clerk(app)
    clerk.signs_in(login)
    return clerk


def object_on_page(desk: ArchiveDesk, citizen: Citizen, *files: tuple[io.BytesIO, str]) -> tuple[str, str, str]:
    """Number, query code, and the page that says so."""
    row = desk.penalty()
    page = citizen.get(f"/h5/objections/new?subject=record&subject_id={row}").text
    key = re.search(r'name="key" value="([\w-]{43})"', page)
    assert key, page
    chosen = {"key": key[1], "firm": str(desk.enterprise_id), "chosen": f"record:{row}"}
    done = citizen.post("/h5/objections/new", **chosen, **TYPED, files=list(files)).text
    shown = re.search(r"(YY\d{13}).*?receipt__code[^>]*>(\w{4}) (\w{4})<", done, re.DOTALL)
    assert shown, done
    return shown[1], shown[2] + shown[3], done


def titles(desk: ArchiveDesk) -> list[str]:
    """Of the files of the follower's objections, as the person would get them."""
    with desk.database.read() as session:
        (one,) = session.scalars(select(Objection))
        return [str(row.kind) for row in session.scalars(select(CaseEvidence)) if row.objection_id == one.id]


def test_papers_come_with_the_form_and_later(desk: ArchiveDesk, citizen: Citizen) -> None:
    number, code, _ = object_on_page(desk, citizen, photo("撤销决定.jpg"))
    assert titles(desk) == ["photo"]
    citizen.get("/h5/objections")
    shown = citizen.post("/h5/objections", number=number, code=code).text
    assert "撤销决定.jpg" in shown
    more = citizen.post("/h5/objections", number=number, code=code, files=[photo("撤销决定.jpg")])
    assert titles(desk) == ["photo"]  # the same file again is the file that is there
    assert more.status_code == 200
    pdf = io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), "缴款凭证.pdf"
    assert "缴款凭证.pdf" in citizen.post("/h5/objections", number=number, code=code, files=[pdf]).text
    assert titles(desk) == ["photo", "document"]


def test_a_file_that_is_refused_is_named_and_the_objection_stands(desk: ArchiveDesk, citizen: Citizen) -> None:
    number, _, page = object_on_page(desk, citizen, (io.BytesIO(b"MZ\x90 a program"), "看看.exe"))
    assert "看看.exe" in page
    assert "没有收下" in page
    assert number
    assert titles(desk) == []


def test_nobody_adds_papers_without_the_code(desk: ArchiveDesk, citizen: Citizen) -> None:
    number, _, _ = object_on_page(desk, citizen)
    wrong = citizen.post("/h5/objections", number=number, code="AAAAAAAA", files=[photo()])
    assert wrong.status_code == 422
    assert titles(desk) == []


def test_a_decided_objection_takes_no_more(desk: ArchiveDesk, citizen: Citizen) -> None:
    number, code, _ = object_on_page(desk, citizen)
    with desk.ledger() as ledger:
        one = ledger.session.scalars(select(Objection)).one()
        objecting.mark(ledger, one, CLERK)
        objecting.decide_objection(ledger, one, CLERK, is_upheld=False, answer="经核查，处罚决定现行有效。")
    shown = citizen.post("/h5/objections", number=number, code=code, files=[photo()]).text
    assert "没有收下" in shown
    assert "补充材料" not in shown
    assert titles(desk) == []


def test_a_clerk_sees_the_papers_and_opening_one_is_written_down(
    desk: ArchiveDesk, citizen: Citizen, app: Flask
) -> None:
    number, _, _ = object_on_page(desk, citizen, photo("撤销决定.jpg"))
    with desk.database.read() as session:
        file_id = session.scalars(select(CaseEvidence.id)).one()
    keeper, path = enter(app), f"/console/archive/objections/{number}"
    page = keeper.opens(path).text
    assert "证明材料（1 件）" in page
    assert f"{path}/evidence/{file_id}/original" in page
    original = keeper.opens(f"{path}/evidence/{file_id}/original")
    assert original.data == make_photo()
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert keeper.opens(f"{path}/evidence/{file_id}/view").headers["Content-Security-Policy"].endswith("sandbox")
    with desk.database.read() as session:
        opened = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.EVIDENCE_OPENED)).all()
        assert [entry.subject for entry in opened] == [number]
    assert enter(app, "checker").opens(f"{path}/evidence/{file_id}/original").status_code == 403
    other = desk.object((Subject.RECORD, desk.penalty(document_number="长商罚〔2026〕13号"))).number
    assert keeper.opens(f"/console/archive/objections/{other}/evidence/{file_id}/view").status_code == 404


def test_papers_are_taken_along_and_erased_with_the_person(desk: ArchiveDesk, citizen: Citizen) -> None:
    object_on_page(desk, citizen, photo("撤销决定.jpg"))
    with desk.ledger() as ledger:
        ledger.session.scalars(select(Objection)).one().follower_id = desk.follower_id
    with desk.ledger() as ledger:
        one = ledger.session.scalars(select(Objection)).one()
        objecting.mark(ledger, one, CLERK)
        objecting.decide_objection(ledger, one, CLERK, is_upheld=False, answer="经核查，处罚决定现行有效。")
        assert export_objections(ledger.session, desk.follower_id)[0]["files"] == ["撤销决定.jpg"]
    with desk.ledger() as ledger:
        assert forget_objections(ledger.session, RULES, desk.now + timedelta(days=3 * 366)) == 1
    assert titles(desk) == []


def test_an_objection_by_telephone_is_read_back(desk: ArchiveDesk, app: Flask, citizen: Citizen) -> None:
    row = desk.penalty()
    keeper, path = enter(app), f"/console/archive/record/{row}/objection"
    assert path in keeper.opens(f"/console/archive/record/{row}").text
    page = keeper.opens(path).text
    key = re.search(r'name="client_key"[^>]*value="([\w-]+)"', page)
    assert key, page
    told = {
        "client_key": key[1],
        "channel": "phone",
        "said": SAID,
        "name": "欧阳小明",
        "phone": "13812345678",
        "relation": "",
    }
    refused = keeper.sends(path, **told)
    assert refused.status_code == 422
    assert "请选择您与这家企业的关系" in refused.text
    assert SAID in refused.text
    told |= {"relation": "企业法定代表人", "agrees": "y"}
    receipt = keeper.sends(path, **told).text
    shown = re.search(r"(YY\d{13}).*?(\w{4}) (\w{4})</dd>", receipt, re.DOTALL)
    assert shown, receipt
    keeper.opens(path)
    assert shown[1] in keeper.sends(path, **told).text  # sent twice: the same one
    with desk.database.read() as session:
        (one,) = session.scalars(select(Objection))
        assert one.channel == "phone"
        steps = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.OBJECTION_STEP)).all()
        assert steps[0].details["来源"] == "电话"
    citizen.get("/h5/objections")
    assert shown[1] in citizen.post("/h5/objections", number=shown[1], code=shown[2] + shown[3]).text


def test_what_is_not_public_is_not_objected_to_by_telephone(desk: ArchiveDesk, app: Flask) -> None:
    row = desk.penalty()
    keeper, path = enter(app), f"/console/archive/record/{row}/objection"
    key = re.search(r'name="client_key"[^>]*value="([\w-]+)"', keeper.opens(path).text)
    assert key
    desk.do((Subject.RECORD, row), ArchiveAction.REPAIR, SYSTEM, "信用中国已修复")
    told = {"client_key": key[1], "channel": "counter", "agrees": "y", "relation": "企业委托的人"}
    sent = keeper.sends(path, **told, said=SAID, name="欧阳小明", phone="13812345678")
    assert sent.status_code == 422
    assert "现在没有公示" in sent.text
    assert enter(app, "checker").opens(path).status_code == 403


@pytest.mark.parametrize(("days", "is_late"), [(3, False), (4, True)])
def test_late_objections_are_seen_at_once(desk: ArchiveDesk, app: Flask, days: int, is_late: bool) -> None:
    """Filed on Friday, to be marked by Monday: late from Tuesday on."""
    desk.object((Subject.RECORD, desk.penalty()))
    clock = Clock(desk.now + timedelta(days=days))
    later = make_console(desk.database, Path(str(desk.database.engine.url.database)).parent, clock)
    keeper, checker = enter(later), enter(later, "checker")
    assert ("有 1 件异议超过了期限" in keeper.opens("/console/").text) is is_late
    assert ("有 1 件异议超过了期限" in keeper.opens("/console/archive").text) is is_late
    assert ("请督促档案管理员办理" in checker.opens("/console/archive").text) is is_late
