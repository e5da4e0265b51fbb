"""Real short names asked of a register that says whose shares are listed, as 企业类型 does: 股份有限公司(上市)."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import update
from sqlalchemy.orm import Session

from benchmarks.fit import read_listed
from benchmarks.names import ask, print_table
from benchmarks.questions import read_labelled, read_short_names
from benchmarks.register import find_register, make_index, make_parser, open_register, run_measure
from benchmarks.scores import Wanted
from models.database import Database
from models.enterprise import Enterprise
from services.enterprises.names import hash_key

KIND = "其他股份有限公司(上市)"
AT_ONCE = 500
SHORT = Wanted("real short names, listed known", ("23x",), 92, 98)
OTHERS = ("04", "05", "06", "07", "08", "09", "13", "16", "18", "23_", "24", "25")


def copy_register(folder: Path) -> Database:
    """The kept register once more, beside it."""
    great = open_register(folder)
    path = folder / "listed.db"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(find_register(folder))) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)
    return Database(f"sqlite:///{path}", great.vault)


def mark_listed(session: Session) -> int:
    """Write down whose shares are listed; how many firms that are."""
    hashes = [hash_key(name) for name in read_listed()]
    marked = 0
    for start in range(0, len(hashes), AT_ONCE):
        rows = update(Enterprise).where(Enterprise.name_hash.in_(hashes[start : start + AT_ONCE])).values(kind=KIND)
        marked += session.execute(rows).rowcount  # type: ignore[attr-defined]
    return marked


def measure(folder: Path) -> None:
    """Both halves and all; beside the short names what else is asked, which must not suffer."""
    database = copy_register(folder)
    with database.write() as session:
        print(f"{mark_listed(session)} listed firms in the register")
    with database.read() as session:
        index, _, _ = make_index(session, folder / "index-listed")
        asked = [*read_short_names(), *(question for question in read_labelled() if question.kind.startswith(OTHERS))]
        answers = ask(session, index, asked)
    for title, half in (("fit half", [True]), ("check half", [False]), ("all", [True, False])):
        print_table(title, [answer for answer in answers if answer.question.is_fit in half], [SHORT])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print it; needs the measuring data beside the checkout."""
    run_measure(make_parser(__doc__), arguments, lambda folder, _: measure(folder))


if __name__ == "__main__":
    main()
