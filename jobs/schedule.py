"""The timetable of the jobs process; APScheduler is only its clock, rows hold the truth."""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bot.gateway import Gateway
from bot.reception import Reception
from jobs.notices import Sender
from jobs.photos import MOST_PER_STEP, PhotoLooker
from jobs.retention import forget
from jobs.spool import replay_spool
from models.database import Database
from services.photos.reader import read_photo

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """One line of the timetable."""

    name: str
    every_seconds: int
    about: str
    step: Callable[[], Any]


def make_timetable(
    database: Database, gateway: Gateway, reception: Reception, clock: Callable[[], datetime]
) -> list[Job]:
    """All that is done by the clock."""
    sender = Sender(database, gateway, clock)
    looker = PhotoLooker(gateway, read_photo, clock)

    def look_at_photos() -> None:
        replay_spool(reception.put_off, lambda kept: reception.finish(kept, looker.look), 0.0, MOST_PER_STEP)

    def clean_up() -> None:
        with database.write() as session:
            forget(session, clock())

    return [
        Job("deliver", 1, "send notices that are due", sender.deliver),
        Job("sweep", 5, "end the leases of senders that died", sender.sweep),
        Job("replay", 10, "handle messages kept on disk", lambda: replay_spool(reception.spool, reception.replay)),
        Job("photos", 1, "read photos sent to the chat", look_at_photos),
        Job("forget", 3600, "delete what is no longer needed", clean_up),
    ]


def print_timetable(jobs: list[Job]) -> str:
    """The timetable as a table."""
    rows = [f"{job.name:<10} every {job.every_seconds:>5} s  {job.about}" for job in jobs]
    return "\n".join(rows)


def guard(job: Job) -> Callable[[], None]:
    """A step whose failure is logged and does not stop the clock."""

    def step() -> None:
        try:
            job.step()
        except Exception as error:
            log.error("job %s failed: %s", job.name, type(error).__name__, exc_info=True)

    return step


def start_clock(jobs: list[Job]) -> BackgroundScheduler:
    """Run each job at its interval, never twice at a time, late ones once."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a step still runs is no news
    clock = BackgroundScheduler(timezone="UTC")
    for job in jobs:
        clock.add_job(
            guard(job),
            "interval",
            seconds=job.every_seconds,
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    clock.start()
    return clock


def run_jobs(jobs: list[Job], stop: threading.Event | None = None) -> None:
    """Block until SIGTERM, SIGINT or `stop`; running steps end first."""
    ended = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    clock = start_clock(jobs)
    log.info("jobs started: %s", ", ".join(job.name for job in jobs))
    ended.wait()
    clock.shutdown(wait=True)
    log.info("jobs ended")
