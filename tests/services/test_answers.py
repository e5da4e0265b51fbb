"""Answers that can be proved: issued, checked, updated, forged, guessed, too old; keys that change."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.answers import load_answer_rules
from models.answer import AnswerDoor, AnswerKey, CheckAttempt, IssuedAnswer
from models.archive_words import Life
from models.database import Database
from models.enterprise import Enterprise, Status
from models.record import Dataset, Record, RecordType, Severity
from services.credit.answer_keys import rotate_keys
from services.credit.answer_numbers import parse_answer_number
from services.credit.answers import Answer, Check, CheckState, check_answer, forget_answers, issue_answer
from services.credit.report import compose_report
from services.credit.throttle import forget_counts
from services.errors import UserError
from services.keys import reseal_database
from tests.factories import collect, make_enterprise, make_listing, make_record

RULES = load_answer_rules().answers
TODAY = date(2026, 11, 20)
Change = Callable[[Session, Enterprise], object]


def issue(session: Session, firm: Enterprise, now: datetime, door: AnswerDoor = AnswerDoor.CHAT) -> Answer:
    report = compose_report(session, firm.id, TODAY)
    assert report is not None
    return issue_answer(session, report, door, now, "430100")


def check(session: Session, answer: Answer, now: datetime, asker: str = "a") -> Check:
    return check_answer(session, answer.path.removeprefix("/check/"), asker, now, RULES)


def make_firm(session: Session) -> Enterprise:
    firm = make_enterprise(session, "湖南稻花屿食品有限公司", "91430100MA4L2K1X70")
    collect(session, "register", "black", "penalty")
    make_record(session, firm, RecordType.PENALTY, severity=Severity.GENERAL, title="未按规定备案")
    make_listing(session, firm)
    return firm


def test_an_answer_says_who_issued_it_and_when_and_that_nothing_changed(database: Database, now: datetime) -> None:
    with database.write() as session:
        firm = make_firm(session)
        answer = issue(session, firm, now)
        again = issue(session, firm, now)
    assert answer.number != again.number
    with database.write() as session:
        found = check(session, answer, now + timedelta(days=3))
    assert (found.state, found.name, found.issued_at) == (CheckState.UNCHANGED, firm.name, now)
    assert (found.data_from, found.data_until) == (date(2026, 11, 19), date(2026, 11, 19))
    assert parse_answer_number(answer.number) is not None


def repair(session: Session, firm: Enterprise) -> None:
    record = session.scalars(select(Record).where(Record.enterprise_id == firm.id)).one()
    record.life, record.withdrawn_on, record.withdrawn_reason = Life.REPAIRED, TODAY, "信用修复"


def object_to(session: Session, firm: Enterprise) -> None:
    session.scalars(select(Record).where(Record.enterprise_id == firm.id)).one().life = Life.OBJECTED


def correct(session: Session, firm: Enterprise) -> None:
    session.scalars(select(Record).where(Record.enterprise_id == firm.id)).one().content = "罚款一万元"


@pytest.mark.parametrize(
    "change",
    [
        repair,
        object_to,
        correct,
        lambda session, firm: make_record(session, firm, RecordType.HONOUR, title="先进单位"),
        lambda session, firm: setattr(firm, "status", Status.REVOKED),
        lambda session, firm: collect(session, "court"),
    ],
)
def test_whatever_changed_is_said_and_not_repeated(session: Session, now: datetime, change: Change) -> None:
    firm = make_firm(session)
    answer = issue(session, firm, now)
    change(session, firm)
    session.flush()
    found = check(session, answer, now)
    assert found.state is CheckState.UPDATED
    assert "未按规定备案" not in repr(found)


def test_a_window_that_ends_is_a_change_on_its_very_day(session: Session, now: datetime) -> None:
    firm = make_enterprise(session, "星河预付卡服务有限公司")
    make_record(session, firm, RecordType.PENALTY, severity=Severity.GENERAL, decided_on=date(2025, 11, 22))
    answer = issue(session, firm, now)
    assert check(session, answer, now + timedelta(days=1)).state is CheckState.UNCHANGED
    assert check(session, answer, now + timedelta(days=2)).state is CheckState.UPDATED


def test_newer_data_with_the_same_facts_are_no_change(session: Session, now: datetime) -> None:
    firm = make_firm(session)
    answers = [issue(session, firm, now, door) for door in AnswerDoor]
    session.execute(update(Record).values(data_on=date(2026, 11, 25)))
    session.execute(update(Dataset).values(data_on=date(2026, 11, 25)))
    session.expire_all()
    assert {check(session, answer, now + timedelta(days=6)).state for answer in answers} == {CheckState.UNCHANGED}


def test_a_page_stands_for_the_address_and_a_card_does_not(session: Session, now: datetime) -> None:
    firm = make_firm(session)
    card, page = issue(session, firm, now), issue(session, firm, now, AnswerDoor.H5)
    firm.address = "长沙市新路2号"
    session.flush()
    assert (check(session, card, now).state, check(session, page, now).state) == (
        CheckState.UNCHANGED,
        CheckState.UPDATED,
    )


def test_a_firm_that_is_gone_is_not_named(session: Session, now: datetime) -> None:
    firm = make_firm(session)
    answer = issue(session, firm, now)
    firm.status = Status.REMOVED
    session.flush()
    found = check(session, answer, now)
    assert (found.state, found.name) == (CheckState.GONE, "")


def test_forged_and_altered_ones_fail_alike(session: Session, now: datetime) -> None:
    firm = make_firm(session)
    answer, other = issue(session, firm, now), issue(session, firm, now)
    for token in (
        f"{answer.number}-{other.code}",  # one answer's code on another
        f"{answer.number}-B{answer.code[1:]}",  # a key that is not there
        "CX20261120430100999999991-ALFJSYBCG".replace("1-A", f"{last_digit('2026112043010099999999')}-A"),
    ):
        assert check_answer(session, token, "a", now, RULES) == Check(CheckState.WRONG)
    for token in (f"{answer.number[:-1]}{(int(answer.number[-1]) + 1) % 10}-{answer.code}", answer.number, "", "-"):
        assert check_answer(session, token, "a", now, RULES).state is CheckState.MISTYPED


def last_digit(digits: str) -> str:
    return next(str(one) for one in range(10) if parse_answer_number(f"CX{digits}{one}"))


def test_a_row_changed_in_the_database_proves_nothing_any_more(session: Session, now: datetime) -> None:
    firm, other = make_firm(session), make_enterprise(session, "别家有限公司")
    answer = issue(session, firm, now)
    session.execute(update(IssuedAnswer).values(enterprise_id=other.id))
    session.expire_all()
    assert check(session, answer, now).state is CheckState.WRONG


def test_guessing_ends(database: Database, now: datetime) -> None:
    with database.write() as session:
        answer = issue(session, make_firm(session), now)
    wrong = f"{answer.number}-A{'B' * 8}"
    with database.write() as session:
        for _ in range(RULES.check_attempts):
            assert check_answer(session, wrong, "guesser", now, RULES).state is CheckState.WRONG
        assert check(session, answer, now, "guesser").state is CheckState.BLOCKED
        assert check(session, answer, now, "somebody else").state is CheckState.UNCHANGED
        later = now + timedelta(minutes=RULES.check_minutes)
        assert check(session, answer, later, "guesser").state is CheckState.UNCHANGED
        assert b"guesser" not in session.scalars(select(CheckAttempt.key)).one()
        assert forget_counts(session, later) == 1


def test_after_180_days_the_log_is_gone_and_the_number_says_so(session: Session, now: datetime) -> None:
    answer = issue(session, make_firm(session), now)
    last, after = now + timedelta(days=180), now + timedelta(days=181)
    assert forget_answers(session, last, RULES.keep_days) == 0
    assert check(session, answer, last).is_ours
    assert check(session, answer, after).state is CheckState.TOO_OLD
    assert forget_answers(session, after + timedelta(days=1), RULES.keep_days) == 1
    assert check(session, answer, after + timedelta(days=1)).state is CheckState.TOO_OLD


def test_keys_change_and_old_ones_go_on_proving(database: Database, now: datetime) -> None:
    keep = timedelta(days=181)
    with database.write() as session:
        firm = make_firm(session)
        before = issue(session, firm, now)
        assert rotate_keys(session, now + timedelta(days=1), keep) == "B"
        after = issue(session, firm, now + timedelta(days=1))
    assert (before.code[0], after.code[0]) == ("A", "B")
    reseal_database(database)
    with database.write() as session:
        for answer in (before, after):
            assert check(session, answer, now + timedelta(days=1)).state is CheckState.UNCHANGED
        assert rotate_keys(session, now + timedelta(days=200), keep) == "A", "its answers are too old to check"
        letters = sorted(session.scalars(select(AnswerKey.letter)))
        for _ in range(30):
            rotate_keys(session, now + timedelta(days=200), keep)
        with pytest.raises(UserError, match="代号已用完"):
            rotate_keys(session, now + timedelta(days=200), keep)
    assert letters == ["A", "B"]
