"""What a message is before any handler: a citizen's contact, the platform's news, a farewell, or nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.conversation import load_conversation
from bot.counts import what_counts
from bot.messages import Event, Inbound, Kind
from bot.once import look_up
from bot.quotas import trigger_of
from bot.replies import Later, Reply, Text
from bot.reports import REPORTS, take_report
from bot.router import Router, Turn, dispatch
from bot.wording import render
from models.counting import CountedKind
from services import followers, notices
from services.counting.contacts import note_contacts
from services.desk import Desk
from services.followers import Known, Met

# The citizen sees our answer to these events only.
CONTACTS = frozenset(
    {
        Event.SUBSCRIBE,
        Event.SCAN,
        Event.CLICK,
        Event.SCANCODE_PUSH,
        Event.SCANCODE_WAITMSG,
        Event.PIC_SYSPHOTO,
        Event.PIC_PHOTO_OR_ALBUM,
        Event.PIC_WEIXIN,
        Event.LOCATION_SELECT,
    }
)
FAREWELLS = frozenset({Event.UNSUBSCRIBE, Event.AUTHORIZATION_CANCELLATION})


def is_silent(message: Inbound) -> bool:
    """Nothing is done and nothing stored: pages viewed, places passed, news we have no use for yet."""
    known = CONTACTS | FAREWELLS | REPORTS
    return message.kind is Kind.EVENT and message.event not in known


def answer(
    session: Session,
    message: Inbound,
    known: Known,
    routers: Sequence[Router],
    desk: Desk,
    *,
    arrived_at: datetime,
    now: datetime,
) -> tuple[Reply | Later, int | None]:
    """What to reply, and the follower's id while there is one."""
    if message.event in FAREWELLS:
        followers.erase(session, message.fields.get("OpenID") or message.openid)
        note_contacts(session, [CountedKind.UNFOLLOW], message.openid, now)
        return None, None
    if message.event in REPORTS:
        take_report(session, message, now)
        return None, None
    follower, known = meet(session, message, known, now)
    if (trigger := trigger_of(message)) and not followers.is_fresh(known.window, arrived_at):
        followers.open_window(session, follower.id, trigger, arrived_at)
    if trigger and known.is_awaited:
        notices.wake(session, follower.id, now)
    conversation = load_conversation(known.state or {}, now)
    turn = Turn(session, message, follower, conversation, now, desk)
    reply = dispatch(routers, turn)
    followers.save_state(session, follower.id, known.state, conversation.dump(), now)
    note_contacts(session, what_counts(turn, reply), message.openid, now)
    return reply, follower.id


def meet(session: Session, message: Inbound, known: Known, now: datetime) -> tuple[Met, Known]:
    """The writer, and what is known of them; looked up again if they were met only now."""
    if known.follower is not None:
        return followers.note_seen(session, known.follower, now, follows=True), known
    return followers.meet(session, message.openid, now), look_up(session, message)


def apologise(session: Session, message: Inbound, desk: Desk, now: datetime) -> tuple[Reply, int | None]:
    """The answer when a handler failed: what the account can do. Its own changes were rolled back."""
    if message.event in FAREWELLS | REPORTS:
        return None, None
    return Text(render("help", desk=desk)), followers.meet(session, message.openid, now).id
