"""Commands that run the service: serve, jobs, db, menu."""

import os

import click
from granian import Granian
from granian.constants import Interfaces

from bot.gateway import Gateway
from bot.menu import load_menu, push_menu
from bot.reception import Reception
from cli.ports import check_port
from config.logging import set_up_logging
from config.settings import check_secrets, load_settings
from handlers import ROUTERS
from jobs.schedule import make_timetable, print_timetable, run_jobs
from models.migration import check_schema, upgrade_database
from wsgi import open_database, open_desk, read_clock, secrets_of


@click.command()
@click.option("--workers", type=click.IntRange(1, 64), help="进程数；SQLite 只用 1 个，PostgreSQL 默认等于核数。")
def serve(workers: int | None) -> None:
    """启动网页与微信回调服务。"""
    settings = load_settings()
    check_secrets(settings)
    check_port(settings.host, settings.port)
    database = open_database(settings)
    check_schema(database)
    desk = open_desk(settings)
    with database.read() as session:
        desk.index.follow(session)  # made here once, so that workers find it
    database.close()
    if database.is_sqlite and workers not in {None, 1}:
        click.echo("SQLite 只能用 1 个进程（多进程请用 PostgreSQL），已按 1 个启动。", err=True)
    count = 1 if database.is_sqlite else workers or os.cpu_count() or 1
    click.echo(f"诚信通已启动：{settings.public_url}（本机 {settings.host}:{settings.port}）")
    Granian(
        "wsgi:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=count,
        respawn_failed_workers=True,
        log_enabled=False,
    ).serve()


@click.command()
@click.option("--show", is_flag=True, help="只打印时间表。")
def jobs(show: bool) -> None:
    """启动后台任务：发送通知、补处理消息、看照片、清理。"""
    settings = load_settings()
    check_secrets(settings)
    set_up_logging(secrets_of(settings))
    database = open_database(settings)
    check_schema(database)
    reception = Reception(settings, database, open_desk(settings), ROUTERS, read_clock)
    gateway = Gateway(settings, database, read_clock)
    timetable = make_timetable(database, gateway, reception, read_clock)
    click.echo(print_timetable(timetable))
    if not show:
        run_jobs(timetable)


@click.group()
def db() -> None:
    """数据库。"""


@db.command()
def upgrade() -> None:
    """建立数据库或升级到最新结构；可重复运行。"""
    settings = load_settings()
    revision = upgrade_database(open_database(settings))
    click.echo(f"数据库已是最新结构 {revision}")


@click.group()
def menu() -> None:
    """公众号自定义菜单。"""


@menu.command()
@click.option("--check", is_flag=True, help="只检查 config/menu.toml，不推送。")
def push(check: bool) -> None:
    """检查 config/menu.toml 并推送到微信。"""
    settings = load_settings()
    made = load_menu(settings.public_url)
    if check:
        click.echo("菜单符合微信的限制。")
        return
    check_secrets(settings)
    database = open_database(settings)
    check_schema(database)
    push_menu(Gateway(settings, database, read_clock), made)
    click.echo("菜单已推送，关注者重新进入公众号后可见（最迟约5分钟）。")
