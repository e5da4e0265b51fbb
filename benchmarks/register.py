"""The measuring data as a register: two million real names, filled once into a folder that can be kept."""

import argparse
import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.database import Database
from models.enterprise import Enterprise, RegisterRevision, Status
from models.migration import upgrade_database
from models.vault import Vault
from services.enterprises.index import NameIndex
from services.enterprises.names import hash_name, normal_forms
from tests.factories import DATA_ON, next_revision

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FILES = ("enterprises_2m.tsv.gz", "listed_companies.tsv")
SEED = 20261121
ROWS_AT_ONCE = 20_000


def read_rows() -> Iterator[list[str]]:
    """name, credit_code, registered_on, province, city of the measuring data."""
    for file in FILES:
        path = DATA / file
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                yield line.rstrip("\n").split("\t")[:5]


def fill(session: Session) -> None:
    """The measuring data straight into the table: the import has a benchmark of its own."""
    revision = next_revision(session)
    seen: set[str] = set()
    batch: list[dict[str, object]] = []
    for name, code, _, province, city in read_rows():
        if code and code in seen:
            continue
        seen.add(code)
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
        if len(batch) == ROWS_AT_ONCE:
            session.execute(insert(Enterprise), batch)
            batch.clear()
    session.execute(insert(Enterprise), batch)


def find_register(folder: Path) -> Path:
    """Where the register is kept in a folder; its name holds what hashes depend on."""
    forms = hashlib.sha256(repr(sorted(normal_forms().items())).encode()).hexdigest()[:12]
    return folder / f"register-{forms}.db"


def open_register(folder: Path) -> Database:
    """The register kept in a folder, filled if it is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = find_register(folder)
    database = Database(f"sqlite:///{path}", Vault("a benchmark needs no secret key"))
    upgrade_database(database)
    with database.write() as session:
        if session.scalar(select(RegisterRevision.revision)) is None:
            print(f"filling {path} ...", flush=True)
            fill(session)
    return database


def make_index(session: Session, folder: Path) -> tuple[NameIndex, float, float]:
    """A name index made anew, the CPU seconds that took, and its bytes a name on disk."""
    shutil.rmtree(folder, ignore_errors=True)
    index = NameIndex(folder)
    began = sum(os.times()[:4])
    index.make_ready(session)
    seconds = sum(os.times()[:4]) - began
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return index, seconds, size / index.count


def make_parser(doc: str | None) -> argparse.ArgumentParser:
    """With the one option that all have that measure on the register."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--folder", type=Path, help="where the register of two million is kept for the next time")
    return parser


def run_measure(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    measure: Callable[[Path, argparse.Namespace], None],
) -> None:
    """With the folder and what was chosen; nothing without the measuring data beside the checkout."""
    chosen = parser.parse_args(arguments)
    if not DATA.is_dir():
        print(f"no measuring data at {DATA}: nothing to measure")
        return
    with keep(chosen.folder) as folder:
        measure(folder, chosen)


@contextmanager
def keep(folder: Path | None) -> Iterator[Path]:
    """The folder asked for, which stays, or a temporary one."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)
