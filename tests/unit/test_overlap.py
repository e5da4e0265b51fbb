"""Rows in the order of how much of a short text they hold, beside the plain words of that rule."""

import random
from itertools import pairwise

import numpy as np
import pytest

from services.enterprises.overlap import MOST_CODES, sort_by_overlap
from services.enterprises.postings import intersect
from services.enterprises.sounds import encode


def is_ordered(text: str, name: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in text)


def judge(text: str, name: str) -> tuple[int, int, bool, int]:
    """As the rule is told: more of the characters, more of their pairs, in order, short."""
    text = text[:MOST_CODES]
    beside = set(pairwise(name))
    return (
        -len(set(text) & set(name)),
        -sum(pair in beside for pair in set(pairwise(text))),
        not is_ordered(text, name),
        len(name),
    )


@pytest.mark.parametrize("seed", range(30))
def test_rows_stand_in_the_order_of_the_rule(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices("华瓷股份联业", k=chance.randint(1, 20)))
    names = ["".join(chance.choices("华瓷股份联业湖南有限公司", k=chance.randint(1, 12))) for _ in range(60)]
    flat = encode("".join(f"{name}\n" for name in names))
    starts = np.cumsum([0, *(len(name) + 1 for name in names[:-1])])
    order = sort_by_overlap(encode(text), flat, starts).tolist()
    assert order == sorted(range(len(names)), key=lambda row: judge(text, names[row]))


@pytest.mark.parametrize("sizes", [(0, 0), (0, 9), (3, 900), (500, 600), (900, 900)])
def test_what_stands_in_both_lists(sizes: tuple[int, int]) -> None:
    chance = random.Random(sum(sizes))
    few, many = (np.asarray(sorted(chance.sample(range(1000), size)), dtype=np.uint32) for size in sizes)
    assert intersect(few, many).tolist() == sorted(set(few.tolist()) & set(many.tolist()))
