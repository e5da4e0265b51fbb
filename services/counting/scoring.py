"""The points of an evaluation: the same inputs give the same score, each point with what it comes from; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.taking_part import EvaluationRules, Indicator
from models.counting import EvaluationResult

PLACES = 2  # digits behind the point


@dataclass(frozen=True)
class Counted:
    """What the system counted for an indicator, and the rows that it counted."""

    value: float
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What a member of the panel gave: percent of the weight, and why."""

    share: int
    reason: str
    by: str


@dataclass(frozen=True)
class Inputs:
    """All that a score follows from, by indicator."""

    counted: Mapping[str, Counted]
    evidence: Mapping[str, Sequence[str]]
    panel: Mapping[str, Sequence[Given]]


@dataclass(frozen=True)
class Points:
    """Of one indicator."""

    indicator: Indicator
    points: float
    why: str
    rows: tuple[str, ...]


def score(scheme: Sequence[Indicator], inputs: Inputs) -> list[Points]:
    """The points of each indicator, in the scheme's order."""
    return [score_one(indicator, inputs) for indicator in scheme]


def score_one(indicator: Indicator, inputs: Inputs) -> Points:
    """Counted ones by their share of what is enough; others by the panel's mean, evidence only with a file."""
    if indicator.kind == "counted":
        counted = inputs.counted.get(indicator.code, Counted(0))
        share = min(counted.value / indicator.full, 1.0)
        why = f"系统统计 {tidy(counted.value)}，满分为 {indicator.full}"
        return Points(indicator, round(share * indicator.weight, PLACES), why, counted.rows)
    files, given = tuple(inputs.evidence.get(indicator.code, ())), list(inputs.panel.get(indicator.code, ()))
    if indicator.kind == "evidence" and not files:
        return Points(indicator, 0.0, "没有提交材料，不得分", ())
    rows = (*files, *(f"{one.by}：{one.share}%，{one.reason}" for one in given))
    if not given:
        return Points(indicator, 0.0, "评委还没有打分", rows)
    mean = sum(one.share for one in given) / len(given)
    why = f"{len(given)}位评委平均 {tidy(round(mean, PLACES))}%"
    return Points(indicator, round(mean * indicator.weight / 100, PLACES), why, rows)


def total_of(points: Sequence[Points]) -> float:
    """Of 100."""
    return round(sum(one.points for one in points), PLACES)


def advise(total: float, rules: EvaluationRules) -> EvaluationResult:
    """What the points alone would give; people decide."""
    if total >= rules.advanced_from:
        return EvaluationResult.ADVANCED
    return EvaluationResult.QUALIFIED if total >= rules.qualified_from else EvaluationResult.NOT_RATED


def tidy(value: float) -> str:
    """12 for 12.0."""
    return str(int(value)) if value == int(value) else str(value)
