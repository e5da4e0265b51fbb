"""Several timetables and workers as real processes: whichever is killed, everything is sent, nothing twice."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from models.database import Database
from models.notice import NoticeStatus
from tests.conftest import empty_tables
from tests.fake_wechat import run_fake_wechat
from tests.faults.test_start import free_port
from tests.redis_server import run_redis
from tests.scaled_room import SEND, Machines
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def machines(postgres_database: Database, tmp_path: Path) -> Iterator[Machines]:
    empty_tables(postgres_database)
    with run_redis(tmp_path) as redis, run_fake_wechat() as wechat:
        made = Machines(postgres_database, redis, wechat, tmp_path)
        yield made
        made.close()


def answer_slowly(_call: object) -> dict[str, object]:
    """So that a kill meets something."""
    time.sleep(0.02)
    return {"errcode": 0, "errmsg": "ok", "msgid": 71}


def test_whoever_is_killed_everything_is_sent_once(machines: Machines) -> None:
    machines.wechat.answers[SEND] = [answer_slowly]
    for number in range(2):
        machines.start(f"jobs{number}", "jobs")
        machines.start(f"worker{number}", "worker", "--processes", "2")
    wait_for(machines.works, what="no worker shows itself")
    machines.order("a", 300)
    wait_for(lambda: machines.count(NoticeStatus.SENT) > 20)
    machines.kill("worker0")
    lost = machines.holder()
    machines.kill(lost)
    wait_for(lambda: machines.holder() not in {"", lost}, what="nobody took over")
    machines.order("b", 50)
    machines.wait_for_sent(350)
    keys = machines.keys()
    assert set(keys) == {f"a{number}" for number in range(300)} | {f"b{number}" for number in range(50)}
    twice = len(keys) - len(set(keys))
    assert twice <= 2, "only what a killed process had in its hands is said again, under the key WeChat knows"
    assert machines.count(NoticeStatus.NEW, NoticeStatus.LEASED, NoticeStatus.UNKNOWN, NoticeStatus.FAILED) == 0
    assert "holds it, fence 2" in machines.log(machines.holder())


def read_counts(port: int) -> dict[str, float]:
    """Name and labels → value."""
    answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30)
    families = text_string_to_metric_families(answer.text)
    return {" ".join((one.name, *one.labels.values())): one.value for family in families for one in family.samples}


def listens_at(port: int) -> set[str]:
    """The local addresses, as the kernel writes them."""
    tables = [Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:] for name in ("tcp", "tcp6")]
    ends = [line.split()[1].split(":") for table in tables for line in table if line.split()[3] == "0A"]
    return {address for address, found in ends if int(found, 16) == port}


def test_jobs_and_workers_tell_what_they_did(machines: Machines) -> None:
    """The processes of a worker are counted together, those that died among them; only this machine may ask."""
    jobs, worker = free_port(), free_port()
    machines.start("jobs0", "jobs", more={"METRICS_PORT": str(jobs)})
    machines.start("worker0", "worker", "--processes", "2", more={"WORKER_METRICS_PORT": str(worker)})
    wait_for(machines.works, what="no worker shows itself")
    machines.order("a", 20)
    machines.wait_for_sent(20)
    sent = "chengxin_notices_total template sent"
    wait_for(lambda: sum(read_counts(port).get(sent, 0) for port in (jobs, worker)) == 20)
    for port in (jobs, worker):
        counts = read_counts(port)
        assert counts["chengxin_notices sent"] == 20
        assert counts["chengxin_notice_oldest_due_seconds"] == 0
        assert (counts["chengxin_timetable_held"], counts["chengxin_timetable_fence"]) == (1, 1)
        assert listens_at(port) == {"0100007F"}
    done = read_counts(worker)["chengxin_job_runs_total deliver done"]
    beats = read_counts(worker)["chengxin_timetable_beats"]
    children = Path(f"/proc/{machines.processes['worker0'].pid}/task/{machines.processes['worker0'].pid}/children")
    for child in children.read_text(encoding="ascii").split():
        os.kill(int(child), signal.SIGKILL)
    wait_for(lambda: read_counts(worker)["chengxin_job_runs_total deliver done"] > done, 60)
    assert read_counts(worker)["chengxin_timetable_beats"] > beats


def test_while_redis_is_away_the_timetable_works_alone(machines: Machines) -> None:
    machines.start("jobs0", "jobs")
    machines.start("worker0", "worker", "--processes", "1")
    wait_for(machines.works, what="no worker shows itself")
    machines.redis.kill()
    machines.order("away", 30)
    machines.wait_for_sent(30)
    machines.redis.start()
    wait_for(machines.works, 240, what="the worker did not come back with Redis")
    with machines.redis.hanging():
        machines.order("hanging", 30)
        machines.wait_for_sent(60)
    wait_for(machines.works, 240, what="the worker did not come back with Redis")
    machines.order("back", 30)
    machines.wait_for_sent(90)
    assert len(machines.keys()) == 90


def test_without_any_worker_nothing_waits(machines: Machines) -> None:
    machines.start("jobs0", "jobs")
    machines.order("alone", 30)
    machines.wait_for_sent(30)
    machines.start("worker0", "worker", "--processes", "1")
    wait_for(machines.works, what="no worker shows itself")
    machines.kill("worker0")
    wait_for(lambda: not machines.works())
    machines.order("again", 30)
    machines.wait_for_sent(60)
    assert len(machines.keys()) == 60
