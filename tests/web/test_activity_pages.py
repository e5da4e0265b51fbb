"""Activities in a browser: places, a code that is shown, a code at the venue that changes every minute."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.taking_part import load_taking_part
from models.activity import Activity, ActivityCheckIn, ActivitySignUp
from models.database import Database
from services.campaigns.activities import ActivityError, call_off, turnouts
from services.campaigns.check_in import is_venue_code, venue_code
from services.campaigns.sign_ups import check_in_by_staff, find_by_code
from tests.citizen_pages import Bureau
from tests.taking_part import add_activity

RULES = load_taking_part().activities


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Bureau:
    return Bureau(database, tmp_path)


def put_on(desk: Bureau, **changes: object) -> int:
    with desk.database.write() as session:
        return add_activity(session, desk.now, **changes).id  # type: ignore[arg-type]


def test_a_place_is_taken_given_back_and_taken_by_another(desk: Bureau) -> None:
    number = put_on(desk, capacity=1)
    first, second = desk.citizen(), desk.citizen()
    first.get(f"/h5/activities/{number}")
    ticket = first.post(f"/h5/activities/{number}/sign-up", name="王秀英", phone="13812345678").location or ""
    shown = first.get(ticket).text
    assert re.search(r"[2-9A-Y]{10}", shown)
    assert "王秀英" not in shown
    assert "名额已满" in second.get(f"/h5/activities/{number}").text
    assert second.post(f"/h5/activities/{number}/sign-up").status_code == 409
    first.get(f"/h5/activities/{number}")
    first.post(f"/h5/activities/{number}/cancel")
    second.get(f"/h5/activities/{number}")
    assert second.post(f"/h5/activities/{number}/sign-up").status_code == 303
    with desk.database.read() as session:
        rows = list(session.scalars(select(ActivitySignUp)))
    assert [row.cancelled_at is None for row in rows] == [False, True]
    assert b"13812345678" not in (rows[0].phone_sealed or b"")


def test_one_telephone_has_one_place_and_a_wrong_one_is_said(desk: Bureau) -> None:
    number = put_on(desk)
    for phone, status, words in (
        ("138-1234-5678", 303, ""),
        ("１３８１２３４５６７８", 409, "这个手机号已经报过名了"),
        ("12", 409, "手机号不对"),
    ):
        citizen = desk.citizen()
        citizen.get(f"/h5/activities/{number}")
        answer = citizen.post(f"/h5/activities/{number}/sign-up", name="李军", phone=phone)
        assert answer.status_code == status
        assert words in answer.text
        assert status == 303 or "李军" in answer.text  # nothing that was typed is lost


def test_the_code_at_the_venue_counts_one_person_once(desk: Bureau) -> None:
    number = put_on(desk, days=0)
    desk.pass_time(minutes=10)
    code = venue_code(desk.database.vault.signing_key, number, desk.now, RULES.code_seconds)
    citizen = desk.citizen()
    path = f"/h5/activities/{number}/check-in/{code}"
    citizen.get(path)
    assert "签到成功" in citizen.post(path).text
    citizen.get(path)
    assert "已经签过到了" in citizen.post(path).text
    other = desk.citizen()
    other.get(path)
    desk.pass_time(minutes=3)
    late = other.post(path)
    assert late.status_code == 409
    assert "签到码已过期" in late.text
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ActivityCheckIn)) == 1


def test_staff_check_in_whoever_signed_up_within_its_hours(desk: Bureau) -> None:
    number = put_on(desk, days=1)
    citizen = desk.citizen()
    citizen.get(f"/h5/activities/{number}")
    code = (citizen.post(f"/h5/activities/{number}/sign-up").location or "").rsplit("/", 1)[1]
    with desk.database.write() as session:
        own = find_by_code(session, code)
        assert own is not None
        with pytest.raises(ActivityError, match="签到时间"):
            check_in_by_staff(session, own, RULES, "staff:1", desk.now)
        begun = desk.now + timedelta(days=1)
        assert check_in_by_staff(session, own, RULES, "staff:1", begun)
        assert not check_in_by_staff(session, own, RULES, "staff:1", begun)
        activity = session.get_one(Activity, number)
        assert turnouts(session, [activity])[number].counted == 1
        activity.headcount = 86
        assert turnouts(session, [activity])[number].counted == 86


def test_a_cancelled_activity_says_why_and_a_draft_is_not_there(desk: Bureau) -> None:
    number = put_on(desk)
    with desk.database.write() as session:
        call_off(session.get_one(Activity, number), "台风预警", "staff:2", desk.now)
    page = desk.citizen().get(f"/h5/activities/{number}")
    assert "台风预警" in page.text
    assert "报名</button>" not in page.text
    assert desk.citizen().get("/h5/activities/999").status_code == 404


def test_a_venue_code_holds_for_its_minute_and_the_next(desk: Bureau) -> None:
    key, at = b"k" * 32, desk.now
    code = venue_code(key, 7, at, 60)
    holds = [is_venue_code(code.lower(), key, 7, at + timedelta(seconds=late), 60) for late in (0, 60, 121)]
    assert holds == [True, True, False]
    assert not is_venue_code(code, key, 8, at, 60)
