"""Screening of 10,000 lines among two million firms: looking up, and making the sheet."""

import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.register import keep, make_parser, open_register
from models.enterprise import Enterprise
from models.role import Role
from models.screening import Screening, ScreeningRow, ScreeningState
from services.audit import Actor
from services.enterprises.index import NameIndex
from services.papers.workbook import make_xlsx
from services.screening.lines import MOST_LINES
from services.screening.running import look_up_piece, order_screening
from services.screening.sheet import compose_tables
from services.staff.accounts import add_account

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SEED = 20261120


class DoneError(Exception):
    """Ends the transaction: the register is left as it was."""


def draw_lines(session: Session) -> list[str]:
    """Seven in ten as registered, two with a character lost, one that is no firm's."""
    chance = random.Random(SEED)
    names = list(session.scalars(select(Enterprise.name).where(Enterprise.id % 197 == 0).limit(MOST_LINES)))
    lines = []
    for name in names:
        at = chance.random()
        if at > 0.9:
            lines.append(f"杭州{chance.randrange(10**6)}号青山实业有限公司")
        elif at > 0.7 and len(name) > 6:
            cut = chance.randrange(1, len(name) - 4)
            lines.append(name[:cut] + name[cut + 1 :])
        else:
            lines.append(name)
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print lines, seconds and what came of them."""
    with keep(make_parser(__doc__).parse_args(arguments).folder) as folder:
        database, index = open_register(folder), NameIndex(folder / "index")
        with database.read() as session:
            index.make_ready(session)
            lines = draw_lines(session)
        try:
            with database.write() as session:
                measure(session, index, lines)
                raise DoneError
        except DoneError:
            database.close()


def measure(session: Session, index: NameIndex, lines: list[str]) -> None:
    """One screening from its order to its sheet."""
    tester = Actor("基准", None, "127.0.0.1")
    account, _ = add_account(session, tester, NOW, login="bench", name="基准", roles=frozenset({Role.ARCHIVE}), unit="")
    screening = order_screening(
        session, lines, purpose="基准", account_id=account.id, actor="基准", association_id=None, now=NOW
    )
    began, cpu = time.perf_counter(), time.process_time()
    while look_up_piece(session, screening.id, index, "长沙", NOW):
        pass
    print(f"{len(lines):,} 行核查：{time.perf_counter() - began:.1f} 秒，CPU {time.process_time() - cpu:.1f} 秒")
    began = time.perf_counter()
    tables, _ = compose_tables(session, screening, "基准", NOW)
    content = make_xlsx(tables)
    print(f"核查表：{time.perf_counter() - began:.1f} 秒，{len(content) >> 10} KB")
    rows = list(session.scalars(select(ScreeningRow.outcome).where(ScreeningRow.screening_id == screening.id)))
    print("结果：" + "，".join(f"{outcome} {rows.count(outcome)}" for outcome in sorted(set(rows), key=str)))
    assert session.get_one(Screening, screening.id).state is ScreeningState.DONE  # noqa: S101


if __name__ == "__main__":
    main()
