"""Names typed in pinyin (ganzhouxinkang, jin long jian an) or by their initials (shqggdkjyxgs)."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, product

import numpy as np
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.fuzz import partial_ratio
from rapidfuzz.process import cdist

from services.enterprises.index import NameIndex
from services.enterprises.matching import Hit
from services.enterprises.names import normalise
from services.enterprises.parts import split_name
from services.enterprises.sounds import load_sounds

LEAST_LETTERS = 4
MOST_READINGS = 4
MOST_UNUSUAL = 3
MOST_SPELT = 60
INSIDE = 0.98  # what letters are worth that spell a stretch inside a name
SURE = 0.97  # a name spelt so: the other readings need not be tried
RUNS = re.compile(r"[a-z]+|[^a-z]")
RUNS_INSIDE = re.compile(r"[A-Z]+|[^A-Z]")
LETTERS_INSIDE = re.compile(r"[A-Z]{2}")
LETTERS = re.compile(r"[a-z0-9]{4,60}")
BRAND_LETTERS = re.compile(r"[a-z]{3,4}")


def read_pinyin(text: str) -> list[str]:
    """The readings of letters as syllables, one character for each; none where they are no pinyin.

    Spaces between syllables are believed where there are any. Characters between the letters are spoken too: 步步gao.
    """
    sounds = load_sounds()
    words = [run for run in RUNS.findall(text.lower().replace("'", " ")) if not run.isspace()]
    if sum(len(word) for word in words if word.isascii()) < LEAST_LETTERS:
        return []
    ways = []
    for word in words:
        if word.isascii():
            ways.append(sounds.split_pinyin(word))
        else:
            ways.append([sounds.readings_of[word][:1]] if word in sounds.readings_of else [])
    found = [[syllable for part in way for syllable in part] for way in islice(product(*ways), MOST_READINGS)]
    found += list(islice(read_unusual(found[0]), MOST_UNUSUAL)) if found else []
    return ["".join(chr(sounds.number_of[syllable]) for syllable in way) for way in found]


def read_unusual(syllables: list[str]) -> Iterator[list[str]]:
    """The same syllables where one is another reading of a character than its usual: zhang for 长, which is chang."""
    usual_of = load_sounds().usual_of
    for place, syllable in enumerate(syllables):
        for usual in sorted(usual_of.get(syllable, ())):
            yield [*syllables[:place], usual, *syllables[place + 1 :]]


def speak_letters(asked: str) -> str:
    """A normalised text with the letters among its characters written as characters that sound so: 步步GAO.

    Empty where it holds none, or they spell no syllables.
    """
    if asked.isascii() or not LETTERS_INSIDE.search(asked):
        return ""
    sounds = load_sounds()
    spoken = []
    for run in RUNS_INSIDE.findall(asked):
        ways = sounds.split_pinyin(run.lower()) if run.isascii() and run.isalpha() else [[run]]
        if not ways:
            return ""
        spoken += [sounds.common_of.get(syllable, syllable) for syllable in ways[0]]
    return "".join(spoken)


def spell(text: str, letters: str) -> list[str]:
    """A name's syllables in pinyin; of several readings of a character the first that stands in the letters typed."""
    readings_of = load_sounds().readings_of
    spelt = []
    for character in text:
        readings = readings_of.get(character) or [character.lower()]
        is_sure = len(readings) == 1
        spelt.append(readings[0] if is_sure else next((one for one in readings if one in letters), readings[0]))
    return spelt


def find_spoken(index: NameIndex, text: str, readings: list[str], most: int) -> list[Hit]:
    """The names that are spelt most like a text that is pinyin in these readings, best first."""
    words = text.lower().replace("'", " ").split()
    gap = " " if len(words) == len(readings[0]) else ""  # syllable by syllable, or run together
    letters = gap.join(word if word.isascii() else gap.join(spell(word, text)) for word in words)
    hits: dict[int, Hit] = {}
    for tried in (readings[:1], readings[1:]):
        names = gather_names(index, tried)
        found = compare_spellings(letters, [name for name, _ in names], gap)
        for (name, owner), (rank, likeness) in zip(names, found, strict=True):
            if owner not in hits or hits[owner].rank < rank:
                hits[owner] = sound_hit(owner, name, rank, likeness)
        if any(hit.likelihood >= SURE for hit in hits.values()):
            break
    return spread(sorted(hits.values(), key=lambda hit: (-hit.rank, len(hit.name))))[:most]


def spread(hits: list[Hit]) -> list[Hit]:
    """Of hits that rank alike one of each spelling first, that of the most firms before the others.

    Who hears 宏达 writes 鸿达: whoever sees both knows which it is.
    """
    cores = [split_name(hit.name).core for hit in hits]
    bearers = Counter(zip(cores, (hit.rank for hit in hits), strict=True))
    turns: Counter[tuple[str, float]] = Counter()
    keys = []
    for core, hit in zip(cores, hits, strict=True):
        keys.append((-hit.rank, turns[core, hit.rank], -bearers[core, hit.rank], len(hit.name)))
        turns[core, hit.rank] += 1
    return [hits[place] for place in sorted(range(len(hits)), key=keys.__getitem__)]


def gather_names(index: NameIndex, readings: list[str]) -> list[tuple[str, int]]:
    """Names and their owners that hold most of the syllables of a reading in its order."""
    found: list[tuple[float, int, str, int]] = []
    if not readings:
        return []
    lengths = [[len(reading)] for reading in readings]
    for group in index.gather_spoken(readings):
        held = (cdist(readings, group.spoken(), scorer=LCSseq.similarity) / lengths).max(axis=0)
        for share, name, owner in zip(held.tolist(), group.texts, group.enterprise_ids.tolist(), strict=True):
            found.append((-share, len(name), name, owner))
    return [(name, owner) for _, _, name, owner in sorted(found)[:MOST_SPELT]]


def compare_spellings(letters: str, names: list[str], gap: str) -> list[tuple[float, float]]:
    """How well letters spell each name, and 0 to 1 how likely they are meant for it, its core or a stretch of it."""
    if not names:
        return []
    stretches: tuple[list[str], ...] = [], [], []
    for name in names:
        parts = split_name(name)
        spelt = spell(name, letters)
        core, rest = len(parts.region), len(parts.region) + len(parts.core)
        for texts, (begin, end) in zip(stretches, ((core, rest), (0, rest), (0, len(name))), strict=True):
            texts.append(gap.join(spelt[begin:end]))
    whole = np.max([cdist([letters], texts, scorer=OSA.normalized_similarity)[0] for texts in stretches], axis=0)
    inside = cdist([letters], stretches[-1], scorer=partial_ratio)[0] / 100
    likeness = np.maximum(whole, INSIDE * inside)
    return list(zip((20 * likeness + whole).tolist(), likeness.tolist(), strict=True))


def find_initialled(index: NameIndex, text: str, most: int) -> list[Hit]:
    """The names with these initials, typed with or without spaces."""
    letters = "".join(text.lower().split())
    if not LETTERS.fullmatch(letters):
        return []
    found = {
        owner: name
        for group in index.gather_initialled(letters)
        for name, owner in zip(group.texts, group.enterprise_ids.tolist(), strict=True)
    }
    # Those read as usual first: 晟 is sh before it is ch.
    ordered = sorted(found.items(), key=lambda one: count_unusual(one[1], letters))
    return [sound_hit(owner, name, SURE, SURE) for owner, name in ordered[:most]]


def count_unusual(name: str, letters: str) -> int:
    """How many characters of a name begin with a letter typed only in another than their usual reading."""
    readings_of = load_sounds().readings_of
    return sum(
        readings_of[character][0][0] != letter
        for character, letter in zip(name, letters, strict=False)
        if character in readings_of
    )


def find_branded(index: NameIndex, text: str, most: int) -> list[Hit]:
    """The names whose trade name has these initials, three or four: b y d for 比亚迪.

    Listed firms first, then other 股份有限公司: the others are seldom called so; then short names.
    """
    letters = "".join(text.lower().split())
    if not BRAND_LETTERS.fullmatch(letters):
        return []
    found = [
        (not listed, "股份" not in name, len(name), name, owner)
        for group in index.gather_branded(letters)
        for name, owner, listed in zip(group.texts, group.enterprise_ids.tolist(), group.listed.tolist(), strict=True)
        if has_initials(split_name(name).trade[0], letters)
    ]
    return [sound_hit(owner, name, SURE, SURE) for *_, name, owner in sorted(found)[:most]]


def has_initials(brand: str, letters: str) -> bool:
    """Whether a trade name has exactly these initials, in one of the readings of each character."""
    readings_of = load_sounds().readings_of
    return len(brand) == len(letters) and all(
        any(reading[0] == letter for reading in readings_of.get(character, ()))
        for character, letter in zip(brand, letters, strict=True)
    )


def find_literal(index: NameIndex, text: str, most: int) -> list[Hit]:
    """The names that hold a text of letters and digits as it stands: ABC, 3M."""
    asked = normalise(text)
    if not asked.isascii() or not index.may_hold(asked):
        return []
    return [hit for hit in index.search(asked, most) if asked in hit.name]


def find_typed(index: NameIndex, text: str, most: int) -> list[Hit]:
    """The names meant by a text with letters: those that hold them, have these initials, or are spelt so."""
    found = [*find_literal(index, text, most), *find_initialled(index, text, most), *find_branded(index, text, most)]
    if readings := read_pinyin(text):
        found += find_spoken(index, text, readings, most)
    first: dict[int, Hit] = {}
    for hit in found:
        first.setdefault(hit.enterprise_id, hit)
    return list(first.values())[:most]


def sound_hit(owner: int, name: str, rank: float, likeness: float) -> Hit:
    """A hit by sound alone, which says nothing of regions."""
    return Hit(owner, name, rank, likeness, has_region_conflict=False, has_same_core=False, has_same_sound=True)
