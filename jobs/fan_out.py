"""Sends notices to many, one by one: in small batches at WeChat's pace, resumed after a kill, nobody twice."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from bot.api_errors import Action, GatewayError, WechatError
from bot.gateway import Gateway
from bot.letters import Letter, write_letter
from bot.publicity import Publicity
from config.sending import SendingRules
from jobs.campaign_errors import Fate, read_fate, rest_until
from jobs.campaigns import name_owner
from models.campaign_send import CampaignSend
from models.database import Database
from models.follower import Follower
from models.send_words import DeliveryState, SendChannel
from services.campaigns import deliveries
from services.campaigns.deliveries import Parcel, Settled
from services.campaigns.pace import take_tokens
from services.campaigns.progress import finish
from services.campaigns.sending import back_off
from services.campaigns.timing import is_quiet

STEP_SECONDS = 20.0  # then the clock may end the process
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 45.0  # for a database that is away; less than a lease
log = logging.getLogger(__name__)


@dataclass
class FanOut:
    """One of any number of senders, in one or many processes."""

    database: Database
    gateway: Gateway
    rules: SendingRules
    clock: Callable[[], datetime]
    public_url: str
    pause: Callable[[float], None] = time.sleep
    steady: Callable[[], float] = time.monotonic
    owner: str = field(default_factory=name_owner)

    def __post_init__(self) -> None:
        self.publicity = Publicity(self.gateway)

    def step(self, seconds: float = STEP_SECONDS) -> int:
        """Write rows, send, finish, for at most `seconds`; how many went out."""
        until, count = self.steady() + seconds, 0
        with self.database.write() as session:
            deliveries.expire(session, self.clock())
        while self.spread():
            pass
        with self.database.read() as session:
            sends = [] if is_quiet(self.clock(), self.rules) else deliveries.find_spread(session, self.clock())
            letters = [(send, write_letter(session, send, self.public_url)) for send in sends]
        with ThreadPoolExecutor(self.rules.at_once) as pool:
            for send, letter in letters:
                count += self.send_all(send, letter, pool, until)
        return count

    def spread(self) -> bool:
        """Write the next rows of a send that has begun."""
        with self.database.write() as session:
            return deliveries.claim_spreading(session, self.clock())

    def send_all(self, send: CampaignSend, letter: Letter, pool: ThreadPoolExecutor, until: float) -> int:
        """Until everybody has it, the time is over, or WeChat wants a rest."""
        count = 0
        while self.steady() < until and not is_quiet(self.clock(), self.rules):
            with self.database.write() as session:
                mine = session.get_one(CampaignSend, send.id, with_for_update=True)
                if not deliveries.may_go_on(mine, self.clock()):
                    break
                parcels = self.claim(session, mine)
                if parcels is None and finish(session, mine, self.clock()):
                    break
            if not parcels:
                self.pause(PAUSE_SECONDS)
                continue
            settled = dict(pool.map(lambda parcel: (parcel.follower_id, self.send_one(letter, parcel)), parcels))
            self.note(send, settled)
            count += sum(one[0].state is DeliveryState.SENT for one in settled.values())
        return count

    def claim(self, session: Session, send: CampaignSend) -> list[Parcel] | None:
        """As many as the pace allows now; None when nobody waits any more."""
        now = self.clock()
        if not deliveries.has_waiting(session, send.id):
            return None
        most = self.rules.at_once
        allowed = take_tokens(session, send.channel, most, now, per_second=self.rules.per_second, most=most)
        return deliveries.claim(session, send, self.owner, allowed, now) if allowed else []

    def send_one(self, letter: Letter, parcel: Parcel) -> tuple[Settled, GatewayError | None]:
        """One call to WeChat, never repeated."""
        try:
            if letter.channel is SendChannel.SERVICE:
                self.gateway.send_customer_service(parcel.openid, letter.message)
                return Settled(DeliveryState.SENT), None
            number = self.publicity.send_notice(parcel.openid, letter.template_id, letter.page, letter.fields)
            return Settled(DeliveryState.SENT, number), None
        except GatewayError as error:
            fate = read_fate(error, was_asked=True)
            states = {Fate.NOT_OUT: DeliveryState.NEW, Fate.MAYBE: DeliveryState.UNKNOWN}
            code = error.code if isinstance(error, WechatError) else None
            return Settled(states.get(fate, DeliveryState.FAILED), "", code), error

    def note(self, send: CampaignSend, settled: dict[int, tuple[Settled, GatewayError | None]]) -> None:
        """Write down what became of a batch, also when the database was away for a moment."""
        give_up = self.steady() + PATIENCE_SECONDS
        while True:
            try:
                with self.database.write() as session:
                    self.settle(session, send, settled)
                return
            except (OperationalError, InterfaceError):
                if self.steady() > give_up:
                    raise
                log.warning("the database is away; the outcome of %s notices waits", len(settled))
                self.pause(1.0)

    def settle(
        self, session: Session, send: CampaignSend, settled: dict[int, tuple[Settled, GatewayError | None]]
    ) -> None:
        """In one transaction: states, followers who have left, a rest that WeChat wants."""
        now = self.clock()
        mine = session.get_one(CampaignSend, send.id)
        outcomes = {follower_id: outcome for follower_id, (outcome, _) in settled.items()}
        deliveries.settle(session, mine, self.owner, outcomes, now)
        for follower_id, (outcome, error) in settled.items():
            if isinstance(error, WechatError) and error.action is Action.DROP_FOLLOWER:
                gone = session.get(Follower, follower_id)
                if gone is not None:
                    gone.subscribed = False
            if error is not None and outcome.state is DeliveryState.NEW:
                mine.tries += 1
                mine.not_before = rest_until(error, now, back_off(mine.tries))
