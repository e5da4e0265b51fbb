"""Wakes workers for the steps of the timetable; where no worker can be woken the timetable does the step itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from jobs.engine import GOOD_FOR_SECONDS, QUEUE, TASK
from jobs.schedule import Job, Place
from models.tallies import AT_WORK, Tallies, TalliesAwayError

ABSENT_AFTER_SECONDS = 10  # no worker has begun or ended a step for so long

log = logging.getLogger(__name__)


def lanes_of(job: Job) -> list[str]:
    """So many steps of this job may be under way at once, on all machines together."""
    return [f"lane:{job.name}:{number}" for number in range(job.at_once)]


@dataclass
class Bell:
    """The timetable's end: one message for each lane that is free."""

    engine: Celery
    tallies: Tallies

    def ring(self, job: Job) -> bool:
        """Whether a worker does it, or will; False when the timetable has to."""
        try:
            lane = self.tallies.mark_one(lanes_of(job), GOOD_FOR_SECONDS)
            if lane is not None:
                self.send(job.name, lane)
            return self.tallies.has_mark(AT_WORK)
        except (TalliesAwayError, OperationalError):
            return False

    def send(self, name: str, lane: str) -> None:
        """Into the queue, without trying again: the next tick does. What was not sent leaves its lane free."""
        try:
            self.engine.send_task(TASK, args=[name, lane], queue=QUEUE, expires=GOOD_FOR_SECONDS, retry=False)
        except OperationalError:
            self.tallies.unmark(lane)
            raise

    def share_out(self, jobs: list[Job]) -> list[Job]:
        """The same timetable, whose steps are done by workers where they can be."""
        return [replace(job, step=self.shared(job)) if job.place is Place.ANYWHERE else job for job in jobs]

    def shared(self, job: Job) -> Callable[[], Any]:
        """Ring; if nobody comes, do it."""

        def step() -> None:
            if not self.ring(job):
                job.step()

        return step


@dataclass
class Hand:
    """A worker's end: does the step, then frees the lane."""

    steps: dict[str, Callable[[], None]]
    tallies: Tallies

    def do(self, name: str, lane: str) -> None:
        """One step; a job of a newer or older program is left to those who know it."""
        self.show()
        step = self.steps.get(name)
        if step is None:
            log.error("no job %s in this version", name)
            return
        try:
            step()
        finally:
            self.show(lane)

    def show(self, free: str = "") -> None:
        """That somebody works here; a Redis that is away does not stop the step."""
        try:
            self.tallies.mark(AT_WORK, ABSENT_AFTER_SECONDS)
            if free:
                self.tallies.unmark(free)
        except TalliesAwayError:
            log.info("Redis is away; the lane frees itself")
