"""One follower, chat and pages: what was begun in one is offered in the other, with its files, and filed once."""

import re
from pathlib import Path

from sqlalchemy import select

from bot.reception import Reception
from handlers import ROUTERS
from models.case import Case, CaseParty
from models.case_arrival import EvidenceFetch
from models.case_file import CaseDraft
from models.database import Database
from tests.citizen import Citizen as Phone
from tests.citizen import make_desk, make_settings, open_door, plain, real_now
from tests.citizen_pages import Bureau

FIRM = "长沙乐享健身服务有限公司"
STORY = "10月充了3000块，店一直关门，要求退款"


def make_phone(database: Database, folder: Path) -> Phone:
    settings = make_settings(data_dir=folder)
    return Phone(open_door(Reception(settings, database, make_desk(settings), ROUTERS, real_now)), settings)


def test_what_was_begun_in_the_chat_goes_on_in_the_page(sqlite: Database, tmp_path: Path) -> None:
    bureau, phone = Bureau(sqlite, tmp_path), make_phone(sqlite, tmp_path)
    bureau.now = real_now()
    for words in ("投诉", "1", FIRM, STORY):
        phone.says(words)
    phone.sends("image", PicUrl="http://x/1", MediaId="media-1")
    citizen, stranger = bureau.citizen(), bureau.citizen()
    citizen.sign_in(phone.openid)
    stranger.sign_in("o_somebody_else")
    page = citizen.get("/h5/complaints").text
    assert "在公众号里还有一份没填完的投诉" in page
    assert FIRM in page
    draft = re.search(r'name="draft" value="(\d+)"', page)
    assert draft
    assert FIRM not in stranger.get("/h5/complaints").text
    assert stranger.post("/h5/complaints/adopt", draft=draft[1]).location == "/h5/complaints"
    assert citizen.post("/h5/complaints/adopt", draft=draft[1]).location == "/h5/complaints/form"
    form = citizen.get("/h5/complaints/form").text
    assert STORY in form
    assert FIRM in form
    assert "到网页接着填" in plain(phone.says("继续填写")), "the chat says where it is"
    citizen.post("/h5/complaints/form", do="check", category="prepaid", name="王小明", phone="13900000004")
    citizen.get("/h5/complaints/check")
    citizen.post("/h5/complaints/submit")
    number, _code = citizen.receipt()
    with sqlite.read() as session:
        case = session.scalars(select(Case)).one()
        assert case.number == number
        assert session.scalars(select(CaseParty)).one().case_id == case.id
        assert session.scalars(select(EvidenceFetch)).one().owner_hash == case.client_key_hash, "the photo finds it"


def test_what_was_begun_in_the_page_is_named_in_the_chat_and_in_another_browser(
    sqlite: Database, tmp_path: Path
) -> None:
    bureau, phone = Bureau(sqlite, tmp_path), make_phone(sqlite, tmp_path)
    bureau.now = real_now()
    phone.says("你好")
    first, second = bureau.citizen(), bureau.citizen()
    for one in (first, second):
        one.sign_in(phone.openid)
    first.begin()
    first.fill(name="", do="save")
    shown = plain(phone.says("投诉"))
    assert "您在网页上有一份没填完的投诉（示范市乐享健身服务有限公司）" in shown
    assert "在这里填的是另外一份" in shown
    page = second.get("/h5/complaints").text
    draft = re.search(r'name="draft" value="(\d+)"', page)
    assert draft
    second.post("/h5/complaints/adopt", draft=draft[1])
    assert "示范市乐享健身服务有限公司" in second.get("/h5/complaints/form").text
    assert 'name="draft"' not in first.get("/h5/complaints").text, "its own is not offered twice"


def test_a_photo_sent_before_the_story_goes_with_it(sqlite: Database, tmp_path: Path) -> None:
    """投诉, a picture, then 投诉 with the firm at once: one form, one draft."""
    phone = make_phone(sqlite, tmp_path)
    phone.says("投诉")
    phone.sends("image", PicUrl="http://x/1", MediaId="media-1")
    phone.says(f"投诉 {FIRM}")
    with sqlite.read() as session:
        draft = session.scalars(select(CaseDraft)).one()
        assert session.scalars(select(EvidenceFetch)).one().owner_hash == draft.client_key_hash
