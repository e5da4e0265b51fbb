"""Classes and draws as arithmetic: the first rule that fits, the same seed the same draw, weights that hold."""

from datetime import date

import pytest

from config.inspections import load_inspection_rules
from services.credit.standing import Why
from services.inspections.classing import Mark, class_firm
from services.inspections.drawing import draw, hash_pool

TODAY = date(2026, 11, 20)
RULES = load_inspection_rules()


def mark(block: str, severity: str = "", decided_on: date = date(2026, 6, 1), why: Why = Why.IN_FORCE) -> Mark:
    return Mark(f"{block} 1", block, severity, decided_on, why)


@pytest.mark.parametrize(
    ("marks", "name"),
    [
        ([], "未评定"),
        ([mark("licence")], "未评定"),
        ([mark("honour")], "A"),
        ([mark("red"), mark("penalty", "general", why=Why.REPAIRED)], "A"),
        ([mark("honour"), mark("penalty", "general", date(2024, 1, 5), Why.EXPIRED)], "未评定"),
        ([mark("honour"), mark("penalty", "general")], "B"),
        ([mark("penalty", "general")] * 2, "B"),
        ([mark("penalty", "general")] * 3, "C"),
        ([mark("penalty", "general")] * 2 + [mark("penalty", "general", date(2025, 11, 20))], "C"),
        ([mark("penalty", "general")] * 2 + [mark("penalty", "general", date(2025, 11, 19))], "B"),
        ([mark("penalty", "serious")], "C"),
        ([mark("court")], "C"),
        ([mark("penalty", "serious", why=Why.WITHDRAWN)], "未评定"),
        ([mark("black"), mark("honour")], "D"),
        ([mark("complaint_summary")] * 50, "未评定"),  # however many complaints
    ],
)
def test_classes(marks: list[Mark], name: str) -> None:
    found = class_firm(marks, RULES, TODAY)
    assert (found.name, found.version) == (name, RULES.version)
    assert bool(found.records) is (name != "未评定")


def test_the_same_seed_draws_the_same_whatever_the_order() -> None:
    pool = [(number, 1.0 + number % 3) for number in range(500)]
    assert draw("seed", pool, 20) == draw("seed", reversed(pool), 20)
    assert draw("seed", pool, 20) != draw("other", pool, 20)
    assert draw("seed", pool, 20) == draw("seed", pool, 50)[:20]
    assert sorted(draw("seed", pool, 900)) == list(range(500))
    assert hash_pool(pool) == hash_pool(reversed(pool)) != hash_pool(pool[1:])


def test_a_draw_is_what_it_was_when_this_was_written() -> None:
    """Another version of the language or of us must draw the same from an old seed."""
    assert draw("诚信通", [(number, 1.0) for number in range(1, 101)], 5) == [16, 41, 27, 51, 15]


def test_weights_hold() -> None:
    pool = [(number, 5.0 if number < 100 else 1.0) for number in range(1000)]
    heavy = sum(one < 100 for seed in range(200) for one in draw(str(seed), pool, 10))
    assert 0.31 < heavy / 2000 < 0.40, "5 × 100 of 1,400: 35.7 %"
