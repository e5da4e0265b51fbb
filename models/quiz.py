"""The quiz 诚信知识问答: questions with the law they come from, tries, certificates."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class QuestionKind(StrEnum):
    """How many answers are right."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class QuizQuestion(Base):
    """One revision of a question; an older one stays as it was asked, with the moment it was replaced."""

    __tablename__ = "quiz_questions"
    __table_args__ = (UniqueConstraint("key", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))  # of the question through all its revisions
    revision: Mapped[int] = mapped_column(default=1)
    kind: Mapped[QuestionKind] = mapped_column(word(QuestionKind))
    text: Mapped[str] = mapped_column(Text)
    options: Mapped[list[str]] = mapped_column(JSON)  # A, B, C, D in this order
    answer: Mapped[str] = mapped_column(String(4))  # letters in order: "AC"
    explanation: Mapped[str] = mapped_column(Text)
    law: Mapped[str] = mapped_column(String(120))  # 法律、规章、文件、标准
    article: Mapped[str] = mapped_column(String(40), default="")  # 第…条
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]  # the last day on which it may be asked: the law changes the day after
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    change_reason: Mapped[str] = mapped_column(String(200), default="")
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class QuizTry(Base):
    """One person answers ten questions; the first of a day is scored."""

    __tablename__ = "quiz_tries"
    __table_args__ = (UniqueConstraint("person_hash", "scored_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    person_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # services/campaigns/persons.py
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    seed: Mapped[int]  # which questions, in which order: drawn anew from it they are the same
    question_ids: Mapped[list[int]] = mapped_column(JSON)
    answers: Mapped[list[str]] = mapped_column(JSON, default=list)  # letters, as far as answered
    right_count: Mapped[int] = mapped_column(default=0)
    scored_on: Mapped[date | None]  # NULL: for practice
    association_id: Mapped[int | None] = mapped_column(
        ForeignKey("associations.id"), index=True
    )  # for whom this person takes part
    community: Mapped[str] = mapped_column(String(40), default="")
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class QuizCertificate(Base):
    """A certificate that was given out; anybody may check it by number and code."""

    __tablename__ = "quiz_certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    check_code: Mapped[str] = mapped_column(String(8))  # with the number it opens the page that proves it
    try_id: Mapped[int] = mapped_column(ForeignKey("quiz_tries.id"), unique=True)
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # as its holder wanted it printed
    issued_on: Mapped[date]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
