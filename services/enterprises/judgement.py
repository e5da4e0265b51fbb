"""Judging how likely the best name is the one meant: what is known of it, and a curve of points for each."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.enterprises.features import FEATURES, Question, Table

MOST_MARGIN = 10.0
MOST_EDITS = 6
MOST_ASKED = 25  # characters; names asked for in full are no longer told apart by length
INPUTS = (
    *FEATURES,
    "margin",  # lead in rank over the second, up to MOST_MARGIN
    "asked_length",  # characters of the query, in tens, up to MOST_ASKED
    "worst_part",  # of region, trade name, trade and legal form the one that agrees least: 1 agrees, 0 not at all
    "rest_edits",  # edits by syllable between both without their regions, up to MOST_EDITS
)
PLACE = {name: place for place, name in enumerate(FEATURES)}
Points = list[tuple[float, float]]


def describe(features: Table, margin: float, question: Question) -> Table:
    """INPUTS of the best name: from its row of FEATURES and its lead in rank.

    A mistake mostly spoils one part of a name and leaves the rest; another firm differs in several.
    """
    worst = min(
        1 - features[PLACE["region_conflict"]],
        features[PLACE["brand_similarity"]],
        1 - features[PLACE["industry_missing"]],
        1 - features[PLACE["form_conflict"]] / 2,
    )
    rest_edits = (1 - features[PLACE["rest_similarity"]]) * max(len(question.rest), 1)
    asked = min(len(question.text), MOST_ASKED) / 10
    more = (min(margin, MOST_MARGIN), asked, worst, min(rest_edits, MOST_EDITS))
    return np.concatenate([features, np.asarray(more, dtype=np.float32)])


@dataclass(frozen=True)
class Curves:
    """Points for the value of each input, by straight lines between knots and level beyond the last ones.

    The points of all inputs and `start` add up to log-odds.
    """

    start: float
    points: dict[str, Points]  # by input: (value, points), values ascending

    def likelihood(self, inputs: Table) -> float:
        """0 to 1."""
        total = self.start
        for value, name in zip(inputs.tolist(), INPUTS, strict=True):
            total += read_curve(self.points[name], value)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def read_curve(points: Points, value: float) -> float:
    """The points at a value."""
    if value <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in pairwise(points):
        if value <= right:
            return low + (high - low) * (value - left) / (right - left)
    return points[-1][1]
