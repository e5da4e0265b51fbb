"""Evidence for the hotline: offered by signed links that end, where the citizen agreed to the transfer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.case import Case, CaseEvent
from models.case_file import CaseEvidence
from models.case_words import ConsentKind, Side, State
from models.database import vault_of
from services.calendar.working_days import SHANGHAI
from services.cases.docket import Docket
from services.cases.effects import last_referral
from services.cases.standing import consents_of
from services.evidence.keeping import evidence_of
from services.evidence.serving import follow_link, make_link, name_file
from services.evidence.store import ORIGINAL
from services.evidence.trouble import EvidenceError, Trouble
from services.hotline.messages import Attachment

LINK_LASTS = timedelta(days=7)  # longer than an order is tried; each try gets links of its own
VIEWER = "hotline"


@dataclass(frozen=True)
class Offered:
    """A file that the hotline may have, and whose case it is."""

    row: CaseEvidence
    case: Case


def is_given(session: Session, case: Case) -> bool:
    """The referral went with the citizen's person and consent, and neither was taken back: files may show persons."""
    referral = last_referral(session, case.id)
    agrees = (ConsentKind.TRANSFER, Side.COMPLAINANT) in consents_of(session, case.id)
    return case.state is State.REFERRED and referral is not None and referral.with_identity and agrees


def list_given(session: Session, event: CaseEvent) -> list[CaseEvidence]:
    """The files that went with this step, as far as they are there; none without consent."""
    case, wanted = session.get_one(Case, event.case_id), set(event.details.get("evidence", ()))
    return [row for row in evidence_of(session, case) if row.id in wanted] if is_given(session, case) else []


def list_attachments(docket: Docket, event: CaseEvent, files_url: str) -> list[dict[str, Any]]:
    """The attachments of an order, originals with their hashes."""
    if not files_url:
        return []
    vault, until = vault_of(docket.session), docket.now + LINK_LASTS
    offered = []
    for row in list_given(docket.session, event):
        token = make_link(vault, row, ORIGINAL, VIEWER, docket.now, lasts=LINK_LASTS)
        file = Attachment(
            name=name_file(docket.session, row)[:200],
            sha256=row.sha256.hex(),
            size=row.size_bytes,
            url=f"{files_url}/{token}",
            expires_at=until.astimezone(SHANGHAI).replace(microsecond=0),
        )
        offered.append(file.model_dump(mode="json"))
    return offered


def find_offered(session: Session, token: str, now: datetime) -> Offered:
    """The file of a link; EvidenceError where it has ended, or the case is no longer the hotline's."""
    row, _part = follow_link(session, token, VIEWER, now)
    case = session.get(Case, row.case_id) if row.case_id else None
    if case is None or not is_given(session, case):
        raise EvidenceError(Trouble.LINK_EXPIRED)
    return Offered(row, case)
