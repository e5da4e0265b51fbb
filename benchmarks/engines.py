"""Engines that a name could be searched with instead: rapidfuzz, PostgreSQL's pg_trgm, SQLite's FTS5, tantivy."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import tantivy
from rapidfuzz import fuzz, process
from sqlalchemy.engine import make_url

from services.enterprises.index import BUDGET

POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
DATABASE = "chengxin_bench"
SHOWN = 5
TICKS = os.sysconf("SC_CLK_TCK")
Names = Sequence[str]  # normalised
Ask = Callable[[str], list[str]]  # a normalised text; the names most like it, best first


@dataclass(frozen=True)
class Engine:
    """One that holds all the names."""

    title: str
    ask: Ask
    each: int  # questions of each class; the slow are asked fewer
    build: float = 0.0  # seconds that making it took
    clock: Callable[[], float] = time.thread_time  # CPU seconds of whoever does the work


def open_rapidfuzz(names: Names, folder: Path) -> Iterator[Engine]:  # noqa: ARG001
    """Every name compared."""
    for scorer in (fuzz.WRatio, fuzz.QRatio):

        def ask(text: str, scorer: Callable[..., float] = scorer) -> list[str]:
            return [name for name, _, _ in process.extract(text, names, scorer=scorer, limit=SHOWN)]

        yield Engine(f"rapidfuzz extract, {scorer.__name__}", ask, 1)


@contextmanager
def make_database(url: str) -> Iterator[psycopg.Connection]:
    """A database whose characters are UTF-8 (or pg_trgm drops Chinese), dropped at the end."""
    address = make_url(url).set(drivername="postgresql")
    server = psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)
    with closing(server):
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING UTF8 LOCALE 'C.UTF-8'")
        try:
            own = address.set(database=DATABASE).render_as_string(hide_password=False)
            with closing(psycopg.connect(own, autocommit=True)) as connection:
                yield connection
        finally:
            server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def open_trigrams(names: Names, folder: Path) -> Iterator[Engine]:  # noqa: ARG001
    """pg_trgm with either of its indexes, on one core; CPU is the server's where it runs on this machine, else wall."""
    indexes = {
        "pg_trgm, GIN, % and similarity": (
            "USING gin (name gin_trgm_ops)",
            "SELECT name FROM names WHERE name %% %(text)s ORDER BY similarity(name, %(text)s) DESC LIMIT 5",
        ),
        "pg_trgm, GiST, nearest": (
            "USING gist (name gist_trgm_ops(siglen=128))",
            "SELECT name FROM names ORDER BY name <-> %(text)s::text LIMIT 5",
        ),
    }
    with make_database(POSTGRES_URL) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("SET maintenance_work_mem = '512MB'; SET max_parallel_workers_per_gather = 0")
        connection.execute("CREATE TABLE names (name text)")
        with connection.cursor().copy("COPY names FROM STDIN") as copy:
            for name in names:
                copy.write_row((name,))
        usage = Path(f"/proc/{connection.info.backend_pid}/stat")
        for title, (index, question) in indexes.items():
            began = time.perf_counter()
            connection.execute(f"CREATE INDEX nearest ON names {index}")
            connection.execute("ANALYZE names")
            seconds = time.perf_counter() - began

            def ask(text: str, question: str = question) -> list[str]:
                return [row[0] for row in connection.execute(question, {"text": text})]

            yield Engine(title, ask, 3, seconds, (lambda: read_ticks(usage)) if usage.exists() else time.perf_counter)
            connection.execute("DROP INDEX nearest")


def read_ticks(usage: Path) -> float:
    """CPU seconds of a process of this machine."""
    fields = usage.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def open_fts(names: Names, folder: Path) -> Iterator[Engine]:
    """FTS5 with its trigram tokenizer: any of the text's trigrams, by bm25."""
    (folder / "peers.fts").unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / "peers.fts")) as connection:
        began = time.process_time()
        connection.execute("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='trigram')")
        connection.executemany("INSERT INTO names(name) VALUES (?)", ((name,) for name in names))
        connection.commit()
        seconds = time.process_time() - began

        def ask(text: str) -> list[str]:
            terms = " OR ".join(f'"{text[place : place + 3]}"' for place in range(max(1, len(text) - 2)))
            rows = connection.execute(
                "SELECT name FROM names WHERE names MATCH ? ORDER BY bm25(names) LIMIT 5", (terms,)
            )
            return [row[0] for row in rows]

        yield Engine("SQLite FTS5 trigram, bm25", ask, 1, seconds)
    (folder / "peers.fts").unlink()


def cut_ngrams(text: str) -> list[str]:
    """Distinct characters and pairs of characters, as tantivy's tokenizer cuts names."""
    return sorted(set(text) | {text[place : place + 2] for place in range(len(text) - 1)})


def open_tantivy(names: Names, folder: Path) -> Iterator[Engine]:  # noqa: ARG001
    """tantivy over characters and pairs: all of the text's, and only the rarest within our budget."""
    schema = tantivy.SchemaBuilder().add_text_field("name", stored=True, tokenizer_name="grams").build()
    index = tantivy.Index(schema)
    grams = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(min_gram=1, max_gram=2, prefix_only=False)).build()
    index.register_tokenizer("grams", grams)
    began = time.process_time()
    writer = index.writer(heap_size=256_000_000, num_threads=1)
    for name in names:
        writer.add_document(tantivy.Document(name=name))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    seconds = time.process_time() - began
    searcher = index.searcher()

    def ask(terms: Sequence[str]) -> list[str]:
        queries = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "name", term)) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(queries), SHOWN).hits
        return [searcher.doc(address)["name"][0] for _, address in hits]

    def choose_rare(text: str) -> list[str]:
        sizes = sorted((searcher.doc_freq("name", term), term) for term in cut_ngrams(text))
        budget, chosen = BUDGET, list[str]()
        for size, term in sizes:
            if chosen and size > budget:
                break
            budget -= size
            chosen.append(term)
        return chosen

    yield Engine("tantivy, plain", lambda text: ask(cut_ngrams(text)), 4, seconds)
    yield Engine("tantivy, rarest grams in our budget", lambda text: ask(choose_rare(text)), 12, seconds)


ENGINES: dict[str, Callable[[Names, Path], Iterator[Engine]]] = {
    "tantivy": open_tantivy,
    "fts5": open_fts,
    "pg_trgm": open_trigrams,
    "rapidfuzz": open_rapidfuzz,
}
