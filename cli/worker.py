"""`chengxin worker`: does the steps for which the timetable wakes it, on any machine."""

import os
import signal
import socket
import sys
import threading
from typing import Any

import click
from billiard import active_children
from celery import Celery
from celery.signals import worker_process_init

from cli.counts import count_together, open_counts
from cli.server import open_timetable
from config.logging import set_up_logging
from config.settings import JobsEngine, Settings, SettingsError, check_secrets, load_settings
from jobs.engine import TASK, make_engine
from jobs.renewal import Renewal
from jobs.schedule import Place, guard
from jobs.wakes import Hand
from models.migration import check_schema
from models.tallies import Tallies
from wsgi import open_database, read_clock, secrets_of

ENDING_SECONDS = 40.0  # of steps that run while the worker begins anew


@click.command()
@click.option("--processes", type=click.IntRange(1, 64), help="进程数；默认等于核数。")
def worker(processes: int | None) -> None:
    """启动一台做后台任务的工人：发送、取证据、导入、核查；可在任意多台机器上启动。"""
    settings = load_settings()
    check_secrets(settings)
    if settings.jobs_engine is not JobsEngine.CELERY:
        raise SettingsError("worker 只用于多台机器：.env 中写 JOBS_ENGINE=celery 和 REDIS_URL，见 docs/operations.md")
    if settings.worker_metrics_port:
        count_together(settings.data_dir / "metrics-worker", start_again)
    set_up_logging(secrets_of(settings))
    database = open_database(settings)
    check_schema(database)
    database.close()  # every process opens its own
    count = processes or os.cpu_count() or 1
    click.echo(f"后台任务的工人已启动：{count} 个进程")
    serve_steps(make_engine(settings.redis_url), settings, count)


def serve_steps(engine: Celery, settings: Settings, processes: int) -> None:
    """Block until SIGTERM or SIGINT; running steps end first. Begins anew when Redis was away."""
    hands: list[Hand] = []
    port = settings.worker_metrics_port
    counts = open_counts("WORKER_METRICS_PORT", port, open_database(settings), read_clock) if port else None

    @worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def open_hand(**_: object) -> None:
        if counts:
            counts.socket.close()  # the parent answers
        set_up_logging(secrets_of(settings))
        hands[:] = [make_hand(settings)]

    @engine.task(name=TASK)  # type: ignore[untyped-decorator]
    def step(name: str, lane: str) -> None:
        hands[0].do(name, lane)

    ended, is_due = threading.Event(), threading.Event()

    def begin_anew() -> None:
        """Let running steps end as at any other ending; a loop that does not hear even that is left behind."""
        is_due.set()
        os.kill(os.getpid(), signal.SIGTERM)
        if not ended.wait(ENDING_SECONDS):
            start_again()

    watching = threading.Thread(
        target=Renewal(Tallies(settings.redis_url), begin_anew).watch, args=(ended,), daemon=True
    )
    watching.start()
    make_worker(engine, processes).start()
    ended.set()
    if is_due.is_set():
        start_again()


def make_worker(engine: Celery, processes: int) -> Any:
    """Celery's own, with nothing that we do not use."""
    return engine.Worker(
        hostname=f"{os.getpid()}@{socket.gethostname()}",
        concurrency=processes,
        pool="prefork",
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )


def start_again() -> None:
    """This program in its own place: same process number, nothing of its past."""
    for child in active_children():
        child.kill()
    os.execv(sys.executable, [sys.executable, "-m", "cli", *sys.argv[1:]])  # noqa: S606


def make_hand(settings: Settings) -> Hand:
    """With connections of this process's own."""
    database = open_database(settings)
    steps = {job.name: guard(job) for job in open_timetable(settings, database) if job.place is Place.ANYWHERE}
    return Hand(steps, database.tallies or Tallies(settings.redis_url))
