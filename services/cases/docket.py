"""What every step on cases needs: the open transaction, the bureau's rules, the calendar, the moment."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from config.cases import CaseRules
from models.database import vault_of
from services.calendar.working_days import WorkCalendar, day_of
from services.calendar.years import load_calendar

YEARS_BACK = 4  # no deadline that still runs began earlier


@dataclass(frozen=True)
class Docket:
    """Opened by a door for one transaction."""

    session: Session
    rules: CaseRules
    calendar: WorkCalendar
    now: datetime

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return day_of(self.now)

    def seal(self, values: dict[str, Any], field: str) -> bytes:
        """Values as encrypted JSON."""
        return vault_of(self.session).seal(json.dumps(values, ensure_ascii=False), field)

    def open(self, sealed: bytes | None, field: str) -> dict[str, Any]:
        """What `seal` took; nothing for what was erased."""
        if sealed is None:
            return {}
        values: dict[str, Any] = json.loads(vault_of(self.session).open(sealed, field))
        return values


def open_docket(session: Session, rules: CaseRules, now: datetime) -> Docket:
    """For this transaction."""
    return Docket(session, rules, load_calendar(session, now.year - YEARS_BACK), now)
