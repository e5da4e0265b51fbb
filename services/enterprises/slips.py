"""Slips in single characters: heard, seen, swapped, lost; made by seeded code to fit and to test with."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from services.enterprises.shapes import load_shapes
from services.enterprises.sounds import encode, load_sounds

LEAST_SEEN = 3  # times a character stands in the names before somebody writes it for another
DIGITS = "0123456789"
NUMERALS = "零一二三四五六七八九"
OTHER_SCRIPT = str.maketrans(DIGITS + NUMERALS, NUMERALS + DIGITS)


class Alphabet:
    """The characters of a register's names, each with those that a citizen could write for it."""

    def __init__(self, names: Iterable[str], chance: random.Random) -> None:
        self.chance = chance
        counts = Counter(character for name in names for character in name)
        self.common = {character: count for character, count in sorted(counts.items()) if count >= LEAST_SEEN}
        self.by_syllable: dict[int, list[str]] = {}
        self.by_fold: dict[int, list[str]] = {}
        sounds = load_sounds()
        for character in self.common:
            code = int(encode(character)[0])
            self.by_syllable.setdefault(int(sounds.syllable_of[code]), []).append(character)
            self.by_fold.setdefault(int(sounds.fold_of[code]), []).append(character)

    def draw(self, characters: Sequence[str]) -> str:
        """One of these, the common ones more often; "" of none."""
        if not characters:
            return ""
        return self.chance.choices(characters, [self.common.get(character, 1) for character in characters])[0]

    def draw_any(self) -> str:
        """A common character that has nothing to do with anything."""
        return self.draw(list(self.common))

    def draw_homophone(self, character: str) -> str:
        """Another of the same toneless syllable."""
        code = int(encode(character)[0])
        alike = self.by_syllable.get(int(load_sounds().syllable_of[code]), [])
        return self.draw([other for other in alike if other != character])

    def draw_dialect(self, character: str) -> str:
        """One whose syllable only some dialects tell from this one's."""
        sounds = load_sounds()
        code = int(encode(character)[0])
        own = self.by_syllable.get(int(sounds.syllable_of[code]), [])
        alike = self.by_fold.get(int(sounds.fold_of[code]), []) if sounds.fold_of[code] else []
        return self.draw([other for other in alike if other not in own])

    def draw_lookalike(self, character: str) -> str:
        """One that looks like it."""
        return self.draw(sorted(load_shapes().get(character, frozenset()) - {character}))


def replace_one(text: str, alphabet: Alphabet, draw: Callable[[str], str]) -> str:
    """The text with one character drawn anew, at a place where there is something to draw; "" where there is none."""
    places = list(range(len(text)))
    alphabet.chance.shuffle(places)
    for place in places:
        if other := draw(text[place]):
            return text[:place] + other + text[place + 1 :]
    return ""


def write_homophone(text: str, alphabet: Alphabet) -> str:
    """同音字."""
    return replace_one(text, alphabet, alphabet.draw_homophone)


def write_dialect(text: str, alphabet: Alphabet) -> str:
    """方言: n for l, f for h, z for zh, an for ang."""
    return replace_one(text, alphabet, alphabet.draw_dialect)


def write_lookalike(text: str, alphabet: Alphabet) -> str:
    """形近字."""
    return replace_one(text, alphabet, alphabet.draw_lookalike)


def write_unrelated(text: str, alphabet: Alphabet) -> str:
    """Another character altogether."""
    return replace_one(text, alphabet, lambda character: alphabet.draw_any().replace(character, ""))


def lose_one(text: str, alphabet: Alphabet) -> str:
    """One character left out."""
    place = alphabet.chance.randrange(len(text))
    return text[:place] + text[place + 1 :]


def lose_run(text: str, alphabet: Alphabet) -> str:
    """Two or three characters in a row left out, of a text that has as many more."""
    most = min(3, len(text) // 2)
    if most < 2:
        return ""
    length = alphabet.chance.randint(2, most)
    place = alphabet.chance.randrange(len(text) - length + 1)
    return text[:place] + text[place + length :]


def add_one(text: str, alphabet: Alphabet) -> str:
    """One character too many, of any kind."""
    place = alphabet.chance.randrange(len(text) + 1)
    return text[:place] + alphabet.draw_any() + text[place:]


def double_one(text: str, alphabet: Alphabet) -> str:
    """One character written twice."""
    place = alphabet.chance.randrange(len(text))
    return text[: place + 1] + text[place:]


def swap_neighbours(text: str, alphabet: Alphabet) -> str:
    """Two neighbours in the wrong order."""
    places = [place for place in range(len(text) - 1) if text[place] != text[place + 1]]
    if not places:
        return ""
    place = alphabet.chance.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def hear(text: str, alphabet: Alphabet) -> str:
    """As a machine writes down what it heard: two to four homophones, some of them in dialect."""
    for _ in range(alphabet.chance.randint(2, min(4, max(2, len(text) // 3)))):
        write = write_dialect if alphabet.chance.random() < 0.2 else write_homophone
        text = write(text, alphabet) or text
    return text


def change_digits(text: str, alphabet: Alphabet) -> str:  # noqa: ARG001
    """三一 for 31 and 31 for 三一."""
    return text.translate(OTHER_SCRIPT)


SLIPS = (write_homophone, write_dialect, write_lookalike, lose_one, add_one, swap_neighbours)


def slip_twice(text: str, alphabet: Alphabet) -> str:
    """Two slips of any two kinds."""
    first, second = alphabet.chance.sample(SLIPS, 2)
    once = first(text, alphabet)
    return second(once, alphabet) if len(once) > 2 else ""
