"""Sensitive words: the list that comes with the program, and how words are found in a text; pure."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("data") / "sensitive_words.tsv"


@dataclass(frozen=True)
class Listed:
    """A word of the list. One that is not used is an exception: what lies within it is not found."""

    word: str
    advice: str
    source: str
    is_used: bool = True


@dataclass(frozen=True)
class Hit:
    """A word in a text: text[start:end] is it."""

    listed: Listed
    start: int
    end: int


@cache
def shipped_words() -> tuple[Listed, ...]:
    """The list of the program."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return tuple(Listed(row["word"], row["advice"], row["source"]) for row in rows)


def merge_words(shipped: Iterable[Listed], own: Iterable[Listed]) -> list[Listed]:
    """The bureau's own words in place of those that came with the program, by word."""
    merged = {one.word: one for one in (*shipped, *own)}
    return [merged[word] for word in sorted(merged)]


def find_words(text: str, words: Iterable[Listed]) -> list[Hit]:
    """All hits in order; the longest word wins, and none lies within an exception."""
    found = sorted(find_each(text, words), key=lambda hit: (hit.start - hit.end, hit.start))
    kept: list[Hit] = []
    for hit in found:
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted((hit for hit in kept if hit.listed.is_used), key=lambda hit: hit.start)


def find_each(text: str, words: Iterable[Listed]) -> Iterator[Hit]:
    """Every place of every word, blanks between letters ignored."""
    letters = [(letter, at) for at, letter in enumerate(text) if not letter.isspace()]
    bare = "".join(letter for letter, _ in letters)
    for listed in words:
        at = bare.find(listed.word)
        while listed.word and at >= 0:
            yield Hit(listed, letters[at][1], letters[at + len(listed.word) - 1][1] + 1)
            at = bare.find(listed.word, at + 1)
