"""Importing the register: rows a second and memory, beside `sqlite3 .import` of the same rows into the same table."""

import argparse
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.enterprises.index import NameIndex
from services.enterprises.registry import import_register

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "enterprises_2m.tsv.gz"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Figures:
    """What a run took."""

    row_count: int
    seconds: float
    cpu_seconds: float
    megabytes: float

    def line(self, title: str) -> str:
        """A row of the table."""
        rate = self.row_count / self.seconds
        took = f"{self.seconds:>9.1f}{self.cpu_seconds:>9.1f}{rate:>11,.0f}{self.megabytes:>8.0f}"
        return f"{title:<28}{self.row_count:>10,}{took}"


def open_database(path: Path) -> Database:
    """A migrated SQLite database."""
    database = Database(f"sqlite:///{path}", Vault("a key of the benchmark, thirty-two characters"))
    upgrade_database(database)
    return database


def read_usage(who: int) -> tuple[float, float]:
    """CPU seconds and the largest memory in MB so far."""
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure_import(path: Path, source: Path) -> Figures:
    """`chengxin import register` without its name index; in a process of its own for the memory."""
    database = open_database(path)
    before, _ = read_usage(resource.RUSAGE_SELF)
    summary = import_register(database, [source], path.parent / "imports", NOW)
    after, megabytes = read_usage(resource.RUSAGE_SELF)
    for reason, count in summary.refused_counts.most_common():
        print(f"  refused {count}: {reason}", flush=True)
    database.close()
    return Figures(summary.row_count, summary.seconds, after - before, megabytes)


def measure_index(path: Path) -> Figures:
    """Making the name index of the imported register."""
    database = open_database(path)
    began, (before, _) = time.perf_counter(), read_usage(resource.RUSAGE_SELF)
    with database.read() as session:
        index = NameIndex(path.parent / "index")
        index.make_ready(session)
    after, megabytes = read_usage(resource.RUSAGE_SELF)
    database.close()
    return Figures(index.count, time.perf_counter() - began, after - before, megabytes)


def measure_sqlite(path: Path, imported: Path) -> Figures:
    """The command line's .import of the same rows, names hashed beforehand, into an empty table with its indexes."""
    rows = path.with_suffix(".csv")
    with rows.open("wb") as stream:
        subprocess.run(["sqlite3", "-csv", imported, "SELECT * FROM enterprises"], stdout=stream, check=True)
    open_database(path).close()
    began, (before, _) = time.perf_counter(), read_usage(resource.RUSAGE_CHILDREN)
    commands = ["PRAGMA synchronous=FULL", f".import --csv {rows} enterprises"]
    subprocess.run(["sqlite3", path, *commands], check=True, capture_output=True)
    seconds = time.perf_counter() - began
    after, _ = read_usage(resource.RUSAGE_CHILDREN)
    counted = subprocess.run(
        ["sqlite3", path, "SELECT count(*) FROM enterprises"], check=True, capture_output=True, text=True
    )
    return Figures(int(counted.stdout), seconds, after - before, float("nan"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and how many times faster `.import` is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=DATA, help="a file of the register")
    source = parser.parse_args(arguments).source
    if not source.exists():
        print(f"{source} is missing: nothing measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        imported = Path(folder) / "imported.db"
        with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as alone:
            ours = alone.submit(measure_import, imported, source).result()
            index = alone.submit(measure_index, imported).result()
        print(f"{'':<28}{'rows':>10}{'seconds':>9}{'CPU s':>9}{'rows/s':>11}{'MB':>8}")
        print(ours.line("chengxin import register"))
        print(index.line("  and its name index"))
        if shutil.which("sqlite3") is None:
            print("sqlite3 .import: not measured, the sqlite3 command line is missing (apt-get install sqlite3)")
            return
        peer = measure_sqlite(Path(folder) / "peer.db", imported)
        print(peer.line("sqlite3 .import"))
    share, whole = ours.seconds / peer.seconds, (ours.seconds + index.seconds) / peer.seconds
    print(f"speed beside .import: 1/{share:.1f}; with the name index 1/{whole:.1f} (aim: 1/5 or better)")


if __name__ == "__main__":
    main()
