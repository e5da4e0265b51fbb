"""Queries of known meaning and what the finder sees of them: to fit weights on one half and check on the other."""

import hashlib
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from services.enterprises.editions import count_rarity, names_of
from services.enterprises.features import (
    SHORT_LENGTH,
    Names,
    Question,
    Table,
    compare_parts,
    measure_text,
    read_question,
)
from services.enterprises.index import find_documents
from services.enterprises.mistakes import KINDS, make_mistakes
from services.enterprises.parts import split_name
from services.enterprises.retelling import BRAND, CORE, NO_REGION, REGION_BRAND, WHOLE, take_apart
from services.enterprises.shard import Shard, build_shard
from services.enterprises.weights import kind_of

Flags = npt.NDArray[np.bool_]
MOST_KEPT = 60  # candidates of a query that are taken apart
LEAST_ASKED = 2
ABSENT_CUTS = (WHOLE, WHOLE, NO_REGION, NO_REGION, CORE, REGION_BRAND, BRAND)
# How much a query teaches the ranking: our own mistakes are many, and not as often made as they are told here.
WORTH = {"made": 0.05, "labelled": 1.0, "real": 1.0, "logged": 3.0}
IsMeant = Callable[[str], bool]


@dataclass(frozen=True)
class Query:
    """What somebody asked for, in normal form, and which names are right.

    Where the firm is absent they are none: any that would be right are struck from the candidates.
    """

    kind: str
    family: str  # kinds that teach each other; held out together
    text: str
    source: str  # the firm by which queries are split into halves
    origin: str  # one of WORTH
    is_meant: IsMeant = lambda _: False
    is_absent: bool = False


@dataclass(frozen=True)
class Trial:
    """A query with the features of its best candidates and which of them are right."""

    query: Query
    question: Question
    features: Table  # candidates × FEATURES
    right: Flags

    @property
    def is_fit(self) -> bool:
        """Which half: by the firm, so that no firm is in both."""
        return hashlib.sha256(self.query.source.encode()).digest()[0] % 2 == 0

    @property
    def is_answerable(self) -> bool:
        """Whether a right name is among the candidates."""
        return bool(self.right.any())


@dataclass(frozen=True)
class Ground:
    """The names that queries are tried on."""

    shard: Shard
    rarity: Table

    def mark(self, listed: Collection[str]) -> "Ground":
        """The same names, where the register says of these firms that their shares are listed."""
        texts = self.shard.texts(np.arange(self.shard.count))
        marked = [place for place, text in enumerate(texts) if text in listed]
        return replace(self, shard=replace(self.shard, listed=np.asarray(marked, dtype=np.uint32)))

    def measure(self, query: Query) -> tuple[Question, Names, Table, Flags] | None:
        """The candidates of a query, their text features and which are right; None of none."""
        question = read_question(query.text)
        documents = find_documents(self.shard, question)
        if not len(documents):
            return None
        names = names_of(self.shard, documents)
        right = np.asarray([query.is_meant(text) for text in names.texts])
        return question, names, measure_text(question, names, self.rarity), right


def lay_ground(names: Sequence[str]) -> Ground:
    """Of names in normal form."""
    shard = build_shard(enumerate(names))
    return Ground(shard, count_rarity(shard))


def make_trials(ground: Ground, queries: Iterable[Query], sieve: dict[str, Table]) -> Iterator[Trial]:
    """Trials of the queries that have candidates: those that pass the sieve, and the right ones."""
    for query in queries:
        if (found := ground.measure(query)) is None:
            continue
        question, names, by_text, right = found
        kept = np.flatnonzero(~right) if query.is_absent else np.arange(len(right))
        worth = by_text @ sieve[kind_of(question)]
        best = kept[np.argsort(-worth[kept])[:MOST_KEPT]]
        if not query.is_absent:
            best = np.union1d(best, np.flatnonzero(right))
        if len(best):
            texts = [names.texts[place] for place in best.tolist()]
            parts = compare_parts(question, [split_name(text) for text in texts], ground.rarity)
            yield Trial(query, question, np.hstack([by_text[best], parts]), right[best])


def tell_mistakes(names: Sequence[str], each: int, seed: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[Query]:
    """Seeded mistakes with the names of a register."""
    for mistake in make_mistakes(names, each, seed, kinds):
        family = KINDS[mistake.kind].family
        yield Query(mistake.kind, family, mistake.query, mistake.name, "made", mistake.is_meant)


def tell_absent(names: Sequence[str], count: int, seed: int) -> Iterator[Query]:
    """Firms that are not there, asked for by their name or a part of it; what holds that is struck.

    Names of the register itself, or names from elsewhere.
    """
    chance = random.Random(seed)  # noqa: S311 - the same each time
    for name in chance.sample(names, min(count, len(names))):
        text = str(take_apart(split_name(name)).keep(chance.choice(ABSENT_CUTS)))
        if len(text) >= LEAST_ASKED:
            kind = "absent" if len(text) > SHORT_LENGTH else "absent short"
            yield Query(kind, "absent", text, name, "made", partial(holds, text), is_absent=True)


def holds(text: str, name: str) -> bool:
    """Whether a name holds a text."""
    return text in name
