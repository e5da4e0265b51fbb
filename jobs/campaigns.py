"""The timetable of campaigns: what is due is claimed by one, asked of WeChat once, and told what became of it."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from bot.api_errors import Action, GatewayError, NotSentError, WechatError
from bot.gateway import Gateway
from bot.publicity import GONE, Publicity
from config.sending import SendingRules
from jobs.campaign_errors import Fate, explain_error, read_fate, rest_until
from models.campaign_send import CampaignSend
from models.database import Database
from models.send_words import SendChannel, SendState
from services.campaigns import results, sending
from services.campaigns.drafting import NotReadyError, articles_of, check_articles, forget_covers, write_draft
from services.campaigns.tagging import find_audience
from services.campaigns.timing import ClockWatch
from services.errors import UserError

MOST_PER_STEP = 20
NOT_KNOWN = "可能已经发出，但微信没有给出编号，不再自动发送。请到公众平台后台查看后标记。"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Accepted:
    """What WeChat said to the one call; `outcome`: the result, where it is known already."""

    number: str
    is_repeat: bool = False
    data_id: str = ""
    outcome: results.Outcome | None = None


class DraftLostError(GatewayError):
    """The draft is gone and not among what is published: it may be out, its number is not known."""


def name_owner() -> str:
    """Of a lease: host, process, and a word of its own."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass
class CampaignClock:
    """One of any number of clocks, in one or many processes; rows hold the truth."""

    database: Database
    gateway: Gateway
    rules: SendingRules
    clock: Callable[[], datetime]
    public_url: str
    steady: Callable[[], float] = time.monotonic
    owner: str = field(default_factory=name_owner)
    watch: ClockWatch = field(default_factory=ClockWatch)

    def __post_init__(self) -> None:
        self.publicity = Publicity(self.gateway)

    def step(self) -> int:
        """Begin what is due, ask again what is in doubt, look for results; how many were looked at."""
        self.mind_the_clock()
        count = 0
        while count < MOST_PER_STEP and self.take_one():
            count += 1
        while count < MOST_PER_STEP and self.look_at_one():
            count += 1
        return count

    def mind_the_clock(self) -> None:
        """A wall clock that was set ends no lease; a sender that died does."""
        jump = self.watch.jump(self.clock(), self.steady())
        with self.database.write() as session:
            if jump:
                log.warning("the clock was set by %s or the machine slept; running leases are kept", jump)
                sending.extend_leases(session, jump)
            sending.expire_leases(session, self.clock())
            results.collect(session, self.rules, self.clock())

    def take_one(self) -> bool:
        """Claim one send that is due or in doubt, and see it through."""
        now = self.clock()
        with self.database.write() as session:
            send = sending.claim_due(session, self.owner, now, self.rules)
            if send is not None and send.channel not in sending.AT_ONCE:
                begin(session, send, now)
                return True
            doubtful = None if send else sending.claim_doubtful(session, self.owner, now, self.rules)
        if send is None and doubtful is None:
            return False
        if send is not None:
            self.submit(send, is_doubtful=False)
        elif doubtful is not None:
            self.submit(doubtful, is_doubtful=True)
        return True

    def submit(self, send: CampaignSend, *, is_doubtful: bool) -> None:
        """Draft, note, call, note: outside of any transaction but the notes. A kill between any two is survived."""
        try:
            if send.draft_id is None:
                self.make_draft(send)
            accepted = self.ask(send, is_doubtful=is_doubtful)
        except UserError as error:
            self.note_unready(send, error, is_doubtful=is_doubtful)
        except GatewayError as error:
            self.note_failure(send, error, is_doubtful=is_doubtful)
        else:
            self.note_accepted(send, accepted)

    def note_accepted(self, send: CampaignSend, accepted: Accepted) -> None:
        """WeChat has it; what it pushed in the meantime is applied at once."""
        with self.database.write() as session:
            mine, now = sending.held(session, send.id, self.owner), self.clock()
            if mine is None:
                log.warning("campaign send %s was taken over before its number was noted", send.id)
                return
            sending.note_accepted(session, mine, now, accepted.number, is_repeat=accepted.is_repeat)
            mine.data_id = accepted.data_id or mine.data_id
            if accepted.outcome is not None:
                results.apply(session, mine, accepted.outcome, self.rules, now)

    def make_draft(self, send: CampaignSend) -> None:
        """At WeChat; a kill before it is noted leaves a draft that nobody sees."""
        with self.database.read() as session:
            articles = write_draft(session, send, self.public_url, self.clock())
        try:
            draft_id = self.publicity.add_draft(articles)
        except WechatError as error:
            if error.code != GONE:
                raise
            with self.database.write() as session:
                forget_covers(session, send.id)
            raise NotReadyError("微信找不到封面图片，正在重新上传") from None
        with self.database.write() as session:
            mine = sending.held(session, send.id, self.owner)
            if mine is not None:
                mine.draft_id = draft_id
        send.draft_id = draft_id

    def ask(self, send: CampaignSend, *, is_doubtful: bool) -> Accepted:
        """The one call that sends, noted before it is made."""
        with self.database.write() as session:
            mine = sending.held(session, send.id, self.owner)
            if mine is None:
                raise NotSentError("another has taken it over")
            if not is_doubtful:
                check_articles(session, mine, self.clock())
            sending.note_asked(mine, self.clock())
            audience = find_audience(session, mine.topic)
        send.asked_at = mine.asked_at
        if send.channel is SendChannel.PUBLISH:
            return self.ask_to_publish(send, is_doubtful=is_doubtful)
        try:
            job = self.publicity.send_mass(str(send.draft_id), audience.tag_id, send.client_msg_id)
        except WechatError as error:
            if error.action is Action.ALREADY_DONE and error.answer.get("msg_id"):
                answer = error.answer
                return Accepted(str(answer["msg_id"]), is_repeat=True, data_id=str(answer.get("msg_data_id") or ""))
            raise
        return Accepted(job.number, data_id=job.data_id)

    def ask_to_publish(self, send: CampaignSend, *, is_doubtful: bool) -> Accepted:
        """WeChat knows no number of ours for publishing, but a draft that was published is no draft any more."""
        if not is_doubtful or self.publicity.has_draft(str(send.draft_id)):
            job = self.publicity.publish(str(send.draft_id))
            return Accepted(job.number, data_id=job.data_id)
        with self.database.read() as session:
            titles = [article.title for article in articles_of(session, send.id)]
        begun = send.asked_at.timestamp() - 60 if send.asked_at else 0.0
        for one in self.publicity.list_published():
            if one.titles == titles and one.updated_at >= begun:
                outcome = results.Outcome(str(results.PUBLISHED), published_id=one.published_id, urls=one.urls)
                return Accepted("", is_repeat=True, outcome=outcome)
        raise DraftLostError("the draft is gone and not among what is published")

    def note_unready(self, send: CampaignSend, error: UserError, *, is_doubtful: bool) -> None:
        """An article or a picture stands in the way: wait for a picture, give up for an article."""
        with self.database.write() as session:
            mine, now = sending.held(session, send.id, self.owner), self.clock()
            if mine is None:
                return
            if is_doubtful:
                sending.doubt(session, mine, now, str(error))
            elif isinstance(error, NotReadyError):
                sending.put_back(session, mine, now + sending.LOOK_AGAIN, str(error))
            else:
                sending.end(session, mine, SendState.NOT_SENT, now, str(error))

    def note_failure(self, send: CampaignSend, error: GatewayError, *, is_doubtful: bool) -> None:
        """Certainly not out: later, or never. Perhaps out: asked again by the same number, or left to a person."""
        log.warning("campaign send %s: %s", send.id, error)
        with self.database.write() as session:
            mine, now = sending.held(session, send.id, self.owner), self.clock()
            if mine is None:
                return
            fate, said = read_fate(error, was_asked=mine.asked_at is not None), explain_error(error)
            if isinstance(error, DraftLostError) or (fate is Fate.REFUSED and is_doubtful):
                sending.end(session, mine, SendState.UNKNOWN, now, f"{NOT_KNOWN}{said}")
            elif fate is Fate.REFUSED:
                sending.end(session, mine, SendState.NOT_SENT, now, said)
            elif fate is Fate.MAYBE or is_doubtful:
                sending.doubt(session, mine, now, said)
            else:
                until = rest_until(error, now, sending.back_off(mine.tries))
                sending.put_back(session, mine, until, said)

    def look_at_one(self) -> bool:
        """Ask WeChat for a result that did not come by itself."""
        with self.database.write() as session:
            send = results.claim_look(session, self.clock())
        if send is None:
            return False
        self.look_at(send)
        return True

    def look_at(self, send: CampaignSend) -> str:
        """What WeChat says of an accepted send; its words, "" when it could not be asked."""
        try:
            if send.channel is SendChannel.MASS:
                status = self.publicity.mass_status(str(send.msg_id))
            else:
                answer = self.publicity.publish_status(str(send.publish_id))
                status = str(answer.get("publish_status", ""))
        except GatewayError as error:
            log.warning("campaign send %s: no result: %s", send.id, error)
            return ""
        with self.database.write() as session:
            mine = session.get_one(CampaignSend, send.id, with_for_update=True)
            if send.channel is SendChannel.MASS:
                results.note_mass_status(session, mine, status, self.rules, self.clock())
            else:
                results.note_publish_status(session, mine, answer, self.rules, self.clock())
        return status


def begin(session: Session, send: CampaignSend, now: datetime) -> None:
    """A channel that needs no call to begin."""
    try:
        check_articles(session, send, now)
    except UserError as error:
        sending.end(session, send, SendState.NOT_SENT, now, str(error))
    else:
        sending.begin_at_once(session, send, now)
