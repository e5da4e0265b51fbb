"""Deliveries that could not be handled now, kept on disk until they can: nothing acknowledged is lost."""

import base64
import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.vault import Vault, VaultError

FIELD = "spool.delivery"
QUARANTINE = "unreadable"


@dataclass(frozen=True)
class Delivery:
    """One POST of WeChat's as it arrived."""

    query: dict[str, str]
    body: bytes
    arrived_at: datetime
    # WeChat was told `success` without an answer, so the citizen still waits for one.
    is_acknowledged: bool = False


class Spool:
    """A folder with one encrypted file per message."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder = folder
        self.vault = vault

    def path(self, key: bytes) -> Path:
        """The file of a message's key."""
        return self.folder / f"{key.hex()}.msg"

    def keep(self, key: bytes, delivery: Delivery) -> None:
        """Store so that it survives a power cut; OSError when the disk does not take it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.path(key).exists():  # an earlier delivery of the same message, with its place in the line
            return
        fresh = self.folder / f"{key.hex()}.{os.getpid()}.{time.monotonic_ns()}.new"
        try:
            write_durably(fresh, self.vault.seal(pack(delivery), FIELD))
            fresh.replace(self.path(key))
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(self.folder)

    def remove(self, key: bytes) -> None:
        """The message is handled and committed; a file that stays is replayed without effect."""
        with contextlib.suppress(OSError):
            self.path(key).unlink()

    def waiting(self, older_than_seconds: float = 0.0) -> Iterator[tuple[Path, Delivery]]:
        """What is kept, oldest first; a file that does not open is put aside."""
        limit = time.time() - older_than_seconds
        for at, path in sorted(self.times()):
            if at > limit:
                return
            try:
                yield path, unpack(self.vault.open(path.read_bytes(), FIELD))
            except FileNotFoundError:
                continue  # handled meanwhile
            except (VaultError, ValueError, KeyError):
                self.put_aside(path)

    def put_aside(self, path: Path) -> None:
        """Out of the line, for a person to look at."""
        aside = self.folder / QUARANTINE
        aside.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            path.replace(aside / path.name)

    def times(self) -> Iterator[tuple[float, Path]]:
        """When each file was written."""
        for path in self.folder.glob("*.msg"):
            with contextlib.suppress(FileNotFoundError):
                yield path.stat().st_mtime, path


def pack(delivery: Delivery) -> str:
    """As JSON."""
    body = base64.b64encode(delivery.body).decode()
    values = {"query": delivery.query, "body": body, "is_acknowledged": delivery.is_acknowledged}
    return json.dumps(values | {"arrived_at": delivery.arrived_at.isoformat()})


def unpack(text: str) -> Delivery:
    """From JSON; ValueError or KeyError when it is not ours."""
    values = json.loads(text)
    arrived_at = datetime.fromisoformat(values["arrived_at"])
    body = base64.b64decode(values["body"])
    return Delivery(values["query"], body, arrived_at, values["is_acknowledged"])


def write_durably(path: Path, content: bytes) -> None:
    """Readable by this user only, on disk when it returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the renaming itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
