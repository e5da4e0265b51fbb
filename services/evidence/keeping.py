"""Evidence of a draft, case or objection: added once, counted, found again through submission, erased with it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from config.cases import CaseRules
from models.archive import Objection
from models.case import Case
from models.case_arrival import EvidenceFetch, EvidenceUpload
from models.case_file import CaseDraft, CaseEvidence
from models.case_words import State
from models.database import vault_of
from services.credit.terms import OPEN
from services.evidence.examining import Examined
from services.evidence.kinds import EvidenceKind
from services.evidence.store import Kept
from services.evidence.trouble import EvidenceError, Trouble

KEY, TITLE = "case_evidence.key", "case_evidence.title"
LONGEST_TITLE = 100
Owner = CaseDraft | Case | Objection


@dataclass(frozen=True)
class Limits:
    """How much evidence one case or objection may have."""

    count: int  # of photos, and as many of everything else
    megabytes: int  # of one file

    @property
    def most_bytes(self) -> int:
        """Of one file."""
        return self.megabytes << 20

    def require_size(self, size: int) -> None:
        """EvidenceError for what is empty or too big."""
        if size <= 0:
            raise EvidenceError(Trouble.EMPTY)
        if size > self.most_bytes:
            raise EvidenceError(Trouble.TOO_BIG, megabytes=self.megabytes)


def limits_of(rules: CaseRules) -> Limits:
    """As cases.toml has them."""
    return Limits(rules.evidence_count, rules.evidence_megabytes)


@dataclass(frozen=True)
class Arrived:
    """A file that was looked at and lies in the store, and has no row yet."""

    examined: Examined
    kept: Kept
    sha256: bytes
    size: int
    title: str
    added_by: str  # citizen, staff:12


def add_evidence(session: Session, owner: Owner, arrived: Arrived, limits: Limits, now: datetime) -> CaseEvidence:
    """Write the row; the same file again is the row that is there. EvidenceError when there are enough.

    Who gets a row with another name than `arrived.kept.name` removes the file that was kept in vain.
    """
    rows = evidence_of(session, owner)
    if same := next((row for row in rows if row.sha256 == arrived.sha256), None):
        return same
    is_photo = arrived.examined.kind is EvidenceKind.PHOTO
    if sum((row.kind == EvidenceKind.PHOTO) is is_photo for row in rows) >= limits.count:
        raise EvidenceError(Trouble.TOO_MANY, count=limits.count)
    vault, title = vault_of(session), clean_title(arrived.title)
    row = CaseEvidence(
        case_id=owner.id if isinstance(owner, Case) else None,
        draft_id=owner.id if isinstance(owner, CaseDraft) else None,
        objection_id=owner.id if isinstance(owner, Objection) else None,
        sealed_name=arrived.kept.name,
        key_sealed=vault.seal_bytes(arrived.kept.key, KEY),
        sha256=arrived.sha256,
        kind=arrived.examined.kind,
        mime=arrived.examined.mime,
        view_mime=arrived.examined.view_mime,
        size_bytes=arrived.size,
        title_sealed=vault.seal(title, TITLE) if title else None,
        added_by=arrived.added_by,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return row


def digest(content: bytes) -> bytes:
    """SHA-256 of an original."""
    return hashlib.sha256(content).digest()


def evidence_of(session: Session, owner: Owner) -> list[CaseEvidence]:
    """All files of an owner, oldest first."""
    return list(session.scalars(select(CaseEvidence).where(belongs_to(owner)).order_by(CaseEvidence.id)))


def belongs_to(owner: Owner) -> ColumnElement[bool]:
    """The rows of an owner."""
    if isinstance(owner, Case):
        return CaseEvidence.case_id == owner.id
    return (CaseEvidence.draft_id if isinstance(owner, CaseDraft) else CaseEvidence.objection_id) == owner.id


def find_owner(session: Session, owner_hash: bytes) -> Owner:
    """The draft, locked, the case it became meanwhile, or the objection; EvidenceError when none takes it any more."""
    draft = session.scalar(select(CaseDraft).where(CaseDraft.client_key_hash == owner_hash).with_for_update())
    if draft is not None:
        return draft
    objection = session.scalar(select(Objection).where(Objection.client_key_hash == owner_hash).with_for_update())
    if objection is not None and objection.state in OPEN:
        return objection
    case = session.scalar(select(Case).where(Case.client_key_hash == owner_hash).with_for_update())
    if case is None or case.state is State.ARCHIVED:
        raise EvidenceError(Trouble.TOO_LATE)
    return case


def count_expected(session: Session, owner: Owner) -> tuple[int, int]:
    """How many photos and how many others there are or will be when all that is on its way has come.

    Of an upload nobody knows what it is before it is whole: it counts for neither.
    """
    kinds = [row.kind for row in evidence_of(session, owner)]
    kinds += session.scalars(select(EvidenceFetch.kind).where(EvidenceFetch.owner_hash == owner.client_key_hash))
    photos = sum(kind == EvidenceKind.PHOTO for kind in kinds)
    return photos, len(kinds) - photos


def erase_evidence(session: Session, owner: Owner) -> None:
    """Delete all rows of an owner, with what is on its way.

    The keys go with the rows: from the commit on nobody can open the files; the sweep takes them away.
    """
    session.execute(delete(EvidenceUpload).where(EvidenceUpload.owner_hash == owner.client_key_hash))
    session.execute(delete(EvidenceFetch).where(EvidenceFetch.owner_hash == owner.client_key_hash))
    session.execute(delete(CaseEvidence).where(belongs_to(owner)))


def clean_title(title: str) -> str:
    """The last part of a file's name, without characters that hide or turn what follows."""
    label = title.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in label if letter.isprintable()).strip()[:LONGEST_TITLE]
