"""A store, a draft and a clock for tests of evidence."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from config.cases import load_case_rules
from models.case_file import CaseDraft, CaseEvidence
from models.database import Database
from services import followers
from services.cases.docket import open_docket
from services.cases.drafts import find_draft, save_draft
from services.evidence.examining import Examined
from services.evidence.keeping import Arrived, Limits, add_evidence, digest
from services.evidence.kinds import EvidenceKind, recognise
from services.evidence.store import EvidenceStore
from services.evidence.uploads import Uploads

RULES = load_case_rules()
LIMITS = Limits(count=9, megabytes=20)
KEY = "client key of a draft"
VIEWS = {EvidenceKind.PHOTO: "image/jpeg", EvidenceKind.VOICE: "audio/mpeg"}


def examine_here(content: bytes) -> Examined:
    """As `examine`, without a program of its own: quick, and without a real picture or sound."""
    found = recognise(content)
    view_mime = VIEWS.get(found.kind, "")
    return Examined(found.kind, found.mime, found.extension, view_mime, b"view of it" if view_mime else b"")


class EvidenceRoom:
    """One citizen with one draft."""

    def __init__(self, database: Database, folder: Path, key: str = KEY) -> None:
        self.database, self.key = database, key
        self.store = EvidenceStore(folder / "evidence", reserve_bytes=0)
        self.now = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
        self.uploads = Uploads(database, self.store, LIMITS, examine_here, self.clock)
        with database.write() as session:
            self.follower_id = followers.meet(session, "o_citizen", self.now).id
            save_draft(open_docket(session, RULES, self.now), key, {}, self.follower_id)

    def clock(self) -> datetime:
        return self.now

    def pass_time(self, **parts: float) -> None:
        self.now += timedelta(**parts)

    def draft(self) -> CaseDraft:
        with self.database.read() as session:
            found = find_draft(open_docket(session, RULES, self.now), self.key)
            assert found is not None
            return found

    def begin(self, size: int, title: str = "") -> str:
        with self.database.write() as session:
            return self.uploads.begin(session, session.merge(self.draft()), size, title, added_by="citizen")

    def upload(self, content: bytes, title: str = "", step: int = 1 << 20) -> CaseEvidence:
        token = self.begin(len(content), title)
        for start in range(0, len(content), step):
            self.uploads.put(token, start, content[start : start + step])
        return self.uploads.finish(token, digest(content))

    def add(self, content: bytes, title: str = "") -> CaseEvidence:
        examined = examine_here(content)
        kept = self.store.keep(content, examined.view)
        arrived = Arrived(examined, kept, digest(content), len(content), title, "citizen")
        with self.database.write() as session:
            return add_evidence(session, session.merge(self.draft()), arrived, LIMITS, self.now)

    def rows(self) -> list[CaseEvidence]:
        with self.database.read() as session:
            return list(session.scalars(select(CaseEvidence).order_by(CaseEvidence.id)))

    def names(self) -> set[str]:
        return set(self.store.files())
