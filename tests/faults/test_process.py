"""The demonstration under impatience, a closed terminal and kill -9: whatever happens, nothing of it is left behind."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.demo import ENDINGS, hold_endings
from config.settings import Settings
from tests.citizen import Citizen, make_settings

ROOT = Path(__file__).parent.parent.parent
PROC = Path("/proc")
OURS = {name.upper() for name in Settings.model_fields}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (PROC / "self/environ").exists(), reason="the list of processes is read from /proc"),
]


class Demo:
    """One `chengxin demo` with its own ports."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ports = folder, free_ports(2)
        self.output = folder.parent / "output.txt"
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        ports = ["--port", str(self.ports[0]), "--simulator-port", str(self.ports[1])]
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli", "demo", *ports, "--folder", str(folder)],
                cwd=ROOT,
                env=clean,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def wait_until_ready(self) -> float:
        """Seconds until the addresses are printed."""
        began = time.monotonic()
        wait_until(lambda: "Ctrl-C" in self.said or self.process.poll() is not None, 60)
        assert "Ctrl-C" in self.said, self.said
        return time.monotonic() - began

    def children(self) -> dict[str, int]:
        """The processes it started itself, by their command."""
        names = {"simulator": b"simulator", "serve": b"serve", "jobs": b"jobs"}
        found = {pid: command_of(pid) for pid in family(self.folder) if parent_of(pid) == self.process.pid}
        return {name: pid for name, word in names.items() for pid, command in found.items() if word in command}

    def assert_gone(self) -> None:
        """No process of it lives and its ports are free, at once."""
        left = {pid: command_of(pid) for pid in family(self.folder)}
        assert not left
        for port in self.ports:
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", port)) != 0, port


def family(folder: Path) -> list[int]:
    """Living processes whose environment names the folder: the demonstration's children and theirs."""
    found = []
    for path in PROC.glob("[0-9]*/environ"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue  # ended meanwhile, or another user's
    return found


def command_of(pid: int) -> bytes:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def parent_of(pid: int) -> int:
    found = re.search(r"^PPid:\s+(\d+)", (PROC / str(pid) / "status").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def wait_until(is_done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        time.sleep(0.05)


def read_count(folder: Path, table: str) -> int:
    connection = sqlite3.connect(folder / "chengxin.db")
    try:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    finally:
        connection.close()
    return int(count)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all starts: the first fills it, the others find it."""
    return tmp_path_factory.mktemp("demonstration") / "demo"


@pytest.fixture
def demo(folder: Path) -> Iterator[Demo]:
    started = Demo(folder)
    yield started
    for pid in family(folder):
        os.kill(pid, signal.SIGKILL)
    started.process.kill()
    started.process.wait(10)


def test_an_impatient_second_ctrl_c_leaves_nothing_running(demo: Demo, folder: Path) -> None:
    demo.wait_until_ready()
    assert set(demo.children()) == {"simulator", "serve", "jobs"}
    assert (folder / "secrets.json").stat().st_mode & 0o077 == 0
    began = time.monotonic()
    demo.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(10) == 0
    assert time.monotonic() - began < 10
    demo.assert_gone()
    assert "Traceback" not in demo.said


def test_a_closed_terminal_ends_all_and_the_next_start_finds_the_data(demo: Demo, folder: Path) -> None:
    keys, firms = (folder / "secrets.json").read_text(), read_count(folder, "enterprises")
    demo.wait_until_ready()
    assert (folder / "secrets.json").read_text() == keys
    assert read_count(folder, "enterprises") == firms
    settings = make_settings(data_dir=folder, **json.loads(keys))
    assert "稻花屿" in Citizen(f"http://127.0.0.1:{demo.ports[0]}", settings).says("湖南稻花屿食品有限公司")
    assert read_count(folder, "received") == 1
    demo.process.send_signal(signal.SIGHUP)
    assert demo.process.wait(10) == 0
    demo.assert_gone()


@pytest.mark.parametrize("name", ["simulator", "serve"])  # jobs: test_demo.py
def test_a_killed_process_ends_all_with_one_clear_line(demo: Demo, name: str) -> None:
    demo.wait_until_ready()
    before = len(demo.said.splitlines())
    os.kill(demo.children()[name], signal.SIGKILL)
    assert demo.process.wait(15) == 1
    last = demo.said.splitlines()[before:]
    assert len(last) == 1, last
    assert last[0].startswith("错误：")
    assert name in last[0]
    demo.assert_gone()


def test_ctrl_c_while_it_starts_leaves_nothing(demo: Demo) -> None:
    wait_until(lambda: len(demo.children()) == 3, 30)
    demo.process.send_signal(signal.SIGINT)
    demo.process.wait(10)
    demo.assert_gone()
    assert "Traceback" not in demo.said


def test_an_ending_between_the_start_of_a_process_and_our_knowing_it_waits() -> None:
    before = {number: signal.getsignal(number) for number in ENDINGS}
    known: list[str] = []

    def start_one() -> None:
        with hold_endings():
            os.kill(os.getpid(), signal.SIGINT)
            known.append("simulator")

    try:
        with pytest.raises(KeyboardInterrupt):
            start_one()
    finally:
        for number, action in before.items():
            signal.signal(number, action)
    assert known == ["simulator"]


def test_secrets_that_cannot_be_read_are_said(folder: Path) -> None:
    kept = (folder / "secrets.json").read_text()
    (folder / "secrets.json").write_text(kept[:20])
    started = Demo(folder)
    assert started.process.wait(30) == 1
    (folder / "secrets.json").write_text(kept)
    assert len(started.said.splitlines()) == 1, started.said
    assert "secrets.json" in started.said
    started.assert_gone()
