"""The clock's work on cases: deadlines, the calendar's years, retention; one case is one transaction."""

import logging
from collections.abc import Callable
from datetime import datetime

from config.cases import CaseRules
from models.database import Database
from services.calendar.years import seed_calendar
from services.cases import archiving
from services.cases.access import forget_attempts
from services.cases.clock import due_cases, follow_calendar, tend_case
from services.cases.docket import Docket, open_docket
from services.cases.drafts import forget_drafts
from services.cases.referring import cases_with_late, remind_of_late

log = logging.getLogger(__name__)


class CaseClock:
    """May run in several processes: each step is written once."""

    def __init__(self, database: Database, rules: CaseRules, clock: Callable[[], datetime]) -> None:
        self.database, self.rules, self.clock = database, rules, clock

    def tend(self) -> int:
        """Alerts and closings that are due; how many."""
        with self.database.read() as session:
            found = due_cases(session, self.clock())
            late = cases_with_late(open_docket(session, self.rules, self.clock()))
        return sum(self.each(case_id, tend_case) for case_id in found) + sum(
            self.each(case_id, remind_of_late) for case_id in late
        )

    def archive(self) -> int:
        """Archive what is over its time, and erase its persons; how many."""
        with self.database.read() as session:
            found = archiving.old_cases(session, self.clock(), self.rules.retention.case_years)
        return sum(self.each(case_id, archiving.archive_case) for case_id in found)

    def each(self, case_id: int, step: Callable[[Docket, int], int]) -> int:
        """One case in its own transaction; one that fails does not hold up the others."""
        try:
            with self.database.write() as session:
                return step(open_docket(session, self.rules, self.clock()), case_id)
        except Exception:
            log.exception("the clock failed at case %d", case_id)
            return 0

    def clean_up(self) -> dict[str, int]:
        """Forget drafts, counters and looks that nobody needs; archive; how many by kind."""
        with self.database.write() as session:
            docket = open_docket(session, self.rules, self.clock())
            counts = {
                "drafts": forget_drafts(docket),
                "attempts": forget_attempts(docket),
                "looks": archiving.forget_looks(docket),
            }
        return counts | {"archived": self.archive()}

    def follow_years(self) -> int:
        """Take over the years that the program's calendar has and the table lacks; how many dates changed."""
        with self.database.write() as session:
            seed_calendar(session, self.clock())
            return follow_calendar(open_docket(session, self.rules, self.clock()))
