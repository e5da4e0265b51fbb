"""`make fit`: the finder's weights, fitted on half of the firms, checked on the others, kinds held out in turn."""

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.register import DATA, SEED, read_rows
from benchmarks.unseen import make_unseen
from services.enterprises import features, judgement
from services.enterprises.asking import strip_mark
from services.enterprises.features import Table
from services.enterprises.fitting import fit_sieve, fit_weights, knows_listed
from services.enterprises.names import normalise
from services.enterprises.outcomes import Outcome, Score, count_up, judge, print_score, score_by
from services.enterprises.trials import Query, Trial, lay_ground, make_trials, tell_absent, tell_mistakes
from services.enterprises.weights import ABOUT, SHIPPED, Weights, print_weights, write_tables

OTHER_ROUTES = ("19", "20", "21", "22", "26")  # pinyin, initials, codes, sentences: no business of the ranking
HONEST_ABSENT = ("N1", "N4")  # far from every firm; nearer ones may be asked about
SIEVED = 4  # one of so many queries is enough for the sieve
EACH, FEW = 120, 40  # mistakes of a kind on the whole register, on a small one
SMALL = (100_000, 3_000)  # small registers, drawn from the whole one
EACH_UNSEEN = 160
LOST = {"labelled": 0.008, "made": 0.04}  # of firms that are there, whole names
WHERE_LISTED = ", listed known"  # asked of a register that says whose shares are listed
SPECIAL = re.compile(f" of |{WHERE_LISTED}")
MEANING = re.compile(r'^    "(\w+)",  # (.+)$', re.MULTILINE)
FAMILIES = {
    "sound": ("09", "10", "11", "18"),
    "shape": ("12",),
    "order": ("13", "14", "15"),
    "two": ("16", "24", "25"),
    "region": ("17",),
    "left out": ("04", "05", "06", "07", "08"),
    "short": ("23",),
}


def family_of(kind: str) -> str:
    """Which kinds of our own a class of labelled queries is akin to."""
    return next((family for family, classes in FAMILIES.items() if kind[:2] in classes), "")


def read_labelled() -> Iterator[Query]:
    """The labelled queries of the measuring data, and real short names."""
    for line in (DATA / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kind, text, truth = row["class"], normalise(row["query"]), sorted(map(normalise, row["truth"]))
        if not kind.startswith(OTHER_ROUTES):
            source = (truth or [text])[0]
            means = frozenset(truth).__contains__
            yield Query(kind, family_of(kind), text, source, "labelled", means, is_absent=not truth)
    for line in (DATA / "short_names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        full, short = line.split("\t")
        full, short = normalise(full), normalise(strip_mark(short) or short)
        if len(short) >= 3:
            yield Query("23_ashare_short", "short", short, full, "real", full.__eq__)


def read_listed() -> frozenset[str]:
    """The firms whose shares are listed, in normal form."""
    files = ("listed_companies.tsv", "short_names.tsv")
    rows = (line for file in files for line in (DATA / file).read_text(encoding="utf-8").splitlines()[1:])
    return frozenset(normalise(row.split("\t")[0]) for row in rows)


def read_meanings() -> dict[str, str]:
    """What each number weighs, from the lists that name them."""
    sources = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (features, judgement)]
    return {name: meaning for source in sources for name, meaning in MEANING.findall(source)}


def read_unseen(names: Sequence[str]) -> Iterator[Query]:
    """Errors made by other code than the fit's own, which no fit has seen."""
    for asked in make_unseen(names, EACH_UNSEEN, SEED, frozenset(names).__contains__):
        truth = tuple(map(normalise, asked.truth))
        is_meant = replace(asked, truth=truth).is_right
        yield Query(asked.kind, "unseen", normalise(asked.text), min(truth), "unseen", is_meant)


def try_all(names: Sequence[str]) -> tuple[dict[str, Table], list[Trial]]:
    """The sieve, and all trials: on the whole register, and on small ones with absent firms from outside."""
    ground = lay_ground(names)
    queries = [
        *read_labelled(),
        *tell_mistakes(names, EACH, SEED),
        *tell_absent(names, 6 * EACH, SEED),
    ]
    sieve = fit_sieve(ground, queries[::SIEVED])
    trials = list(make_trials(ground, [*queries, *read_unseen(names)], sieve))
    known = [replace(query, kind=query.kind + WHERE_LISTED) for query in read_labelled()]
    trials += make_trials(ground.mark(read_listed()), known, sieve)
    print(f"{len(trials)} queries on {len(names)} names")
    shuffled = random.Random(SEED).sample(names, len(names))
    outside = shuffled[max(SMALL) :]
    for size in SMALL:
        few = shuffled[:size]
        queries = [*tell_mistakes(few, FEW, SEED), *tell_absent(outside, 6 * FEW, SEED)]
        small = [replace(query, kind=f"{query.kind} of {size}") for query in queries]
        trials += make_trials(lay_ground(few), small, sieve)
    return sieve, trials


def teaches(trial: Trial) -> bool:
    """Asked where listed firms are known, a query without any among its candidates says nothing new."""
    return knows_listed(trial) or not trial.query.kind.endswith(WHERE_LISTED)


def hold_out(trials: list[Trial], sieve: dict[str, Table]) -> dict[str, Score]:
    """What happens to a family of mistakes that the fit has never seen."""
    scores = {}
    for family in sorted({trial.query.family for trial in trials} - {"", "absent"}):
        known = [trial for trial in trials if trial.query.family != family]
        weights = fit_weights(known, sieve, LOST)
        unseen = [judge(trial, weights) for trial in trials if trial.query.family == family]
        scores[family] = count_up(unseen)
    return scores


def print_scores(title: str, scores: Mapping[str, Score]) -> None:
    """A table in percent."""
    print(f"\n{title:<34}{'n':>6}{'first':>8}{'five':>8}{'none':>8}")
    for name, score in scores.items():
        print(
            f"{name:<34}{score.count:>6}" + "".join(f"{100 * x:>8.1f}" for x in (score.first, score.five, score.none))
        )


def sum_up(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """The figures that the fit is for."""
    known = [o for o in outcomes if o.query.kind.endswith(WHERE_LISTED)]
    outcomes = [o for o in outcomes if not o.query.kind.endswith(WHERE_LISTED)]
    groups = {
        "labelled, there": [o for o in outcomes if o.query.origin == "labelled" and not o.query.is_absent],
        "labelled, there, listed known": [o for o in known if o.query.origin == "labelled" and not o.query.is_absent],
        "real short names": [o for o in outcomes if o.query.origin == "real"],
        "real short names, listed known": [o for o in known if o.query.origin == "real"],
        "mistakes, there": [o for o in outcomes if o.query.origin == "made" and not o.query.is_absent],
        "absent N1 and N4": [o for o in outcomes if o.query.kind.startswith(HONEST_ABSENT)],
        "absent, played": [o for o in outcomes if o.query.kind == "absent"],
        "absent short forms, played": [o for o in outcomes if o.query.kind == "absent short"],
    }
    for size in SMALL:
        ours = [o for o in outcomes if o.query.kind.endswith(f" of {size}")]
        groups[f"{size} names, there"] = [o for o in ours if not o.query.is_absent]
        groups[f"{size} names, absent"] = [o for o in ours if o.query.is_absent]
    return {name: count_up(group) for name, group in groups.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print both halves and the kinds held out, write data/weights.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="print only")
    parser.add_argument("--quick", action="store_true", help="hold out nothing")
    chosen = parser.parse_args(arguments)
    if not DATA.is_dir():
        sys.exit(f"no data to fit on at {DATA}")
    began = time.process_time()
    names = list(dict.fromkeys(normalise(row[0]) for row in read_rows()))
    sieve, trials = try_all(names)
    unseen = [trial for trial in trials if trial.query.origin == "unseen"]
    trials = [trial for trial in trials if trial.query.origin != "unseen"]
    weights = fit_weights([trial for trial in trials if trial.is_fit and teaches(trial)], sieve, LOST)
    outcomes = {half: [judge(t, weights) for t in trials if t.is_fit == half] for half in (True, False)}
    for half, title in ((True, "fit half"), (False, "check half")):
        print_scores(title, score_by(outcomes[half], lambda query: query.kind.partition(" of ")[0]))
    others = [judge(trial, weights) for trial in unseen]
    print_scores("errors made by other code", score_by(others, lambda query: query.kind))
    figures = sum_up(outcomes[False]) | {"errors made by other code": count_up(others)}
    print_scores("check half in short", figures)
    if not chosen.quick:
        held = hold_out([trial for trial in trials if not re.search(SPECIAL, trial.query.kind)], sieve)
        print_scores("families of mistakes held out", held)
        figures |= {f"unseen: {family}": score for family, score in held.items()}
    print(f"{time.process_time() - began:.0f} s of CPU")
    if not chosen.dry:
        write_tables(SHIPPED, describe_fit(weights, figures, len(names), len(trials)))


def describe_fit(
    weights: Mapping[str, Weights], figures: Mapping[str, Score], names: int, trials: int
) -> dict[str, Any]:
    """The weights as a file that explains itself."""
    return {
        "about": ABOUT,
        "fitted": {
            "on": datetime.now(UTC).date().isoformat(),
            "by": "make fit",
            "names": names,
            "queries": trials,
            "figures": {name: print_score(score) for name, score in figures.items()},
        },
        "meanings": read_meanings(),
        **print_weights(weights),
    }


if __name__ == "__main__":
    main()
