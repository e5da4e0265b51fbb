"""GET /metrics: what Prometheus reads, for who knows the token."""

import hmac
from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from config.archive import load_archive_rules
from config.bureau import load_bureau
from config.metrics import gather_registry
from models.database import Database
from services.condition import Condition, read_condition
from services.credit.ledger import Ledger
from services.credit.objections import count_late
from services.enterprises.index import NameIndex


class Standing(Collector):
    """What is read when it is asked for: the database's condition."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database, self.clock = database, clock

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; without those of the database while it does not answer."""
        condition, late_objections = look(self.database, self.clock())
        yield gauge("chengxin_database_up", "Whether the database answers", condition is not None)
        if condition is None:
            return
        notices = GaugeMetricFamily("chengxin_notices", "Notices kept, by status", labels=["status"])
        for status, count in condition.notices.items():
            notices.add_metric([status.value], count)
        yield notices
        age = condition.oldest_due_seconds
        yield gauge("chengxin_notice_oldest_due_seconds", "Age of the notice that is late longest", age)
        yield gauge("chengxin_deadlines_late", "Deadlines of cases that ran out", condition.late_deadlines)
        yield gauge("chengxin_objections_late", "Objections to the archive whose term ran out", late_objections)
        lease = condition.timetable
        yield gauge("chengxin_timetable_held", "Whether a machine holds the timetable", bool(lease.holder))
        yield gauge("chengxin_timetable_fence", "How often the timetable was taken over", lease.fence)
        yield gauge("chengxin_timetable_beats", "Beats of who holds it; one that stands still is dead", lease.beat)


class Findable(Collector):
    """The name index of this process."""

    def __init__(self, index: NameIndex) -> None:
        self.index = index

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges."""
        yield gauge("chengxin_index_enterprises", "Enterprises that can be found", self.index.count)
        yield gauge("chengxin_index_whole", "Whether every name can be found", self.index.is_whole)


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    """One value."""
    return GaugeMetricFamily(name, about, value=float(value))


def create_metrics(database: Database, index: NameIndex, token: str, clock: Callable[[], datetime]) -> Blueprint:
    """The page; without a token in the settings there is none."""
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> Response:
        """`Authorization: Bearer …` with METRICS_TOKEN."""
        offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token or not hmac.compare_digest(offered.encode(), token.encode()):
            abort(404)
        registry = CollectorRegistry()
        registry.register(Standing(database, clock))
        registry.register(Findable(index))
        return Response(
            generate_latest(gather_registry()) + generate_latest(registry), content_type=CONTENT_TYPE_LATEST
        )

    return pages


def look(database: Database, now: datetime) -> tuple[Condition | None, int]:
    """The condition and how many objections are late; None where the database does not answer."""
    rules, unit = load_archive_rules(), load_bureau().name
    try:
        with database.read() as session:
            return read_condition(session, now), count_late(Ledger(session, rules, now), unit)
    except SQLAlchemyError:
        return None, 0
