"""How much of a short text stands in each of many names: what they hold, in which pairs, in which order."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.enterprises.postings import Flags, Places
from services.enterprises.sounds import Codes

MOST_CODES = 16  # one bit for each, and one for each pair of neighbours
ROW_BITS = 32
LENGTH_BITS = 16


def sort_by_overlap(codes: Codes, flat: Codes, starts: Places) -> Places:
    """Rows of flat codes, best first: those that hold more of the codes, more of their pairs, in order, short ones.

    Only the first MOST_CODES codes are looked at.
    """
    codes = codes[:MOST_CODES]
    marks = np.bitwise_or.reduceat(mark(codes.tolist(), flat), starts)
    holds, pairs = marks.astype(np.uint16), (marks >> np.uint32(MOST_CODES)).astype(np.uint16)
    lengths = np.diff(starts, append=len(flat))
    is_ordered = np.zeros(len(starts), dtype=bool)
    whole = np.flatnonzero(np.bitwise_count(holds) == len(set(codes.tolist())))
    if len(whole):
        is_ordered[whole] = stand_in_order(codes, flat, starts[whole], lengths[whole])
    keys = MOST_CODES - np.bitwise_count(holds).astype(np.uint64)
    keys = (keys << np.uint64(8)) | (MOST_CODES - np.bitwise_count(pairs).astype(np.uint64))
    keys = (keys << np.uint64(1)) | ~is_ordered
    keys = (keys << np.uint64(LENGTH_BITS)) | lengths.clip(0, (1 << LENGTH_BITS) - 1).astype(np.uint64)
    # One number for each row, its own last: sorted many times faster than by several keys.
    keys = (keys << np.uint64(ROW_BITS)) | np.arange(len(keys), dtype=np.uint64)
    keys.sort()
    order: Places = (keys & np.uint64((1 << ROW_BITS) - 1)).astype(np.int64)
    return order


def mark(codes: list[int], flat: Codes) -> npt.NDArray[np.uint32]:
    """For each flat code the bit of the code that it is, and the bit of the pair that it begins."""
    is_code = {code: flat == code for code in codes}
    marks = np.zeros(len(flat), dtype=np.uint32)
    for bit, held in enumerate(is_code.values()):
        marks |= held.astype(np.uint32) << np.uint32(bit)
    for bit, (first, second) in enumerate(dict.fromkeys(pairwise(codes)), MOST_CODES):
        marks[:-1] |= (is_code[first][:-1] & is_code[second][1:]).astype(np.uint32) << np.uint32(bit)
    return marks


def stand_in_order(codes: Codes, flat: Codes, starts: Places, lengths: Places) -> Flags:
    """For each of these rows whether it holds these codes in this order."""
    firsts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    rows = flat[np.arange(lengths.sum()) + np.repeat(starts - firsts, lengths)]
    beyond = len(rows)
    at = np.arange(beyond)
    reached = firsts - 1
    for code in codes.tolist():
        later = np.where((rows == code) & (at > np.repeat(reached, lengths)), at, beyond)
        reached = np.minimum.reduceat(later, firsts)
    # A row's codes end where the next row begins: what was found beyond it is none of its own.
    ordered: Flags = reached < firsts + lengths
    return ordered
