"""Prepared statements: types, order and errors are those of SQLAlchemy's own way."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, event, insert, select
from sqlalchemy.exc import IntegrityError

from models.database import Database
from models.follower import ConversationState, Follower
from models.prepared import Prepared, PreparedAmong, table_of

AT = datetime(2026, 11, 20, 9, 30, 0, 250_000, tzinfo=UTC)
FOLLOWERS, STATES = table_of(Follower), table_of(ConversationState)
ADD = Prepared(insert(FOLLOWERS).returning(FOLLOWERS.c.id), "openid_index", "openid_sealed", "subscribed", "seen_at")
FIND = Prepared(select(*FOLLOWERS.c).where(FOLLOWERS.c.openid_index == bindparam("index")))
KEEP = Prepared(insert(STATES), "follower_id", "state", "updated_at")
READ = Prepared(select(STATES.c.state, STATES.c.updated_at).where(STATES.c.follower_id == bindparam("whose")))
ONE = {"openid_index": b"i", "openid_sealed": b"s", "subscribed": True, "seen_at": AT}


def test_what_is_written_is_read_as_it_was(database: Database) -> None:
    with database.write() as session:
        [[number]] = ADD.run(session, **ONE)
        assert KEEP.run(session, follower_id=number, state={"名": ["值", 1, None]}, updated_at=AT) == []
    with database.read() as session:
        [row] = FIND.run(session, index=b"i")
        assert (row.id, bytes(row.openid_sealed), row.subscribed, row.seen_at) == (number, b"s", True, AT)
        assert [tuple(row) for row in READ.run(session, whose=number)] == [({"名": ["值", 1, None]}, AT)]
        assert session.get_one(Follower, number).seen_at == AT, "the ORM reads the same"
        assert FIND.run(session, index=b"another") == []


def test_it_comes_after_what_the_session_has_not_written_yet(database: Database) -> None:
    with database.write() as session:
        session.add(Follower(**ONE))
        assert len(FIND.run(session, index=b"i")) == 1


def test_what_the_driver_refuses_is_told_as_sqlalchemy_tells_it_without_values(database: Database) -> None:
    wanted = ONE | {"openid_index": b"secret"}
    with database.write() as session:
        ADD.run(session, **wanted)
    with database.read() as session, pytest.raises(IntegrityError) as raised:
        ADD.run(session, **wanted)
    assert "INSERT INTO followers" in str(raised.value)
    assert "secret" not in str(raised.value.params)


def test_who_listens_to_statements_hears_it(database: Database) -> None:
    heard: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with database.read() as session:
        FIND.run(session, index=b"i")
    assert any("FROM followers" in told for told in heard)


def test_one_of_many_values_each_row_once(database: Database) -> None:
    among = PreparedAmong(select(FOLLOWERS.c.openid_index, FOLLOWERS.c.seen_at), FOLLOWERS.c.openid_index)
    with database.write() as session:
        for name in (b"a", b"b", b"c"):
            ADD.run(session, **ONE | {"openid_index": name})
        for wanted in ([], [b"a"], [b"a", b"c", b"x"], [b"c", b"b", b"a", b"a", b"x"]):
            rows = among.run(session, wanted)
            assert sorted(bytes(row.openid_index) for row in rows) == sorted({*wanted} - {b"x"})
            assert {row.seen_at for row in rows} <= {AT}
