"""The store and its rows compared: files without rows, rows without files, files that were changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case_arrival import EvidenceFetch
from models.case_file import CaseEvidence
from models.database import Database
from services.evidence.serving import kept_of, verify_original
from services.evidence.store import EvidenceStore
from services.evidence.trouble import EvidenceError, Trouble

GRACE = timedelta(hours=1)  # a file is kept moments before its row
ASIDE_LASTS = timedelta(days=7)  # for whoever started us with the wrong database
OVERDUE = timedelta(hours=6)


@dataclass
class Check:
    """What was found; rows are named by their number."""

    whole_count: int = 0
    missing: list[int] = field(default_factory=list)
    damaged: list[int] = field(default_factory=list)
    ownerless: list[str] = field(default_factory=list)  # names of files
    aside_count: int = 0
    overdue_count: int = 0  # still not fetched from WeChat

    @property
    def is_sound(self) -> bool:
        """Nothing that was acknowledged is lost."""
        return not self.missing and not self.damaged


Progress = Callable[[list[int]], Iterable[int]]


def check_store(database: Database, store: EvidenceStore, now: datetime, progress: Progress = list) -> Check:
    """Read every file and compare it with its hash; a second or so for each gigabyte."""
    check = Check(aside_count=len(store.files(store.aside)))
    with database.read() as session:
        check.ownerless = ownerless_files(session, store, now)
        ids = list(session.scalars(select(CaseEvidence.id).order_by(CaseEvidence.id)))
        late = select(func.count()).where(EvidenceFetch.sent_at < now - OVERDUE)
        check.overdue_count = session.scalar(late) or 0
    for evidence_id in progress(ids):
        with database.read() as session:
            check_row(session, store, evidence_id, check)
    return check


def check_row(session: Session, store: EvidenceStore, evidence_id: int, check: Check) -> None:
    """One file, if it is still wanted."""
    row = session.get(CaseEvidence, evidence_id)
    if row is None:
        return
    try:
        verify_original(store, kept_of(session, row), row.sha256)
    except EvidenceError as error:
        (check.missing if error.trouble is Trouble.MISSING else check.damaged).append(evidence_id)
    else:
        check.whole_count += 1


def ownerless_files(session: Session, store: EvidenceStore, now: datetime) -> list[str]:
    """Names that lie in the store without a row, but for those that may get one at this moment."""
    files, border = store.files(), (now - GRACE).timestamp()  # listed first: what comes after is not judged
    named = set(session.scalars(select(CaseEvidence.sealed_name)))
    return sorted(name for name, written in files.items() if name not in named and written <= border)


def sweep_store(database: Database, store: EvidenceStore, now: datetime) -> dict[str, int]:
    """Put files without rows aside, bring back those that a row names after all, delete after a week; how many."""
    aside, border = store.files(store.aside), (now - ASIDE_LASTS).timestamp()
    with database.read() as session:
        ownerless = ownerless_files(session, store, now)
        wanted = select(CaseEvidence.sealed_name).where(CaseEvidence.sealed_name.in_(list(aside)))
        named = set(session.scalars(wanted))
    for name in named:
        store.bring_back(name)
    gone = [name for name, since in aside.items() if since <= border and name not in named]
    for name in gone:
        store.remove(name, store.aside)
    for name in ownerless:
        store.put_aside(name, now)
    return {"aside": len(ownerless), "back": len(named), "deleted": len(gone)}
