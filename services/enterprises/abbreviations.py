"""What stands short for a longer word in how people call firms: 湘 for 湖南, 农商行 for 农村商业银行 (pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from services.enterprises.parts import match_region

TABLE = Path(__file__).with_name("data") / "abbreviations.tsv"
MOST_WAYS = 2
LONGEST = 12  # characters; who says more seldom shortens a word


@dataclass(frozen=True)
class Abbreviation:
    """A short word, what it stands for, the likelier first, and whether only at the beginning."""

    short: str
    long: tuple[str, ...]
    is_start: bool

    def place_in(self, text: str) -> int:
        """Where it stands in a text that does not hold its longer word; -1 where it does not."""
        if any(word in text for word in self.long):
            return -1
        place = text.find(self.short)
        return place if not self.is_start or place == 0 else -1


@lru_cache(maxsize=1)
def load_abbreviations() -> tuple[Abbreviation, ...]:
    """The table, the longest first."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:])
    found = [Abbreviation(short, tuple(long.split()), where == "start") for short, long, where in rows]
    return tuple(sorted(found, key=lambda one: -len(one.short)))


def write_out(asked: str) -> list[str]:
    """A normalised text with its short words written out, MOST_WAYS ways at most; empty where it holds none."""
    if not 2 <= len(asked) <= LONGEST:
        return []
    return list(islice(write_ways(asked), MOST_WAYS))


def write_ways(asked: str) -> Iterator[str]:
    """All of them together, then with the second meaning of one that has several."""
    held: list[tuple[int, Abbreviation]] = []
    for one in load_abbreviations():
        place = one.place_in(asked)
        is_free = all(place + len(one.short) <= at or at + len(other.short) <= place for at, other in held)
        if place >= 0 and is_free and not (len(one.short) == 1 and match_region(asked)):
            held.append((place, one))
    held.sort(key=lambda found: -found[0])
    for meaning in range(max((len(one.long) for _, one in held), default=0)):
        text = asked
        for place, one in held:
            text = text[:place] + one.long[min(meaning, len(one.long) - 1)] + text[place + len(one.short) :]
        yield text
