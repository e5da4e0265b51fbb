"""A PostgreSQL cluster of the test's own, which can be stopped in the middle of things."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.faults.line import HOST
from tests.faults.test_start import free_port

USER = "postgres"


def find_program(name: str) -> str:
    """pg_ctl or initdb: on the path, or where Debian puts them."""
    places = [shutil.which(name), *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)]
    found = next(filter(None, places), None)
    if found is None:
        message = f"NO {name}: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return str(Path(found).resolve())


class Cluster:
    """Made, started and stopped by this user, or by postgres where this user is root, whom initdb refuses."""

    def __init__(self) -> None:
        self.user = USER if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="chengxin_cluster_"))
        self.port = free_port()
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        self.run(find_program("initdb"), *options, "-D", str(self.folder / "data"))
        self.start()

    def run(self, *command: str) -> None:
        """As the cluster's user; its server keeps no descriptor of ours."""
        subprocess.run(
            command,
            check=True,
            cwd=self.folder,
            user=self.user,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def control(self, act: str, *more: str) -> None:
        """pg_ctl, which waits until it is done."""
        self.run(find_program("pg_ctl"), act, "-w", "-t", "120", "-D", str(self.folder / "data"), *more)

    def start(self) -> None:
        settings = f"-p {self.port} -c listen_addresses={HOST} -c unix_socket_directories="
        self.control("start", "-l", str(self.folder / "log"), "-o", settings)

    def crash(self) -> None:
        """As after a power cut: it recovers from its log when it is started."""
        self.control("stop", "-m", "immediate")

    def close(self) -> None:
        """Stopped, and nothing left of it."""
        self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, port: int | None = None) -> str:
        """Over another port: through a line that a test can cut."""
        return f"postgresql+psycopg://{USER}@{HOST}:{port or self.port}/postgres"
