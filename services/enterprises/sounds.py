"""How characters sound: toneless syllables, the folds that dialects make, initials."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pypinyin import Style, lazy_pinyin

from services.enterprises.names import BASIC_PLANE
from services.enterprises.numerals import DIGITS

Codes = npt.NDArray[np.uint16]

HAN_FIRST, HAN_LAST = 0x3400, 0x9FFF
ZERO = 0x3007  # 〇
# Syllables are numbered from here, so that they are characters of their own and never letters or separators.
FIRST_NUMBER = 0x4E00
# Confusions of the great dialect groups; a syllable and its fold sound alike to somebody.
INITIAL_FOLDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
FINAL_FOLDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
# 湖 and 福, 黄 and 方: one sound to many from Hunan to Fujian.
WHOLE_FOLDS = {"hu": "fu", "hua": "fa", "huan": "fan", "huang": "fan", "hui": "fei", "hun": "fen", "huo": "fo"}
# Readings that names use, the commonest first, where the dictionary's first reading is another or not the only one.
READINGS = Path(__file__).with_name("data") / "readings.tsv"
# Initials that one character has in several readings count as one when names are looked up: 长 c or z, 晟 s or c.
INITIAL_CLASSES = ("CZHXSJ", "LY", "DT", "BP")
LONGEST_SYLLABLE = 6
VOWELS = frozenset("aeiouv")  # 嗯 is read n: no syllable to split letters by
MOST_SPLITS = 6
LETTERS = (*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1))


def fold_syllable(syllable: str) -> str:
    """The syllable as somebody who does not tell zh from z, n from l, ang from an would write it."""
    for initial, plain in INITIAL_FOLDS:
        if syllable.startswith(initial):
            syllable = plain + syllable[len(initial) :]
            break
    syllable = WHOLE_FOLDS.get(syllable, syllable)
    for final, plain in FINAL_FOLDS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + plain
    return syllable


def class_of_initial(letter: str) -> int:
    """A number for an upper-case letter or digit, one for all of a class."""
    return ord(next((letters[0] for letters in INITIAL_CLASSES if letter in letters), letter))


def bit_of_initial(letter: str) -> np.uint64:
    """A bit for each letter and digit."""
    return np.uint64(1 << (ord(letter) - ord("0")))


def read_characters() -> dict[int, list[str]]:
    """The readings of each Han character, the first as names use it; mostly one."""
    lines = READINGS.read_text(encoding="utf-8").splitlines()[1:]
    known = {character: readings.split() for character, readings, _ in (line.split("\t") for line in lines)}
    readings = {}
    for code in (ZERO, *range(HAN_FIRST, HAN_LAST + 1)):
        found = known.get(chr(code)) or [lazy_pinyin(chr(code), style=Style.NORMAL)[0].replace("ü", "v")]
        if found[0].isascii() and found[0].isalpha():
            readings[code] = found
    return readings


def read_common() -> list[str]:
    """The 3,755 common characters of GB 2312, by sound."""
    cells = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    found = (code.decode("gb2312", "ignore") for code in cells)
    return [character for character in found if character]


class Sounds:
    """Tables from UTF-16 code to syllable number, folded number and initial, made once."""

    def __init__(self) -> None:
        readings = read_characters()
        self.syllables = sorted({syllable for found in readings.values() for syllable in found})
        number = {syllable: FIRST_NUMBER + index for index, syllable in enumerate(self.syllables)}
        folds = sorted({fold_syllable(syllable) for syllable in self.syllables})
        fold_number = {fold: FIRST_NUMBER + index for index, fold in enumerate(folds)}
        self.fold_of_syllable = [fold_number[fold_syllable(syllable)] for syllable in self.syllables]
        # What has no reading sounds like itself.
        self.syllable_of: Codes = np.arange(BASIC_PLANE, dtype=np.uint32).astype(np.uint16)
        self.fold_of: Codes = np.zeros(BASIC_PLANE, dtype=np.uint16)
        # For each code its first letter's class (0: none) and, as bits, the first letters of all its readings.
        self.initial_class_of = np.zeros(BASIC_PLANE, dtype=np.uint8)
        self.initials_of = np.zeros(BASIC_PLANE, dtype=np.uint64)
        for code in LETTERS:
            self.fold_of[code] = code
            self.initial_class_of[code] = class_of_initial(chr(code))
            self.initials_of[code] = bit_of_initial(chr(code))
        for code, found in readings.items():
            self.syllable_of[code] = number[found[0]]
            self.fold_of[code] = fold_number[fold_syllable(found[0])]
            self.initial_class_of[code] = class_of_initial(found[0][0].upper())
            for syllable in found:
                self.initials_of[code] |= bit_of_initial(syllable[0].upper())
        for digit, han in DIGITS.items():  # 3龙 is heard as 三龙
            self.syllable_of[ord(digit)], self.fold_of[ord(digit)] = self.syllable_of[ord(han)], self.fold_of[ord(han)]
        self.number_of = number
        # The folded numbers of the syllables that begin with each letter.
        self.folds_by_letter: dict[str, Codes] = {}
        for letter in sorted({syllable[0] for syllable in self.syllables}):
            begun = {fold_number[fold_syllable(one)] for one in self.syllables if one[0] == letter}
            self.folds_by_letter[letter] = np.asarray(sorted(begun), dtype=np.uint16)
        self.readings_of = {chr(code): found for code, found in readings.items()}
        # A common character for each syllable: the first of GB 2312's first level, which is in the order of sounds.
        self.common_of: dict[str, str] = {}
        for character in read_common():
            self.common_of.setdefault(self.readings_of[character][0], character)
        # The usual reading of characters that have others too: who types zhang for 长 means chang.
        self.usual_of: dict[str, set[str]] = {}
        for usual, *others in readings.values():
            for other in others:
                self.usual_of.setdefault(other, set()).add(usual)

    def fold_syllables(self, spoken: str) -> Codes:
        """The folded numbers of a text of syllable numbers."""
        return np.asarray([self.fold_of_syllable[ord(syllable) - FIRST_NUMBER] for syllable in spoken], np.uint16)

    def split_pinyin(self, letters: str) -> list[list[str]]:
        """The ways to read letters without spaces as syllables, the fewest first; none where they are no pinyin.

        xian is 先 or 西安: readings of one syllable more than the fewest are kept too, MOST_SPLITS at most.
        """
        ways: list[list[list[str]]] = [[[]], *([] for _ in letters)]
        for end in range(1, len(letters) + 1):
            found = [
                [*way, letters[start:end]]
                for start in range(max(0, end - LONGEST_SYLLABLE), end)
                if letters[start:end] in self.number_of and not VOWELS.isdisjoint(letters[start:end])
                for way in ways[start]
            ]
            fewest = min(map(len, found), default=0)
            ways[end] = sorted((way for way in found if len(way) <= fewest + 1), key=len)[:MOST_SPLITS]
        return ways[-1]


@lru_cache(maxsize=1)
def load_sounds() -> Sounds:
    """The tables, made at first use (a fifth of a second) and kept."""
    return Sounds()


def encode(text: str) -> Codes:
    """Text as UTF-16 codes."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


def decode(codes: Codes) -> str:
    """UTF-16 codes as text."""
    return codes.tobytes().decode("utf-16-le", "surrogatepass")
