"""What numbering an answer costs: CPU of composing a report, of its digest, of issuing and of checking it.

python -m benchmarks.answers
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from config.answers import load_answer_rules
from models.answer import AnswerDoor
from models.database import Database
from models.enterprise import Enterprise
from models.migration import upgrade_database
from models.vault import Vault
from services.credit.answer_digest import digest_of
from services.credit.answers import check_answer, issue_answer
from services.credit.report import compose_report
from services.demo import heroes
from services.demo.load import load_demo

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
RUNS, ROUNDS = 300, 5


def measure(step: Callable[[], object]) -> float:
    """Milliseconds of CPU of one step, the best of five rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(RUNS):
            step()
        rounds.append((time.process_time() - began) / RUNS * 1000)
    return min(rounds)


def main() -> None:
    """On SQLite, within one transaction."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'b.db'}", Vault("a benchmark's key of enough characters"))
        upgrade_database(database)
        load_demo(database, TODAY, firms_count=300)
        rules = load_answer_rules().answers
        with database.write() as session:
            firm_id = session.scalars(select(Enterprise.id).where(Enterprise.name == heroes.LISTED)).one()
            report = compose_report(session, firm_id, TODAY)
            if report is None:
                raise RuntimeError("the demonstration's firm is gone")
            answer = issue_answer(session, report, AnswerDoor.CHAT, NOW, "430100")
            token = answer.path.rpartition("/")[2]
            steps: dict[str, Callable[[], object]] = {
                "compose the report": lambda: compose_report(session, firm_id, TODAY),
                "digest": lambda: digest_of(report, AnswerDoor.CHAT),
                "issue (digest, number, code, row)": lambda: issue_answer(
                    session, report, AnswerDoor.CHAT, NOW, "430100"
                ),
                "check (report composed anew)": lambda: check_answer(session, token, "bench", NOW, rules),
            }
            for name, step in steps.items():
                print(f"{name:<36} {measure(step):7.3f} ms")
        database.close()


if __name__ == "__main__":
    main()
