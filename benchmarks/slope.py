"""What the name index costs by the number of names, up to ten million generated ones: bytes, memory, CPU.

Names are put together from the pieces of real ones: a region, a trade name, a trade and a form of four of them, so
that lengths and the frequency of characters are those of a register. Each size is a program of its own.
"""

import argparse
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from benchmarks.register import SEED, read_rows
from benchmarks.scores import percentile
from services.enterprises.candidates import find_sharing
from services.enterprises.index import BUDGET, MOST_CANDIDATES
from services.enterprises.names import normalise
from services.enterprises.parts import split_name
from services.enterprises.shard import build_shard

SIZES = (1_000_000, 2_000_000, 5_000_000, 10_000_000)
PIECES, QUESTIONS = 200_000, 1_000


def read_pieces() -> list[tuple[str, str, str]]:
    """Of real names: what stands before the trade name, the trade name with the trade, the rest."""
    pieces = []
    for number, (name, *_) in enumerate(read_rows()):
        if number >= PIECES:
            break
        parts = split_name(normalise(name))
        pieces.append((parts.region, parts.core, parts.form))
    return pieces


def make_names(count: int) -> Iterator[tuple[int, str]]:
    """Numbers and names; the same for the same count."""
    chance, pieces = random.Random(SEED), read_pieces()
    for number in range(count):
        region, first, second = (pieces[chance.randrange(PIECES)] for _ in range(3))
        half = len(second[1]) // 2
        yield number, f"{region[0]}{first[1][: max(2, len(first[1]) - half)]}{second[1][-half:]}{region[2]}"


def damage(name: str, chance: random.Random) -> str:
    """Without one of its characters."""
    place = chance.randrange(len(name))
    return name[:place] + name[place + 1 :]


def measure(count: int) -> None:
    """One line of the table."""
    began = time.process_time()
    names = [name for _, name in make_names(count)]
    made = time.process_time() - began
    began = time.process_time()
    shard = build_shard(enumerate(names))
    built = time.process_time() - began
    size = sum(array.nbytes for array in shard.arrays().values())
    chance, times, hits = random.Random(SEED), [], 0
    for _ in range(QUESTIONS):
        number = chance.randrange(count)
        began = time.thread_time()
        found = find_sharing(shard, damage(names[number], chance), BUDGET, MOST_CANDIDATES)
        times.append(1000 * (time.thread_time() - began))
        hits += names[number] in shard.texts(found)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    median, slowest = percentile(times, 0.5), percentile(times, 0.99)
    print(
        f"{count:>11,} {size / 1e6:>9,.0f} {size / count:>8.1f} {built:>8.1f} {peak:>9,.0f}"
        f" {median:>8.2f} {slowest:>8.2f} {100 * hits / QUESTIONS:>7.1f}   (names made in {made:.0f} s)",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """The table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", type=int, help="one size, in this process")
    options = parser.parse_args(arguments)
    if options.only:
        measure(options.only)
        return
    print("      names  index MB  B/name    CPU s   peak MB  CPU p50   p99 ms   found%", flush=True)
    for size in SIZES:
        subprocess.run([sys.executable, "-m", "benchmarks.slope", "--only", str(size)], check=True)


if __name__ == "__main__":
    main()
