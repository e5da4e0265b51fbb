"""What the hotline says about an order: kept once, applied to the case, or kept until it can be."""

import hashlib
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from models.case import Case
from models.case_clock import CaseReferral
from models.case_words import Action, Channel, Outsider
from models.database import vault_of
from models.hotline import HotlineSending, HotlineStatus, StatusOutcome
from services.cases.advance import RefusedError, take_step
from services.cases.docket import Docket
from services.cases.facts import SYSTEM, Actor, Step
from services.cases.standing import find_case
from services.hotline.alerts import add_alert
from services.hotline.messages import Status
from services.hotline.wording import Stage

TEXT = "hotline_statuses.text"
SENT_BACK = {Stage.REJECTED, Stage.RETURNED}
TO_DECIDE = {Stage.REJECTED, Stage.RETURNED, Stage.REOPENED, Stage.CLOSED}


@dataclass(frozen=True)
class Kept:
    """What became of a status."""

    outcome: StatusOutcome
    is_new: bool  # False: it came before


def act_for_caller(case: Case) -> Actor:
    """The hotline acts for the citizen who called it; the history names it."""
    return Actor(frozenset({Outsider.CITIZEN}), "hotline", case_id=case.id)


def take_status(docket: Docket, status: Status) -> Kept:
    """Keep a status and apply it. The same one again changes nothing, an earlier one that comes late neither."""
    key = identify(status)
    if known := find_kept(docket, key):
        return Kept(known.outcome, is_new=False)
    case = find_target(docket, status)
    row = HotlineStatus(
        key=key,
        case_id=case.id if case else None,
        number=status.source_no,
        remote_number=status.remote_no,
        status=status.status,
        occurred_at=status.occurred_at,
        sequence=status.seq,
        unit=status.unit,
        text_sealed=vault_of(docket.session).seal(status.text, TEXT) if status.text else None,
        due_at=status.due_at,
        outcome=StatusOutcome.WAITING,
        received_at=docket.now,
    )
    try:
        with docket.session.begin_nested():
            docket.session.add(row)
    except IntegrityError:  # the same one came through another process at the same moment
        return Kept(docket.session.scalars(select(HotlineStatus).where(HotlineStatus.key == key)).one().outcome, False)
    if case is not None:
        row.outcome = apply_status(docket, case, row)
    docket.session.flush()
    return Kept(row.outcome, is_new=True)


def identify(status: Status) -> str:
    """Hash of order, status, moment and sequence: what is equal in these is the same message."""
    moment = status.occurred_at.astimezone(UTC).isoformat()
    said = "\x00".join((status.source_no, status.remote_no, status.status, moment, str(status.seq)))
    return hashlib.sha256(said.encode()).hexdigest()


def find_kept(docket: Docket, key: str) -> HotlineStatus | None:
    """The status that came before."""
    return docket.session.scalar(select(HotlineStatus).where(HotlineStatus.key == key))


def find_target(docket: Docket, status: Status) -> Case | None:
    """The case by our number, by their number as an order of theirs, or by the one they gave to an order of ours."""
    session = docket.session
    if status.source_no and (case := find_case(session, status.source_no, locks=True)):
        return case
    if not status.remote_no:
        return None
    theirs = select(Case).where(Case.source_number == status.remote_no, Case.channel == Channel.HOTLINE)
    if case := session.scalar(theirs.with_for_update()):
        return case
    ours = select(HotlineSending.case_id).where(HotlineSending.remote_number == status.remote_no).limit(1)
    case_id = session.scalar(ours)
    return session.get(Case, case_id, with_for_update=True) if case_id else None


def apply_status(docket: Docket, case: Case, row: HotlineStatus) -> StatusOutcome:
    """Take the step that follows, tell an official, or keep it."""
    if case.channel is not Channel.HOTLINE and row.remote_number:
        acknowledged = note_remote_number(docket, case, row.remote_number)
    else:
        acknowledged = False
    if row.status in TO_DECIDE and is_newest(docket, row) and needs_decision(case, row):
        if row.status == Stage.REOPENED and case.channel is Channel.HOTLINE and reopen(docket, case, row):
            return StatusOutcome.APPLIED
        values = {"unit": row.unit or "热线", "text": read_text(docket, row) or "未说明理由"}
        is_back = row.status in SENT_BACK and take_back(docket, case, "：".join(values.values()))
        add_alert(docket, case, f"status:{row.id}", row.status, **values)
        return StatusOutcome.APPLIED if is_back else StatusOutcome.ALERTED
    return StatusOutcome.APPLIED if acknowledged else StatusOutcome.KEPT


def needs_decision(case: Case, row: HotlineStatus) -> bool:
    """That an order of ours is closed there is good news; that one of theirs is, while we work on it, is a question."""
    if row.status == Stage.CLOSED:
        return case.channel is Channel.HOTLINE and case.closed_at is None
    return True


def take_back(docket: Docket, case: Case, note: str) -> bool:
    """What we referred comes back: it is ours again, where it stood before; False for what was not referred."""
    action = Action.TAKE_BACK if case.accepted_at is None else Action.TAKE_BACK_ACCEPTED
    try:
        with docket.session.begin_nested():
            take_step(docket, case, action, SYSTEM, Step(note=note))
    except RefusedError:  # an order of theirs, or taken back by a person already
        return False
    return True


def reopen(docket: Docket, case: Case, row: HotlineStatus) -> bool:
    """The caller has new facts; False where the workflow does not allow it, and an official decides."""
    text = read_text(docket, row)
    try:
        with docket.session.begin_nested():
            take_step(docket, case, Action.REOPEN, act_for_caller(case), Step(text=text, has_new_facts=True))
    except RefusedError:
        return False
    return True


def note_remote_number(docket: Docket, case: Case, remote_number: str) -> bool:
    """The hotline has our order under this number: acknowledge the referral, once; then look at what waited."""
    wanted = select(CaseReferral).where(CaseReferral.case_id == case.id).order_by(CaseReferral.id.desc()).limit(1)
    referral = docket.session.scalar(wanted)
    if referral is None or referral.acknowledged_at is not None:
        return False
    try:
        with docket.session.begin_nested():
            take_step(docket, case, Action.ACKNOWLEDGE_REFERRAL, SYSTEM, Step(remote_number=remote_number))
    except RefusedError:  # taken back or archived since
        return False
    apply_waiting(docket, case, remote_number)
    return True


def apply_waiting(docket: Docket, case: Case, remote_number: str) -> int:
    """Apply what came before its case was known, in its own order; how many."""
    waiting = (
        select(HotlineStatus)
        .where(HotlineStatus.outcome == StatusOutcome.WAITING)
        .where(or_(HotlineStatus.remote_number == remote_number, HotlineStatus.number == case.number))
        .order_by(HotlineStatus.occurred_at, HotlineStatus.sequence)
    )
    rows = list(docket.session.scalars(waiting))
    for row in rows:
        row.case_id = case.id
        docket.session.flush()
        row.outcome = apply_status(docket, case, row)
    return len(rows)


def is_newest(docket: Docket, row: HotlineStatus) -> bool:
    """Nothing later has come about this case."""
    later = or_(
        HotlineStatus.occurred_at > row.occurred_at,
        (HotlineStatus.occurred_at == row.occurred_at) & (HotlineStatus.sequence > row.sequence),
    )
    wanted = select(HotlineStatus.id).where(HotlineStatus.case_id == row.case_id, HotlineStatus.id != row.id, later)
    return docket.session.scalar(wanted.limit(1)) is None


def read_text(docket: Docket, row: HotlineStatus) -> str:
    """What they wrote."""
    return vault_of(docket.session).open(row.text_sealed, TEXT) if row.text_sealed else ""
