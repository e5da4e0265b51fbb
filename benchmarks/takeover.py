"""Films a take-over: three timetables, the one that holds is killed again and again; who takes over, and how soon."""

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from models.database import Database
from models.migration import upgrade_database
from tests.conftest import VAULT, create_postgres_database
from tests.fake_wechat import run_fake_wechat
from tests.redis_server import run_redis
from tests.scaled_room import Machines
from tests.waiting import wait_for

NAMES = ("machine-a", "machine-b", "machine-c")


def say(text: str) -> None:
    """With the moment."""
    print(f"{datetime.now(UTC):%H:%M:%S.%f}"[:-3] + f"  {text}")


def film(machines: Machines, kills: int) -> list[float]:
    """Seconds of each take-over, kill -9 to the new holder's row."""
    taken: list[float] = []
    for name in NAMES:
        machines.start(name, "jobs")
    wait_for(lambda: bool(machines.holder()))
    say(f"{machines.holder()} holds the timetable")
    for _ in range(kills):
        wait_for(lambda: all("jobs started" in machines.log(name) for name in NAMES))
        time.sleep(5)
        lost = machines.holder()
        began = time.monotonic()
        machines.kill(lost)
        say(f"kill -9 {lost}")
        wait_for(lambda: machines.holder() != "")
        taken.append(time.monotonic() - began)
        new = machines.holder()
        line = [line for line in machines.log(new).splitlines() if "holds it" in line][-1]
        say(f"{new} holds it after {taken[-1]:.2f} s")
        print(f"              {line}")
        (machines.folder / f"{lost}.log").unlink()
        machines.start(lost, "jobs")
    return taken


def main(arguments: Sequence[str] | None = None) -> None:
    """Needs PostgreSQL and redis-server."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    options = parser.parse_args(arguments)
    url = create_postgres_database("chengxin_takeover").render_as_string(hide_password=False)
    database = Database(url, VAULT)
    upgrade_database(database)
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        redis, wechat = held.enter_context(run_redis(folder)), held.enter_context(run_fake_wechat())
        machines = Machines(database, redis, wechat, folder)
        held.callback(machines.close)
        taken = sorted(film(machines, options.kills))
    print(f"{len(taken)} take-overs: median {taken[len(taken) // 2]:.2f} s, longest {taken[-1]:.2f} s")
    database.close()


if __name__ == "__main__":
    main()
