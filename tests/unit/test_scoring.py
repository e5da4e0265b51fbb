"""Points of an evaluation: the same inputs give the same score, and each point says what it comes from."""

import pytest

from config.taking_part import EvaluationRules, load_taking_part
from models.counting import EvaluationResult
from services.counting.scoring import Counted, Given, Inputs, advise, score, total_of

RULES = load_taking_part().evaluation
SCHEME = RULES.indicators


def full() -> Inputs:
    """Everything as good as can be."""
    counted = {one.code: Counted(one.full * 2, ("行",)) for one in SCHEME if one.kind == "counted"}
    others = [one.code for one in SCHEME if one.kind != "counted"]
    given = [Given(100, "材料齐全", "staff:1"), Given(100, "有特色", "staff:2")]
    return Inputs(counted, {code: ["材料 章程"] for code in others}, dict.fromkeys(others, given))


def test_the_shipped_scheme_is_a_hundred_points() -> None:
    assert sum(one.weight for one in SCHEME) == 100
    assert len(SCHEME) == 10
    assert total_of(score(SCHEME, full())) == 100
    assert score(SCHEME, full()) == score(SCHEME, full())


def test_counted_points_grow_with_the_count_and_stop_at_the_weight() -> None:
    one = next(one for one in SCHEME if one.code == "activities")
    points = [score([one], Inputs({one.code: Counted(value)}, {}, {}))[0].points for value in (0, 1, 2, 4, 9)]
    assert points == [0, 3.5, 7, 14, 14]


def test_without_a_file_an_evidence_indicator_has_no_points_whatever_the_panel_says() -> None:
    one = next(one for one in SCHEME if one.code == "charter")
    panel = {one.code: [Given(100, "很好", "staff:1"), Given(50, "一般", "staff:2")]}
    without = score([one], Inputs({}, {}, panel))[0]
    assert (without.points, without.why) == (0, "没有提交材料，不得分")
    with_file = score([one], Inputs({}, {one.code: ["材料 章程"]}, panel))[0]
    assert with_file.points == 6
    assert with_file.rows == ("材料 章程", "staff:1：100%，很好", "staff:2：50%，一般")


@pytest.mark.parametrize(
    ("total", "result"),
    [(85, EvaluationResult.ADVANCED), (84.99, EvaluationResult.QUALIFIED), (60, EvaluationResult.QUALIFIED),
     (59.99, EvaluationResult.NOT_RATED)],
)  # fmt: skip
def test_what_the_points_alone_would_give(total: float, result: EvaluationResult) -> None:
    assert advise(total, RULES) is result


def test_a_scheme_that_is_not_a_hundred_is_refused() -> None:
    values = RULES.model_dump()
    values["indicators"][0]["weight"] += 1
    with pytest.raises(ValueError, match="合计须为 100"):
        EvaluationRules.model_validate(values)
