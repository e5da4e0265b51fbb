"""The workflow as a table: everything reachable, worded and owned; numbers and deadlines as arithmetic."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import meta

from config.cases import load_case_rules
from models.case_words import (
    Action,
    Audience,
    BurstCause,
    CaseKind,
    Channel,
    ConsentKind,
    ContactOutcome,
    Ground,
    Outsider,
    Proposal,
    Result,
    Rung,
    Side,
    State,
    Timer,
    Urgency,
)
from models.role import Role
from services.cases import workflow
from services.cases.deadlines import (
    Ending,
    Measure,
    Pause,
    Run,
    Term,
    end_run,
    find_term,
    parse_term,
    pause_run,
    restart_run,
    resume_run,
)
from services.cases.escalation import OWNERS, climb, name_audiences, next_rung_day
from services.cases.facts import Step
from services.cases.guards import CHECKS, Guard
from services.cases.numbers import CaseNumber, find_number, parse_number, tidy_code
from services.cases.personal import mask_name, mask_phone
from services.cases.wording import ENVIRONMENT, FILE, NAMES, WORDS, tell
from services.numbers import ALPHABET, spell_code
from services.privacy import find_personal
from tests.test_guards import DENIED_PRAISE, PRAISE
from tests.unit.test_working_days import CALENDAR

RULES = load_case_rules()
CLOSED_SETS: dict[str, type[StrEnum]] = {
    "kinds": CaseKind,
    "states": State,
    "timers": Timer,
    "grounds": Ground,
    "results": Result,
    "channels": Channel,
    "urgencies": Urgency,
    "consents": ConsentKind,
    "sides": Side,
    "proposals": Proposal,
    "outcomes": ContactOutcome,
    "audiences": Audience,
    "causes": BurstCause,
    "rungs": Rung,
    "guards": Guard,
    "actions": Action,
}
MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("table", CLOSED_SETS)
def test_every_word_has_its_chinese(table: str) -> None:
    assert set(WORDS[table]) == {str(item) for item in CLOSED_SETS[table]}


def test_every_action_is_one_line_with_both_texts() -> None:
    assert sorted(line.action for line in workflow.TABLE) == sorted(Action)
    for action in Action:
        for audience in ("citizen", "staff"):
            text = WORDS["actions"][action][audience]
            assert meta.find_undeclared_variables(ENVIRONMENT.parse(text)) <= set(NAMES)
            assert len(tell(action, audience, dict.fromkeys(NAMES, "甲"))) >= 2
        assert "number" in WORDS["actions"][action]["citizen"], "a citizen with two cases must know which"


def test_every_state_is_reached_and_left() -> None:
    reached = {State.DRAFT}
    for _ in State:
        for line in workflow.TABLE:
            reached |= {line.end_in(source) for source in line.sources if source in reached}
    assert reached == set(State)
    left = {source for line in workflow.TABLE if line.target for source in line.sources}
    assert set(State) - left == {State.ARCHIVED}


def test_needs_are_fields_and_guards_are_checks() -> None:
    assert set(CHECKS) == set(Guard)
    used = {guard for line in workflow.TABLE for guard in line.guards}
    assert used == set(Guard), "a guard that nobody asks"
    known = {field.name for field in fields(Step)}
    needs = {need for line in workflow.TABLE for need in line.needs}
    assert needs <= known
    assert needs <= set(WORDS["fields"])


def test_who_acts() -> None:
    for line in workflow.TABLE:
        assert line.who, line.action
        assert Role.AUDITOR not in line.who
        assert Role.ASSOCIATION not in line.who
    assert [line.action for line in workflow.TABLE if Role.MEDIATOR in line.who] == [Action.REPORT_MEDIATION]
    assert set(WORDS["roles"]) == {*map(str, Role), *map(str, Outsider)}


def test_no_open_state_is_without_a_deadline_and_each_ends() -> None:
    for state in workflow.OPEN:
        timers = [rule.timer for rule in workflow.TIMERS if state in {*rule.runs, *rule.pauses}]
        assert timers, state
    for rule in workflow.TIMERS:
        for action in rule.starts:
            line = workflow.BY_ACTION[action]
            assert any(line.end_in(source) in rule.runs for source in line.sources), (rule.timer, action)
    assert {rule.timer for rule in workflow.TIMERS} == set(Timer)


def test_words_keep_to_the_law() -> None:
    plain = DENIED_PRAISE.sub("", FILE.read_text(encoding="utf-8"))
    assert "黑名单" not in plain
    assert not [word for word in PRAISE if word in plain]
    reject = tell(Action.REJECT, "citizen", {"ground": WORDS["grounds"]["too_old"]})
    assert all(way in reject for way in ("协商和解", "调解组织", "行政部门投诉", "仲裁", "诉讼")), "art. 39"
    assert len(Ground) == 7


def test_the_number_of_the_reference() -> None:
    number = CaseNumber(CaseKind.COMPLAINT, date(2026, 11, 20), "410300", 1)
    assert str(number) == "TS20261120410300000012"
    assert parse_number("ts 20261120-410300 000012") == number
    assert parse_number("ＴＳ20261120410300000012") == number
    assert find_number("进度 TS2O261120410300000012 谢谢") == str(number)


@given(serial=st.integers(1, 99_999), place=st.integers(0, 19), digit=st.integers(0, 9), kind=st.sampled_from(CaseKind))
def test_a_wrong_digit_is_noticed(serial: int, place: int, digit: int, kind: CaseKind) -> None:
    number = str(CaseNumber(kind, date(2026, 11, 20), "410300", serial))
    wrong = number[: 2 + place] + str(digit) + number[3 + place :]
    assert (parse_number(wrong) is not None) == (wrong == number)


def test_query_codes_are_easy_to_read_aloud() -> None:
    code = spell_code(bytes(range(40)))
    assert len(code) == 8
    assert not set("0O1I") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32
    assert tidy_code(f" {code[:4].lower()}-{code[4:]} ") == code
    assert tidy_code("ABCDEF10") is None


def term(text: str, start: datetime = MORNING, **more: object) -> Run:
    return Run(parse_term(text), start, **more)  # type: ignore[arg-type]


def on(run: Run) -> date:
    ending = end_run(run, CALENDAR)
    assert ending is not None
    return ending.on


def test_deadlines_of_the_law() -> None:
    assert on(term("7 working")) == date(2026, 12, 1)
    assert on(term("60 calendar")) == date(2027, 1, 19)
    assert on(term("60 calendar", datetime(2026, 8, 3, 2, tzinfo=UTC))) == date(2026, 10, 8), "10-02 is a holiday"
    assert on(term("0 working")) == date(2026, 11, 20)
    late = end_run(term("7 working", datetime(2026, 12, 24, tzinfo=UTC)), CALENDAR)
    assert late == Ending(datetime(2027, 1, 5, 16, tzinfo=UTC), date(2027, 1, 5), is_provisional=True)
    hours = end_run(term("24 hours"), CALENDAR)
    assert hours is not None
    assert hours.at == MORNING + timedelta(hours=24)
    night = term("7 working", datetime(2026, 11, 20, 15, 30, tzinfo=UTC))
    assert on(night) == date(2026, 12, 1), "filed at 23:30: received that day"


def test_time_in_suspension_is_not_counted() -> None:
    working = term("15 working")
    paused = pause_run(working, date(2026, 11, 24))
    assert end_run(paused, CALENDAR) is None
    assert pause_run(paused, date(2026, 11, 26)) == paused
    assert on(resume_run(paused, date(2026, 12, 1))) == date(2026, 12, 18), "5 working days later"
    assert on(resume_run(paused, date(2026, 11, 24))) == on(working), "the same day: nothing lost, nothing won"
    calendar_days = pause_run(term("60 calendar"), date(2026, 11, 24))
    assert on(resume_run(calendar_days, date(2026, 12, 4))) == date(2027, 1, 29)
    assert resume_run(working, date(2026, 12, 1)) == working


@given(gap=st.integers(0, 40), start=st.integers(0, 14))
def test_a_pause_shifts_the_end_by_the_working_days_it_lasted(gap: int, start: int) -> None:
    run = term("15 working", datetime(2026, 3, 2, 2, tzinfo=UTC))
    since = CALENDAR.add(date(2026, 3, 2), start).on
    until = since + timedelta(days=gap)
    resumed = Run(run.term, run.started_at, pauses=(Pause(since, until),))
    assert CALENDAR.count(on(run), on(resumed)) == CALENDAR.count(since, until)


def test_an_extension_goes_on_from_the_last_day() -> None:
    run = term("15 working")
    ending = end_run(run, CALENDAR)
    assert ending is not None
    assert ending.on == date(2026, 12, 11)
    longer = Run(run.term, run.started_at, extended_by=15)
    assert on(longer) == CALENDAR.add(date(2026, 12, 11), 15).on


def test_merged_reports_count_from_the_last() -> None:
    run = pause_run(term("15 working", extended_by=15), date(2026, 11, 25))
    again = restart_run(run, MORNING + timedelta(days=10))
    assert on(again) == CALENDAR.add(date(2026, 11, 30), 15).on


def test_each_case_has_the_terms_of_its_kind() -> None:
    answer = [find_term(RULES, Timer.ANSWER, kind) for kind in CaseKind]
    assert answer == [None, Term(15, Measure.WORKING), Term(5, Measure.WORKING)]
    assert find_term(RULES, Timer.ANSWER, CaseKind.COMPLAINT, Channel.HOTLINE) == Term(5, Measure.WORKING)
    assert find_term(RULES, Timer.ANSWER, CaseKind.COMPLAINT, action=Action.REOPEN) == Term(5, Measure.WORKING)
    assert find_term(RULES, Timer.MEDIATE, CaseKind.COMPLAINT) == Term(60, Measure.CALENDAR)
    assert find_term(RULES, Timer.MEDIATE, CaseKind.REPORT) is None
    contacts = [find_term(RULES, Timer.CONTACT, CaseKind.REPORT, urgency=urgency) for urgency in Urgency]
    assert [one.words for one in contacts if one] == ["1个工作日", "当日", "2小时"]
    for timer in Timer:
        assert find_term(RULES, timer, CaseKind.COMPLAINT, Channel.HOTLINE)


def test_the_ladder() -> None:
    due = date(2026, 12, 1)  # a Tuesday
    heights = {
        "2026-11-26": [],
        "2026-11-27": [Rung.AMBER],
        "2026-12-01": [Rung.AMBER, Rung.DUE],
        "2026-12-02": [Rung.AMBER, Rung.DUE, Rung.OVERDUE],
        "2026-12-04": [Rung.AMBER, Rung.DUE, Rung.OVERDUE, Rung.LEADER],
        "2026-12-07": [Rung.AMBER, Rung.DUE, Rung.OVERDUE, Rung.LEADER],
        "2026-12-08": [Rung.AMBER, Rung.DUE, Rung.OVERDUE, Rung.LEADER, Rung.BULLETIN],
    }
    for day, rungs in heights.items():
        assert climb(due, date.fromisoformat(day), CALENDAR, 2) == rungs, day
    assert climb(date(2026, 12, 4), date(2026, 12, 6), CALENDAR, 2)[-1] is Rung.DUE, "Sunday is no working day"
    days, day = [], date(2026, 11, 1)
    while found := next_rung_day(due, day, CALENDAR, 2):
        days.append(day := found)
    assert [one.isoformat() for one in days] == ["2026-11-27", *list(heights)[2:5], "2026-12-08"]
    assert name_audiences(Timer.ANSWER, Rung.AMBER) == (Audience.HANDLER,)
    assert name_audiences(Timer.ANSWER, Rung.OVERDUE) == (Audience.HANDLER, Audience.UNIT_HEAD)
    assert set(Timer) - set(OWNERS) == {Timer.RETURN, Timer.CONFIRM, Timer.ACKNOWLEDGE}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("请联系 138 0013 8000", ["手机号码"]),
        ("电话１３８００１３８０００", ["手机号码"]),
        ("身份证11010519491231002X", ["身份证号码"]),
        ("邮箱 a.b@c.cn 卡号6222021234567890123", ["电子邮箱", "银行卡号"]),
        ("编号 TS20261120410300000012，热线12345，电话0371-12345678", []),
        ("统一社会信用代码91440300708461136T", []),
    ],
)
def test_personal_data_is_found(text: str, kinds: list[str]) -> None:
    assert find_personal(text) == kinds


def test_masks() -> None:
    assert [mask_name(name) for name in ("张三", "欧阳修", "欧阳春秋", "李小明", "张", "")] == [
        "张*",
        "欧阳*",
        "欧阳**",
        "李**",
        "*",
        "",
    ]
    assert [mask_phone(phone) for phone in ("13812345678", "12345", "")] == ["138****5678", "***45", ""]
