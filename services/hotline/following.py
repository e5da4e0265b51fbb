"""Evidence that came after an order had gone: it follows as the order's next revision, one at a time."""

from sqlalchemy import select

from models.case import Case
from models.case_words import Action
from models.hotline import HotlineSending, SendingKind, SendingState
from services.cases.advance import RefusedError, advance
from services.cases.docket import Docket
from services.cases.effects import last_referral
from services.cases.facts import SYSTEM
from services.cases.referring import cases_with_late
from services.hotline.attachments import is_given

GONE = {SendingState.SENT, SendingState.BATCHED}


def follow_with_evidence(docket: Docket, receiver: str) -> int:
    """Write the step, from which the sending is gathered like any other; how many cases."""
    count = 0
    for case_id in cases_with_late(docket):
        case = docket.session.get_one(Case, case_id)
        referral = last_referral(docket.session, case_id)
        if referral is None or referral.receiver != receiver or not is_given(docket.session, case):
            continue
        if not has_gone(docket, case_id):
            continue
        try:
            with docket.session.begin_nested():
                advance(docket, case.number, Action.FORWARD_EVIDENCE, SYSTEM)
        except RefusedError:  # nothing is late any more
            continue
        count += 1
    return count


def has_gone(docket: Docket, case_id: int) -> bool:
    """Whether the order and all that followed it has left us: a later revision must not overtake an earlier one."""
    wanted = select(HotlineSending.state).where(
        HotlineSending.case_id == case_id, HotlineSending.kind == SendingKind.ORDER
    )
    states = set(docket.session.scalars(wanted))
    return bool(states) and states <= GONE
