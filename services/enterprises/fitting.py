"""Fitting the finder's weights to trials: a listwise softmax ranks, curves of points judge. Plain numpy."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.enterprises.features import FEATURES, Table
from services.enterprises.judgement import INPUTS, MOST_MARGIN, Curves, Points, describe
from services.enterprises.trials import WORTH, Flags, Ground, Query, Trial
from services.enterprises.weights import QUERY_KINDS, Weights, kind_of, load_shipped

Numbers = npt.NDArray[np.float64]

EVENLY = 0.75  # how far many queries of one kind are kept from outvoting few of another; 1: not at all
CALM = 3e-4  # how dear great weights are
CALM_CURVES = 1e-3
BENDS = (0, 0.33, 0.67, 1)  # of the distinct values of an input, where its curve may bend
STEPS = 300
SHORT_LOST = 0.004  # a short form is hardly ever answered by "not found": too many firms could be meant
LISTED = FEATURES.index("listed")
STRUCK_WORTH = 0.5  # of an absence that is only played, beside a query as it was asked


def descend(gradient_of: Callable[[Numbers], Numbers], size: int) -> Numbers:
    """Adam, as plain as it comes."""
    weights, mean, spread = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, STEPS + 1):
        gradient = gradient_of(weights)
        mean, spread = 0.9 * mean + 0.1 * gradient, 0.99 * spread + 0.01 * gradient**2
        rate = 0.1 if step < STEPS * 0.7 else 0.02
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-9)
    return weights


def fit_softmax(
    tables: Sequence[Table], rights: Sequence[Flags], queries: Sequence[Query], given: Sequence[Numbers] = ()
) -> Numbers:
    """Weights for the columns of tables of candidates, so that the right rows of each query's stand out.

    `given`: ranks that each row has beside.
    """
    usable = [place for place, right in enumerate(rights) if right.any() and not right.all()]
    kinds = [queries[place].kind for place in usable]
    counts = Counter(kinds)
    worth = np.asarray([counts[kind] ** -EVENLY for kind in kinds])
    worth *= [WORTH[queries[place].origin] for place in usable]
    table = np.concatenate([tables[place] for place in usable]).astype(np.float64)
    right = np.concatenate([rights[place] for place in usable])
    beside = np.concatenate([given[place] for place in usable]) if given else np.zeros(len(right))
    sizes = np.asarray([len(rights[place]) for place in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    worth_of_row = np.repeat(worth / worth.sum(), sizes)
    scale = table.std(axis=0) + 1e-6
    scaled = (table - table.mean(axis=0)) / scale

    def gradient(weights: Numbers) -> Numbers:
        scores = scaled @ weights + beside
        raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        share = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
        wanted = raised * right / np.repeat(np.add.reduceat(raised * right, starts), sizes)
        slope: Numbers = ((share - wanted) * worth_of_row) @ scaled + CALM * weights
        return slope

    fitted: Numbers = descend(gradient, table.shape[1]) / scale
    return fitted


def fit_ranking(trials: Sequence[Trial], listed: float = 0.0) -> Numbers:
    """One weight for each feature.

    That of listed firms is fitted last, alone, where a register says whose shares are listed: most say it of none,
    and are not to suffer. Where no trial knows, it is `listed`.
    """
    plain = [trial for trial in trials if not knows_listed(trial)]
    ranking = fit_softmax([t.features for t in plain], [t.right for t in plain], [t.query for t in plain])
    ranking[LISTED] = listed
    if known := [trial for trial in trials if knows_listed(trial)]:
        ranking[LISTED] = 0
        given = [trial.features @ ranking for trial in known]
        marks = [trial.features[:, [LISTED]] for trial in known]
        ranking[LISTED] = fit_softmax(marks, [t.right for t in known], [t.query for t in known], given)[0]
    return ranking


def knows_listed(trial: Trial) -> bool:
    """Whether the register says of any of the candidates that its shares are listed."""
    return bool(trial.features[:, LISTED].any())


@dataclass(frozen=True)
class Best:
    """INPUTS of the name that ranks first and whether it is right; struck: of those that are not right."""

    inputs: Table
    is_right: bool
    worth: float


def take_best(trial: Trial, ranking: Table | Numbers, *, is_struck: bool = False) -> Best | None:
    """The first by rank."""
    ranks = trial.features @ ranking
    places = np.flatnonzero(~trial.right) if is_struck else np.arange(len(ranks))
    if not len(places):
        return None
    order = places[np.argsort(-ranks[places], kind="stable")]
    best = int(order[0])
    margin = float(ranks[best] - ranks[order[1]]) if len(order) > 1 else MOST_MARGIN
    inputs = describe(trial.features[best], margin, trial.question)
    is_played = is_struck or (trial.query.is_absent and trial.query.origin == "made")
    return Best(inputs, bool(trial.right[best]), STRUCK_WORTH if is_played else 1.0)


def collect_bests(trials: Sequence[Trial], ranking: Numbers) -> list[Best]:
    """What the verdict is fitted on: firms found, firms absent, and firms struck from their own candidates.

    A firm that is there but not first says nothing of absence and is left out.
    """
    bests = []
    for trial in trials:
        best = take_best(trial, ranking)
        if best and (best.is_right or not trial.is_answerable):
            bests.append(best)
        if trial.is_answerable and (struck := take_best(trial, ranking, is_struck=True)):
            bests.append(struck)
    return bests


def place_knots(values: Numbers) -> list[float]:
    """Where a curve may bend: two values for a flag; for others evenly among the values that there are.

    The rare ones count as much as the common: a name that shares nothing with the query is seldom a candidate.
    """
    distinct = np.unique(values)
    if len(distinct) < 4:
        return [float(value) for value in distinct[[0, -1]]] if len(distinct) > 1 else [float(distinct[0])]
    return [float(knot) for knot in np.unique(np.round(np.quantile(distinct, BENDS), 4))]


def fit_verdict(bests: Sequence[Best]) -> Curves:
    """Logistic regression on the stretches between the knots of every input."""
    table = np.stack([best.inputs for best in bests]).astype(np.float64)
    wanted = np.asarray([best.is_right for best in bests], dtype=np.float64)
    worth = np.asarray([best.worth for best in bests])
    worth = worth / worth.sum()
    knots = [place_knots(column) for column in table.T]
    stretches = [
        np.clip(table[:, place], left, right) - left
        for place, places in enumerate(knots)
        for left, right in pairwise(places)
    ]
    columns = np.stack(stretches, axis=1)
    centre, scale = columns.mean(axis=0), columns.std(axis=0) + 1e-6
    scaled = np.hstack([(columns - centre) / scale, np.ones((len(columns), 1))])

    def gradient(weights: Numbers) -> Numbers:
        likely = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        dear = np.append(weights[:-1], 0.0)
        slope: Numbers = ((likely - wanted) * worth) @ scaled + CALM_CURVES * dear
        return slope

    fitted = descend(gradient, scaled.shape[1])
    slopes = fitted[:-1] / scale
    return draw_curves(knots, slopes, float(fitted[-1] - centre @ slopes))


def draw_curves(knots: list[list[float]], slopes: Numbers, start: float) -> Curves:
    """The points at the knots of each input, of the slopes between them one after the other."""
    left = iter(slopes.tolist())
    points: dict[str, Points] = {}
    for name, places in zip(INPUTS, knots, strict=True):
        curve = [(places[0], 0.0)]
        for here, there in pairwise(places):
            curve.append((there, round(curve[-1][1] + next(left) * (there - here), 4)))
        points[name] = curve
    return Curves(round(start, 4), points)


def fit_sieve(ground: Ground, queries: Iterable[Query]) -> dict[str, Table]:
    """By kind of query one weight for each text feature: which candidates are worth taking apart."""
    sifted: dict[str, list[tuple[Table, Flags, Query]]] = {kind: [] for kind in QUERY_KINDS}
    for query in queries:
        if found := ground.measure(query):
            question, _, by_text, right = found
            sifted[kind_of(question)].append((by_text, right, query))
    return {kind: fit_softmax(*zip(*rows, strict=True)).astype(np.float32) for kind, rows in sifted.items()}


def fit_weights(trials: Sequence[Trial], sieve: dict[str, Table], lost: dict[str, float]) -> dict[str, Weights]:
    """The weights of both kinds of query; `lost`: by origin, what share of the firms that are there may be lost."""
    fitted = {}
    for kind in QUERY_KINDS:
        chosen = [trial for trial in trials if kind_of(trial.question) == kind]
        ranking = fit_ranking(chosen, float(load_shipped()[kind].ranking[LISTED]))
        verdict = fit_verdict(collect_bests(chosen, ranking))
        allowed = lost if kind == "long" else dict.fromkeys(lost, SHORT_LOST)
        floor = find_floor(chosen, ranking, verdict, allowed)
        fitted[kind] = Weights(ranking.astype(np.float32), sieve[kind], verdict, round(floor, 4))
    return fitted


def find_floor(trials: Sequence[Trial], ranking: Numbers, verdict: Curves, lost: dict[str, float]) -> float:
    """How likely the best name must be not to be answered by "not found"; the most careful origin decides."""
    found: dict[str, list[float]] = {origin: [] for origin in lost}
    for trial in trials:
        if trial.is_answerable and trial.query.origin in lost and (best := take_best(trial, ranking)):
            found[trial.query.origin].append(verdict.likelihood(best.inputs))
    floors = [float(np.quantile(found[origin], share)) for origin, share in lost.items() if found[origin]]
    return min(floors, default=0.0)
