"""What the archive already holds of the firms of a batch, and how a row differs from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from models.archive import ArchiveEvent
from models.archive_words import Life, Subject
from models.importing import ImportKind
from models.listing import Kind, Listing
from models.record import Record, RecordType
from services.enterprises.storing import among
from services.imports.entries import LISTS, Entry
from services.imports.faults import Fault, Quality

NOT_LETTERS = re.compile(r"[\W_]+")
MISSING = "来源的全量名单中已没有"  # withdrawn_reason of what a full list no longer holds
UNDONE = "撤销导入"  # withdrawn_reason of what an undone run had added: as if it had never been there
IN_LIFE = frozenset({Life.PUBLISHED, Life.OBJECTED})
DRAFTS = frozenset({Life.DRAFT, Life.PENDING_REVIEW})
TYPES: dict[ImportKind, tuple[RecordType, ...]] = {
    ImportKind.HONOUR: (RecordType.HONOUR, RecordType.DEMONSTRATION),
    ImportKind.RATING: (RecordType.RATING, RecordType.ASSOCIATION_RATING),
}
# Columns that a newer sheet may change; the others follow from them or are the archive's own.
RECORD_SAYS = (
    "severity title content document_number legal_basis authority source_unit decided_on valid_until published_until "
    "info_class sector topic"
).split()
LISTING_SAYS = (
    "list_name legal_basis document_number authority source_unit reason decided_on published_until removal_condition "
    "notified_on objection_result batch sector info_class"
).split()
OBJECTED = Fault(Quality.ACCURATE, "本平台这条记录正在异议处理中，办结后再导入")


class Verdict(StrEnum):
    """What becomes of a row whose firm is known."""

    ADD = "add"
    REVISE = "revise"
    END = "end"
    UNCHANGED = "unchanged"
    ENDED_BEFORE = "ended_before"  # the archive has ended it already: it does not come back
    NEVER_HERE = "never_here"  # ended at its source, and we never had it
    OUTDATED = "outdated"  # the archive holds newer data
    OBJECTED = "objected"


class Identity(NamedTuple):
    """What makes two rows the same record: 文号, 相对人, 机关; without a number its title and day."""

    enterprise_id: int
    number: str
    authority: str


@dataclass(frozen=True)
class Known:
    """A record or listing of the archive."""

    row: Row[Any]

    @property
    def life(self) -> Life:
        """Where it stands."""
        life: Life = self.row.life
        return life


def identity_of(enterprise_id: int, said: Mapping[str, Any]) -> Identity:
    """Of a row or of what is known; brackets and blanks are often written otherwise."""
    number = (
        said.get("document_number") or f"{said.get('title') or said.get('list_name') or ''}{said.get('decided_on')}"
    )
    return Identity(enterprise_id, flatten(number), flatten(said.get("authority") or ""))


def flatten(text: str) -> str:
    """〔2026〕, [2026] and (2026) are one."""
    return NOT_LETTERS.sub("", text).upper()


def load_known(session: Session, kind: ImportKind, enterprise_ids: Sequence[int]) -> dict[Identity, Known]:
    """The newest version of each record of this kind, by identity; also under the number alone for rows of an end."""
    if not enterprise_ids:
        return {}
    table = Listing if kind in LISTS else Record
    wanted = select(*table.__table__.columns).where(
        among(session, table.enterprise_id, set(enterprise_ids)), table.life != Life.CORRECTED
    )
    if kind in LISTS:
        wanted = wanted.where(Listing.kind == Kind(kind.value))
    else:
        wanted = wanted.where(Record.type.in_(TYPES.get(kind, (RecordType(kind.value),))))
    found: dict[Identity, Known] = {}
    for row in session.execute(wanted.order_by(table.id)):
        if row.withdrawn_reason == UNDONE:
            continue
        title = row.list_name if kind in LISTS else row.title
        number = flatten(row.document_number or f"{title}{row.decided_on}")
        found[Identity(row.enterprise_id, number, flatten(row.authority))] = known = Known(row)
        if row.document_number:
            found[Identity(row.enterprise_id, number, "")] = known
    return found


def judge(entry: Entry, known: Known | None, data_on: date) -> Verdict:
    """What a row means for what is known."""
    if known is None or is_back(known, data_on):
        return Verdict.NEVER_HERE if entry.end else Verdict.ADD
    if known.life not in IN_LIFE | DRAFTS:
        return Verdict.ENDED_BEFORE
    if entry.end:
        return Verdict.END
    if not differs(entry, known):
        return Verdict.UNCHANGED
    if known.row.data_on > data_on:
        return Verdict.OUTDATED
    return Verdict.OBJECTED if known.life is Life.OBJECTED else Verdict.REVISE


def is_back(known: Known, data_on: date) -> bool:
    """Ended only because a full list did not hold it, and newer data holds it again."""
    is_missing = known.life is Life.REMOVED and known.row.withdrawn_reason == MISSING
    return is_missing and known.row.withdrawn_on < data_on


def differs(entry: Entry, known: Known) -> bool:
    """The row says something that the archive does not; what it leaves out is no difference."""
    columns = RECORD_SAYS if entry.type else LISTING_SAYS
    for column in columns:
        if column not in entry.said:
            continue
        said, held = entry.said[column], getattr(known.row, column)
        if (said or None) != (held or None) and not (column == "severity" and said is None):
            return True
    details = known.row.details if entry.type else {}
    return any(str(details.get(key, "")) != value for key, value in entry.details.items())


def last_sequences(session: Session, subject: Subject, ids: Sequence[int]) -> dict[int, int]:
    """The last step of each of these records or listings; one that came before there were steps has none."""
    if not ids:
        return {}
    newest = (
        select(ArchiveEvent.subject_id, func.max(ArchiveEvent.sequence).label("sequence"))
        .where(ArchiveEvent.subject == subject, among(session, ArchiveEvent.subject_id, set(ids)))
        .group_by(ArchiveEvent.subject_id)
    )
    return {row.subject_id: row.sequence for row in session.execute(newest)}
