"""The bank of questions: loaded from bank.toml, edited by revision, retired by date."""

import tomllib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.quiz import QuestionKind, QuizQuestion
from services.errors import UserError
from services.quiz.rules import TRUE_FALSE, find_faults, is_valid_on

BANK_FILE = Path(__file__).with_name("bank.toml")
SEEDED_BY = "system"
LONGEST = {"text": 200, "explanation": 200, "law": 120, "article": 40, "option": 60}  # characters
PLACES = {"text": "题目", "explanation": "解析", "law": "依据", "article": "条款"}


@dataclass(frozen=True)
class Change:
    """Who changes a question, when and why."""

    by: str
    now: datetime
    reason: str = ""


@dataclass(frozen=True)
class Content:
    """What one revision of a question says."""

    kind: QuestionKind
    text: str
    options: tuple[str, ...]
    answer: str
    explanation: str
    law: str
    article: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


class QuestionError(UserError):
    """What an editor has to put right."""


@cache
def load_bank(path: Path = BANK_FILE) -> dict[str, Content]:
    """The questions that come with the program, by key."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
    return {row["key"]: read_row(row) for row in rows}


def read_row(row: dict[str, object]) -> Content:
    """One table of the file."""
    kind = QuestionKind(str(row["kind"]))
    options = row.get("options", TRUE_FALSE)
    said_from, said_until = row.get("from"), row.get("until")
    return Content(
        kind=kind,
        text=str(row["text"]),
        options=tuple(map(str, options)) if isinstance(options, list | tuple) else (),
        answer=str(row["answer"]),
        explanation=str(row["explanation"]),
        law=str(row["law"]),
        article=str(row.get("article", "")),
        valid_from=said_from if isinstance(said_from, date) else None,
        valid_until=said_until if isinstance(said_until, date) else None,
    )


def seed_bank(session: Session, now: datetime) -> int:
    """Add the questions that the bank has never had; how many. What was edited here stays as it is."""
    known = set(session.scalars(select(QuizQuestion.key)))
    new = {key: content for key, content in load_bank().items() if key not in known}
    for key, content in new.items():
        session.add(make_row(key, 1, content, Change(SEEDED_BY, now, "随软件提供")))
    session.flush()
    return len(new)


def questions_on(session: Session, day: date) -> list[QuizQuestion]:
    """What may be asked on that day."""
    return [row for row in current_questions(session) if is_valid_on(day, row.valid_from, row.valid_until)]


def current_questions(session: Session) -> list[QuizQuestion]:
    """The newest revision of each question, retired ones too."""
    found = select(QuizQuestion).where(QuizQuestion.replaced_at.is_(None)).order_by(QuizQuestion.id)
    return list(session.scalars(found))


def revisions_of(session: Session, key: str) -> list[QuizQuestion]:
    """All of one question, newest first."""
    found = select(QuizQuestion).where(QuizQuestion.key == key).order_by(QuizQuestion.revision.desc())
    return list(session.scalars(found))


def add_question(session: Session, content: Content, change: Change) -> QuizQuestion:
    """A new question; QuestionError says what is wrong with it."""
    check(content)
    count = session.scalar(select(func.max(QuizQuestion.id))) or 0
    row = make_row(f"own-{count + 1}", 1, content, change)
    session.add(row)
    session.flush()
    return row


def revise(session: Session, key: str, seen: int, content: Content, change: Change) -> QuizQuestion:
    """The next revision; the one before stays for tries that began with it. `seen`: what the editor saw."""
    check(content)
    old = session.scalar(
        select(QuizQuestion).where(QuizQuestion.key == key, QuizQuestion.replaced_at.is_(None)).with_for_update()
    )
    if old is None:
        raise QuestionError("没有这道题")
    if old.revision != seen:
        raise QuestionError("这道题刚被别人修改过，请打开最新的再改")
    if not change.reason.strip():
        raise QuestionError("请写明修改原因")
    old.replaced_at = change.now
    session.flush()
    row = make_row(key, old.revision + 1, content, change)
    session.add(row)
    session.flush()
    return row


def check(content: Content) -> None:
    """QuestionError unless it can be asked."""
    faults = find_faults(content.kind, content.options, content.answer)
    faults += [f"请填写{PLACES[name]}" for name in ("text", "explanation", "law") if not getattr(content, name).strip()]
    faults += [
        f"{words}太长，最多{LONGEST[name]}字"
        for name, words in PLACES.items()
        if len(getattr(content, name)) > LONGEST[name]
    ]
    if any(len(option) > LONGEST["option"] for option in content.options):
        faults.append(f"选项太长，最多{LONGEST['option']}字")
    if content.valid_from and content.valid_until and content.valid_from > content.valid_until:
        faults.append("停用日期早于启用日期")
    if faults:
        raise QuestionError("；".join(faults))


def make_row(key: str, revision: int, content: Content, change: Change) -> QuizQuestion:
    """As it is stored."""
    values = asdict(content) | {"options": list(content.options)}
    return QuizQuestion(
        key=key,
        revision=revision,
        changed_by=change.by,
        changed_at=change.now,
        change_reason=change.reason.strip()[:200],
        replaced_at=None,
        **values,
    )
