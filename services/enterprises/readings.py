"""Reading a text in several ways: as it stands, its letters spoken, its short words written out."""

import math
from dataclasses import replace

from services.enterprises.abbreviations import write_out
from services.enterprises.asking import strip_sentence
from services.enterprises.finding import COMPANY_FORMS
from services.enterprises.index import NameIndex
from services.enterprises.matching import CALIBRATION, Hit
from services.enterprises.parts import split_name
from services.enterprises.pinyin import find_typed, speak_letters
from services.enterprises.sentences import LIKELY, MOST_SHOWN

MOST_RANKED = 20
DOUBTED = 0.5  # below it short words are written out, which costs a search for each way
FAR_BEHIND = 8.0  # ranks further behind the best are not asked about, unless among the first few
LEAST_LIKELY = 1e-9


def find_hits(text: str, asked: str, index: NameIndex) -> tuple[list[Hit], bool]:
    """The names like what is asked for, and whether they were found by its letters: pinyin, initials."""
    hits = [] if asked.isascii() else index.search(asked, MOST_RANKED)
    if hits and hits[0].likelihood < LIKELY and (ways := read_otherwise(asked, hits)):
        hits = join_hits([hits, *(index.search(way, MOST_RANKED) for way in ways)])
    if not hits or hits[0].likelihood < LIKELY:
        typed = find_typed(index, strip_sentence(text), MOST_RANKED)
        if typed and (not hits or typed[0].likelihood > hits[0].likelihood):
            return typed, True
    return hits or index.search(asked, MOST_RANKED), False


def read_otherwise(asked: str, hits: list[Hit]) -> list[str]:
    """What else a text may say: short words written out where no name bears them, letters among characters spoken."""
    if any(hit.has_same_core or asked in hit.name for hit in hits[:MOST_SHOWN]):
        return []
    spoken = speak_letters(asked)
    if spoken:
        return [spoken]
    is_whole = split_name(asked).form.endswith(COMPANY_FORMS)
    return [] if is_whole or hits[0].likelihood >= DOUBTED else write_out(asked)


def join_hits(readings: list[list[Hit]]) -> list[Hit]:
    """The hits of several readings of one text, the likeliest first, each enterprise once.

    Ranks of different readings do not compare; those of the joined list are as far apart as likelihoods say.
    """
    found = sorted((hit for hits in readings for hit in hits), key=lambda hit: -hit.likelihood)
    first: dict[int, Hit] = {}
    for hit in found:
        first.setdefault(
            hit.enterprise_id, replace(hit, rank=math.log(max(hit.likelihood, LEAST_LIKELY)) / CALIBRATION)
        )
    return list(first.values())[:MOST_RANKED]


def leave_out_far(hits: list[Hit], asked: str) -> list[Hit]:
    """The hits that can be shown or counted: beyond the first few only near ones, or what holds the text or core."""
    return hits[:MOST_SHOWN] + [
        hit
        for hit in hits[MOST_SHOWN:]
        if hits[0].rank - hit.rank < FAR_BEHIND or hit.has_same_core or asked in hit.name
    ]
