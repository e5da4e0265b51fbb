"""Following a case: who gets in, what they see and do; nobody reaches another's."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from models.case_words import Action, CaseKind, Result, State
from models.database import Database
from services.cases.access import BLOCKED, WRONG
from services.cases.numbers import CaseNumber
from tests.case_desk import DISPATCHER, HANDLER, INTAKE, REACHED, REVIEWER, UNIT, CaseDesk
from tests.citizen_pages import FACTS, Bureau, photo
from tests.evidence_files import AMR
from tests.web.markup import Page

NEVER_GIVEN = str(CaseNumber(CaseKind.COMPLAINT, date(2026, 11, 19), "430100", 1))
FOLLOW = "enterprises/<int(max=2147483647):enterprise_id>/follow"
REMIND = "reminders/<any(record, listing):subject>/<int(max=2147483647):subject_id>"
PLACES = {"enterprise_id": "1", "subject": "record", "subject_id": "1"}


@pytest.fixture
def bureau(database: Database, tmp_path: Path) -> Bureau:
    return Bureau(database, tmp_path)


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Bureau:
    """Where the back-end does not matter."""
    return Bureau(sqlite, tmp_path)


def staff_of(bureau: Bureau) -> CaseDesk:
    """The bureau's side of the same database."""
    desk = CaseDesk.take_over(bureau.database, 0)
    desk.now = bureau.now
    return desk


def work(bureau: Bureau, number: str, *, to: State = State.ANSWERED) -> None:
    """As far as an answer that two people signed."""
    desk = staff_of(bureau)
    desk.do(number, Action.ACCEPT, INTAKE)
    desk.do(number, Action.ASSIGN, DISPATCHER, unit=UNIT)
    desk.do(number, Action.LOG_CONTACT, HANDLER, REACHED)
    desk.do(number, Action.BEGIN, HANDLER)
    if to is State.ANSWERED:
        desk.do(number, Action.PROPOSE_ANSWER, HANDLER, text="商家已退还余额1500元", result=Result.SETTLED)
        desk.do(number, Action.APPROVE_ANSWER, REVIEWER)


def test_number_and_code_lead_to_the_case_from_any_browser(bureau: Bureau) -> None:
    filer = bureau.citizen()
    filer.file()
    number, code = filer.receipt()
    other = bureau.citizen()
    other.get("/h5/progress")
    spoken = f"{number[:10].lower()} {number[10:]}"
    opened = other.post("/h5/progress", number=spoken, code=f"{code[:4]}-{code[4:].lower()}")
    assert opened.location == f"/h5/cases/{number}"
    page = Page(other.get(opened.location).text)
    assert "已提交" in page.main
    assert FACTS in page.main
    assert code not in other.get(opened.location).text
    bureau.pass_time(minutes=61)
    assert other.get(f"/h5/cases/{number}").location == f"/h5/progress?number={number}"


def test_one_answer_to_every_wrong_try_and_an_end_of_trying(bureau: Bureau) -> None:
    filer = bureau.citizen()
    filer.file()
    number, code = filer.receipt()
    tries = [(number, "ABCDEFGH"), (NEVER_GIVEN, "ABCDEFGH"), (number, "短"), (NEVER_GIVEN, code)]
    guesser = bureau.citizen()
    guesser.get("/h5/progress")
    said = []
    for one, other in tries:
        response = guesser.post("/h5/progress", number=one, code=other)
        assert response.status_code == 422
        said.append(response.text.replace(one, ""))
    assert all(WRONG in text for text in said)
    assert len({re.sub(r'value="[^"]*"', "", text) for text in said}) == 1
    for _ in range(10):
        blocked = guesser.post("/h5/progress", number=number, code="ABCDEFGH")
    words = BLOCKED.format(minutes=60)
    assert words in blocked.text
    assert words in guesser.post("/h5/progress", number=number, code=code).text
    assert filer.get(f"/h5/cases/{number}").status_code == 200  # who is in stays in


def test_an_address_that_guesses_many_numbers_is_stopped(office: Bureau) -> None:
    guesser = office.citizen()
    guesser.get("/h5/progress")
    desk = CaseDesk(office.database)
    numbers = [desk.file().number for _ in range(21)]
    for number in numbers[:20]:
        assert WRONG in guesser.post("/h5/progress", number=number, code="ABCDEFGH").text
    assert BLOCKED.format(minutes=60) in guesser.post("/h5/progress", number=numbers[20], code="ABCDEFGH").text


def test_no_route_opens_anothers_case(bureau: Bureau) -> None:
    filer = bureau.citizen()
    filer.sign_in("o_filer")
    number = filer.file()
    page = filer.get(f"/h5/cases/{number}").text
    assert FACTS in page
    strangers = [bureau.citizen(), bureau.citizen()]
    strangers[1].sign_in("o_stranger")
    strangers[1].file(respondent_name="另一家店")
    checked = 0
    for rule in bureau.app.url_map.iter_rules():
        if "<number>" not in rule.rule or not rule.endpoint.startswith("complaints."):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for stranger in strangers:
                stranger.get("/h5/progress")
                seen = []
                for wanted in (number, NEVER_GIVEN):
                    path = rule.rule.replace("<number>", wanted)
                    fields = {"is_sure": "yes", "score": "5", "text": "x", "kind": "publish", "note": "n"}
                    data = {"seal": stranger.seal} | fields if method == "POST" else None
                    response = stranger.client.open(path, method=method, data=data, headers=stranger.headers)
                    assert response.status_code == (403 if method == "POST" else 303), path
                    assert FACTS not in response.text
                    assert "欧阳小明" not in response.text
                    seen.append(re.sub(r'value="[0-9a-f]{64}"', "", response.text.replace(wanted, "")))
                assert seen[0] == seen[1], rule.rule
                checked += 1
    assert checked == 12
    with bureau.database.read() as session:
        from_desk = staff_of(bureau).get(number)
        assert session is not None
    assert (from_desk.state, from_desk.event_count) == (State.SUBMITTED, 1)


def test_a_recording_is_heard_by_its_owner(office: Bureau) -> None:
    filer = office.citizen()
    filer.begin()
    filer.fill(do="files", files=[(io.BytesIO(AMR), "通话.amr")])
    page = filer.get("/h5/complaints/form").text
    sound = re.search(r'<audio class="file__sound" src="(/h5/complaints/evidence/[^"]+)" controls', page)
    assert sound, page
    heard = filer.get(sound[1])
    assert (heard.status_code, heard.mimetype) == (200, "audio/mpeg")
    assert heard.headers["Accept-Ranges"] == "bytes"
    assert office.citizen().get(sound[1]).status_code == 404


def test_evidence_is_its_owners_only(office: Bureau) -> None:
    filer = office.citizen()
    filer.begin()
    filer.fill(do="files", files=[photo()])
    filer.fill()
    filer.get("/h5/complaints/check")
    filer.post("/h5/complaints/submit")
    number, code = filer.receipt()
    link = re.search(r'href="(/h5/complaints/evidence/[^"]+)"', filer.get(f"/h5/cases/{number}").text)
    assert link
    served = filer.get(link[1])
    assert served.status_code == 200
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert "小票" in served.headers["Content-Disposition"] or "UTF-8" in served.headers["Content-Disposition"]
    other = office.citizen()
    assert other.get(link[1]).status_code == 404
    other.get("/h5/progress")
    other.post("/h5/progress", number=number, code=code)
    assert other.get(link[1]).status_code == 404  # a link of another browser
    upload = {"X-Form-Seal": other.seal, "X-Case": number}
    stranger = office.citizen()
    stranger.get("/h5/progress")
    upload["X-Form-Seal"] = stranger.seal
    assert (
        stranger.client.post("/h5/complaints/uploads", json={"size": 9, "title": "x"}, headers=upload).status_code
        == 404
    )
    office.pass_time(minutes=16)
    assert filer.get(link[1]).status_code == 404


def test_adding_text_and_files(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    number = citizen.file()
    desk = staff_of(bureau)
    desk.do(number, Action.ASK_MORE, INTAKE, text="请补充办卡时的收据")
    page = citizen.get(f"/h5/cases/{number}")
    assert "请补充材料" in page.text
    assert "请补充办卡时的收据" in page.text
    empty = citizen.post(f"/h5/cases/{number}/supplement", text=" ")
    assert empty.status_code == 422
    done = citizen.post(f"/h5/cases/{number}/supplement", text="收据在这里", files=[photo("收据.jpg")])
    assert done.location == f"/h5/cases/{number}?done=supplement"
    page = citizen.get(done.location)
    assert "补充的内容已收到" in page.text
    assert "收据.jpg" in page.text
    assert desk.get(number).state is State.SUBMITTED
    only_files = citizen.post(f"/h5/cases/{number}/supplement", text="", files=[photo("又一张.jpg")])
    assert only_files.status_code == 303


def test_withdrawing_is_asked_twice(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    number = citizen.file()
    asked = citizen.get(f"/h5/cases/{number}/withdraw")
    assert "确定要撤回" in asked.text
    unticked = citizen.post(f"/h5/cases/{number}/withdraw", note="已经和解")
    assert unticked.status_code == 422
    assert "已经和解" in unticked.text
    assert staff_of(bureau).get(number).state is State.SUBMITTED
    citizen.post(f"/h5/cases/{number}/withdraw", note="已经和解", is_sure="yes")
    assert staff_of(bureau).get(number).state is State.WITHDRAWN
    again = citizen.post(f"/h5/cases/{number}/withdraw", is_sure="yes")
    assert again.status_code == 422
    assert "撤回投诉" not in citizen.get(f"/h5/cases/{number}").text


def test_a_report_under_check_is_only_noted_as_withdrawn(office: Bureau) -> None:
    citizen = office.citizen()
    number = citizen.file("report")
    work(office, number, to=State.IN_PROGRESS)
    assert "还要继续查" in citizen.get(f"/h5/cases/{number}/withdraw").text
    citizen.post(f"/h5/cases/{number}/withdraw", is_sure="yes")
    assert staff_of(office).get(number).state is State.IN_PROGRESS
    assert "已登记您的撤回" in citizen.get(f"/h5/cases/{number}").text


def test_a_good_mark_closes(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    number = citizen.file()
    work(bureau, number)
    page = citizen.get(f"/h5/cases/{number}").text
    assert "商家已退还余额1500元" in page
    assert citizen.post(f"/h5/cases/{number}/rating", note="忘了打分").status_code == 422
    assert citizen.post(f"/h5/cases/{number}/rating", score="5").status_code == 303
    assert staff_of(bureau).get(number).state is State.CLOSED
    assert "您的评价：5 分" in citizen.get(f"/h5/cases/{number}").text


def test_a_bad_mark_needs_a_reason_and_is_looked_at_again(office: Bureau) -> None:
    citizen = office.citizen()
    number = citizen.file()
    work(office, number)
    refused = citizen.post(f"/h5/cases/{number}/rating", score="1", note=" ")
    assert refused.status_code == 422
    assert Page(refused.text).by_class("field__fault")
    assert citizen.post(f"/h5/cases/{number}/rating", score="1", note="钱没有退").status_code == 303
    page = citizen.get(f"/h5/cases/{number}").text
    assert "正在审查" in page
    assert 'id="rating"' not in page
    staff_of(office).do(number, Action.UPHOLD_ANSWER, REVIEWER, text="已核实退款到账")
    assert staff_of(office).get(number).state is State.CLOSED


def test_a_closed_case_is_opened_again_with_new_facts(office: Bureau) -> None:
    citizen = office.citizen()
    number = citizen.file()
    work(office, number)
    citizen.post(f"/h5/cases/{number}/rating", score="4")
    assert "申请重新办理" in citizen.get(f"/h5/cases/{number}").text
    citizen.post(f"/h5/cases/{number}/supplement", text="退款又被收回了")
    assert staff_of(office).get(number).state is State.IN_PROGRESS


def test_consent_is_given_and_taken_back(office: Bureau) -> None:
    citizen = office.citizen()
    number = citizen.file()
    assert citizen.post(f"/h5/cases/{number}/consent", kind="publish", given="yes").status_code == 303
    assert "撤回同意：公示" in citizen.get(f"/h5/cases/{number}").text
    citizen.post(f"/h5/cases/{number}/consent", kind="publish")
    assert "撤回同意" not in citizen.get(f"/h5/cases/{number}").text
    assert citizen.post(f"/h5/cases/{number}/consent", kind="transfer", given="yes").status_code == 422


def test_what_was_typed_outlives_the_admission(office: Bureau) -> None:
    citizen = office.citizen()
    number = citizen.file()
    code = citizen.receipt()[1]
    citizen.get(f"/h5/cases/{number}")
    office.pass_time(minutes=61)
    asked = citizen.post(f"/h5/cases/{number}/supplement", text="写了很久\n的补充")
    assert asked.status_code == 403
    fields = {
        one.attributes["name"]: one.attributes.get("value", "")
        for one in Page(asked.text).all("input")
        if one.attributes.get("type") == "hidden" and one.attributes["name"] not in {"seal", "back"}
    }
    once_more = citizen.post("/h5/progress", **fields, number=number, code=code)
    assert "请再点一次" in once_more.text
    kept = next(one for one in Page(once_more.text).all("input") if one.attributes.get("name") == "text")
    assert kept.attributes["value"] == "写了很久\n的补充"
    assert citizen.post(f"/h5/cases/{number}/supplement", text=kept.attributes["value"]).status_code == 303


def test_my_data_is_exported_and_erased(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    assert "先确认是您本人" in citizen.get("/h5/my-data").text
    assert citizen.post("/h5/my-data/export").status_code in {303, 409}
    citizen.sign_in("o_filer")
    ended, open_one = citizen.file(), citizen.file(respondent_name="另一家店")
    citizen.get(f"/h5/cases/{ended}/withdraw")
    citizen.post(f"/h5/cases/{ended}/withdraw", is_sure="yes")
    citizen.get("/h5/my-data")
    exported = json.loads(citizen.post("/h5/my-data/export").text)
    assert {case["course"]["number"] for case in exported["cases"]} == {ended, open_one}
    assert citizen.post("/h5/my-data/erase").status_code == 422
    page = Page(citizen.post("/h5/my-data/erase", is_sure="yes").text)
    assert ended in page.main
    assert f"{open_one}：" in page.main
    other = bureau.citizen()
    other.sign_in("o_other")
    other.get("/h5/my-data")
    assert json.loads(other.post("/h5/my-data/export").text)["cases"] == []


def fill_in(rule: str, number: str) -> str:
    """An address with a case's number, a firm and a record."""
    return re.sub(r"<(?:int|any)\b[^>]*:(\w+)>", lambda found: PLACES[found[1]], rule).replace("<number>", number)


def test_posts_without_our_seal_do_nothing(office: Bureau) -> None:
    citizen = office.citizen()
    number = citizen.file()
    for rule in office.app.url_map.iter_rules():
        methods = (rule.methods or set()) & {"POST", "PUT"}
        if not rule.endpoint.startswith("complaints.") or not methods:
            continue
        path = fill_in(rule.rule, number)
        for data in ({}, {"seal": "0" * 64}):
            response = citizen.client.open(
                path, method=methods.pop() if len(methods) > 1 else next(iter(methods)), data=data
            )
            assert response.status_code == 409, path
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert citizen.client.post(path, data={"seal": citizen.seal}, headers=foreign).status_code in {400, 405}, path
    assert staff_of(office).get(number).event_count == 1


def test_every_route_is_known(office: Bureau) -> None:
    routes = {
        f"{method} {rule.rule.removeprefix('/h5/')}"
        for rule in office.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("complaints.")
    }
    assert routes == {
        "GET cases/<number>",
        "GET cases/<number>/withdraw",
        "GET complaints",
        "GET complaints/check",
        "GET complaints/evidence/<link>",
        "GET complaints/form",
        "GET complaints/receipt",
        "GET complaints/uploads/offset",
        f"GET {FOLLOW}",
        "GET following",
        "GET my-data",
        "GET objections",
        "GET objections/new",
        "GET progress",
        f"GET {REMIND}",
        "GET sign-in",
        "GET signed-in",
        "POST cases/<number>/consent",
        "POST cases/<number>/rating",
        "POST cases/<number>/supplement",
        "POST cases/<number>/withdraw",
        "POST complaints/adopt",
        "POST complaints/begin",
        "POST complaints/discard",
        "POST complaints/draft",
        "POST complaints/evidence/remove",
        "POST complaints/form",
        "POST complaints/submit",
        "POST complaints/uploads",
        "POST complaints/uploads/finish",
        f"POST {FOLLOW}",
        "POST following",
        "POST my-data/erase",
        "POST my-data/export",
        "POST objections",
        "POST objections/new",
        "POST progress",
        f"POST {REMIND}",
        "PUT complaints/uploads/piece",
    }
