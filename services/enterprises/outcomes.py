"""How trials come out under given weights: at which place the right firm stands, and whether none is answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.enterprises.fitting import take_best
from services.enterprises.trials import Query, Trial
from services.enterprises.weights import Weights, kind_of

FIVE = 5


@dataclass(frozen=True)
class Outcome:
    """What a citizen would be answered."""

    query: Query
    place: int  # of the right firm, from 0; -1 where it is not among the candidates
    likelihood: float
    is_none: bool


@dataclass(frozen=True)
class Score:
    """Shares of some outcomes, 0 to 1."""

    count: int
    first: float
    five: float
    none: float


def print_score(score: Score) -> dict[str, float]:
    """In percent, to be kept with the weights."""
    shares = {"first": score.first, "five": score.five, "none": score.none}
    return {"count": score.count} | {name: round(100 * share, 1) for name, share in shares.items()}


def judge(trial: Trial, weights: Mapping[str, Weights]) -> Outcome:
    """The outcome of one trial."""
    chosen = weights[kind_of(trial.question)]
    best = take_best(trial, chosen.ranking)
    likelihood = chosen.verdict.likelihood(best.inputs) if best else 0.0
    order = np.argsort(-(trial.features @ chosen.ranking), kind="stable")
    right = np.flatnonzero(trial.right[order])
    place = int(right[0]) if len(right) else -1
    return Outcome(trial.query, place, likelihood, likelihood < chosen.none_below)


def count_up(outcomes: Sequence[Outcome]) -> Score:
    """The shares."""
    count = len(outcomes) or 1
    return Score(
        len(outcomes),
        sum(outcome.place == 0 for outcome in outcomes) / count,
        sum(0 <= outcome.place < FIVE for outcome in outcomes) / count,
        sum(outcome.is_none for outcome in outcomes) / count,
    )


def score_by(outcomes: Iterable[Outcome], name_of: Callable[[Query], str]) -> dict[str, Score]:
    """The shares of each group, sorted by its name; "" is no group."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if name := name_of(outcome.query):
            groups.setdefault(name, []).append(outcome)
    return {name: count_up(groups[name]) for name in sorted(groups)}
