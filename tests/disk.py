"""A disk that is full, and what lies on it, read by a program of its own."""

import resource
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As a full disk: writing stops in the middle, at this byte of whatever file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def read_files(paths: Iterable[Path]) -> bytes:
    """The content of all these files, one after the other.

    Never by opening them here: closing a file of an SQLite database lets go of all locks that this process has on
    it (sqlite.org/howtocorrupt.html §2.2). The next other process to end then takes the journal away under us, and
    each side goes on with a register of its own.
    """
    names = [str(path) for path in paths if path.is_file()]
    return subprocess.run(["cat", "--", *names], check=True, capture_output=True).stdout if names else b""


def read_folder(folder: Path) -> bytes:
    """Everything below a folder: the database with its journal, the index, the spool."""
    return read_files(sorted(folder.rglob("*")))
