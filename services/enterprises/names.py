"""How a name is brought to one form: width, case, traditional characters, punctuation; never another firm's name."""

import hashlib
import unicodedata
from functools import lru_cache

from opencc import OpenCC

BASIC_PLANE = 0x10000
SURROGATES = range(0xD800, 0xE000)
# Characters that registers of the 1990s had no code for stand in the private area: letters, not punctuation.
PRIVATE_USE = range(0xE000, 0xF900)
# Standard characters in their own right (通用规范汉字表, 2013) that a table of simplification would change:
# 日昇 and 日升, 乾元 and 干元 are two firms.
STANDARD = frozenset("乾徵薹摺袷拚氾吒昇於苧祕陞脩夥釐谿蒐劄")
CIRCLES = str.maketrans("○◯", "〇〇")  # 二○一 is not 二一


def simplify(character: str, converter: OpenCC) -> str:
    """The simplified form, except of what is standard as it is."""
    return character if character in STANDARD else str(converter.convert(character))


def normalise_character(character: str, converter: OpenCC) -> str:
    """Half width, simplified, upper case; nothing for what is no letter, digit or Han character."""
    if ord(character) in PRIVATE_USE:
        return character
    wide = unicodedata.normalize("NFKC", character).translate(CIRCLES)
    plain = "".join(simplify(part, converter) for part in wide).upper()
    return "".join(filter(str.isalnum, plain))


class NormalForms(dict[int, str]):
    """What each character becomes; those beyond the basic plane stay if they are letters."""

    def __init__(self) -> None:
        converter = OpenCC("t2s")
        for code in range(BASIC_PLANE):
            self[code] = chr(code) if code in SURROGATES else normalise_character(chr(code), converter)

    def __missing__(self, code: int) -> str:
        return chr(code) if chr(code).isalnum() else ""


@lru_cache(maxsize=1)
def normal_forms() -> NormalForms:
    """The table, made at first use (a fifth of a second) and kept."""
    return NormalForms()


def normalise(name: str) -> str:
    """The form in which two spellings of one name are equal: letters, digits and Han characters only."""
    return name.translate(normal_forms())


def hash_key(key: str) -> int:
    """A signed 64-bit hash of a normalised name, for a small index; equal hashes are checked by reading."""
    return int.from_bytes(
        hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True
    )


def hash_name(name: str) -> int:
    """hash_key of the normalised name."""
    return hash_key(normalise(name))
