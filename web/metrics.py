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
    """What is read when it is asked for: the database's condition, and the name index of this process."""

    def __init__(self, condition: Condition | None, late_objections: int, index: NameIndex) -> None:
        self.condition, self.late_objections, self.index = condition, late_objections, index

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; without those of the database while it does not answer."""
        yield gauge("chengxin_database_up", "Whether the database answers", float(self.condition is not None))
        yield gauge("chengxin_index_enterprises", "Enterprises that can be found", float(self.index.count))
        yield gauge("chengxin_index_whole", "Whether every name can be found", float(self.index.is_whole))
        if self.condition is None:
            return
        notices = GaugeMetricFamily("chengxin_notices", "Notices kept, by status", labels=["status"])
        for status, count in self.condition.notices.items():
            notices.add_metric([status.value], count)
        yield notices
        age = self.condition.oldest_due_seconds
        yield gauge("chengxin_notice_oldest_due_seconds", "Age of the notice that is late longest", age)
        late = self.condition.late_deadlines
        yield gauge("chengxin_deadlines_late", "Deadlines of cases that ran out", float(late))
        waiting = float(self.late_objections)
        yield gauge("chengxin_objections_late", "Objections to the archive whose term ran out", waiting)


def gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    """One value."""
    return GaugeMetricFamily(name, about, value=value)


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
        registry.register(Standing(*look(database, clock()), index))
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
