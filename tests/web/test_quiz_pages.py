"""The quiz in a browser without script: ten answers, a certificate, its check; one scored try a day."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from config.taking_part import load_taking_part
from models.database import Database
from models.quiz import QuizQuestion, QuizTry
from services.quiz.bank import seed_bank
from services.quiz.certificates import find
from services.quiz.ranking import rank_communities
from tests.citizen_pages import IN_WECHAT, Bureau, Citizen

RULES = load_taking_part().quiz


@pytest.fixture
def desk(sqlite: Database, tmp_path: Path) -> Bureau:
    bureau = Bureau(sqlite, tmp_path)
    with sqlite.write() as session:
        seed_bank(session, bureau.now)
    return bureau


def known(desk: Bureau, openid: str = "o_citizen") -> Citizen:
    """Somebody whom WeChat has named."""
    citizen = desk.citizen()
    assert citizen.sign_in(openid, "/h5/quiz").location == "/h5/quiz"
    return citizen


def begin(citizen: Citizen, **fields: str) -> str:
    citizen.get("/h5/quiz")
    return citizen.post("/h5/quiz/begin", **fields).location or ""


def answer_all(desk: Bureau, citizen: Citizen, path: str, wrong: int = 0) -> str:
    """All ten, the first `wrong` of them wrong; the page of the result."""
    number = int(path.rsplit("/", 1)[1])
    with desk.database.read() as session:
        attempt = session.get_one(QuizTry, number)
        answers = [session.get_one(QuizQuestion, one).answer for one in attempt.question_ids]
    for place, right in enumerate(answers):
        page = citizen.get(path).text
        assert f"第 {place + 1} 题，共 10 题" in page
        given = "ABCD"[("ABCD".index(right[0]) + 1) % 2] if place < wrong else right
        citizen.post(path, place=str(place), answer=list(given))
    return citizen.get(path).text


def test_ten_right_answers_earn_a_certificate_that_proves_itself(desk: Bureau) -> None:
    citizen = known(desk)
    path = begin(citizen, community="向阳社区")
    page = answer_all(desk, citizen, path)
    assert "<strong>10</strong> / 10 题答对" in page
    proof = citizen.post(f"{path}/certificate", name="欧阳小明").location or ""
    shown = citizen.get(proof).text
    assert "欧阳**" in shown
    assert "欧阳小明" not in shown
    picture = citizen.get(f"{proof}.png")
    assert picture.mimetype == "image/png"
    assert picture.data.startswith(b"\x89PNG")
    stranger = desk.citizen()
    assert "这份证书是" in stranger.get(proof).text
    assert stranger.get(f"{proof}.png").status_code == 404  # the name is its holder's
    number, code = proof.split("/")[-2:]
    assert stranger.get(f"/certificate/{number}/AAAAAAAA").status_code == 404
    assert (stranger.get(f"/certificate?number={number.lower()}&code={code.lower()}").location or "").endswith(
        f"{number.lower()}/{code.lower()}"
    )
    with desk.database.read() as session:
        assert find(session, number, code) is not None


def test_the_first_try_of_a_day_counts_and_others_are_practice(desk: Bureau) -> None:
    citizen = known(desk)
    first = begin(citizen)
    assert begin(citizen) == first  # it is not finished
    answer_all(desk, citizen, first, wrong=5)
    second = begin(citizen)
    page = answer_all(desk, citizen, second)
    assert "这次是练习" in page
    assert citizen.post(f"{second}/certificate").status_code == 404
    desk.pass_time(days=1)
    assert citizen.get(first).location == f"/h5/sign-in?back={first}"  # twelve hours are over
    citizen.sign_in("o_citizen", "/h5/quiz")
    third = begin(citizen)
    assert "可以领证书" in answer_all(desk, citizen, third)


def test_an_answer_sent_twice_counts_once_and_an_empty_one_not_at_all(desk: Bureau) -> None:
    citizen = desk.citizen()
    path = begin(citizen)
    citizen.post(path, place="0")
    assert "请先选一个答案" in citizen.get(f"{path}?empty=1").text
    for _ in range(2):
        citizen.post(path, place="0", answer="A")
    assert "第 2 题" in citizen.get(path).text
    assert desk.citizen().get(path).status_code == 404  # somebody else's


def test_questions_of_repealed_law_are_not_drawn(desk: Bureau) -> None:
    for _ in range(3):
        begin(desk.citizen())
    with desk.database.read() as session:
        asked = {number for attempt in session.scalars(select(QuizTry)) for number in attempt.question_ids}
        laws = {session.get_one(QuizQuestion, number).law for number in asked}
    assert not [law for law in laws if "已废止" in law]


def test_communities_are_ranked_only_where_nobody_can_be_told(desk: Bureau) -> None:
    for count, name in ((3, "向阳社区"), (2, "红旗社区")):
        for number in range(count):
            citizen = known(desk, f"o_{name}_{number}")
            answer_all(desk, citizen, begin(citizen, community=name))
    with desk.database.read() as session:
        ranks = rank_communities(session, RULES, desk.now.date(), desk.now.date())
    assert [(one.name, one.count) for one in ranks] == [("向阳社区", 3)]
    assert re.search("向阳社区.{0,80}3 人次", desk.citizen().get("/h5/quiz").text, re.DOTALL)


def test_whom_wechat_has_not_named_only_practises_however_many_browsers(desk: Bureau) -> None:
    for _ in range(2):
        citizen = desk.citizen()
        assert "现在这样答是练习，不计成绩" in citizen.get("/h5/quiz").text
        path = begin(citizen, community="向阳社区")
        page = answer_all(desk, citizen, path)
        assert "每天第一次计成绩" in page
        assert citizen.post(f"{path}/certificate").status_code == 404
    with desk.database.read() as session:
        assert {attempt.scored_on for attempt in session.scalars(select(QuizTry))} == {None}


def test_another_browser_of_the_same_person_has_no_second_scored_try(desk: Bureau) -> None:
    first = known(desk)
    answer_all(desk, first, begin(first), wrong=5)
    second = known(desk)  # no cookie of the first
    assert "这次是练习" in answer_all(desk, second, begin(second))


def test_inside_wechat_the_page_asks_wechat_first(desk: Bureau) -> None:
    citizen = desk.citizen(headers=IN_WECHAT)
    assert citizen.get("/h5/quiz").location == "/h5/sign-in?back=/h5/quiz"
    assert "现在这样答是练习" in citizen.get("/h5/quiz?guest=1").text  # WeChat did not say who
    assert "开始答题" in known(desk).get("/h5/quiz").text
