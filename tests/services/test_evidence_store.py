"""Sealed files: what is changed, cut off, missing or ownerless is noticed; what is shown is as it came."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from models.case_file import CaseEvidence
from models.database import Database
from models.sealing import PIECE_BYTES, draw_key, open_stream, seal_stream
from models.vault import Vault, VaultError
from services.evidence.checking import check_store, sweep_store
from services.evidence.keeping import clean_title, erase_evidence, limits_of
from services.evidence.serving import follow_link, make_link, serve_original, serve_view
from services.evidence.store import ORIGINAL, VIEW, EvidenceStore
from services.evidence.trouble import EvidenceError, Trouble
from services.keys import reseal_database
from tests.conftest import VAULT
from tests.disk import no_file_over
from tests.evidence_files import GOOD, PDF, make_movie
from tests.evidence_room import LIMITS, RULES, EvidenceRoom

PHOTO = GOOD["jpg"]


@pytest.fixture
def room(database: Database, tmp_path: Path) -> EvidenceRoom:
    return EvidenceRoom(database, tmp_path)


@pytest.fixture
def lite(sqlite: Database, tmp_path: Path) -> EvidenceRoom:
    return EvidenceRoom(sqlite, tmp_path)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_a_stream_opens_whole_or_not_at_all(size: int) -> None:
    key, content = draw_key(), os.urandom(size)
    sealed = b"".join(seal_stream([content[:7], content[7:]], key, "original"))
    assert b"".join(open_stream(io.BytesIO(sealed), key, "original")) == content
    wrong = {
        "another key": (sealed, draw_key(), "original"),
        "another part": (sealed, key, "view"),
        "a bit": (sealed[:-3] + bytes([sealed[-3] ^ 1]) + sealed[-2:], key, "original"),
        "the salt": (sealed[:5] + bytes([sealed[5] ^ 1]) + sealed[6:], key, "original"),
        "cut by a byte": (sealed[:-1], key, "original"),
        "cut by a piece": (sealed[: 17 + (size - 1) // PIECE_BYTES * (PIECE_BYTES + 16)], key, "original"),
        "longer": (sealed + bytes(20), key, "original"),
        "empty": (b"", key, "original"),
    }
    for stream, its_key, part in wrong.values():
        with pytest.raises(VaultError):
            list(open_stream(io.BytesIO(stream), its_key, part))
    assert content not in sealed or size < 2


def test_pieces_do_not_change_places() -> None:
    key, content = draw_key(), os.urandom(3 * PIECE_BYTES)
    sealed = b"".join(seal_stream([content], key, "original"))
    one = PIECE_BYTES + 16
    swapped = sealed[:17] + sealed[17 + one : 17 + 2 * one] + sealed[17 : 17 + one] + sealed[17 + 2 * one :]
    assert len(swapped) == len(sealed)
    with pytest.raises(VaultError):
        list(open_stream(io.BytesIO(swapped), key, "original"))


def test_a_file_is_shown_as_it_came_and_lies_sealed(room: EvidenceRoom) -> None:
    content = make_movie(size=200_000)
    movie, photo = room.add(content, "../../店里 的\u202e录像.exe"), room.add(PHOTO)
    for path in room.store.folder.rglob("*"):
        if path.is_file():
            assert content[:40] not in path.read_bytes()
            assert path.stat().st_mode & 0o777 == 0o600
    with room.database.read() as session:
        served = serve_original(session, room.store, movie)
        assert (served.mime, served.file_name, served.size) == ("video/mp4", "店里 的录像.mp4", len(content))
        assert b"".join(served.pieces) == content
        assert served.headers["Content-Disposition"] == "attachment"
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        view = serve_view(session, room.store, photo)
        assert (view.mime, b"".join(view.pieces)) == ("image/jpeg", b"view of it")
        with pytest.raises(EvidenceError):
            serve_view(session, room.store, movie)


@pytest.mark.parametrize("harm", ["changed", "cut", "gone", "exchanged", "another hash"])
def test_damage_is_said_and_never_shown(lite: EvidenceRoom, harm: str) -> None:
    row, other = lite.add(PHOTO), lite.add(PDF)
    path = lite.store.folder / row.sealed_name
    sealed = path.read_bytes()
    match harm:
        case "changed":
            path.write_bytes(sealed[:99] + bytes([sealed[99] ^ 1]) + sealed[100:])
        case "cut":
            path.write_bytes(sealed[:-50])
        case "gone":
            path.unlink()
        case "exchanged":
            path.write_bytes((lite.store.folder / other.sealed_name).read_bytes())
        case _:
            row.sha256 = bytes(32)
    wanted = Trouble.MISSING if harm == "gone" else Trouble.DAMAGED
    with lite.database.write() as session:
        row = session.merge(row)
        for serve in (serve_original, serve_view):
            with pytest.raises(EvidenceError) as refused:
                serve(session, lite.store, row)
            assert refused.value.trouble is wanted
    check = check_store(lite.database, lite.store, lite.now)
    assert check.whole_count == 1
    assert not check.is_sound
    assert (check.missing, check.damaged) == (([row.id], []) if harm == "gone" else ([], [row.id]))


def test_links_cannot_be_guessed_lent_or_kept(lite: EvidenceRoom) -> None:
    row, other = lite.add(PHOTO), lite.add(PDF)
    with lite.database.read() as session:
        token = make_link(VAULT, row, VIEW, "session 7", lite.now)
        found, part = follow_link(session, token, "session 7", lite.now)
        assert (found.id, part) == (row.id, VIEW)
        assert follow_link(session, make_link(VAULT, other, ORIGINAL, "x", lite.now), "x", lite.now)[0].id == other.id
        turned = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(len(token))]
        for wrong in ["", "A", "é", token[:-4], token + "AAAA", *turned]:
            with pytest.raises(EvidenceError):
                follow_link(session, wrong, "session 7", lite.now)
        for viewer, later in (("session 8", 0), ("", 0), ("session 7", 16)):
            with pytest.raises(EvidenceError):
                follow_link(session, token, viewer, lite.now + timedelta(minutes=later))


def test_the_secret_key_may_change(lite: EvidenceRoom) -> None:
    row = lite.add(PHOTO, "发票.jpg")
    sealed = (lite.store.folder / row.sealed_name).read_bytes()
    old, new = "a test key of more than thirty-two characters", "another key of more than thirty-two characters"
    url = lite.database.engine.url.render_as_string(hide_password=False)
    both = Database(url, Vault(new, old))
    reseal_database(both)
    after = Database(url, Vault(new))
    with after.read() as session:
        served = serve_original(session, lite.store, session.get_one(CaseEvidence, row.id))
        assert (served.file_name, b"".join(served.pieces)) == ("发票.jpg", PHOTO)
    assert (lite.store.folder / row.sealed_name).read_bytes() == sealed, "big files are not touched"
    both.close()
    after.close()


def test_files_without_rows_go_aside_first_and_come_back(room: EvidenceRoom) -> None:
    kept, lost = room.add(PHOTO), room.add(PDF)
    room.now = datetime.now(UTC) + timedelta(minutes=50)
    with room.database.write() as session:
        session.execute(delete(CaseEvidence).where(CaseEvidence.id == lost.id))
    assert sweep_store(room.database, room.store, room.now)["aside"] == 0, "its row may be about to come"
    room.pass_time(minutes=20)
    assert check_store(room.database, room.store, room.now).ownerless == [lost.sealed_name]
    assert sweep_store(room.database, room.store, room.now) == {"aside": 1, "back": 0, "deleted": 0}
    assert room.names() == {kept.sealed_name}
    with room.database.write() as session:  # the right database again
        session.merge(lost)
    assert sweep_store(room.database, room.store, room.now)["back"] == 1
    assert check_store(room.database, room.store, room.now).whole_count == 2
    with room.database.write() as session:
        erase_evidence(session, session.merge(room.draft()))
    room.pass_time(hours=1)
    assert sweep_store(room.database, room.store, room.now)["aside"] == 2
    room.pass_time(days=6, hours=23)
    assert sweep_store(room.database, room.store, room.now)["deleted"] == 0
    room.pass_time(hours=1)
    assert sweep_store(room.database, room.store, room.now)["deleted"] == 2
    assert [path for path in room.store.folder.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_said_and_leaves_nothing_half(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path, reserve_bytes=0)
    with no_file_over(100_000), pytest.raises(EvidenceError, match="存储空间不足"):
        store.keep(os.urandom(300_000), b"a view that is written first")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(EvidenceError, match="存储空间不足"):
        EvidenceStore(tmp_path / "new", reserve_bytes=1 << 60).keep(b"x")
    assert list(tmp_path.iterdir()) == []


def test_limits(room: EvidenceRoom) -> None:
    assert limits_of(RULES) == LIMITS
    for number in range(9):
        room.add(PHOTO + bytes([number]))
        room.add(PDF.replace(b"1 0", b"%d 0" % number))
    assert room.add(PHOTO + bytes([3])).id == room.rows()[6].id, "the same file again is the same row"
    for content in (PHOTO + b"\x0a", PDF + b"\n"):
        with pytest.raises(EvidenceError, match="最多 9"):
            room.add(content)
    assert len(room.rows()) == 18
    for size, trouble in ((0, Trouble.EMPTY), ((20 << 20) + 1, Trouble.TOO_BIG)):
        with pytest.raises(EvidenceError) as refused:
            LIMITS.require_size(size)
        assert refused.value.trouble is trouble
    LIMITS.require_size(20 << 20)


@pytest.mark.parametrize(
    ("title", "label"),
    [("C:\\照片\\1.jpg", "1.jpg"), ("a/b/../c.png", "c.png"), ("x\r\nSet-Cookie: a", "xSet-Cookie: a"), ("/", "")],
)
def test_a_name_is_only_a_label(title: str, label: str) -> None:
    assert clean_title(title) == label
