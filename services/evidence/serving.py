"""Evidence shown: by links that cannot be guessed, checked against its hash, as a fixed type and an attachment."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.case_file import CaseEvidence
from models.database import vault_of
from models.vault import Vault, VaultError
from services.evidence.keeping import KEY, TITLE
from services.evidence.kinds import EXTENSIONS
from services.evidence.store import ORIGINAL, VIEW, EvidenceStore, Kept
from services.evidence.trouble import WORDS, EvidenceError, Trouble

LINK_LASTS = timedelta(minutes=15)
MAC_BYTES = 16
PARTS = {ORIGINAL: b"o", VIEW: b"v"}


@dataclass(frozen=True)
class Served:
    """What a page sends: `pieces` with these headers and nothing guessed from the content."""

    mime: str
    file_name: str
    size: int | None  # bytes; None: not known beforehand
    pieces: Iterator[bytes]

    @property
    def headers(self) -> dict[str, str]:
        """Never rendered as a page, never guessed at, never kept by anyone between."""
        return {
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "private, no-store",
            "Cross-Origin-Resource-Policy": "same-origin",
        }


def make_link(
    vault: Vault, row: CaseEvidence, part: str, viewer: str, now: datetime, *, lasts: timedelta = LINK_LASTS
) -> str:
    """A token for `part` of this file, for this viewer (a session's id or so), for a quarter of an hour or as long."""
    until = int((now + lasts).timestamp())
    said = PARTS[part] + until.to_bytes(6) + row.id.to_bytes(8)
    return base64.urlsafe_b64encode(said + sign(vault, said, viewer)).decode().rstrip("=")


def follow_link(session: Session, token: str, viewer: str, now: datetime) -> tuple[CaseEvidence, str]:
    """The row and the part that a token of this viewer names; EvidenceError for any other.

    Whether the viewer may see the case is asked by the page before and again here: a right taken back counts at once.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise EvidenceError(Trouble.LINK_EXPIRED) from None
    said, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    is_ours = hmac.compare_digest(mac, sign(vault_of(session), said, viewer))
    if not is_ours or int.from_bytes(said[1:7]) <= now.timestamp():
        raise EvidenceError(Trouble.LINK_EXPIRED)
    row = session.get(CaseEvidence, int.from_bytes(said[7:15]))
    if row is None:
        raise EvidenceError(Trouble.MISSING)
    return row, next(part for part, letter in PARTS.items() if letter == said[:1])


def sign(vault: Vault, said: bytes, viewer: str) -> bytes:
    """Sixteen bytes nobody else can make."""
    message = b"evidence link\x00" + said + viewer.encode()
    return hmac.digest(vault.signing_key, message, hashlib.sha256)[:MAC_BYTES]


def serve_original(session: Session, store: EvidenceStore, row: CaseEvidence) -> Served:
    """The file as it came, under its own hash; EvidenceError before the first byte when it is damaged or gone."""
    kept = kept_of(session, row)
    verify_original(store, kept, row.sha256)
    return Served(row.mime, name_file(session, row), row.size_bytes, store.read(kept))


def serve_view(session: Session, store: EvidenceStore, row: CaseEvidence) -> Served:
    """The copy to look at or listen to; EvidenceError where there is none, or where the original is not as it was."""
    if not row.view_mime:
        raise EvidenceError(Trouble.MISSING)
    kept = kept_of(session, row)
    verify_original(store, kept, row.sha256)
    view = b"".join(store.read(kept, VIEW))
    return Served(row.view_mime, f"{row.id}.{EXTENSIONS[row.view_mime]}", len(view), iter([view]))


def verify_original(store: EvidenceStore, kept: Kept, sha256: bytes) -> None:
    """EvidenceError unless the original is here, whole and unchanged."""
    seen = hashlib.sha256()
    for piece in store.read(kept):
        seen.update(piece)
    if seen.digest() != sha256:
        raise EvidenceError(Trouble.DAMAGED)


def kept_of(session: Session, row: CaseEvidence) -> Kept:
    """Where the file lies and what opens it."""
    try:
        return Kept(row.sealed_name, vault_of(session).open_bytes(row.key_sealed, KEY))
    except VaultError:
        raise EvidenceError(Trouble.DAMAGED) from None


def name_file(session: Session, row: CaseEvidence) -> str:
    """As it is saved: the citizen's label, ending as the content wants."""
    label = vault_of(session).open(row.title_sealed, TITLE) if row.title_sealed else ""
    stem = label.rpartition(".")[0] or label or f"{WORDS['kinds'][row.kind]}{row.id}"
    return f"{stem}.{EXTENSIONS[row.mime]}"
