"""The fitted weights: those shipped with the code, or a bureau's own, taken up by running processes."""

import json
import logging
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from services.enterprises.features import FEATURES, TEXT_FEATURES, Question, Table
from services.enterprises.judgement import INPUTS, Curves

SHIPPED = Path(__file__).with_name("data") / "weights.json"
OWN_NAME = "weights.json"  # in the data folder
LOOK_SECONDS = 1.0  # how often a bureau's own file is looked for
CURVE = re.compile(r"\[\s*\[[^a-z{}]*?\]\s*\]")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Weights:
    """Fitted numbers of one kind of query."""

    ranking: Table  # one for each feature
    sieve: Table  # one for each text feature: the names worth taking apart
    verdict: Curves
    none_below: float  # a best name less likely than this is no answer


ABOUT = [
    "The weights of the finder (services/enterprises), fitted by code, never by hand: `make fit`,",
    "or `chengxin fit` for a bureau's own.",
    "ranking: a name's rank is the sum of its features, each times its weight; the highest stands first.",
    "sieve: the same of the features that need no parts; only the best by it are taken apart.",
    "verdict: of the best name alone. Each input is worth points, read off its curve [[value, points], ...]",
    "by straight lines, level beyond its ends; start and all points are the log-odds that it is the one meant.",
    "none_below: a best name less likely than this is answered by 'not found', with a few suggestions.",
    "long: whole names; short: up to six characters without a legal form. meanings: what each number weighs.",
    "figures, in percent: of the half of the firms that the fit has not seen; unseen: kinds left out of a fit.",
]
QUERY_KINDS = ("long", "short")  # whole names, short forms
Pair = Mapping[str, Weights]  # one for each of them


def kind_of(question: Question) -> str:
    """Which weights a query is weighed by."""
    return "short" if question.is_short else "long"


def parse_weights(tables: dict[str, Any]) -> dict[str, Weights]:
    """The weights of a file; KeyError, TypeError or ValueError where it does not fit this version's features."""
    return {kind: parse_kind(tables, kind) for kind in QUERY_KINDS}


def parse_kind(tables: dict[str, Any], kind: str) -> Weights:
    """parse_weights of one kind."""
    verdict = tables["verdict"][kind]
    points = {name: [(float(x), float(y)) for x, y in verdict["curves"][name]] for name in INPUTS}
    if set(tables["ranking"][kind]) != set(FEATURES) or set(verdict["curves"]) != set(INPUTS):
        raise ValueError("weights for other features")
    return Weights(
        np.asarray([tables["ranking"][kind][name] for name in FEATURES], dtype=np.float32),
        np.asarray([tables["sieve"][kind][name] for name in TEXT_FEATURES], dtype=np.float32),
        Curves(float(verdict["start"]), points),
        float(tables["none_below"][kind]),
    )


@lru_cache(maxsize=1)
def load_shipped() -> Pair:
    """The weights that come with the code."""
    return parse_weights(json.loads(SHIPPED.read_text(encoding="utf-8")))


class WeightsInUse:
    """A bureau's own weights where there are any that fit this version, else those shipped."""

    def __init__(self, folder: Path, look_seconds: float = LOOK_SECONDS) -> None:
        self.path, self.look_seconds = folder / OWN_NAME, look_seconds
        self._looked_at = float("-inf")
        self._seen: tuple[int, int] | None = None
        self._pair: Pair | None = None

    def current(self) -> Pair:
        """The weights to use now; cheap when nothing changed."""
        if self._pair is None or time.monotonic() - self._looked_at >= self.look_seconds:
            seen = self.look()
            if self._pair is None or seen != self._seen:
                self._pair, self._seen = self.read() if seen else load_shipped(), seen
            self._looked_at = time.monotonic()
        return self._pair

    def look(self) -> tuple[int, int] | None:
        """What tells one file from another; None where there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def read(self) -> Pair:
        """The bureau's own weights; those shipped where they cannot be used."""
        try:
            return parse_weights(json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("own weights are not used, chengxin fit makes new ones: %s", type(error).__name__)
            return load_shipped()


def print_weights(weights: Pair) -> dict[str, Any]:
    """The numbers of both kinds as a file holds them: what parse_weights reads."""
    return {
        "none_below": {kind: one.none_below for kind, one in weights.items()},
        "ranking": {kind: name_numbers(FEATURES, one.ranking) for kind, one in weights.items()},
        "sieve": {kind: name_numbers(TEXT_FEATURES, one.sieve) for kind, one in weights.items()},
        "verdict": {
            kind: {"start": one.verdict.start, "curves": dict(one.verdict.points)} for kind, one in weights.items()
        },
    }


def name_numbers(names: Sequence[str], numbers: Table) -> dict[str, float]:
    """Each number beside its name."""
    return {name: round(float(number), 4) for name, number in zip(names, numbers, strict=True)}


def write_tables(path: Path, tables: dict[str, Any]) -> None:
    """A file to read and to parse, put in its place in one step; one curve a line."""
    parse_weights(tables)
    text = json.dumps(tables, ensure_ascii=False, indent=1)
    text = CURVE.sub(lambda found: re.sub(r"\s+", " ", found[0]), text)
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    with waiting.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    waiting.replace(path)
