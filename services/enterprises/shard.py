"""Posting lists over a set of names: grams, rarest first, and the names that share them."""

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from services.enterprises.initials import Initials, sort_initials
from services.enterprises.overlap import sort_by_overlap
from services.enterprises.postings import Halves, Numbers, Places, Postings, contains, sort_postings
from services.enterprises.sounds import Codes, bit_of_initial, decode, encode, load_sounds

Scores = npt.NDArray[np.float32]
Arrays = dict[str, Numbers | Halves]

SEPARATOR = 10  # a line feed after each name; normalised names hold none
GRAM_BITS = 6  # a query's grams are numbered in 6 bits beside the document's 26
MOST_GRAMS = (1 << GRAM_BITS) - 1
VERY_RARE = 300  # names that hold one of the rarest grams are kept even where they hold no other
MOST_HOLDERS = 1_500
FEW = 8  # sounds
NAMES_AT_ONCE = 20_000
KINDS = ("rare", "common")
FIELDS = ("characters", "pairs", "sounds")
FIELD_WEIGHTS = {"characters": 0.5, "pairs": 1.0, "sounds": 0.7}


def join_neighbours(codes: Codes) -> Numbers:
    """Each two neighbours as one key, in either order: two characters swapped keep theirs."""
    wide = codes.astype(np.uint32)
    return (np.minimum(wide[:-1], wide[1:]) << np.uint32(16)) | np.maximum(wide[:-1], wide[1:])


def cut_grams(codes: Codes, sounds: Codes) -> dict[str, Numbers]:
    """All grams of one query, by field."""
    return {
        "characters": np.unique(codes.astype(np.uint32)),
        "pairs": np.unique(join_neighbours(codes)),
        "sounds": np.unique(join_neighbours(sounds)),
    }


@dataclass(frozen=True)
class Shard:
    """Names in normal form, one after the other, and the postings of their grams."""

    codes: Codes  # all names, each followed by SEPARATOR
    ends: Numbers  # where each name's separator stands
    enterprise_ids: Numbers  # whose name it is
    initials: Initials
    postings: dict[str, tuple[Postings, Postings]]  # by field: of rare grams and of common ones

    @property
    def count(self) -> int:
        """How many names."""
        return len(self.ends)

    def arrays(self) -> Arrays:
        """All that a shard is made of, by name: what `restore` takes."""
        arrays: Arrays = {
            "codes": self.codes,
            "ends": self.ends,
            "enterprise_ids": self.enterprise_ids,
            "initials_starts": self.initials.starts,
            "initials_documents": self.initials.documents,
        }
        for field, kinds in self.postings.items():
            for kind, postings in zip(KINDS, kinds, strict=True):
                name = f"{field}_{kind}"
                arrays |= {
                    f"{name}_keys": postings.keys,
                    f"{name}_starts": postings.starts,
                    f"{name}_entries": postings.entries,
                }
        return arrays

    @classmethod
    def restore(cls, arrays: Arrays) -> "Shard":
        """The shard of these arrays; KeyError where one is missing."""
        postings = {}
        for field in FIELDS:
            rare, common = (
                Postings(
                    arrays[f"{field}_{kind}_keys"].view(np.uint32),
                    arrays[f"{field}_{kind}_starts"].view(np.uint32),
                    arrays[f"{field}_{kind}_entries"],
                )
                for kind in KINDS
            )
            postings[field] = rare, common
        initials = Initials(arrays["initials_starts"].view(np.uint32), arrays["initials_documents"].view(np.uint32))
        codes, ends = arrays["codes"].view(np.uint16), arrays["ends"].view(np.uint32)
        return cls(codes, ends, arrays["enterprise_ids"].view(np.uint32), initials, postings)

    def texts(self, documents: Places) -> list[str]:
        """The names of these documents."""
        return decode(self.gather(documents)[0]).split(chr(SEPARATOR))[:-1]

    def gather(self, documents: Places) -> tuple[Codes, Places]:
        """The codes of these documents' names with their separators, and where each begins."""
        ends = self.ends[documents].astype(np.int64) + 1
        previous = self.ends[np.maximum(documents - 1, 0)].astype(np.int64) + 1
        begins = np.where(documents > 0, previous, 0)
        lengths = ends - begins
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(lengths.sum()) + np.repeat(begins - starts, lengths)
        return self.codes[places], starts

    def candidates(self, text: str, budget: int, most: int) -> Places:
        """Documents sharing the rarest grams of a normalised text, at most `budget` postings read."""
        codes = encode(text)
        return self.share(cut_grams(codes, load_sounds().fold_of[codes]), budget, most)

    def sounding_like(self, readings: list[Codes], budget: int, most: int) -> Places:
        """Documents sharing the rarest pairs of folded sounds, read in these ways; of few those that hold most."""
        grams = np.unique(np.concatenate([join_neighbours(folds) for folds in readings]))
        pool = self.share({"sounds": grams}, budget, MOST_HOLDERS)
        if len(pool) <= most or len(readings[0]) > FEW:
            return pool[:most]
        flat, starts = self.gather(pool)
        return pool[sort_by_overlap(readings[0], load_sounds().fold_of[flat], starts)[:most]]

    def share(self, grams: dict[str, Numbers], budget: int, most: int) -> Places:
        """The documents with the greatest weight of shared grams, greatest first."""
        lists, weights = self.choose_lists(grams, budget)
        if not lists:
            return np.zeros(0, dtype=np.int64)
        documents, scores = add_up(lists, weights, most)
        if len(documents) > most:
            least = np.partition(scores, len(scores) - most)[len(scores) - most]
            better, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
            kept = np.concatenate([better, equal[: most - len(better)]])
            documents, scores = documents[kept], scores[kept]
        return documents[np.argsort(-scores, kind="stable")]

    def candidates_of_short(self, text: str, budget: int, most: int) -> Places:
        """For a short text also those, among many more, that hold most of it as written: in its pairs, in its order.

        A short form takes characters from a long name (华瓷股份: 湖南华联瓷业股份有限公司), common ones too,
        which no list is kept of.
        """
        codes = encode(text)
        sharing = self.candidates(text, budget, MOST_HOLDERS)
        pool = np.union1d(sharing, self.intersect(np.unique(codes))[:MOST_HOLDERS])
        if not len(pool):
            return pool
        flat, starts = self.gather(pool)
        order = sort_by_overlap(codes, flat, starts)
        return np.union1d(pool[order[:most]], sharing[:most])

    def initialled(self, letters: str) -> Places:
        """Documents of names whose syllables begin with these letters, in one of their readings."""
        documents = self.initials.look_up(letters)
        if not len(documents):
            return documents
        flat, starts = self.gather(documents)
        lengths = np.diff(starts, append=len(flat)) - 1
        fitting = np.flatnonzero(lengths == len(letters))
        for place, letter in enumerate(letters.upper()):
            initials = load_sounds().initials_of[flat[starts[fitting] + place]]
            fitting = fitting[(initials & bit_of_initial(letter)) > 0]
        return documents[fitting]

    def intersect(self, codes: Codes) -> Places:
        """Documents that hold all of these codes, as far as their lists are kept."""
        lists = [part for postings in self.postings["characters"] for part in read_lists(postings, codes)]
        found: Numbers | None = None
        for part in sorted(lists, key=len):
            found = part if found is None else found[contains(part, found)]
        return np.zeros(0, dtype=np.int64) if found is None else found.astype(np.int64)

    def choose_lists(self, grams: dict[str, Numbers], budget: int) -> tuple[list[Numbers], list[float]]:
        """The lists of the rarest grams until the budget is used up, each with its weight."""
        found: list[tuple[int, float, Postings, int, int]] = []
        for field, keys in grams.items():
            for postings in self.postings[field]:
                begins, ends = postings.look_up(keys)
                for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
                    if end > begin:
                        weight = FIELD_WEIGHTS[field] * math.log(1 + self.count / (end - begin))
                        found.append((end - begin, weight, postings, begin, end))
        found.sort(key=itemgetter(0, 1))
        lists, weights, used = [], [], 0
        for size, weight, postings, begin, end in found[:MOST_GRAMS]:
            if used and used + size > budget:
                break
            used += size
            lists.append(postings.read(begin, end))
            weights.append(weight)
        return lists, weights


def read_lists(postings: Postings, codes: Codes) -> list[Numbers]:
    """The documents of each of these characters that has a list here."""
    begins, ends = postings.look_up(codes.astype(np.uint32))
    return [postings.read(begin, end) for begin, end in zip(begins.tolist(), ends.tolist(), strict=True) if end > begin]


def add_up(lists: list[Numbers], weights: list[float], enough: int) -> tuple[Places, Scores]:
    """Each document in the lists with the sum of the weights of those that hold it.

    Of lists in ascending length; where `enough` documents stand in several, those in one alone are left out,
    but for the rarest.
    """
    packed = np.concatenate([(part << np.uint32(GRAM_BITS)) | np.uint32(n) for n, part in enumerate(lists)])
    packed.sort()
    documents = packed >> np.uint32(GRAM_BITS)
    is_same = documents[1:] == documents[:-1]
    if np.count_nonzero(is_same) > 4 * enough:
        rare = int(np.searchsorted(np.cumsum([len(part) for part in lists]), VERY_RARE, side="right"))
        kept = (packed & np.uint32(MOST_GRAMS)) < rare
        kept[1:] |= is_same
        kept[:-1] |= is_same
        packed = packed[kept]
        documents = documents[kept]
        is_same = documents[1:] == documents[:-1]
    worth = np.asarray(weights, dtype=np.float32)[packed & np.uint32(MOST_GRAMS)]
    first = np.flatnonzero(np.concatenate([[True], ~is_same]))
    return documents[first].astype(np.int64), np.add.reduceat(worth, first)


def build_shard(names: Iterable[tuple[int, str]]) -> Shard:
    """A shard of (enterprise id, normalised name); the same for millions of names and for the few on top."""
    enterprise_ids = array("I")
    pieces: list[Codes] = []
    waiting: list[str] = []
    for enterprise_id, name in names:
        enterprise_ids.append(enterprise_id)
        waiting.append(name)
        if len(waiting) == NAMES_AT_ONCE:
            pieces.append(encode("\n".join((*waiting, ""))))
            waiting.clear()
    if waiting:
        pieces.append(encode("\n".join((*waiting, ""))))
    codes = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.uint16)
    pieces.clear()
    ends = np.flatnonzero(codes == SEPARATOR).astype(np.uint32)
    initials = sort_initials(codes, ends)
    return Shard(codes, ends, np.asarray(enterprise_ids, dtype=np.uint32), initials, cut_postings(codes, ends))


def cut_postings(codes: Codes, ends: Numbers) -> dict[str, tuple[Postings, Postings]]:
    """The postings of all names, one field after the other to spare memory."""
    owners = np.repeat(np.arange(len(ends), dtype=np.uint32), np.diff(np.append(-1, ends.astype(np.int64))))
    inside = codes != SEPARATOR
    neighbours = inside[:-1] & inside[1:]
    characters = sort_postings(codes[inside].astype(np.uint32), owners[inside])
    pair_owners = owners[:-1][neighbours]
    del owners, inside
    pairs = sort_postings(join_neighbours(codes)[neighbours], pair_owners)
    sounds = sort_postings(join_neighbours(load_sounds().fold_of[codes])[neighbours], pair_owners)
    return {"characters": characters, "pairs": pairs, "sounds": sounds}
