"""The course of cases: every way from filing to the end, and what is refused on it."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.case import CaseEvent
from models.case_clock import CaseReferral
from models.case_words import Action as A  # noqa: N817
from models.case_words import (
    CaseKind,
    Channel,
    ConsentKind,
    Ground,
    Result,
    Side,
    State,
    Timer,
    Urgency,
)
from models.database import Database
from models.notice import Notice
from models.role import Role
from models.staff import StaffAccount
from services.cases.advance import RefusedError, actions_for, children_of
from services.cases.facts import SYSTEM, Actor, act_as_citizen
from services.cases.history import read_history, verify_history
from services.cases.listing import Scope, Wanted, list_cases
from services.cases.timing import describe_deadlines, open_deadlines
from services.cases.workflow import CHECKED, OPEN
from services.errors import UserError
from services.notices import payload_of
from services.staff import accounts
from tests.case_desk import (
    ASSOCIATION,
    AUDITOR,
    DISPATCHER,
    FAILED,
    HANDLER,
    INTAKE,
    MEDIATOR,
    OTHER_UNIT,
    REACHED,
    REVIEWER,
    STRANGER,
    SUPERVISOR,
    UNIT,
    CaseDesk,
    staff,
)
from tests.console import TESTER, hire


@pytest.fixture
def desk(database: Database) -> CaseDesk:
    return CaseDesk(database)


@pytest.fixture
def lite(sqlite: Database) -> CaseDesk:
    return CaseDesk(sqlite)


def refused(desk: CaseDesk, number: str, action: A, actor: Actor, **parts: Any) -> str:
    """The code of the refusal; nothing was written."""
    before = desk.get(number)
    with pytest.raises(RefusedError) as caught:
        desk.do(number, action, actor, **parts)
    after = desk.get(number)
    assert (after.state, after.event_count) == (before.state, before.event_count)
    assert str(caught.value)
    return caught.value.code


def due(desk: CaseDesk, number: str) -> dict[Timer, date | None]:
    with desk.database.read() as session:
        return {timer: row.due_on for timer, row in open_deadlines(session, desk.get(number).id).items()}


def last_notice(desk: CaseDesk) -> str:
    with desk.database.read() as session:
        notice = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
        assert notice is not None
        return str(payload_of(session, notice)["text"]["content"])


def test_from_filing_to_a_satisfied_citizen(desk: CaseDesk) -> None:
    number = desk.file().number
    assert due(desk, number) == {Timer.ACCEPT: date(2026, 12, 1)}
    assert desk.do(number, A.ACCEPT, INTAKE) is State.ACCEPTED
    assert due(desk, number) == {Timer.ASSIGN: date(2026, 11, 23), Timer.MEDIATE: date(2027, 1, 19)}
    desk.do(number, A.ASSIGN, DISPATCHER, unit=UNIT)
    assert set(due(desk, number)) == {Timer.RETURN, Timer.CONTACT, Timer.MEDIATE}
    assert refused(desk, number, A.BEGIN, HANDLER) == "contacted"
    desk.do(number, A.LOG_CONTACT, HANDLER, REACHED)
    desk.do(number, A.BEGIN, HANDLER)
    desk.do(
        number, A.PROPOSE_ANSWER, HANDLER, text="商家已退还余额1500元", result=Result.SETTLED, recovered_fen=150_000
    )
    assert refused(desk, number, A.APPROVE_ANSWER, staff(Role.REVIEWER, 3)) == "other_person"
    assert desk.do(number, A.APPROVE_ANSWER, REVIEWER, text="not what was proposed") is State.ANSWERED
    assert "商家已退还余额1500元" in last_notice(desk)
    assert "not what" not in last_notice(desk)
    assert due(desk, number) == {Timer.CONFIRM: date(2026, 11, 27)}
    citizen = desk.citizen(number)
    assert refused(desk, number, A.CONFIRM, citizen, score=2) == "satisfied"
    assert desk.do(number, A.CONFIRM, citizen, score=5) is State.CLOSED
    case = desk.get(number)
    assert (case.score, case.result, case.recovered_fen) == (5, Result.SETTLED, 150_000)
    assert due(desk, number) == {}
    with desk.docket() as docket:
        assert verify_history(docket, case) == []
        entries = read_history(docket, case)
        assert [entry.sequence for entry in entries] == list(range(1, case.event_count + 1))
        assert all(entry.citizen_text and entry.staff_text for entry in entries)
        assert "（调解" not in entries[0].citizen_text
        assert all(one["is_kept"] for one in describe_deadlines(docket.session, case.id))


def test_the_seven_grounds_and_the_other_ways(lite: CaseDesk) -> None:
    for ground in Ground:
        number = lite.file().number
        assert refused(lite, number, A.REJECT, INTAKE, text="说明") == "missing"
        assert lite.do(number, A.REJECT, INTAKE, ground=ground, text="依据与说明") is State.REJECTED
        assert lite.get(number).ground is ground
        assert all(way in last_notice(lite) for way in ("协商和解", "调解", "仲裁", "提起诉讼"))
        assert due(lite, number) == {}


def test_asking_for_material_stops_the_clock(desk: CaseDesk) -> None:
    number = desk.file().number
    desk.pass_time(days=3)  # Monday
    desk.do(number, A.ASK_MORE, INTAKE, text="请补充办卡凭证")
    assert due(desk, number) == {Timer.ACCEPT: None, Timer.SUPPLY: date(2026, 11, 30)}
    desk.pass_time(days=2)  # Wednesday
    citizen = desk.citizen(number)
    assert refused(desk, number, A.ADD_MORE, citizen) == "missing"
    desk.do(number, A.ADD_MORE, citizen, text="已上传合同照片")
    assert due(desk, number) == {Timer.ACCEPT: date(2026, 12, 3)}, "two working days later than 1 December"
    assert "已扣除中止、补正、转交在外的时间" in last_notice(desk)


def test_silence_closes_only_after_three_tries_on_three_days(desk: CaseDesk) -> None:
    number = desk.file().number
    desk.do(number, A.ASK_MORE, INTAKE, text="请补充办卡凭证")
    for _ in range(3):
        desk.do(number, A.LOG_CONTACT, INTAKE, FAILED)
    desk.pass_time(days=14)
    assert refused(desk, number, A.CLOSE_UNREACHABLE, INTAKE) == "unreachable", "three tries, but on one day"
    desk.do(number, A.LOG_CONTACT, INTAKE, FAILED)
    desk.pass_time(days=1)
    desk.do(number, A.LOG_CONTACT, INTAKE, FAILED)
    assert desk.do(number, A.CLOSE_UNREACHABLE, INTAKE) is State.CLOSED
    assert desk.get(number).result is Result.UNREACHABLE
    citizen = desk.citizen(number)
    assert refused(desk, number, A.REOPEN, citizen, text="我回来了") == "has_unit"
    desk.pass_time(days=30)
    assert desk.do(number, A.RESUBMIT, citizen, text="我回来了，材料补上") is State.SUBMITTED
    assert desk.get(number).result is None
    assert set(due(desk, number)) == {Timer.ACCEPT}


def test_reaching_the_citizen_begins_the_count_anew(lite: CaseDesk) -> None:
    number = lite.to_in_progress()
    for outcome in (FAILED, FAILED, REACHED, FAILED, FAILED):
        lite.pass_time(days=1)
        lite.do(number, A.LOG_CONTACT, HANDLER, outcome)
    assert refused(lite, number, A.CLOSE_UNREACHABLE, HANDLER) == "unreachable"
    lite.pass_time(days=1)
    lite.do(number, A.LOG_CONTACT, HANDLER, FAILED)
    assert lite.do(number, A.CLOSE_UNREACHABLE, HANDLER) is State.CLOSED


def test_a_unit_returns_within_two_days_and_not_when_the_bureau_has_decided(desk: CaseDesk) -> None:
    number = desk.file().number
    desk.do(number, A.ACCEPT, INTAKE)
    desk.do(number, A.ASSIGN, DISPATCHER, unit=UNIT)
    assert refused(desk, number, A.RETURN, STRANGER, note="不是我的") == "not_theirs"
    assert desk.do(number, A.RETURN, HANDLER, note="属于商贸处") is State.RETURNED
    assert desk.get(number).unit == ""
    desk.do(number, A.ASSIGN, DISPATCHER, unit=OTHER_UNIT, is_unit_fixed=True)
    assert refused(desk, number, A.RETURN, STRANGER, note="也不是我的") == "returnable"
    late = desk.file().number
    desk.do(late, A.ACCEPT, INTAKE)
    desk.do(late, A.ASSIGN, DISPATCHER, unit=UNIT)
    desk.pass_time(days=5)
    assert refused(desk, late, A.RETURN, HANDLER, note="太晚了") == "returnable"
    with desk.docket() as docket:
        texts = [entry.citizen_text for entry in read_history(docket, desk.get(number))]
    assert not [text for text in texts if "退单" in text], "that units argue is not the citizen's"


def test_referral_names_the_receiver_and_carries_no_name_without_consent(desk: CaseDesk) -> None:
    number = desk.file().number
    where = {"receiver": "全国12315平台", "legal_basis": "《市场监督管理投诉举报处理办法》第四十条"}
    assert refused(desk, number, A.REFER, INTAKE, receiver="全国12315平台") == "missing"
    assert refused(desk, number, A.REFER, INTAKE, **where, with_identity=True) == "transfer_allowed"
    desk.do(number, A.RECORD_CONSENT, desk.citizen(number), consent=ConsentKind.TRANSFER, side=Side.COMPLAINANT)
    assert desk.do(number, A.REFER, INTAKE, **where, with_identity=True) is State.REFERRED
    assert set(due(desk, number)) == {Timer.ACKNOWLEDGE}
    desk.do(number, A.ACKNOWLEDGE_REFERRAL, SYSTEM, remote_number="12315-9")
    assert due(desk, number) == {}
    with desk.database.read() as session:
        row = session.scalars(select(CaseReferral)).one()
        assert (row.remote_number, row.acknowledged_at) == ("12315-9", desk.now)
    assert "12315-9" in last_notice(desk)


WHERE = {"receiver": "全国12315平台", "legal_basis": "《市场监督管理投诉举报处理办法》第四十条"}


def test_a_refused_referral_comes_back_with_the_days_that_were_left(desk: CaseDesk) -> None:
    """Filed Friday 20 November, referred on the second working day: five are left, the day of leaving is not ours."""
    number = desk.file().number
    desk.pass_time(days=4)
    desk.do(number, A.REFER, INTAKE, **WHERE)
    desk.pass_time(days=27)  # Monday, 21 December
    assert refused(desk, number, A.TAKE_BACK, INTAKE) == "missing"
    assert refused(desk, number, A.TAKE_BACK_ACCEPTED, INTAKE, note="不归他们管") == "was_accepted"
    assert desk.do(number, A.TAKE_BACK, INTAKE, note="不归他们管") is State.SUBMITTED
    assert due(desk, number) == {Timer.ACCEPT: date(2026, 12, 29)}, "one day was used, six are left"
    assert "全国12315平台" in last_notice(desk)
    assert "2026年12月29日" in last_notice(desk)
    with desk.docket() as docket:
        kept = [one["is_kept"] for one in describe_deadlines(docket.session, desk.get(number).id)]
        assert verify_history(docket, desk.get(number)) == []
    assert kept == [True, False, None], "told in time that it was referred; the receiver kept silent; the rest runs"
    assert desk.do(number, A.ACCEPT, INTAKE) is State.ACCEPTED


def test_a_late_referral_comes_back_late_and_what_stood_still_goes_on(lite: CaseDesk) -> None:
    late, paused = lite.file().number, lite.file().number
    lite.do(paused, A.ASK_MORE, INTAKE, text="请补充合同")
    lite.do(paused, A.REFER, INTAKE, **WHERE)
    lite.pass_time(days=14)
    lite.do(late, A.REFER, INTAKE, **WHERE)
    lite.do(paused, A.TAKE_BACK, INTAKE, note="退回")
    assert due(lite, paused) == {Timer.ACCEPT: date(2026, 12, 15)}, "nothing of the seven days was used"
    lite.do(late, A.TAKE_BACK, INTAKE, note="退回")
    assert due(lite, late) == {Timer.ACCEPT: date(2026, 12, 1)}, "what was late is late"


def test_a_refused_referral_that_was_accepted_is_worked_on(lite: CaseDesk) -> None:
    number = lite.file(kind=CaseKind.REPORT).number
    lite.do(number, A.ACCEPT, INTAKE)
    lite.pass_time(days=3)
    lite.do(number, A.REFER, INTAKE, **WHERE)
    lite.pass_time(days=7)
    assert refused(lite, number, A.TAKE_BACK, INTAKE, note="退回") == "not_accepted"
    assert lite.do(number, A.TAKE_BACK_ACCEPTED, SYSTEM, note="退回") is State.ACCEPTED
    assert set(due(lite, number)) == {Timer.ASSIGN, Timer.ANSWER}
    assert due(lite, number)[Timer.ANSWER] == date(2026, 12, 21), "15 days from 20 November, six were away"


def test_a_person_of_the_unit_has_the_case(database: Database, now: datetime) -> None:
    desk = CaseDesk(database)
    people = [("zhao", "赵磊", UNIT), ("qian", "钱芳", UNIT), ("sun", "孙悦", OTHER_UNIT)]
    one, two, other = (
        staff(Role.HANDLER, hire(database, now, login, Role.HANDLER, name=name, unit=unit), unit)
        for login, name, unit in people
    )
    number = desk.file().number
    desk.do(number, A.ACCEPT, INTAKE)
    with pytest.raises(UserError, match="承办人"):
        desk.do(number, A.ASSIGN, DISPATCHER, unit=UNIT, handler=other.key)
    desk.do(number, A.ASSIGN, DISPATCHER, unit=UNIT, handler=one.key)
    assert waiting(desk, one) == [number]
    assert waiting(desk, two) == []
    assert refused(desk, number, A.TAKE, other) == "not_theirs"
    desk.do(number, A.TAKE, two)
    assert refused(desk, number, A.TAKE, two) == "not_mine"
    assert (waiting(desk, one), waiting(desk, two)) == ([], [number])
    desk.do(number, A.APPOINT, SUPERVISOR, handler=one.key)
    assert waiting(desk, one, Scope.OWN) == [number]
    with desk.docket() as docket:
        texts = [entry.staff_text for entry in read_history(docket, desk.get(number))]
    assert texts[-3:] == ["派办到市场秩序处，承办人赵磊", "领取，由本人承办", "指定赵磊承办"]
    with database.write() as session:
        accounts.disable(session, TESTER, session.get_one(StaffAccount, int(one.key[6:])), now, "离职")
    assert waiting(desk, two) == [number], "what nobody has any more waits for the unit"
    desk.do(number, A.RETURN, two, note="不是我们的")
    assert desk.get(number).handler == ""


def waiting(desk: CaseDesk, actor: Actor, scope: Scope = Scope.MINE) -> list[str]:
    with desk.docket() as docket:
        return [row.case.number for row in list_cases(docket, actor, Wanted(scope)).rows]


def test_mediation_needs_both_and_its_delegation_consent(desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    assert refused(desk, number, A.MEDIATE, HANDLER) == "both_consent"
    desk.consent(number, ConsentKind.MEDIATION)
    assert refused(desk, number, A.MEDIATE, HANDLER) == "both_consent"
    desk.consent(number, ConsentKind.MEDIATION, Side.RESPONDENT)
    assert desk.do(number, A.MEDIATE, HANDLER) is State.MEDIATING
    assert refused(desk, number, A.REPORT_MEDIATION, MEDIATOR, note="双方谈妥") == "not_theirs"
    assert refused(desk, number, A.DELEGATE_MEDIATION, HANDLER, receiver=ASSOCIATION) == "delegation_consent"
    desk.consent(number, ConsentKind.DELEGATION)
    desk.do(number, A.DELEGATE_MEDIATION, HANDLER, receiver=ASSOCIATION)
    desk.do(number, A.REPORT_MEDIATION, MEDIATOR, note="双方谈妥退款")
    other = staff(Role.MEDIATOR, 9, "别的协会")
    assert refused(desk, number, A.REPORT_MEDIATION, other, note="我也说一句") == "not_theirs"
    assert desk.do(number, A.END_MEDIATION, HANDLER, text="一方不再参加") is State.IN_PROGRESS
    assert refused(desk, number, A.REPORT_MEDIATION, MEDIATOR, note="再说一句") == "not_theirs"
    report = desk.to_in_progress(kind=CaseKind.REPORT)
    assert refused(desk, report, A.MEDIATE, HANDLER) == "is_complaint"


def test_consent_is_given_for_oneself_and_can_be_taken_back(lite: CaseDesk) -> None:
    number = lite.to_in_progress()
    citizen = lite.citizen(number)
    parts = {"consent": ConsentKind.MEDIATION, "side": Side.RESPONDENT}
    assert refused(lite, number, A.RECORD_CONSENT, citizen, **parts) == "own_consent"
    lite.consent(number, ConsentKind.MEDIATION, Side.COMPLAINANT, Side.RESPONDENT)
    lite.consent(number, ConsentKind.MEDIATION, Side.RESPONDENT, is_given=False)
    assert refused(lite, number, A.MEDIATE, HANDLER) == "both_consent"


def test_time_in_suspension_is_not_counted_and_two_people_decide(desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    before = due(desk, number)[Timer.MEDIATE]
    desk.do(number, A.PROPOSE_SUSPENSION, HANDLER, text="送检鉴定")
    assert refused(desk, number, A.APPROVE_SUSPENSION, REVIEWER) == "not_allowed"
    assert refused(desk, number, A.PROPOSE_ANSWER, HANDLER, text="x", result=Result.SETTLED) == "nothing_proposed"
    assert refused(desk, number, A.DECLINE_PROPOSAL, REVIEWER, note="不同意") == "proposal_is_theirs"
    desk.do(number, A.APPROVE_SUSPENSION, SUPERVISOR)
    assert due(desk, number) == {Timer.MEDIATE: None}
    assert "送检鉴定" in last_notice(desk)
    desk.pass_time(days=10)
    assert refused(desk, number, A.RESUME_MEDIATION, HANDLER) == "was_mediating"
    desk.do(number, A.RESUME, HANDLER)
    after = due(desk, number)[Timer.MEDIATE]
    assert before is not None
    assert after is not None
    assert (after - before).days == 10


def test_extension_once_before_the_end_with_its_reason_told(desk: CaseDesk) -> None:
    number = desk.to_in_progress(kind=CaseKind.REPORT)
    assert due(desk, number)[Timer.ANSWER] == date(2026, 12, 11)
    desk.do(number, A.PROPOSE_EXTENSION, HANDLER, text="需外地协查")
    desk.do(number, A.APPROVE_EXTENSION, SUPERVISOR)
    assert due(desk, number)[Timer.ANSWER] == date(2027, 1, 4)
    assert "需外地协查" in last_notice(desk)
    assert "可能调整" in last_notice(desk), "2027 is provisional"
    assert refused(desk, number, A.PROPOSE_EXTENSION, HANDLER, text="再来一次") == "extendable"
    late = desk.to_in_progress(kind=CaseKind.REPORT)
    desk.do(late, A.PROPOSE_EXTENSION, HANDLER, text="需外地协查")
    desk.pass_time(days=22)
    assert refused(desk, late, A.APPROVE_EXTENSION, SUPERVISOR) == "extendable", "too late"
    complaint = desk.to_in_progress()
    assert refused(desk, complaint, A.PROPOSE_EXTENSION, HANDLER, text="调解不延期") == "extendable"


def test_dissatisfied_once_is_looked_into(desk: CaseDesk) -> None:
    number = desk.to_answered()
    citizen = desk.citizen(number)
    assert refused(desk, number, A.DISPUTE, citizen, score=4, note="还行") == "dissatisfied"
    desk.do(number, A.DISPUTE, citizen, score=1, note="没有退钱")
    assert set(due(desk, number)) == {Timer.DISPUTE}
    assert refused(desk, number, A.CONFIRM, citizen, score=5) == "not_disputed"
    assert refused(desk, number, A.DISPUTE, citizen, score=1, note="还是没有") == "first_dispute"
    assert desk.do(number, A.ORDER_REWORK, REVIEWER, note="核实退款") is State.REWORK
    assert set(due(desk, number)) == {Timer.ANSWER}
    desk.do(number, A.BEGIN_REWORK, HANDLER)
    desk.do(number, A.PROPOSE_ANSWER, HANDLER, text="已核实退款到账", result=Result.SETTLED)
    desk.do(number, A.APPROVE_ANSWER, REVIEWER)
    assert refused(desk, number, A.DISPUTE, citizen, score=1, note="还是不满意") == "first_dispute"
    assert refused(desk, number, A.ORDER_REWORK, REVIEWER, note="再来") == "reworkable"
    assert desk.do(number, A.CONFIRM, citizen, score=1) is State.CLOSED, "the last word is a mark"
    assert desk.do(number, A.REOPEN, SUPERVISOR, text="局长要求再查") is State.IN_PROGRESS
    assert desk.get(number).closed_at is None


def test_an_answer_may_be_upheld(lite: CaseDesk) -> None:
    number = lite.to_answered()
    assert refused(lite, number, A.UPHOLD_ANSWER, REVIEWER, text="事实清楚") == "disputed"
    lite.do(number, A.DISPUTE, lite.citizen(number), score=2, note="不服")
    assert lite.do(number, A.UPHOLD_ANSWER, REVIEWER, text="事实清楚，依据充分") is State.CLOSED
    assert "行政复议" in last_notice(lite)


def test_a_declined_answer_can_be_written_anew(lite: CaseDesk) -> None:
    number = lite.to_in_progress()
    lite.do(number, A.PROPOSE_ANSWER, HANDLER, text="草稿", result=Result.SETTLED)
    lite.do(number, A.DECLINE_PROPOSAL, REVIEWER, note="写清楚")
    assert refused(lite, number, A.APPROVE_ANSWER, REVIEWER) == "answer_proposed"
    lite.do(number, A.PROPOSE_ANSWER, HANDLER, text="写清楚了", result=Result.SETTLED)
    assert lite.do(number, A.APPROVE_ANSWER, REVIEWER) is State.ANSWERED


@pytest.mark.parametrize("action", [A.ASK_MORE, A.REJECT])
def test_what_citizens_read_holds_no_personal_data(lite: CaseDesk, action: A) -> None:
    number = lite.file().number
    told = "请联系当事人 13900001111"
    assert refused(lite, number, action, INTAKE, ground=Ground.OTHER, text=told) == "personal_data"


def test_withdrawing(desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    citizen = desk.citizen(number)
    assert refused(desk, number, A.WITHDRAW, citizen) == "confirmed_twice"
    desk.do(number, A.PROPOSE_ANSWER, HANDLER, text="写好了", result=Result.SETTLED)
    assert desk.do(number, A.WITHDRAW, citizen, is_confirmed=True) is State.WITHDRAWN
    assert due(desk, number) == {Timer.TELL: date(2026, 12, 1)}
    desk.do(number, A.NOTE_TOLD, HANDLER, note="已电话告知商家")
    assert due(desk, number) == {}
    report = desk.to_in_progress(kind=CaseKind.REPORT)
    reporter = desk.citizen(report)
    assert refused(desk, report, A.WITHDRAW, reporter, is_confirmed=True) == "no_opened_check"
    assert desk.do(report, A.RECORD_WITHDRAWAL, reporter, is_confirmed=True) is State.IN_PROGRESS
    early = desk.file(kind=CaseKind.REPORT).number
    assert desk.do(early, A.WITHDRAW, desk.citizen(early), is_confirmed=True) is State.WITHDRAWN


def test_merging_the_same_matter(desk: CaseDesk) -> None:
    parent = desk.to_in_progress(kind=CaseKind.REPORT)
    desk.pass_time(days=7)
    child = desk.file(kind=CaseKind.REPORT, facts="又发现该店继续收取预付款，附收据照片。").number
    stranger = desk.file(kind=CaseKind.REPORT, respondent_name="别的店").number
    merge = {"parent_number": parent, "is_same_matter": True, "has_new_facts": True}
    assert refused(desk, stranger, A.MERGE, DISPATCHER, **merge) == "same_matter"
    assert refused(desk, child, A.MERGE, DISPATCHER, parent_number=parent) == "missing", "nobody compared the facts"
    assert refused(desk, child, A.MERGE, DISPATCHER, parent_number=child, is_same_matter=True) == "same_matter"
    assert desk.do(child, A.MERGE, DISPATCHER, **merge) is State.MERGED
    assert due(desk, parent)[Timer.ANSWER] == date(2026, 12, 18), "15 working days from the last report"
    with desk.docket() as docket:
        assert [case.number for case in children_of(docket, desk.get(parent))] == [child]
        assert verify_history(docket, desk.get(parent)) == []
        assert verify_history(docket, desk.get(child)) == []
    assert due(desk, child) == {}


def test_reopening(desk: CaseDesk) -> None:
    number = desk.to_answered()
    citizen = desk.citizen(number)
    desk.do(number, A.CONFIRM, citizen, score=4)
    assert refused(desk, number, A.REOPEN, citizen) == "missing", "without new facts"
    desk.pass_time(days=30)
    assert desk.do(number, A.REOPEN, citizen, text="商家又停业了") is State.IN_PROGRESS
    assert due(desk, number)[Timer.ANSWER] == date(2026, 12, 25)
    desk.do(number, A.PROPOSE_ANSWER, HANDLER, text="再次处理完毕", result=Result.SETTLED)
    desk.do(number, A.APPROVE_ANSWER, REVIEWER)
    desk.do(number, A.CONFIRM, citizen, score=3)
    desk.pass_time(days=31)
    assert refused(desk, number, A.REOPEN, citizen, text="又有新的事实") == "reopenable"


def test_publication_needs_consent_and_ends_with_it(lite: CaseDesk) -> None:
    number = lite.to_answered()
    lite.do(number, A.CONFIRM, lite.citizen(number), score=4)
    assert refused(lite, number, A.PUBLISH, REVIEWER, text="某健身公司退还预付款") == "publication_consent"
    citizen = lite.citizen(number)
    lite.do(number, A.RECORD_CONSENT, citizen, consent=ConsentKind.PUBLISH, side=Side.COMPLAINANT)
    assert refused(lite, number, A.PUBLISH, REVIEWER, text="张女士 13800001111") == "personal_data"
    lite.do(number, A.PUBLISH, REVIEWER, text="某健身公司退还预付款")
    assert lite.get(number).public_summary
    lite.do(number, A.RECORD_CONSENT, citizen, consent=ConsentKind.PUBLISH, side=Side.COMPLAINANT, is_given=False)
    assert lite.get(number).public_summary is None


def test_nobody_reaches_another_citizens_case(lite: CaseDesk) -> None:
    mine, theirs = lite.to_answered(), lite.to_answered()
    actor = lite.citizen(mine)
    for action, parts in (
        (A.CONFIRM, {"score": 5}),
        (A.DISPUTE, {"score": 1, "note": "x"}),
        (A.SUPPLEMENT, {"text": "x"}),
    ):
        assert refused(lite, theirs, action, actor, **parts) == "not_theirs"
        assert refused(lite, theirs, action, act_as_citizen(None), **parts) == "not_theirs"
    with lite.docket() as docket:
        assert actions_for(docket, lite.get(theirs), actor) == []
        assert A.CONFIRM in actions_for(docket, lite.get(mine), actor)
        assert actions_for(docket, lite.get(mine), AUDITOR) == []
    with pytest.raises(UserError, match="没有这个编号"):
        lite.do("TS20261120430100999998", A.CONFIRM, actor)


def test_the_database_refuses_to_change_history(desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    for column in ("to_state='closed'", "actor='nobody'"):
        with pytest.raises(DBAPIError, match="append-only"), desk.database.write() as session:
            session.execute(text(f"UPDATE case_events SET {column}"))
    with desk.docket() as docket:
        assert verify_history(docket, desk.get(number)) == []


def test_a_history_that_was_tampered_with_is_noticed(desk: CaseDesk) -> None:
    number = desk.to_in_progress()
    case = desk.get(number)

    def verify() -> list[str]:
        with desk.docket() as docket:
            return verify_history(docket, desk.get(number))

    with desk.database.write() as session:
        session.execute(text("UPDATE cases SET state='closed'"))
    assert verify() == ["现状与历史不一致"]
    with desk.database.write() as session:
        session.execute(text("UPDATE cases SET state='in_progress'"))
        session.execute(text("DELETE FROM case_events WHERE sequence=3"))
    assert verify() != []
    with desk.database.write() as session:
        session.execute(text(f"DELETE FROM case_events WHERE sequence={case.event_count}"))
    assert "现状与历史不一致" in verify()


def test_words_of_others_become_no_links(lite: CaseDesk) -> None:
    number = lite.file().number
    lite.do(number, A.ASK_MORE, INTAKE, text='<a href="http://evil">点这里</a>')
    assert "<a" not in last_notice(lite)


def test_a_hotline_complaint_has_the_hotlines_term(lite: CaseDesk) -> None:
    number = lite.file(actor=SYSTEM, channel=Channel.HOTLINE).number
    lite.do(number, A.ACCEPT, INTAKE)
    assert due(lite, number)[Timer.ANSWER] == date(2026, 11, 27)
    assert due(lite, number)[Timer.MEDIATE] == date(2027, 1, 19)


def test_every_event_stands_in_the_table(lite: CaseDesk) -> None:
    for number in (lite.to_answered(), lite.to_in_progress(kind=CaseKind.REPORT)):
        with lite.database.read() as session:
            states = session.execute(
                select(CaseEvent.from_state, CaseEvent.to_state).where(CaseEvent.case_id == lite.get(number).id)
            ).all()
        assert all(a is State.DRAFT or a in OPEN for a, _ in states)
        assert states[-1][1] in CHECKED


def test_what_was_registered_can_be_set_right(lite: CaseDesk) -> None:
    number = lite.file().number
    assert refused(lite, number, A.AMEND, INTAKE, note="归错类") == "amends"
    assert refused(lite, number, A.AMEND, INTAKE, note="写摘要", summary="张某 13800001111") == "amends"
    with pytest.raises(UserError, match="没有这个类别"):
        lite.do(number, A.AMEND, INTAKE, note="归错类", category="nonsense")
    lite.do(
        number, A.AMEND, INTAKE, note="归错类", category="catering", summary="储值卡余额未退", urgency=Urgency.URGENT
    )
    case = lite.get(number)
    assert (case.category, case.summary, case.urgency) == ("catering", "储值卡余额未退", Urgency.URGENT)
    with lite.docket() as docket:
        assert "原类别 单用途预付卡，原紧急程度 一般" in read_history(docket, case)[-1].staff_text
