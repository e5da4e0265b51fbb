"""`chengxin demo`: the whole service with invented data and a simulated WeChat, one command, one place."""

import json
import os
import secrets
import signal
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import FrameType

import click
import requests

from bot.gateway import Gateway
from bot.menu import load_menu, push_menu
from cli.ports import check_port
from config.archive import load_archive_rules
from config.bureau import load_bureau
from config.cases import load_case_rules
from config.sending import load_sending_rules
from config.settings import Settings, load_settings
from models.migration import upgrade_database
from services.calendar.working_days import SHANGHAI
from services.calendar.years import seed_calendar
from services.campaigns.library import library_of
from services.demo.answers import load_demo_answers
from services.demo.archive import load_demo_archive
from services.demo.campaigns import load_demo_campaigns
from services.demo.cases import load_demo_cases
from services.demo.evidence import add_demo_evidence
from services.demo.imports import load_demo_imports
from services.demo.load import load_demo
from services.demo.questions import load_demo_questions
from services.demo.sends import load_demo_sends
from services.demo.staff import DemoAccount, add_demo_staff
from services.demo.taking_part import load_demo_taking_part
from services.enterprises.index import NameIndex
from services.errors import UserError
from services.photos.reader import can_read
from services.quiz.bank import seed_bank
from services.staff.words import ROLE_WORDS
from wsgi import open_database, open_evidence, read_clock

HOST = "127.0.0.1"
PRACTICE_NOTICE = "practice-notice-of-activities"  # 活动开始提醒 of the simulated account
START_SECONDS = 60
STOP_SECONDS = 8
# Ctrl-C (which a shell's background job has ignored), kill, and the closing of the terminal.
ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@click.command()
@click.option("--port", envvar="PORT", default=8000, type=click.IntRange(1, 65535), help="服务的端口（或 PORT）。")
@click.option(
    "--simulator-port",
    envvar="SIMULATOR_PORT",
    default=8001,
    type=click.IntRange(1, 65535),
    help="手机模拟器的端口（或 SIMULATOR_PORT）。",
)
@click.option(
    "--folder", default="var/demo", type=click.Path(path_type=Path, file_okay=False), help="演示数据的文件夹。"
)
def demo(port: int, simulator_port: int, folder: Path) -> None:
    """演示：虚构的企业数据、服务、后台任务和微信手机模拟器，一条命令全部启动。"""
    try:
        show(folder.resolve(), port, simulator_port)
    except KeyboardInterrupt:
        click.echo("\n已全部停止。")


def show(folder: Path, port: int, simulator_port: int) -> None:
    """Prepare, start, say where, and watch; ends by KeyboardInterrupt or a UserError."""
    for wanted in (port, simulator_port):
        check_port(HOST, wanted)
    environment = make_environment(folder, port, simulator_port)
    settings = load_settings(_env_file=None, **environment)
    listen(interrupt)
    people = prepare(settings)
    with run_all(environment, folder, port, simulator_port) as processes:
        push_menu(Gateway(settings, open_database(settings), read_clock), load_menu(settings.public_url))
        click.echo(
            "\n诚信通演示已就绪（数据均为虚构）：\n"
            f"  手机模拟器    http://{HOST}:{simulator_port}/\n"
            f"  市民首页      http://{HOST}:{port}/\n"
            f"  微信回调地址  http://{HOST}:{port}/wechat\n"
            f"  工作台        http://{HOST}:{port}/console/\n"
            f"  看照片        {'可以' if can_read() else '没有安装；make photos 之后重新启动即可'}\n"
            "按 Ctrl-C 全部停止。\n"
        )
        show_people(people)
        watch(processes)


def show_people(people: list[DemoAccount]) -> None:
    """The console's accounts, with the passwords of the demonstration."""
    click.echo("工作台的演示账号（只在演示中有；登录名、密码、岗位）：")
    for one in people:
        click.echo(f"  {one.login:<10} {one.password or '（已自行修改）'}  {ROLE_WORDS[one.role]}")
    click.echo()


def make_environment(folder: Path, port: int, simulator_port: int) -> dict[str, str]:
    """The demonstration's settings: nothing of a real installation's .env or database is touched."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        keys = read_keys(folder / "secrets.json")
    except OSError as trouble:
        raise UserError(f"不能写入文件夹 {folder}：{trouble.strerror}") from None
    except ValueError:
        raise UserError(f"{folder / 'secrets.json'} 已损坏，请删去文件夹 {folder} 后重新启动") from None
    return {
        "database_url": "",
        "data_dir": str(folder),
        "public_url": f"http://{HOST}:{port}",
        "host": HOST,
        "port": str(port),
        "wechat_mode": "safe",
        "wechat_api_url": f"http://{HOST}:{simulator_port}",
        "wechat_open_url": f"http://{HOST}:{simulator_port}",
        "wechat_js_url": f"http://{HOST}:{simulator_port}",
        "wechat_notice_template": PRACTICE_NOTICE,
        "wechat_freshness_seconds": "300",
        **keys,
    }


def read_keys(path: Path) -> dict[str, str]:
    """The demonstration's own secrets, made at the first start and kept for the next."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    letters = string.ascii_letters + string.digits
    made = {
        "secret_key": secrets.token_hex(32),
        "wechat_app_id": "wx" + secrets.token_hex(8),
        "wechat_app_secret": secrets.token_hex(16),
        "wechat_token": "".join(secrets.choice(letters) for _ in range(24)),
        "wechat_aes_key": "".join(secrets.choice(letters) for _ in range(42)) + "A",
    }
    unfinished = path.with_suffix(".new")  # renamed when whole: a power cut leaves no half file
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(made, file)
    unfinished.replace(path)
    return made


def prepare(settings: Settings) -> list[DemoAccount]:
    """Database, invented data, accounts of staff and name index; a second start finds them made."""
    database = open_database(settings)
    upgrade_database(database)
    with database.write() as session:
        seed_calendar(session, read_clock())
        seed_bank(session, read_clock())
    counts = load_demo(database, datetime.now(SHANGHAI).date())
    index = NameIndex(settings.data_dir / "index")
    with database.read() as session:
        index.make_ready(session)
    with database.write() as session:
        people = add_demo_staff(session, settings.secret_key, read_clock())
    with database.write() as session:
        load_demo_cases(session, load_case_rules(), read_clock())
        load_demo_archive(session, load_archive_rules(), read_clock())
        load_demo_campaigns(session, library_of(settings.data_dir), read_clock())
        load_demo_answers(session, read_clock())
        load_demo_questions(session, read_clock())
        load_demo_taking_part(session, read_clock())
        load_demo_sends(session, load_sending_rules(), read_clock())
        add_demo_evidence(session, open_evidence(settings), load_case_rules(), read_clock())
    load_demo_imports(database, settings.data_dir, read_clock())
    database.close()
    click.echo(f"演示数据：企业 {counts.enterprises} 家，信用记录 {counts.records} 条，名单条目 {counts.listings} 条")
    return people


@contextmanager
def run_all(
    environment: dict[str, str], folder: Path, port: int, simulator_port: int
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Start the three processes, wait until they answer, and stop them whatever happens."""
    ours = {key.upper(): value for key, value in environment.items()}
    theirs = {
        "SIMULATOR_APP_ID": environment["wechat_app_id"],
        "SIMULATOR_APP_SECRET": environment["wechat_app_secret"],
        "SIMULATOR_TOKEN": environment["wechat_token"],
        "SIMULATOR_AES_KEY": environment["wechat_aes_key"],
        "SIMULATOR_NOTICE_TEMPLATE": environment["wechat_notice_template"],
        "SIMULATOR_MODE": environment["wechat_mode"],
        "SIMULATOR_WEBHOOK": f"http://{HOST}:{port}/wechat",
        "SIMULATOR_HOST": HOST,
        "SIMULATOR_PORT": str(simulator_port),
        "SIMULATOR_ACCOUNT_NAME": load_bureau().account_name,
        "SIMULATOR_STATE": str(folder / "simulator.json"),
    }
    commands: dict[str, tuple[list[str], dict[str, str]]] = {
        "simulator": (["-m", "simulator"], theirs),
        "serve": (["-m", "cli", "serve"], ours),
        "jobs": (["-m", "cli", "jobs"], ours),
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        with hold_endings():
            for name, (arguments, variables) in commands.items():
                processes[name] = start(name, arguments, variables, folder)
        for address in (f"http://{HOST}:{simulator_port}/healthz", f"http://{HOST}:{port}/readyz"):
            wait_for(address, processes, folder)
        yield processes
    finally:
        stop(processes)


def listen(action: Callable[[int, FrameType | None], None] | signal.Handlers) -> None:
    """What each ending does from now on."""
    for number in ENDINGS:
        signal.signal(number, action)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Ends the demonstration, and is heard once: an impatient second Ctrl-C must leave nothing running."""
    listen(signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def hold_endings() -> Iterator[None]:
    """An ending that comes meanwhile is heard afterwards: between the start of a process and our knowing its number
    it would leave that process running."""
    came: list[int] = []
    listen(lambda number, _frame: came.append(number))
    yield
    listen(interrupt)
    if came:
        interrupt(came[0], None)


def start(name: str, arguments: list[str], variables: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """One process with its log; in a session of its own, so that Ctrl-C reaches it through us alone."""
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, *arguments],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_for(address: str, processes: dict[str, subprocess.Popen[bytes]], folder: Path) -> None:
    """Until an address answers; UserError with the log's last line if a process ends or it takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        complain(processes, folder)
        try:
            if requests.get(address, timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise UserError(f"{address} 在 {START_SECONDS} 秒内没有应答，日志在 {folder}")


def complain(processes: dict[str, subprocess.Popen[bytes]], folder: Path) -> None:
    """UserError if one of the processes has ended."""
    for name, process in processes.items():
        if process.poll() is not None:
            lines = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
            raise UserError(f"{name} 意外停止：{lines[-1] if lines else '没有输出'}（日志 {folder / name}.log）")


def watch(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Until Ctrl-C, or one process ends."""
    while all(process.poll() is None for process in processes.values()):
        time.sleep(0.5)
    ended = [name for name, process in processes.items() if process.poll() is not None]
    raise UserError(f"{'、'.join(ended)} 意外停止，请看日志")


def stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask all to end, then insist, also with the workers of a server that was killed: they share its session."""
    listen(signal.SIG_IGN)
    for process in processes.values():
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
