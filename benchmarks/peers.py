"""The finder beside its peers: the same names, the same questions, the same run; time, and what is found."""

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from sqlalchemy import select

from benchmarks.engines import ENGINES, SHOWN, Engine
from benchmarks.questions import Question, read_labelled
from benchmarks.register import SEED, make_index, make_parser, open_register, run_measure
from benchmarks.scores import tell
from models.enterprise import Enterprise
from services.enterprises.names import normalise
from services.enterprises.search import find

# Pinyin, initials and codes: engines that compare names are not asked for them.
LETTERS = ("19", "20", "21", "22")
LEAST_FASTER = {"rapidfuzz extract, WRatio": 300, "pg_trgm": 50}  # by the beginning of the title


@dataclass(frozen=True)
class Score:
    """What an engine came to."""

    first: float  # percent
    five: float
    cpu: float  # milliseconds, mean
    wall: float

    def is_at_least(self, other: "Score") -> bool:
        """Finds no less."""
        return self.first >= other.first and self.five >= other.five


def choose_questions(each: int) -> list[Question]:
    """So many of each class of positives, drawn by seed; fewer are a part of more."""
    chance = random.Random(SEED)
    by_kind: dict[str, list[Question]] = defaultdict(list)
    for question in read_labelled():
        if not question.is_absent and not question.kind.startswith(LETTERS):
            by_kind[question.kind].append(question)
    shuffled = [chance.sample(by_kind[kind], len(by_kind[kind])) for kind in sorted(by_kind)]
    return [question for questions in shuffled for question in questions[:each]]


def measure(engine: Engine, questions: Sequence[Question], *, is_normal: bool = True) -> Score:
    """Ask them all; the first one twice, so that nothing is loaded while the clock runs."""
    texts = [normalise(question.text) if is_normal else question.text for question in questions]
    engine.ask(texts[0])
    wall, cpu = time.perf_counter(), engine.clock()
    shown = [engine.ask(text)[:SHOWN] for text in texts]
    cpu, wall = engine.clock() - cpu, time.perf_counter() - wall
    right = []
    for question, names in zip(questions, shown, strict=True):
        truth = set(map(normalise, question.truth))
        right.append([normalise(name) in truth for name in names])
    first, five = (100 * statistics.fmean(any(row[:most]) for row in right) for most in (1, SHOWN))
    return Score(first, five, 1000 * cpu / len(texts), 1000 * wall / len(texts))


def compare(engine: Engine, ours: Engine) -> None:
    """A row: the peer, ours on the same questions, how many times faster ours is, and what is wanted."""
    questions = choose_questions(engine.each)
    # Other work on the machine slows both: ours is asked before and after.
    before = measure(ours, questions, is_normal=False)
    theirs = measure(engine, questions)
    after = measure(ours, questions, is_normal=False)
    mine = replace(after, cpu=(before.cpu + after.cpu) / 2, wall=(before.wall + after.wall) / 2)
    least = next((least for title, least in LEAST_FASTER.items() if engine.title.startswith(title)), None)
    faster = theirs.cpu / mine.cpu
    wanted = ""
    if least is not None:
        wanted = f"  ≥ {least} x at better recall, {tell(faster >= least and mine.is_at_least(theirs))}"
    print(
        f"{engine.title:<36}{len(questions):>4}"
        + "".join(
            f"{score.first:>8.1f}{score.five:>7.1f}{score.cpu:>10.2f}{score.wall:>10.2f}" for score in (theirs, mine)
        )
        + f"{faster:>9.1f} x{engine.build:>8.0f}{wanted}",
        flush=True,
    )


def measure_all(folder: Path, chosen: Sequence[str]) -> None:
    """Each engine after the other, so that one is in memory at a time."""
    with open_register(folder).read() as session:
        index, seconds, _ = make_index(session, folder / "index")
        names = [normalise(name) for name in session.scalars(select(Enterprise.name))]

        def ask(text: str) -> list[str]:
            return [candidate.name for candidate in find(session, text, index).candidates]

        ours = Engine("ours", ask, 0, seconds)
        print(f"{len(names)} names; mean ms a question; ours is the whole door, made in {seconds:.0f} s of CPU")
        half = f"{'first%':>8}{'five%':>7}{'CPU ms':>10}{'wall ms':>10}"
        print(f"{'':<40}{'theirs':>35}{'ours':>35}\n{'':<36}{'n':>4}{half * 2}{'faster by':>11}{'build s':>8}  wanted")
        for name in chosen:
            try:
                for engine in ENGINES[name](names, folder):
                    compare(engine, ours)
            except psycopg.OperationalError:
                print(f"{name}: not measured, no PostgreSQL (set TEST_POSTGRES_URL or start one)")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; needs the measuring data beside the checkout."""
    parser = make_parser(__doc__)
    parser.add_argument("--only", nargs="+", choices=list(ENGINES), default=list(ENGINES), help="some of the peers")
    run_measure(parser, arguments, lambda folder, chosen: measure_all(folder, chosen.only))


if __name__ == "__main__":
    main()
