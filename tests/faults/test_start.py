"""The demonstration as a newcomer starts it: it answers, stops wholly, starts again with its data."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def start_demo(folder: Path, port: int, simulator_port: int) -> Iterator["subprocess.Popen[str]"]:
    """`chengxin demo`, until it has printed how to stop it."""
    command = ["-u", "-m", "cli", "demo", f"--port={port}", f"--simulator-port={simulator_port}", f"--folder={folder}"]
    demo = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield demo
    finally:
        demo.kill()
        demo.wait()
        for process in children_with(str(folder)):
            os.kill(process, signal.SIGKILL)


def read_until(demo: "subprocess.Popen[str]", words: str) -> str:
    said = ""
    assert demo.stdout is not None
    deadline = time.monotonic() + PATIENCE
    for line in demo.stdout:
        said += line
        if words in line or time.monotonic() > deadline:
            break
    return said


def children_with(mark: str) -> list[int]:
    """Processes whose environment holds `mark`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def chat(simulator: str, text: str) -> str:
    user = requests.get(f"{simulator}/simulate/users", timeout=10).json()["users"][0]["openid"]
    requests.post(f"{simulator}/simulate/users/{user}/follow", timeout=30)
    message = {"user": user, "type": "text", "content": text}
    sent = requests.post(f"{simulator}/simulate/send", json=message, timeout=60).json()
    return str(sent["delivery"]["reply"])


@pytest.mark.slow
def test_start_use_stop_and_start_again(tmp_path: Path) -> None:
    port, simulator_port = free_port(), free_port()
    folder = tmp_path / "demo"
    for start in ("first", "second"):
        with start_demo(folder, port, simulator_port) as demo:
            said = read_until(demo, "Ctrl-C")
            assert len(re.findall(r"http://127\.0\.0\.1:\d+/", said)) == 4, said
            assert "3000" in said
            assert requests.get(f"http://127.0.0.1:{port}/readyz", timeout=10).ok
            assert "查企业信用" in requests.get(f"http://127.0.0.1:{port}/", timeout=10).text
            assert "存续" in chat(f"http://127.0.0.1:{simulator_port}", "湖南稻花屿食品有限公司"), start
            began = time.monotonic()
            demo.send_signal(signal.SIGINT)
            assert demo.wait(20) == 0
            assert time.monotonic() - began < 15
        assert is_free(port)
        assert is_free(simulator_port)
        assert children_with(str(folder)) == []
