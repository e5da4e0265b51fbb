"""GET /metrics of the processes that have no pages, jobs and worker: for this machine only."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from cli.ports import check_port
from config.metrics import FOLDER, gather_registry, open_folder
from models.database import Database
from web.metrics import Standing

LOOPBACK = "127.0.0.1"


class Counts(Collector):
    """All that was counted here, and the condition of the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self.database, self.standing = database, Standing(database, clock)

    def collect(self) -> Iterator[Metric]:
        """Leaves no connection behind: processes are forked from this one."""
        yield from gather_registry().collect()
        try:
            yield from self.standing.collect()
        finally:
            self.database.close()


def open_counts(name: str, port: int, database: Database, clock: Callable[[], datetime]) -> WSGIServer:
    """Answer on the port that the setting `name` says, on a thread, by a `database` of its own."""
    check_port(LOOPBACK, port, name)
    registry = CollectorRegistry()
    registry.register(Counts(database, clock))
    server: WSGIServer
    server, _ = start_http_server(port, LOOPBACK, registry)
    return server


def count_together(folder: Path, start_again: Callable[[], None]) -> None:
    """Let this process and its children count in one folder.

    How to count is decided when the library is imported: the program starts once more with the folder's name.
    """
    is_known = os.environ.get(FOLDER) == str(folder)
    open_folder(folder)
    if not is_known:
        start_again()
