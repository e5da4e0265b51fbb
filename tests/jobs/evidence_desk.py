"""Takes in evidence and is killed when told: `python -m tests.jobs.evidence_desk URL FOLDER API DOOR WHEN`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from sqlalchemy import event

from bot.gateway import Gateway
from jobs.evidence import EvidenceFetcher
from models.case_file import CaseEvidence
from models.database import Database
from services.evidence.examining import Examined
from services.evidence.store import EvidenceStore, Kept
from services.evidence.uploads import Uploads
from tests.citizen import make_settings
from tests.conftest import VAULT
from tests.evidence_room import LIMITS, examine_here

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def die(*_: object) -> NoReturn:
    """As the plug is pulled."""
    os.kill(os.getpid(), 9)
    raise AssertionError


class MortalStore(EvidenceStore):
    """Dies before or after a file is kept."""

    when = ""

    def keep(self, content: bytes, view: bytes = b"") -> Kept:
        if self.when == "between view and original":
            super().keep(content, view)
            next(path for path in self.folder.iterdir() if path.is_file() and not path.suffix).unlink()
            die()
        kept = super().keep(content, view)
        if self.when == "kept":
            die()
        return kept


class MortalUploads(Uploads):
    """Dies before the pieces are cleared away, when the row is there."""

    when = ""

    def clear(self, folder: str) -> None:
        if self.when == "committed":
            die()
        super().clear(folder)


def main(url: str, folder: str, api: str, door: str, when: str) -> None:
    """One step of the jobs process, or one request that finishes an upload."""
    settings = make_settings(data_dir=Path(folder), wechat_api_url=api)
    database, store = Database(url, VAULT), MortalStore(Path(folder) / "evidence", reserve_bytes=0)
    store.when = when
    if when == "flushed":
        event.listen(CaseEvidence, "after_insert", die)

    def look(content: bytes) -> Examined:
        if when == "examining":
            die()
        return examine_here(content)

    if door == "upload":
        uploads = MortalUploads(database, store, LIMITS, look, lambda: NOW)
        uploads.when = when
        uploads.finish(os.environ["TOKEN"])
        return
    gateway = Gateway(settings, database, lambda: NOW)
    fetcher = EvidenceFetcher(gateway, database, store, LIMITS, examine=look, clock=lambda: NOW)
    if when == "fetching":
        fetcher.gateway.get_media = die
    fetcher.step()
    if when == "committed":
        die()


if __name__ == "__main__":
    main(*sys.argv[1:])
