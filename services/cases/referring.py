"""Evidence of a case that was referred: what went along with it, what came later."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.case_clock import CaseAlert, CaseReferral
from models.case_file import CaseEvidence
from models.case_words import Action, Audience, Rung, State
from models.hotline import HotlineSending
from services.cases.docket import Docket
from services.cases.effects import last_referral
from services.cases.facts import Step
from services.cases.history import events_of
from services.cases.wording import alert_text
from services.evidence.keeping import evidence_of
from services.evidence.trouble import WORDS

REACH = timedelta(days=30)  # what comes later still was settled another way
BRIEFLY = timedelta(minutes=1)  # a file may be written while the case is being referred
SETTLED = timedelta(minutes=10)  # more may be coming; the hotline's own sender is quicker


def fill_from_evidence(docket: Docket, case: Case, action: Action, step: Step) -> Step:
    """A referral takes along what is there; what follows it is what neither it nor a later sending took."""
    if action is Action.REFER:
        return replace(step, evidence=tuple(row.id for row in evidence_of(docket.session, case)))
    if action is Action.FORWARD_EVIDENCE:
        late = late_evidence(docket.session, case)
        return replace(step, evidence=tuple(row.id for row in late), note=count_kinds(late))
    return step


def late_evidence(session: Session, case: Case) -> list[CaseEvidence]:
    """What came after the last referral and did not follow it yet; read off the history, oldest first."""
    gone: set[int] = set()
    for event in events_of(session, case.id):
        if event.action is Action.REFER:
            gone = set()
        if event.action in {Action.REFER, Action.FORWARD_EVIDENCE}:
            gone |= set(event.details.get("evidence", ()))
    return [row for row in evidence_of(session, case) if row.id not in gone]


def count_kinds(rows: list[CaseEvidence]) -> str:
    """照片 2 件、录音 1 件."""
    counts = Counter(row.kind for row in rows)
    return "、".join(f"{WORDS['kinds'][kind]} {count} 件" for kind, count in counts.items())


def cases_with_late(docket: Docket) -> list[int]:
    """Referred cases with evidence that is younger than their referral."""
    wanted = (
        select(Case.id, func.max(CaseReferral.sent_at), func.max(CaseEvidence.added_at))
        .join(CaseReferral, CaseReferral.case_id == Case.id)
        .join(CaseEvidence, CaseEvidence.case_id == Case.id)
        .where(Case.state == State.REFERRED, CaseReferral.sent_at >= docket.now - REACH)
        .group_by(Case.id)
        .order_by(Case.id)
    )
    return [case_id for case_id, sent_at, added_at in docket.session.execute(wanted) if added_at >= sent_at - BRIEFLY]


def remind_of_late(docket: Docket, case_id: int) -> int:
    """Tell the dispatcher, once, what came after a referral by hand; how many alerts were written."""
    session, case = docket.session, docket.session.get_one(Case, case_id)
    is_sent = session.scalar(select(HotlineSending.id).where(HotlineSending.case_id == case_id).limit(1))
    late = [row for row in late_evidence(session, case) if row.added_at <= docket.now - SETTLED]
    referral = last_referral(session, case_id)
    if case.state is not State.REFERRED or is_sent or not late or referral is None:
        return 0
    key = f"evidence:{late[-1].id}"
    if session.scalar(select(CaseAlert.id).where(CaseAlert.key == key)):
        return 0
    text = alert_text(Rung.LATE_EVIDENCE, number=case.number, receiver=referral.receiver, note=count_kinds(late))
    session.add(
        CaseAlert(
            key=key,
            case_id=case_id,
            rung=Rung.LATE_EVIDENCE,
            audience=Audience.DISPATCHER,
            unit=case.unit,
            text=text,
            at=docket.now,
        )
    )
    return 1
