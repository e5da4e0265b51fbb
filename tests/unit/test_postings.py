"""Posting lists give back what was put in, whatever the gaps."""

import numpy as np
import pytest

from services.enterprises.postings import ESCAPE, LONG, MOST_DOCUMENTS, Numbers, sort_postings


def numbers(*values: int) -> Numbers:
    return np.asarray(values, dtype=np.uint32)


def read_all(grams: Numbers, owners: Numbers) -> dict[int, list[int]]:
    found = {}
    for postings in sort_postings(grams, owners):
        keys = np.unique(grams)
        for place, begin, end in postings.find(keys):
            assert keys[place] not in found, "a gram stands in one of the two"
            found[int(keys[place])] = postings.read(begin, end).tolist()
    return found


@pytest.mark.parametrize("seed", range(5))
def test_what_is_put_in_is_read_again(seed: int) -> None:
    chance = np.random.default_rng(seed)
    grams = (chance.zipf(1.3, 30_000) % 5000).astype(np.uint32)
    owners = chance.integers(0, 3_000_000, 30_000).astype(np.uint32)
    found = read_all(grams, owners)
    assert found == {int(key): np.unique(owners[grams == key]).tolist() for key in np.unique(grams)}


@pytest.mark.parametrize("gap", [1, ESCAPE - 1, ESCAPE, ESCAPE + 1, 2 * ESCAPE, 5 * ESCAPE + 7])
def test_gaps_about_the_escape(gap: int) -> None:
    owners = np.arange(LONG, dtype=np.uint32) * np.uint32(gap) + np.uint32(gap)
    assert read_all(np.full(LONG, 9, dtype=np.uint32), owners) == {9: owners.tolist()}


def test_nothing_and_too_much() -> None:
    assert read_all(numbers(), numbers()) == {}
    owners = np.arange(MOST_DOCUMENTS + 1, dtype=np.uint32)
    assert read_all(np.full(len(owners), 3, dtype=np.uint32), owners) == {}
    assert read_all(numbers(5, 5, 6), numbers(1, 1, 1)) == {5: [1], 6: [1]}
