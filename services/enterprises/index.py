"""The name index: candidates for a badly remembered name out of millions, in a millisecond.

A base of memory-mapped files made from the register at one revision, and on top of it the few names that
changed since, read from the database by each process. The database is the truth; files can be lost.
"""

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from models.database import read_beside
from services.enterprises.building import Builder, is_ours, make_base
from services.enterprises.candidates import find_for_short, find_sharing, find_sounding, may_hold
from services.enterprises.editions import MOST_ON_TOP, current_revision, is_light, lay_base, take_up
from services.enterprises.features import Names, Question, read_question
from services.enterprises.initialled import find_branded, find_initialled
from services.enterprises.matching import Hit, weigh
from services.enterprises.postings import Places
from services.enterprises.shard import Shard
from services.enterprises.shelf import Shelf, State
from services.enterprises.sounds import load_sounds
from services.enterprises.weights import Weights, WeightsInUse, kind_of

BUDGET = 30_000  # postings read for one question
MOST_CANDIDATES = 90  # by characters; a few more for the trade name alone
MOST_SOUNDING = 150
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """When the index does what."""

    look_seconds: float = 0.25  # how often the register's revision is asked for
    most_changes: int = 20_000  # more changed enterprises than this on top of the base, and a new one is made
    most_on_top: int = MOST_ON_TOP
    retry_seconds: float = 60.0  # from the end of one making of a base to the next


class NameIndex:
    """Opened once per process; follows the register by its revision."""

    def __init__(self, folder: Path, pace: Pace | None = None) -> None:
        self.shelf, self.pace = Shelf(folder), pace or Pace()
        self._builder = Builder(self.shelf, self.pace.retry_seconds)
        self._weights = WeightsInUse(folder.parent)
        self._edition = lay_base(None)
        self._lock = threading.Lock()
        self._thread = threading.Thread()  # that takes up what is too much for a question
        self._looked_at = float("-inf")
        self._revision = 0  # of the register, when it was last looked at
        self._state: State = None, {}  # of the files, when they were last opened
        self._is_unfit = False  # the newest of them cannot be used

    @property
    def count(self) -> int:
        """How many enterprises can be found; 0 while there are others that cannot."""
        return self._edition.count if self.is_whole else 0

    @property
    def is_whole(self) -> bool:
        """Whether every name of the register can be found: not while a base is missing or much is being taken up."""
        return self._edition.is_whole and self._edition.revision >= self._revision

    def follow(self, session: Session) -> None:
        """Take up what changed in the register since it was last looked at; cheap when nothing did.

        No question waits for more than a few names: what is more is taken up beside, and a new base is made by
        a program of its own, while the edition that is held goes on. Only a process's first question waits.
        """
        if time.monotonic() - self._looked_at < self.pace.look_seconds:
            return
        if not self._lock.acquire(blocking=self._edition.revision < 0):
            return
        try:
            if not self._thread.is_alive():
                self.look(session)
            self._looked_at = time.monotonic()
        finally:
            self._lock.release()

    def make_ready(self, session: Session) -> None:
        """follow for a command that can wait: it makes a new base itself where one is wanted."""
        self.renew_beside(session)
        if self.wants_base:
            with self.shelf.hold(), read_beside(session) as fresh:
                make_base(fresh, self.shelf)
            self.renew_beside(session)

    def look(self, session: Session) -> None:
        """See whether the register or the files changed; take that up here, or beside where it is much."""
        held, revision = self._edition, current_revision(session)
        if revision < held.revision:  # this session sees an older state, or the database was put back from a backup
            with read_beside(session) as fresh:
                revision = current_revision(fresh)
        self._revision = revision
        has_new_files = self.shelf.state() != self._state
        if held.revision < 0 or (revision > held.revision and not has_new_files and is_light(session, held)):
            self.renew(session)
        elif revision != held.revision or has_new_files:
            self._thread = threading.Thread(target=self.try_to_renew, args=(session,), daemon=True)
            self._thread.start()
            return
        if self._builder.watch(session.get_bind().engine, is_wanted=self.wants_base) and self._is_unfit:
            self._state = None, {}  # the program may have found fit what this process could not use: opened anew

    @property
    def wants_base(self) -> bool:
        """Whether a new base is to be made."""
        edition = self._edition
        return self._is_unfit or not edition.is_whole or edition.changed_count > self.pace.most_changes

    def renew(self, session: Session) -> None:
        """Take up the newest base that is fit, and what changed since."""
        held, state, revision = self._edition, self.shelf.state(), current_revision(session)
        has_new_files = state != self._state
        newest = self.shelf.open_newest() if has_new_files else held.base
        fit = (
            base
            for base in (newest, held.base)
            if base and is_ours(session, base.label, revision) and not self.shelf.is_overwritten(base)
        )
        base, is_unfit = next(fit, None), self._is_unfit
        if has_new_files or base is not held.base:
            is_unfit = base is not newest or (base is None and state[0] is not None)
            if is_unfit:
                log.warning("the stored name index is lost, damaged or another register's, and is made anew")
        edition = held if base is held.base and held.revision <= revision else lay_base(base)
        self._edition = take_up(session, edition, revision, self.pace.most_on_top)
        self._state, self._revision, self._is_unfit = state, revision, is_unfit

    def renew_beside(self, session: Session) -> None:
        """renew in a session of its own."""
        with read_beside(session) as fresh:
            self.renew(fresh)

    def try_to_renew(self, session: Session) -> None:
        """renew_beside in a thread; where it fails the next look tries again."""
        try:
            self.renew_beside(session)
        except Exception:
            log.exception("the name index could not be renewed")

    def weights_for(self, question: Question) -> Weights:
        """The weights in use for a query's kind."""
        return self._weights.current()[kind_of(question)]

    def search(self, text: str, most: int) -> list[Hit]:
        """The names that fit a normalised text, best first, one for each enterprise."""
        edition = self._edition
        question = read_question(text)
        groups = edition.gather(lambda shard: find_documents(shard, question))
        return weigh(question, groups, edition.rarity, most, self.weights_for(question))

    def may_hold(self, text: str) -> bool:
        """Whether any name may hold a normalised text as it stands; it need not."""
        return any(may_hold(layer.shard, text) for layer in self._edition.layers)

    def gather_spoken(self, readings: list[str]) -> list[Names]:
        """The names that share rare syllable pairs with these texts of syllables (sounds.py numbers them)."""
        folds = [load_sounds().fold_syllables(reading) for reading in readings]
        return self._edition.gather(
            lambda shard: find_sounding(shard, folds, BUDGET * min(3, len(folds)), MOST_SOUNDING)
        )

    def gather_initialled(self, letters: str) -> list[Names]:
        """The names whose syllables have these initials."""
        return self._edition.gather(lambda shard: find_initialled(shard, letters)[:MOST_SOUNDING])

    def gather_branded(self, letters: str) -> list[Names]:
        """The names where these may be the initials of the trade name."""
        return self._edition.gather(lambda shard: find_branded(shard, letters, MOST_SOUNDING))


def find_documents(shard: Shard, question: Question) -> Places:
    """Names that share rare grams with a text or its trade name, and for a short one those that hold most of it."""
    find = find_for_short if question.is_short else find_sharing
    return find(shard, question.text, BUDGET, MOST_CANDIDATES, question.brand if len(question.brand) > 1 else "")
