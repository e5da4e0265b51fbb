"""The files of the name index: written whole or not at all, checked when opened, shared by all processes."""

import fcntl
import json
import logging
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from services.enterprises.shard import Shard

FORMAT = 2  # raised when shards are cut otherwise: older files are then made anew
LABEL = "label.json"
CHECKED_BYTES = 1 << 20
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Label:
    """What a stored base is: its format, revision, a witness of its register, and a checksum of each file."""

    revision: int
    witness: str
    format: int
    checksums: dict[str, int]


def checksum(path: Path) -> int:
    """CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while part := file.read(CHECKED_BYTES):
            value = zlib.crc32(part, value)
    return value


class Shelf:
    """A folder with one sub-folder for each stored base, named by its revision."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def newest(self) -> Label | None:
        """The label of the newest base, or None."""
        labels = [label for path in self.folder.glob(f"*/{LABEL}") if (label := self.read_label(path))]
        return max(labels, key=lambda label: label.revision, default=None)

    @staticmethod
    def read_label(path: Path) -> Label | None:
        """A label, or None where it cannot be read or is of another format."""
        try:
            label = Label(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return label if label.format == FORMAT else None

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let one process at a time make a base; the others wait and then find it made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "making").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def store(self, shard: Shard, revision: int, witness: str) -> Label:
        """Write a base beside the others, give it its name when it is complete, remove the older ones."""
        making = self.folder / "unfinished"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        for name, array in shard.arrays().items():
            np.save(making / f"{name}.npy", array)
        checksums = {path.name: checksum(path) for path in sorted(making.glob("*.npy"))}
        label = Label(revision, witness, FORMAT, checksums)
        (making / LABEL).write_text(json.dumps(asdict(label)), encoding="utf-8")
        target = self.folder / str(revision)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(making, target)
        for other in self.folder.iterdir():
            if other.is_dir() and other != target:
                shutil.rmtree(other, ignore_errors=True)
        return label

    def open(self, label: Label) -> Shard | None:
        """A base mapped into memory, or None where a file is lost or damaged."""
        place = self.folder / str(label.revision)
        try:
            if any(checksum(place / name) != value for name, value in label.checksums.items()):
                return None
            arrays = {Path(name).stem: np.load(place / name, mmap_mode="r") for name in label.checksums}
            return Shard.restore(arrays)
        except (OSError, ValueError, KeyError):
            return None
