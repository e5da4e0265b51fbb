"""Names typed in pinyin: ganzhouxinkang, jin long jian an."""

import numpy as np
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.process import cdist

from services.enterprises.index import NameIndex
from services.enterprises.matching import Hit, speak
from services.enterprises.parts import split_name
from services.enterprises.sounds import load_sounds

LEAST_LETTERS = 4


def read_pinyin(text: str) -> str:
    """A text of letters only as its syllables, one character for each; empty where it is no pinyin.

    Spaces between syllables are believed where there are any.
    """
    words = text.strip().lower().replace("'", " ").split()
    letters = "".join(words)
    if len(letters) < LEAST_LETTERS or not letters.isascii() or not letters.isalpha():
        return ""
    sounds = load_sounds()
    split = [sounds.split_pinyin(word) for word in words]
    if not all(split):
        return ""
    return "".join(chr(sounds.number_of[syllable]) for part in split for syllable in part or ())


def find_spoken(index: NameIndex, spoken: str, most: int) -> list[Hit]:
    """The names that sound most like these syllables, best first."""
    hits: dict[int, Hit] = {}
    for group in index.gather_spoken(spoken):
        whole = group.spoken()
        cores = speak("\n".join(split_name(text).core for text in group.texts)).split("\n")
        likeness = np.maximum(
            cdist([spoken], whole, scorer=OSA.normalized_similarity)[0],
            0.98 * cdist([spoken], cores, scorer=OSA.normalized_similarity)[0],
        )
        coverage = cdist([spoken], whole, scorer=LCSseq.similarity)[0] / len(spoken)
        worth = 0.6 * coverage + 0.4 * likeness
        for text, owner, value in zip(group.texts, group.enterprise_ids.tolist(), worth.tolist(), strict=True):
            if owner not in hits or hits[owner].rank < value * 10:
                hits[owner] = Hit(owner, text, value * 10, value, has_region_conflict=False, has_same_core=False)
    return sorted(hits.values(), key=lambda hit: -hit.rank)[:most]
