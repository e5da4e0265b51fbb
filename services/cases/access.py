"""How a citizen gets to their own case: as the follower who filed it, or by number and query code."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.case_file import QueryAttempt
from models.case_words import State
from services.cases.docket import Docket
from services.cases.facts import Actor, act_as_citizen
from services.cases.numbers import parse_number, tidy_code
from services.cases.secrets import is_code
from services.cases.standing import find_case
from services.tallying import TallyBook

ATTEMPTS = TallyBook(QueryAttempt, "case_query_attempts.key")
NO_CASE = bytes(32)
# One sentence for a wrong number and a wrong code: who guesses learns nothing.
WRONG = "编号或查询码不对，请核对后再试。"
MISTYPED = "编号有误，请核对：两个字母加20位数字。"
BLOCKED = "尝试次数过多，请{minutes}分钟后再试，或用提交时的微信查询。"


@dataclass(frozen=True)
class Admission:
    """The case and the actor to act with, or why not. Commit either way: a failure is counted in it."""

    case: Case | None = None
    actor: Actor | None = None
    refusal: str = ""


def admit_by_code(docket: Docket, number: str, code: str, asker: str) -> Admission:
    """By number and query code. `asker` is an openid or an address; only its blind index is kept."""
    parsed = parse_number(number)
    if parsed is None:
        return Admission(refusal=MISTYPED)  # the check digit says so, no case was asked for
    keys = [(f"number:{parsed}", docket.rules.attempts.per_number), (f"asker:{asker}", docket.rules.attempts.per_asker)]
    if any(failures(docket, key) >= most for key, most in keys):
        return Admission(refusal=BLOCKED.format(minutes=docket.rules.attempts.minutes))
    case, typed = find_case(docket.session, number), tidy_code(code)
    # Compared even where there is nothing to compare with: the time taken tells nothing either.
    is_right = is_code(str(parsed), typed or "", case.query_code_hash if case else NO_CASE)
    if case is None or not is_right or typed is None or case.state is State.ARCHIVED:
        for key, _most in keys:
            count_failure(docket, key)
        return Admission(refusal=WRONG)
    return Admission(case, act_as_citizen(case.id))


def admit_follower(session: Session, number: str, follower_id: int) -> Admission:
    """By the WeChat account that filed it."""
    case = find_case(session, number)
    if case is None or case.follower_id != follower_id:
        return Admission(refusal=WRONG)
    return Admission(case, act_as_citizen(case.id))


def bind_follower(admission: Admission, follower_id: int) -> bool:
    """Tell who came by code of changes by WeChat from now on; False for the anonymous and for what is bound."""
    case = admission.case
    if case is None or case.is_anonymous or case.follower_id is not None:
        return False
    case.follower_id = follower_id
    return True


def cases_of(session: Session, follower_id: int, most: int = 20) -> list[Case]:
    """A follower's cases, newest first."""
    wanted = select(Case).where(Case.follower_id == follower_id).order_by(Case.submitted_at.desc(), Case.id.desc())
    return list(session.scalars(wanted.limit(most)))


def failures(docket: Docket, key: str) -> int:
    """Within the present window."""
    found = ATTEMPTS.read(docket.session, key, docket.now, window(docket))
    return found.count if found else 0


def count_failure(docket: Docket, key: str) -> None:
    """One more."""
    ATTEMPTS.add(docket.session, key, docket.now, window(docket))


def window(docket: Docket) -> timedelta:
    """How long failures are remembered."""
    return timedelta(minutes=docket.rules.attempts.minutes)


def forget_attempts(docket: Docket) -> int:
    """Delete counters whose window is over; how many."""
    return ATTEMPTS.forget(docket.session, docket.now - window(docket))
