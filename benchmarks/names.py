"""Finding names: quality by class of query, and CPU time beside peers on the same names in the same run."""

import argparse
import gzip
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tantivy
from rapidfuzz import fuzz, process
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.database import Database
from models.enterprise import Enterprise, Status
from models.migration import upgrade_database
from models.vault import Vault
from services.enterprises.finding import Finding, Verdict
from services.enterprises.index import BUDGET, MOST_CANDIDATES, NameIndex
from services.enterprises.names import hash_name, normalise
from services.enterprises.search import find
from services.enterprises.shard import Shard, build_shard, cut_grams
from services.enterprises.sounds import encode, load_sounds
from tests.factories import DATA_ON, next_revision

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FILES = ("enterprises_2m.tsv.gz", "listed_companies.tsv")
PEER_NAMES = 200_000
SEED = 20261121


@dataclass
class Score:
    """What one class of queries came to."""

    count: int = 0
    first: int = 0
    five: int = 0
    none: int = 0
    wrong: int = 0  # MATCH on another firm than the one meant
    milliseconds: list[float] = field(default_factory=list)

    def add(self, finding: Finding, truth: Sequence[str], seconds: float) -> None:
        """Count one answer."""
        names = [candidate.name for candidate in finding.candidates]
        self.count += 1
        self.first += bool(names) and names[0] in truth
        self.five += any(name in truth for name in names)
        self.none += finding.verdict is Verdict.NONE
        self.wrong += finding.verdict is Verdict.MATCH and names[0] not in truth
        self.milliseconds.append(seconds * 1000)

    def line(self, name: str) -> str:
        """A row of the table."""
        share = [100 * value / self.count for value in (self.first, self.five, self.none)]
        times = sorted(self.milliseconds)
        return (
            f"{name:<24}{self.count:>6}{share[0]:>8.1f}{share[1]:>8.1f}{share[2]:>8.1f}{self.wrong:>7}"
            f"{statistics.median(times):>8.2f}{times[int(len(times) * 0.99)]:>8.2f}"
        )


def read_rows() -> Iterator[list[str]]:
    """name, credit_code, registered_on, province, city of the measuring data."""
    for file in FILES:
        path = DATA / file
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield line.rstrip("\n").split("\t")[:5]


def fill(session: Session) -> None:
    """The measuring data as a register, straight into the table: the import has a benchmark of its own."""
    revision, seen = next_revision(session), set()
    batch: list[dict[str, object]] = []
    for name, code, _, province, city in read_rows():
        if code in seen:
            continue
        seen.add(code or None)
        seen.discard(None)
        batch.append(
            {
                "name": name[:200],
                "name_hash": hash_name(name),
                "credit_code": code[:18] or None,
                "status": Status.IN_FORCE,
                "province": province[:40],
                "city": city[:60],
                "data_on": DATA_ON,
                "revision": revision,
            }
        )
        if len(batch) == 20_000:
            session.execute(insert(Enterprise), batch)
            batch.clear()
    session.execute(insert(Enterprise), batch)


def measure_quality(folder: Path) -> None:
    """Every labelled query through the same door as a citizen's."""
    database = Database(f"sqlite:///{folder / 'register.db'}", Vault("a benchmark needs no secret key"))
    upgrade_database(database)
    with database.write() as session:
        fill(session)
    index = NameIndex(folder / "index")
    scores: dict[str, Score] = defaultdict(Score)
    with database.read() as session:
        began = time.process_time()
        index.follow(session)
        print(f"index of {index.count} names made in {time.process_time() - began:.1f} s of CPU")
        size = sum(path.stat().st_size for path in (folder / "index").rglob("*.npy"))
        print(f"index on disk: {size / index.count:.1f} bytes a name")
        for line in (DATA / "queries.jsonl").read_text(encoding="utf-8").splitlines():
            query = json.loads(line)
            began = time.thread_time()
            finding = find(session, query["query"], index)
            seconds = time.thread_time() - began
            kind = "absent" if not query["truth"] else "all positives"
            for name in (query["class"], kind):
                scores[name].add(finding, query["truth"], seconds)
    print(f"\n{'class':<24}{'n':>6}{'first%':>8}{'five%':>8}{'none%':>8}{'wrong':>7}{'p50 ms':>8}{'p99 ms':>8}")
    for name in sorted(scores):
        print(scores[name].line(name))


def time_each(ask: Callable[[str], object], queries: Sequence[str]) -> float:
    """Median CPU milliseconds of one query."""
    times = []
    for query in queries:
        began = time.thread_time()
        ask(query)
        times.append((time.thread_time() - began) * 1000)
    return statistics.median(times)


def build_tantivy(names: Sequence[str], folder: Path) -> tantivy.Index:
    """The recommended peer: the same grams, in tantivy."""
    schema = tantivy.SchemaBuilder()
    for field_name in ("characters", "pairs", "sounds"):
        schema.add_text_field(field_name, tokenizer_name="whitespace", index_option="basic")
    folder.mkdir()
    index = tantivy.Index(schema.build(), path=str(folder))
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for name in names:
        codes = encode(name)
        grams = cut_grams(codes, load_sounds().fold_of[codes])
        writer.add_document(tantivy.Document(**{key: " ".join(map(str, value)) for key, value in grams.items()}))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def ask_tantivy(index: tantivy.Index, shard: Shard, name: str) -> object:
    """The same rarest grams within the same budget, ranked by tantivy."""
    codes = encode(name)
    grams = cut_grams(codes, load_sounds().fold_of[codes])
    found = []
    for field_name, keys in grams.items():
        (begins, ends), (more_begins, more_ends) = (postings.look_up(keys) for postings in shard.postings[field_name])
        sizes = (ends - begins + more_ends - more_begins).tolist()
        found += [(size, field_name, key) for size, key in zip(sizes, keys.tolist(), strict=True) if size]
    found.sort()
    budget = BUDGET
    terms: list[tuple[tantivy.Occur, tantivy.Query]] = []
    for size, field_name, key in found:
        if terms and size > budget:
            break
        budget -= size
        query = tantivy.Query.term_query(index.schema, field_name, str(key))
        terms.append((tantivy.Occur.Should, query))
    return index.searcher().search(tantivy.Query.boolean_query(terms), MOST_CANDIDATES)


def measure_peers(folder: Path, count: int) -> None:
    """Candidates of one query over the same names: ours, tantivy, FTS5, rapidfuzz over all."""
    rows = [normalise(row[0]) for row in read_rows()]
    names = random.Random(SEED).sample(rows, count)
    lines = (DATA / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [normalise(json.loads(line)["query"]) for line in random.Random(SEED).sample(lines, 200)]
    queries = [query for query in queries if not query.isascii()]
    began = time.process_time()
    shard = build_shard(enumerate(names))
    ours_built = time.process_time() - began
    began = time.process_time()
    peer = build_tantivy(names, folder / "tantivy")
    tantivy_built = time.process_time() - began
    lite = sqlite3.connect(folder / "fts.db")
    lite.execute("CREATE VIRTUAL TABLE n USING fts5(name, tokenize='trigram')")
    lite.executemany("INSERT INTO n(name) VALUES (?)", ((name,) for name in names))

    def ask_fts(query: str) -> object:
        terms = " OR ".join(f'"{query[place : place + 3]}"' for place in range(max(1, len(query) - 2)))
        return lite.execute("SELECT rowid FROM n WHERE n MATCH ? ORDER BY bm25(n) LIMIT 200", (terms,)).fetchall()

    ours = time_each(lambda query: shard.candidates(query, BUDGET, MOST_CANDIDATES), queries)
    print(f"\ncandidates over {count} names, median CPU ms a query, and ours is faster by:")
    print(f"{'ours (numpy postings)':<34}{ours:>10.2f}        build {ours_built:.1f} s")
    peers: list[tuple[str, Callable[[str], object], int]] = [
        (f"tantivy, same grams (build {tantivy_built:.1f} s)", lambda query: ask_tantivy(peer, shard, query), 200),
        ("SQLite FTS5 trigram", ask_fts, 40),
        ("rapidfuzz extract, QRatio", lambda query: process.extract(query, names, scorer=fuzz.QRatio, limit=5), 10),
        ("rapidfuzz extract, WRatio", lambda query: process.extract(query, names, scorer=fuzz.WRatio, limit=5), 3),
    ]
    for name, ask, most in peers:
        peer_time = time_each(ask, queries[:most])
        print(f"{name:<34}{peer_time:>10.2f}{peer_time / ours:>7.1f} x")


def main(arguments: Sequence[str] | None = None) -> None:
    """Both tables; needs the measuring data beside the checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=["quality", "peers"])
    parser.add_argument("--names", type=int, default=PEER_NAMES, help="how many names the peers search")
    chosen = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"no measuring data at {DATA}: nothing to measure")
        return
    with tempfile.TemporaryDirectory() as folder:
        if chosen.only != "peers":
            measure_quality(Path(folder))
        if chosen.only != "quality":
            measure_peers(Path(folder), chosen.names)


if __name__ == "__main__":
    main()
