"""Files of associations and campaigns: looked at like evidence, sealed in DATA_DIR/library, shown by their row."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.article import ArticlePicture
from models.association import LibraryFile
from models.database import Database, vault_of
from models.vault import VaultError
from services.errors import UserError
from services.evidence.examining import Examined, examine
from services.evidence.kinds import EXTENSIONS, EvidenceKind
from services.evidence.serving import Served
from services.evidence.store import ORIGINAL, EvidenceStore, Kept
from services.evidence.trouble import EvidenceError, Trouble

FOLDER = "library"
MOST_BYTES = 20 << 20
WIDEST = 1080  # pixels: the width of an article on any phone
QUALITIES = (85, 75, 65, 55, 45)
TAKEN = {EvidenceKind.PHOTO, EvidenceKind.DOCUMENT}
ORPHAN_AGE = timedelta(hours=24)
Examine = Callable[[bytes], Examined]


@dataclass(frozen=True)
class Looked:
    """A file that was looked at and is not kept yet."""

    content: bytes
    mime: str
    view: bytes = b""
    view_mime: str = ""
    title: str = ""


@dataclass(frozen=True)
class Drawn:
    """A picture drawn anew for articles: JPEG, upright, without anything but the picture."""

    content: bytes
    width: int
    height: int


def library_of(data_dir: Path) -> EvidenceStore:
    """The store of these files."""
    return EvidenceStore(data_dir / FOLDER)


def look_at(content: bytes, title: str, examine: Examine = examine) -> Looked:
    """What a file is; UserError for what is not taken. Slow: outside any transaction."""
    require_size(content)
    found = examine(content)
    if found.kind not in TAKEN:
        raise UserError("请上传照片、PDF、Word 或 Excel 文件")
    return Looked(content, found.mime, found.view, found.view_mime, Path(title).name[:100])


def draw_picture(content: bytes, most_bytes: int, examine: Examine = examine) -> Drawn:
    """A picture that WeChat takes (media/uploadimg: JPEG under 1 MB); UserError for what is no picture. Slow."""
    require_size(content)
    found = examine(content)
    if found.kind is not EvidenceKind.PHOTO:
        raise UserError("请选图片：JPG、PNG、GIF、WEBP 或 HEIC")
    image = Image.open(io.BytesIO(found.view))  # drawn by our own program: harmless
    image.thumbnail((WIDEST, WIDEST * 8), Image.Resampling.LANCZOS)
    for quality in QUALITIES:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most_bytes:
            return Drawn(out.getvalue(), *image.size)
    raise UserError("图片太复杂，压缩后仍超过微信的 1 MB，请换一张或裁小")


def require_size(content: bytes) -> None:
    """UserError for what is empty or too big."""
    if not content:
        raise EvidenceError(Trouble.EMPTY)
    if len(content) > MOST_BYTES:
        raise EvidenceError(Trouble.TOO_BIG, megabytes=MOST_BYTES >> 20)


def keep_file(
    session: Session, store: EvidenceStore, looked: Looked, *, association_id: int | None, by: str, now: datetime
) -> LibraryFile:
    """Seal a file and add its row; the file of a transaction that is rolled back is swept later."""
    kept = store.keep(looked.content, looked.view)
    row = LibraryFile(
        association_id=association_id,
        sealed_name=kept.name,
        key_sealed=vault_of(session).seal_bytes(kept.key, field_of(LibraryFile)),
        sha256=hashlib.sha256(looked.content).digest(),
        mime=looked.mime,
        size_bytes=len(looked.content),
        view_mime=looked.view_mime,
        title=looked.title,
        added_by=by,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return row


def keep_picture(session: Session, store: EvidenceStore, drawn: Drawn, row: ArticlePicture) -> ArticlePicture:
    """Seal a picture and add `row`, which says whose it is."""
    kept = store.keep(drawn.content)
    row.sealed_name = kept.name
    row.key_sealed = vault_of(session).seal_bytes(kept.key, field_of(ArticlePicture))
    row.sha256 = hashlib.sha256(drawn.content).digest()
    row.size_bytes, row.width, row.height = len(drawn.content), drawn.width, drawn.height
    session.add(row)
    session.flush()
    return row


def field_of(table: type[LibraryFile | ArticlePicture]) -> str:
    """Binds a key to its table, as services/keys.py expects."""
    return f"{table.__tablename__}.key"


def read_bytes(session: Session, store: EvidenceStore, row: LibraryFile | ArticlePicture) -> bytes:
    """The file as it was kept; EvidenceError when it is gone or not as it was."""
    try:
        kept = Kept(row.sealed_name, vault_of(session).open_bytes(row.key_sealed, field_of(type(row))))
    except VaultError:
        raise EvidenceError(Trouble.DAMAGED) from None
    content = b"".join(store.read(kept, ORIGINAL))
    if hashlib.sha256(content).digest() != row.sha256:
        raise EvidenceError(Trouble.DAMAGED)
    return content


def serve_file(session: Session, store: EvidenceStore, row: LibraryFile) -> Served:
    """The file to be saved, under the name it came with."""
    content = read_bytes(session, store, row)
    stem = row.title.rpartition(".")[0] or row.title or f"文件{row.id}"
    return Served(row.mime, f"{stem}.{EXTENSIONS[row.mime]}", len(content), iter([content]))


def serve_picture(session: Session, store: EvidenceStore, row: ArticlePicture) -> Served:
    """A picture to be shown."""
    content = read_bytes(session, store, row)
    return Served("image/jpeg", f"{row.id}.jpg", len(content), iter([content]))


def sweep_library(database: Database, store: EvidenceStore, now: datetime) -> int:
    """Delete files that no row names and that are older than a day; how many went."""
    before = (now - ORPHAN_AGE).timestamp()
    old = {name for name, written in store.files().items() if written < before}
    with database.read() as session:
        known = set(session.scalars(select(LibraryFile.sealed_name)))
        known |= set(session.scalars(select(ArticlePicture.sealed_name)))
    for name in old - known:
        store.remove(name)
    return len(old - known)
