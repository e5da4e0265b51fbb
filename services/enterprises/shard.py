"""A shard: names in normal form, and the posting lists of their grams."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from services.enterprises.grams import FIELDS, join_neighbours
from services.enterprises.initials import Initials, sort_initials
from services.enterprises.postings import Halves, Numbers, Places, Postings, contains, sort_postings
from services.enterprises.sounds import Codes, decode, encode, load_sounds

Arrays = dict[str, Numbers | Halves]

SEPARATOR = 10  # a line feed after each name; normalised names hold none
NAMES_AT_ONCE = 20_000
KINDS = ("rare", "common")


@dataclass(frozen=True)
class Shard:
    """Names in normal form, one after the other, and the postings of their grams."""

    codes: Codes  # all names, each followed by SEPARATOR
    ends: Numbers  # where each name's separator stands
    enterprise_ids: Numbers  # whose name it is
    listed: Numbers  # the enterprises whose shares are listed (上市), sorted
    initials: Initials
    postings: dict[str, tuple[Postings, Postings]]  # by field: of rare grams and of common ones

    @property
    def count(self) -> int:
        """How many names."""
        return len(self.ends)

    @cached_property
    def listed_documents(self) -> Places:
        """The names of the enterprises whose shares are listed."""
        return np.flatnonzero(contains(self.listed, self.enterprise_ids))

    def arrays(self) -> Arrays:
        """All that a shard is made of, by name: what `restore` takes."""
        arrays: Arrays = {
            "codes": self.codes,
            "ends": self.ends,
            "enterprise_ids": self.enterprise_ids,
            "listed": self.listed,
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
        # Mapped files as plain arrays: each slice of a memmap makes an object that costs more than the slice.
        arrays = {name: array.view(np.ndarray) for name, array in arrays.items()}
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
        owners, listed = arrays["enterprise_ids"].view(np.uint32), arrays["listed"].view(np.uint32)
        return cls(codes, ends, owners, listed, initials, postings)

    def texts(self, documents: Places) -> list[str]:
        """The names of these documents."""
        return split_texts(self.gather(documents)[0])

    def gather(self, documents: Places) -> tuple[Codes, Places]:
        """The codes of these documents' names with their separators, and where each begins."""
        ends = self.ends.take(documents).astype(np.int64) + 1
        previous = self.ends.take(np.maximum(documents - 1, 0)).astype(np.int64) + 1
        begins = np.where(documents > 0, previous, 0)
        lengths = ends - begins
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        places = np.arange(lengths.sum()) + np.repeat(begins - starts, lengths)
        return self.codes.take(places), starts


def split_texts(codes: Codes) -> list[str]:
    """The names of codes with a separator after each."""
    return decode(codes).split(chr(SEPARATOR))[:-1]


def build_shard(names: Iterable[tuple[int, str]], listed: Iterable[int] = ()) -> Shard:
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
    owners = np.asarray(enterprise_ids, dtype=np.uint32)
    marked = np.asarray(sorted(listed), dtype=np.uint32)
    return Shard(codes, ends, owners, marked, initials, cut_postings(codes, ends))


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
