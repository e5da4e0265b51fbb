"""What a question costs more in a register of two million than in one of a tenth: CPU, the same questions."""

import random
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from benchmarks.questions import read_labelled
from benchmarks.register import ROWS_AT_ONCE, SEED, make_parser, open_register, run_measure
from benchmarks.scores import percentile, tell
from models.database import Database
from models.enterprise import Enterprise
from models.migration import upgrade_database
from services.enterprises.index import NameIndex
from services.enterprises.search import find
from tests.factories import next_revision

TENTH = 10
QUESTIONS = 2_000
WARMING = 100
MOST = 2.0  # times


def open_tenth(great: Database, folder: Path) -> Database:
    """A register of every tenth firm, filled if it is not there yet."""
    path = folder / "tenth.db"
    is_new = not path.exists()
    small = Database(f"sqlite:///{path}", great.vault)
    upgrade_database(small)
    if is_new:
        rows = select(Enterprise.__table__).where(Enterprise.id % TENTH == 0).execution_options(yield_per=ROWS_AT_ONCE)
        with great.read() as source, small.write() as session:
            revision = next_revision(session)
            for part in source.execute(rows).mappings().partitions():
                session.execute(insert(Enterprise), [dict(row) | {"revision": revision} for row in part])
    return small


def time_question(session: Session, index: NameIndex, text: str) -> float:
    """CPU milliseconds."""
    began = time.thread_time()
    find(session, text, index)
    return 1000 * (time.thread_time() - began)


def measure(folder: Path) -> None:
    """Each question of both registers in turn, so that both are measured under the same load."""
    great = open_register(folder)
    small = open_tenth(great, folder)
    texts = random.Random(SEED).sample([question.text for question in read_labelled()], QUESTIONS)
    with small.read() as few, great.read() as many:
        opened = []
        for session, name in ((few, "index-tenth"), (many, "index")):
            index = NameIndex(folder / name)
            index.make_ready(session)
            opened.append((session, index))
        for text in texts[:WARMING]:
            for session, index in opened:
                find(session, text, index)
        times: list[list[float]] = [[], []]
        for number, text in enumerate(texts):
            for which in (number % 2, 1 - number % 2):  # the second to be asked finds some things warm
                times[which].append(time_question(*opened[which], text))
    counts = [index.count for _, index in opened]
    print(f"CPU ms a question, the same {len(texts)} of all classes\n{'firms':>10}{'p50':>8}{'p99':>8}")
    medians = []
    for count, column in zip(counts, times, strict=True):
        medians.append(percentile(column, 0.5))
        print(f"{count:>10}{medians[-1]:>8.2f}{percentile(column, 0.99):>8.2f}")
    growth = medians[1] / medians[0]
    print(f"{counts[1] / counts[0]:.1f} times the firms, {growth:.2f} times the CPU")
    print(f"wanted ≤ {MOST:g}, {tell(growth <= MOST)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print it; needs the measuring data beside the checkout."""
    run_measure(make_parser(__doc__), arguments, lambda folder, _: measure(folder))


if __name__ == "__main__":
    main()
