"""Reads from the rows how a case stands, as the plain values that the workflow looks at."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, CaseConsent
from models.case_clock import CaseProposal
from models.case_file import CaseContact
from models.case_words import ConsentKind, ContactOutcome, Side, Timer
from services.calendar.working_days import day_of
from services.cases.docket import Docket
from services.cases.facts import Facts, Parent, Step
from services.cases.handlers import present_handler
from services.cases.numbers import parse_number
from services.cases.parties import is_same_person
from services.cases.timing import open_deadlines


def find_case(session: Session, number: str, *, locks: bool = False) -> Case | None:
    """The case with a number as typed; locked until the transaction ends if it is to be changed."""
    parsed = parse_number(number)
    wanted = select(Case).where(Case.number == str(parsed))
    return session.scalar(wanted.with_for_update() if locks else wanted) if parsed else None


def consents_of(session: Session, case_id: int) -> frozenset[tuple[ConsentKind, Side]]:
    """What is agreed to now: of each kind and side the newest word holds."""
    rows = session.scalars(select(CaseConsent).where(CaseConsent.case_id == case_id).order_by(CaseConsent.id))
    newest = {(row.kind, row.side): row.is_given for row in rows}
    return frozenset(key for key, is_given in newest.items() if is_given)


def open_proposal(session: Session, case_id: int) -> CaseProposal | None:
    """What waits for a second person."""
    return session.scalar(
        select(CaseProposal).where(CaseProposal.case_id == case_id, CaseProposal.decided_at.is_(None))
    )


def failed_days(contacts: Iterable[CaseContact]) -> set[date]:
    """Different days of failed tries since the citizen was last reached."""
    days: set[date] = set()
    for contact in contacts:
        days = set() if contact.outcome is ContactOutcome.REACHED else days | {day_of(contact.at)}
    return days


def read_facts(docket: Docket, case: Case, step: Step | None = None) -> Facts:
    """How the case stands now; with the parent that a step names."""
    session = docket.session
    contacts = list(session.scalars(select(CaseContact).where(CaseContact.case_id == case.id).order_by(CaseContact.id)))
    proposal = open_proposal(session, case.id)
    deadlines = open_deadlines(session, case.id)
    answer = deadlines.get(Timer.ANSWER)
    return Facts(
        case_id=case.id,
        kind=case.kind,
        state=case.state,
        is_anonymous=case.is_anonymous,
        is_accepted=case.accepted_at is not None,
        unit=case.unit,
        handler=present_handler(session, case),
        is_unit_fixed=case.is_unit_fixed,
        association=case.association,
        contact_count=len(contacts),
        failed_days=len(failed_days(contacts)),
        consents=consents_of(session, case.id),
        proposal=proposal.kind if proposal else None,
        proposed_by=proposal.proposed_by if proposal else "",
        suspended_from=case.suspended_from,
        dispute_count=case.dispute_count,
        is_disputed=case.is_disputed,
        rework_count=case.rework_count,
        closed_on=day_of(case.closed_at) if case.closed_at else None,
        score=case.score,
        result=case.result,
        is_retention_over=is_retention_over(docket, case),
        parent=read_parent(docket, case, step.parent_number) if step and step.parent_number else None,
        due={timer: row.due_at for timer, row in deadlines.items() if row.due_at},
        is_extended=bool(answer and answer.extended_by),
        contact_attempts=docket.rules.contact_attempts,
        reopen_days=docket.rules.reopen_days,
    )


def read_parent(docket: Docket, case: Case, number: str) -> Parent | None:
    """What matters of the case into which this one is to be merged."""
    parent = find_case(docket.session, number, locks=True)
    if parent is None:
        return None
    return Parent(
        parent.id,
        parent.state,
        is_same_person(docket.session, case, parent),
        parent.respondent_key == case.respondent_key,
    )


def is_retention_over(docket: Docket, case: Case) -> bool:
    """The years of the bureau's setting have passed since the end, on the same day of the year."""
    if case.closed_at is None:
        return False
    ended = day_of(case.closed_at)
    year = ended.year + docket.rules.retention.case_years
    last = date(year, 3, 1) if (ended.month, ended.day) == (2, 29) else ended.replace(year=year)
    return docket.today >= last
