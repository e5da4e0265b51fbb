"""The clock: alerts on the ladder, closings by rule, years of holidays, retention; each exactly once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config.bureau import load_bureau
from jobs.cases import CaseClock
from models.calendar import CalendarYear
from models.case import CaseEvent, CaseParty
from models.case_clock import CaseAlert, CaseDeadline
from models.case_file import CaseEvidence, CaseLook
from models.case_words import Action, Audience, ConsentKind, Result, Rung, Side, State
from models.database import Database
from models.paper import Form
from services.calendar.years import import_year, load_calendar, read_notice, seed_calendar
from services.cases.clock import alerts_for, follow_calendar, mark_seen
from services.cases.history import read_history, verify_history
from services.cases.my_data import erase_my_data, export_my_data
from services.cases.view import look_at_identity
from services.errors import UserError
from services.papers.issuing import Press, issue_form, papers_of
from tests.case_desk import FAILED, HANDLER, INTAKE, PHONE, REVIEWER, CaseDesk, make_evidence


@pytest.fixture
def desk(database: Database) -> CaseDesk:
    return CaseDesk(database)


@pytest.fixture
def lite(sqlite: Database) -> CaseDesk:
    return CaseDesk(sqlite)


def clock_of(desk: CaseDesk) -> CaseClock:
    return CaseClock(desk.database, desk.rules, lambda: desk.now)


def alerts(desk: CaseDesk) -> list[tuple[Rung, Audience]]:
    with desk.database.read() as session:
        return [(row.rung, row.audience) for row in session.scalars(select(CaseAlert).order_by(CaseAlert.id))]


def test_the_ladder_is_climbed_once(desk: CaseDesk) -> None:
    clock = clock_of(desk)
    desk.file()
    assert clock.tend() == 0
    climbed: dict[str, list[tuple[Rung, Audience]]] = {}
    for _ in range(30):
        before = alerts(desk)
        clock.tend()
        if new := alerts(desk)[len(before) :]:
            climbed[f"{desk.now:%m-%d}"] = new
        assert clock.tend() == 0, "the same moment again"
        desk.pass_time(hours=12)
        clock.tend()
        desk.pass_time(hours=12)
    head = [(Rung.DUE, Audience.INTAKE), (Rung.DUE, Audience.UNIT_HEAD)]
    assert climbed == {
        "11-27": [(Rung.AMBER, Audience.INTAKE)],
        "12-01": head,
        "12-02": [(Rung.OVERDUE, Audience.INTAKE), (Rung.OVERDUE, Audience.UNIT_HEAD)],
        "12-04": [(Rung.LEADER, Audience.LEADER)],
        "12-08": [(Rung.BULLETIN, Audience.BULLETIN)],
    }
    with desk.database.read() as session:
        late = select(CaseDeadline).where(CaseDeadline.ended_at.is_(None), CaseDeadline.due_at <= desk.now)
        assert len(session.scalars(late).all()) == 1, "late, and still not lost"


def test_a_clock_that_stood_still_catches_up(desk: CaseDesk) -> None:
    desk.file()
    desk.pass_time(days=25)
    assert clock_of(desk).tend() == 7
    assert [rung for rung, _ in alerts(desk)] == [
        Rung.AMBER,
        Rung.DUE,
        Rung.DUE,
        Rung.OVERDUE,
        Rung.OVERDUE,
        Rung.LEADER,
        Rung.BULLETIN,
    ]
    with desk.docket() as docket:
        assert len(alerts_for(docket.session, Audience.BULLETIN)) == 1
        (alert,) = alerts_for(docket.session, Audience.LEADER)
        assert "2026年12月1日" in alert.text
        mark_seen(docket, alert, "staff:5")
        mark_seen(docket, alert, "staff:9")
        assert alert.seen_by == "staff:5"
        docket.session.flush()
        assert alerts_for(docket.session, Audience.LEADER) == []
        assert len(alerts_for(docket.session, Audience.LEADER, seen=True)) == 1


def test_what_is_done_warns_nobody(lite: CaseDesk) -> None:
    number = lite.file().number
    lite.do(number, Action.ACCEPT, INTAKE)
    with lite.database.read() as session:
        kept = session.scalars(select(CaseDeadline.is_kept).where(CaseDeadline.ended_at.is_not(None))).all()
    assert kept == [True]
    lite.pass_time(hours=2)
    clock_of(lite).tend()
    assert {audience for _, audience in alerts(lite)} == {Audience.DISPATCHER}


def test_an_answer_without_a_word_is_closed_when_its_time_is_over(desk: CaseDesk) -> None:
    number, clock = desk.to_answered(), clock_of(desk)
    desk.now = datetime(2026, 11, 27, 15, 59, tzinfo=UTC)
    clock.tend()
    assert desk.get(number).state is State.ANSWERED
    desk.pass_time(minutes=1)
    clock.tend()
    clock.tend()
    case = desk.get(number)
    assert (case.state, case.score) == (State.CLOSED, None)
    with desk.docket() as docket:
        assert [entry.action for entry in read_history(docket, case)].count(Action.CLOSE_SILENT) == 1
    assert desk.do(number, Action.RATE, desk.citizen(number), score=5) is State.CLOSED


def test_who_cannot_be_reached_is_closed_only_by_the_rule(desk: CaseDesk) -> None:
    number, clock = desk.file().number, clock_of(desk)
    desk.do(number, Action.ASK_MORE, INTAKE, text="请补充凭证")
    desk.pass_time(days=11)
    clock.tend()
    assert desk.get(number).state is State.NEED_MORE
    assert (Rung.OVERDUE, Audience.INTAKE) in alerts(desk), "intake must call"
    for _ in range(3):
        desk.do(number, Action.LOG_CONTACT, INTAKE, FAILED)
        desk.pass_time(days=1)
        clock.tend()
    assert desk.get(number).state is State.CLOSED
    assert desk.get(number).result is Result.UNREACHABLE


def test_a_receiver_that_keeps_silent_is_told_of(desk: CaseDesk) -> None:
    number, clock = desk.file().number, clock_of(desk)
    desk.do(number, Action.REFER, INTAKE, receiver="12345", legal_basis="国办发〔2020〕53号")
    desk.pass_time(hours=23)
    clock.tend()
    assert alerts(desk) == []
    desk.pass_time(hours=1)
    clock.tend()
    clock.tend()
    assert [rung for rung, _ in alerts(desk)] == [Rung.RECEIVER_SILENT] * 2


def test_a_new_year_moves_provisional_dates_and_tells(desk: CaseDesk, tmp_path: Path) -> None:
    desk.now = datetime(2026, 12, 24, 2, tzinfo=UTC)
    desk.file()
    with desk.docket() as docket:
        row = docket.session.scalars(select(CaseDeadline)).one()
        assert (row.due_on, row.is_provisional) == (date(2027, 1, 5), True)
        assert follow_calendar(docket) == 0
    notice = tmp_path / "2027.csv"
    lines = [
        "日期,类型",
        "2027-01-01至2027-01-03,放假",
        "2027年1月4日,放假",
        "2027-10-01～2027-10-10,休",
        "2027-02-06,上班",
    ]
    notice.write_text("\n".join(lines), encoding="gb18030")
    with desk.docket() as docket:
        assert import_year(docket.session, 2027, notice, desk.now) == 15
    with desk.docket() as docket:
        assert follow_calendar(docket) == 1
        row = docket.session.scalars(select(CaseDeadline)).one()
        assert (row.due_on, row.is_provisional) == (date(2027, 1, 6), False)
        assert follow_calendar(docket) == 0
        (alert,) = docket.session.scalars(select(CaseAlert))
        assert alert.rung is Rung.CHANGED
        assert "2027年1月6日" in alert.text


def test_the_table_is_seeded_once_and_an_import_stays(desk: CaseDesk, tmp_path: Path) -> None:
    with desk.docket() as docket:
        assert seed_calendar(docket.session, desk.now) == []
        years = set(docket.session.scalars(select(CalendarYear.year)))
        assert {2004, 2026} <= years
        assert load_calendar(docket.session).add(date(2026, 9, 30), 7).on == date(2026, 10, 15)
        assert import_year(docket.session, 2026, None, desk.now) > 20
        assert load_calendar(docket.session).add(date(2026, 9, 30), 7).on == date(2026, 10, 15)
        with pytest.raises(UserError, match="--file"):
            import_year(docket.session, 2031, None, desk.now)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["date,kind"], "第一行"),
        (["日期,类型", "2027-13-01,放假"], "第 2 行"),
        (["日期,类型", "2027-01-01,吃饭"], "第 2 行"),
        (["日期,类型", "2026-01-01,放假"], "不在 2027"),
        (["日期,类型", "2027-01-02,放假", "2027-01-02,上班"], "既放假又上班"),
        (["日期,类型", "2027-01-04,上班"], "本来就是工作日"),
        (["日期,类型", "2027-01-01,放假"], "不足 13 天"),
    ],
)
def test_a_wrong_notice_is_refused_with_its_line(tmp_path: Path, lines: list[str], why: str) -> None:
    path = tmp_path / "notice.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    with pytest.raises(UserError, match=why):
        read_notice(path, 2027)


def close_with_evidence(desk: CaseDesk) -> str:
    number = desk.to_answered(agrees_to_publish=True)
    with desk.docket() as docket:
        docket.session.add(make_evidence(case_id=desk.get(number).id))
        look_at_identity(docket, desk.get(number), HANDLER, "电话核实情况")
    desk.do(number, Action.CONFIRM, desk.citizen(number), score=5)
    desk.do(number, Action.PUBLISH, REVIEWER, text="某公司退还预付款")
    return number


def test_after_the_bureaus_years_nothing_of_a_person_stays(desk: CaseDesk) -> None:
    number, clock = close_with_evidence(desk), clock_of(desk)
    desk.now = datetime(2029, 11, 19, 15, 59, tzinfo=UTC)
    assert clock.clean_up()["archived"] == 0
    desk.pass_time(minutes=1)
    assert clock.clean_up()["archived"] == 1
    assert clock.clean_up()["archived"] == 0
    case = desk.get(number)
    assert case.state is State.ARCHIVED
    assert (case.follower_id, case.facts_sealed, case.answer_sealed, case.public_summary) == (None,) * 4
    with desk.docket() as docket:
        for table in (CaseParty, CaseEvidence):
            assert docket.session.scalar(select(func.count()).select_from(table)) == 0
        assert docket.session.scalar(select(func.count()).where(CaseEvent.said_sealed.is_not(None))) == 0
        assert docket.session.scalar(select(func.count()).select_from(CaseLook)) == 1, "looks are kept longer"
        assert verify_history(docket, case) == [], "the history still proves itself"
        assert "退还" not in "".join(entry.staff_text for entry in read_history(docket, case))
    desk.pass_time(days=400)
    assert clock.clean_up()["looks"] == 1


def test_my_data(desk: CaseDesk) -> None:
    done, running = close_with_evidence(desk), desk.to_in_progress()
    with desk.docket() as docket:
        issue_form(Press(docket, load_bureau(), HANDLER), docket.session.merge(desk.get(done)), Form.REPLY)
    with desk.docket() as docket:
        exported = export_my_data(docket, desk.follower_id)
        assert {case["course"]["number"] for case in exported["cases"]} == {done, running}
        assert PHONE in str(exported)
        assert exported["cases"][0]["consents_history"]
        assert "looks" in exported["cases"][0]
        erasure = erase_my_data(docket, desk.follower_id)
    assert erasure.erased == [done]
    assert list(erasure.kept) == [running]
    assert "依法" in erasure.kept[running]
    assert desk.get(done).public_summary is None
    with desk.docket() as docket:
        (paper,) = papers_of(docket.session, desk.get(done).id)
        assert paper.content_sealed is None, "the number stays"
    assert desk.get(running).facts_sealed is not None
    with desk.docket() as docket:
        again = export_my_data(docket, desk.follower_id)
        assert [case["course"]["number"] for case in again["cases"]] == [running]
        assert verify_history(docket, desk.get(done)) == []


def test_one_bad_case_does_not_stop_the_clock(lite: CaseDesk) -> None:
    lite.file()
    second = lite.to_answered()
    with lite.database.write() as session:
        row = session.scalars(select(CaseDeadline).order_by(CaseDeadline.id)).first()
        assert row is not None
        row.case_id, row.due_on = row.case_id, date(1, 1, 1)  # days before it cannot be counted
    lite.pass_time(days=20)
    clock_of(lite).tend()
    assert lite.get(second).state is State.CLOSED


def test_consents_of_the_other_side_are_no_personal_data(lite: CaseDesk) -> None:
    number = lite.to_in_progress()
    lite.consent(number, ConsentKind.MEDIATION, Side.RESPONDENT)
    with lite.docket() as docket:
        (case,) = export_my_data(docket, lite.follower_id)["cases"]
    assert ["参加调解", "被投诉举报方"] in case["consents"]
