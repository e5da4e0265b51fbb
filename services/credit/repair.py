"""信用修复: when one may apply, what is still missing, where; pure. 信用修复管理办法（国家发展改革委令第36号）."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from services.credit.standing import add_months

# The least publicity before one may apply, from the day of decision. What bears no class counts as serious.
LEAST_MONTHS = {"minor": 0, "general": 3, "serious": 12}
REPAIRABLE = frozenset({"penalty", "black"})


class Missing(StrEnum):
    """A condition of repair that is not met yet."""

    PERIOD = "period"  # 最短公示期
    DUTIES = "duties"  # 义务履行完毕
    PROMISE = "promise"  # 公开作出信用承诺


class Route(StrEnum):
    """Who takes the record off."""

    REPAIR = "repair"  # 信用中国, to whoever made the finding
    REGISTRY = "registry"  # 经营异常名录: the market regulator takes it off when the reason is gone
    COURT = "court"  # 失信被执行人: the executing court
    SOURCE = "source"  # anything else adverse: whoever published it


ROUTES = {"penalty": Route.REPAIR, "black": Route.REPAIR, "abnormal": Route.REGISTRY, "court": Route.COURT}
ADVERSE = frozenset({*ROUTES, "exposure"})


class Repairable(Protocol):
    """What the rules look at in a record or listing."""

    @property
    def decided_on(self) -> date: ...
    @property
    def duties_done_on(self) -> date | None: ...
    @property
    def promised_on(self) -> date | None: ...


@dataclass(frozen=True)
class RepairPlan:
    """What somebody who wants a record off is told of it today."""

    route: Route
    severity: str  # minor, general, serious; of an entry of a list serious; "" where no class was stated
    earliest_on: date | None  # from this day on one may apply; None: no such term in this route
    stops_on: date | None  # it ends by itself on this day; None: it does not
    missing: tuple[Missing, ...]
    today: date

    @property
    def may_apply(self) -> bool:
        """Everything that we can see is there."""
        return not self.missing

    @property
    def ends_first(self) -> bool:
        """The publicity ends before one may even apply: nothing need be done."""
        return bool(self.earliest_on and self.stops_on and self.stops_on <= self.earliest_on)

    @property
    def is_waiting(self) -> bool:
        """The day is still to come, so that one may be reminded of it."""
        return bool(self.earliest_on and self.earliest_on > self.today and not self.ends_first)


def earliest_repair(severity: str | None, decided_on: date) -> date:
    """The first day on which one may apply: a general penalty of 2026-04-10 from 2026-07-10 on."""
    return add_months(decided_on, LEAST_MONTHS.get(severity or "", LEAST_MONTHS["serious"]))


def plan_repair(block: str, severity: str | None, row: Repairable, stops_on: date | None, today: date) -> RepairPlan:
    """The plan for a record of this block; `stops_on` is where its publicity ends (services/credit/standing.py)."""
    route = ROUTES.get(block, Route.SOURCE)
    graded = "serious" if block == "black" else severity or ""
    if route is not Route.REPAIR:
        return RepairPlan(route, graded, None, stops_on, (), today)
    earliest = earliest_repair(graded, row.decided_on)
    checks = {
        Missing.PERIOD: today < earliest,
        Missing.DUTIES: row.duties_done_on is None or row.duties_done_on > today,
        Missing.PROMISE: row.promised_on is None or row.promised_on > today,
    }
    return RepairPlan(route, graded, earliest, stops_on, tuple(one for one, lacks in checks.items() if lacks), today)
