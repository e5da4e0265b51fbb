"""A million mixed questions while firms change and new bases are made: memory must stay flat, nobody may wait."""

import argparse
import multiprocessing
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from benchmarks.questions import read_labelled
from benchmarks.register import SEED, make_parser, open_register, run_measure
from benchmarks.scores import percentile, tell
from models.database import Database
from models.enterprise import Enterprise, Status
from services.enterprises.index import NameIndex, Pace
from services.enterprises.names import hash_name
from services.enterprises.search import find
from tests.factories import make_enterprise, next_revision

QUESTIONS = 1_000_000
PROCESSES = 2
STRETCHES = 20  # lines printed by each process
CHANGE_EVERY = 100  # questions of the first process
PACE = Pace(most_changes=300)  # so that new bases are made while questions go on
MOST_PRIVATE = 40  # MB
MOST_GROWTH = 4  # MB from a quarter of the way to the end: before, caches fill
NOISE = "的有限公司A1０😀\u200b⿰龘 .,;'\"%_\\\n湖南长沙云lg"
SPAWN = multiprocessing.get_context("spawn")


def read_private() -> float:
    """MB of memory that is this process's own, without what is mapped from files."""
    found = re.search(r"^Anonymous:\s+(\d+)", Path("/proc/self/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def make_questions(names: Sequence[str], seed: int) -> Iterator[str]:
    """For ever: of each labelled class as many, registered names and pieces of them, noise."""
    rng = random.Random(seed)
    classes: dict[str, list[str]] = {}
    for question in read_labelled():
        classes.setdefault(question.kind, []).append(question.text)
    kinds = sorted(classes)
    while True:
        for kind in kinds:
            yield rng.choice(classes[kind])
        name = rng.choice(names)
        yield name
        begin = rng.randrange(len(name))
        yield name[begin : begin + rng.randint(2, 12)]
        yield "".join(rng.choices(NOISE + name, k=rng.randint(1, 30)))


def change_register(database: Database, rng: random.Random, number: int) -> None:
    """One firm more, one renamed, one removed."""
    with database.write() as session:
        highest = make_enterprise(session, f"湘潭萤火岭{number}号茶业有限公司").id
        renamed, removed = (session.get(Enterprise, rng.randint(1, highest)) for _ in range(2))
        revision = next_revision(session)
        if renamed and renamed.status is not Status.REMOVED:
            renamed.name = f"{renamed.name[:6]}{number}{renamed.name[6:]}"[:200]
            renamed.name_hash, renamed.revision = hash_name(renamed.name), revision
        if removed:
            removed.status, removed.revision = Status.REMOVED, revision


@dataclass
class Stretch:
    """What a stretch of questions came to."""

    cpu: list[float] = field(default_factory=list)  # ms
    wall: list[float] = field(default_factory=list)  # ms

    def ask(self, database: Database, index: NameIndex, text: str) -> None:
        """One question, with a session of its own like a citizen's."""
        wall, cpu = time.perf_counter(), time.thread_time()
        with database.read() as session:
            find(session, text, index)
        self.cpu.append(1000 * (time.thread_time() - cpu))
        self.wall.append(1000 * (time.perf_counter() - wall))

    def tell(self) -> str:
        """A line's figures."""
        rate = 1000 * len(self.wall) / sum(self.wall)
        return f"{rate:>7.0f}{percentile(self.cpu, 0.5):>9.2f}{percentile(self.cpu, 0.99):>9.2f}{max(self.wall):>10.0f}"


def soak(folder: Path, number: int, count: int) -> None:
    """One process's share; prints a line for each stretch, and what became of its memory."""
    database = open_register(folder)
    with database.read() as session:
        names = list(session.scalars(select(Enterprise.name).where(Enterprise.id % 200 == number)))
    before = read_private()
    index, rng = NameIndex(folder / "index", PACE), random.Random(SEED + number)
    questions, sizes = make_questions(names, SEED + number), []
    each = max(1, count // STRETCHES)
    for asked in range(0, count, each):
        stretch = Stretch()
        for place in range(asked, min(count, asked + each)):
            if number == 0 and place % CHANGE_EVERY == 0:
                change_register(database, rng, place)
            stretch.ask(database, index, next(questions))
        sizes.append(read_private())
        label = index.shelf.newest()
        made = label.serial if label else 0
        print(f"{number:>7}{place + 1:>10}{stretch.tell()}{sizes[-1]:>11.1f}{index.count:>10}{made:>6}", flush=True)
    growth, own = sizes[-1] - sizes[len(sizes) // 4], sizes[-1] - before
    print(
        f"process {number}: {growth:+.1f} MB from a quarter of the way to the end, wanted ≤ {MOST_GROWTH}, "
        f"{tell(growth <= MOST_GROWTH)}; {own:.1f} MB since the index was opened, wanted ≤ {MOST_PRIVATE}, "
        f"{tell(own <= MOST_PRIVATE)}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Soak; needs the measuring data beside the checkout. The register in the folder is changed."""
    parser = make_parser(__doc__)
    parser.add_argument("--queries", type=int, default=QUESTIONS)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    run_measure(parser, arguments, measure)


def measure(folder: Path, chosen: argparse.Namespace) -> None:
    """Processes that ask at once."""
    with open_register(folder).read() as session:
        NameIndex(folder / "index").make_ready(session)
    print(
        f"{'process':>7}{'asked':>10}{'a s':>7}{'CPU p50':>9}{'p99 ms':>9}{'worst ms':>10}{'private MB':>11}"
        f"{'firms':>10}{'base':>6}",
        flush=True,
    )
    share = chosen.queries // chosen.processes
    processes = [SPAWN.Process(target=soak, args=(folder, n, share)) for n in range(chosen.processes)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == "__main__":
    main()
