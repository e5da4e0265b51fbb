"""Names by the initials of their syllables: shqggdkjyxgs for 上海启格光电科技有限公司."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.enterprises.postings import Numbers, Places, bound
from services.enterprises.sounds import Codes, encode, load_sounds

Hashes = npt.NDArray[np.uint64]

# Odd, so that no power of it is 0 modulo 2**64 (the multiplier of FNV-1a).
MULTIPLIER = 0x100000001B3
MIXER = np.uint64(0x9E3779B97F4A7C15)
LONGEST = 256
NAMES_AT_ONCE = 50_000


@dataclass(frozen=True)
class Initials:
    """Documents in the order of a hash of their initials, and where each bucket of hashes begins."""

    starts: Numbers  # one more than there are buckets, a power of two
    documents: Numbers

    def look_up(self, letters: str) -> Places:
        """The documents in the bucket of these letters and digits; some have other initials."""
        codes = encode(letters.upper())
        if not (len(self.documents) and letters.isascii() and letters.isalnum()):
            return np.zeros(0, dtype=np.int64)
        hashes = hash_rows(load_sounds().initial_class_of[codes], np.zeros(1, dtype=np.int64))
        bucket = int(choose_buckets(hashes, len(self.starts) - 1)[0])
        return self.documents[self.starts[bucket] : self.starts[bucket + 1]].astype(np.int64)


def hash_rows(classes: npt.NDArray[np.uint8], starts: Places) -> Hashes:
    """A hash of each row of classes of initials; rows begin at `starts`, class 0 counts for nothing."""
    lengths = np.diff(starts, append=len(classes))
    places = np.minimum(np.arange(len(classes)) - np.repeat(starts, lengths), LONGEST - 1)
    powers = np.cumprod(np.full(LONGEST, MULTIPLIER, dtype=np.uint64))
    hashes: Hashes = np.add.reduceat(classes * powers[places], starts)
    return hashes


def choose_buckets(hashes: Hashes, count: int) -> Numbers:
    """The bucket of each hash; `count` is a power of two."""
    return ((hashes * MIXER) >> np.uint64(64 - count.bit_length() + 1)).astype(np.uint32)


def sort_initials(codes: Codes, ends: Numbers) -> Initials:
    """The initials of all names, each followed by a separator."""
    if not len(ends):
        return Initials(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint32))
    count = 1 << max(1, (len(ends) // 2).bit_length())
    stops = ends.astype(np.int64) + 1
    starts = np.concatenate([[0], stops[:-1]])
    parts = []
    for first in range(0, len(ends), NAMES_AT_ONCE):
        begins = starts[first : first + NAMES_AT_ONCE]
        part = codes[begins[0] : stops[first : first + NAMES_AT_ONCE][-1]]
        parts.append(choose_buckets(hash_rows(load_sounds().initial_class_of[part], begins - begins[0]), count))
    buckets = np.concatenate(parts)
    documents = np.argsort(buckets, kind="stable").astype(np.uint32)
    return Initials(bound(np.bincount(buckets, minlength=count)), documents)
