"""100,000 subscription notices against the simulator's rates: `python -m benchmarks.fanout`; prints what it took."""

import argparse
import logging
import multiprocessing
import resource
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from sqlalchemy import func, insert, select
from werkzeug.serving import make_server

from bot.gateway import Gateway
from config.sending import SendingRules, load_sending_rules
from jobs.fan_out import FanOut
from models.campaign_delivery import CampaignDelivery
from models.campaign_send import CampaignSend
from models.database import Database
from models.follower import Follower
from models.follower_choice import NoticeGrant, NoticeTemplate
from models.migration import upgrade_database
from models.send_words import SendChannel, SendState, Topic
from models.staff import StaffAccount
from models.vault import Vault
from services.campaigns.progress import measure
from services.followers import OPENID
from simulator.app import create_simulator
from simulator.cli import QuietHandler
from simulator.config import Config
from simulator.state import Grant, User
from tests.citizen import make_settings

READERS = 100_000
PER_SECOND = 190.0  # the simulator takes 12,000 a minute
AT_ONCE = 20
TEMPLATE = "fanout-template"
CONTENT = "关注对象：{{thing1.DATA}}\n变动内容：{{thing2.DATA}}\n变动时间：{{time3.DATA}}"
SETTINGS = make_settings(data_dir=Path("unused"))
EVERY_ROWS = 5_000


def openid_of(number: int) -> str:
    """Invented."""
    return f"o{number:027}"


def play_wechat(port: int, count: int) -> None:
    """WeChat in a process of its own, with so many followers who agreed; its events find nobody at home."""
    logging.disable(logging.CRITICAL)
    config = Config(
        app_id=SETTINGS.wechat_app_id,
        app_secret=SETTINGS.wechat_app_secret,
        token=SETTINGS.wechat_token,
        aes_key=SETTINGS.wechat_aes_key,
        webhook="http://127.0.0.1:9/wechat",
        tries=1,
        event_delay=0.0,
    )
    app = create_simulator(config)
    world = app.extensions["simulator"]
    world.add_template("long", "关注事项变动提醒", CONTENT, TEMPLATE)
    for number in range(count):
        user = User(openid=openid_of(number), name=str(number), followed=True, grants={TEMPLATE: Grant(accepted=1)})
        world.state.users[user.openid] = user
    make_server("127.0.0.1", port, app, threaded=True, request_handler=QuietHandler).serve_forever()


def fill(database: Database, count: int, now: datetime) -> int:
    """Followers with their agreement, and a send that has begun; its id."""
    vault = database.vault
    with database.write() as session:
        for start in range(0, count, EVERY_ROWS):
            openids = [openid_of(number) for number in range(start, min(start + EVERY_ROWS, count))]
            rows = [
                {
                    "openid_index": vault.index(openid, OPENID),
                    "openid_sealed": vault.seal(openid, OPENID),
                    "subscribed": True,
                    "seen_at": now,
                }
                for openid in openids
            ]
            session.execute(insert(Follower), rows)
        ids = session.scalars(select(Follower.id)).all()
        grants = [
            {"follower_id": one, "template_id": TEMPLATE, "left_count": 1, "is_refused": False, "changed_at": now}
            for one in ids
        ]
        session.execute(insert(NoticeGrant), grants)
        session.add(NoticeTemplate(template_id=TEMPLATE, title="提醒", content=CONTENT, is_lasting=True, seen_at=now))
        clerk = StaffAccount(login="bench", name="测量", password_hash="-", created_at=now)  # noqa: S106 - nobody signs in
        session.add(clerk)
        session.flush()
        send = CampaignSend(
            title="家电以旧换新消费提示",
            channel=SendChannel.SUBSCRIPTION,
            topic=Topic.TIPS,
            template_id=TEMPLATE,
            due_at=now,
            state=SendState.SENDING,
            asked_at=now,
            made_by=clerk.id,
            made_at=now,
            client_msg_id="bench",
        )
        session.add(send)
        session.flush()
        return send.id


def day_clock() -> datetime:
    """The real seconds on a working morning: no quiet hours while it measures."""
    return datetime(2026, 11, 2, 2, 0, tzinfo=UTC) + timedelta(seconds=time.monotonic() % 36_000)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    """Until the simulator answers."""
    for _ in range(600):
        try:
            if requests.get(f"{address}/healthz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise SystemExit("the simulator does not answer")


def run(folder: Path, address: str, count: int, rules: SendingRules) -> None:
    """Fill, send until all are done, print."""
    settings = SETTINGS.model_copy(update={"data_dir": folder, "wechat_api_url": address})
    database = Database(settings.database, Vault(settings.secret_key))
    upgrade_database(database)
    send_id = fill(database, count, day_clock())
    senders = [FanOut(database, Gateway(settings, database, day_clock), rules, day_clock, address) for _ in range(2)]
    began = time.monotonic()
    while senders[0].spread():
        pass
    spread = time.monotonic() - began
    print(f"{count} rows written in {spread:.1f} s", flush=True)
    began = time.monotonic()
    threads = [threading.Thread(target=send_until_done, args=(one, send_id)) for one in senders]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(20)
        tell(database, send_id, began)
    tell(database, send_id, began)
    with database.read() as session:
        sent = session.scalar(select(func.count()).where(CampaignDelivery.remote_id.is_not(None)))
        distinct = session.scalar(select(func.count(func.distinct(CampaignDelivery.follower_id))))
    got = requests.get(f"{address}/simulate/counters", timeout=30).json()
    shown = {name: number for name, number in got.get("counters", got).items() if name == "subscription_messages"}
    print(f"rows {distinct}, with WeChat's number {sent}, at WeChat {shown}")
    print(f"CPU of the senders {resource.getrusage(resource.RUSAGE_SELF).ru_utime:.0f} s user")
    database.close()


def send_until_done(sender: FanOut, send_id: int) -> None:
    """As the timetable does, step after step."""
    while True:
        sender.step()
        with sender.database.read() as session:
            if session.get_one(CampaignSend, send_id).state is not SendState.SENDING:
                return


def tell(database: Database, send_id: int, began: float) -> None:
    """One line of progress, as the console shows it."""
    with database.read() as session:
        progress = measure(session, session.get_one(CampaignSend, send_id), day_clock())
    counts = ", ".join(f"{state} {number}" for state, number in sorted(progress.counts.items()))
    passed = time.monotonic() - began
    rates = f"{progress.per_second:5.0f}/s now, {progress.done / passed:5.0f}/s in all"
    print(f"{passed:6.0f} s  {progress.percent:3d}%  {rates}  {counts}", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--per-second", type=float, default=PER_SECOND)
    options = parser.parse_args(arguments)
    rules = load_sending_rules().model_copy(update={"per_second": options.per_second, "at_once": AT_ONCE})
    port = free_port()
    wechat = multiprocessing.get_context("spawn").Process(target=play_wechat, args=(port, options.readers), daemon=True)
    wechat.start()
    address = f"http://127.0.0.1:{port}"
    wait_for(address)
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), address, options.readers, rules)
    wechat.terminate()


if __name__ == "__main__":
    main()
