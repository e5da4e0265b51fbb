"""Load: requests a second and waiting times at a real server on loopback, beside a peer and the floor."""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import create_engine, select, text
from wechatpy.crypto import WeChatCrypto

from benchmarks.codec import MESSAGE, ours, theirs
from benchmarks.register import DATA, find_register, open_register
from benchmarks.servers import Server, free_port, run_ours, run_peer
from benchmarks.traffic import CITIZENS, Say, name_citizen, repeat, seal_requests, send_all
from bot.crypto import Envelope
from bot.xml import read_fields
from config.settings import Settings
from models.enterprise import Enterprise
from models.migration import upgrade_database
from services.demo.load import load_demo
from tests.citizen import make_settings
from wsgi import open_database

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
BASE = "chengxin_load"
COMPLAINT = (
    "投诉",
    "1",
    "湖南稻花屿食品有限公司",
    "买的点心三天就发霉，店里不退钱，要求退款",
    "王建国 13800138000",
    "取消",
)
"""A complaint but for its filing: each citizen goes through it again and again."""


def say_complaints(number: int) -> tuple[str, str]:
    """Each citizen one step after the other, their neighbour a step ahead: the steps differ in what they cost."""
    turn, citizen = divmod(number, CITIZENS)
    return name_citizen(number, "c"), COMPLAINT[(turn + citizen) % len(COMPLAINT)]


def measure(server: Server, envelope: Envelope, say: Say, many: int) -> list[str]:
    """Cells of a row: rate, CPU a message, waiting times at full speed and at 80 % of it."""
    send_all(server.port, seal_requests(envelope, say, CITIZENS))  # everybody is known, everything is read once
    requests = seal_requests(envelope, say, many)
    cpu = server.cpu_seconds()
    top = send_all(server.port, requests)
    spent = (server.cpu_seconds() - cpu) / many * 1e6
    paced = send_all(server.port, seal_requests(envelope, say, many), rate=top.rate * 0.8)
    return [
        f"{top.rate:,.0f}",
        f"{spent:,.0f}",
        f"{top.percentile(0.5):.1f}",
        f"{top.percentile(0.99):.1f}",
        f"{paced.percentile(0.5):.1f}",
        f"{paced.percentile(0.99):.1f}",
        str(top.wrong + paced.wrong),
        f"{server.memory_mb():.0f}",
    ]


def measure_floor(settings: Settings) -> tuple[float, float]:
    """CPU microseconds of decrypt, parse, reply, encrypt in one process: with wechatpy, and with our own codec."""
    keys = settings.wechat_token, settings.wechat_app_id, settings.aes_keys
    envelope, crypto = Envelope(*keys), WeChatCrypto(settings.wechat_token, settings.wechat_aes_key, keys[1])
    second = 1795226253
    sealed = envelope.seal(MESSAGE.encode(), second)
    encrypt = read_fields(sealed.render())["Encrypt"]
    body = f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()
    found = []
    for act, codec in ((theirs, crypto), (ours, envelope)):
        began = time.process_time()
        for _ in range(1000):
            signature = envelope.sign(str(second), "nonce", encrypt)
            act(codec, signature, body)
        found.append((time.process_time() - began) * 1000)
    return found[0], found[1]


@contextmanager
def prepare(folder: Path, url: str, registry: Path | None) -> Iterator[Settings]:
    """Settings of a server with data: the demonstration's, or on SQLite the register of two million."""
    settings = make_settings(
        data_dir=folder, database_url=url, port=(port := free_port()), public_url=f"http://127.0.0.1:{port}"
    )
    if registry is None:
        database = open_database(settings)
        upgrade_database(database)
        load_demo(database, date(2026, 11, 20))
        database.close()
    yield settings


def ask_names(settings: Settings) -> dict[str, Say]:
    """Questions for names: as registered, and with an error."""
    database = open_database(settings)
    with database.read() as session:
        names = list(session.scalars(select(Enterprise.name).order_by(Enterprise.id).limit(40_000).offset(500)))[::20]
    database.close()
    faulty = [name[:3] + name[4:] for name in names if len(name) > 8]
    return {"名称，一字不差": repeat(names, "n"), "名称，少一个字": repeat(faulty, "f")}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=4000, help="messages a row")
    parser.add_argument("--folder", type=Path, help="with the register of two million (benchmarks.names --folder)")
    options = parser.parse_args(arguments)
    print("| 服务 | 消息 | 次/秒 | CPU µs/条 | p50 ms | p99 ms | 八成速 p50 | 八成速 p99 | 不对 | 内存 MB |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        run_table(Path(place), options.many, options.folder)


def run_table(place: Path, many: int, folder: Path | None) -> None:
    """The floor, the peer, ours on SQLite and on PostgreSQL."""
    settings = make_settings()
    floor, own_floor = measure_floor(settings)
    print(f"| 下限：解密、答复、加密，一个进程，wechatpy | | {1e6 / floor:,.0f} | {floor:.0f} |")
    print(f"| 同上，本项目的编解码 | | {1e6 / own_floor:,.0f} | {own_floor:.0f} |")
    envelope = Envelope(settings.wechat_token, settings.wechat_app_id, settings.aes_keys)
    constant = repeat(["帮助"])
    port = free_port()
    keys = ("wechat_token", "wechat_aes_key", "wechat_app_id")
    with run_peer(port, {key.upper(): getattr(settings, key) for key in keys}) as server:
        print_row("Flask + wechatpy，什么也不存", "固定答复", measure(server, envelope, constant, many))
    for title, url, workers in (("SQLite，1 个进程", "", 1), ("PostgreSQL，2 个进程", make_base(), 2)):
        with prepare(place / title[:6], url, None) as ready, run_ours(ready, workers) as server:
            rows = {"固定答复": constant, "投诉的各步": say_complaints, **ask_names(ready)}
            for what, say in rows.items():
                print_row(title, what, measure(server, envelope, say, many))
    if folder is not None:
        measure_register(envelope, folder, many)


def measure_register(envelope: Envelope, folder: Path, many: int) -> None:
    """Questions of two million firms, on the kept register."""
    open_register(folder).close()
    with prepare(folder, f"sqlite:///{find_register(folder)}", DATA) as ready, run_ours(ready) as server:
        for what, say in ask_names(ready).items():
            print_row("SQLite，两百万家", what, measure(server, envelope, say, many))


def print_row(title: str, what: str, cells: list[str]) -> None:
    """At once: a run takes a minute."""
    print(f"| {title} | {what} | {' | '.join(cells)} |", flush=True)


def make_base() -> str:
    """An empty PostgreSQL database of our own."""
    engine = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{BASE}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{BASE}"'))
    return engine.url.set(database=BASE).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
