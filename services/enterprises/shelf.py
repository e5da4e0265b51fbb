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
from functools import lru_cache
from pathlib import Path

import numpy as np

from services.enterprises.features import Table
from services.enterprises.names import normal_forms
from services.enterprises.shard import Shard
from services.enterprises.sounds import load_sounds

FORMAT = 5  # raised when shards are made of other arrays: older files are then made anew
LABEL = "label.json"
CHECKED_BYTES = 1 << 20
log = logging.getLogger(__name__)

Marks = dict[str, tuple[int, int, int]]  # of each file its inode, size and time of change


@dataclass(frozen=True)
class Label:
    """What a stored base is; later bases have greater serials."""

    serial: int
    format: str
    revision: int  # of the register
    enterprise_count: int
    witness: str  # something of its register, to know another's
    checksums: dict[str, int]  # of each file


@dataclass(frozen=True)
class Base:
    """A stored base mapped into memory."""

    label: Label
    shard: Shard
    rarity: Table
    marks: Marks  # of the files that are mapped


State = tuple[Label | None, Marks]


@lru_cache(maxsize=1)
def name_format() -> str:
    """FORMAT, and checksums of what decides how names are cut: their normal form, how characters sound."""
    forms = repr(sorted(normal_forms().items())).encode()
    sounds = load_sounds()
    heard = sounds.fold_of.tobytes() + sounds.initial_class_of.tobytes()
    return f"{FORMAT}-{zlib.crc32(forms):08x}-{zlib.crc32(heard):08x}"


def checksum(path: Path) -> int:
    """CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while part := file.read(CHECKED_BYTES):
            value = zlib.crc32(part, value)
    return value


def read_marks(place: Path) -> Marks:
    """The marks of the files in a folder; none where it is lost."""
    try:
        found = {entry.name: entry.stat() for entry in os.scandir(place)}
    except OSError:
        return {}
    return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in found.items()}


class Shelf:
    """A folder with one sub-folder for each stored base, named by its serial."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def places(self) -> list[int]:
        """The serials of all that is stored, whatever its state."""
        return sorted(int(path.name) for path in self.folder.glob("[0-9]*") if path.name.isdecimal())

    def newest(self) -> Label | None:
        """The label of the newest base, or None."""
        for serial in reversed(self.places()):
            if label := self.read_label(self.folder / str(serial) / LABEL):
                return label
        return None

    @staticmethod
    def read_label(path: Path) -> Label | None:
        """A label, or None where it cannot be read or is of another format."""
        try:
            label = Label(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return label if label.format == name_format() else None

    def open_newest(self) -> Base | None:
        """The newest base; None where there is none or it is lost or damaged. One replaced meanwhile is no loss."""
        label = self.newest()
        while label is not None:
            base = self.open(label)
            now_newest = self.newest()
            if base is not None or now_newest == label:
                return base
            label = now_newest
        return None

    def open(self, label: Label) -> Base | None:
        """A base mapped into memory, or None where a file is lost or damaged."""
        place = self.folder / str(label.serial)
        try:
            marks = read_marks(place)
            if any(checksum(place / name) != value for name, value in label.checksums.items()):
                return None
            arrays = {Path(name).stem: np.asarray(np.load(place / name, mmap_mode="r")) for name in label.checksums}
            rarity = arrays.pop("rarity")
            return Base(label, Shard.restore(arrays), rarity, marks)
        except (OSError, ValueError, KeyError) as error:
            log.warning("base %d of the name index cannot be opened: %s: %s", label.serial, type(error).__name__, error)
            return None

    def state(self) -> State:
        """What is stored now: unchanged, nothing has to be opened anew."""
        label = self.newest()
        return label, read_marks(self.folder / str(label.serial)) if label else {}

    def is_overwritten(self, base: Base) -> bool:
        """Whether somebody wrote into a file that is mapped; of one removed or replaced the mapping stays whole."""
        now = read_marks(self.folder / str(base.label.serial))
        both = [(base.marks[name], now[name]) for name in base.label.checksums if name in now]
        return any(old != new and old[0] == new[0] for old, new in both)

    @contextmanager
    def hold(self, *, wait: bool = True) -> Iterator[bool]:
        """Let one process at a time make a base; False where another does and `wait` is not asked for."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "making").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True

    def store(self, shard: Shard, rarity: Table, revision: int, enterprise_count: int, witness: str) -> Label:
        """Write a base beside the others, give it its name when it is complete, remove the older ones.

        To be called within `hold`. Where it fails, as on a full disk, nothing of it is left.
        """
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        serial = max(self.places(), default=0) + 1
        try:
            unfinished.mkdir()
            for name, array in (shard.arrays() | {"rarity": rarity}).items():
                np.save(unfinished / f"{name}.npy", array)
            checksums = {path.name: checksum(path) for path in sorted(unfinished.glob("*.npy"))}
            label = Label(serial, name_format(), revision, enterprise_count, witness, checksums)
            (unfinished / LABEL).write_text(json.dumps(asdict(label)), encoding="utf-8")
            unfinished.replace(self.folder / str(serial))
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        for other in self.folder.iterdir():
            if other.is_dir() and other.name != str(serial):
                shutil.rmtree(other, ignore_errors=True)
        return label
