"""Uploads by a page: begun, sent in pieces that survive a lost connection and a restart, finished once."""

import hashlib
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.case_arrival import EvidenceUpload
from models.case_file import CaseEvidence
from models.database import Database, vault_of
from models.vault import Vault, VaultError
from services.durable import sync_folder, write_durably
from services.evidence.examining import Examined
from services.evidence.keeping import Arrived, Limits, Owner, add_evidence, clean_title, digest, evidence_of, find_owner
from services.evidence.store import EvidenceStore, explain_full_disk
from services.evidence.trouble import EvidenceError, Trouble

TITLE, PIECE = "evidence_uploads.title", "evidence_uploads.piece"
UPLOAD_LASTS = timedelta(hours=24)
MOST_PIECE_BYTES = 1 << 20
LEAST_PIECE_BYTES = 16 << 10  # but for the last one: a file is not a million pieces
MOST_OPEN = 20  # uploads of one owner within a day, finished ones not counted


@dataclass(frozen=True)
class Upload:
    """An upload that goes on."""

    upload_id: int
    folder: str
    size: int
    title: str
    added_by: str
    owner_hash: bytes
    evidence_id: int | None


class Uploads:
    """The door's part: rows in short transactions, pieces on disk between them."""

    def __init__(
        self,
        database: Database,
        store: EvidenceStore,
        limits: Limits,
        examine: Callable[[bytes], Examined],
        clock: Callable[[], datetime],
    ) -> None:
        self.database, self.store, self.limits = database, store, limits
        self.examine, self.clock = examine, clock

    def begin(self, session: Session, owner: Owner, size: int, title: str, *, added_by: str) -> str:
        """The token by which pieces are sent, 43 characters, known to nobody else. In the caller's transaction."""
        self.limits.require_size(size)
        if len(evidence_of(session, owner)) >= 2 * self.limits.count:
            raise EvidenceError(Trouble.TOO_MANY, count=self.limits.count)
        self.store.require_room(size)
        is_open = EvidenceUpload.evidence_id.is_(None) & (EvidenceUpload.owner_hash == owner.client_key_hash)
        if (session.scalar(select(func.count()).where(is_open)) or 0) >= MOST_OPEN:
            raise EvidenceError(Trouble.BUSY)
        token, label = secrets.token_urlsafe(32), clean_title(title)
        session.add(
            EvidenceUpload(
                token_hash=hash_token(token),
                owner_hash=owner.client_key_hash,
                folder=secrets.token_hex(16),
                title_sealed=vault_of(session).seal(label, TITLE) if label else None,
                size_bytes=size,
                added_by=added_by,
                began_at=self.clock(),
            )
        )
        session.flush()
        return token

    def take(self, find: Callable[[Session], Owner], content: bytes, title: str, *, added_by: str) -> CaseEvidence:
        """A file that a form sent whole, for the owner that `find` finds; EvidenceError for what is refused."""
        with self.database.write() as session:
            token = self.begin(session, find(session), len(content), title, added_by=added_by)
        for start in range(0, len(content), MOST_PIECE_BYTES):
            self.put(token, start, content[start : start + MOST_PIECE_BYTES])
        return self.finish(token)

    def received(self, token: str) -> int:
        """How many bytes are here: where to go on after a lost connection."""
        upload = self.find(token)
        return upload.size if upload.evidence_id else sum(self.pieces(upload).values())

    def put(self, token: str, offset: int, piece: bytes) -> int:
        """Keep a piece that begins at `offset`; how many bytes are here now. A piece that is here is not taken again.

        EvidenceError OUT_OF_STEP with the right `offset` when bytes between would be missing.
        """
        upload = self.find(token)
        if upload.evidence_id:
            return upload.size
        known = self.pieces(upload)
        here = sum(known.values())
        if offset in known and offset + len(piece) <= here:
            return here
        left = upload.size - here
        if offset != here or not min(LEAST_PIECE_BYTES, left) <= len(piece) <= min(MOST_PIECE_BYTES, left) or not left:
            raise EvidenceError(Trouble.OUT_OF_STEP, offset=here)
        self.store.require_room(len(piece))
        folder = self.store.uploads / upload.folder
        with explain_full_disk():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sealed = self.database.vault.seal_bytes(piece, field_of(upload.folder, offset))
            write_durably(folder / f"{offset:010}-{len(piece):07}", [sealed])
            sync_folder(folder)
        return here + len(piece)

    def finish(self, token: str, sha256: bytes = b"") -> CaseEvidence:
        """The file's row once all bytes are here and it was looked at; the same row if asked again.

        `sha256`, where the page made one, is compared. EvidenceError for what is refused: that upload is over.
        """
        upload = self.find(token)
        if upload.evidence_id:
            return self.repeat(upload)
        content = self.join(upload)
        try:
            if sha256 and digest(content) != sha256:
                raise EvidenceError(Trouble.BROKEN)
            examined = self.examine(content)
            kept = self.store.keep(content, examined.view)
            arrived = Arrived(examined, kept, digest(content), len(content), upload.title, upload.added_by)
            row = self.settle(upload, arrived)
        except EvidenceError as error:
            if error.trouble not in {Trouble.BUSY, Trouble.DISK_FULL}:
                self.drop(token)
            raise
        self.clear(upload.folder)
        return row

    def drop(self, token: str) -> None:
        """The citizen took it back, or it was refused."""
        upload = self.find(token)
        with self.database.write() as session:
            session.execute(
                delete(EvidenceUpload).where(
                    EvidenceUpload.id == upload.upload_id, EvidenceUpload.evidence_id.is_(None)
                )
            )
        self.clear(upload.folder)

    # What these are made of.

    def find(self, token: str) -> Upload:
        """The upload of a token; EvidenceError when there is none or it is too old."""
        with self.database.read() as session:
            row = session.scalar(select(EvidenceUpload).where(EvidenceUpload.token_hash == hash_token(token)))
            if row is None or row.began_at <= self.clock() - UPLOAD_LASTS:
                raise EvidenceError(Trouble.UPLOAD_GONE)
            title = vault_of(session).open(row.title_sealed, TITLE) if row.title_sealed else ""
        return Upload(row.id, row.folder, row.size_bytes, title, row.added_by, row.owner_hash, row.evidence_id)

    def pieces(self, upload: Upload) -> dict[int, int]:
        """Offset and length of the pieces that follow one another from the beginning."""
        found = sorted(
            (int(start), int(length))
            for path in (self.store.uploads / upload.folder).glob("*-???????")
            for start, _, length in [path.name.partition("-")]
        )
        known: dict[int, int] = {}
        for start, length in found:
            if start == sum(known.values()):
                known[start] = length
        return known

    def join(self, upload: Upload) -> bytes:
        """The whole content; EvidenceError INCOMPLETE with the `offset` to go on from."""
        known, folder = self.pieces(upload), self.store.uploads / upload.folder
        if (here := sum(known.values())) != upload.size:
            raise EvidenceError(Trouble.INCOMPLETE, offset=here)
        vault = self.database.vault
        try:
            return b"".join(
                open_piece(vault, folder / f"{start:010}-{length:07}", field_of(upload.folder, start))
                for start, length in known.items()
            )
        except (OSError, VaultError):  # finished by another request in this moment, or damaged
            raise EvidenceError(Trouble.BUSY) from None

    def settle(self, upload: Upload, arrived: Arrived) -> CaseEvidence:
        """One transaction for the file's row and the upload's mark; a second request meets the mark."""
        row: CaseEvidence | None = None
        try:
            with self.database.write() as session:
                mark = session.scalar(
                    select(EvidenceUpload).where(EvidenceUpload.id == upload.upload_id).with_for_update()
                )
                if mark is None:
                    raise EvidenceError(Trouble.UPLOAD_GONE)
                if mark.evidence_id is not None:
                    row = session.get_one(CaseEvidence, mark.evidence_id)
                else:
                    owner = find_owner(session, upload.owner_hash)
                    row = add_evidence(session, owner, arrived, self.limits, self.clock())
                    mark.evidence_id = row.id
        finally:
            if row is None or row.sealed_name != arrived.kept.name:
                self.store.remove(arrived.kept.name)
        return row

    def repeat(self, upload: Upload) -> CaseEvidence:
        """What an upload became."""
        with self.database.read() as session:
            row = session.get(CaseEvidence, upload.evidence_id)
        if row is None:
            raise EvidenceError(Trouble.UPLOAD_GONE)
        return row

    def clear(self, folder: str) -> None:
        """Delete the pieces."""
        shutil.rmtree(self.store.uploads / folder, ignore_errors=True)


def sweep_uploads(database: Database, store: EvidenceStore, now: datetime) -> int:
    """Forget uploads older than a day and pieces that belong to none; how many folders went."""
    with database.write() as session:
        session.execute(delete(EvidenceUpload).where(EvidenceUpload.began_at <= now - UPLOAD_LASTS))
    folders = list(store.uploads.glob("*"))  # listed first: a folder is made after its row
    with database.read() as session:
        known = set(session.scalars(select(EvidenceUpload.folder).where(EvidenceUpload.evidence_id.is_(None))))
    gone = [folder for folder in folders if folder.name not in known]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone)


def hash_token(token: str) -> bytes:
    """As rows keep it: who reads the database cannot upload."""
    return hashlib.sha256(token.encode()).digest()


def field_of(folder: str, offset: int) -> str:
    """Binds a piece to its upload and place."""
    return f"{PIECE} {folder} {offset}"


def reseal_pieces(uploads: Path, vault: Vault) -> int:
    """Seal the pieces of unfinished uploads by the newest key; how many. Cut short, it is simply started again."""
    count = 0
    for path in sorted(uploads.glob("*/*-???????")):
        field = field_of(path.parent.name, int(path.name.partition("-")[0]))
        with suppress(VaultError):  # of a key that was given up long ago
            write_durably(path, [vault.seal_bytes(open_piece(vault, path, field), field)])
            sync_folder(path.parent)
            count += 1
    return count


def open_piece(vault: Vault, path: Path, field: str) -> bytes:
    """One piece."""
    return vault.open_bytes(path.read_bytes(), field)
