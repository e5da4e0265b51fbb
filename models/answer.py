"""Answers that can be proved: what was issued, the keys that sign it, wrong guesses, stickers of stores."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.archive_words import Subject
from models.base import Base, UtcDateTime, word

BIG_ID = BigInteger().with_variant(Integer, "sqlite")


class AnswerDoor(StrEnum):
    """Where an answer was given; a card shows less than a page."""

    CHAT = "chat"
    H5 = "h5"
    COUNTER = "counter"  # printed by a clerk


class IssuedAnswer(Base):
    """One answer on one firm: when, from which data, and a digest of what was shown. Nothing of who asked."""

    __tablename__ = "issued_answers"

    id: Mapped[int] = mapped_column(BIG_ID, primary_key=True)  # the serial of its number
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"))
    door: Mapped[AnswerDoor] = mapped_column(word(AnswerDoor, 12))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    region_code: Mapped[str] = mapped_column(String(6))
    key_letter: Mapped[str] = mapped_column(String(1))  # of the key that signed it
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest_version: Mapped[int]  # of the way it is made: digests of other versions are not compared
    data_from: Mapped[date]  # the oldest and the newest data date of what was searched
    data_until: Mapped[date]


class AnswerKey(Base):
    """A key that signs answers, known by a letter; a retired one still proves what it signed."""

    __tablename__ = "answer_keys"

    letter: Mapped[str] = mapped_column(String(1), primary_key=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CheckAttempt(Base):
    """How often somebody failed to check an answer within the present window."""

    __tablename__ = "check_attempts"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)  # blind index of the asker
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failed_count: Mapped[int]


class StoreSticker(Base):
    """A QR sticker for the door of an honoured store; its page shows how the honour stands now."""

    __tablename__ = "store_stickers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    subject: Mapped[Subject] = mapped_column(word(Subject, 12))  # the honour: a record, or an entry of a list
    subject_id: Mapped[int]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(40))  # staff:12
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # lost or torn off
