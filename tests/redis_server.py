"""A Redis of the tests' own that is stopped, frozen and started for real."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.waiting import wait_for

NO_REDIS = "NO REDIS-SERVER: apt-get install redis-server"


def free_port() -> int:
    """Nobody listens on it now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class RedisServer:
    """One process on a port of its own; what it holds ends with it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(self.url)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers."""
        program = shutil.which("redis-server")
        assert program
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        wait_for(self.answers)

    def answers(self) -> bool:
        """It takes connections and is not loading."""
        with suppress(RedisError):
            return bool(self.client.ping())
        return False

    def kill(self) -> None:
        """As a crash does."""
        assert self.process
        self.process.kill()
        self.process.wait()
        self.process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It takes connections and says nothing."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)


@contextmanager
def run_redis(folder: Path) -> Iterator[RedisServer]:
    """A running server; skips (fails under CI) where there is no redis-server."""
    if shutil.which("redis-server") is None:
        if os.environ.get("CI"):
            pytest.fail(NO_REDIS)
        pytest.skip(NO_REDIS)
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        if server.process:
            server.kill()
