"""The folder of sealed files: each under a random name with a key of its own, never changed."""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.sealing import draw_key, open_stream, seal_stream
from models.vault import VaultError
from services.durable import NEW, sync_folder, write_durably
from services.evidence.trouble import EvidenceError, Trouble

ORIGINAL, VIEW = "original", "view"
SEEN = ".view"
RESERVE_BYTES = 512 << 20  # left to the database, which must never find the disk full
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Kept:
    """Where a file lies and what opens it."""

    name: str
    key: bytes


class EvidenceStore:
    """Files appear whole or not at all; what `keep` returned survives a power cut."""

    def __init__(self, folder: Path, reserve_bytes: int = RESERVE_BYTES) -> None:
        self.folder, self.reserve_bytes = folder, reserve_bytes
        self.uploads, self.aside = folder / "uploads", folder / "aside"

    def keep(self, content: bytes, view: bytes = b"") -> Kept:
        """Seal a file and its view; EvidenceError with nothing left behind when the disk does not take them."""
        self.require_room(len(content) + len(view))
        kept = Kept(secrets.token_hex(16), draw_key())
        try:
            with explain_full_disk():
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                if view:
                    write_durably(self.folder / f"{kept.name}{SEEN}", seal_stream([view], kept.key, VIEW))
                write_durably(self.folder / kept.name, seal_stream([content], kept.key, ORIGINAL))
                sync_folder(self.folder)
        except BaseException:
            self.remove(kept.name)
            raise
        return kept

    def read(self, kept: Kept, part: str = ORIGINAL) -> Iterator[bytes]:
        """The content in pieces; EvidenceError when it is missing or not as it was sealed."""
        path = self.folder / (kept.name if part == ORIGINAL else f"{kept.name}{SEEN}")
        try:
            with path.open("rb") as file:
                yield from open_stream(file, kept.key, part)
        except FileNotFoundError:
            raise EvidenceError(Trouble.MISSING) from None
        except VaultError:
            raise EvidenceError(Trouble.DAMAGED) from None

    def remove(self, name: str, folder: Path | None = None) -> None:
        """Delete a file and its view."""
        for path in (folder or self.folder).glob(f"{name}*"):
            path.unlink(missing_ok=True)

    def require_room(self, size: int) -> None:
        """EvidenceError when the disk would have too little left."""
        here = next(folder for folder in (self.folder, *self.folder.parents) if folder.exists())
        if shutil.disk_usage(here).free - size < self.reserve_bytes:
            raise EvidenceError(Trouble.DISK_FULL)

    def files(self, folder: Path | None = None) -> dict[str, float]:
        """The names that lie here and when the youngest file of each was written, seconds since 1970."""
        found: dict[str, float] = {}
        with contextlib.suppress(FileNotFoundError):
            for entry in os.scandir(folder or self.folder):
                if entry.is_file():
                    name = entry.name.split(".")[0]
                    found[name] = max(found.get(name, 0.0), entry.stat().st_mtime)
        return found

    def put_aside(self, name: str, now: datetime) -> None:
        """Out of the way since now; `bring_back` undoes it. Half-written files are of no use to anybody."""
        self.aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in self.folder.glob(f"{name}*"):
            if path.suffix == NEW:
                path.unlink(missing_ok=True)
            else:
                os.utime(path, (now.timestamp(), now.timestamp()))
                path.replace(self.aside / path.name)

    def bring_back(self, name: str) -> None:
        """A row names it after all."""
        for path in self.aside.glob(f"{name}*"):
            path.replace(self.folder / path.name)


@contextlib.contextmanager
def explain_full_disk() -> Iterator[None]:
    """A full disk in words for the citizen; other faults of the disk as they are."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise EvidenceError(Trouble.DISK_FULL) from None
        raise
