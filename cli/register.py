"""`chengxin import …`: files into the register, with a progress bar and a summary."""

from datetime import datetime
from pathlib import Path
from typing import Never

import click
from tqdm import tqdm

from config.settings import load_settings
from models.migration import check_schema
from services.enterprises.index import NameIndex
from services.enterprises.registry import SOURCE_UNIT, Progress, Summary, import_register
from wsgi import open_database, read_clock

PARTS = 10_000  # of a file, for the bar


@click.group("import")
def import_group() -> None:
    """导入数据。"""


@import_group.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--data-on", type=click.DateTime(["%Y-%m-%d"]), help="数据日期，如 2026-11-19；默认今天。")
@click.option("--source", default=SOURCE_UNIT, show_default=True, help="数据来源单位。")
def register(files: tuple[Path, ...], data_on: datetime | None, source: str) -> None:
    """导入企业登记信息：CSV、TSV（可 .gz）或 XLSX，UTF-8 或 GB18030。可重复、可中断后重来。"""
    settings = load_settings()
    database = open_database(settings)
    check_schema(database)
    with Bar() as bar:
        summary = import_register(
            database,
            files,
            settings.data_dir / "imports",
            read_clock(),
            bar.show,
            data_on=data_on.date() if data_on else None,
            source_unit=source,
        )
    report(summary)
    click.echo("正在更新名称索引……")
    index = NameIndex(settings.data_dir / "index")
    with database.read() as session:
        index.make_ready(session)
    click.echo(f"可查名称 {index.count} 个")


class Bar:
    """A bar for the present file: share done, rows, rows a second, time left."""

    def __init__(self) -> None:
        self._bar: tqdm[Never] | None = None
        self._path: Path | None = None
        self._done = 0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: Progress) -> None:
        """Move the bar on; a new file begins a new one."""
        if progress.path != self._path:
            self.__exit__()
            self._path, self._done = progress.path, 0
            self._bar = tqdm(
                total=PARTS,
                desc=progress.path.name,
                bar_format="{desc} {percentage:3.0f}%|{bar}| {postfix} 已用 {elapsed} 剩余 {remaining}",
            )
        assert self._bar is not None  # noqa: S101 - made above
        done = int(progress.share * PARTS)
        seconds = self._bar.format_dict["elapsed"] or 1.0
        self._bar.set_postfix_str(f"{progress.row_count} 行，{progress.row_count / seconds:.0f} 行/秒", refresh=False)
        self._bar.update(done - self._done)
        self._done = done


def report(summary: Summary) -> None:
    """What the import did, in words."""
    click.echo(
        f"共 {summary.row_count} 行：新增 {summary.added_count}，更新 {summary.updated_count}，"
        f"更名 {summary.renamed_count}，无变化 {summary.unchanged_count}，较旧未采用 {summary.outdated_count}，"
        f"拒收 {summary.refused_count}；用时 {summary.seconds:.1f} 秒，每秒 {summary.rows_per_second:.0f} 行"
    )
    for reason, count in summary.refused_counts.most_common():
        click.echo(f"  拒收 {count} 行：{reason}")
    if summary.personal_columns:
        click.echo(f"  未读取的个人信息列：{'、'.join(summary.personal_columns)}")
    if summary.ignored_columns:
        click.echo(f"  未使用的列：{'、'.join(summary.ignored_columns)}")
    for path in summary.refused_paths:
        click.echo(f"  拒收的行及原因（可用 Excel 打开）：{path}")
