"""What is counted and timed for /metrics; labels are words of our own, never anything of a person or a firm.

Several processes write into one folder where PROMETHEUS_MULTIPROC_DIR names it (cli/server.py), and any of them
answers for all.
"""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
OURS = CollectorRegistry()

REQUESTS = Counter(
    "chengxin_requests_total", "Requests, by route and status", ["method", "route", "status"], registry=OURS
)
REQUEST_SECONDS = Histogram(
    "chengxin_request_seconds", "Time to answer a request", ["route"], buckets=SECONDS, registry=OURS
)
MESSAGES = Counter(
    "chengxin_messages_total", "Messages of WeChat, by how each was answered", ["outcome"], registry=OURS
)
ANSWERS = Counter(
    "chengxin_name_questions_total", "Questions for an enterprise, by verdict", ["verdict"], registry=OURS
)
NOTICES = Counter(
    "chengxin_notices_total",
    "Attempts to send a notice, by channel and what became of it",
    ["channel", "status"],
    registry=OURS,
)
WECHAT_CALLS = Counter("chengxin_wechat_calls_total", "Calls to WeChat, by outcome", ["outcome"], registry=OURS)
JOB_RUNS = Counter("chengxin_job_runs_total", "Steps of the timetable, by outcome", ["job", "outcome"], registry=OURS)
JOB_SECONDS = Histogram(
    "chengxin_job_seconds", "Time of a step of the timetable", ["job"], buckets=SECONDS, registry=OURS
)


def gather_registry() -> CollectorRegistry:
    """All that was counted: in this process, or in all that write into the folder."""
    if not os.environ.get(FOLDER):
        return OURS
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def open_folder(folder: Path) -> None:
    """Let this process and its children count in one folder; what ended processes left there is taken away.

    To be called before the first count. A counter that begins again at 0 is what Prometheus expects of a restart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.db"):
        number = path.stem.rpartition("_")[2]
        if not number.isdecimal() or not Path(f"/proc/{number}").exists():
            path.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)
