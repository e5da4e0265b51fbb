"""Servers under load: ours as `chengxin serve` starts it, and peers; their CPU time and memory from /proc."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings

HOST = "127.0.0.1"
TICK = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Server:
    """A process with its children."""

    pid: int
    port: int

    def family(self) -> list[int]:
        """It and all below it."""
        found: list[int] = [self.pid]
        parents: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(words[1]), []).append(int(stat.parent.name))
        for pid in found:
            found += parents.get(pid, [])
        return found

    def cpu_seconds(self) -> float:
        """User and system time so far."""
        total = 0
        for pid in self.family():
            words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(words[11]) + int(words[12])
        return total / TICK

    def memory_mb(self) -> float:
        """Proportional share: what is mapped by several counts once."""
        lines = [
            line
            for pid in self.family()
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            if line.startswith("Pss:")
        ]
        return sum(int(line.split()[1]) for line in lines) / 1024


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def run_ours(settings: Settings, workers: int = 1) -> Iterator[Server]:
    """`chengxin serve` by these settings."""
    variables = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    command = [sys.executable, "-m", "cli", "serve", "--workers", str(workers)]
    with run(command, settings.port, variables) as server:
        yield server


@contextmanager
def run_peer(port: int, variables: dict[str, str]) -> Iterator[Server]:
    """Flask and wechatpy as their documents show, on the same server program."""
    with run([sys.executable, "-m", "benchmarks.peer_server", str(port)], port, variables) as server:
        yield server


@contextmanager
def run(command: list[str], port: int, variables: dict[str, str]) -> Iterator[Server]:
    """A process group until the block ends; waits for its port."""
    environment = os.environ | variables
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, start_new_session=True)
    try:
        wait_for(port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def wait_for(port: int) -> None:
    """Until somebody listens, two minutes at most."""
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start")
