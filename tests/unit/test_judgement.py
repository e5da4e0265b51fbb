"""Curves are straight between knots and level beyond; the verdict's inputs say what spoils a name."""

import numpy as np
import pytest

from services.enterprises.editions import count_rarity, names_of
from services.enterprises.features import FEATURES, compare_parts, measure_text, read_question
from services.enterprises.judgement import INPUTS, Curves, describe, read_curve
from services.enterprises.parts import split_name
from services.enterprises.shard import build_shard

NAMES = ["长沙鑫达商贸有限公司", "长沙星辰科技有限公司", "湘潭众联建材有限公司"]


@pytest.mark.parametrize(("value", "points"), [(-9, 1.0), (0, 1.0), (0.5, 2.0), (1, 3.0), (2, 0.0), (99, 0.0)])
def test_a_curve_is_straight_between_and_level_beyond(value: float, points: float) -> None:
    assert read_curve([(0, 1.0), (1, 3.0), (2, 0.0)], value) == points
    assert read_curve([(5, 0.7)], value) == 0.7


def test_points_add_up_to_log_odds() -> None:
    curves = Curves(-1.0, {name: [(0.0, 0.0), (1.0, 0.5)] for name in INPUTS})
    nothing = np.zeros(len(INPUTS), dtype=np.float32)
    assert curves.likelihood(nothing) == pytest.approx(1 / (1 + np.e))
    two = nothing.copy()
    two[:2] = 1
    assert curves.likelihood(two) == pytest.approx(0.5)
    assert curves.likelihood(nothing + 9) == curves.likelihood(nothing + 1)


def inputs_of(asked: str, name: str) -> dict[str, float]:
    shard = build_shard(enumerate(NAMES))
    rarity, question = count_rarity(shard), read_question(asked)
    names = names_of(shard, np.asarray([NAMES.index(name)]))
    features = np.hstack([measure_text(question, names, rarity), compare_parts(question, [split_name(name)], rarity)])
    row = describe(features[0], 2.0, question)
    return dict(zip(INPUTS, row.tolist(), strict=True))


def test_inputs_say_which_part_differs() -> None:
    same = inputs_of(NAMES[0], NAMES[0])
    assert (same["worst_part"], same["rest_edits"], same["margin"]) == (1, 0, 2)
    assert inputs_of("湘潭鑫达商贸有限公司", NAMES[0])["worst_part"] == 0, "another region"
    assert inputs_of("长沙鑫达物流有限公司", NAMES[0])["worst_part"] < 0.5, "another trade"
    heard, other = (inputs_of(f"湘潭{brand}商贸有限公司", NAMES[0])["rest_edits"] for brand in ("新打", "众联"))
    assert heard == pytest.approx(0, abs=1e-5), "it sounds the same, and regions do not count"
    assert other == pytest.approx(2, abs=1e-5)
    assert set(FEATURES) < set(INPUTS)
