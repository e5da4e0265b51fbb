"""关注, 我的关注 and 提醒我 on the pages: for whom WeChat has named, by buttons, never by opening a page."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.archive_words import ArchiveAction, Subject
from models.database import Database
from models.notice import Notice
from models.watching import Watch
from services import followers
from services.cases.facts import SYSTEM
from tests.archive_desk import ArchiveDesk
from tests.citizen_pages import IN_WECHAT, Bureau, Citizen

FIRM = "湖南稻香渡商贸有限公司"


@pytest.fixture
def desk(database: Database) -> ArchiveDesk:
    return ArchiveDesk(database, FIRM)


@pytest.fixture
def bureau(desk: ArchiveDesk, tmp_path: Path) -> Bureau:
    return Bureau(desk.database, tmp_path)


@pytest.fixture
def citizen(bureau: Bureau) -> Citizen:
    """Follows the account, and WeChat has named them."""
    with bureau.database.write() as session:
        followers.meet(session, "o_citizen", bureau.now)
    known = bureau.citizen()
    known.sign_in("o_citizen")
    return known


def count_watches(bureau: Bureau) -> int:
    with bureau.database.read() as session:
        return len(session.scalars(select(Watch)).all())


def test_a_firm_is_followed_by_the_button_and_given_up(desk: ArchiveDesk, bureau: Bureau, citizen: Citizen) -> None:
    page = f"/h5/enterprises/{desk.enterprise_id}/follow"
    assert page in citizen.get(f"/h5/enterprises/{desk.enterprise_id}").text
    opened = citizen.get(page)
    assert "取消关注" not in opened.text
    assert count_watches(bureau) == 0  # a page that is opened follows nobody
    assert "已关注" in citizen.post(page).text
    assert "您已经关注了" in citizen.post(page).text
    assert count_watches(bureau) == 1
    assert FIRM in citizen.get("/h5/following").text
    assert citizen.post("/h5/following", end=str(desk.enterprise_id)).location == "/h5/following"
    assert "现在没有关注的企业" in citizen.get("/h5/following").text
    assert count_watches(bureau) == 0


def test_silence_keeps_the_firms_and_ends_by_a_button(desk: ArchiveDesk, citizen: Citizen) -> None:
    citizen.get(f"/h5/enterprises/{desk.enterprise_id}/follow")
    citizen.post(f"/h5/enterprises/{desk.enterprise_id}/follow")
    citizen.post("/h5/following", do="mute")
    muted = citizen.get("/h5/following").text
    assert FIRM in muted
    assert "已退订" in muted
    citizen.post("/h5/following", do="unmute")
    assert "已退订" not in citizen.get("/h5/following").text
    citizen.post("/h5/following", do="end_all")
    assert FIRM not in citizen.get("/h5/following").text


def test_nobody_follows_without_being_named(desk: ArchiveDesk, bureau: Bureau) -> None:
    stranger = bureau.citizen()
    page = f"/h5/enterprises/{desk.enterprise_id}/follow"
    assert "请在微信里打开公众号" in stranger.get(page).text
    stranger.get("/h5/complaints")  # a seal
    assert stranger.post(page).location == f"/h5/sign-in?back={page}"
    assert stranger.post("/h5/following", end="1").status_code == 303
    assert count_watches(bureau) == 0
    in_wechat = bureau.citizen(headers=IN_WECHAT)
    assert in_wechat.get(page).location == f"/h5/sign-in?back={page}"
    assert in_wechat.get("/h5/following").location == "/h5/sign-in?back=/h5/following"


def test_who_does_not_follow_the_account_is_told_so(desk: ArchiveDesk, bureau: Bureau) -> None:
    passer_by = bureau.citizen()
    passer_by.sign_in("o_somebody_else")
    assert "还没有关注公众号" in passer_by.get(f"/h5/enterprises/{desk.enterprise_id}/follow").text


def test_one_sees_and_ends_only_ones_own(desk: ArchiveDesk, bureau: Bureau, citizen: Citizen) -> None:
    page = f"/h5/enterprises/{desk.enterprise_id}/follow"
    citizen.get(page)
    citizen.post(page)
    other = bureau.citizen()
    other.sign_in("o_other")
    assert FIRM not in other.get("/h5/following").text
    other.get(page)
    other.post("/h5/following", do="end_all")
    other.post("/h5/following", end=str(desk.enterprise_id))
    assert FIRM in citizen.get("/h5/following").text


def test_a_form_that_is_not_ours_follows_nothing(desk: ArchiveDesk, bureau: Bureau, citizen: Citizen) -> None:
    citizen.seal = "0" * 64
    assert citizen.post(f"/h5/enterprises/{desk.enterprise_id}/follow").status_code == 409
    assert count_watches(bureau) == 0


def test_firms_that_are_not_there_are_404(citizen: Citizen) -> None:
    assert citizen.get("/h5/enterprises/999999/follow").status_code == 404
    citizen.get("/h5/following")
    citizen.get("/h5/complaints")
    assert citizen.post("/h5/enterprises/999999/follow").status_code == 404
    assert citizen.get("/h5/reminders/entry/1").status_code == 404


def test_a_reminder_is_kept_once_and_goes_with_the_record(desk: ArchiveDesk, bureau: Bureau, citizen: Citizen) -> None:
    row = Subject.RECORD, desk.penalty(decided_on=desk.today - timedelta(days=10))
    page = f"/h5/reminders/record/{row[1]}"
    assert page in citizen.get(f"/h5/enterprises/{desk.enterprise_id}/repair").text
    citizen.get(page)
    assert "记下了" in citizen.post(page).text
    assert "记下了" in citizen.post(page).text
    with bureau.database.read() as session:
        kept = session.scalars(select(Notice)).one()
        assert kept.not_before.date().isoformat() == "2027-02-10"
    desk.do(row, ArchiveAction.REPAIR, SYSTEM, "“信用中国”已修复")
    with bureau.database.read() as session:
        assert session.scalars(select(Notice)).all() == []
    assert "已经不公示了" in citizen.post(page).text


def test_there_is_no_reminder_where_nothing_is_waited_for(desk: ArchiveDesk, citizen: Citizen) -> None:
    record_id = desk.penalty()  # of April: the three months are over
    page = f"/h5/reminders/record/{record_id}"
    assert page not in citizen.get(f"/h5/enterprises/{desk.enterprise_id}/repair").text
    shown = citizen.get(page).text
    assert "不用再等" in shown
    assert '<button class="weui-btn weui-btn_primary"' not in shown
