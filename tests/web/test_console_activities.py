"""Activities on the console: an association drafts, the bureau decides; the bank of questions by revision."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.activity import Activity, ActivityState, PublicityEntry
from models.audit import Act, AuditEntry
from models.database import Database
from models.quiz import QuizQuestion
from models.role import Role
from services.quiz.bank import seed_bank
from tests.console import Clerk, Clock, hire, make_console
from tests.evidence_files import make_photo
from tests.taking_part import add_activity, add_association

NAME = "示范市餐饮行业协会"
FIELDS = {
    "kind": "lecture", "title": "商务诚信大讲堂", "place": "文化馆", "region": "城关区",
    "begins_at": "2026-11-25T09:00", "ends_at": "2026-11-25T11:00", "capacity": "", "campaign_id": "", "about": "",
}  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 2, 0, tzinfo=UTC))


@pytest.fixture
def app(sqlite: Database, tmp_path: Path, clock: Clock) -> Flask:
    hire(sqlite, clock.now, "xiehui", Role.ASSOCIATION, unit=NAME)
    hire(sqlite, clock.now, "qita", Role.ASSOCIATION, unit="示范市零售商业协会")
    hire(sqlite, clock.now, "xuanchuan", Role.CAMPAIGN)
    with sqlite.write() as session:
        add_association(session, clock.now, NAME)
        add_association(session, clock.now, "示范市零售商业协会")
        seed_bank(session, clock.now)
    return make_console(sqlite, tmp_path, clock)


def come(app: Flask, login: str) -> Clerk:
    clerk = Clerk(app)
    clerk.signs_in(login)
    return clerk


def only(database: Database) -> Activity:
    with database.read() as session:
        return session.scalars(select(Activity)).one()


def test_an_activity_goes_from_the_association_to_the_bureau_and_out(app: Flask, sqlite: Database) -> None:
    theirs, ours = come(app, "xiehui"), come(app, "xuanchuan")
    theirs.opens("/console/activities/new")
    wrong = theirs.sends("/console/activities/new", **FIELDS | {"ends_at": "2026-11-25T08:00"})
    assert "结束时间要晚于开始时间" in wrong.text
    assert "文化馆" in wrong.text
    path = theirs.sends("/console/activities/new", **FIELDS).location
    theirs.opens(path)
    assert theirs.sends(f"{path}/decide", do="publish").status_code == 403
    theirs.opens(path)
    theirs.sends(f"{path}/submit")
    ours.opens("/console/activities")
    assert "待主管部门同意" in ours.page.text
    ours.opens(path)
    ours.sends(f"{path}/decide", do="back", reason="")
    ours.opens(path)
    assert "请写明原因" in ours.page.text
    ours.sends(f"{path}/decide", do="publish")
    assert only(sqlite).state is ActivityState.PUBLISHED
    theirs.opens(f"{path}/edit")
    assert "由主管部门修改" in theirs.sends(f"{path}/edit", **FIELDS).text
    with sqlite.read() as session:
        acts = [row.details["做了什么"] for row in session.scalars(select(AuditEntry)) if row.act is Act.ACTIVITY_STEP]
    assert acts == ["新建", "提交主管部门", "同意发布"]


def test_an_association_sees_only_its_own(app: Flask, sqlite: Database, clock: Clock) -> None:
    with sqlite.write() as session:
        number = add_activity(session, clock.now, association_id=1).id
    assert come(app, "xiehui").opens(f"/console/activities/{number}").status_code == 200
    other = come(app, "qita")
    assert other.opens(f"/console/activities/{number}").status_code == 404
    assert "诚信兴商大讲堂" not in other.opens("/console/activities").text


def test_photos_need_words_and_the_venue_shows_a_code(app: Flask, sqlite: Database, clock: Clock) -> None:
    with sqlite.write() as session:
        number = add_activity(session, clock.now, days=0).id
    path, clerk = f"/console/activities/{number}", come(app, "xuanchuan")
    clerk.opens(path)
    for alt, words in (("", "请写一句话"), ("居民在展板前听讲解", "照片已上传")):
        photo = (io.BytesIO(make_photo()), "现场.jpg")
        clerk.posts(f"{path}/photos", seal=clerk.seal, alt=alt, photo=photo)  # type: ignore[arg-type]
        assert words in clerk.opens(path).text
    assert 'alt="居民在展板前听讲解"' in clerk.page.text
    assert "<svg" in clerk.opens(f"{path}/venue").text
    assert 'http-equiv="refresh"' in clerk.page.text


def test_a_line_of_the_log_is_struck_out_with_a_reason(app: Flask, sqlite: Database) -> None:
    clerk = come(app, "xiehui")
    clerk.opens("/console/publicity")
    line = {
        "kind": "material",
        "title": "诚信折页",
        "happened_on": "2026-11-19",
        "count": "800",
        "region": "",
        "address": "",
    }
    assert "统计表要写方式" in clerk.sends("/console/publicity", **line, way="").text
    clerk.sends("/console/publicity", **line, way="折页")
    clerk.opens("/console/publicity")
    clerk.sends("/console/publicity/1/strike-out", reason="重复登记")
    with sqlite.read() as session:
        row = session.scalars(select(PublicityEntry)).one()
    assert (row.association_id, row.count, row.withdrawn_reason) == (1, 800, "重复登记")


def test_a_question_is_changed_by_revision_and_the_slower_editor_is_told(app: Flask, sqlite: Database) -> None:
    first, second = come(app, "xuanchuan"), come(app, "xuanchuan")
    path = "/console/questions/name-core"
    first.opens(path)
    second.opens(path)
    said = {
        "kind": "single", "text": "字号至少几个字？", "option_a": "一个", "option_b": "两个", "answer": "B",
        "explanation": "两个以上汉字。", "law": "《企业名称登记管理规定》", "article": "第八条", "revision": "1",
    }  # fmt: skip
    assert "请写明修改原因" in first.sends(path, **said).text
    first.sends(path, **said, reason="改短")
    assert "刚被别人修改过" in second.sends(path, **said, reason="改短").text
    with sqlite.read() as session:
        rows = session.scalars(select(QuizQuestion).where(QuizQuestion.key == "name-core")).all()
    assert [(row.revision, row.replaced_at is None) for row in rows] == [(1, False), (2, True)]
