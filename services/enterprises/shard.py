"""Posting lists over a set of names: grams, rarest first, and the names that share them."""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.enterprises.sounds import Codes, decode, encode, load_sounds

Numbers = npt.NDArray[np.uint32]
Longs = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

SEPARATOR = 10  # a line feed after each name; normalised names hold none
GRAM_BITS = 6  # a query's grams are numbered in 6 bits beside the document's 26
MOST_GRAMS = (1 << GRAM_BITS) - 1
# Grams of more names than this say too little: their lists are not kept.
MOST_DOCUMENTS = 60_000
MOST_HOLDERS = 3_000
NAMES_AT_ONCE = 20_000
FIELDS = ("characters", "pairs", "sounds")
FIELD_WEIGHTS = {"characters": 0.5, "pairs": 1.0, "sounds": 0.7}


@dataclass(frozen=True)
class Postings:
    """One kind of gram: sorted keys, where each one's documents begin, and the documents."""

    keys: Numbers
    starts: Numbers
    documents: Numbers

    def look_up(self, grams: Numbers) -> tuple[Places, Places]:
        """Begin and end of each gram's documents; equal where the gram is unknown or too common to be kept."""
        if not len(self.keys):
            nothing = np.zeros(len(grams), dtype=np.int64)
            return nothing, nothing
        places = np.minimum(np.searchsorted(self.keys, grams), len(self.keys) - 1)
        begins = self.starts[places].astype(np.int64)
        ends = self.starts[places + 1].astype(np.int64)
        return begins, np.where(self.keys[places] == grams, ends, begins)


def join_neighbours(codes: Codes) -> Numbers:
    """Each two neighbours as one key."""
    wide = codes.astype(np.uint32)
    return (wide[:-1] << np.uint32(16)) | wide[1:]


def join_sounds(sounds: Codes) -> Numbers:
    """Each two neighbouring sounds as one key, in either order: two characters swapped keep it."""
    wide = sounds.astype(np.uint32)
    return (np.minimum(wide[:-1], wide[1:]) << np.uint32(16)) | np.maximum(wide[:-1], wide[1:])


def cut_grams(codes: Codes, sounds: Codes) -> dict[str, Numbers]:
    """All grams of one query, by field."""
    return {
        "characters": np.unique(codes.astype(np.uint32)),
        "pairs": np.unique(join_neighbours(codes)),
        "sounds": np.unique(join_sounds(sounds)),
    }


def sort_postings(grams: Numbers, owners: Numbers) -> Postings:
    """Postings of (gram, document) pairs; a gram twice in one name counts once."""
    packed = (grams.astype(np.uint64) << np.uint64(32)) | owners
    del grams, owners
    packed.sort()
    if not len(packed):
        nothing = np.zeros(0, dtype=np.uint32)
        return Postings(nothing, np.zeros(1, dtype=np.uint32), nothing)
    packed = packed[np.concatenate([[True], packed[1:] != packed[:-1]])]
    sorted_grams = (packed >> np.uint64(32)).astype(np.uint32)
    documents = packed.astype(np.uint32)
    del packed
    first = np.flatnonzero(np.concatenate([[True], sorted_grams[1:] != sorted_grams[:-1]]))
    counts = np.diff(np.append(first, len(sorted_grams)))
    kept = counts <= MOST_DOCUMENTS
    starts = np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.uint32)
    return Postings(sorted_grams[first][kept], starts, documents[np.repeat(kept, counts)])


@dataclass(frozen=True)
class Shard:
    """Names in normal form, one after the other, and the postings of their grams."""

    codes: Codes  # all names, each followed by SEPARATOR
    ends: Numbers  # where each name's separator stands
    enterprise_ids: Numbers  # whose name it is
    postings: dict[str, Postings]

    @property
    def count(self) -> int:
        """How many names."""
        return len(self.ends)

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

    def sounding_like(self, folds: Codes, budget: int, most: int) -> Places:
        """Documents sharing the rarest pairs of these folded sounds."""
        return self.share({"sounds": np.unique(join_sounds(folds))}, budget, most)

    def share(self, grams: dict[str, Numbers], budget: int, most: int) -> Places:
        """The documents with the greatest weight of shared grams."""
        lists, weights = self.choose_lists(grams, budget)
        if not lists:
            return np.zeros(0, dtype=np.int64)
        documents, scores = add_up(lists, weights)
        if len(documents) > most:
            documents = documents[np.argpartition(scores, len(scores) - most)[-most:]]
        return documents

    def holders(self, text: str, most: int) -> Places:
        """Documents that hold every character of a short text, those that hold them in order and shorter first."""
        codes = np.unique(encode(text))
        begins, ends = self.postings["characters"].look_up(codes.astype(np.uint32))
        known = np.argsort(np.where(ends > begins, ends - begins, MOST_DOCUMENTS + 1))
        found: Numbers | None = None
        for place in known[: int(np.count_nonzero(ends > begins))]:
            part = self.postings["characters"].documents[begins[place] : ends[place]]
            found = part if found is None else found[contains(part, found)]
        if found is None or not len(found):
            return np.zeros(0, dtype=np.int64)
        documents = found[:MOST_HOLDERS].astype(np.int64)
        texts = self.texts(documents)
        in_order = re.compile(".*".join(map(re.escape, text)))
        wanted = set(text)
        ranked = [
            (in_order.search(name) is None, len(name), document)
            for name, document in zip(texts, documents.tolist(), strict=True)
            if wanted.issubset(name)
        ]
        return np.asarray([document for _, _, document in sorted(ranked)[:most]], dtype=np.int64)

    def choose_lists(self, grams: dict[str, Numbers], budget: int) -> tuple[list[Numbers], list[float]]:
        """The lists of the rarest grams until the budget is used up, each with its weight."""
        found: list[tuple[int, float, str, int, int]] = []
        for field, keys in grams.items():
            begins, ends = self.postings[field].look_up(keys)
            for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
                if end > begin:
                    weight = FIELD_WEIGHTS[field] * float(np.log(1 + self.count / (end - begin)))
                    found.append((end - begin, weight, field, begin, end))
        found.sort()
        lists, weights, used = [], [], 0
        for size, weight, field, begin, end in found[:MOST_GRAMS]:
            if used and used + size > budget:
                break
            used += size
            lists.append(self.postings[field].documents[begin:end])
            weights.append(weight)
        return lists, weights


def contains(sorted_numbers: Numbers, wanted: Numbers) -> Flags:
    """Which of the wanted stand in the sorted numbers."""
    places = np.minimum(np.searchsorted(sorted_numbers, wanted), len(sorted_numbers) - 1)
    found: Flags = sorted_numbers[places] == wanted
    return found


def add_up(lists: list[Numbers], weights: list[float]) -> tuple[Places, Scores]:
    """Each document in the lists with the sum of the weights of those that hold it."""
    packed = np.concatenate([(part << np.uint32(GRAM_BITS)) | np.uint32(n) for n, part in enumerate(lists)])
    packed.sort()
    documents = packed >> np.uint32(GRAM_BITS)
    worth = np.asarray(weights, dtype=np.float32)[packed & np.uint32(MOST_GRAMS)]
    first = np.flatnonzero(np.concatenate([[True], documents[1:] != documents[:-1]]))
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
    return Shard(codes, ends, np.asarray(enterprise_ids, dtype=np.uint32), cut_postings(codes, ends))


def cut_postings(codes: Codes, ends: Numbers) -> dict[str, Postings]:
    """The postings of all names, one field after the other to spare memory."""
    owners = np.repeat(np.arange(len(ends), dtype=np.uint32), np.diff(np.append(-1, ends.astype(np.int64))))
    inside = codes != SEPARATOR
    neighbours = inside[:-1] & inside[1:]
    characters = sort_postings(codes[inside].astype(np.uint32), owners[inside])
    pair_owners = owners[:-1][neighbours]
    del owners, inside
    pairs = sort_postings(join_neighbours(codes)[neighbours], pair_owners)
    sounds = sort_postings(join_sounds(load_sounds().fold_of[codes])[neighbours], pair_owners)
    return {"characters": characters, "pairs": pairs, "sounds": sounds}
