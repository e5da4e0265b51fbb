"""Drafts: what a citizen has filled in, kept sealed for a day, seen by nobody else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from models.case_file import CaseDraft
from services.cases.docket import Docket
from services.cases.secrets import hash_client_key

CONTENT = "case_drafts.content"


@dataclass(frozen=True)
class Draft:
    """The content as it was left; the client's key is part of what WeChat or the page remembers."""

    draft_id: int
    content: dict[str, Any]
    updated_at: datetime


def save_draft(docket: Docket, client_key: str, content: dict[str, Any], follower_id: int | None = None) -> CaseDraft:
    """Keep the newest content under the client's key."""
    row = find_draft(docket, client_key)
    if row is None:
        row = CaseDraft(client_key_hash=hash_client_key(client_key), follower_id=follower_id)
        docket.session.add(row)
    row.content_sealed, row.updated_at = docket.seal(content, CONTENT), docket.now
    docket.session.flush()
    return row


def load_draft(docket: Docket, client_key: str) -> Draft | None:
    """What was filled in, unless it is too old or was submitted."""
    row = find_draft(docket, client_key)
    if row is None or row.updated_at <= expired(docket):
        return None
    return Draft(row.id, docket.open(row.content_sealed, CONTENT), row.updated_at)


def drafts_of(docket: Docket, follower_id: int) -> list[Draft]:
    """A follower's drafts that have not expired, newest first."""
    mine = select(CaseDraft).where(CaseDraft.follower_id == follower_id, CaseDraft.updated_at > expired(docket))
    rows = docket.session.scalars(mine.order_by(CaseDraft.updated_at.desc(), CaseDraft.id.desc()))
    return [Draft(row.id, docket.open(row.content_sealed, CONTENT), row.updated_at) for row in rows]


def find_draft(docket: Docket, client_key: str) -> CaseDraft | None:
    """The row."""
    return docket.session.scalar(select(CaseDraft).where(CaseDraft.client_key_hash == hash_client_key(client_key)))


def discard_draft(docket: Docket, client_key: str) -> None:
    """The citizen does not go on; its evidence rows go with it."""
    docket.session.execute(delete(CaseDraft).where(CaseDraft.client_key_hash == hash_client_key(client_key)))


def expired(docket: Docket) -> datetime:
    """Drafts that were not touched since then are gone."""
    return docket.now - timedelta(hours=docket.rules.draft_hours)


def forget_drafts(docket: Docket) -> int:
    """Delete drafts that expired; how many."""
    old = delete(CaseDraft).where(CaseDraft.updated_at <= expired(docket))
    return int(docket.session.execute(old).rowcount)  # type: ignore[attr-defined]
