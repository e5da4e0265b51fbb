"""The file of refused rows: opens in Excel, and can be put right there and imported again."""

import csv
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from services.calendar.working_days import SHANGHAI
from services.enterprises.entries import Refusal, Refused
from services.enterprises.headings import HEADINGS, Columns, Field

ROW_NUMBER, REASON, CODE_CONFIRMED = "行号", "原因", HEADINGS[Field.CODE_CONFIRMED].split()[-1]
# A cell that Excel would run as a formula, or a code that it would round: an apostrophe makes it text.
RISKY = re.compile(r"[=+\-@\t\r]|\d{12}")
RESIDENT = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
UNSAFE_IN_FILE_NAME = re.compile(r"[^\w\-]+")


class RefusedFile:
    """Made when the first row is refused; `path` is None until then."""

    def __init__(self, folder: Path, name: str, columns: Columns, now: datetime) -> None:
        stamp = now.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M%S")
        self.stem = f"{UNSAFE_IN_FILE_NAME.sub('_', name)[:80]}-{stamp}"
        self.folder, self.columns = folder, columns
        self.path: Path | None = None
        self.stream: TextIO | None = None

    def write(self, refused: Iterable[Refused]) -> None:
        """Add rows; columns about natural persons are left out."""
        for item in refused:
            number, cells = item.row
            kept = [cells[place] if place < len(cells) else "" for place in self.columns.kept_places]
            if item.reason is Refusal.PERSONAL:
                kept = [RESIDENT.sub(r"\1********\2", cell) for cell in kept]
            self.write_row([*kept, str(number), item.reason])

    def write_row(self, cells: list[str]) -> None:
        """One line, after the headings if it is the first."""
        if self.stream is None:
            self.path = self.free_path()
            self.stream = self.path.open("x", encoding="utf-8-sig", newline="")
            headings = [self.columns.headings[place] for place in self.columns.kept_places]
            confirmed = [] if Field.CODE_CONFIRMED in self.columns.places else [CODE_CONFIRMED]
            self.write_row([*headings, ROW_NUMBER, REASON, *confirmed])
        csv.writer(self.stream).writerow(map(make_safe, cells))

    def free_path(self) -> Path:
        """A name that no earlier import has used."""
        self.folder.mkdir(parents=True, exist_ok=True)
        names = (f"{self.stem}{f'-{turn}' if turn else ''}-未导入.csv" for turn in range(10_000))
        return next(path for name in names if not (path := self.folder / name).exists())

    def close(self) -> None:
        """Finish the file."""
        if self.stream is not None:
            self.stream.close()


def make_safe(cell: str) -> str:
    """Text for Excel, never a formula or a rounded number."""
    return f"'{cell}" if RISKY.match(cell) else cell
