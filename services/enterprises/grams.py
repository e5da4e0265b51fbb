"""Grams: the characters, pairs of neighbours and pairs of sounds by which names are found."""

import numpy as np

from services.enterprises.postings import Numbers
from services.enterprises.sounds import Codes

FIELDS = ("characters", "pairs", "sounds")


def join_neighbours(codes: Codes) -> Numbers:
    """Each two neighbours as one key, in either order: two characters swapped keep theirs."""
    return join_pairs(codes[:-1], codes[1:])


def join_pairs(first: Codes, second: Codes) -> Numbers:
    """Each two of these codes as one key, in either order."""
    low, high = np.minimum(first, second).astype(np.uint32), np.maximum(first, second).astype(np.uint32)
    return (low << np.uint32(16)) | high


def cut_grams(codes: Codes, sounds: Codes) -> dict[str, Numbers]:
    """All grams of one query, by field."""
    return {
        "characters": np.unique(codes.astype(np.uint32)),
        "pairs": np.unique(join_neighbours(codes)),
        "sounds": np.unique(join_neighbours(sounds)),
    }
