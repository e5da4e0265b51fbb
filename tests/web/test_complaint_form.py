"""Filing in a browser without JavaScript: nothing typed is lost, one case comes of it, the receipt says it all."""

import re
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.case import Case, CaseConsent
from models.case_file import CaseDraft, CaseEvidence
from models.case_words import CaseKind, Channel, ConsentKind
from models.database import Database
from services.cases.docket import open_docket
from services.cases.intake import FACTS as FACTS_FIELD
from tests.case_desk import RULES
from tests.citizen_pages import FACTS, Bureau, photo
from tests.factories import make_enterprise
from tests.web.markup import Page


@pytest.fixture
def bureau(database: Database, tmp_path: Path) -> Bureau:
    return Bureau(database, tmp_path)


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Bureau:
    """Where the back-end does not matter."""
    return Bureau(sqlite, tmp_path)


def count(bureau: Bureau, model: type) -> int:
    with bureau.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def the_case(bureau: Bureau) -> Case:
    with bureau.database.read() as session:
        return session.scalars(select(Case)).one()


def test_from_the_notice_to_the_receipt(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    assert "个人信息告知" in citizen.get("/h5/complaints").text
    number = citizen.file(amount="1,500元", happened_on="2026年10月8日", requests=["退款"], agrees_to_publish="yes")
    case = the_case(bureau)
    assert (case.number, case.kind, case.channel) == (number, CaseKind.COMPLAINT, Channel.H5)
    assert (case.amount_fen, str(case.happened_on), case.requests) == (150_000, "2026-10-08", ["退款"])
    with bureau.database.read() as session:
        told = open_docket(session, RULES, bureau.now).open(case.facts_sealed, FACTS_FIELD)
        consents = {row.kind: (row.is_given, row.version) for row in session.scalars(select(CaseConsent))}
    assert told["facts"] == FACTS
    assert told["notice_shown_at"] == bureau.now.isoformat()
    assert consents[ConsentKind.NOTICE] == (True, "2026-11-h5")
    assert consents[ConsentKind.PUBLISH][0]
    assert not consents[ConsentKind.DELEGATION][0]
    page = Page(citizen.get("/h5/complaints/receipt").text)
    assert "2026年12月1日（第7个工作日）前告诉您是否受理" in page.main.replace(" ", "")
    assert "第四十六条" in page.main


def test_no_question_about_a_person_before_the_notice(office: Bureau) -> None:
    citizen = office.citizen()
    page = Page(citizen.get("/h5/complaints").text)
    assert {field.attributes.get("name") for field in page.all("input")} <= {"seal", "kind", "back"}
    assert citizen.get("/h5/complaints/form").location == "/h5/complaints"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("happened_on", "99999999999999-1-1"),
        ("happened_on", "0-0-0"),
        ("amount", "9e999999"),
        ("amount", "1e9999999999"),
    ],
)
def test_a_number_beyond_all_bounds_is_a_fault_of_its_field(office: Bureau, field: str, text: str) -> None:
    citizen = office.citizen()
    citizen.begin()
    response = citizen.fill(**{field: text})
    assert response.status_code == 422
    assert f'id="{field}-fault"' in response.text


def test_faults_stand_beside_their_fields_and_everything_is_kept(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    response = citizen.fill(facts="短", phone="12", name="", happened_on="昨天", amount="很多", place="五一广场")
    assert response.status_code == 422
    page = Page(response.text)
    for name in ("facts", "phone", "name", "happened_on", "amount"):
        field = next(one for one in page.elements if one.attributes.get("id") == name)
        assert field.attributes["aria-invalid"] == "true"
        assert f"{name}-fault" in field.attributes["aria-describedby"].split()
    values = {field.attributes.get("name"): field.attributes.get("value") for field in page.all("input")}
    assert (values["happened_on"], values["amount"], values["phone"]) == ("昨天", "很多", "12")
    again = citizen.get("/h5/complaints/form").text
    assert "五一广场" in again
    assert "还差" not in again
    assert count(office, Case) == 0


def test_facts_that_are_too_long_are_kept_whole(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    response = citizen.fill(facts="很" * 5000)
    assert "4000字以内" in response.text
    assert "很" * 5000 in citizen.get("/h5/complaints/form").text


def test_what_is_not_commerce_is_shown_its_door_with_text_to_paste(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    page = Page(citizen.fill(category="food_quality", amount="38").text)
    assert "全国12315平台" in page.main
    pasted = page.one("pre").text
    assert FACTS in pasted
    assert "38.00元" in pasted
    assert "13812345678" not in pasted
    assert "tel:110" in citizen.get("/h5/complaints").text


def test_a_missing_category_is_proposed(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    assert "可能是“预付卡商家停业、失联”" in citizen.fill(category="", facts=FACTS + "老板跑路，人去楼空").text


def test_the_firm_of_a_credit_page_and_of_the_finder(office: Bureau) -> None:
    with office.database.write() as session:
        firm = make_enterprise(session, "麦朵坊便利店", "91350100M000100Y43")
        make_enterprise(session, "麦朵坊便利店", city="湘潭")
    citizen = office.citizen()
    assert f"/h5/complaints?firm={firm.id}" in citizen.get(f"/h5/enterprises/{firm.id}").text
    assert "麦朵坊便利店" in citizen.get(f"/h5/complaints?firm={firm.id}&answer=XY-1").text
    page = citizen.begin(firm=str(firm.id), answer="XY-1")
    assert "代码尾号 0Y43" in page.text
    found = citizen.fill(respondent_name="麦朵坊便利店", do="find")
    assert found.text.count('name="pick"') == 2
    picked = citizen.post("/h5/complaints/form", pick=str(firm.id), facts=FACTS)
    assert "代码尾号 0Y43" in picked.text
    typed_over = citizen.fill(respondent_name="另一家店", enterprise_id=str(firm.id), do="save")
    assert "代码尾号" not in typed_over.text
    citizen.fill(respondent_name="麦朵坊便利店", enterprise_id=str(firm.id))
    citizen.post("/h5/complaints/submit")
    case = the_case(office)
    assert (case.enterprise_id, case.credit_code) == (firm.id, "91350100M000100Y43")


def test_pressing_twice_two_tabs_and_the_back_button_make_one_case(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    citizen.begin()
    citizen.fill()
    citizen.get("/h5/complaints/check")
    first = citizen.post("/h5/complaints/submit")
    second = citizen.post("/h5/complaints/submit")
    assert first.location == second.location == "/h5/complaints/receipt"
    receipts = {citizen.receipt() for _ in range(2)}
    assert len(receipts) == 1
    assert citizen.get("/h5/complaints/form").location == "/h5/complaints/receipt"
    assert citizen.fill(facts=FACTS + "又写了一点").location == "/h5/complaints/receipt"
    assert citizen.get("/h5/complaints/check").location == "/h5/complaints/receipt"
    assert (count(bureau, Case), count(bureau, CaseDraft)) == (1, 0)


def test_ten_presses_at_one_moment_make_one_case(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    citizen.begin()
    citizen.fill()
    citizen.get("/h5/complaints/check")
    cookies = {one.key: one.value for one in citizen.client._cookies.values()}
    statuses: list[int] = []

    def press() -> None:
        client = bureau.app.test_client()
        for name, value in cookies.items():
            client.set_cookie(name, value)
        statuses.append(client.post("/h5/complaints/submit", data={"seal": citizen.seal}).status_code)

    threads = [threading.Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 10
    assert count(bureau, Case) == 1


def test_the_draft_outlives_the_session_and_the_process(office: Bureau, tmp_path: Path) -> None:
    citizen = office.citizen()
    page = citizen.begin().text
    key = re.search(r'name="key" value="([\w-]{43})"', page)
    assert key
    citizen.fill(do="save")
    restarted = Bureau(office.database, tmp_path / "another")
    other = restarted.citizen()
    other.client.delete_cookie("h5-visit")
    response = other.post("/h5/complaints/form", key=key[1], facts=FACTS + "新写的", phone="13812345678", do="check")
    assert response.status_code == 409  # the seal is of a session that is gone
    fields = {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in Page(response.text).all("input")
        if field.attributes.get("name") not in {"seal", "back"}
    }
    assert fields["facts"] == FACTS + "新写的"
    assert other.post("/h5/complaints/form", **fields).location == "/h5/complaints/check"
    assert "新写的" in other.get("/h5/complaints/check").text
    assert "欧阳小明" in other.get("/h5/complaints/check").text


def test_an_expired_draft_is_made_again_of_what_the_page_still_holds(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    office.pass_time(hours=30)
    response = citizen.fill()
    assert response.status_code == 422
    assert FACTS in response.text
    assert "先阅读并同意" in response.text
    assert citizen.fill(notice_read="yes").location == "/h5/complaints/check"


def test_saving_by_script_takes_only_what_changed(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    citizen.fill(do="save")
    headers = {"X-Form-Seal": citizen.seal}
    saved = citizen.client.post("/h5/complaints/draft", data={"place": "河西"}, headers=headers).json
    assert saved is not None
    assert saved["saved"]
    ticked = {"shown": "requests", "requests": ["退货", "胡闹"]}
    citizen.client.post("/h5/complaints/draft", data=ticked, headers=headers)
    citizen.get("/h5/complaints/check")
    page = citizen.get("/h5/complaints/check").text
    assert "河西" in page
    assert "退货" in page
    assert "胡闹" not in page
    assert FACTS in page
    citizen.post("/h5/complaints/submit")
    late = citizen.client.post("/h5/complaints/draft", data={"place": "太晚"}, headers=headers).json
    assert late == {"done": "/h5/complaints/receipt"}
    assert count(office, CaseDraft) == 0


def test_a_script_with_an_old_seal_gets_the_new_one(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    answer = citizen.client.post("/h5/complaints/draft", data={"place": "x"}, headers={"X-Form-Seal": "old"})
    assert answer.status_code == 409
    assert answer.json == {"error": "seal", "seal": citizen.seal}


def test_evidence_by_plain_form_goes_with_the_case(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    citizen.begin()
    page = citizen.fill(do="files", files=[photo(), photo("同一张.jpg")])
    assert page.text.count("已收到") == 1
    assert FACTS in page.text
    bad = citizen.fill(do="check", files=[(photo()[0].__class__(b"\x7fELF not evidence"), "病毒.exe")])
    assert bad.status_code == 422
    assert "病毒.exe：这种文件不能作为证据上传" in bad.text
    citizen.fill()
    citizen.get("/h5/complaints/check")
    citizen.post("/h5/complaints/submit")
    with bureau.database.read() as session:
        row = session.scalars(select(CaseEvidence)).one()
    assert row.case_id == the_case(bureau).id


def test_what_is_far_too_big_is_not_even_read(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    huge = photo()[0].__class__(bytes((RULES.evidence_megabytes + 3) << 20))
    response = citizen.fill(do="files", files=[(huge, "很大.jpg")])
    assert response.status_code == 413
    assert "一次少选几个文件" in response.text


def test_a_file_is_taken_back_and_nothing_typed_is_lost(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    page = citizen.fill(do="files", files=[photo()])
    wanted = re.search(r'name="remove" value="(\d+)"', page.text)
    assert wanted
    after = citizen.post("/h5/complaints/form", remove=wanted[1], facts=FACTS + "改了")
    assert "改了" in after.text
    assert count(office, CaseEvidence) == 0


def test_pieces_go_on_after_a_lost_connection(bureau: Bureau) -> None:
    citizen = bureau.citizen()
    citizen.begin()
    content = photo()[0].getvalue() + bytes(300_000)
    headers = {"X-Form-Seal": citizen.seal}
    begun = citizen.client.post(
        "/h5/complaints/uploads", json={"size": len(content), "title": "照片.jpg"}, headers=headers
    ).json
    assert begun is not None
    headers["X-Upload"] = begun["token"]

    def put(start: int, end: int) -> int | None:
        put_headers = headers | {"X-Offset": str(start)}
        answer = citizen.client.put("/h5/complaints/uploads/piece", data=content[start:end], headers=put_headers)
        return (answer.json or {}).get("offset")

    assert put(0, 100_000) == 100_000
    assert put(0, 100_000) == 100_000  # sent again: its answer was lost
    assert put(200_000, 250_000) == 100_000  # too far: told where to go on
    assert (citizen.client.get("/h5/complaints/uploads/offset", headers=headers).json or {})["offset"] == 100_000
    assert put(100_000, len(content)) == len(content)
    shown = [citizen.client.post("/h5/complaints/uploads/finish", headers=headers).json for _ in range(2)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert shown[0]["evidence_id"] == shown[1]["evidence_id"]
    assert citizen.client.get(shown[0]["original"]).data == content


def test_giving_the_draft_up_forgets_it_with_its_files(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.begin()
    citizen.fill(do="files", files=[photo()])
    page = citizen.get("/h5/complaints").text
    assert "您有一份没填完的投诉" in page
    citizen.post("/h5/complaints/discard")
    assert (count(office, CaseDraft), count(office, CaseEvidence)) == (0, 0)
    assert "没填完" not in citizen.get("/h5/complaints").text


def test_an_anonymous_report_keeps_nobody(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.sign_in("o_reporter")
    number = citizen.file("report", is_anonymous="yes")
    case = the_case(office)
    assert number.startswith("JB")
    assert (case.is_anonymous, case.follower_id) == (True, None)
    page = citizen.get("/h5/complaints/receipt").text
    assert "丢了找不回来" in page
    assert number not in citizen.get("/h5/progress").text


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}"])
def test_what_is_typed_cannot_become_markup(office: Bureau, hostile: str) -> None:
    citizen = office.citizen()
    citizen.begin()
    everything = dict.fromkeys(["facts", "respondent_name", "name", "phone", "place", "amount"], hostile * 2)
    page = Page(citizen.fill(**everything).text)
    assert not page.all("img")
    assert all("src" in script.attributes for script in page.all("script"))
    assert "49" not in page.main.replace("1949", "")
    assert hostile * 2 in page.one("textarea").text
