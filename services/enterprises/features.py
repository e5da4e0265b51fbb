"""What is measured of a name beside what a citizen typed: the features that weights are fitted for."""

import math
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.process import cdist

from services.enterprises.names import BASIC_PLANE
from services.enterprises.parts import Parts, are_compatible, find_regions, region_codes, split_core, split_name
from services.enterprises.postings import contains
from services.enterprises.shapes import load_shapes
from services.enterprises.sounds import Codes, decode, encode, load_sounds

Table = npt.NDArray[np.float32]

SHORT_LENGTH = 6
BARE_FORM = re.compile("(?:集团)?(?:公司)?$")  # what is said after a short form too: 华为公司
BARE_FORMS = frozenset(("", "公司", "集团公司"))
MOST_LENGTH = 1.5
TEXT_FEATURES = (
    "characters",  # edit similarity (optimal string alignment) of the characters
    "sounds",  # the same of the toneless syllables
    "coverage",  # how much of the query stands in the name in order
    "missing",  # rarity of the query's characters that are not in the name
    "unheard",  # the same after those that sound or look like one in the name are forgiven
    "extra",  # rarity of the name's characters that the query does not explain
    "extra_unheard",  # the same after sound and shape are forgiven
    "length",  # characters more than the query, in tens, up to MOST_LENGTH
    "stock_company",  # 股份有限公司: firms that people abbreviate
    "listed",  # the register says that its shares are listed (上市)
    "pairs",  # share of the query's neighbouring characters that are neighbours in the name
    "in_order",  # all characters of the query stand in the name in their order
    "brand_held",  # the query's trade name, of two characters or more, stands in the name as written
)
FLAGS = (
    "region_conflict",  # both name a region and neither lies in the other
    "region_agreement",  # both name a region and one lies in the other
    "branch_conflict",  # one is a branch, the other not
    "core_equal",  # trade name and industry are equal
    "core_prefix",  # the name's core begins with the query's core
    "brand_equal",  # the trade names (字号) are equal
    "industry_missing",  # share of the query's characters of trade (行业) that the name's trade lacks
    "form_conflict",  # both name a legal form, and another one: 股份有限公司, 有限公司 (with or without 责任), 厂
    "industry_extra",  # share of the name's characters of trade that the query's lacks, where both name one
)
PART_FEATURES = (
    *FLAGS,
    "core_sounds",  # trade name and industry sound equal
    "core_similarity",  # edit similarity of the cores by syllable
    "brand_similarity",  # edit similarity of the trade names by syllable
    "rest_similarity",  # edit similarity by syllable of both without their regions
    "region_unsaid",  # rarity of the name's region that the query does not name: part of "extra"
    "industry_unsaid",  # the same of the name's trade, where the query names none
    "start",  # share of the query's core with which the name's core begins
    "brand_longer",  # the name's trade name begins with the query's and goes on: characters more, in fours
    "core_folds",  # edit similarity of the cores by syllable as dialects confuse them: zh for z, ing for in
    "rest_folds",  # the same of both without their regions
    "turned",  # the trade names, or the cores, are of the same characters in another order
    "bearers",  # how many of the names compared have this core: logarithm
)
FEATURES = TEXT_FEATURES + PART_FEATURES


@dataclass(frozen=True)
class Question:
    """A normalised query with what the features need of it."""

    text: str
    core: str
    rest: str  # without its regions
    brand: str
    industry: str
    regions: frozenset[str]
    form: str  # plain_form
    is_branch: bool

    @property
    def is_short(self) -> bool:
        """A short form rather than a whole name, with 公司 or 集团 after it or not; weighed by a table of its own."""
        return len(BARE_FORM.sub("", self.text)) <= SHORT_LENGTH and self.form in BARE_FORMS


def plain_form(form: str) -> str:
    """A legal form with 有限责任公司 and 有限公司 for the same, which the law allows both."""
    return form.replace("有限责任", "有限")


def read_question(text: str) -> Question:
    """Take a normalised query apart."""
    regions, rest = find_regions(text)
    parts = split_name(rest)
    core = parts.region + parts.core
    return Question(
        text, core, rest, *split_core(core), frozenset(regions), parts.form.replace("有限责任", "有限"), parts.is_branch
    )


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
    listed: npt.NDArray[np.bool_]  # whose shares are listed (上市)

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
    own: npt.NDArray[np.int16]  # the column of each flat code among the query's distinct codes; -1: none of them


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
    mark_columns(held, rows, own)
    heard = held.copy()
    for columns in (alike, looks):
        mark_columns(heard, rows, columns)
    return Overlap(held, heard, own < 0, (own < 0) & (alike < 0) & (looks < 0), own)


def mark_columns(table: npt.NDArray[np.bool_], rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int16]) -> None:
    """Set these cells of a table, but for columns that are -1."""
    marked = np.flatnonzero(columns >= 0)
    table[rows.take(marked), columns.take(marked)] = True


def speak(text: str) -> str:
    """Each character replaced by one for its toneless syllable."""
    return decode(load_sounds().syllable_of[encode(text)])


def slur(text: str) -> str:
    """Each character replaced by one for its syllable as dialects confuse it; what has none stays."""
    codes = encode(text)
    folds = load_sounds().fold_of[codes]
    return decode(np.where(folds, folds, codes))


def measure_text(question: Question, names: Names, rarity: Table) -> Table:
    """Names × TEXT_FEATURES; `rarity` is log(names / names that hold it) for each code."""
    codes = np.unique(encode(question.text))
    weights = rarity[codes]
    total = float(weights.sum()) or 1.0
    overlap = compare_characters(codes, names)
    flat_rarity = rarity.take(names.flat) / total
    spoken, spoken_names = speak(question.text), names.spoken()
    lengths = np.diff(np.append(names.starts, len(names.flat))) - 1
    columns = [
        cdist([question.text], names.texts, scorer=OSA.normalized_similarity)[0],
        cdist([spoken], spoken_names, scorer=OSA.normalized_similarity)[0],
        cdist([spoken], spoken_names, scorer=LCSseq.similarity)[0] / max(1, len(spoken)),
        np.where(overlap.held, 0, weights).sum(axis=1) / total,
        np.where(overlap.heard, 0, weights).sum(axis=1) / total,
        np.add.reduceat(flat_rarity * overlap.unexplained, names.starts),
        np.add.reduceat(flat_rarity * overlap.unheard, names.starts),
        ((lengths - len(question.text)) / 10).clip(-MOST_LENGTH, MOST_LENGTH),
        np.fromiter(("股份" in text for text in names.texts), dtype=bool, count=len(names.texts)),
        names.listed,
        share_pairs(encode(question.text), codes, overlap.own, names.starts),
        cdist([question.text], names.texts, scorer=LCSseq.similarity)[0] == len(question.text),
        [len(question.brand) > 1 and question.brand in text for text in names.texts],
    ]
    return np.array(columns, dtype=np.float32).T


def share_pairs(asked: Codes, codes: Codes, own: npt.NDArray[np.int16], starts: npt.NDArray[np.int64]) -> Table:
    """The share of the neighbours in `asked` that are neighbours in each name too; `codes` are its distinct ones."""
    if len(asked) < 2:
        return np.zeros(len(starts), dtype=np.float32)
    places = np.searchsorted(codes, asked)
    is_pair = np.zeros((len(codes) + 1, len(codes) + 1), dtype=np.float32)  # the last: none of them, which -1 finds
    is_pair[places[:-1], places[1:]] = 1
    found = np.zeros(len(own), dtype=np.float32)
    found[:-1] = is_pair[own[:-1], own[1:]]
    shares: Table = (np.add.reduceat(found, starts) / is_pair.sum()).clip(0, 1)
    return shares


def compare_parts(question: Question, names: list[Parts], rarity: Table) -> Table:
    """Names × PART_FEATURES."""
    trades = [parts.trade for parts in names]
    flags = np.empty((len(names), len(FLAGS)), dtype=np.float32)
    for row, (parts, (brand, industry)) in enumerate(zip(names, trades, strict=True)):
        held = region_codes(parts.region) if question.regions and parts.region else frozenset()
        agree = are_compatible(question.regions, held)
        flags[row] = (
            bool(held) and not agree,
            bool(held) and agree,
            question.is_branch != parts.is_branch,
            parts.core == question.core,
            parts.core.startswith(question.core),
            bool(brand) and brand == question.brand,
            lacking(question.industry, industry),
            bool(question.form and parts.form) and question.form != plain_form(parts.form),
            lacking(industry, question.industry) if question.industry else 0,
        )
    spoken_core = speak(question.core)
    cores = [parts.core for parts in names]
    spoken = speak("\n".join(cores)).split("\n")
    slurred = slur("\n".join(cores)).split("\n")
    bearers = Counter(cores)
    brands = speak("\n".join(brand for brand, _ in trades)).split("\n")
    told = "\n".join(parts.core + parts.form + parts.tail for parts in names)
    rests, slurred_rests = speak(told).split("\n"), slur(told).split("\n")
    industries = [industry for _, industry in trades]
    columns = [
        [core == spoken_core for core in spoken],
        cdist([spoken_core], spoken, scorer=OSA.normalized_similarity)[0],
        cdist([speak(question.brand)], brands, scorer=OSA.normalized_similarity)[0],
        cdist([speak(question.rest)], rests, scorer=OSA.normalized_similarity)[0],
        sum_unsaid(question, [parts.region for parts in names], rarity),
        sum_unsaid(question, industries, rarity) if not question.industry else np.zeros(len(names)),
        [share_start(question.core, core) for core in cores],
        [count_longer(question.brand, brand) / 4 for brand, _ in trades],
        cdist([slur(question.core)], slurred, scorer=OSA.normalized_similarity)[0],
        cdist([slur(question.rest)], slurred_rests, scorer=OSA.normalized_similarity)[0],
        [
            is_turned(question.core, core) or is_turned(question.brand, brand)
            for core, (brand, _) in zip(cores, trades, strict=True)
        ],
        [math.log(bearers[core]) for core in cores],
    ]
    return np.hstack([flags, np.array(columns, dtype=np.float32).T])


def sum_unsaid(question: Question, texts: list[str], rarity: Table) -> Table:
    """For each text the rarity of its characters that the query lacks, as a share of the query's own."""
    own = np.unique(encode(question.text))
    flat = encode("\n".join((*texts, "")))
    worth = np.where(contains(own, flat), 0, rarity.take(flat)) / (float(rarity[own].sum()) or 1.0)
    ends = np.flatnonzero(flat == ord("\n"))
    sums: Table = np.add.reduceat(worth, np.concatenate([[0], ends[:-1] + 1])).astype(np.float32)
    return sums


def lacking(said: str, held: str) -> float:
    """The share of the characters said that are not held."""
    return sum(character not in held for character in said) / len(said) if said else 0.0


def share_start(core: str, held: str) -> float:
    """The share of one core with which another begins."""
    same = 0
    for character, other in zip(core, held, strict=False):
        if character != other:
            break
        same += 1
    return same / (len(core) or 1)


def is_turned(text: str, held: str) -> bool:
    """Whether two texts are of the same characters in another order."""
    return len(text) == len(held) and text != held and sorted(text) == sorted(held)


def count_longer(brand: str, held: str) -> int:
    """How much longer a trade name is that begins with another of two characters or more; 0 of all others."""
    return len(held) - len(brand) if len(brand) > 1 and held.startswith(brand) else 0
