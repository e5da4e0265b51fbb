"""Candidates of a question in a shard: names that share its rarest grams, read within a budget."""

import math
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.enterprises.grams import cut_grams, join_neighbours, join_pairs
from services.enterprises.names import BASIC_PLANE
from services.enterprises.overlap import sort_by_overlap
from services.enterprises.postings import MOST_DOCUMENTS, Numbers, Places, Postings, contains, distinct, intersect
from services.enterprises.shapes import codes_like
from services.enterprises.shard import Shard
from services.enterprises.sounds import Codes, encode, load_sounds

Scores = npt.NDArray[np.float32]

GRAM_BITS = 6  # a query's grams are numbered in 6 bits beside the document's 26
MOST_GRAMS = (1 << GRAM_BITS) - 1
VERY_RARE = 300  # names that hold one of the rarest grams are kept even where they hold no other
MOST_HOLDERS = 1_500
MOST_EQUAL = 500  # names with equal weight of grams that are told apart by all their characters
MOST_VARIED = 5  # characters of a short text that could be others that look like them
LOOKALIKE_WEIGHT = 0.6
LONGEST = 255  # names longer than this are as long: bytes are sorted at once
FEW = 8  # sounds
FIELD_WEIGHTS = {"characters": 0.5, "pairs": 1.0, "sounds": 0.7}
BRAND_BUDGET = 3_000  # postings read for it
MOST_BRANDED = 200
MOST_OF_BRAND = 30  # names beside those, for nothing but the trade name asked for
BESIDE_BRAND = 0.01  # what the rest says, where the trade names say the same
MOST_STOCK = 25  # 股份有限公司 beside those, for a short text: one in 150 names, and what most short forms are of
MOST_LISTED = 25  # and firms whose shares are listed, where the register says so
MOST_STOCK_SEEN = 200
MOST_SIFTED = 10_000  # names among which they are looked for
STOCK_END = encode("股份有限公司")
NOTHING = np.zeros(0, dtype=np.int64)


class Listed(NamedTuple):
    """A posting list of a query: documents, what it says that a name stands in it, whether the trade name has it."""

    documents: Numbers
    weight: float
    is_of_brand: bool = False


def find_sharing(shard: Shard, text: str, budget: int, most: int, brand: str = "") -> Places:
    """Documents sharing the rarest grams of a normalised text, at most `budget` postings read.

    Beside the best of the whole those that share most of the trade name: the rest may be remembered wrongly.
    """
    codes = encode(text)
    return share(shard, choose_lists(shard, cut(codes), budget, pair_up(brand)), most, codes)


def find_for_short(shard: Shard, text: str, budget: int, most: int, brand: str = "") -> Places:
    """For a short text also those, among many more, that hold most of it as written: in its pairs, in its order.

    A short form takes characters from a long name (华瓷股份: 湖南华联瓷业股份有限公司), common ones too,
    which no list is kept of.
    """
    codes = encode(text)
    grams = cut(codes)
    lists = choose_lists(shard, grams, budget, pair_up(brand))
    alike = read_lookalikes(shard, codes)
    lists += [Listed(found, LOOKALIKE_WEIGHT * weigh_list(shard, len(found))) for found in alike]
    sharing = share(shard, lists, MOST_HOLDERS)
    holding = find_holding(shard, "characters", grams["characters"])
    holding = NOTHING if holding is None else holding
    stock = choose_stock(shard, holding[:MOST_SIFTED])
    stock = stock[choose_shortest(shard, stock, MOST_STOCK_SEEN)]
    listed = shard.listed_documents
    shortest = holding[choose_shortest(shard, holding, MOST_HOLDERS)]
    pool = distinct(np.concatenate([sharing, shortest, stock, listed]))
    if not len(pool):
        return pool
    flat, starts = shard.gather(pool)
    ordered = pool[sort_by_overlap(codes, flat, starts)]
    beside = ordered[most:]
    stock = choose_stock(shard, beside)[:MOST_STOCK]
    listed = beside[contains(listed, beside)][:MOST_LISTED]
    return distinct(np.concatenate([ordered[:most], sharing[:most], stock, listed, sharing[MOST_HOLDERS:]]))


def choose_stock(shard: Shard, documents: Places) -> Places:
    """Those of the documents that are names of a 股份有限公司 itself, not of its branches."""
    ends = shard.ends[documents].astype(np.int64)
    for place, code in enumerate(STOCK_END.tolist(), -len(STOCK_END)):  # its first character is the rarest
        fits = shard.codes[np.maximum(ends + place, 0)] == code
        documents, ends = documents[fits], ends[fits]
    return documents


def cut(codes: Codes) -> dict[str, Numbers]:
    """All grams of a text."""
    return cut_grams(codes, load_sounds().fold_of[codes])


def pair_up(brand: str) -> frozenset[int]:
    """The pairs of a trade name, of its characters and of its sounds."""
    codes = encode(brand)
    return frozenset(join_neighbours(codes).tolist() + join_neighbours(load_sounds().fold_of[codes]).tolist())


def find_sounding(shard: Shard, readings: list[Codes], budget: int, most: int) -> Places:
    """Documents sharing the rarest pairs of folded sounds, read in these ways; of few those that hold most."""
    grams = np.unique(np.concatenate([join_neighbours(folds) for folds in readings]))
    pool = share(shard, choose_lists(shard, {"sounds": grams}, budget), MOST_HOLDERS)
    if len(pool) <= most or len(readings[0]) > FEW:
        return pool[:most]
    flat, starts = shard.gather(pool)
    return pool[sort_by_overlap(readings[0], load_sounds().fold_of[flat], starts)[:most]]


def share(shard: Shard, lists: Sequence[Listed], most: int, codes: Codes | None = None) -> Places:
    """The documents with the greatest weight of lists, greatest first; after them the best of the trade name's lists.

    Of equal ones those that hold most of the codes, or the shortest names.
    """
    if not lists:
        return NOTHING
    documents, scores = add_up(lists, most)
    if len(documents) <= most:
        return documents[np.argsort(-scores, kind="stable")]
    least = np.partition(scores, len(scores) - most)[len(scores) - most]
    better, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    room = most - len(better)
    if codes is None:
        equal = equal[choose_shortest(shard, documents[equal], room)]
    elif len(equal) > room:
        equal = equal[sort_by_codes(shard, documents[equal[:MOST_EQUAL]], codes)]
    kept = np.concatenate([better, equal[:room]])
    best = documents[kept[np.argsort(-scores[kept], kind="stable")]]
    scores[kept] = -np.inf
    branded = choose_branded(lists, documents, scores)
    if codes is not None and len(branded) > MOST_OF_BRAND:
        branded = branded[sort_by_codes(shard, branded, codes)[:MOST_OF_BRAND]]
    return np.concatenate([best, branded[:MOST_OF_BRAND]])


def choose_branded(lists: Sequence[Listed], documents: Places, scores: Scores) -> Places:
    """Of these documents the best by the trade name's lists, less those whose score is minus infinity.

    Where the rarest of these is long the trade name says too little.
    """
    sizes = np.cumsum([len(one.documents) for one in lists if one.is_of_brand])
    of_brand = [one for one in lists if one.is_of_brand][: int(np.searchsorted(sizes, BRAND_BUDGET, side="right"))]
    if not of_brand:
        return NOTHING
    branded, brand_scores = add_up(of_brand, len(documents))
    places = np.minimum(np.searchsorted(documents, branded), len(documents) - 1)
    rest = np.where(documents[places] == branded, scores[places], -np.inf)
    worth = brand_scores + rest * BESIDE_BRAND
    best = np.argsort(-worth, kind="stable")[:MOST_BRANDED]
    return branded[best[np.isfinite(worth[best])]]


def sort_by_codes(shard: Shard, documents: Places, codes: Codes) -> Places:
    """These documents in the order of how many of their characters are these and how few are others."""
    flat, starts = shard.gather(documents)
    worth = np.full(BASIC_PLANE, -1, dtype=np.int8)
    worth[codes] = 2
    return np.argsort(-np.add.reduceat(worth[flat], starts, dtype=np.int16), kind="stable")


def read_lookalikes(shard: Shard, codes: Codes) -> list[Numbers]:
    """For each of the first codes the documents where one that looks like it stands beside its neighbour."""
    keys: list[Numbers] = []
    places: list[int] = []
    whole = range(len(codes))
    for place in range(min(len(codes), MOST_VARIED) if len(codes) > 1 else 0):
        likes = codes_like(int(codes[place]))
        beside = [join_pairs(likes, codes[near : near + 1]) for near in (place - 1, place + 1) if near in whole]
        keys += beside
        places += [place] * sum(map(len, beside))
    found: dict[int, list[Numbers]] = {}
    for postings in shard.postings["pairs"] if keys else ():
        for number, begin, end in postings.find(np.concatenate(keys)):
            found.setdefault(places[number], []).append(postings.read(begin, end))
    return [distinct(np.concatenate(found[place])) for place in sorted(found)]


def find_holding(shard: Shard, field: str, grams: Numbers) -> Places | None:
    """Documents that hold all of these grams, as far as their lists are kept; None where none is."""
    lists = [(end - begin, begin, one) for one in shard.postings[field] for _, begin, end in one.find(grams)]
    found: Numbers | None = None
    for size, begin, postings in sorted(lists, key=itemgetter(0)):
        documents = postings.read(begin, begin + size)
        found = documents if found is None else intersect(found, documents)
        if not len(found):
            break
    return None if found is None else found.astype(np.int64)


def may_hold(shard: Shard, text: str) -> bool:
    """Whether all neighbours in a normalised text are neighbours in some name, as far as can be told."""
    if len(text) < 2:
        return shard.count > 0
    holding = find_holding(shard, "pairs", np.unique(join_neighbours(encode(text))))
    return shard.count > MOST_DOCUMENTS if holding is None else len(holding) > 0


def choose_shortest(shard: Shard, documents: Places, most: int) -> Places:
    """Where among these documents the shortest names stand, so many: a parent's rather than its branches'."""
    if len(documents) <= most:
        return np.arange(len(documents))
    ends = shard.ends[documents].astype(np.int64)
    lengths = ends - np.where(documents > 0, shard.ends[documents - 1], -1)
    return np.argsort(lengths.clip(0, LONGEST).astype(np.uint8), kind="stable")[:most]


def choose_lists(
    shard: Shard, grams: dict[str, Numbers], budget: int, of_brand: frozenset[int] = frozenset()
) -> list[Listed]:
    """The lists of the rarest grams until the budget is used up, each with its weight."""
    found: list[tuple[int, float, Postings, int, int, bool]] = []
    for field, keys in grams.items():
        numbers = keys.tolist()
        for postings in shard.postings[field]:
            for place, begin, end in postings.find(keys):
                weight = FIELD_WEIGHTS[field] * weigh_list(shard, end - begin)
                found.append((end - begin, weight, postings, begin, end, numbers[place] in of_brand))
    found.sort(key=itemgetter(0, 1))
    lists, used = [], 0
    for size, weight, postings, begin, end, is_of_brand in found[: MOST_GRAMS - MOST_VARIED]:
        if used and used + size > budget:
            break
        used += size
        lists.append(Listed(postings.read(begin, end), weight, is_of_brand))
    return lists


def weigh_list(shard: Shard, length: int) -> float:
    """How much it says that a name stands in a list of this length."""
    return math.log(1 + shard.count / length)


def read_lists(postings: Postings, grams: Numbers) -> list[Numbers]:
    """The documents of each of these grams that has a list here."""
    return [postings.read(begin, end) for _, begin, end in postings.find(grams)]


def add_up(lists: Sequence[Listed], enough: int) -> tuple[Places, Scores]:
    """Each document in the lists with the sum of the weights of those that hold it.

    Of lists in ascending length; where `enough` documents stand in several, those in one alone are left out,
    but for the rarest.
    """
    packed = np.concatenate([(one.documents << np.uint32(GRAM_BITS)) | np.uint32(n) for n, one in enumerate(lists)])
    packed.sort()
    documents = packed >> np.uint32(GRAM_BITS)
    is_same = documents[1:] == documents[:-1]
    if np.count_nonzero(is_same) > 4 * enough:
        rare = int(np.searchsorted(np.cumsum([len(one.documents) for one in lists]), VERY_RARE, side="right"))
        is_kept = (packed & np.uint32(MOST_GRAMS)) < rare
        is_kept[1:] |= is_same
        is_kept[:-1] |= is_same
        kept = np.flatnonzero(is_kept)
        packed, documents = packed.take(kept), documents.take(kept)
        is_same = documents[1:] == documents[:-1]
    worth = np.asarray([one.weight for one in lists], dtype=np.float32).take(packed & np.uint32(MOST_GRAMS))
    first = np.flatnonzero(np.concatenate([[True], ~is_same]))
    return documents.take(first).astype(np.int64), np.add.reduceat(worth, first)
