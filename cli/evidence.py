"""`chengxin evidence …`: whether everything that citizens handed in is still there and unchanged."""

from collections.abc import Iterable

import click
from tqdm import tqdm

from cli.staff import open_checked
from config.settings import load_settings
from services.errors import UserError
from services.evidence.checking import check_store, sweep_store
from wsgi import open_evidence, read_clock

MOST_SHOWN = 20


@click.group()
def evidence() -> None:
    """投诉举报的证据文件。"""


@evidence.command()
def check() -> None:
    """逐个读出证据文件，与登记的摘要核对；有缺失或损坏时以 1 结束。"""
    database, store = open_checked(), open_evidence(load_settings())
    found = check_store(database, store, read_clock(), show_progress)
    click.echo(f"完好 {found.whole_count} 个，缺失 {len(found.missing)} 个，损坏 {len(found.damaged)} 个")
    if found.ownerless:
        click.echo(f"没有登记的文件 {len(found.ownerless)} 个，后台任务会移到 evidence/aside，7 天后删除")
    if found.aside_count:
        click.echo(f"evidence/aside 中有 {found.aside_count} 个文件；若是接错了数据库，接回后会自动移回")
    if found.overdue_count:
        click.echo(f"超过 6 小时还没有从微信取回的 {found.overdue_count} 个，请检查网络和后台任务")
    if not found.is_sound:
        lost = "；".join(
            f"{words}：{'、'.join(map(str, rows[:MOST_SHOWN]))}{'……' if len(rows) > MOST_SHOWN else ''}"
            for words, rows in (("缺失", found.missing), ("损坏", found.damaged))
            if rows
        )
        raise UserError(f"有证据丢失或被改动，请从备份恢复 evidence 文件夹。证据编号 {lost}")


@evidence.command()
def sweep() -> None:
    """立即整理：没有登记的文件移到一边，登记了的移回，移开满 7 天的删除（后台任务每小时也会做）。"""
    counts = sweep_store(open_checked(), open_evidence(load_settings()), read_clock())
    click.echo(f"移开 {counts['aside']} 个，移回 {counts['back']} 个，删除 {counts['deleted']} 个")


def show_progress(ids: list[int]) -> Iterable[int]:
    """A bar while files are read."""
    return tqdm(ids, desc="核对", unit="个", disable=len(ids) < 100)
