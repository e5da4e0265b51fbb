"""Names in a shard by initials: of all their syllables, or of a trade name."""

from itertools import pairwise

import numpy as np

from services.enterprises.candidates import read_lists
from services.enterprises.grams import join_pairs
from services.enterprises.postings import Places
from services.enterprises.shard import Shard
from services.enterprises.sounds import bit_of_initial, load_sounds


def find_initialled(shard: Shard, letters: str) -> Places:
    """Documents of names whose syllables begin with these letters, in one of their readings."""
    documents = shard.initials.look_up(letters)
    if not len(documents):
        return documents
    flat, starts = shard.gather(documents)
    lengths = np.diff(starts, append=len(flat)) - 1
    fitting = np.flatnonzero(lengths == len(letters))
    for place, letter in enumerate(letters.upper()):
        initials = load_sounds().initials_of[flat[starts[fitting] + place]]
        fitting = fitting[(initials & bit_of_initial(letter)) > 0]
    return documents[fitting]


def find_branded(shard: Shard, letters: str, most: int) -> Places:
    """Documents where characters with these initials follow each other near the beginning, as a trade name may stand.

    The nearest to the beginning first, the short ones before the long.
    """
    sounds = load_sounds()
    folds = [sounds.folds_by_letter.get(letter, np.zeros(0, dtype=np.uint16)) for letter in letters]
    is_held = np.ones(shard.count, dtype=bool)
    for first, second in pairwise(folds):
        keys = np.unique(join_pairs(np.repeat(first, len(second)), np.tile(second, len(first))))
        holds = np.zeros(shard.count, dtype=bool)
        for postings in shard.postings["sounds"]:
            for part in read_lists(postings, keys):
                holds[part] = True
        is_held &= holds
    documents = np.flatnonzero(is_held)
    if not len(documents):
        return documents
    flat, starts = shard.gather(documents)
    bits = sounds.initials_of[flat]
    fits = np.ones(len(flat) - len(letters) + 1, dtype=bool)
    for place, letter in enumerate(letters.upper()):
        fits &= (bits[place : place + len(fits)] & bit_of_initial(letter)) > 0
    at = np.flatnonzero(fits)
    rows = np.searchsorted(starts, at, side="right") - 1
    order = np.lexsort((np.diff(starts, append=len(flat))[rows], at - starts[rows]))
    return documents[list(dict.fromkeys(rows[order].tolist()))[:most]]
