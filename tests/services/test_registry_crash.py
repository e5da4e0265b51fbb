"""An import that is killed, or meets another writer: nothing by halves, and the next one ends in the same state."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from models.database import Database
from models.enterprise import Enterprise, EnterpriseName
from services.enterprises.registry import import_register, write
from services.errors import UserError
from tests.conftest import VAULT, empty_tables
from tests.register_files import Importer, code, write_csv

HEADINGS = ["企业名称", "统一社会信用代码", "地区", "登记状态", "曾用名"]
FIRMS = 1500
BATCH = 40
CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from models.database import Database
from services.enterprises.registry import import_register
from tests.conftest import VAULT
url, file, folder, now, batch = sys.argv[1:]
import_register(
    Database(url, VAULT), [Path(file)], Path(folder), datetime.fromisoformat(now),
    lambda progress: print(progress.row_count, flush=True), batch=int(batch),
)
print("done", flush=True)
"""


@pytest.fixture
def importer(database: Database, tmp_path: Path, now: datetime) -> Importer:
    return Importer(database, tmp_path, now, BATCH)


def first_extract() -> list[list[str]]:
    """Half of the firms, some of them without a code."""
    return [[f"长沙第{n}商店", code(n) if n % 5 else "", "长沙", "存续", ""] for n in range(0, FIRMS, 2)]


def second_extract() -> list[list[str]]:
    """All firms: new, renamed, moved, deregistered, with a code now, as they were, and some that are refused."""
    rows = []
    for n in range(FIRMS):
        name = f"湖南第{n}商贸中心" if n % 14 == 0 and n % 5 else f"长沙第{n}商店"
        status = "注销" if n % 9 == 0 else "存续"
        rows.append([name, "坏码" if n % 50 == 49 else code(n), "株洲" if n % 3 else "长沙", status, ""])
        if n % 20 == 0:
            rows[-1][4] = f"长沙旧{n}店"
    return rows


def contents(database: Database) -> list[tuple[Any, ...]]:
    """The register without the numbers that a database gives."""
    with database.read() as session:
        firms = session.execute(select(*(c for c in Enterprise.__table__.c if c.name != "id"))).all()
        names = session.execute(
            select(Enterprise.name, EnterpriseName.kind, EnterpriseName.name).join(EnterpriseName.enterprise)
        ).all()
    return sorted(map(tuple, firms), key=repr) + sorted(map(tuple, names), key=repr)


def import_and_kill(importer: Importer, path: Path, after_batches: int) -> None:
    """Start the import in a process of its own and kill it while it writes its next batch."""
    url = importer.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, str(path), str(importer.folder / "child"), importer.now.isoformat(), str(BATCH)]
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(after_batches)]
        child.send_signal(signal.SIGKILL)
        assert "done\n" not in [*lines, *child.stdout.readlines()]
        assert child.wait() == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("after_batches", [2, 9])
def test_killed_and_started_again(importer: Importer, tmp_path: Path, after_batches: int) -> None:
    first = write_csv(tmp_path / "first.csv", [HEADINGS, *first_extract()])
    second = write_csv(tmp_path / "second.csv", [HEADINGS, *second_extract()])
    importer.files(first)
    undisturbed = importer.files(second)
    expected = contents(importer.database)
    revision = importer.revision()

    empty_tables(importer.database)
    importer.files(first)
    import_and_kill(importer, second, after_batches)
    assert contents(importer.database) != expected
    again = importer.files(second)

    assert contents(importer.database) == expected
    assert importer.revision() == revision
    assert again.refused_counts == undisturbed.refused_counts
    assert again.unchanged_count >= undisturbed.unchanged_count
    assert importer.files(second).unchanged_count == again.row_count - again.refused_count


def test_a_kill_leaves_the_schema_as_it_was(importer: Importer, tmp_path: Path) -> None:
    second = write_csv(tmp_path / "second.csv", [HEADINGS, *second_extract()])
    before = inspect(importer.database.engine).get_indexes("enterprises")
    import_and_kill(importer, second, 2)
    assert inspect(importer.database.engine).get_indexes("enterprises") == before
    rows = len(importer.all())
    assert rows > 0
    assert rows < FIRMS


def test_two_imports_at_once_end_like_one(importer: Importer, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "second.csv", [HEADINGS, *second_extract()])
    url = importer.database.engine.url.render_as_string(hide_password=False)
    other = Importer(Database(url, VAULT), tmp_path / "other", importer.now, BATCH)
    with ThreadPoolExecutor(2) as pool:
        summaries = list(pool.map(lambda one: one.files(path), [importer, other]))
    assert sum(summary.added_count for summary in summaries) == FIRMS - FIRMS // 50
    other.database.close()
    assert len(importer.all()) == FIRMS - FIRMS // 50
    assert importer.files(path).unchanged_count == FIRMS - FIRMS // 50


def test_readers_see_whole_batches_while_it_runs(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    path = write_csv(tmp_path / "first.csv", [HEADINGS, *first_extract()])
    importer = Importer(sqlite, tmp_path, now)
    seen: list[int] = []
    import_register(sqlite, [path], tmp_path, now, lambda _progress: seen.append(len(importer.all())), batch=100)
    assert seen == [*range(100, FIRMS // 2, 100), FIRMS // 2]


def test_a_database_that_cannot_be_written(sqlite: Database) -> None:
    def fail(session: Any) -> None:
        session.execute(text("INSERT INTO nothing VALUES (1)"))

    with pytest.raises(UserError, match="数据库无法写入"):
        write(sqlite, fail)


def test_the_settings_of_a_connection_are_given_back(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    Importer(sqlite, tmp_path, now).rows(["长沙甲厂"], headings=["name"])
    with sqlite.read() as session:
        assert session.scalar(text("PRAGMA cache_size")) == -2000
        assert session.scalar(text("PRAGMA synchronous")) == 2
