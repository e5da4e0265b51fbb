"""Commands that make, check and put back backups."""

from pathlib import Path

import click

from config.settings import check_secrets, load_settings
from models.vault import VaultError
from services.backups.copying import find_faults, make_backup, restore_backup
from services.backups.manifest import read_manifest
from services.errors import UserError
from wsgi import open_database, read_clock

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def backup() -> None:
    """备份与恢复。密钥 SECRET_KEY 不在备份里，须另外保管，丢了就打不开。"""


@backup.command("make")
@click.argument("folder", type=FOLDER)
def make(folder: Path) -> None:
    """备份数据库和文件到 FOLDER，不必停止服务。"""
    settings = load_settings()
    made = make_backup(open_database(settings), settings.data_dir, folder, read_clock())
    size = sum(path.stat().st_size for path in made.iterdir()) >> 20
    click.echo(f"已备份到 {made}（{size} MB）。SECRET_KEY 不在其中，请另外保管。")


@backup.command("check")
@click.argument("folder", type=FOLDER)
def check(folder: Path) -> None:
    """核对一份备份是否完整、有没有损坏。"""
    manifest = read_manifest(folder)
    click.echo(f"完好：{manifest.made_at} 的备份，{manifest.backend}，结构 {manifest.revision}")
    for name, count in manifest.counts.items():
        click.echo(f"  {name} {count} 行")


@backup.command("restore")
@click.argument("folder", type=FOLDER)
def restore(folder: Path) -> None:
    """把一份备份恢复到空的数据库和 DATA_DIR，并核对。"""
    settings = load_settings()
    check_secrets(settings)
    database = open_database(settings)
    restore_backup(database, settings.data_dir, folder)
    try:
        faults = find_faults(database, read_manifest(folder))
    except VaultError:
        raise UserError("已恢复，但 SECRET_KEY 与备份时的不同，个人信息打不开；请改用当时的密钥") from None
    if faults:
        raise UserError("已恢复，但核对发现：" + "；".join(faults))
    click.echo("已恢复并核对：行数不少于备份时，操作记录链条完整。名称索引会在启动后自动重建。")
