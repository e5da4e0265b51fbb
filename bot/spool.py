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
from services.durable import sync_folder, write_durably

FIELD = "spool.delivery"
CITIZEN = "spool.citizen"
QUARANTINE = "unreadable"
SUFFIX = ".msg"
TRIES = 100


@dataclass(frozen=True)
class Delivery:
    """One POST of WeChat's as it arrived."""

    query: dict[str, str]
    body: bytes
    arrived_at: datetime
    # WeChat was told `success` without an answer, so the citizen still waits for one.
    is_acknowledged: bool = False


class Spool:
    """A folder with one encrypted file per message; where the order counts, in a folder of each citizen.

    Those are there only while they keep something: whether anybody waits at all is asked of every message.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder, self.vault = folder, vault
        self.name = str(folder)

    def path(self, key: bytes, openid: str = "") -> Path:
        """The file of a message's key, in the folder of its writer where one is named."""
        return self.folders(openid)[0] / f"{key.hex()}{SUFFIX}"

    def folders(self, openid: str) -> list[Path]:
        """Of a citizen, known by the newest key first; the spool's own comes last."""
        indexes = self.vault.indexes(openid, CITIZEN) if openid else []
        return [*(self.folder / index.hex()[:32] for index in indexes), self.folder]

    def keep(self, key: bytes, delivery: Delivery, openid: str = "") -> None:
        """Store so that it survives a power cut; OSError when the disk does not take it."""
        if any((folder / f"{key.hex()}{SUFFIX}").exists() for folder in self.folders(openid)):
            return  # an earlier delivery of the same message, with its place in the line
        path, sealed = self.path(key, openid), self.vault.seal(pack(delivery, openid), FIELD)
        for _ in range(TRIES):
            try:
                make_folder(path.parent)
                place_durably(path, sealed, delivery.arrived_at.timestamp() if openid else None)
            except FileNotFoundError:
                continue  # a folder was empty and taken away meanwhile
            return
        raise OSError(f"{self.folder} does not stay")

    def remove(self, key: bytes, openid: str = "") -> None:
        """The message is handled and committed; a file that stays is replayed without effect."""
        for folder in self.folders(openid):
            self.clear(folder / f"{key.hex()}{SUFFIX}")

    def clear(self, path: Path) -> None:
        """Away with a file, and with a citizen's folder that is empty now."""
        with contextlib.suppress(OSError):
            path.unlink()
        if path.parent != self.folder:
            with contextlib.suppress(OSError):
                path.parent.rmdir()
                self.folder.rmdir()

    def before(self, openid: str, key: bytes) -> list[Path]:
        """What this citizen sent before this message and still waits, in the order of its arrival."""
        if not os.access(self.name, os.F_OK):
            return []
        paths = [path for _, path in sorted(entry for folder in self.folders(openid)[:-1] for entry in times(folder))]
        names = [path.name for path in paths]
        own = f"{key.hex()}{SUFFIX}"
        return paths[: names.index(own)] if own in names else paths

    def waiting(self, older_than_seconds: float = 0.0) -> Iterator[tuple[Path, Delivery]]:
        """What is kept, oldest first; a file that does not open is put aside."""
        limit = time.time() - older_than_seconds
        for at, path in sorted(self.times()):
            if at > limit:
                return
            if delivery := self.read(path):
                yield path, delivery

    def read(self, path: Path) -> Delivery | None:
        """What is kept there; None where it was handled meanwhile, or does not open and is put aside."""
        try:
            return unpack(self.vault.open(path.read_bytes(), FIELD))
        except FileNotFoundError:
            return None
        except (VaultError, ValueError, KeyError):
            self.put_aside(path)
            return None

    def put_aside(self, path: Path) -> None:
        """Out of the line, for a person to look at."""
        aside = self.folder / QUARANTINE
        aside.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            path.replace(aside / path.name)

    def reseal(self) -> int:
        """Seal everything by the newest key; how many. Cut short, it is started again: both keys open all of it."""
        count = 0
        for at, path in sorted(self.times()):
            if not self.read(path):
                continue
            text = self.vault.open(path.read_bytes(), FIELD)
            target = self.folders(json.loads(text).get("openid", ""))[0] / path.name
            make_folder(target.parent)
            place_durably(target, self.vault.seal(text, FIELD), at)
            if target != path:
                self.clear(path)
            count += 1
        return count

    def times(self) -> Iterator[tuple[float, Path]]:
        """When each message arrived."""
        yield from times(self.folder)
        for name in names_in(self.folder):
            if "." not in name and name != QUARANTINE:
                yield from times(self.folder / name)


def times(folder: Path) -> Iterator[tuple[float, Path]]:
    """When each message of one folder arrived."""
    for path in (folder / name for name in names_in(folder) if name.endswith(SUFFIX)):
        with contextlib.suppress(FileNotFoundError):
            yield path.stat().st_mtime, path


def names_in(folder: Path) -> list[str]:
    """What it holds; nothing where it is gone."""
    try:
        return os.listdir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []


def pack(delivery: Delivery, openid: str) -> str:
    """As JSON, with whose folder it is in."""
    body = base64.b64encode(delivery.body).decode()
    values = {"query": delivery.query, "body": body, "is_acknowledged": delivery.is_acknowledged, "openid": openid}
    return json.dumps(values | {"arrived_at": delivery.arrived_at.isoformat()})


def unpack(text: str) -> Delivery:
    """From JSON; ValueError or KeyError when it is not ours."""
    values = json.loads(text)
    arrived_at = datetime.fromisoformat(values["arrived_at"])
    body = base64.b64decode(values["body"])
    return Delivery(values["query"], body, arrived_at, values["is_acknowledged"])


def make_folder(folder: Path) -> None:
    """With all above it, durably."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True, mode=0o700)
        sync_folder(folder.parent)


def place_durably(path: Path, content: bytes, at: float | None) -> None:
    """On disk when it returns, its name too; of this time where one is given."""
    write_durably(path, [content], at)
    with contextlib.suppress(FileNotFoundError):  # handled already
        sync_folder(path.parent)
