"""Files that survive a power cut: whole under their names, or not there at all."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

NEW = ".new"  # the end of what is not whole yet


def write_durably(path: Path, pieces: Iterable[bytes], at: float | None = None) -> None:
    """Readable by this user only, whole under its name and on disk when it returns; the folder is synced apart.

    `at`: the time that the file shall bear, in seconds since 1970; None: now.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}{NEW}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)
            file.flush()
            if at is not None:
                os.utime(file.fileno(), (at, at))
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the renaming itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
