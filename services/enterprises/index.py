"""The name index: candidates for a badly remembered name out of millions, in a millisecond.

A base of memory-mapped files made from the register at one revision, and on top of it the few names that
changed since, read from the database by each process. The database is the truth; files can be lost.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, RegisterRevision, Status
from services.enterprises.matching import Hit, Names, Table, read_question, weigh
from services.enterprises.names import BASIC_PLANE, normalise
from services.enterprises.postings import Numbers, Places, contains
from services.enterprises.shard import Shard, build_shard
from services.enterprises.shelf import Label, Shelf
from services.enterprises.sounds import load_sounds

LOOK_SECONDS = 0.5  # how often the register's revision is asked for
MOST_CHANGES = 20_000  # more enterprises than this on top of the base, and the base is made anew
BUDGET = 30_000  # postings read for one question
MOST_CANDIDATES = 200
READ_ROWS = 20_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Edition:
    """What the index knows at one revision of the register."""

    revision: int
    base_revision: int
    base: Shard
    changes: Shard
    changed_ids: Numbers  # sorted; what the base says of these is no longer true
    rarity: Table
    count: int  # enterprises

    def gather(self, choose: Callable[[Shard], Places]) -> list[Names]:
        """The names that `choose` finds in the base, less what changed, and in the changes."""
        old = choose(self.base)
        if len(old) and len(self.changed_ids):
            old = old[~contains(self.changed_ids, self.base.enterprise_ids[old])]
        found = ((self.base, old), (self.changes, choose(self.changes)))
        return [names_of(shard, documents) for shard, documents in found if len(documents)]


def count_rarity(shard: Shard) -> Table:
    """For each code log(names / names that hold it)."""
    held = np.bincount(shard.codes, minlength=BASIC_PLANE).astype(np.float32)
    rarity = np.log((shard.count + 1) / (held + 1)).clip(0).astype(np.float32)
    rarity[ord("\n")] = 0
    return rarity


class NameIndex:
    """Opened once per process; follows the register by its revision."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self._lock = threading.Lock()
        self._looked_at = -LOOK_SECONDS
        nothing = build_shard(())
        self._edition = Edition(-1, -1, nothing, nothing, np.zeros(0, np.uint32), count_rarity(nothing), 0)

    @property
    def count(self) -> int:
        """How many enterprises can be found."""
        return self._edition.count

    def follow(self, session: Session) -> None:
        """Take up what changed in the register since it was last looked at; cheap when nothing did."""
        if time.monotonic() - self._looked_at < LOOK_SECONDS:
            return
        with self._lock:
            revision = current_revision(session)
            if revision != self._edition.revision:
                self._edition = self.read_edition(session, revision)
            self._looked_at = time.monotonic()

    def read_edition(self, session: Session, revision: int) -> Edition:
        """The base that is stored (made anew where it is missing, foreign or far behind) and what changed since."""
        held = self._edition
        label = self.shelf.newest()
        if label is None or not is_ours(session, label, revision) or is_far_behind(session, label.revision):
            label = self.rebuild(session)
        if label.revision != held.base_revision:
            base = self.shelf.open(label)
            if base is None:
                log.warning("the name index is damaged and is made anew")
                label = self.rebuild(session)
                base = self.shelf.open(label)
            if base is None:
                raise OSError("the name index cannot be kept in its folder")
            rarity = count_rarity(base)
        else:
            base, rarity = held.base, held.rarity
        changed = select(Enterprise.id).where(Enterprise.revision > label.revision).order_by(Enterprise.id)
        changed_ids = np.asarray(session.scalars(changed).all(), dtype=np.uint32)
        changes = build_shard(read_names(session, label.revision))
        unchanged = np.setdiff1d(base.enterprise_ids, changed_ids)
        count = len(unchanged) + len(np.unique(changes.enterprise_ids))
        return Edition(revision, label.revision, base, changes, changed_ids, rarity, count)

    def rebuild(self, session: Session) -> Label:
        """Make a new base from the register; several processes may ask at once, one does it."""
        with self.shelf.hold():
            revision = current_revision(session)
            label = self.shelf.newest()
            if label and label.revision == revision and self.shelf.open(label) and is_ours(session, label, revision):
                return label
            started = time.monotonic()
            shard = build_shard(read_names(session, -1))
            label = self.shelf.store(shard, revision, read_witness(session, revision))
            log.info("name index made: %d names in %.1f s", shard.count, time.monotonic() - started)
            return label

    def search(self, text: str, most: int) -> list[Hit]:
        """The names that fit a normalised text, best first, one for each enterprise."""
        edition = self._edition
        question = read_question(text)
        groups = edition.gather(lambda shard: find_documents(shard, text, question.is_short))
        return weigh(question, groups, edition.rarity, most)

    def gather_spoken(self, readings: list[str]) -> list[Names]:
        """The names that share rare syllable pairs with these texts of syllables (sounds.py numbers them)."""
        folds = [load_sounds().fold_syllables(reading) for reading in readings]
        return self._edition.gather(
            lambda shard: shard.sounding_like(folds, BUDGET * min(3, len(folds)), MOST_CANDIDATES)
        )

    def gather_initialled(self, letters: str) -> list[Names]:
        """The names whose syllables have these initials."""
        return self._edition.gather(lambda shard: shard.initialled(letters)[:MOST_CANDIDATES])


def find_documents(shard: Shard, text: str, is_short: bool) -> Places:
    """Names that share rare grams with a text, and for a short one those that hold most of it."""
    find = shard.candidates_of_short if is_short else shard.candidates
    return find(text, BUDGET, MOST_CANDIDATES)


def names_of(shard: Shard, documents: Places) -> Names:
    """These documents with what ranking needs."""
    flat, starts = shard.gather(documents)
    return Names(shard.texts(documents), flat, starts, shard.enterprise_ids[documents])


def current_revision(session: Session) -> int:
    """The register's revision; 0 for an empty register."""
    return session.scalar(select(func.max(RegisterRevision.revision))) or 0


def read_names(session: Session, after: int) -> Iterator[tuple[int, str]]:
    """Enterprise id and each of its names in normal form, of all touched after a revision."""
    touched = (Enterprise.revision > after, Enterprise.status != Status.REMOVED)
    own = select(Enterprise.id, Enterprise.name).where(*touched)
    other = select(EnterpriseName.enterprise_id, EnterpriseName.name).join(Enterprise).where(*touched)
    for statement in (own, other):
        for rows in session.execute(statement.execution_options(yield_per=READ_ROWS)).partitions():
            for enterprise_id, name in rows:
                yield enterprise_id, normalise(name)


def read_witness(session: Session, revision: int) -> str:
    """A row of the register as it was at a revision, to know a base made from another database."""
    row = session.execute(
        select(Enterprise.id, Enterprise.name_hash)
        .where(Enterprise.revision <= revision)
        .order_by(Enterprise.id.desc())
        .limit(1)
    ).first()
    return f"{row.id}:{row.name_hash}" if row else ""


def is_ours(session: Session, label: Label, revision: int) -> bool:
    """Whether a stored base was made from this register, and not from its future."""
    if label.revision > revision:
        return False
    if not label.witness:
        return read_witness(session, label.revision) == ""
    enterprise_id, name_hash = label.witness.split(":")
    row = session.execute(
        select(Enterprise.name_hash, Enterprise.revision).where(Enterprise.id == int(enterprise_id))
    ).first()
    return row is not None and (row.revision > label.revision or row.name_hash == int(name_hash))


def is_far_behind(session: Session, base_revision: int) -> bool:
    """Whether too much changed since a base was made to keep it on top."""
    changed = select(Enterprise.id).where(Enterprise.revision > base_revision).limit(MOST_CHANGES + 1)
    return len(session.scalars(changed).all()) > MOST_CHANGES
