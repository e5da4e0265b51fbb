"""How characters sound: toneless syllables, the folds that dialects make, initials."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pypinyin import Style, lazy_pinyin

from services.enterprises.names import BASIC_PLANE

Codes = npt.NDArray[np.uint16]

HAN_FIRST, HAN_LAST = 0x3400, 0x9FFF
# Syllables are numbered from here, so that they are characters of their own and never letters or separators.
FIRST_NUMBER = 0x4E00
# Confusions of the great dialect groups; a syllable and its fold sound alike to somebody.
INITIAL_FOLDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
FINAL_FOLDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
# Readings that the commonest names use where the dictionary's first reading is another.
NAME_READINGS = {
    "行": "hang",
    "长": "chang",
    "重": "chong",
    "乐": "le",
    "都": "du",
    "曾": "zeng",
    "厦": "xia",
}


def fold_syllable(syllable: str) -> str:
    """The syllable as somebody who does not tell zh from z, n from l, ang from an would write it."""
    for initial, plain in INITIAL_FOLDS:
        if syllable.startswith(initial):
            syllable = plain + syllable[len(initial) :]
            break
    for final, plain in FINAL_FOLDS:
        if syllable.endswith(final):
            return syllable[: -len(final)] + plain
    return syllable


class Sounds:
    """Tables from UTF-16 code to syllable number, folded number and initial, made once."""

    def __init__(self) -> None:
        readings = self.read_characters()
        self.syllables = sorted(set(readings.values()))
        number = {syllable: FIRST_NUMBER + index for index, syllable in enumerate(self.syllables)}
        folds = sorted({fold_syllable(syllable) for syllable in self.syllables})
        fold_number = {fold: FIRST_NUMBER + index for index, fold in enumerate(folds)}
        self.fold_of_syllable = [fold_number[fold_syllable(syllable)] for syllable in self.syllables]
        # What has no reading sounds like itself.
        self.syllable_of: Codes = np.arange(BASIC_PLANE, dtype=np.uint32).astype(np.uint16)
        self.fold_of: Codes = np.zeros(BASIC_PLANE, dtype=np.uint16)
        self.initial_of: Codes = np.zeros(BASIC_PLANE, dtype=np.uint16)
        for code, syllable in readings.items():
            self.syllable_of[code] = number[syllable]
            self.fold_of[code] = fold_number[fold_syllable(syllable)]
            self.initial_of[code] = ord(syllable[0].upper())
        for code in [*range(ord("0"), ord("9") + 1), *range(ord("A"), ord("Z") + 1)]:
            self.fold_of[code] = code
            self.initial_of[code] = code
        self.number_of = number

    @staticmethod
    def read_characters() -> dict[int, str]:
        """The first reading of each Han character, as names use it."""
        readings = {}
        for code in range(HAN_FIRST, HAN_LAST + 1):
            reading = NAME_READINGS.get(chr(code)) or lazy_pinyin(chr(code), style=Style.NORMAL)[0]
            reading = reading.replace("ü", "v")
            if reading.isascii() and reading.isalpha():
                readings[code] = reading
        return readings

    def fold_syllables(self, spoken: str) -> Codes:
        """The folded numbers of a text of syllable numbers."""
        return np.asarray([self.fold_of_syllable[ord(syllable) - FIRST_NUMBER] for syllable in spoken], np.uint16)

    def split_pinyin(self, letters: str) -> list[str] | None:
        """Letters without spaces as syllables, the fewest possible; None where they are no pinyin."""
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 6), end):
                before = best[start]
                known = letters[start:end] in self.number_of
                current = best[end]
                if before is not None and known and (current is None or len(before) + 1 < len(current)):
                    best[end] = [*before, letters[start:end]]
        return best[-1]


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
