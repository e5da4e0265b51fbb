"""Characters that look alike, which are mistaken for one another in print and handwriting."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from services.enterprises.sounds import Codes, encode

SHAPES = Path(__file__).with_name("data") / "similar_shapes.txt"


@lru_cache(maxsize=1)
def load_shapes() -> dict[str, frozenset[str]]:
    """Each character to those that look like it."""
    shapes: dict[str, set[str]] = {}
    for line in SHAPES.read_text(encoding="utf-8").splitlines():
        group = line.split()
        for character in group:
            shapes.setdefault(character, set()).update(group)
    return {character: frozenset(group) for character, group in shapes.items()}


@lru_cache(maxsize=4096)
def codes_like(code: int) -> Codes:
    """The codes of the characters that look like that of a code."""
    found: Codes = np.sort(encode("".join(load_shapes().get(chr(code), frozenset()) - {chr(code)})))
    return found
