"""How well a name fits what a citizen typed: features, and a score from fitted weights."""

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.process import cdist

from services.enterprises.names import BASIC_PLANE
from services.enterprises.parts import Parts, are_compatible, find_regions, region_codes, split_core, split_name
from services.enterprises.sounds import Codes, decode, encode, load_sounds

Table = npt.NDArray[np.float32]

SHAPES = Path(__file__).with_name("data") / "similar_shapes.txt"
WEIGHTS = Path(__file__).with_name("data") / "weights.json"
SHORT_LENGTH = 6
MOST_MARGIN = 10.0
TEXT_FEATURES = (
    "characters",  # edit similarity (optimal string alignment) of the characters
    "sounds",  # the same of the toneless syllables
    "coverage",  # how much of the query stands in the name in order
    "missing",  # rarity of the query's characters that are not in the name
    "unheard",  # the same after those that sound or look like one in the name are forgiven
    "extra",  # rarity of the name's characters that the query does not explain
    "extra_unheard",  # the same after sound and shape are forgiven
    "length",  # characters more than the query, in tens
)
PART_FEATURES = (
    "region_conflict",  # both name a region and neither lies in the other
    "region_agreement",  # both name a region and one lies in the other
    "branch_conflict",  # one is a branch, the other not
    "core_equal",  # trade name and industry are equal
    "core_prefix",  # the name's core begins with the query's core
    "core_sounds",  # trade name and industry sound equal
    "stock_company",  # 股份有限公司: firms that people abbreviate
    "core_similarity",  # edit similarity of the cores by syllable
    "brand_equal",  # the trade names (字号) are equal
    "brand_similarity",  # edit similarity of the trade names by syllable
    "industry_missing",  # share of the query's characters of trade (行业) that the name's trade lacks
    "industry_extra",  # share of the name's characters of trade that the query's lacks, where both name one
)
FEATURES = TEXT_FEATURES + PART_FEATURES
MOST_PARTED = 50  # names taken apart: the best by their text


@dataclass(frozen=True)
class Question:
    """A normalised query with what the features need of it."""

    text: str
    core: str
    brand: str
    industry: str
    regions: frozenset[str]
    is_branch: bool
    has_form: bool

    @property
    def is_short(self) -> bool:
        """A short form rather than a whole name; weighed by a table of its own."""
        return len(self.text) <= SHORT_LENGTH and not self.has_form


def read_question(text: str) -> Question:
    """Take a normalised query apart."""
    regions, rest = find_regions(text)
    parts = split_name(rest)
    core = parts.region + parts.core
    return Question(text, core, *split_core(core), frozenset(regions), parts.is_branch, bool(parts.form))


@lru_cache(maxsize=1)
def load_shapes() -> dict[str, frozenset[str]]:
    """Each character to those that look like it."""
    shapes: dict[str, set[str]] = {}
    for line in SHAPES.read_text(encoding="utf-8").splitlines():
        group = line.split()
        for character in group:
            shapes.setdefault(character, set()).update(group)
    return {character: frozenset(group) for character, group in shapes.items()}


def place_codes(columns: dict[int, int]) -> npt.NDArray[np.int16]:
    """A table from code to its column, -1 for all others."""
    table = np.full(BASIC_PLANE, -1, dtype=np.int16)
    table[list(columns)] = list(columns.values())
    return table


@dataclass(frozen=True)
class Names:
    """Candidate names as text and as flat codes, each followed by a separator, and whose they are."""

    texts: list[str]
    flat: Codes
    starts: npt.NDArray[np.int64]
    enterprise_ids: npt.NDArray[np.uint32]

    def rows(self) -> npt.NDArray[np.int64]:
        """The row of each flat code."""
        return np.repeat(np.arange(len(self.texts)), np.diff(np.append(self.starts, len(self.flat))))

    def spoken(self) -> list[str]:
        """The names as syllables, one character for each."""
        return decode(load_sounds().syllable_of[self.flat]).split("\n")[:-1]


@dataclass(frozen=True)
class Overlap:
    """Which characters of the query a name holds, as written or heard or seen alike, and what it holds beside."""

    held: npt.NDArray[np.bool_]  # names × characters of the query
    heard: npt.NDArray[np.bool_]
    unexplained: npt.NDArray[np.bool_]  # flat codes
    unheard: npt.NDArray[np.bool_]


def compare_characters(codes: Codes, names: Names) -> Overlap:
    """The overlap of a query's distinct codes with each name."""
    sounds = load_sounds()
    rows = names.rows()
    folds = sounds.fold_of[names.flat]
    own = place_codes({code: column for column, code in enumerate(codes.tolist())})[names.flat]
    spoken = {fold: column for column, fold in enumerate(sounds.fold_of[codes].tolist()) if fold}
    alike = place_codes(spoken)[folds]
    looks = place_codes(
        {ord(other): column for column, code in enumerate(codes.tolist()) for other in load_shapes().get(chr(code), ())}
    )[names.flat]
    held = np.zeros((len(names.texts), len(codes)), dtype=bool)
    held[rows[own >= 0], own[own >= 0]] = True
    heard = held.copy()
    for columns in (alike, looks):
        heard[rows[columns >= 0], columns[columns >= 0]] = True
    return Overlap(held, heard, own < 0, (own < 0) & (alike < 0) & (looks < 0))


def speak(text: str) -> str:
    """Each character replaced by one for its toneless syllable."""
    return decode(load_sounds().syllable_of[encode(text)])


def measure_text(question: Question, names: Names, rarity: Table) -> Table:
    """Names × TEXT_FEATURES; `rarity` is log(names / names that hold it) for each code."""
    codes = np.unique(encode(question.text))
    weights = rarity[codes]
    total = float(weights.sum()) or 1.0
    overlap = compare_characters(codes, names)
    flat_rarity = rarity[names.flat] / total
    spoken, spoken_names = speak(question.text), names.spoken()
    lengths = np.diff(np.append(names.starts, len(names.flat))) - 1
    columns = [
        cdist([question.text], names.texts, scorer=OSA.normalized_similarity)[0],
        cdist([spoken], spoken_names, scorer=OSA.normalized_similarity)[0],
        cdist([spoken], spoken_names, scorer=LCSseq.similarity)[0] / max(1, len(spoken)),
        (~overlap.held) @ weights / total,
        (~overlap.heard) @ weights / total,
        np.add.reduceat(flat_rarity * overlap.unexplained, names.starts),
        np.add.reduceat(flat_rarity * overlap.unheard, names.starts),
        (lengths - len(question.text)) / 10,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def compare_parts(question: Question, names: list[Parts]) -> Table:
    """Names × PART_FEATURES."""
    spoken_core, spoken_brand = speak(question.core), speak(question.brand)
    trades = [parts.trade for parts in names]
    spoken = speak("\n".join(parts.core for parts in names)).split("\n")
    spoken_brands = speak("\n".join(brand for brand, _ in trades)).split("\n")
    table = np.zeros((len(names), len(PART_FEATURES)), dtype=np.float32)
    for row, (parts, (brand, industry)) in enumerate(zip(names, trades, strict=True)):
        held = region_codes(parts.region) if question.regions and parts.region else frozenset()
        agree = are_compatible(question.regions, held)
        table[row] = (
            bool(held) and not agree,
            bool(held) and agree,
            question.is_branch != parts.is_branch,
            parts.core == question.core,
            parts.core.startswith(question.core),
            spoken[row] == spoken_core,
            parts.form.startswith("股份"),
            0,
            bool(brand) and brand == question.brand,
            0,
            lacking(question.industry, industry),
            lacking(industry, question.industry) if question.industry else 0,
        )
    for column, said, heard in (
        ("core_similarity", spoken_core, spoken),
        ("brand_similarity", spoken_brand, spoken_brands),
    ):
        table[:, PART_FEATURES.index(column)] = cdist([said], heard, scorer=OSA.normalized_similarity)[0]
    return table


def lacking(said: str, held: str) -> float:
    """The share of the characters said that are not held."""
    return sum(character not in held for character in said) / len(said) if said else 0.0


@dataclass(frozen=True)
class Weights:
    """Fitted numbers of one kind of query."""

    ranking: Table  # one for each feature
    verdict: Table  # one for each feature, the margin, and 1
    none_below: float  # a best name less likely than this is no answer


@lru_cache(maxsize=2)
def load_weights(kind: str) -> Weights:
    """The weights for "long" names and for "short" forms, from data/weights.json."""
    tables = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    ranking, verdict = tables["ranking"][kind], tables["verdict"][kind]
    return Weights(
        np.asarray([ranking[feature] for feature in FEATURES], dtype=np.float32),
        np.asarray([verdict[feature] for feature in (*FEATURES, "margin", "bias")], dtype=np.float32),
        tables["thresholds"]["none"][kind],
    )


def weights_for(question: Question) -> Weights:
    """The weights that fit a query's kind."""
    return load_weights("short" if question.is_short else "long")


@dataclass(frozen=True)
class Hit:
    """A name that fits: whose it is, the name in normal form, how well it fits and how likely it is meant."""

    enterprise_id: int
    name: str
    rank: float
    likelihood: float  # 0 to 1
    has_region_conflict: bool
    has_same_core: bool  # trade name and industry are the query's


def weigh(question: Question, groups: list[Names], rarity: Table, most: int) -> list[Hit]:
    """The best names of all groups, best first, one for each enterprise."""
    if not groups:
        return []
    weights = weights_for(question)
    by_text = np.concatenate([measure_text(question, names, rarity) for names in groups])
    texts = [text for names in groups for text in names.texts]
    owners = np.concatenate([names.enterprise_ids for names in groups])
    if len(texts) > MOST_PARTED:
        worth = by_text @ weights.ranking[: len(TEXT_FEATURES)]
        chosen = np.argpartition(worth, len(texts) - MOST_PARTED)[-MOST_PARTED:]
        by_text, owners, texts = by_text[chosen], owners[chosen], [texts[place] for place in chosen.tolist()]
    features = np.hstack([by_text, compare_parts(question, [split_name(text) for text in texts])])
    ranks = features @ weights.ranking
    best: dict[int, int] = {}
    for place in np.argsort(-ranks, kind="stable").tolist():
        best.setdefault(int(owners[place]), place)
        if len(best) == most:
            break
    places = list(best.values())
    second = float(ranks[places[1]]) if len(places) > 1 else float(ranks[places[0]]) - MOST_MARGIN
    hits = []
    for place in places:
        rival = second if place == places[0] else float(ranks[places[0]])
        margin = min(float(ranks[place]) - rival, MOST_MARGIN)
        likelihood = estimate(features[place], margin, weights)
        conflict, same = (bool(features[place][FEATURES.index(name)]) for name in ("region_conflict", "core_equal"))
        hits.append(Hit(int(owners[place]), texts[place], float(ranks[place]), likelihood, conflict, same))
    return hits


def estimate(features: Table, margin: float, weights: Weights) -> float:
    """How likely a name is the one meant, from its features and its lead over the next."""
    total = float(features @ weights.verdict[:-2]) + margin * float(weights.verdict[-2]) + float(weights.verdict[-1])
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
