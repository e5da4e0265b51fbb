"""How much of a text stands in each of many names: what they hold, in which pairs, in which order."""

import itertools

import numpy as np

from services.enterprises.postings import Flags, Places
from services.enterprises.sounds import Codes


def sort_by_overlap(codes: Codes, flat: Codes, starts: Places) -> Places:
    """Rows of flat codes, best first: those that hold more of the codes, more of their pairs, in order, short ones."""
    lengths = np.diff(starts, append=len(flat))
    keys = (lengths, ~stand_in_order(codes, flat, starts), -count_pairs(codes, flat, starts))
    order: Places = np.lexsort((*keys, -count_held(codes, flat, starts)))
    return order


def count_held(codes: Codes, flat: Codes, starts: Places) -> Places:
    """For each row of flat codes how many of these codes it holds."""
    held = np.zeros(len(starts), dtype=np.int64)
    for code in codes.tolist():
        held += np.logical_or.reduceat(flat == code, starts)
    return held


def count_pairs(codes: Codes, flat: Codes, starts: Places) -> Places:
    """For each row of flat codes how many neighbours of these codes are neighbours there."""
    held = np.zeros(len(starts), dtype=np.int64)
    for first, second in itertools.pairwise(codes.tolist()):
        stands = np.zeros(len(flat), dtype=bool)
        stands[:-1] = (flat[:-1] == first) & (flat[1:] == second)
        held += np.logical_or.reduceat(stands, starts)
    return held


def stand_in_order(codes: Codes, flat: Codes, starts: Places) -> Flags:
    """For each row of flat codes whether it holds these codes in this order."""
    beyond = len(flat)
    places = np.arange(beyond)
    lengths = np.diff(starts, append=beyond)
    reached = starts - 1
    for code in codes.tolist():
        later = np.where((flat == code) & (places > np.repeat(reached, lengths)), places, beyond)
        reached = np.minimum.reduceat(later, starts)
    ordered: Flags = reached < beyond
    return ordered
