"""Files of the register for tests of the import, in every form that people send."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from models.database import Database
from models.enterprise import Enterprise, EnterpriseName, RegisterRevision
from services.demo.codes import ENTERPRISE, make_code, serial_of
from services.enterprises.registry import BATCH, Progress, Summary, import_register

HEADINGS = ("企业名称", "统一社会信用代码", "成立日期", "所在省份", "地区", "登记状态", "曾用名")


def code(number: int) -> str:
    """The right credit code of a test's firm."""
    return make_code(ENTERPRISE, "430100", serial_of(number))


def write_csv(path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A text file, packed if it ends in .gz."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    content = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def write_xlsx(path: Path, rows: Iterable[Sequence[Any]], sheets: Sequence[str] = ("Sheet1",)) -> Path:
    """A workbook with the same rows on each sheet."""
    workbook, rows = Workbook(), list(rows)
    workbook.remove(workbook.worksheets[0])
    for name in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    workbook.save(path)
    return path


@dataclass
class Importer:
    """Imports into one database and looks at what came of it."""

    database: Database
    folder: Path
    now: datetime
    batch: int = BATCH
    progress: list[Progress] = field(default_factory=list)

    def files(self, *paths: Path, data_on: date | None = None) -> Summary:
        """Import files as they are."""
        return import_register(
            self.database,
            paths,
            self.folder / "refused",
            self.now,
            self.progress.append,
            data_on=data_on,
            batch=self.batch,
        )

    def rows(self, *rows: Sequence[object], headings: Sequence[str] = HEADINGS, data_on: date | None = None) -> Summary:
        """Import rows under headings by way of a CSV file."""
        return self.files(write_csv(self.folder / "rows.csv", [headings, *rows]), data_on=data_on)

    def all(self) -> list[Enterprise]:
        """The register, in the order of entering."""
        with self.database.read() as session:
            return list(session.scalars(select(Enterprise).order_by(Enterprise.id)))

    def one(self) -> Enterprise:
        """The only enterprise."""
        (enterprise,) = self.all()
        return enterprise

    def other_names(self) -> list[tuple[str, str]]:
        """Kind and name of all other names."""
        with self.database.read() as session:
            rows = session.scalars(select(EnterpriseName).order_by(EnterpriseName.id))
            return [(row.kind.value, row.name) for row in rows]

    def revision(self) -> int:
        """The register's revision; 0 before its first change."""
        with self.database.read() as session:
            return session.scalar(select(RegisterRevision.revision)) or 0

    def state(self) -> list[tuple[Any, ...]]:
        """All that the register holds, for comparing."""
        with self.database.read() as session:
            tables = (Enterprise.__table__, EnterpriseName.__table__)
            return [tuple(row) for table in tables for row in session.execute(select(table).order_by(table.c.id))]


def read_refused(path: Path) -> list[dict[str, str]]:
    """Rows of a file of refused rows, by heading."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
