"""How a name is brought to one form: width, case, traditional characters, punctuation."""

import hashlib
import unicodedata
from functools import lru_cache

from opencc import OpenCC

# All blocks of Han characters in the basic plane that have traditional forms.
HAN_FIRST, HAN_LAST = 0x3400, 0x9FFF


@lru_cache(maxsize=1)
def simplifying_table() -> dict[int, str]:
    """Traditional → simplified, character by character (OpenCC t2s)."""
    converter = OpenCC("t2s")
    table = {}
    for code in range(HAN_FIRST, HAN_LAST + 1):
        simplified = converter.convert(chr(code))
        if len(simplified) == 1 and simplified != chr(code):
            table[code] = simplified
    return table


def simplify(text: str) -> str:
    """Full width to half width, traditional to simplified, upper case; nothing is dropped."""
    return unicodedata.normalize("NFKC", text).translate(simplifying_table()).upper()


def normalise(name: str) -> str:
    """The form in which two spellings of one name are equal: letters, digits and Han characters only."""
    return "".join(filter(str.isalnum, simplify(name)))


def hash_key(key: str) -> int:
    """A signed 64-bit hash of a normalised name, for a small index; equal hashes are checked by reading."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def hash_name(name: str) -> int:
    """hash_key of the normalised name."""
    return hash_key(normalise(name))
