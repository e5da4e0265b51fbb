"""Importing 100,000 penalties with planted faults: found or not, seconds and memory, beside reading with openpyxl."""

import argparse
import csv
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import xlsxwriter
from openpyxl import load_workbook
from sqlalchemy import func, select, text

from benchmarks.import_register import Figures, open_database, read_usage
from models.importing import ImportKind, ImportRun, RunState
from models.record import Record
from services.audit import COMMAND_LINE
from services.demo.codes import ENTERPRISE, make_code, serial_of
from services.evidence.store import EvidenceStore
from services.imports.exporting import HEADINGS
from services.imports.running import Importer
from services.imports.runs import Order, begin_run

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FIRMS = 20_000
EVERY = 997  # one row in so many of each fault
ID_NUMBER = "11010519491231002X"
NAME, SUBJECT, CODE = "行政相对人名称", "行政相对人类别", "行政相对人代码_1（统一社会信用代码）"
SHEET = HEADINGS[ImportKind.PENALTY].split()
# What is done to a row, and the words by which it must come back; "" where it goes into quarantine.
FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"处罚机关": ""}, "缺少处罚机关"),
    ({"行政处罚决定书文号": ""}, "缺少行政处罚决定书文号"),
    ({NAME: ""}, "缺少行政相对人名称"),
    ({"处罚决定日期": "2026-02-30"}, "处罚决定日期无法识别"),
    ({"处罚决定日期": "2027/1/1"}, "决定日期在将来"),
    ({"公示截止期": "2020-01-01"}, "公示截止期早于决定日期"),
    ({"罚款金额（万元）": "约五千"}, "罚款金额无法识别"),
    ({SUBJECT: "自然人"}, "自然人的信息不入企业信用档案"),
    ({CODE: ID_NUMBER}, "代码列中是个人证件号码"),
    ({CODE: "9.14301E+17"}, "代码被存成了数字，末几位已丢失，请以文本格式重新填写"),
    ({CODE: "91430100MA4L00009X"}, ""),
    ({NAME: "湖南从未登记过的商行", SUBJECT: "个体工商户", CODE: ""}, ""),
)


def make_rows(count: int) -> Iterator[list[str]]:
    """The sheet; one row in EVERY bears each of the faults, one more repeats the row before."""
    before: dict[str, str] = {}
    for number in range(count):
        firm = number % FIRMS
        row = dict.fromkeys(SHEET, "") | {
            NAME: f"湖南第{firm}号示范商贸有限公司",
            SUBJECT: "法人及非法人组织",
            CODE: make_code(ENTERPRISE, "430100", serial_of(firm)),
            "法定代表人": "张三",
            "法定代表人证件号码": ID_NUMBER,
            "行政处罚决定书文号": f"长商罚〔2026〕{number}号",
            "违法行为类型": "未按规定备案",
            "违法事实": "发行单用途预付卡后三十日内未办理备案",
            "处罚依据": "《单用途商业预付卡管理办法（试行）》第三十六条",
            "处罚类别": "罚款",
            "处罚内容": "罚款五千元",
            "罚款金额（万元）": "0.5",
            "处罚决定日期": ("2026/4/10", "20260410", "2026年4月10日", "46122")[number % 4],
            "处罚有效期": "2099-12-31",
            "公示截止期": "2027-04-10",
            "处罚机关": "长沙市商务局",
            "数据来源单位": "长沙市商务局",
        }
        kind = number % EVERY
        if kind < len(FAULTS):
            cells = dict(FAULTS[kind][0])
            if cells.get(NAME):
                cells[NAME] += str(number)
            row |= cells
        elif kind == len(FAULTS) + 1:
            row = before
        before = row
        yield list(row.values())


def planted(count: int) -> tuple[dict[str, int], int]:
    """How often each fault was planted, and how many rows belong into quarantine."""
    times = [len(range(kind, count, EVERY)) for kind in range(EVERY)]
    faults = {words: times[kind] for kind, (_, words) in enumerate(FAULTS) if words}
    faults["与本文件前面某行的文号、相对人和机关相同，以前面为准"] = times[len(FAULTS) + 1]
    return faults, sum(times[kind] for kind, (_, words) in enumerate(FAULTS) if not words)


def write_files(folder: Path, count: int) -> tuple[Path, Path]:
    """The same sheet as CSV in GB18030 and as XLSX."""
    table, book = folder / "penalties.csv", folder / "penalties.xlsx"
    workbook = xlsxwriter.Workbook(str(book), {"constant_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet()
    with table.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        for place, row in enumerate([SHEET, *make_rows(count)]):
            writer.writerow(row)
            sheet.write_row(place, 0, row)
    workbook.close()
    return table, book


def measure(folder: Path, source: Path, count: int) -> tuple[Figures, list[str]]:
    """One import into an empty database, then once more; what was not found as it was planted."""
    database = open_database(folder / f"{source.suffix[1:]}.db")
    importer = Importer(database, EvidenceStore(folder / "files", 0), lambda: datetime.now(UTC))
    began, (before, _) = time.perf_counter(), read_usage(resource.RUSAGE_SELF)
    run = import_file(importer, source)
    seconds = time.perf_counter() - began
    after, megabytes = read_usage(resource.RUSAGE_SELF)
    children, _ = read_usage(resource.RUSAGE_CHILDREN)
    faults, quarantined = planted(count)
    wrong = [
        f"{words}: {run.faults.get(words, 0)} of {times}"
        for words, times in faults.items()
        if run.faults.get(words, 0) != times
    ]
    wrong += [f"unplanted: {words}" for words in run.faults.keys() - faults.keys()]
    wrong += [f"quarantine: {run.quarantined_count} of {quarantined}"] * (run.quarantined_count != quarantined)
    again = import_file(importer, source)
    wrong += [f"the second time changed {again.added_count + again.revised_count}"] * bool(
        again.added_count + again.revised_count
    )
    with database.read() as session:
        stored = session.scalar(select(func.count()).select_from(Record)) or 0
        leaked = session.scalar(text(f"SELECT count(*) FROM records WHERE details LIKE '%{ID_NUMBER}%'"))
    wrong += [f"stored {stored}"] * (stored != count - sum(faults.values()) - quarantined)
    wrong += [f"{leaked} rows hold an identity number"] * bool(leaked)
    database.close()
    return Figures(count, seconds, after - before + children, megabytes), wrong


def import_file(importer: Importer, source: Path) -> ImportRun:
    """One run."""
    order = Order(ImportKind.PENALTY, source.name, "0" * 64, source.stat().st_size)
    with importer.database.write() as session:
        run_id = begin_run(session, order, COMMAND_LINE, NOW, RunState.WAITING).id
    with source.open("rb") as content:
        return importer.run(run_id, content)


def measure_openpyxl(book: Path, count: int) -> Figures:
    """Reading the same workbook, cell by cell, and nothing else."""
    began, (before, _) = time.perf_counter(), read_usage(resource.RUSAGE_SELF)
    rows = load_workbook(book, read_only=True).worksheets[0].iter_rows(values_only=True)
    cells = sum(len(row) for row in rows)
    after, megabytes = read_usage(resource.RUSAGE_SELF)
    if cells != (count + 1) * len(SHEET):
        raise AssertionError("openpyxl lost cells")
    return Figures(count, time.perf_counter() - began, after - before, megabytes)


def measure_sqlite(folder: Path, table: Path, count: int) -> Figures:
    """The command line's .import of the CSV into a table of text: nothing checked, matched or written down."""
    plain = folder / "plain.csv"
    plain.write_text(table.read_text(encoding="gb18030"), encoding="utf-8")
    began, (before, _) = time.perf_counter(), read_usage(resource.RUSAGE_CHILDREN)
    subprocess.run(["sqlite3", str(folder / "plain.db"), ".mode csv", f".import {plain} penalties"], check=True)
    after, megabytes = read_usage(resource.RUSAGE_CHILDREN)
    return Figures(count, time.perf_counter() - began, after - before, megabytes)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and what was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    count = parser.parse_args(arguments).rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table, book = write_files(folder, count)
        print(f"{'':<28}{'rows':>10}{'seconds':>9}{'CPU s':>9}{'rows/s':>11}{'MB':>8}", flush=True)
        for source in (table, book):
            with ProcessPoolExecutor(1, get_context("spawn")) as alone:  # of its own, for its memory
                figures, wrong = alone.submit(measure, folder, source, count).result()
            print(figures.line(f"import {source.suffix[1:]}"), flush=True)
            faults, quarantined = planted(count)
            print(
                f"  planted {sum(faults.values())} faults of {len(faults)} kinds and {quarantined} unknown firms: "
                f"{'; '.join(wrong) or 'all found, the second time changed nothing, no identity number kept'}"
            )
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            print(alone.submit(measure_openpyxl, book, count).result().line("openpyxl, reading only"), flush=True)
        try:
            print(measure_sqlite(folder, table, count).line("sqlite3 .import, text only"), flush=True)
        except FileNotFoundError:
            print("sqlite3 is not installed")


if __name__ == "__main__":
    main()
