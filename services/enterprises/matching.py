"""Ranking names for what a citizen typed, and judging how likely the best is meant, by fitted weights."""

from dataclasses import dataclass

import numpy as np

from services.enterprises.features import FEATURES, Names, Question, Table, compare_parts, measure_text
from services.enterprises.judgement import MOST_MARGIN, describe
from services.enterprises.parts import split_name
from services.enterprises.weights import Weights

MOST_PARTED = {False: 20, True: 36}  # names taken apart, the best by their text: of a whole name, of a short form
# The ranking is surer of itself than right: of firms meant that stand second to fifth 29 % are behind by odds of ten.
CALIBRATION = 0.5
LISTED = FEATURES.index("listed")
# Features that the answer depends on.
TOLD = [FEATURES.index(name) for name in ("region_conflict", "core_equal", "core_sounds")]


@dataclass(frozen=True)
class Hit:
    """A name that fits: whose it is, the name in normal form, how well it fits and how likely it is meant."""

    enterprise_id: int
    name: str
    rank: float
    likelihood: float  # 0 to 1
    has_region_conflict: bool
    has_same_core: bool  # trade name and industry are the query's
    has_same_sound: bool  # or sound like them


def weigh(question: Question, groups: list[Names], rarity: Table, most: int, weights: Weights) -> list[Hit]:
    """The best names of all groups, best first, one for each enterprise.

    How likely the first is meant is judged; the others are less likely by as much as the ranking's odds say.
    """
    if not groups:
        return []
    by_text = np.concatenate([measure_text(question, names, rarity) for names in groups])
    texts = [text for names in groups for text in names.texts]
    owners = np.concatenate([names.enterprise_ids for names in groups])
    parted = MOST_PARTED[question.is_short]
    if len(texts) > parted:
        # The sieve is fitted where no register says whose shares are listed; what that is worth the ranking knows.
        worth = by_text @ weights.sieve + by_text[:, LISTED] * weights.ranking[LISTED]
        chosen = np.argpartition(worth, len(texts) - parted)[-parted:]
        by_text, owners, texts = by_text[chosen], owners[chosen], [texts[place] for place in chosen.tolist()]
    features = np.hstack([by_text, compare_parts(question, [split_name(text) for text in texts], rarity)])
    ranks = features @ weights.ranking
    best: dict[int, int] = {}
    for place in np.argsort(-ranks, kind="stable").tolist():
        best.setdefault(int(owners[place]), place)
        if len(best) == most:
            break
    places = list(best.values())
    margin = float(ranks[places[0]] - ranks[places[1]]) if len(places) > 1 else MOST_MARGIN
    likelihood = weights.verdict.likelihood(describe(features[places[0]], margin, question))
    odds = np.exp(CALIBRATION * (ranks[places] - ranks[places[0]]).astype(np.float64))
    told = features[np.ix_(places, TOLD)].astype(bool)
    rows = zip(places, ranks[places].tolist(), (likelihood * odds).tolist(), told.tolist(), strict=True)
    return [Hit(int(owners[place]), texts[place], rank, likely, *flags) for place, rank, likely, flags in rows]
