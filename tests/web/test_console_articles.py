"""Articles and associations on the console and on citizens' pages, through real HTTP, without a script."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from models.article import Article, ArticlePicture, ArticleStep
from models.association import Commitment
from models.campaign_words import ArticleState
from models.database import Database
from models.enterprise import Enterprise
from models.listing import Listing
from services.enterprises.index import NameIndex
from tests.console import Clerk, Clock, make_console
from tests.factories import make_enterprise, make_listing
from tests.press_room import UNIT, Press, draw

LISTED = "长沙云朵岸洗衣服务有限公司"
EDIT = "/console/articles/1/edit"
TEXT = {"title": "签下承诺", "column": "news", "type": "plain", "author": "协会", "digest": "摘要"}


@pytest.fixture
def clock(now: object) -> Clock:
    return Clock(now)  # type: ignore[arg-type]


@pytest.fixture
def press(sqlite: Database, tmp_path: Path, clock: Clock) -> Press:
    return Press(sqlite, tmp_path, clock.now)


@pytest.fixture
def app(press: Press, tmp_path: Path, clock: Clock) -> Flask:
    """A register of two firms, one of them listed."""
    with press.database.write() as session:
        make_listing(session, make_enterprise(session, LISTED, "91430100MA4L1ABC2X"))
        make_enterprise(session, "长沙麦朵坊食品有限公司", "91430100MA4L2ABC2X")
    with press.database.read() as session:
        NameIndex(tmp_path / "index").make_ready(session)
    return make_console(press.database, tmp_path, clock)


def enter(app: Flask, login: str) -> Clerk:
    clerk = Clerk(app)
    assert clerk.signs_in(login).status_code == 303
    return clerk


def version_of(clerk: Clerk) -> str:
    found = re.search(r'name="version" value="(\d+)"', clerk.page.text)
    assert found
    return found[1]


def write(clerk: Clerk, body: str = "说明怎么退卡。", **fields: object) -> None:
    """A new article with a cover, by one form."""
    clerk.opens("/console/articles/new")
    sent = TEXT | {"body": body, "version": "0", "do": "picture", "alt": "签约现场"} | fields
    page = clerk.sends("/console/articles/new", **sent, picture=(io.BytesIO(draw()), "a.jpg"))  # type: ignore[arg-type]
    assert page.status_code == 200, page.text
    assert "签约现场" in page.text


def step(app: Flask, login: str, action: str, comment: str = "", **fields: str) -> Clerk:
    clerk = enter(app, login)
    clerk.opens("/console/articles/1")
    clerk.sends("/console/articles/1/step", action=action, version=version_of(clerk), comment=comment, **fields)
    return clerk


def test_an_article_goes_through_four_persons_to_citizens_and_back(app: Flask, press: Press) -> None:
    write(enter(app, "xiehui"), "第一段。\n\n**要紧**的话 <script>alert(1)</script>")
    reader = app.test_client()
    for login, action in (("xiehui", "submit"), ("huizhang", "pass_head"), ("xuanchuan", "pass_bureau")):
        assert "签下承诺" not in reader.get("/h5/articles", base_url="https://localhost").text
        assert step(app, login, action).page.status_code == 303
    reviewer = enter(app, "xuanchuan")
    reviewer.opens("/console/articles")
    assert reviewer.sends("/console/articles/1/step", action="approve", version="1").status_code == 422
    assert "等您审核" in enter(app, "fabu").opens("/console/articles").text
    assert step(app, "fabu", "approve").page.status_code == 303
    assert "签下承诺" in reader.get("/h5/articles?column=news", base_url="https://localhost").text
    assert "签下承诺" not in reader.get("/h5/articles?column=impact", base_url="https://localhost").text
    page = reader.get("/h5/articles/1", base_url="https://localhost").text
    assert "<strong>要紧</strong>" in page
    assert "<script>alert" not in page
    picture = reader.get("/h5/articles/pictures/1", base_url="https://localhost")
    assert (picture.mimetype, picture.data[:2]) == ("image/jpeg", b"\xff\xd8")
    assert step(app, "fabu", "withdraw", "过时").page.status_code == 303
    assert reader.get("/h5/articles/1", base_url="https://localhost").status_code == 404
    assert reader.get("/h5/articles/pictures/1", base_url="https://localhost").status_code == 404
    with press.database.read() as session:
        assert [one.name.partition("（")[0] for one in session.scalars(select(ArticleStep))] == [
            "xiehui",
            "huizhang",
            "xuanchuan",
            "fabu",
            "fabu",
        ]


def test_a_refused_approval_shows_the_place_and_keeps_the_comment(app: Flask) -> None:
    write(enter(app, "xiehui"), "头一段。\n\n打13812345678报名。")
    for login, action in (("xiehui", "submit"), ("huizhang", "pass_head"), ("xuanchuan", "pass_bureau")):
        step(app, login, action)
    clerk = step(app, "fabu", "approve", "我的意见")
    assert clerk.page.status_code == 422
    assert "正文第 2 段“13812345678”" in clerk.page.text
    assert "我的意见" in clerk.page.text


def test_nothing_typed_is_lost_when_another_saved_meanwhile_or_a_picture_is_none(app: Flask, press: Press) -> None:
    clerk = enter(app, "xiehui")
    write(clerk)
    clerk.opens(EDIT)
    old = version_of(clerk)
    clerk.sends(EDIT, **TEXT, body="先保存的", version=old, do="save")
    clerk.opens(EDIT)
    page = clerk.sends(EDIT, **TEXT, body="后保存的很长的一段", version=old, do="save")
    assert page.status_code == 409
    assert "后保存的很长的一段" in page.text
    assert "先保存的" in page.text
    clerk.sends(EDIT, **TEXT, body="后保存的很长的一段", version=version_of(clerk), do="save")
    assert clerk.page.status_code == 303
    bad = {"picture": (io.BytesIO(b"%PDF-1.7 no picture"), "a.jpg"), "alt": "一张图"}
    clerk.opens(EDIT)
    page = clerk.sends(EDIT, **TEXT, body="又写了一段", version=version_of(clerk), do="picture", **bad)  # type: ignore[arg-type]
    assert page.status_code == 422
    assert "又写了一段" in page.text
    with press.database.read() as session:
        assert session.get_one(Article, 1).body == "又写了一段"  # saved, though the picture was none
        assert len(session.scalars(select(ArticlePicture)).all()) == 1


def test_typing_is_saved_by_the_way_and_a_conflict_is_told(app: Flask, press: Press) -> None:
    clerk = enter(app, "xiehui")
    write(clerk)
    clerk.opens(EDIT)
    old = version_of(clerk)
    said = clerk.sends("/console/articles/1/autosave", **TEXT, body="边写边存", version=old)
    assert said.json == {"version": int(old) + 1}
    clerk.opens(EDIT)
    told = clerk.sends("/console/articles/1/autosave", **TEXT, body="旧页面", version=old)
    assert told.status_code == 409
    assert "别处保存过" in (told.json or {})["fault"]
    with press.database.read() as session:
        assert session.get_one(Article, 1).body == "边写边存"


def test_a_firm_is_picked_and_an_article_about_it_goes_with_its_listing(app: Flask, press: Press) -> None:
    clerk = enter(app, "lin")
    write(clerk, f"{LISTED}收钱关门。", type="bad_case")
    page = clerk.sends(
        EDIT,
        **(TEXT | {"type": "bad_case"}),
        body=f"{LISTED}收钱关门。",
        version=version_of(clerk),
        do="find",
        firm="云朵岸",
    )
    picked = re.search(r'name="enterprise" id="pick-(\d+)"', page.text)
    assert picked
    fields = TEXT | {"type": "bad_case", "body": f"{LISTED}收钱关门。", "version": version_of(clerk), "do": "firm"}
    clerk.sends(EDIT, **fields, firm="云朵岸", enterprise=picked[1], polarity="negative")
    for login, action in (("lin", "submit"), ("xuanchuan", "pass_bureau"), ("fabu", "approve")):
        assert step(app, login, action).page.status_code == 303
    reader = app.test_client()
    assert reader.get("/h5/articles/1", base_url="https://localhost").status_code == 200
    with press.database.write() as session:
        session.scalars(select(Listing)).one().withdrawn_on = press.today
    assert reader.get("/h5/articles/1", base_url="https://localhost").status_code == 404
    assert "已自动停止展示" in enter(app, "fabu").opens("/console/articles/1").text


def test_another_associations_staff_see_nothing_of_this_one(app: Flask, press: Press) -> None:
    write(enter(app, "xiehui"))
    stranger = enter(app, "bieren")
    own, other = press.associations[1], press.associations[0]
    assert stranger.opens("/console/associations").headers["Location"].endswith(f"/console/associations/{own}")
    for path in (
        f"/console/associations/{other}",
        f"/console/associations/{other}/members",
        f"/console/associations/{other}/commitments/new",
        "/console/articles/1",
        EDIT,
        "/console/articles/1/preview",
        "/console/articles/1/versions/1",
        "/console/articles/pictures/1",
    ):
        assert stranger.opens(path).status_code == 404, path
    assert "签下承诺" not in stranger.opens("/console/articles").text
    for path in (
        "/console/cases",
        "/console/associations/new",
        "/console/campaigns/words",
        "/console/associations/waiting",
    ):
        assert stranger.opens(path).status_code == 403, path
    stranger.opens("/console/articles/new")
    assert stranger.sends(f"/console/associations/{other}/members", enterprise="1").status_code == 404
    assert stranger.sends("/console/articles/1/step", action="submit", version="1").status_code == 404


def test_members_are_pasted_checked_and_taken_in(app: Flask, press: Press) -> None:
    clerk = enter(app, "xiehui")
    place = f"/console/associations/{press.associations[0]}/members"
    clerk.opens(place)
    page = clerk.sends(f"{place}/list", text=f"1. {LISTED}\n查无此企业91310000MA1FL5Q97X", do="check")
    assert "共 2 行" in page.text
    assert "没有找到" in page.text
    clerk.sends(f"{place}/list", text=f"1. {LISTED}\n查无此企业91310000MA1FL5Q97X", do="add")
    assert "共 2 行：登记 1 家" in clerk.opens(place).text


def test_a_commitment_with_its_sheet_is_approved_and_read_by_citizens(app: Flask, press: Press) -> None:
    clerk, association = enter(app, "xiehui"), press.associations[0]
    with press.database.read() as session:
        firm = session.scalars(select(Enterprise.id).where(Enterprise.name == LISTED)).one()
    clerk.opens(f"/console/associations/{association}/members")
    clerk.sends(f"/console/associations/{association}/members", enterprise=str(firm))
    place = f"/console/associations/{association}/commitments/new"
    clerk.opens(place)
    fields = {"firm": str(firm), "kind": "general", "campaign": "", "text": "货真价实", "signed_on": "2026-11-18"}
    assert clerk.sends(place, **fields).status_code == 422
    assert "请上传" in clerk.page.text
    assert "货真价实" in clerk.page.text
    clerk.sends(place, **fields, file=(io.BytesIO(draw()), "承诺书.jpg"))  # type: ignore[arg-type]
    assert clerk.page.status_code == 303
    reader = app.test_client()
    assert "货真价实" not in reader.get("/h5/promises", base_url="https://localhost").text
    bureau = enter(app, "xuanchuan")
    assert LISTED in bureau.opens("/console/associations/waiting").text
    bureau.opens("/console/associations/commitments/1")
    assert bureau.sends("/console/associations/commitments/1", do="approve").status_code == 303
    assert "货真价实" in reader.get("/h5/promises", base_url="https://localhost").text
    assert "1 份" in reader.get(f"/h5/associations/{association}", base_url="https://localhost").text
    file = bureau.opens("/console/associations/files/1")
    assert (file.status_code, file.data) == (200, draw())
    with press.database.read() as session:
        assert session.scalars(select(Commitment)).one().record_id


def test_the_bureau_keeps_campaign_calendar_and_words(app: Flask, press: Press) -> None:
    clerk = enter(app, "xuanchuan")
    clerk.opens("/console/campaigns/new")
    fields = {
        "year": "2026",
        "name": "诚信兴商宣传月",
        "theme": "主题",
        "starts_on": "2026-11-10",
        "ends_on": "2026-11-01",
    }
    assert clerk.sends("/console/campaigns/new", **fields).status_code == 422
    assert "结束日期早于开始日期" in clerk.page.text
    fields |= {"ends_on": "2026-11-30", "summary_due_on": "2026-12-20", "units": "甲\n乙", "logo_alt": "标识"}
    clerk.sends("/console/campaigns/new", **fields, logo=(io.BytesIO(draw()), "logo.jpg"))  # type: ignore[arg-type]
    assert clerk.page.status_code == 303
    page = clerk.opens("/console/campaigns").text
    assert "正在开展" in page
    assert "诚信兴商宣传月总结和活动统计表" in page
    clerk.opens("/console/campaigns/days")
    assert clerk.sends("/console/campaigns/days", title="某日", kind="day", month="2", day="30").status_code == 422
    assert (
        clerk.sends("/console/campaigns/days", title="某日", kind="day", month="11", day="29", is_used="y").status_code
        == 303
    )
    assert "某日" in clerk.opens("/console/campaigns").text
    clerk.opens("/console/campaigns/words")
    clerk.sends("/console/campaigns/words", word="最佳 实践", advice="", source="", is_used="")
    write(clerk, "推广最佳实践，不说最佳。", campaign="1")
    assert "正文第 1 段“最佳”" in clerk.page.text
    assert clerk.page.text.count("“最佳”") == 1


def test_a_tampered_or_empty_form_is_told_and_not_a_fault(app: Flask, press: Press) -> None:
    clerk = enter(app, "xiehui")
    write(clerk)
    clerk.opens("/console/articles/1")
    assert clerk.sends("/console/articles/1/step", action="explode", version="1").status_code == 400
    clerk.opens("/console/articles/1")
    assert clerk.sends("/console/articles/1/step", action="submit", version="x" * 50).status_code == 422
    clerk.opens(EDIT)
    nothing = clerk.sends(EDIT, version="9" * 40, do="save", column="none")
    assert nothing.status_code == 409
    clerk.opens(EDIT)
    lost = clerk.sends(EDIT, **TEXT, body="还在", version=version_of(clerk), do="save", campaign="999999999")
    assert lost.status_code == 422
    assert "还在" in lost.text
    clerk.opens("/console/articles/1")
    assert clerk.sends("/console/articles/1/step", action="submit", version=version_of(clerk)).status_code in {303, 422}
    with press.database.read() as session:
        assert session.get_one(Article, 1).state in {ArticleState.DRAFT, ArticleState.WITH_HEAD}
    assert UNIT in clerk.opens(f"/console/associations/{press.associations[0]}").text
