"""Uploads in pieces: they go on after a lost connection, end once, and are swept when nobody comes back."""

import os
import threading
from pathlib import Path

import pytest

from models.case import Case
from models.database import Database
from services.cases.docket import open_docket
from services.cases.drafts import discard_draft
from services.cases.facts import act_as_citizen
from services.cases.intake import file_case
from services.evidence.examining import Examined
from services.evidence.keeping import digest
from services.evidence.serving import serve_original
from services.evidence.trouble import EvidenceError, Trouble
from services.evidence.uploads import LEAST_PIECE_BYTES, MOST_OPEN, MOST_PIECE_BYTES, Uploads, sweep_uploads
from tests.case_desk import FILING, CaseDesk
from tests.evidence_files import GOOD, PDF, make_movie
from tests.evidence_room import KEY, LIMITS, RULES, EvidenceRoom, examine_here

MOVIE = make_movie(size=3_000_000)
PHOTO = GOOD["jpg"]


@pytest.fixture
def room(database: Database, tmp_path: Path) -> EvidenceRoom:
    return EvidenceRoom(database, tmp_path)


@pytest.fixture
def lite(sqlite: Database, tmp_path: Path) -> EvidenceRoom:
    return EvidenceRoom(sqlite, tmp_path)


def trouble_of(call: object, *values: object) -> EvidenceError:
    with pytest.raises(EvidenceError) as refused:
        call(*values)  # type: ignore[operator]
    return refused.value


def folders(room: EvidenceRoom) -> list[Path]:
    return list(room.store.uploads.glob("*"))


def test_an_upload_goes_on_where_it_was_cut_off_even_by_a_restart(room: EvidenceRoom) -> None:
    token = room.begin(len(MOVIE), "店里.mp4")
    assert room.uploads.received(token) == 0
    assert room.uploads.put(token, 0, MOVIE[:1_000_000]) == 1_000_000
    assert room.uploads.put(token, 0, MOVIE[:1_000_000]) == 1_000_000, "its answer was lost"
    again = Uploads(room.database, room.store, LIMITS, examine_here, room.clock)  # another process
    error = trouble_of(again.put, token, 2_000_000, MOVIE[2_000_000:])
    assert (error.trouble, error.values["offset"]) == (Trouble.OUT_OF_STEP, 1_000_000)
    error = trouble_of(again.finish, token)
    assert (error.trouble, error.values["offset"]) == (Trouble.INCOMPLETE, 1_000_000)
    assert again.received(token) == 1_000_000
    for start in range(1_000_000, len(MOVIE), 900_000):
        again.put(token, start, MOVIE[start : start + 900_000])
    row = again.finish(token, digest(MOVIE))
    assert room.uploads.finish(token).id == row.id, "its answer was lost"
    assert room.uploads.received(token) == len(MOVIE)
    assert room.uploads.put(token, 0, MOVIE[:1_000_000]) == len(MOVIE)
    assert [one.id for one in room.rows()] == [row.id]
    assert room.names() == {row.sealed_name}
    assert folders(room) == []
    with room.database.read() as session:
        served = serve_original(session, room.store, row)
        assert (served.file_name, b"".join(served.pieces)) == ("店里.mp4", MOVIE)


def test_pieces_are_sealed_too(lite: EvidenceRoom) -> None:
    token = lite.begin(len(PDF) * 2)
    assert lite.uploads.put(token, 0, PDF * 2) == len(PDF) * 2
    (piece,) = [path for path in lite.store.uploads.rglob("*") if path.is_file()]
    assert b"PDF" not in piece.read_bytes()
    assert token not in str(piece)


def test_pieces_have_bounds(lite: EvidenceRoom) -> None:
    token = lite.begin(len(MOVIE))
    wrong = {
        "empty": (0, b""),
        "too big": (0, MOVIE[: MOST_PIECE_BYTES + 1]),
        "too small": (0, MOVIE[: LEAST_PIECE_BYTES - 1]),
        "negative": (-1, MOVIE[:MOST_PIECE_BYTES]),
        "ahead": (1, MOVIE[:MOST_PIECE_BYTES]),
    }
    for offset, piece in wrong.values():
        assert trouble_of(lite.uploads.put, token, offset, piece).trouble is Trouble.OUT_OF_STEP
    small = lite.begin(10)
    assert trouble_of(lite.uploads.put, small, 0, bytes(11)).trouble is Trouble.OUT_OF_STEP
    assert lite.uploads.put(small, 0, bytes(10)) == 10
    assert trouble_of(lite.uploads.put, small, 10, bytes(1)).trouble is Trouble.OUT_OF_STEP


def test_what_is_refused_is_over_and_leaves_nothing(room: EvidenceRoom) -> None:
    for content, sha256, trouble in (
        (b"MZ" + bytes(100), b"", Trouble.UNKNOWN_KIND),
        (PDF, digest(b"another file"), Trouble.BROKEN),
    ):
        token = room.begin(len(content), "发票.pdf")
        room.uploads.put(token, 0, content)
        assert trouble_of(room.uploads.finish, token, sha256).trouble is trouble
        assert trouble_of(room.uploads.finish, token).trouble is Trouble.UPLOAD_GONE
    assert room.rows() == folders(room) == []
    assert room.names() == set()


def test_what_fails_by_our_fault_can_be_finished_later(lite: EvidenceRoom) -> None:
    def fail(_content: bytes) -> Examined:
        raise EvidenceError(Trouble.BUSY)

    token = lite.begin(len(PDF))
    lite.uploads.put(token, 0, PDF)
    tired = Uploads(lite.database, lite.store, LIMITS, fail, lite.clock)
    assert trouble_of(tired.finish, token).trouble is Trouble.BUSY
    lite.store.reserve_bytes = 1 << 60
    assert trouble_of(lite.uploads.finish, token).trouble is Trouble.DISK_FULL
    lite.store.reserve_bytes = 0
    assert lite.uploads.finish(token).size_bytes == len(PDF)


def test_limits_hold_before_the_first_byte(room: EvidenceRoom) -> None:
    assert trouble_of(room.begin, (20 << 20) + 1).trouble is Trouble.TOO_BIG
    assert trouble_of(room.begin, 0).trouble is Trouble.EMPTY
    room.store.reserve_bytes = 1 << 60
    assert trouble_of(room.begin, 10).trouble is Trouble.DISK_FULL
    room.store.reserve_bytes = 0
    for _ in range(MOST_OPEN):
        room.begin(10)
    assert trouble_of(room.begin, 10).trouble is Trouble.BUSY


def test_too_many_files_are_refused_at_the_end_too(room: EvidenceRoom) -> None:
    for number in range(9):
        room.upload(PHOTO + bytes([number]))
    assert trouble_of(room.upload, PHOTO).trouble is Trouble.TOO_MANY
    assert room.upload(PHOTO + bytes([0])).id == room.rows()[0].id, "the same photo again is no tenth"
    assert len(room.names()) == 9


def test_a_token_of_nobody_or_of_yesterday_opens_nothing(lite: EvidenceRoom) -> None:
    token = lite.begin(len(PDF))
    lite.uploads.put(token, 0, PDF)
    for wrong in ("", "x", token[:-1]):
        assert trouble_of(lite.uploads.finish, wrong).trouble is Trouble.UPLOAD_GONE
    lite.pass_time(hours=24)
    for call in (lite.uploads.finish, lite.uploads.received):
        assert trouble_of(call, token).trouble is Trouble.UPLOAD_GONE


def test_abandoned_uploads_are_swept(room: EvidenceRoom) -> None:
    token, fresh = room.begin(len(MOVIE)), ""
    room.uploads.put(token, 0, MOVIE[:900_000])
    (room.store.uploads / "of nobody").mkdir()
    room.pass_time(hours=23)
    fresh = room.begin(len(PDF))
    room.uploads.put(fresh, 0, PDF)
    assert sweep_uploads(room.database, room.store, room.now) == 1
    assert room.uploads.received(token) == 900_000
    room.pass_time(hours=1, seconds=1)
    assert sweep_uploads(room.database, room.store, room.now) == 1
    assert room.uploads.finish(fresh).size_bytes == len(PDF)
    room.pass_time(days=2)
    assert sweep_uploads(room.database, room.store, room.now) == 0
    assert len(room.rows()) == 1, "what was finished stays"


def test_a_citizen_may_take_an_upload_back(lite: EvidenceRoom) -> None:
    token = lite.begin(len(PDF))
    lite.uploads.put(token, 0, PDF)
    lite.uploads.drop(token)
    assert folders(lite) == []
    assert trouble_of(lite.uploads.finish, token).trouble is Trouble.UPLOAD_GONE


def test_it_lands_in_the_case_when_the_draft_was_submitted_meanwhile(room: EvidenceRoom) -> None:
    early, token = room.upload(PHOTO), room.begin(len(PDF))
    room.uploads.put(token, 0, PDF)
    desk = CaseDesk(room.database)
    with desk.docket() as docket:
        receipt = file_case(docket, FILING, act_as_citizen(None), KEY, follower_id=room.follower_id)
    late = room.uploads.finish(token)
    case_id = desk.get(receipt.number).id
    assert [(row.id, row.case_id, row.draft_id) for row in room.rows()] == [
        (early.id, case_id, None),
        (late.id, case_id, None),
    ]


def test_of_a_draft_that_was_given_up_nothing_is_kept(room: EvidenceRoom) -> None:
    token = room.begin(len(PDF))
    room.uploads.put(token, 0, PDF)
    with room.database.write() as session:
        discard_draft(open_docket(session, RULES, room.now), KEY)
    assert trouble_of(room.uploads.finish, token).trouble is Trouble.TOO_LATE
    assert room.names() == set()
    assert folders(room) == []


def test_two_requests_that_finish_at_once_make_one_file(room: EvidenceRoom) -> None:
    content = PDF + os.urandom(50_000) + b"%%EOF"
    token = room.begin(len(content))
    room.uploads.put(token, 0, content)
    both = threading.Barrier(2)
    found: list[object] = []

    def examine_together(given: bytes) -> Examined:
        both.wait(10)
        return examine_here(given)

    def finish() -> None:
        try:
            found.append(Uploads(room.database, room.store, LIMITS, examine_together, room.clock).finish(token).id)
        except EvidenceError as error:
            found.append(error.trouble)

    threads = [threading.Thread(target=finish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (row,) = room.rows()
    assert found == [row.id, row.id]
    assert room.names() == {row.sealed_name}


@pytest.mark.parametrize("attempt", range(5))
def test_submitting_and_finishing_at_once_loses_nothing(room: EvidenceRoom, attempt: int) -> None:
    token, desk = room.begin(len(PDF), f"{attempt}"), CaseDesk(room.database)
    room.uploads.put(token, 0, PDF)
    both = threading.Barrier(2)

    def examine_then(given: bytes) -> Examined:
        both.wait(10)
        return examine_here(given)

    uploads = Uploads(room.database, room.store, LIMITS, examine_then, room.clock)
    thread = threading.Thread(target=uploads.finish, args=[token])
    thread.start()
    with desk.docket() as docket:
        if attempt % 2:
            both.wait(10)
        receipt = file_case(docket, FILING, act_as_citizen(None), KEY, follower_id=room.follower_id)
        if not attempt % 2:
            both.wait(10)
    thread.join()
    with room.database.read() as session:
        case = session.query(Case).filter_by(number=receipt.number).one()
    assert [row.case_id for row in room.rows()] == [case.id]
