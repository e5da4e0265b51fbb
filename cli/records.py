"""`chengxin import records …`, `chengxin export …`: credit records in and out by files."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Never

import click
from tqdm import tqdm

from cli.staff import open_checked
from config.settings import load_settings
from config.sources import load_sources
from models.importing import ImportKind, ImportRun, RunState
from services.audit import COMMAND_LINE
from services.errors import UserError
from services.imports.running import Importer, read_returned
from services.imports.runs import Order, begin_run, describe
from services.imports.undoing import undo_run
from services.imports.words import KIND_WORDS, RUN_WORDS
from wsgi import open_imports, read_clock

PARTS = 1000
WRITTEN = (RunState.DONE, RunState.CHECKED)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in ImportKind]), help="哪一类信息。")
@click.option("--all-or-nothing", is_flag=True, help="有一行不能导入，就一行也不导入。")
@click.option("--dry-run", is_flag=True, help="只检查，不写入。")
@click.option("--errors", type=click.Path(path_type=Path, dir_okay=False), help="退回的行写到这个 XLSX 文件。")
@click.option("--data-on", type=click.DateTime(["%Y-%m-%d"]), help="数据日期，如 2026-11-19；默认今天。")
@click.option("--full", help="这是哪个来源（config/sources.toml 中 is_full 的 code）的全量名单：没有的停止公示。")
@click.option("--source", default="", help="数据来源单位（表中没有这一列时用）。")
def records(  # noqa: PLR0917 - click passes each option
    file: Path,
    kind: str,
    all_or_nothing: bool,
    dry_run: bool,
    errors: Path | None,
    data_on: datetime | None,
    full: str | None,
    source: str,
) -> None:
    """导入信用记录：双公示等表格，XLSX 或 CSV（UTF-8、GB18030）。可重复；中断不会留下半个文件。"""
    database, settings = open_checked(), load_settings()
    if full and load_sources().full_list(full, kind) is None:
        raise UserError(f"config/sources.toml 中没有 {kind} 类、写明 is_full = true 的来源 {full}")
    importer = Importer(database, open_imports(settings), read_clock)
    with file.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        order = Order(
            kind=ImportKind(kind), name=file.name, sha256=sha256, size_bytes=file.stat().st_size,
            data_on=data_on.date() if data_on else None, source_unit=source, source=full,
            is_whole=all_or_nothing, is_rehearsal=dry_run,
        )  # fmt: skip
        with database.write() as session:
            run_id = begin_run(session, order, COMMAND_LINE, read_clock(), RunState.WAITING).id
        with tqdm(total=PARTS, desc=file.name, bar_format="{desc} {percentage:3.0f}%|{bar}| 已用 {elapsed}") as bar:
            run = importer.run(run_id, content, lambda share: show(bar, share))
    report(run)
    returned = read_returned(database, importer.store, run)
    if returned and errors:
        errors.write_bytes(returned)
        click.echo(f"退回的行及原因：{errors}")
    elif returned:
        click.echo(f"退回的行可在工作台“数据导入”第 {run.id} 号下载，或用 --errors 写成文件")
    if run.state not in WRITTEN:
        raise UserError(run.fault)


def show(bar: "tqdm[Never]", share: float) -> None:
    """Move the bar on."""
    bar.update(int(share * PARTS) - bar.n)


def report(run: ImportRun) -> None:
    """What the run did, in words."""
    counts = "，".join(f"{word} {count}" for word, count in describe(run).items())
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at and run.started_at else 0.0
    click.echo(f"第 {run.id} 号 {KIND_WORDS[run.kind]} {RUN_WORDS[run.state]}：{counts}；用时 {seconds:.1f} 秒")
    if run.enterprise_count:
        click.echo(f"  新建企业 {run.enterprise_count} 家（类别为法人且代码校验通过）")
    for words, count in run.faults.items():
        click.echo(f"  {count} 行：{words}")
    for heading, count in run.dropped.items():
        click.echo(f"  未读取的个人信息列“{heading}”：{count} 格")
    if run.masked_count:
        click.echo(f"  其他列中的个人证件号码已遮盖：{run.masked_count} 处")
    if run.ignored:
        click.echo(f"  未使用的列：{'、'.join(run.ignored)}")
    for note in run.notes:
        click.echo(f"  {note}")


@click.command()
@click.argument("number", type=int)
@click.option("--reason", required=True, help="为什么撤销；写入操作记录。")
def undo(number: int, reason: str) -> None:
    """撤销一次导入；此后已有其他处理的不能撤销。"""
    with open_checked().write() as session:
        run = undo_run(session, number, COMMAND_LINE, reason, read_clock())
    click.echo(f"第 {run.id} 号导入（{run.name}）已撤销")
