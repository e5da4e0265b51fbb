"""`make fit`: the weights of ranking and verdict, fitted on one half of the firms, checked on the other."""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.mistakes import make_mistakes
from benchmarks.names import DATA, SEED, read_rows
from services.enterprises.index import count_rarity, find_documents, names_of
from services.enterprises.matching import (
    FEATURES,
    MOST_MARGIN,
    WEIGHTS,
    compare_parts,
    measure_text,
    read_question,
)
from services.enterprises.names import normalise
from services.enterprises.parts import split_name
from services.enterprises.shard import Shard, build_shard

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
OTHER_ROUTES = ("19", "20", "21", "22", "26")  # pinyin, initials, codes, sentences: no business of the ranking
HONEST_ABSENT = ("N1", "N4")  # far from every firm; nearer ones may be asked about
LOST_SHARE = {"long": 0.015, "short": 0.0}  # of positives that may be answered NONE
EACH_MISTAKE = 160


@dataclass(frozen=True)
class Case:
    """One query with the features of its candidates and which of them are right."""

    kind: str
    is_short: bool
    is_fit: bool
    features: Numbers
    right: Flags

    @property
    def is_absent(self) -> bool:
        """The firm is in no register."""
        return self.kind.startswith("N")


def read_queries(names: Sequence[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Class, query, right names: labelled ones, real short names, and mistakes of our own making."""
    for line in (DATA / "queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        if not query["class"].startswith(OTHER_ROUTES):
            yield query["class"], normalise(query["query"]), [normalise(name) for name in query["truth"]]
    for line in (DATA / "short_names.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        full, short = line.split("\t")
        if len(short) >= 3:
            yield "23x_short", normalise(short), [normalise(full)]
    for kind, mistaken, name in make_mistakes(names, EACH_MISTAKE, SEED):
        yield kind, mistaken, [name]


def make_case(shard: Shard, rarity: npt.NDArray[np.float32], kind: str, query: str, truth: list[str]) -> Case | None:
    """The features of a query's candidates, in random order of equals; None without candidates."""
    question = read_question(query)
    documents = find_documents(shard, query, question.is_short)
    if not len(documents):
        return None
    names = names_of(shard, documents)
    features = np.hstack(
        [measure_text(question, names, rarity), compare_parts(question, [split_name(text) for text in names.texts])]
    )
    source = (truth or [query])[0]
    is_fit = hashlib.sha256(source.encode()).digest()[0] % 2 == 0
    right = np.asarray([text in truth for text in names.texts])
    return Case(kind, question.is_short, is_fit, features.astype(np.float64), right)


def descend(gradient_of: Callable[[Numbers], Numbers], size: int, steps: int) -> Numbers:
    """Adam, as plain as it comes."""
    weights, mean, spread = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        gradient = gradient_of(weights)
        mean, spread = 0.9 * mean + 0.1 * gradient, 0.99 * spread + 0.01 * gradient**2
        rate = 0.1 if step < steps * 0.7 else 0.02
        weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.99**step)) + 1e-9)
    return weights


def fit_ranking(cases: list[Case]) -> Numbers:
    """Listwise softmax: the right names' share of all candidates, each kind of query heard alike."""
    usable = [case for case in cases if case.right.any() and not case.right.all()]
    counts: dict[str, int] = defaultdict(int)
    for case in usable:
        counts[case.kind[:2]] += 1
    worth = np.asarray([counts[case.kind[:2]] ** -0.75 for case in usable])
    worth /= worth.sum()
    table, right = np.concatenate([c.features for c in usable]), np.concatenate([c.right for c in usable])
    sizes = np.asarray([len(case.right) for case in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    scale = table.std(axis=0) + 1e-6
    scaled = (table - table.mean(axis=0)) / scale

    def gradient(weights: Numbers) -> Numbers:
        scores = scaled @ weights
        raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        share = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
        wanted = raised * right / np.repeat(np.add.reduceat(raised * right, starts), sizes)
        slope: Numbers = ((share - wanted) * np.repeat(worth, sizes)) @ scaled + 3e-4 * weights
        return slope

    fitted: Numbers = descend(gradient, len(FEATURES), 300) / scale
    return fitted


def lead(case: Case, ranking: Numbers, *, masked: bool = False) -> tuple[Numbers, bool]:
    """The best name's features, its lead over the second and 1; and whether it is right."""
    scores = case.features @ ranking
    if masked:
        scores = np.where(case.right, -np.inf, scores)
    best = np.argsort(-scores)[:2]
    margin = scores[best[0]] - scores[best[1]] if len(best) > 1 and np.isfinite(scores[best[1]]) else MOST_MARGIN
    return np.concatenate([case.features[best[0]], [min(margin, MOST_MARGIN), 1.0]]), bool(case.right[best[0]])


def fit_verdict(cases: list[Case], ranking: Numbers, *, use_masked: bool) -> Numbers:
    """Logistic: is the best name the one meant? Firms struck from their own candidates teach absence."""
    rows, right = [], []
    for case in cases:
        if case.is_absent and not case.kind.startswith(HONEST_ABSENT):
            continue
        row, is_right = lead(case, ranking)
        rows.append(row)
        right.append(is_right)
        if use_masked and case.right.any() and not case.right.all():
            rows.append(lead(case, ranking, masked=True)[0])
            right.append(False)
    table, wanted = np.asarray(rows), np.asarray(right, dtype=float)
    centre, scale = table.mean(axis=0), table.std(axis=0) + 1e-6
    centre[-1], scale[-1] = 0, 1
    scaled = (table - centre) / scale

    def gradient(weights: Numbers) -> Numbers:
        slope: Numbers = scaled.T @ ((1 / (1 + np.exp(-scaled @ weights)) - wanted) * np.where(wanted, 1, 0.5))
        return np.asarray(slope / len(wanted) + 1e-3 * weights)

    weights = descend(gradient, table.shape[1], 600)
    fitted: Numbers = weights / scale
    fitted[-1] -= float((centre / scale) @ weights)
    return fitted


def likelihoods(cases: list[Case], ranking: Numbers, verdict: Numbers) -> Numbers:
    """How likely the best name of each case is thought."""
    return np.asarray([1 / (1 + np.exp(-float(lead(case, ranking)[0] @ verdict))) for case in cases])


def report(title: str, cases: list[Case], fitted: dict[str, tuple[Numbers, Numbers, float]]) -> None:
    """First, first five and NONE by class."""
    rows: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for case in cases:
        ranking, verdict, floor = fitted["short" if case.is_short else "long"]
        order = np.argsort(-(case.features @ ranking))
        none = likelihoods([case], ranking, verdict)[0] < floor
        row = (float(case.right[order[0]]), float(case.right[order[:5]].any()), float(none))
        for name in (case.kind, "absent" if case.is_absent else "all"):
            rows[name].append(row)
    print(f"\n{title:<24}{'n':>6}{'first%':>8}{'five%':>8}{'none%':>8}")
    for name in sorted(rows):
        print(
            f"{name:<24}{len(rows[name]):>6}" + "".join(f"{100 * value:>8.1f}" for value in np.mean(rows[name], axis=0))
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print both halves, write data/weights.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry", action="store_true", help="print only")
    dry = parser.parse_args(arguments).dry
    if not DATA.is_dir():
        sys.exit(f"no data to fit on at {DATA}")
    names = [row[0] for row in read_rows()]
    shard = build_shard((number, normalise(name)) for number, name in enumerate(names))
    rarity = count_rarity(shard)
    made = (make_case(shard, rarity, *query) for query in read_queries(names))
    cases = [case for case in made if case is not None]
    fitted: dict[str, tuple[Numbers, Numbers, float]] = {}
    for kind in ("long", "short"):
        fit = [case for case in cases if case.is_fit and case.is_short == (kind == "short")]
        ranking = fit_ranking(fit)
        verdict = fit_verdict(fit, ranking, use_masked=kind == "long")
        found = likelihoods([case for case in fit if case.right.any()], ranking, verdict)
        fitted[kind] = ranking, verdict, float(np.quantile(found, LOST_SHARE[kind])) if LOST_SHARE[kind] else 0.02
    for title, half in (("fit half", True), ("check half", False)):
        report(title, [case for case in cases if case.is_fit == half], fitted)
    if not dry:
        write(fitted)


def write(fitted: dict[str, tuple[Numbers, Numbers, float]]) -> None:
    """The weights as a file to read."""
    named = (*FEATURES, "margin", "bias")
    tables = {
        "ranking": {k: dict(zip(FEATURES, np.round(v[0], 4).tolist(), strict=True)) for k, v in fitted.items()},
        "verdict": {k: dict(zip(named, np.round(v[1], 4).tolist(), strict=True)) for k, v in fitted.items()},
        "thresholds": {"none": {k: round(v[2], 4) for k, v in fitted.items()}},
    }
    WEIGHTS.write_text(json.dumps(tables, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
