"""The timetable of the jobs process; APScheduler is only its clock, rows hold the truth."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from bot.gateway import Gateway
from bot.reception import Reception
from config.answers import load_answer_rules
from config.campaigns import load_campaign_rules
from config.cases import load_case_rules
from config.metrics import JOB_RUNS, JOB_SECONDS
from config.sending import load_sending_rules
from config.taking_part import load_taking_part
from config.tracing import bear
from jobs.articles import ArticleClock
from jobs.campaign_orders import OrderDesk
from jobs.campaigns import CampaignClock
from jobs.cases import CaseClock
from jobs.evidence import EvidenceFetcher, sweep_files
from jobs.fan_out import FanOut
from jobs.holding import Holder
from jobs.hotline import HotlineSender
from jobs.imports import open_clerk
from jobs.notices import Sender
from jobs.photos import MOST_PER_STEP, PhotoLooker
from jobs.reads import ReadClock
from jobs.retention import forget
from jobs.spool import replay_spool
from jobs.taking_part import TakingPartClock
from jobs.topic_tags import TagKeeper
from jobs.watching import WatchClock
from models.database import Database
from services.campaigns.library import library_of
from services.campaigns.timing import ClockWatch
from services.evidence.examining import Examined, examine
from services.evidence.keeping import limits_of
from services.evidence.store import EvidenceStore
from services.photos.reader import read_photo
from services.screening.running import work as look_up_screenings

WATCH_SECONDS = 5.0

log = logging.getLogger(__name__)


class Place(Enum):
    """Where a step may be done."""

    ANYWHERE = auto()  # by any worker: all it needs is in the database and the shared folders
    HERE = auto()  # on every machine by itself: about files of its own


@dataclass(frozen=True)
class Job:
    """One line of the timetable."""

    name: str
    every_seconds: int
    about: str
    step: Callable[[], Any]
    place: Place = Place.ANYWHERE
    at_once: int = 1  # steps under way at one moment, on all workers together


def make_timetable(
    database: Database,
    gateway: Gateway,
    reception: Reception,
    clock: Callable[[], datetime],
    hotline: HotlineSender | None = None,
    *,
    evidence: EvidenceStore,
    examine: Callable[[bytes], Examined] = examine,
) -> list[Job]:
    """All that is done by the clock; `hotline` is None where it is called by telephone only."""
    sender = Sender(database, gateway, clock)
    rules = load_case_rules()
    cases = CaseClock(database, rules, clock)
    watching = WatchClock(database, load_answer_rules().following, clock)
    fetcher = EvidenceFetcher(gateway, database, evidence, limits_of(rules), examine=examine, clock=clock)

    def screen() -> int:
        desk = reception.desk
        return look_up_screenings(database, desk.index, desk.bureau.city or desk.bureau.province, clock())

    def clean_up() -> None:
        with database.write() as session:
            forget(session, clock())

    return [
        Job("deliver", 1, "send notices that are due", sender.deliver, at_once=4),
        Job("sweep", 5, "end the leases of senders that died", sender.sweep),
        *own_jobs(gateway, reception, clock),
        Job("evidence", 2, "fetch evidence sent to the chat", fetcher.step, at_once=4),
        Job("cases", 60, "tell of deadlines, close cases by rule", cases.tend),
        *sending_jobs(database, gateway, clock, reception.desk.public_url),
        Job("watching", 30, "tell followers what changed at the firms they follow", watching.step),
        Job("calendar", 3600, "take over holidays of new years", cases.follow_years),
        Job("archive", 3600, "archive old cases and erase their persons", cases.clean_up),
        Job("forget", 3600, "delete what is no longer needed", clean_up),
        Job("files", 3600, "put files of evidence in order", lambda: sweep_files(database, evidence, clock())),
        *article_jobs(database, gateway, clock, evidence),
        Job("screenings", 2, "look up the lists of firms that were asked for", screen),
        *import_jobs(database, clock, evidence),
        *([Job("hotline", 5, "send cases and their progress to the hotline", hotline.work)] if hotline else []),
    ]


def own_jobs(gateway: Gateway, reception: Reception, clock: Callable[[], datetime]) -> list[Job]:
    """About what the web process of this machine has put on its disk."""
    looker = PhotoLooker(gateway, read_photo, clock)

    def replay() -> None:
        replay_spool(reception.spool, reception.replay)

    def look_at_photos() -> None:
        replay_spool(reception.put_off, lambda kept: reception.finish(kept, looker.look), 0.0, MOST_PER_STEP)

    return [
        Job("replay", 10, "handle messages kept on disk", replay, Place.HERE),
        Job("photos", 1, "read photos sent to the chat", look_at_photos, Place.HERE),
    ]


def sending_jobs(database: Database, gateway: Gateway, clock: Callable[[], datetime], public_url: str) -> list[Job]:
    """What goes out to many."""
    rules = load_sending_rules()
    campaigns = CampaignClock(database, gateway, rules, clock, public_url)
    fan_out = FanOut(database, gateway, rules, clock, public_url)
    tags = TagKeeper(database, gateway, clock)
    return [
        Job("campaigns", 1, "send campaigns that are due, take their results", campaigns.step),
        Job("orders", 2, "previews, recalls and questions to WeChat", OrderDesk(campaigns).step),
        Job("fan-out", 2, "send notices of campaigns one by one", fan_out.step, at_once=2),
        Job("tags", 20, "tell WeChat who wants which topic", tags.step),
        Job("reads", 600, "ask how often articles were read, day by day", ReadClock(database, gateway, clock).step),
        Job("templates", 3600, "list the account's subscription notices", tags.list_templates),
    ]


def article_jobs(
    database: Database, gateway: Gateway, clock: Callable[[], datetime], evidence: EvidenceStore
) -> list[Job]:
    """What articles need before they go out."""
    library = library_of(evidence.folder.parent)
    articles = ArticleClock(database, gateway, library, rules=load_campaign_rules(), clock=clock)
    joining = TakingPartClock(database, load_taking_part(), clock)
    return [
        Job("links", 30, "look whether links in articles open", articles.look_at_links),
        Job("pictures", 15, "bring pictures of approved articles to WeChat", articles.upload_pictures),
        Job("articles", 600, "warn of two weeks without a post, and of articles not shown any more", articles.watch),
        Job("deadlines", 1800, "remind staff of reports 14, 7 and 1 days before", joining.remind),
        Job("sign-ups", 3600, "forget names and telephones of past activities", joining.clean_up),
        Job("library", 3600, "delete files that no article or association has", articles.clean_up),
    ]


def import_jobs(database: Database, clock: Callable[[], datetime], evidence: EvidenceStore) -> list[Job]:
    """How records come into the archive."""
    clerk = open_clerk(database, evidence.folder.parent, clock)
    return [
        Job("imports", 2, "import the sheets that clerks have ordered", clerk.work),
        Job("incoming", 15, "import files dropped into DATA_DIR/incoming", clerk.look, Place.HERE),
        Job("sources", 60, "ask the sources of config/sources.toml that are due", clerk.pull),
        Job("receipts", 3600, "delete imported files that nobody needs any more", clerk.tidy),
    ]


def print_timetable(jobs: list[Job]) -> str:
    """The timetable as a table."""
    rows = [f"{job.name:<10} every {job.every_seconds:>5} s  {job.about}" for job in jobs]
    return "\n".join(rows)


def guard(job: Job, holder: Holder | None = None) -> Callable[[], None]:
    """A step whose failure is logged and does not stop the clock; left out while another holds the timetable."""

    def step() -> None:
        if holder and not holder.is_ours and job.place is not Place.HERE:
            return
        began, outcome = time.perf_counter(), "done"
        with bear(None):
            try:
                job.step()
            except Exception as error:
                outcome = "failed"
                log.error("job %s failed: %s", job.name, type(error).__name__, exc_info=True)
        JOB_RUNS.labels(job.name, outcome).inc()
        JOB_SECONDS.labels(job.name).observe(time.perf_counter() - began)

    return step


def start_clock(jobs: list[Job], holder: Holder | None = None) -> BackgroundScheduler:
    """Run each job at its interval, never twice at a time, late ones once."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a step still runs is no news
    clock = BackgroundScheduler(timezone="UTC")
    for job in jobs:
        clock.add_job(
            guard(job, holder),
            "interval",
            seconds=job.every_seconds,
            id=job.name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    clock.start()
    return clock


def wake_all(clock: BackgroundScheduler) -> None:
    """Every job now: APScheduler counts by the wall clock and would wait for one that was set back to catch up."""
    for job in clock.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


def run_jobs(jobs: list[Job], stop: threading.Event | None = None, holder: Holder | None = None) -> None:
    """Block until SIGTERM, SIGINT or `stop`; running steps end first. With a `holder`, only while it holds."""
    ended = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
    if holder:
        threading.Thread(target=holder.keep, args=(ended,), name="lease").start()
    clock, watch = start_clock(jobs, holder), ClockWatch()
    log.info("jobs started: %s", ", ".join(job.name for job in jobs))
    while not ended.wait(WATCH_SECONDS):
        jump = watch.jump(datetime.now(UTC), time.monotonic())
        if jump:
            log.warning("the wall clock moved by %s; the timetable begins anew", jump)
            wake_all(clock)
    clock.shutdown(wait=True)
    log.info("jobs ended")
