"""The row that makes a message be handled once: looked for first, written last, in one transaction."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.orm import Session

from bot.messages import Inbound
from bot.replies import Reply, store_reply
from models.database import vault_of
from models.prepared import Prepared
from models.received import Received

REPLY = "received.reply"
TABLE = Received.metadata.tables[Received.__tablename__]
STORED = Prepared(select(TABLE.c.reply_sealed).where(TABLE.c.key == bindparam("wanted")))
WHOSE = Prepared(select(TABLE.c.follower_id).where(TABLE.c.key == bindparam("wanted")))
ADD = Prepared(insert(TABLE), "key", "kind", "received_at", "follower_id", "reply_sealed")
WAIT = Prepared(text("SELECT set_config('lock_timeout', '10s', true), pg_advisory_xact_lock(:lock)"))


def wait_for_others(session: Session, key: bytes) -> None:
    """On PostgreSQL a duplicate waits here for the first delivery, on SQLite in the line of writers."""
    if session.get_bind().dialect.name == "postgresql":
        WAIT.run(session, lock=int.from_bytes(key[:8], signed=True))


def find_stored(session: Session, key: bytes) -> list[bytes | None]:
    """The sealed reply, None for none to say; empty when the message was never handled."""
    return [row[0] for row in STORED.run(session, wanted=key)]


def store(session: Session, message: Inbound, at: datetime, follower_id: int | None, reply: Reply) -> None:
    """Handled, with this reply."""
    sealed = vault_of(session).seal(store_reply(reply), REPLY) if reply else None
    row = {"key": message.key, "kind": message.name, "received_at": at}
    ADD.run(session, **row, follower_id=follower_id, reply_sealed=sealed)


def whose(session: Session, key: bytes) -> int | None:
    """The follower who wrote it, while there is one."""
    found = WHOSE.run(session, wanted=key)
    return found[0][0] if found else None
