"""Posting lists: for each gram the documents that hold it, rare ones as numbers, common ones as gaps."""

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint32]
Halves = npt.NDArray[np.uint16]
Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Integer = TypeVar("Integer", bound=np.integer[Any])

# Lists at least this long are kept as gaps of 16 bits: of two million names, half the size.
LONG = 32
# A gap of this value leads on without a document: what remains of a wider gap follows.
ESCAPE = 0xFFFF
# Grams of more names than this say too little: their lists are not kept.
MOST_DOCUMENTS = 60_000
# A list so many times longer than another is searched for each of it; else sorting both together is faster.
FEWER = 15


@dataclass(frozen=True)
class Postings:
    """Sorted keys, where each one's entries begin, and the entries: documents, or the gaps between them."""

    keys: Numbers
    starts: Numbers
    entries: Numbers | Halves

    def find(self, grams: Numbers) -> list[tuple[int, int, int]]:
        """Where among the grams those stand that have a list here, with begin and end of its entries."""
        if not len(self.keys):
            return []
        places = np.minimum(np.searchsorted(self.keys, grams), len(self.keys) - 1)
        known = np.flatnonzero(self.keys.take(places) == grams)
        begins = places.take(known)
        ends = self.starts.take(begins + 1)
        return list(zip(known.tolist(), self.starts.take(begins).tolist(), ends.tolist(), strict=True))

    def read(self, begin: int, end: int) -> Numbers:
        """The documents of these entries, ascending."""
        part = self.entries[begin:end]
        if part.dtype == np.uint32:
            return part.view(np.uint32)
        documents: Numbers = part.cumsum(dtype=np.uint32)
        is_one = part != ESCAPE
        return documents if is_one.all() else documents[is_one]  # long lists hold no wide gap


def sort_postings(grams: Numbers, owners: Numbers) -> tuple[Postings, Postings]:
    """Postings of (gram, document) pairs, the rare and the common; a gram twice in one name counts once."""
    packed = (grams.astype(np.uint64) << np.uint64(32)) | owners
    del grams, owners
    packed.sort()
    if len(packed):
        packed = packed[np.concatenate([[True], packed[1:] != packed[:-1]])]
    sorted_grams = (packed >> np.uint64(32)).astype(np.uint32)
    documents = packed.astype(np.uint32)
    del packed
    first = np.flatnonzero(np.diff(sorted_grams, prepend=~sorted_grams[:1]))
    counts = np.diff(first, append=len(sorted_grams))
    keys = sorted_grams[first]
    del sorted_grams
    is_common = (counts >= LONG) & (counts <= MOST_DOCUMENTS)
    is_rare = counts < LONG
    rare = Postings(keys[is_rare], bound(counts[is_rare]), documents[np.repeat(is_rare, counts)])
    return rare, code_gaps(keys[is_common], counts[is_common], documents[np.repeat(is_common, counts)])


def bound(counts: Places) -> Numbers:
    """Where each of these many entries begin, and where the last ones end."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32)


def code_gaps(keys: Numbers, counts: Places, documents: Numbers) -> Postings:
    """Lists of documents as lists of gaps; each list's first gap is its first document."""
    gaps = np.diff(documents, prepend=np.uint32(0))
    firsts = bound(counts)[:-1]
    gaps[firsts] = documents[firsts]
    escapes = gaps // np.uint32(ESCAPE)
    places = np.arange(len(gaps)) + np.cumsum(escapes, dtype=np.int64)
    entries = np.full(int(places[-1]) + 1 if len(places) else 0, ESCAPE, dtype=np.uint16)
    entries[places] = gaps % np.uint32(ESCAPE)
    ends = places[firsts + counts - 1] + 1 if len(counts) else places
    return Postings(keys, np.concatenate([[0], ends]).astype(np.uint32), entries)


def contains(sorted_numbers: npt.NDArray[Integer], wanted: npt.NDArray[Integer]) -> Flags:
    """Which of the wanted stand in the sorted numbers; none in none."""
    if not len(sorted_numbers):
        return np.zeros(len(wanted), dtype=bool)
    places = np.minimum(np.searchsorted(sorted_numbers, wanted), len(sorted_numbers) - 1)
    found: Flags = sorted_numbers[places] == wanted
    return found


def intersect(few: Numbers, many: Numbers) -> Numbers:
    """What stands in both of two ascending lists, each number once in each."""
    if len(few) * FEWER < len(many):
        return few[contains(many, few)]
    both = np.concatenate([few, many])
    both.sort()
    found: Numbers = both[1:][both[1:] == both[:-1]]
    return found


def distinct(numbers: npt.NDArray[Integer]) -> npt.NDArray[Integer]:
    """Ascending, each once; of lists in pieces much faster than np.unique."""
    ordered = np.sort(numbers, kind="stable")
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
