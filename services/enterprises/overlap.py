"""How much of a short text stands in each of many names: what they hold, in which pairs, in which order."""

import numpy as np
import numpy.typing as npt

from services.enterprises.postings import Flags, Places
from services.enterprises.sounds import Codes

MOST_CODES = 16  # one bit for each
Bits = npt.NDArray[np.uint16]


def sort_by_overlap(codes: Codes, flat: Codes, starts: Places) -> Places:
    """Rows of flat codes, best first: those that hold more of the codes, more of their pairs, in order, short ones.

    Only the first MOST_CODES codes are looked at.
    """
    codes = codes[:MOST_CODES]
    own, places = np.unique(codes, return_inverse=True)
    place_of = np.full(int(max(flat.max(initial=0), own[-1])) + 1, len(own), dtype=np.uint8)
    place_of[own] = np.arange(len(own))
    held = place_of[flat]
    bits = np.append(np.left_shift(1, np.arange(len(own))), 0).astype(np.uint16)
    holds = np.bitwise_or.reduceat(bits[held], starts)
    pairs = np.bitwise_or.reduceat(mark_pairs(places, held, len(own)), starts)
    is_ordered = np.zeros(len(starts), dtype=bool)
    lengths = np.diff(starts, append=len(flat))
    whole = np.flatnonzero(holds == bits.sum())
    if len(whole):
        is_ordered[whole] = stand_in_order(places, held, starts[whole], lengths[whole])
    keys = (lengths, ~is_ordered, -np.bitwise_count(pairs).astype(np.int8), -np.bitwise_count(holds).astype(np.int8))
    order: Places = np.lexsort(keys)
    return order


def mark_pairs(places: Places, held: npt.NDArray[np.uint8], count: int) -> Bits:
    """For each code held the bit of the pair that it begins; `count` stands for a code that is none of these."""
    bit_of = np.zeros((count + 1) ** 2, dtype=np.uint16)
    bit_of[places[:-1] * (count + 1) + places[1:]] = np.left_shift(1, np.arange(len(places) - 1)).astype(np.uint16)
    marks = np.zeros(len(held), dtype=np.uint16)
    marks[:-1] = bit_of[held[:-1].astype(np.intp) * (count + 1) + held[1:]]
    return marks


def stand_in_order(places: Places, held: npt.NDArray[np.uint8], starts: Places, lengths: Places) -> Flags:
    """For each of these rows whether it holds these codes in this order."""
    firsts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    rows = held[np.arange(lengths.sum()) + np.repeat(starts - firsts, lengths)]
    beyond = len(rows)
    at = np.arange(beyond)
    reached = firsts - 1
    for place in places.tolist():
        later = np.where((rows == place) & (at > np.repeat(reached, lengths)), at, beyond)
        reached = np.minimum.reduceat(later, firsts)
    # A row's codes end where the next row begins: what was found beyond it is none of its own.
    ordered: Flags = reached < firsts + lengths
    return ordered
