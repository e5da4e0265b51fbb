"""Retention of cases: after the bureau's years a case is archived and nothing of a person stays."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.case import Case, CaseEvent, CaseParty
from models.case_clock import CaseProposal
from models.case_file import CaseLook
from models.case_words import Action
from services.cases.advance import RefusedError, take_step
from services.cases.docket import Docket
from services.cases.facts import SYSTEM, Step
from services.cases.workflow import FINAL
from services.evidence.keeping import erase_evidence
from services.papers.issuing import erase_papers


def old_cases(session: Session, now: datetime, years: int, most: int = 200) -> list[int]:
    """Cases that may be over their time; the guard says which are."""
    border = now - timedelta(days=365 * years)
    wanted = select(Case.id).where(Case.state.in_(FINAL), Case.closed_at <= border).order_by(Case.closed_at)
    return list(session.scalars(wanted.limit(most)))


def archive_case(docket: Docket, case_id: int) -> bool:
    """Archive and erase in one transaction; False if it is not time, or was done."""
    case = docket.session.scalar(select(Case).where(Case.id == case_id).with_for_update())
    if case is None:
        return False
    try:
        take_step(docket, case, Action.ARCHIVE, SYSTEM, Step())
    except RefusedError:
        return False
    erase_persons(docket, case)
    return True


def erase_persons(docket: Docket, case: Case) -> None:
    """What is left says what happened, not to whom. Files whose rows are gone cannot be opened, and are swept."""
    session = docket.session
    session.execute(delete(CaseParty).where(CaseParty.case_id == case.id))
    erase_evidence(session, case)
    erase_papers(session, case.id)
    session.execute(delete(CaseProposal).where(CaseProposal.case_id == case.id))
    session.execute(update(CaseEvent).where(CaseEvent.case_id == case.id).values(said_sealed=None))
    case.follower_id = case.facts_sealed = case.answer_sealed = case.public_summary = None
    case.respondent_phone = ""
    session.flush()


def forget_looks(docket: Docket) -> int:
    """Delete looks older than the bureau's years; how many."""
    border = docket.now - timedelta(days=366 * docket.rules.retention.look_years)
    return int(docket.session.execute(delete(CaseLook).where(CaseLook.at < border)).rowcount)  # type: ignore[attr-defined]
