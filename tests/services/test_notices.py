"""Followers and notices as the bot and the jobs use them, on both back-ends."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.database import Database
from models.follower import ContactWindow, ConversationState, Follower, Trigger
from models.notice import Channel, Notice, NoticeStatus
from models.received import Received
from services import followers, notices

CS = Channel.CUSTOMER_SERVICE


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def look_up(session: Session, key: bytes, openid: str, trigger: Trigger | None) -> followers.Known:
    return followers.look_up(session, key, followers.index_of(session, openid), trigger)


def state_of(session: Session) -> dict[str, Any] | None:
    return look_up(session, b"k" * 32, "o1", Trigger.MESSAGE).state


def test_a_follower_is_met_by_a_blind_index(database: Database, now: datetime) -> None:
    with database.write() as session:
        made = followers.recognise(session, "o1", now)
        assert not made.subscribed
        assert followers.meet(session, "o1", now + timedelta(hours=1)).id == made.id
        first = session.scalars(select(Follower)).one()
        assert first.subscribed
        assert first.seen_at == now + timedelta(hours=1)
        assert followers.openid_of(session, first) == "o1"
        assert followers.meet(session, "o2", now).id != first.id
        assert b"o1" not in first.openid_sealed + first.openid_index


def test_erasing_takes_everything_with_it(database: Database, now: datetime) -> None:
    with database.write() as session:
        for openid in ("o1", "o2"):
            one = followers.meet(session, openid, now).id
            followers.open_window(session, one, Trigger.MESSAGE, now)
            followers.save_state(session, one, None, {"topic": "x"}, now)
            notices.add_notice(session, one, CS, {}, key=openid, now=now)
            session.add(
                Received(key=openid.encode() * 16, follower_id=one, kind="text", received_at=now, reply_sealed=b"r")
            )
    with database.write() as session:
        followers.erase(session, "o1")
        followers.erase(session, "never seen")
    for table in (Follower, ContactWindow, ConversationState, Notice):
        assert count(database, table) == 1
    with database.read() as session:
        rows = session.scalars(select(Received).order_by(Received.key)).all()
        assert [(row.follower_id is None, row.reply_sealed) for row in rows] == [(True, None), (False, b"r")]


def test_windows_are_opened_used_and_given_back(database: Database, now: datetime) -> None:
    with database.write() as session:
        one = followers.meet(session, "o1", now).id
        followers.open_window(session, one, Trigger.MESSAGE, now)
        session.flush()
        (window,) = followers.windows_of(session, one)
        assert followers.use_window(session, window)
        assert window.used_count == 1
        followers.open_window(session, one, Trigger.MESSAGE, now - timedelta(hours=1))
        session.expire(window)
        assert window.used_count == 1, "a message from the spool opens no newer window"
        followers.give_back(session, one, Trigger.MESSAGE, now)
        followers.give_back(session, one, Trigger.MESSAGE, now)
        session.expire(window)
        assert window.used_count == 0
        followers.open_window(session, one, Trigger.MESSAGE, now + timedelta(hours=1))
        session.expire(window)
        assert window.opened_at == now + timedelta(hours=1)


def test_states_are_saved_and_loaded(database: Database, now: datetime) -> None:
    with database.write() as session:
        one = followers.meet(session, "o1", now).id
        followers.save_state(session, one, None, {}, now)
        session.flush()
        assert state_of(session) is None
        followers.save_state(session, one, None, {"topic": "a"}, now)
        session.flush()
        before = state_of(session)
        assert before == {"topic": "a"}
        followers.save_state(session, one, before, {"topic": "a"}, now + timedelta(hours=1))
        assert session.get_one(ConversationState, one).updated_at == now, "the same is not written again"
        session.expunge_all()
        followers.save_state(session, one, before, {"topic": "b"}, now + timedelta(hours=1))
    with database.read() as session:
        row = session.get_one(ConversationState, one)
        assert (row.state, row.updated_at) == ({"topic": "b"}, now + timedelta(hours=1))


def test_all_that_is_known_is_looked_up_at_once(database: Database, now: datetime) -> None:
    key = b"m" * 32
    with database.write() as session:
        assert look_up(session, key, "o1", Trigger.MESSAGE) == (None, False, None, None, None, False)
        one = followers.meet(session, "o1", now)
        assert look_up(session, key, "o1", None) == (one, False, None, None, None, False)
        followers.open_window(session, one.id, Trigger.MENU, now)
        followers.save_state(session, one.id, None, {"topic": "x"}, now)
        notices.add_notice(session, one.id, CS, {}, key="k", now=now)
        session.add(Received(key=key, follower_id=one.id, kind="text", received_at=now, reply_sealed=b"r"))
    with database.write() as session:
        window = (now, 0)
        assert look_up(session, key, "o1", Trigger.MENU) == (one, True, b"r", {"topic": "x"}, window, False)
        assert look_up(session, b"n" * 32, "o1", Trigger.SCAN).window is None
        assert not look_up(session, b"n" * 32, "o1", None).is_handled
        session.execute(update(Notice).values(status=NoticeStatus.WAITING))
        assert look_up(session, key, "o1", None).is_awaited
        assert not look_up(session, key, "o2", None).is_awaited
    with database.write() as session:
        session.execute(update(Received).values(reply_sealed=None))
        assert look_up(session, key, "o2", None) == (None, True, None, None, None, False)


def test_a_window_just_opened_and_not_used_is_not_written_again(now: datetime) -> None:
    later = now + timedelta(seconds=59)
    assert followers.is_fresh((now, 0), now)
    assert followers.is_fresh((now, 0), later)
    assert not followers.is_fresh((now, 0), now + timedelta(minutes=1)), "it would close too early"
    assert not followers.is_fresh((now, 1), later), "the contact gives a whole quota again"
    assert not followers.is_fresh((later, 0), now), "an older contact: `open_window` decides"
    assert not followers.is_fresh(None, now)


def test_a_key_is_used_once(database: Database, now: datetime) -> None:
    with database.write() as session:
        one = followers.meet(session, "o1", now).id
        assert notices.add_notice(session, one, CS, {"a": "秘密"}, key="k", now=now)
    with database.write() as session:
        assert not notices.add_notice(session, one, CS, {}, key="k", now=now)
        assert notices.has_notice(session, "k")
        notice = session.scalars(select(Notice)).one()
        assert notices.payload_of(session, notice) == {"a": "秘密"}
    with database.read() as session:
        twin = {"idempotency_key": "k", "channel": CS, "follower_id": one, "payload_sealed": b"", "tries": 0}
        insert = Notice.__table__.insert().values(created_at=now, not_before=now, status="new", **twin)  # type: ignore[attr-defined]
        with pytest.raises(IntegrityError):
            session.execute(insert)


def test_claims_in_order_and_only_the_holder_marks(database: Database, now: datetime) -> None:
    with database.write() as session:
        one = followers.meet(session, "o1", now).id
        for minute in (2, 1, 3):
            due = now - timedelta(minutes=minute)
            notices.add_notice(session, one, CS, {}, key=f"k{minute}", now=now, not_before=due)
    with database.write() as session:
        claimed = [notices.claim(session, "me", now) for _ in range(4)]
        assert [notice.idempotency_key if notice else None for notice in claimed] == ["k3", "k2", "k1", None]
    first = claimed[0]
    assert first
    with database.write() as session:
        assert notices.held(session, first.id, "somebody else") is None
        mine = notices.held(session, first.id, "me")
        assert mine
        notices.mark_sent(mine, now, "71")
        session.flush()
        assert notices.held(session, first.id, "me") is None
    with database.write() as session:
        notices.note_delivery(session, "71", is_delivered=False, said="failed:user block")
        notices.note_delivery(session, "unknown", is_delivered=False, said="failed")
        notice = session.get(Notice, first.id)
        assert notice
        assert (notice.status, notice.last_error) == (NoticeStatus.FAILED, "failed:user block")


def test_back_off_grows_to_five_minutes() -> None:
    waits = [notices.back_off(tries).total_seconds() for tries in (0, 1, 2, 3, 9, 99)]
    assert waits == [1, 1, 2, 4, 256, 300]


def test_only_what_is_done_is_forgotten(database: Database, now: datetime) -> None:
    with database.write() as session:
        one = followers.meet(session, "o1", now).id
        for status in NoticeStatus:
            notices.add_notice(session, one, CS, {}, key=status, now=now)
            session.flush()
            notice = session.scalars(select(Notice).where(Notice.idempotency_key == status)).one()
            notice.status = status
    with database.write() as session:
        assert notices.forget_sent(session, now) == 0
        assert notices.forget_sent(session, now + timedelta(seconds=1)) == 2
    with database.read() as session:
        left = set(session.scalars(select(Notice.status)))
        assert left == {NoticeStatus.NEW, NoticeStatus.LEASED, NoticeStatus.UNKNOWN, NoticeStatus.WAITING}
