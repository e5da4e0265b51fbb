"""`chengxin export …`: 双公示 for 信用中国, and the list of late publications."""

from datetime import datetime, timedelta
from pathlib import Path

import click

from cli.staff import open_checked
from models.importing import ImportKind
from services.audit import COMMAND_LINE
from services.calendar.working_days import day_of
from services.calendar.years import load_calendar
from services.errors import UserError
from services.imports.exporting import HEADINGS, export_records, last_receipt
from services.imports.late import find_late, late_table
from services.papers.workbook import make_xlsx
from wsgi import read_clock

DAY = click.DateTime(["%Y-%m-%d"])
USUAL_DAYS = 90
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group("export")
def export_group() -> None:
    """导出数据。"""


@export_group.command("records")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in HEADINGS]), help="哪一类信息。")
@click.option("--since", type=DAY, help="只导出这一天以来变化的，如 2026-11-01。")
@click.option("--delta", is_flag=True, help="只导出上次导出（按回执）以后变化的。")
@click.option("--to", "folder", type=FOLDER, default=Path(), help="写到哪个文件夹；默认当前文件夹。")
def export_dual_publicity(kind: str, since: datetime | None, delta: bool, folder: Path) -> None:
    """按“信用中国”双公示模板导出今天可以公示的记录；每次有回执。"""
    wanted, now = ImportKind(kind), read_clock()
    with open_checked().write() as session:
        start = last_receipt(session, wanted) if delta else since.date() if since else None
        made = export_records(session, wanted, COMMAND_LINE, now, since=start)
    path = write(folder, made.name, made.content)
    receipt = made.receipt
    click.echo(f"{path}：{receipt.row_count} 条，停止公示 {receipt.ended_count} 条")
    click.echo(f"回执 {receipt.id}，SHA-256 {receipt.sha256}")


@export_group.command("late")
@click.option("--first", type=DAY, help="决定日期从；默认 90 天前。")
@click.option("--last", type=DAY, help="决定日期到；默认今天。")
@click.option("--to", "folder", type=FOLDER, default=Path(), help="写到哪个文件夹；默认当前文件夹。")
def export_late(first: datetime | None, last: datetime | None, folder: Path) -> None:
    """迟报清单：决定之日起七个工作日内没有公示的行政许可和行政处罚。"""
    today = day_of(read_clock())
    begin, end = (first.date() if first else today - timedelta(days=USUAL_DAYS)), (last.date() if last else today)
    with open_checked().read() as session:
        found = list(find_late(session, load_calendar(session, begin.year), begin, end))
    path = write(folder, f"迟报清单-{begin:%Y%m%d}-{end:%Y%m%d}.xlsx", make_xlsx([late_table(found)]))
    click.echo(f"{path}：{len(found)} 条")


def write(folder: Path, name: str, content: bytes) -> Path:
    """A new file; UserError when the folder is none."""
    if not folder.is_dir():
        raise UserError(f"没有文件夹 {folder}")
    path = folder / name
    path.write_bytes(content)
    return path
