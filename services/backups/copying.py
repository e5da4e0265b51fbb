"""Makes, checks and puts back a backup: the database, and the files that its rows speak of."""

import shutil
import tarfile
from datetime import datetime
from pathlib import Path

from models.database import Database
from models.migration import check_schema, head_revision, upgrade_database
from services.audit import verify
from services.backups.database_copy import copy_database, count_rows, put_back_database
from services.backups.manifest import Manifest, hash_file, read_manifest, write_manifest
from services.enterprises.weights import OWN_NAME
from services.errors import UserError

FILES = "files.tar"
# Of DATA_DIR; the name index is made anew from the database.
FOLDERS = ("evidence", "library", "imports", "spool", "put_off")


def make_backup(database: Database, data_dir: Path, target: Path, now: datetime) -> Path:
    """A folder below `target` named by the time; nothing of it is left where it fails.

    The database first: a file is kept before its row, so every row of the copy finds its file.
    """
    check_schema(database)
    folder = target / f"chengxin-{now:%Y%m%d-%H%M%S}"
    unfinished = folder.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        with database.read() as session:
            counts = count_rows(session)
        name = copy_database(database, unfinished)
        pack_files(data_dir, unfinished / FILES)
        parts = {part: hash_file(unfinished / part) for part in (name, FILES)}
        backend = database.engine.url.get_backend_name()
        write_manifest(unfinished, Manifest(now.isoformat(), backend, head_revision(), parts, counts))
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return folder


def pack_files(data_dir: Path, target: Path) -> None:
    """What lies beside the database; a file that goes while it is packed was no longer wanted."""
    with tarfile.open(target, "w") as archive:
        for path in sorted(one for name in FOLDERS for one in (data_dir / name).rglob("*") if one.is_file()):
            try:
                archive.add(path, path.relative_to(data_dir).as_posix(), recursive=False)
            except FileNotFoundError:
                continue
        if (data_dir / OWN_NAME).is_file():  # fitted on the bureau's own choices
            archive.add(data_dir / OWN_NAME, OWN_NAME)


def restore_backup(database: Database, data_dir: Path, folder: Path) -> Manifest:
    """Put a whole backup into an empty database and DATA_DIR; UserError, with nothing changed, where one is not."""
    manifest = read_manifest(folder)
    if manifest.backend != database.engine.url.get_backend_name():
        raise UserError(f"这份备份来自 {manifest.backend}，与现在的 DATABASE_URL 不是同一种数据库")
    for name in FOLDERS:
        if any((data_dir / name).glob("*")):
            raise UserError(f"{data_dir / name} 不是空的。为防止混在一起，请先把它移走再恢复")
    data_dir.mkdir(parents=True, exist_ok=True)
    put_back_database(database, folder)
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(data_dir, filter="data")
    upgrade_database(database)
    return manifest


def find_faults(database: Database, manifest: Manifest) -> list[str]:
    """What the restored database lacks of what there was when the backup began."""
    faults = []
    with database.read() as session:
        counts = count_rows(session)
        chain = verify(session)
    for name, count in manifest.counts.items():
        if counts[name] < count:
            faults.append(f"{name}：恢复后 {counts[name]} 行，备份时记下 {count} 行")
    if chain.broken_at is not None:
        faults.append(f"操作记录从第 {chain.broken_at} 条起没有通过核对：{chain.fault}")
    return faults
