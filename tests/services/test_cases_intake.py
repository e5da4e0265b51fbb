"""Filing: what is missing is said, what was acknowledged exists once, and secrets are not kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.case import Case, CaseEvent, CaseParty
from models.case_file import CaseDraft, CaseEvidence
from models.case_words import Action, CaseKind, Channel, State, Timer, Urgency
from models.database import Database
from models.notice import Notice
from services import followers
from services.cases.access import admit_by_code, admit_follower, bind_follower, cases_of, forget_attempts
from services.cases.crowding import require_room
from services.cases.drafts import discard_draft, forget_drafts, load_draft, save_draft
from services.cases.facts import SYSTEM
from services.cases.filing import find_faults
from services.cases.intake import FilingError
from services.cases.parties import find_duplicates, parties_of, read_party
from services.cases.personal import Person, is_phone, tidy_phone
from services.cases.timing import open_deadlines
from services.errors import UserError
from services.notices import payload_of
from tests.case_desk import DISPATCHER, FILING, INTAKE, PHONE, UNIT, CaseDesk, make_evidence


@pytest.fixture
def desk(database: Database) -> CaseDesk:
    return CaseDesk(database)


@pytest.fixture
def lite(sqlite: Database) -> CaseDesk:
    return CaseDesk(sqlite)


def count(desk: CaseDesk, table: type) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_complaint_gets_number_code_and_date(desk: CaseDesk) -> None:
    receipt = desk.file()
    assert receipt.number == "TS20261120430100000015"
    assert len(receipt.query_code) == 8
    assert receipt.due == "2026年12月1日（第7个工作日）"
    assert receipt.is_new
    case = desk.get(receipt.number)
    assert (case.state, case.event_count) == (State.SUBMITTED, 1)
    with desk.database.read() as session:
        (person,) = [read_party(session, party) for party in parties_of(session, case.id)]
        assert person == FILING.persons[0]
        (notice,) = session.scalars(select(Notice)).all()
        said = payload_of(session, notice)["text"]["content"]
    assert receipt.number in said
    assert "2026年12月1日" in said


def test_numbers_count_within_a_region_and_day(desk: CaseDesk) -> None:
    numbers = [desk.file(kind=kind).number for kind in CaseKind]
    assert [number[:2] for number in numbers] == ["TS", "JB", "ZX"]
    assert [number[16:21] for number in numbers] == ["00001", "00002", "00003"]
    assert desk.file(region_code="430200").number[10:21] == "43020000001"
    desk.pass_time(hours=13, minutes=59)
    assert desk.file().number[2:10] == "20261120"
    desk.pass_time(minutes=1)
    assert desk.file().number[2:21] == "2026112143010000001", "the day is Shanghai's"


def test_the_same_filing_again_is_the_same_case(desk: CaseDesk) -> None:
    first = desk.file(key="the same client key")
    again = desk.file(key="the same client key")
    assert (again.number, again.query_code, again.due_on) == (first.number, first.query_code, first.due_on)
    assert (first.is_new, again.is_new) == (True, False)
    assert count(desk, Case) == count(desk, CaseEvent) == count(desk, Notice) == 1
    assert desk.file(key="another client key").number != first.number
    with pytest.raises(ValueError, match="unguessable"):
        desk.file(key="short")


def test_nothing_personal_lies_open(lite: CaseDesk) -> None:
    receipt = lite.file(place="人民路店内", order_number="ORD-778899")
    with lite.database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        dump = "\n".join(raw.iterdump())
    for secret in (PHONE, "欧阳小明", "人民路9号", "储值卡", "ORD-778899", receipt.query_code, "o_complainant"):
        assert secret not in dump
        assert secret.encode().hex().upper() not in dump.upper()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"notice_version": ""}, {"notice"}),
        ({"facts": "太 短 了 啊 呀"}, {"facts"}),
        ({"facts": "长" * 4001}, {"facts_long"}),
        ({"persons": ()}, {"name", "phone"}),
        ({"persons": (Person("张三", "123"),)}, {"phone"}),
        ({"is_anonymous": True}, {"anonymous"}),
        ({"respondent_name": " "}, {"respondent"}),
        ({"category": "no such"}, {"category"}),
        ({"category": "food_quality"}, {"elsewhere"}),
        ({"happened_on": FILING.happened_on and FILING.happened_on + timedelta(days=90)}, {"happened_on"}),
        ({"amount_fen": -1}, {"amount"}),
        ({"kind": CaseKind.REPORT, "is_anonymous": True, "persons": ()}, set()),
        ({"kind": CaseKind.INQUIRY, "persons": (), "respondent_name": ""}, set()),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    lite: CaseDesk, changes: dict[str, Any], fields: set[str]
) -> None:
    if not fields:
        assert lite.file(**changes).is_new
        return
    with pytest.raises(FilingError) as caught:
        lite.file(**changes)
    assert set(caught.value.faults) == fields
    assert "12315" in str(caught.value) or "elsewhere" not in fields
    assert count(lite, Case) == 0


def test_orders_of_the_hotline_are_taken_as_they_come(lite: CaseDesk) -> None:
    receipt = lite.file(
        actor=SYSTEM, channel=Channel.HOTLINE, source_number="12345-77", category="food_quality", facts="短", persons=()
    )
    assert lite.get(receipt.number).source_number == "12345-77"
    assert find_faults(FILING, lite.rules, lite.now.date()) == {}


def test_of_an_anonymous_report_nothing_of_the_person_is_kept(desk: CaseDesk) -> None:
    receipt = desk.file(kind=CaseKind.REPORT, is_anonymous=True)
    case = desk.get(receipt.number)
    assert case.follower_id is None
    assert count(desk, CaseParty) == count(desk, Notice) == 0
    with desk.docket() as docket:
        assert admit_follower(docket.session, receipt.number, desk.follower_id).case is None
        found = admit_by_code(docket, receipt.number, receipt.query_code, "anywhere")
        assert found.case is not None
        assert found.case.id == case.id


def test_earlier_cases_of_the_same_person_on_the_same_firm_are_shown(desk: CaseDesk) -> None:
    first = desk.file(follower=False).number
    other_firm = desk.file(follower=False, respondent_name="另一家公司")
    assert other_firm.earlier == ()
    same_phone = desk.file(follower=False, persons=(Person("欧阳", "+86 138-1234-5678"),))
    assert same_phone.earlier == (first,)
    assert desk.file(follower=False, persons=(Person("李四", "13900000000"),)).earlier == ()
    desk.pass_time(days=91)
    with desk.docket() as docket:
        assert find_duplicates(docket, "n:示范市乐享健身服务有限公司", PHONE) == []


def test_number_and_code_lead_back_and_cannot_be_guessed(desk: CaseDesk) -> None:
    receipt = desk.file()
    other = desk.file()
    wrong = "ABCDEFGH"
    with desk.docket() as docket:
        assert admit_by_code(docket, receipt.number.lower(), f" {receipt.query_code.lower()} ", "a").case
        assert admit_by_code(docket, receipt.number[:-1] + "0", receipt.query_code, "a").refusal.startswith("编号有误")
        unknown = admit_by_code(docket, "TS20261120430100999998", wrong, "b").refusal
        assert admit_by_code(docket, receipt.number, other.query_code, "c").refusal == unknown
    for _ in range(desk.rules.attempts.per_number - 1):
        with desk.docket() as docket:
            assert admit_by_code(docket, receipt.number, wrong, f"asker {_}").refusal == unknown
    with desk.docket() as docket:
        blocked = admit_by_code(docket, receipt.number, receipt.query_code, "z")
        assert blocked.case is None
        assert "60分钟" in blocked.refusal
        assert admit_by_code(docket, other.number, other.query_code, "z").case, "another number is not blocked"
        assert admit_follower(docket.session, receipt.number, desk.follower_id).case, "nor is who filed it"
    desk.pass_time(minutes=60)
    with desk.docket() as docket:
        assert forget_attempts(docket) > 0
        assert admit_by_code(docket, receipt.number, receipt.query_code, "z").case


def test_who_came_by_code_may_be_told_by_wechat(desk: CaseDesk) -> None:
    plain, anonymous = desk.file(follower=False), desk.file(kind=CaseKind.REPORT, is_anonymous=True)
    with desk.docket() as docket:
        for receipt, is_bound in ((plain, True), (plain, False), (anonymous, False)):
            admission = admit_by_code(docket, receipt.number, receipt.query_code, "a")
            assert bind_follower(admission, desk.follower_id) is is_bound
    assert desk.get(plain.number).follower_id == desk.follower_id


def test_one_asker_cannot_try_many_numbers(desk: CaseDesk) -> None:
    receipts = [desk.file() for _ in range(3)]
    for n in range(desk.rules.attempts.per_asker):
        with desk.docket() as docket:
            admit_by_code(docket, receipts[n % 2].number, "ABCDEFGH", "one asker")
    with desk.docket() as docket:
        assert admit_by_code(docket, receipts[2].number, receipts[2].query_code, "one asker").case is None
        assert admit_by_code(docket, receipts[2].number, receipts[2].query_code, "another").case


def test_a_follower_reaches_only_their_own(desk: CaseDesk) -> None:
    receipt = desk.file()
    with desk.docket() as docket:
        assert [case.number for case in cases_of(docket.session, desk.follower_id)] == [receipt.number]
        assert cases_of(docket.session, desk.follower_id + 1) == []
        assert admit_follower(docket.session, receipt.number, desk.follower_id + 1).case is None


def test_a_draft_survives_a_day_and_goes_with_the_filing(desk: CaseDesk) -> None:
    key = "draft key of a citizen"
    with desk.docket() as docket:
        save_draft(docket, key, {"facts": "写了一半"}, desk.follower_id)
        save_draft(docket, "another draft of them", {"facts": "另一件"})
    desk.pass_time(hours=23)
    with desk.docket() as docket:
        draft = load_draft(docket, key)
        assert draft is not None
        assert draft.content == {"facts": "写了一半"}
        save_draft(docket, key, {"facts": "写了很多"}, desk.follower_id)
    desk.pass_time(hours=2)
    with desk.docket() as docket:
        assert load_draft(docket, key)
        assert load_draft(docket, "another draft of them") is None
        assert forget_drafts(docket) == 1
    with pytest.raises(FilingError):
        desk.file(key=key, facts="短")
    with desk.docket() as docket:
        assert load_draft(docket, key), "what was typed is not lost by a refusal"
    desk.file(key=key)
    assert count(desk, CaseDraft) == 0
    with desk.docket() as docket:
        save_draft(docket, key, {})
        discard_draft(docket, key)
        assert load_draft(docket, key) is None


def test_evidence_of_a_draft_goes_with_the_case(desk: CaseDesk) -> None:
    key = "draft with pictures"
    with desk.docket() as docket:
        docket.session.add(make_evidence(draft_id=save_draft(docket, key, {}).id))
    number = desk.file(key=key).number
    with desk.database.read() as session:
        row = session.scalars(select(CaseEvidence)).one()
        assert (row.case_id, row.draft_id) == (desk.get(number).id, None)


def test_a_follower_who_leaves_takes_drafts_along_and_leaves_cases(desk: CaseDesk) -> None:
    number = desk.file().number
    with desk.docket() as docket:
        docket.session.add(make_evidence(draft_id=save_draft(docket, "a draft left behind", {}, desk.follower_id).id))
    with desk.docket() as docket:
        followers.erase(docket.session, "o_complainant")
    assert desk.get(number).follower_id is None
    assert count(desk, CaseDraft) == count(desk, CaseEvidence) == 0


def test_urgency_sets_the_first_contact(lite: CaseDesk) -> None:
    number = lite.file(actor=INTAKE, channel=Channel.PHONE, urgency=Urgency.CRITICAL).number
    lite.do(number, Action.ACCEPT, INTAKE)
    lite.do(number, Action.ASSIGN, DISPATCHER, unit=UNIT)
    with lite.docket() as docket:
        due = open_deadlines(docket.session, lite.get(number).id)[Timer.CONTACT].due_at
    assert due == lite.now + timedelta(hours=2)


@pytest.mark.parametrize("text", ["138 1234 5678", "+8613812345678", "0086-138-1234-5678", "１３８１２３４５６７８"])
def test_one_telephone_has_one_spelling(text: str) -> None:
    assert tidy_phone(text) == PHONE
    assert is_phone(text)
    assert is_phone("0731-84567890")
    assert not is_phone("1234567890123")


def submit_from(desk: CaseDesk, follower_id: int | None, address: str) -> str:
    with desk.docket() as docket:
        require_room(docket, follower_id, address)
    return desk.file(follower=follower_id is not None).number


def test_a_flood_waits_some_minutes_and_nobody_else_does(desk: CaseDesk) -> None:
    limits = desk.rules.filings
    for _ in range(limits.per_follower):
        assert submit_from(desk, desk.follower_id, "10.0.0.1")
    with pytest.raises(UserError, match="您刚才提交得太多了，请过10分钟"):
        submit_from(desk, desk.follower_id, "10.0.0.2")
    for _ in range(limits.per_address):
        assert submit_from(desk, None, "10.0.0.1")
    desk.pass_time(minutes=4, seconds=30)
    with pytest.raises(UserError, match="您所在的网络刚才提交得太多了，请过6分钟"):
        submit_from(desk, None, "10.0.0.1")
    assert submit_from(desk, None, "10.0.0.9")
    desk.pass_time(minutes=5, seconds=30)
    assert submit_from(desk, None, "10.0.0.1"), "a shared address is free again in minutes"
    assert submit_from(desk, desk.follower_id, "10.0.0.1")
