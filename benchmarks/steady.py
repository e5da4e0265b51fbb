"""A hundred thousand messages at full speed, many delivered again: nothing lost, doubled or late, memory flat."""

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.load import make_base, prepare
from benchmarks.scores import tell
from benchmarks.servers import run_ours
from benchmarks.traffic import seal_request, send_all
from bot.crypto import Envelope
from config.settings import Settings
from models.case import Case
from models.enterprise import Enterprise
from models.received import Received
from wsgi import open_database

COMPLAINT = (
    *("投诉", "1", "长沙云朵岸洗衣服务有限公司", "上个月在它门店充了2000块钱卡，现在关门了，想退钱"),
    *("李芳 {phone}", "提交"),
)
TOGETHER = 400  # citizens who write in turn; each says all of a life and never comes again
DELAY = TOGETHER // 2  # messages between a delivery and the next of the same
STRETCHES = 10
LATEST = 4_000  # ms; WeChat hangs up after five seconds
MOST_GROWTH = 16  # MB from half of the way to the end: before, each thread files its first complaint


def live(names: Sequence[str], number: int) -> tuple[str, ...]:
    """What a citizen says: asks, complains once, looks how it goes."""
    asked = names[number % len(names)]
    complaint = (step.format(phone=13_900_000_000 + number) for step in COMPLAINT)
    return ("帮助", asked, asked[:3] + asked[4:], *complaint, "进度", "你们几点上班", "谢谢")


def say_all(names: Sequence[str], citizens: int) -> Iterator[tuple[str, str]]:
    """Who (openid) and what; so many citizens at a time, one step after the other."""
    for first in range(0, citizens, TOGETHER):
        group = range(first, min(citizens, first + TOGETHER))
        lives = [live(names, number) for number in group]
        yield from (
            (f"oSteady{number:021d}", text)
            for step in zip(*lives, strict=True)
            for number, text in zip(group, step, strict=True)
        )


def deliver(requests: Sequence[bytes]) -> Iterator[bytes]:
    """One in twenty twice at once, one in ten again a little later, as WeChat does."""
    for number in range(len(requests) + DELAY):
        if number < len(requests):
            yield requests[number]
            if number % 20 == 7:
                yield requests[number]
        if number >= DELAY and number % 10 == 3:
            yield requests[number - DELAY]


def count(settings: Settings, table: type) -> int:
    """Rows."""
    database = open_database(settings)
    with database.read() as session:
        found = session.scalar(select(func.count()).select_from(table)) or 0
    database.close()
    return found


def run(settings: Settings, workers: int, many: int) -> bool:
    """Print a line for each stretch, then the reckoning; whether it agrees."""
    database = open_database(settings)
    with database.read() as session:
        names = list(session.scalars(select(Enterprise.name).order_by(Enterprise.id).limit(2000).offset(500)))
    database.close()
    names = [name for name in names if len(name) > 8]
    envelope = Envelope(settings.wechat_token, settings.wechat_app_id, settings.aes_keys)
    citizens = many // len(live(names, 0))
    messages = citizens * len(live(names, 0))
    before = count(settings, Case), count(settings, Received)
    said, sizes, latencies, wrong = say_all(names, citizens), list[float](), list[float](), 0
    waiting = deliver_in_time(envelope, said, messages)
    with run_ours(settings, workers) as server:
        print("  messages     rate   p50 ms   p99 ms   max ms   wrong   memory MB")
        while stretch := list(islice(waiting, messages // STRETCHES)):
            measured = send_all(server.port, stretch)
            latencies += measured.latencies
            wrong += measured.wrong
            sizes.append(server.memory_mb())
            line = (measured.rate, *map(measured.percentile, (0.5, 0.99)), max(measured.latencies))
            print(f"{len(latencies):>10}" + "".join(f"{value:>9.1f}" for value in line), end="")
            print(f"{measured.wrong:>8}{sizes[-1]:>12.0f}", flush=True)
    cases, received = count(settings, Case) - before[0], count(settings, Received) - before[1]
    late, growth = sum(one > LATEST for one in latencies), sizes[-1] - sizes[len(sizes) // 2]
    print(
        f"{messages} messages in {len(latencies)} deliveries; stored {received}; not answered {wrong}; over 4 s: {late}"
    )
    print(f"{citizens} complaints filed; found {cases}")
    agrees = (cases, received, wrong, late) == (citizens, messages, 0, 0)
    print(f"nothing lost, doubled or late: {tell(agrees)}")
    print(f"{growth:+.1f} MB from half of the way to the end, wanted ≤ {MOST_GROWTH}, {tell(growth <= MOST_GROWTH)}")
    return agrees


def deliver_in_time(envelope: Envelope, said: Iterator[tuple[str, str]], messages: int) -> Iterator[bytes]:
    """Sealed a stretch at a time, so that no message is stale when it is sent."""
    each = messages // STRETCHES
    parts = ([seal_request(envelope, *one) for one in islice(said, each)] for _ in range(STRETCHES + 1))
    return chain.from_iterable(deliver(part) for part in parts if part)


def main(arguments: Sequence[str] | None = None) -> None:
    """On SQLite, or on PostgreSQL with two processes; exits with 1 where the books do not agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=100_000, help="messages")
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL and two web processes")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        url, workers = (make_base(), 2) if options.postgres else ("", 1)
        with prepare(Path(place), url, None) as settings:
            agrees = run(settings, workers, options.many)
    print(f"{time.monotonic() - began:.0f} s")
    raise SystemExit(0 if agrees else 1)


if __name__ == "__main__":
    main()
