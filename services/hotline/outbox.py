"""The outbox of the exchange: claimed by one sender, tried by a ladder of waits, then dead until a person sends it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.case import Case, CaseEvent
from models.hotline import HotlineSending, SendingKind, SendingState
from services.cases.docket import Docket
from services.errors import UserError
from services.hotline.alerts import add_alert
from services.hotline.attachments import list_attachments
from services.hotline.outgoing import BODY, Exchange
from services.hotline.statuses import note_remote_number

LADDER = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440)
)  # waits after the first, second … try; then it is dead
LEASE = timedelta(minutes=2)


def claim(session: Session, owner: str, now: datetime) -> HotlineSending | None:
    """Lease the sending that is due longest; what a dead sender left is due again: the receiver knows the key."""
    session.execute(
        update(HotlineSending)
        .where(HotlineSending.state == SendingState.LEASED, HotlineSending.lease_until <= now)
        .values(state=SendingState.NEW, lease_owner=None, lease_until=None)
    )
    due = (
        select(HotlineSending)
        .where(HotlineSending.state == SendingState.NEW, HotlineSending.not_before <= now)
        .order_by(HotlineSending.not_before, HotlineSending.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    sending = session.scalar(due)
    if sending is not None:
        sending.state, sending.lease_owner, sending.lease_until = SendingState.LEASED, owner, now + LEASE
        sending.tries += 1
    return sending


def body_of(docket: Docket, sending: HotlineSending, files_url: str = "") -> dict[str, Any]:
    """The message; an order with links that begin now to the files that it may offer."""
    body = docket.open(sending.body_sealed, BODY)
    if sending.kind is SendingKind.ORDER:
        event = docket.session.get_one(CaseEvent, sending.event_id)
        body["attachments"] = list_attachments(docket, event, files_url)
    return body


def held(session: Session, sending_id: int, owner: str) -> HotlineSending | None:
    """The sending, if `owner` still holds its lease."""
    return session.scalar(
        select(HotlineSending)
        .where(
            HotlineSending.id == sending_id,
            HotlineSending.state == SendingState.LEASED,
            HotlineSending.lease_owner == owner,
        )
        .with_for_update()
    )


def settle(sending: HotlineSending, state: SendingState, error: str = "") -> None:
    """End the lease."""
    sending.state, sending.last_error = state, error[:200] or None
    sending.lease_owner = sending.lease_until = None


def mark_sent(docket: Docket, sending: HotlineSending, remote_number: str = "") -> None:
    """The hotline has it: the referral is acknowledged, the message with its persons is not kept."""
    # Locked before anything is written: the hotline's first callback may be here at this very moment.
    case = docket.session.get_one(Case, sending.case_id, with_for_update=True, populate_existing=True)
    settle(sending, SendingState.SENT)
    sending.sent_at, sending.remote_number, sending.body_sealed = docket.now, remote_number[:64] or None, None
    if sending.kind is SendingKind.ORDER and remote_number:
        note_remote_number(docket, case, remote_number[:64])


def mark_failed(
    docket: Docket, sending: HotlineSending, exchange: Exchange, error: str, *, is_final: bool = False
) -> None:
    """Again after the next wait; without one, or where trying again is of no use, dead, and staff are told."""
    if not is_final and sending.tries <= len(LADDER):
        settle(sending, SendingState.NEW, error)
        sending.not_before = docket.now + LADDER[sending.tries - 1]
        return
    settle(sending, SendingState.DEAD, error)
    case = docket.session.get_one(Case, sending.case_id)
    add_alert(
        docket, case, f"dead:{sending.id}:{docket.now:%Y%m%d%H%M}", "dead", receiver=exchange.receiver, error=error
    )


def send_again(docket: Docket, sending: HotlineSending) -> None:
    """From the dead, with its whole ladder before it. UserError if it is not dead."""
    if sending.state is not SendingState.DEAD:
        raise UserError("这一条没有停发，不需要重发")
    settle(sending, SendingState.NEW)
    sending.tries, sending.not_before = 0, docket.now


def list_dead(session: Session) -> list[HotlineSending]:
    """What waits for a person, oldest first."""
    wanted = select(HotlineSending).where(HotlineSending.state == SendingState.DEAD).order_by(HotlineSending.id)
    return list(session.scalars(wanted))


def count_sendings(session: Session) -> dict[SendingState, int]:
    """How many are in each state."""
    rows = session.execute(select(HotlineSending.state, func.count()).group_by(HotlineSending.state))
    return {row[0]: row[1] for row in rows}
