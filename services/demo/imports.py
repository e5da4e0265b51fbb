"""Imports for the demonstration: two sheets run through the real import, and one left to try."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from models.database import Database
from models.enterprise import Enterprise, Status
from models.importing import ImportKind, ImportRun, RunState
from services.audit import Actor
from services.calendar.working_days import day_of
from services.imports.exporting import HEADINGS
from services.imports.running import Importer
from services.imports.runs import begin_run
from services.imports.uploads import describe_file, imports_of
from services.staff.accounts import find_account

PUBLISHED = "公示日期"
FIRMS = 40  # of last month's sheets; as many more are of the months before
MONTHS_BEFORE = 10
CLERK = "dangan"
UNIT = "示范市公共信用信息中心（演示）"
CODE = "行政相对人代码_1（统一社会信用代码）"
OFFENCES = (
    ("未按规定备案", "发行单用途预付卡后三十日内未办理备案", "《单用途商业预付卡管理办法（试行）》第三十六条", "0.5"),
    ("未按规定填报信息", "未按时填报二手车交易信息", "《二手车流通管理办法》第二十九条", "0.3"),
    ("未建立台账", "回收废旧金属未如实登记", "《再生资源回收管理办法》第十九条", "1"),
)
Firm = tuple[str, str]  # name and code


def load_demo_imports(database: Database, data_dir: Path, now: datetime) -> None:
    """Once: what was imported stays."""
    with database.read() as session:
        if session.scalar(select(func.count()).select_from(ImportRun)):
            return
        long_code = func.length(Enterprise.credit_code) == 18
        wanted = select(Enterprise.name, Enterprise.credit_code).where(Enterprise.status == Status.IN_FORCE, long_code)
        firms = [(name, code or "") for name, code in session.execute(wanted.order_by(Enterprise.id).limit(2 * FIRMS))]
        account = find_account(session, CLERK)
    actor = Actor(account.name, account.id) if account else Actor("演示")
    write_sample(data_dir, penalties(firms[20:32], now, 200))
    sheets = (
        (ImportKind.PENALTY, "双公示-行政处罚-上月.csv", penalties(firms[:12], now, 100), 6),
        (ImportKind.LICENCE, "双公示-行政许可-上月.csv", licences(firms[4:20], now), 3),
    )
    for months in range(MONTHS_BEFORE, 0, -1):
        then = now - timedelta(days=6 + 30 * months)
        run_sheet(database, data_dir, sheet_of(firms[FIRMS:], then, months), actor, then)
    for kind, name, content, days in sheets:
        run_sheet(database, data_dir, (kind, name, content), actor, now - timedelta(days=days))


def sheet_of(firms: Sequence[Firm], then: datetime, months: int) -> tuple[ImportKind, str, bytes]:
    """What came in so many months ago: licences, every third time penalties."""
    serial = 400 + 40 * months
    if months % 3:
        content = licences(firms[: 14 + 7 * months % 23], then, serial)
        return ImportKind.LICENCE, f"双公示-行政许可-{then:%Y%m}.csv", content
    return ImportKind.PENALTY, f"双公示-行政处罚-{then:%Y%m}.csv", penalties(firms[months:][:14], then, serial)


def run_sheet(
    database: Database, data_dir: Path, sheet: tuple[ImportKind, str, bytes], actor: Actor, then: datetime
) -> None:
    """One file, as a clerk would have imported it then."""
    kind, name, content = sheet
    order = replace(describe_file(name, content, kind), source_unit=UNIT, data_on=day_of(then))
    with database.write() as session:
        run_id = begin_run(session, order, actor, then, RunState.WAITING).id
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        Importer(database, imports_of(data_dir), lambda: then).run(run_id, file)


def write_sample(data_dir: Path, content: bytes) -> None:
    """A sheet to try the wizard with."""
    folder = data_dir / "样表"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "双公示-行政处罚-请试导入.csv").write_bytes(content)


def penalties(firms: Sequence[Firm], now: datetime, serial: int) -> bytes:
    """Penalties of last month: most in order, some published late, some with faults, some of firms nobody knows."""
    rows = []
    for number, (name, code) in enumerate(firms):
        offence, fact, basis, fine = OFFENCES[number % len(OFFENCES)]
        decided_on = day_of(now) - timedelta(days=34 - number % 9)
        rows.append(
            {
                "行政相对人名称": name, "行政相对人类别": "法人及非法人组织",
                CODE: code, "法定代表人": "演示人", "法定代表人证件类型": "身份证",
                "法定代表人证件号码": "（演示）",
                "行政处罚决定书文号": f"演示商罚〔{decided_on.year}〕{serial + number}号",
                "违法行为类型": offence, "违法事实": fact, "处罚依据": basis, "处罚类别": "罚款",
                "处罚内容": f"罚款{fine}万元", "罚款金额（万元）": fine, "处罚决定日期": f"{decided_on:%Y/%m/%d}",
                "处罚有效期": "2099-12-31", "处罚机关": "示范市商务局", "数据来源单位": "示范市商务局",
                PUBLISHED: (decided_on + timedelta(days=20 if number % 4 == 3 else 6)).isoformat(),
            }
        )  # fmt: skip
    rows[1]["处罚决定日期"] = "上月"
    rows[5]["处罚机关"] = ""
    rows[7] |= {"行政相对人名称": "王小明", "行政相对人类别": "自然人", CODE: ""}
    rows[8] |= {
        "行政相对人名称": f"{rows[8]['行政相对人名称'][:-4]}有限责任公司（分店）",
        CODE: "",
    }
    rows[10][CODE] = firms[0][1]
    return spell([*HEADINGS[ImportKind.PENALTY].split(), PUBLISHED], rows)


def licences(firms: Sequence[Firm], now: datetime, serial: int = 300) -> bytes:
    """Licences of last month."""
    rows = []
    for number, (name, code) in enumerate(firms):
        decided_on = day_of(now) - timedelta(days=25 - number % 5)
        rows.append(
            {
                "行政相对人名称": name, "行政相对人类别": "法人及非法人组织",
                CODE: code, "行政许可决定文书名称": "准予行政许可决定书",
                "行政许可决定文书号": f"演示商许〔{decided_on.year}〕{serial + number}号", "许可类别": "普通",
                "许可证书名称": "拍卖经营批准证书", "许可编号": f"演示{42700 + serial + number}",
                "许可内容": "拍卖业务", "许可决定日期": f"{decided_on:%Y%m%d}",
                "有效期自": f"{decided_on:%Y-%m-%d}", "有效期至": "2099-12-31",
                "许可机关": "示范市商务局", "当前状态": "1", "数据来源单位": "示范市商务局",
                PUBLISHED: (decided_on + timedelta(days=5)).isoformat(),
            }
        )  # fmt: skip
    return spell([*HEADINGS[ImportKind.LICENCE].split(), PUBLISHED], rows)


def spell(headings: Sequence[str], rows: Iterable[dict[str, str]]) -> bytes:
    """As Excel in China writes CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return text.getvalue().encode("gb18030")
