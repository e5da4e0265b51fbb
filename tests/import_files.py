"""Sheets of 双公示 for tests of the import of records, with the headings that authorities use."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models.database import Database
from models.importing import ImportKind, ImportRun, QuarantinedRow, RunState
from models.listing import Listing
from models.record import Record
from services.audit import Actor
from services.evidence.store import EvidenceStore
from services.imports.running import Importer, read_returned
from services.imports.runs import Order, begin_run
from services.imports.undoing import undo_run
from tests.factories import make_enterprise
from tests.register_files import code

PENALTY_SHEET = (
    "行政相对人名称|行政相对人类别|行政相对人代码_1（统一社会信用代码）|行政相对人代码_2（工商注册号）"
    "|行政相对人代码_3（组织机构代码）|行政相对人代码_4（税务登记号）|行政相对人代码_5（事业单位证书号）"
    "|行政相对人代码_6（社会组织登记证号）|法定代表人|法定代表人证件类型|法定代表人证件号码|证件类型|证件号码"
    "|行政处罚决定书文号|违法行为类型|违法事实|处罚依据|处罚类别|处罚内容|罚款金额（万元）"
    "|没收违法所得、没收非法财物的金额（万元）|暂扣或吊销证照名称及编号|处罚决定日期|处罚有效期|公示截止期|处罚机关"
    "|处罚机关统一社会信用代码|数据来源单位|数据来源单位统一社会信用代码|备注"
).split("|")
LICENCE_SHEET = (
    "行政相对人名称|行政相对人类别|行政相对人代码_1（统一社会信用代码）|行政相对人代码_2（工商注册号）"
    "|行政相对人代码_3（组织机构代码）|行政相对人代码_4（税务登记号）|行政相对人代码_5（事业单位证书号）"
    "|行政相对人代码_6（社会组织登记证号）|法定代表人|法定代表人证件类型|法定代表人证件号码|证件类型|证件号码"
    "|行政许可决定文书名称|行政许可决定文书号|许可类别|许可证书名称|许可编号|许可内容|许可决定日期|有效期自|有效期至"
    "|许可机关|许可机关统一社会信用代码|当前状态|数据来源单位|数据来源单位统一社会信用代码|备注"
).split("|")
OLD_SHEET = (
    "行政处罚决定书文号|处罚名称|处罚类别1|处罚类别2|处罚事由|处罚依据|行政相对人名称|行政相对人代码_1(统一社会信用代码)"
    "|行政相对人代码_2(组织机构代码)|行政相对人代码_3(工商登记码)|行政相对人代码_4(税务登记号)|行政相对人代码_5(居民身份证号)"
    "|法定代表人姓名|处罚结果|处罚决定日期(处罚生效期)|处罚截止期|处罚机关|当前状态|地方编码|数据更新时间戳|备注"
).split("|")
ID_NUMBER = "11010519491231002X"
CLERK = Actor("张敏")


def penalty(number: int = 1, **cells: str) -> dict[str, str]:
    """A row of the penalties' sheet, right in every way; keys are the beginnings of headings."""
    row = {
        "行政相对人名称": f"长沙第{number}商贸有限公司",
        "行政相对人类别": "法人及非法人组织",
        "行政相对人代码_1（统一社会信用代码）": code(number),
        "法定代表人": "李四",
        "法定代表人证件号码": ID_NUMBER,
        "行政处罚决定书文号": f"长商罚〔2026〕{number}号",
        "违法行为类型": "未按规定备案",
        "违法事实": "发卡后未备案",
        "处罚依据": "《示范条例》第九条",
        "处罚类别": "罚款",
        "处罚内容": "罚款五千元",
        "罚款金额（万元）": "0.5",
        "处罚决定日期": "2026/4/10",
        "处罚有效期": "2099-12-31",
        "公示截止期": "2027年4月10日",
        "处罚机关": "长沙市商务局",
        "数据来源单位": "长沙市商务局",
    }
    for word, cell in cells.items():
        row[next(heading for heading in (*row, *PENALTY_SHEET) if heading.startswith(word))] = cell
    return row


def lay_out(rows: Iterable[dict[str, str]], headings: Sequence[str] = PENALTY_SHEET) -> list[list[str]]:
    """The rows under their headings."""
    return [list(headings), *([row.get(heading, "") for heading in headings] for row in rows)]


def spell_csv(table: Iterable[Sequence[object]], encoding: str = "utf-8") -> bytes:
    """As a text file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table)
    return text.getvalue().encode(encoding)


@dataclass
class ImportDesk:
    """Imports files into one database and looks at what came of it."""

    database: Database
    folder: Path
    now: datetime
    batch: int = 2_000
    shares: list[float] = field(default_factory=list)

    @property
    def importer(self) -> Importer:
        """The importer of this desk."""
        return Importer(self.database, EvidenceStore(self.folder / "kept", 0), lambda: self.now, batch=self.batch)

    def file(
        self, content: bytes, kind: ImportKind = ImportKind.PENALTY, name: str = "双公示.csv", **order: Any
    ) -> ImportRun:
        """Import a file; `publishes` as a configured source."""
        path = self.folder / name
        path.write_bytes(content)
        publishes = order.pop("publishes", False)
        wanted = Order(kind=kind, name=name, sha256="0" * 64, size_bytes=len(content), **order)
        with self.database.write() as session:
            run_id = begin_run(session, wanted, CLERK, self.now, RunState.WAITING).id
        with path.open("rb") as source:
            return self.importer.run(run_id, source, self.shares.append, publishes=publishes)

    def rows(self, *rows: dict[str, str], **order: Any) -> ImportRun:
        """Import rows of the penalties' sheet."""
        return self.file(spell_csv(lay_out(rows)), **order)

    def table(self, table: Iterable[Sequence[object]], kind: ImportKind, **order: Any) -> ImportRun:
        """Import a whole table."""
        return self.file(spell_csv(table), kind, **order)

    def returned(self, run: ImportRun) -> list[dict[str, str]]:
        """The rows that came back, by heading."""
        content = read_returned(self.database, self.importer.store, run)
        if content is None:
            return []
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        return [dict(zip(map(str, rows[0]), map(str, row), strict=True)) for row in rows[1:]]

    def undo(self, run: ImportRun, reason: str = "传错了文件") -> ImportRun:
        """Take a run back."""
        with self.database.write() as session:
            return undo_run(session, run.id, CLERK, reason, self.now)

    def firm(self, number: int = 1, name: str = "", credit_code: str | None = None, **columns: Any) -> int:
        """A firm of the register, the one that penalty(number) is about."""
        with self.database.write() as session:
            made = make_enterprise(
                session, name or f"长沙第{number}商贸有限公司", credit_code or code(number), **columns
            )
            return made.id

    def records(self) -> list[Record]:
        """All records, in the order of entering."""
        with self.database.read() as session:
            return list(session.scalars(select(Record).order_by(Record.id)))

    def listings(self) -> list[Listing]:
        """All entries of lists."""
        with self.database.read() as session:
            return list(session.scalars(select(Listing).order_by(Listing.id)))

    def quarantined(self) -> list[QuarantinedRow]:
        """All rows in quarantine."""
        with self.database.read() as session:
            return list(session.scalars(select(QuarantinedRow).order_by(QuarantinedRow.id)))


def day(text: str) -> date:
    """2026-04-10."""
    return date.fromisoformat(text)
