"""`make fuzz`: a million inputs at the pure doors, led by the coverage of our code; counts by door, every fault shown.

Atheris (libFuzzer) instruments the code once; each door is tried in a process forked from that.
"""

import argparse
import importlib
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr
from pathlib import Path
from types import ModuleType

COUNT = 1_000_000
LONGEST = 2_048  # bytes of an input
HANGING = 20  # seconds for one input, on a busy machine
OURS = ["bot", "config", "models", "services", "web", "benchmarks.pure_doors"]
DONE = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)")
NONE = "no atheris for this Python and machine (Linux on x86-64 has it); nothing was tried"


def load_doors() -> tuple[ModuleType, ModuleType]:
    """The fuzzer, and the doors with all code behind them instrumented."""
    try:
        atheris = importlib.import_module("atheris")
    except ModuleNotFoundError:
        raise SystemExit(NONE) from None
    with (
        Path(os.devnull).open("w") as nowhere,  # it names each module
        redirect_stderr(nowhere),
        atheris.instrument_imports(include=OURS, enable_loader_override=False),
    ):
        return atheris, importlib.import_module("benchmarks.pure_doors")


def try_door(atheris: ModuleType, doors: ModuleType, name: str, options: list[str], folder: Path) -> None:
    """In the child, which ends with the run, or with 77 at the first fault."""
    with (folder / "log").open("wb") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    taken: Counter[bool] = Counter()

    def once(data: bytes) -> None:
        taken[doors.knock(name, data)] += 1
        (folder / "taken").write_text(str(taken[True])) if taken.total() % 1000 == 0 else None

    atheris.Setup(["fuzz", *options, str(folder / "corpus")], once)
    atheris.Fuzz()


def fuzz(atheris: ModuleType, doors: ModuleType, name: str, count: int, seed: int) -> int:
    """Print a row of the table; how many inputs were tried, 0 for a fault."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "corpus").mkdir()
        for number, sample in enumerate(doors.SEEDS.get(name, ())):
            (folder / "corpus" / str(number)).write_bytes(sample)
        options = [f"-runs={count}", f"-seed={seed}", f"-max_len={LONGEST}", f"-timeout={HANGING}"]
        options.append(f"-artifact_prefix={folder}/")
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            try:
                try_door(atheris, doors, name, options, folder)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        seconds, said = time.monotonic() - began, (folder / "log").read_text(encoding="utf-8", errors="replace")
        found, taken = DONE.search(said), folder / "taken"
        if status or not found:
            print(f"{name:<18} FAULT\n{said[-3000:]}", flush=True)
            return 0
        runs, edges, features, kept = map(int, found.groups())
        share = int(taken.read_text()) / (runs // 1000 * 1000) if taken.exists() else 0
        print(f"{name:<18}{runs:>9}{share:>9.1%}{edges:>8}{features:>9}{kept:>7}{seconds:>8.0f}", flush=True)
        return runs


def main(arguments: Sequence[str] | None = None) -> None:
    """The table; exit code 1 where a door raised what it must not, or hung."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="inputs in all")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--only", help="one door")
    chosen = parser.parse_args(arguments)
    atheris, doors = load_doors()
    names = [chosen.only] if chosen.only else list(doors.DOORS)
    print(f"{'door':<18}{'inputs':>9}{'taken':>9}{'edges':>8}{'features':>9}{'kept':>7}{'seconds':>8}", flush=True)
    each = -(-chosen.count // len(names))
    counts = [fuzz(atheris, doors, name, each, chosen.seed) for name in names]
    print(f"{sum(counts)} inputs (seed {chosen.seed}), {counts.count(0)} doors with a fault")
    sys.exit(0 in counts)


if __name__ == "__main__":
    main()
