"""Answers that can be proved: numbered and signed when issued, compared with what is shown now when checked."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from config.answers import Answers
from models.answer import AnswerDoor, IssuedAnswer
from models.prepared import Prepared, table_of
from services.calendar.working_days import SHANGHAI, day_of
from services.credit import throttle
from services.credit.answer_digest import VERSION, digest_of
from services.credit.answer_keys import current_key, find_key
from services.credit.answer_numbers import (
    AnswerNumber,
    Signed,
    group_check_code,
    parse_answer_number,
    sign_answer,
    split_token,
    tidy_check_code,
    token_of,
)
from services.credit.report import Report, compose_report

TABLE = table_of(IssuedAnswer)
ADD = Prepared(
    insert(TABLE).returning(TABLE.c.id),
    *("enterprise_id", "door", "issued_at", "region_code", "key_letter"),
    *("digest", "digest_version", "data_from", "data_until"),
)
NO_KEY = bytes(32)


class CheckState(StrEnum):
    """What a check says."""

    UNCHANGED = "unchanged"  # issued by us, and what it says still stands
    UPDATED = "updated"  # issued by us; something changed since
    NOT_COMPARABLE = "not_comparable"  # issued by an older version of this program
    GONE = "gone"  # issued by us; the firm is no longer in the register
    TOO_OLD = "too_old"
    MISTYPED = "mistyped"  # the check digit or the form of the code says so
    WRONG = "wrong"  # not issued by us, or altered
    BLOCKED = "blocked"  # too many failed checks


@dataclass(frozen=True)
class Answer:
    """The marks of one issued answer."""

    number: str
    code: str
    issued_at: datetime

    @property
    def code_words(self) -> str:
        """The check code as it is shown."""
        return group_check_code(self.code)

    @property
    def path(self) -> str:
        """Of the check page; what a QR code opens."""
        return f"/check/{token_of(self.number, self.code)}"


@dataclass(frozen=True)
class Check:
    """What may be told of an answer; nothing of what it said."""

    state: CheckState
    number: str = ""
    issued_at: datetime | None = None
    door: AnswerDoor | None = None
    data_from: date | None = None
    data_until: date | None = None
    enterprise_id: int | None = None
    name: str = ""  # of the firm, as it is registered now
    credit_code: str = ""

    @property
    def is_ours(self) -> bool:
        """Issued by this bureau."""
        return self.issued_at is not None


def issue_answer(session: Session, report: Report, door: AnswerDoor, now: datetime, region_code: str) -> Answer:
    """Number and sign what this door shows of a report; one row, and nothing of who asked.

    The serial is the row's id: on PostgreSQL a sequence, so that nobody waits for another's transaction.
    """
    letter, key = current_key(session, now)
    digest = digest_of(report, door)
    oldest, newest = report.data_dates
    values = {
        "enterprise_id": report.enterprise_id,
        "door": door,
        "issued_at": now,
        "region_code": region_code,
        "key_letter": letter,
        "digest": digest,
        "digest_version": VERSION,
        "data_from": oldest,
        "data_until": newest,
    }
    serial = ADD.run(session, **values)[0][0]
    number = str(AnswerNumber(day_of(now), region_code, serial))
    signed = Signed(number, report.enterprise_id, door, now, digest, VERSION)
    return Answer(number, sign_answer(letter, key, signed), now)


def check_answer(session: Session, token: str, asker: str, now: datetime, rules: Answers) -> Check:
    """Whether we issued this answer, and whether it still stands. Commit either way: a failure is counted in it.

    `token` is number-code; `asker` is an openid or an address, of which only the blind index is kept.
    """
    number, code = split_token(token)
    window = timedelta(minutes=rules.check_minutes)
    key = f"check:{asker}"
    if throttle.count_of(session, key, now, window) >= rules.check_attempts:
        return Check(CheckState.BLOCKED)
    parsed, typed = parse_answer_number(number), tidy_check_code(code)
    if parsed is None or not typed:
        return Check(CheckState.MISTYPED)  # no answer was asked for
    if (day_of(now) - parsed.day).days > rules.keep_days:
        return Check(CheckState.TOO_OLD, number=str(parsed))
    row = find_issued(session, parsed, typed)
    if row is None:
        throttle.count_one(session, key, now, window)
        return Check(CheckState.WRONG)
    return compare(session, row, str(parsed), now)


def find_issued(session: Session, number: AnswerNumber, code: str) -> IssuedAnswer | None:
    """The answer, if number and code belong together; takes as long where they do not, or there is none."""
    row = session.get(IssuedAnswer, number.serial) if number.serial < 1 << 62 else None
    is_that_day = row is not None and number_of(row) == str(number)
    key = find_key(session, code[0])
    signed = sign_that(row, str(number)) if row is not None else sign_nothing(number)
    is_right = hmac.compare_digest(sign_answer(code[0], key or NO_KEY, signed), code)
    return row if row is not None and is_that_day and key is not None and is_right else None


def number_of(row: IssuedAnswer) -> str:
    """As it was given."""
    return str(AnswerNumber(day_of(row.issued_at), row.region_code, row.id))


def sign_that(row: IssuedAnswer, number: str) -> Signed:
    """What the code of this row covers: a row that was changed in the database fails as well."""
    return Signed(number, row.enterprise_id, row.door, row.issued_at, row.digest, row.digest_version)


def sign_nothing(number: AnswerNumber) -> Signed:
    """Something of the same length where there is no row."""
    return Signed(str(number), 0, AnswerDoor.CHAT, datetime(2000, 1, 1, tzinfo=SHANGHAI), bytes(16), VERSION)


def compare(session: Session, row: IssuedAnswer, number: str, now: datetime) -> Check:
    """What it said with what would be said now; what is different is not told."""
    report = compose_report(session, row.enterprise_id, day_of(now))
    if report is None:
        state = CheckState.GONE
    elif row.digest_version != VERSION:
        state = CheckState.NOT_COMPARABLE
    else:
        is_same = hmac.compare_digest(digest_of(report, row.door), row.digest)
        state = CheckState.UNCHANGED if is_same else CheckState.UPDATED
    return Check(
        state,
        number=number,
        issued_at=row.issued_at,
        door=row.door,
        data_from=row.data_from,
        data_until=row.data_until,
        enterprise_id=row.enterprise_id,
        name=report.name if report else "",
        credit_code=report.credit_code if report else "",
    )


def forget_answers(session: Session, now: datetime, keep_days: int) -> int:
    """Delete answers that are too old to be checked; how many."""
    old = delete(IssuedAnswer).where(IssuedAnswer.issued_at < now - timedelta(days=keep_days + 1))
    return int(session.execute(old).rowcount)  # type: ignore[attr-defined]
