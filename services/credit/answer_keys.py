"""The keys that sign answers: made when first needed, changed by command; old ones go on proving."""

import os
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.answer import AnswerKey
from models.database import vault_of
from models.prepared import Prepared, table_of
from services.credit.answer_numbers import LETTERS
from services.errors import UserError

FIELD = "answer_keys.key"
KEY_BYTES = 32
TABLE = table_of(AnswerKey)
NEWEST = Prepared(
    select(TABLE.c.letter, TABLE.c.key_sealed)
    .where(TABLE.c.retired_at.is_(None))
    .order_by(TABLE.c.made_at.desc(), TABLE.c.letter)
    .limit(1)
)


def current_key(session: Session, now: datetime) -> tuple[str, bytes]:
    """Letter and key to sign with; the first one is made here."""
    found = NEWEST.run(session)
    if not found:
        try:
            with session.begin_nested():
                add_key(session, LETTERS[0], now)
        except IntegrityError:  # another process was first
            pass
        found = NEWEST.run(session)
    return found[0].letter, vault_of(session).open_bytes(found[0].key_sealed, FIELD)


def find_key(session: Session, letter: str) -> bytes | None:
    """The key with this letter, retired or not."""
    sealed = session.scalar(select(AnswerKey.key_sealed).where(AnswerKey.letter == letter))
    return None if sealed is None else vault_of(session).open_bytes(sealed, FIELD)


def rotate_keys(session: Session, now: datetime, keep: timedelta) -> str:
    """Sign with a new key from now on; its letter. What was signed before still proves.

    Keys that retired longer ago than `keep`, the time that answers can be checked, are deleted. UserError when all
    letters are in use.
    """
    for key in session.scalars(select(AnswerKey)):
        if key.retired_at is not None and key.retired_at < now - keep:
            session.delete(key)
        elif key.retired_at is None:
            key.retired_at = now
    session.flush()
    used = set(session.scalars(select(AnswerKey.letter)))
    letter = next((one for one in LETTERS if one not in used), None)
    if letter is None:
        raise UserError("签名密钥的代号已用完，请等最早的密钥过了核验期限再更换")
    add_key(session, letter, now)
    return letter


def add_key(session: Session, letter: str, now: datetime) -> None:
    """A new key."""
    sealed = vault_of(session).seal_bytes(os.urandom(KEY_BYTES), FIELD)
    session.add(AnswerKey(letter=letter, key_sealed=sealed, made_at=now))
    session.flush()


def list_keys(session: Session) -> list[AnswerKey]:
    """All keys, newest first."""
    return list(session.scalars(select(AnswerKey).order_by(AnswerKey.made_at.desc(), AnswerKey.letter)))
