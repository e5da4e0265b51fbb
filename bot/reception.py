"""Each message is handled once and answered in time: stored reply, deadline, late answer, spool."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as TooSlowError
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bot.contacts import answer, apologise, is_silent
from bot.lane import MOST_TOGETHER, Handling, Lane
from bot.messages import Inbound
from bot.once import REPLY, look_up, store, whose
from bot.opening import BAD_REQUEST, OK, Opened, Opener, RefusedError
from bot.order import TROUBLE, BehindError, Turns, catch_up, check_order
from bot.replies import Later, Reply, render_reply, restore_reply, to_customer_service
from bot.router import Router
from bot.spool import Delivery, Spool
from bot.work import Work
from config.metrics import MESSAGES
from config.settings import Settings
from models.database import Database, vault_of
from models.notice import Channel
from services import followers, notices
from services.desk import Desk
from services.followers import Known
from services.photos.reading import Reading

SUCCESS = b"success"
UNAVAILABLE = 503
DEADLINE_SECONDS = 4.0  # WeChat hangs up after five
GRACE_SECONDS = 0.7
LONGEST_TOGETHER = 0.2  # seconds of handling before what is done is committed

log = logging.getLogger(__name__)
Answer = tuple[int, bytes]  # HTTP status and body
Look = Callable[[Inbound, datetime], Reading]  # at a photo, and when it arrived


class Reception:
    """Takes deliveries of the webhook and of the spool."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        desk: Desk,
        routers: Sequence[Router],
        clock: Callable[[], datetime],
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        grace_seconds: float = GRACE_SECONDS,
        workers: int = 16,
    ) -> None:
        self.database, self.desk, self.routers, self.clock = database, desk, routers, clock
        self.opener = Opener(settings)
        self.spool = Spool(Path(settings.data_dir) / "spool", database.vault)
        self.put_off = Spool(Path(settings.data_dir) / "put_off", database.vault)
        self.turns = Turns()
        self.deadline_seconds, self.grace_seconds = deadline_seconds, grace_seconds
        if database.is_sqlite:  # one writer at a time
            self.lane = Lane(self.handle_all, threads=1, most=MOST_TOGETHER)
        else:
            self.lane = Lane(self.handle_all, threads=workers, most=1)

    def receive(self, query: dict[str, str], body: bytes) -> Answer:
        """Answer one POST within the deadline."""
        status, answer = self.take(query, body)
        MESSAGES.labels(name_outcome(status, answer)).inc()
        return status, answer

    def take(self, query: dict[str, str], body: bytes) -> Answer:
        """receive, uncounted."""
        began, delivery = time.monotonic(), Delivery(query, body, self.clock())
        try:
            opened = self.opener.open(delivery, delivery.arrived_at)
        except RefusedError as refused:
            log.warning("refused with %s: %s", refused.status, refused)
            return refused.status, SUCCESS if refused.status == OK else b""
        except Exception:
            log.exception("a delivery could not be read")
            return BAD_REQUEST, b""
        message = opened.message
        if is_silent(message):
            return OK, SUCCESS
        with self.turns.of(message.openid) as turn:
            if not turn.come(began + self.deadline_seconds - time.monotonic()):
                return self.keep(message, delivery, "an earlier one is under way")
            return self.hand_in(Handling(message, delivery), opened, began + self.deadline_seconds)

    def hand_in(self, handling: Handling, opened: Opened, deadline: float) -> Answer:
        """The answer, or that it comes later."""
        self.lane.submit(handling)
        try:
            return self.render(handling.reply.result(max(deadline - time.monotonic(), 0.0)), opened)
        except TooSlowError:
            return self.answer_later(handling, opened)
        except Exception as trouble:  # the database, or a fault that even the help text met
            return self.keep(opened.message, handling.delivery, type(trouble).__name__)

    def verify(self, query: dict[str, str]) -> Answer:
        """WeChat's check of our address: the bare echostr."""
        try:
            self.opener.check_signature(query)
            self.opener.check_freshness(query, self.clock())
        except RefusedError as refused:
            return refused.status, b""
        return (OK, query["echostr"].encode()) if query.get("echostr") else (BAD_REQUEST, b"")

    def replay(self, delivery: Delivery) -> None:
        """Handle what the spool kept; its answer goes out as a notice. Raises one of TROUBLE to try again."""
        message = self.reopen(delivery)
        work = Work(is_late=True, is_acknowledged=delivery.is_acknowledged)
        self.handle_once(message, delivery, work)
        self.spool.remove(message.key, message.openid)

    def finish(self, delivery: Delivery, look: Look) -> None:
        """Handle what was put off, after a `look` outside of any transaction; raises what `look` does, or TROUBLE."""
        message = self.reopen(delivery)
        message = replace(message, reading=look(message, delivery.arrived_at))
        self.handle_once(message, delivery, Work(is_late=True))
        self.put_off.remove(message.key)

    def reopen(self, delivery: Delivery) -> Inbound:
        """The message of a delivery that was kept; ValueError when nobody can read it any more."""
        try:
            return self.opener.open(delivery, None).message
        except RefusedError as refused:  # the keys were changed twice since
            raise ValueError(str(refused)) from None

    def close(self) -> None:
        """Let running work end."""
        self.lane.close()

    def handle_all(self, waiting: Sequence[Handling]) -> None:
        """Set everybody's reply: in one transaction, unless it fails by a handler of one of them."""
        while len(waiting) > 1:
            try:
                waiting = waiting[self.commit_some(waiting) :]
            except TROUBLE as trouble:
                for one in waiting:
                    one.reply.set_exception(trouble)
                return
            except Exception:
                break  # found again, and told, by the one whose handler fails
        for one in waiting:
            try:
                one.reply.set_result(one.context.run(self.handle_once, one.message, one.delivery, one.work))
            except Exception as trouble:
                one.reply.set_exception(trouble)

    def commit_some(self, waiting: Sequence[Handling]) -> int:
        """Handle as many as a short time allows and commit them together; how many."""
        replies: list[Reply] = []
        until = time.monotonic() + LONGEST_TOGETHER
        with self.database.write() as session:
            for one in waiting:
                replies.append(one.context.run(self.handle_in, session, one.message, one.delivery, one.work))
                session.expunge_all()  # the next one begins with what is stored
                if time.monotonic() > until:
                    break
        for one, reply in zip(waiting, replies, strict=False):
            if one.work.is_late:
                self.spool.remove(one.message.key, one.message.openid)
            one.reply.set_result(reply)
        return len(replies)

    def handle_once(self, message: Inbound, delivery: Delivery, work: Work) -> Reply:
        """The reply of the one and only handling of this message, whoever does it, after those that came before."""
        while True:
            try:
                return self.handle(message, delivery, work, has_failed=False)
            except TROUBLE:
                raise
            except BehindError as behind:
                work.passed |= catch_up(self.spool, behind.paths, self.replay, self.clock())
            except Exception:
                log.exception("handling %s failed", message.name)
                return self.handle(message, delivery, work, has_failed=True)

    def handle(self, message: Inbound, delivery: Delivery, work: Work, *, has_failed: bool) -> Reply:
        """In a transaction of its own."""
        with self.database.write() as session:
            reply = self.handle_in(session, message, delivery, work, has_failed=has_failed)
        if work.is_late:
            self.spool.remove(message.key, message.openid)
        return reply

    def handle_in(
        self, session: Session, message: Inbound, delivery: Delivery, work: Work, *, has_failed: bool = False
    ) -> Reply:
        """In one transaction: received row with reply, conversation, what handlers write, late notice."""
        known = look_up(session, message)
        if known.is_handled:
            reply = self.reply_again(session, message.key, known.reply_sealed)
        else:
            check_order(self.spool, message, work)
            reply = self.handle_new(session, message, delivery, known, has_failed=has_failed)
        session.flush()
        if not work.is_in_time() and (not known.is_handled or work.is_acknowledged):
            self.add_late_notice(session, message, reply)
            session.flush()
        return reply

    def handle_new(
        self, session: Session, message: Inbound, delivery: Delivery, known: Known, *, has_failed: bool
    ) -> Reply:
        """Let the handlers answer and store what they say; what they put off is kept before that is committed."""
        now, arrived_at = self.clock(), delivery.arrived_at
        if message.reading and not followers.is_follower(session, message.openid):
            return None  # left while the photo was read; is not met again
        reply: Reply | Later
        if has_failed:
            reply, follower_id = apologise(session, message, self.desk, now)
        else:
            reply, follower_id = answer(
                session, message, known, self.routers, self.desk, arrived_at=arrived_at, now=now
            )
        if isinstance(reply, Later):
            self.put_off.keep(message.key, delivery)
            return None
        store(session, message, arrived_at, follower_id, reply)
        return reply

    def reply_again(self, session: Session, key: bytes, sealed: bytes | None) -> Reply:
        """The stored reply; nothing if it goes out, or went out, as a notice."""
        if sealed is None or notices.has_notice(session, late_key(key)):
            return None
        return restore_reply(vault_of(session).open(sealed, REPLY))

    def add_late_notice(self, session: Session, message: Inbound, reply: Reply) -> None:
        """The reply goes out by the outbox: WeChat was told `success` already."""
        if reply is None:
            return
        follower_id = whose(session, message.key)
        if follower_id is not None:
            notices.add_notice(
                session,
                follower_id,
                Channel.CUSTOMER_SERVICE,
                to_customer_service(reply),
                key=late_key(message.key),
                now=self.clock(),
            )

    def answer_later(self, handling: Handling, opened: Opened) -> Answer:
        """The deadline came first: make sure that nothing is lost, then let the answer follow."""
        key, openid = opened.message.key, opened.message.openid
        if handling.reply.cancel():
            return self.keep(opened.message, handling.delivery, "no worker free")
        try:
            self.spool.keep(key, handling.delivery, openid)
        except OSError:
            log.exception("the spool takes nothing")
        else:
            if handling.work.give_up():
                log.info("%s is answered later", opened.message.name)
                return OK, SUCCESS
        try:
            return self.render(handling.reply.result(self.grace_seconds), opened)
        except Exception as trouble:
            log.warning("%s is not answered: %s", opened.message.name, type(trouble).__name__)
            return UNAVAILABLE, b""  # WeChat delivers again and gets the stored reply
        finally:
            self.spool.remove(key, openid)

    def keep(self, message: Inbound, delivery: Delivery, reason: str) -> Answer:
        """Spool and acknowledge; when even that fails WeChat shall deliver again."""
        try:
            self.spool.keep(message.key, replace(delivery, is_acknowledged=True), message.openid)
        except OSError:
            log.exception("the spool takes nothing")
            return UNAVAILABLE, b""
        log.warning("%s is kept in the spool: %s", message.name, reason)
        return OK, SUCCESS

    def render(self, reply: Reply, opened: Opened) -> Answer:
        """The answer as WeChat wants it, encrypted as the question was."""
        if reply is None:
            return OK, SUCCESS
        second = int(self.clock().timestamp())
        xml = render_reply(reply, opened.message.openid, opened.message.account, second)
        return OK, self.opener.envelope.seal(xml, second).render() if opened.is_encrypted else xml


def name_outcome(status: int, answer: bytes) -> str:
    """A word for /metrics; `success` stands for nothing to say, or to be said later."""
    if status != OK:
        return f"refused {status}"
    return "acknowledged" if answer == SUCCESS else "answered"


def late_key(key: bytes) -> str:
    """The idempotency key of a message's late answer."""
    return f"late:{key.hex()[:48]}"
