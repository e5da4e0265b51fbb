"""What a backup holds: its parts with their hashes, written last, so that a copy cut short has none."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from services.errors import UserError

NAME = "manifest.json"
CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """Of one backup."""

    made_at: str  # ISO 8601, UTC
    backend: str  # sqlite or postgresql
    revision: str  # of the schema
    parts: dict[str, str]  # file name → SHA-256
    counts: dict[str, int]  # rows of what matters most, when it was begun


def hash_file(path: Path) -> str:
    """SHA-256 of a file of our own; never of a live database (its locks would go with the closing)."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file of a backup."""
    (folder / NAME).write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """UserError where the folder holds no whole backup, or a part is not as it was written."""
    try:
        manifest = Manifest(**json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise UserError(f"{folder} 不是完整的备份（没有可读的 {NAME}）") from None
    for name, digest in manifest.parts.items():
        if not (folder / name).is_file():
            raise UserError(f"备份缺少 {name}")
        if hash_file(folder / name) != digest:
            raise UserError(f"备份中的 {name} 已损坏，与备份时不一致，请换一份备份")
    return manifest
