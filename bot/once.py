"""The row that makes a message be handled once: looked for first, written last, in one transaction."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.orm import Session

from bot.messages import Inbound
from bot.quotas import trigger_of
from bot.replies import Reply, store_reply
from models.database import vault_of
from models.prepared import Prepared, table_of
from models.received import Received
from services import followers
from services.followers import Known

REPLY = "received.reply"
TABLE = table_of(Received)
WHOSE = Prepared(select(TABLE.c.follower_id).where(TABLE.c.key == bindparam("wanted")))
ADD = Prepared(insert(TABLE), "key", "kind", "received_at", "follower_id", "reply_sealed")
WAIT = Prepared(
    text(
        "SELECT set_config('lock_timeout', '10s', true), pg_advisory_xact_lock(:lock),"
        " (SELECT id FROM followers WHERE openid_index = :index FOR UPDATE)"
    )
)


def look_up(session: Session, message: Inbound) -> Known:
    """What is known now; nobody else handles this message, or another of its writer, until the transaction ends.

    On PostgreSQL they wait for these locks, on SQLite in the line of writers.
    """
    index = followers.index_of(session, message.openid)
    if session.get_bind().dialect.name == "postgresql":
        WAIT.run(session, lock=int.from_bytes(message.key[:8], signed=True), index=index)
    return followers.look_up(session, message.key, index, trigger_of(message))


def store(session: Session, message: Inbound, at: datetime, follower_id: int | None, reply: Reply) -> None:
    """Handled, with this reply."""
    sealed = vault_of(session).seal(store_reply(reply), REPLY) if reply else None
    row = {"key": message.key, "kind": message.name, "received_at": at}
    ADD.run(session, **row, follower_id=follower_id, reply_sealed=sealed)


def whose(session: Session, key: bytes) -> int | None:
    """The follower who wrote it, while there is one."""
    found = WHOSE.run(session, wanted=key)
    return found[0][0] if found else None
