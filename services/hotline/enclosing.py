"""The archive of files that goes beside a daily file: originals, each compared with its hash before it goes in."""

import zipfile
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from models.audit import Act
from models.case_file import CaseEvidence
from services.audit import COMMAND_LINE, record
from services.errors import UserError
from services.evidence.serving import serve_original
from services.evidence.store import EvidenceStore
from services.evidence.trouble import EvidenceError


def name_archive(sheet: Path) -> Path:
    """日报.xlsx goes with 日报-附件.zip."""
    return sheet.with_name(f"{sheet.stem}-附件.zip")


def write_archive(
    session: Session, store: EvidenceStore, files: dict[str, CaseEvidence], path: Path, now: datetime
) -> None:
    """All of them or none, each written down; UserError names the file that is damaged or gone."""
    try:
        with zipfile.ZipFile(path, "x") as archive:  # stored as they are: photos and recordings are packed already
            for name, row in files.items():
                served = serve_original(session, store, row)
                with archive.open(name, "w", force_zip64=True) as into:
                    into.writelines(served.pieces)
    except EvidenceError as error:
        path.unlink(missing_ok=True)
        raise UserError(f"附件 {name} 没有写成：{error}") from None
    except OSError:
        path.unlink(missing_ok=True)
        raise
    for name, row in files.items():
        details = {"文件": f"第 {row.id} 号", "用于": path.name[:100]}
        record(session, COMMAND_LINE, Act.EVIDENCE_OPENED, now, subject=name.partition(".")[0], details=details)
