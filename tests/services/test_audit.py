"""The audit log: one chain whoever writes, and every kind of tampering is found at its place."""

import threading
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.audit import Act
from models.database import Database
from models.vault import Vault
from services.audit import Actor, Wanted, cut_off, has_entry, read_page, record, verify
from services.keys import reseal_database
from tests.tampering import tamper

CLERK = Actor("张敏（zhangmin）", None, "10.0.0.1")


def write(database: Database, now: datetime, count: int, act: Act = Act.SIGNED_IN) -> None:
    for number in range(count):
        with database.write() as session:
            record(
                session,
                CLERK,
                act,
                now + timedelta(microseconds=number),
                subject="李建军",
                reason="例行\x00检查",
                details={"岗位": "受理员 → 承办人"},
            )


def check(database: Database) -> tuple[int, int | None]:
    with database.read() as session:
        proof = verify(session)
    return proof.count, proof.broken_at


def test_an_empty_log_is_sound(database: Database) -> None:
    assert check(database) == (0, None)


def test_a_log_is_sound_and_its_head_can_be_noted(database: Database, now: datetime) -> None:
    write(database, now, 5)
    assert check(database) == (5, None)
    with database.read() as session:
        seal = verify(session).seal
        assert has_entry(session, 5, seal[:16])
        assert not has_entry(session, 4, seal[:16])
        assert not has_entry(session, 6, seal[:16])


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_entries SET reason = '无' WHERE number = 3", 3),
        ("UPDATE audit_entries SET actor = '李四' WHERE number = 1", 1),
        ("UPDATE audit_entries SET act = 'signed_out' WHERE number = 2", 2),
        ("UPDATE audit_entries SET details = '{}' WHERE number = 4", 4),
        ("UPDATE audit_entries SET address = '' WHERE number = 5", 5),
        ("UPDATE audit_entries SET at = '2020-01-01 00:00:00+00:00' WHERE number = 4", 4),
        ("DELETE FROM audit_entries WHERE number = 3", 3),
        ("DELETE FROM audit_entries WHERE number = 1", 1),
        ("DELETE FROM audit_entries WHERE number > 3", 4),
        ("DELETE FROM audit_entries", 1),
        ("DELETE FROM audit_head", 1),
        ("UPDATE audit_entries SET number = 99 WHERE number = 2", 2),
    ],
)
def test_the_first_broken_link_is_told(database: Database, now: datetime, statement: str, broken_at: int) -> None:
    write(database, now, 5)
    tamper(database, statement)
    assert check(database) == (broken_at - 1, broken_at)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET reason = '无' WHERE number = 3",
        "DELETE FROM audit_entries WHERE number = 3",
        "DELETE FROM audit_entries",
    ],
)
def test_the_database_refuses_to_change_what_is_written(database: Database, now: datetime, statement: str) -> None:
    write(database, now, 3)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text(statement))
    assert check(database) == (3, None)


def test_retention_cuts_the_beginning_off_and_the_rest_proves_on(database: Database, now: datetime) -> None:
    write(database, now - timedelta(days=1100), 3)
    write(database, now, 2)
    for _ in range(2):  # the second time there is nothing more to cut
        with database.write() as session:
            gone = cut_off(session, CLERK, now.date() - timedelta(days=1000), now)
    assert gone == 0
    with database.read() as session:
        proof = verify(session)
        assert (proof.count, proof.cut, proof.broken_at) == (6, 3, None)
        assert [one.number for one in read_page(session, Wanted(), 10)] == [6, 5, 4]
        assert has_entry(session, 3, read_page(session, Wanted(), 1)[0].details["末条"].partition(":")[2])
    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(text("DELETE FROM audit_entries WHERE number = 4"))


def test_a_beginning_cut_off_without_the_key_is_found(database: Database, now: datetime) -> None:
    write(database, now, 5)
    cut = "UPDATE audit_head SET cut_number = 2, cut_seal = (SELECT seal FROM audit_entries WHERE number = 2)"
    for statement in (cut, "DELETE FROM audit_entries WHERE number <= 2"):
        with database.write() as session:
            session.execute(text(statement))
    assert check(database) == (0, 1)


def test_two_entries_changed_about_are_found(database: Database, now: datetime) -> None:
    write(database, now, 4)
    for old, new in ((2, 77), (3, 2), (77, 3)):
        tamper(database, f"UPDATE audit_entries SET number = {new} WHERE number = {old}")
    assert check(database) == (1, 2)


def test_a_chain_made_with_another_key_is_none(sqlite: Database, now: datetime) -> None:
    write(sqlite, now, 2)
    other = Database(str(sqlite.engine.url), Vault("another key of more than thirty-two letters"))
    assert check(other) == (0, 1)
    other.close()


def test_the_key_of_the_house_can_be_changed(sqlite: Database, now: datetime) -> None:
    write(sqlite, now, 3)
    new = "a new key of more than thirty-two letters"
    both = Database(str(sqlite.engine.url), Vault(new, "a test key of more than thirty-two characters"))
    assert check(both) == (3, None)
    reseal_database(both)
    alone = Database(str(sqlite.engine.url), Vault(new))
    assert check(alone) == (3, None)
    write(alone, now, 1)
    assert check(alone) == (4, None)
    assert check(sqlite) == (0, 1)
    both.close()
    alone.close()


def test_what_is_rolled_back_leaves_no_gap(database: Database, now: datetime) -> None:
    write(database, now, 1)
    with suppress(RuntimeError), database.write() as session:
        record(session, CLERK, Act.SIGNED_OUT, now)
        raise RuntimeError
    write(database, now, 1)
    assert check(database) == (2, None)


def test_many_writers_at_once_make_one_chain(database: Database, now: datetime) -> None:
    """Also the very first entries, when the chain has no head yet."""
    faults: list[Exception] = []
    start = threading.Barrier(6)

    def work() -> None:
        try:
            start.wait()
            write(database, now, 10)
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert check(database) == (60, None)


def test_entries_are_found_by_act_and_day_in_china(database: Database) -> None:
    late = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)  # 23:59 in China
    write(database, late, 1)
    write(database, late + timedelta(minutes=2), 1, Act.SIGNED_OUT)
    with database.read() as session:
        days = {day: [one.number for one in read_page(session, Wanted(first_day=day, last_day=day), 10)] for day in
                (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21))}  # fmt: skip
        assert list(days.values()) == [[], [1], [2]]
        assert [one.number for one in read_page(session, Wanted(act=Act.SIGNED_OUT), 10)] == [2]
        assert [one.number for one in read_page(session, Wanted(), 10, below=2)] == [1]
