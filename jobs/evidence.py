"""Fetches the evidence that citizens sent to the chat, before WeChat forgets it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.api_errors import Action, ApiPausedError, GatewayError, TooBigError, WechatError
from bot.gateway import Gateway
from models.database import Database
from services.evidence import fetches
from services.evidence.checking import sweep_store
from services.evidence.examining import Examined
from services.evidence.fetches import Claim
from services.evidence.keeping import Arrived, Limits, digest
from services.evidence.store import EvidenceStore
from services.evidence.trouble import EvidenceError, Trouble
from services.evidence.uploads import sweep_uploads

MOST_PER_STEP = 3  # then the clock may end the process
PASSING = (Trouble.DISK_FULL, Trouble.BUSY)  # of ours, not of the file
SPARE = timedelta(minutes=10)  # before WeChat forgets a file, the citizen is told
FEWEST_TRIES = 3  # of looking at a file that our programs fail at, and of asking WeChat that says no
NO_MEDIA = 40007

log = logging.getLogger(__name__)


class EvidenceFetcher:
    """May run in several processes: what one has claimed the others leave alone."""

    def __init__(
        self,
        gateway: Gateway,
        database: Database,
        store: EvidenceStore,
        limits: Limits,
        *,
        examine: Callable[[bytes], Examined],
        clock: Callable[[], datetime],
    ) -> None:
        self.gateway, self.database, self.store, self.limits = gateway, database, store, limits
        self.examine, self.clock = examine, clock

    def step(self) -> int:
        """Fetch what is due, a few at a time; how many were tried."""
        for count in range(MOST_PER_STEP):
            with self.database.write() as session:
                claimed = fetches.claim(session, self.clock())
            if claimed is None:
                return count
            self.fetch(claimed)
        return MOST_PER_STEP

    def fetch(self, claimed: Claim) -> None:
        """One file: kept, put back for another time, or given up and told."""
        try:
            arrived = self.bring(claimed)
        except GatewayError as error:
            self.wait_or_give_up(claimed, error)
        except EvidenceError as error:
            self.refuse(claimed, error)
        else:
            self.settle(claimed, arrived)

    def bring(self, claimed: Claim) -> Arrived:
        """From WeChat into the store."""
        try:
            content = self.gateway.get_media(claimed.media_id, self.limits.most_bytes)
        except TooBigError:
            raise EvidenceError(Trouble.TOO_BIG, megabytes=self.limits.megabytes) from None
        self.limits.require_size(len(content))
        examined = self.examine(content)
        kept = self.store.keep(content, examined.view)
        return Arrived(examined, kept, digest(content), len(content), "", claimed.added_by)

    def settle(self, claimed: Claim, arrived: Arrived) -> None:
        """Write the row; what gets none of its own is not left behind."""
        with self.database.write() as session:
            row = fetches.settle(session, claimed, arrived, self.limits, self.clock())
        if row is None or row.sealed_name != arrived.kept.name:
            self.store.remove(arrived.kept.name)

    def wait_or_give_up(self, claimed: Claim, error: GatewayError) -> None:
        """Until WeChat forgets the file there is another try, unless it says that there is none."""
        log.warning("a file of evidence was not fetched, try %d: %s", claimed.tries, error)
        until = error.until if isinstance(error, ApiPausedError) else self.clock() + fetches.back_off(claimed.tries)
        if is_final(error, claimed.tries):
            self.give_up(claimed, EvidenceError(Trouble.EXPIRED))
        elif until >= claimed.expires_at - SPARE:
            self.give_up(claimed, EvidenceError(Trouble.UNREACHABLE))
        else:
            self.put_back(claimed, until)

    def refuse(self, claimed: Claim, error: EvidenceError) -> None:
        """What is wrong with the file is told at once; what is wrong with us is tried again first."""
        until = self.clock() + fetches.back_off(claimed.tries)
        has_time = until < claimed.expires_at - SPARE
        is_ours = error.trouble is Trouble.DISK_FULL or claimed.tries < FEWEST_TRIES
        if error.trouble in PASSING and is_ours and has_time:
            log.error("a file of evidence was not kept, try %d: %s", claimed.tries, error.trouble)
            self.put_back(claimed, until)
        else:
            self.give_up(claimed, error)

    def put_back(self, claimed: Claim, until: datetime) -> None:
        """In a transaction of its own."""
        with self.database.write() as session:
            fetches.put_back(session, claimed, until)

    def give_up(self, claimed: Claim, error: EvidenceError) -> None:
        """In a transaction of its own."""
        with self.database.write() as session:
            fetches.give_up(session, claimed, error, self.clock())


def is_final(error: GatewayError, tries: int) -> bool:
    """WeChat does not have the file, or keeps refusing for a reason that nobody can mend."""
    if not isinstance(error, WechatError):
        return False
    return error.code == NO_MEDIA or (error.action is Action.PERMANENT and tries >= FEWEST_TRIES)


def sweep_files(database: Database, store: EvidenceStore, now: datetime) -> None:
    """Abandoned uploads go; files that no row names go aside, then go."""
    counts = sweep_store(database, store, now) | {"uploads": sweep_uploads(database, store, now)}
    if any(counts.values()):
        log.info("evidence: %s", ", ".join(f"{count} {name}" for name, count in counts.items()))
