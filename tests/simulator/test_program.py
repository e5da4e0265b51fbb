"""Starting it: options, mistakes in one line, stopping, and the state that survives."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from simulator.cli import main, read_config
from simulator.config import ConfigError, Mode
from tests.simulator.practice import CONFIG

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "SIMULATOR_APP_ID": CONFIG.app_id,
    "SIMULATOR_APP_SECRET": CONFIG.app_secret,
    "SIMULATOR_TOKEN": CONFIG.token,
    "SIMULATOR_AES_KEY": CONFIG.aes_key,
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("environment")
def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMULATOR_MODE", "plain")
    monkeypatch.setenv("SIMULATOR_PORT", "9001")
    assert read_config([]).mode is Mode.PLAIN
    config = read_config(["--mode", "safe", "--port", "9002"])
    assert (config.mode, config.port) == (Mode.SAFE, 9002)


MISTAKES = [
    ("SIMULATOR_APP_ID", "", "SIMULATOR_APP_ID"),
    ("SIMULATOR_AES_KEY", "short", "43"),
    ("SIMULATOR_TOKEN", "no spaces", "SIMULATOR_TOKEN"),
    ("SIMULATOR_MODE", "secret", "SIMULATOR_MODE"),
    ("SIMULATOR_WEBHOOK", "ftp://x", "SIMULATOR_WEBHOOK"),
    ("SIMULATOR_TRIES", "5", "tries"),
]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("name", "value", "words"), MISTAKES)
def test_mistakes_are_named(name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=words):
        read_config([])


@pytest.mark.usefixtures("environment")
def test_a_taken_port_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--port", str(taken.getsockname()[1])]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Traceback" not in error


@pytest.mark.usefixtures("environment")
def test_a_foreign_state_file_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"users": 3}')
    assert main(["--port", "0", "--state", str(path)]) == 1
    assert path.read_text() == '{"users": 3}'


def start(port: int, state: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", str(port), "--state", str(state)],
        cwd=ROOT,
        env=os.environ | ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(100):
        try:
            if requests.get(f"http://127.0.0.1:{port}/healthz", timeout=1).text == "ok":
                return process
        except requests.ConnectionError:
            time.sleep(0.05)
    raise AssertionError("the simulator did not start")


def test_it_starts_stops_at_once_and_remembers(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    state = tmp_path / "state.json"
    names = []
    for number in (signal.SIGTERM, signal.SIGINT):
        process = start(port, state)
        base = f"http://127.0.0.1:{port}/simulate"
        requests.post(f"{base}/users", json={"name": f"第{len(names)}人"}, timeout=5)
        names = [user["name"] for user in requests.get(f"{base}/users", timeout=5).json()["users"]]
        process.send_signal(number)
        assert process.wait(3) == 0
    assert names == ["王奶奶", "李师傅", "陈女士", "第0人", "第4人"]
    assert CONFIG.app_secret not in state.read_text()
    assert state.stat().st_mode & 0o077 == 0
