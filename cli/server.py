"""Commands that run the service: serve, jobs, db, menu."""

import multiprocessing
import os
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces

from bot.gateway import Gateway
from bot.js_sdk import open_tickets
from bot.menu import load_menu, push_menu
from bot.reception import Reception
from bot.spool import Spool
from cli.counts import open_counts
from cli.ports import check_port
from config.bureau import load_bureau
from config.cases import load_case_rules
from config.logging import set_up_logging
from config.metrics import open_folder
from config.settings import HotlineChannel, JobsEngine, Settings, check_secrets, load_settings
from handlers import ROUTERS
from jobs.engine import make_engine
from jobs.holding import Holder
from jobs.hotline import HotlineSender, Line, open_http
from jobs.schedule import Job, make_timetable, print_timetable, run_jobs
from jobs.wakes import Bell
from models.database import Database
from models.migration import check_schema, upgrade_database
from models.vault import VaultError
from services.calendar.years import seed_calendar
from services.campaigns.years import seed_days
from services.errors import UserError
from services.evidence.examining import make_examiner
from services.evidence.store import EvidenceStore
from services.evidence.uploads import reseal_pieces
from services.hotline.outgoing import Exchange
from services.keys import BATCH, reseal_database
from services.quiz.bank import seed_bank
from wsgi import hotline_credentials, open_database, open_desk, open_evidence, read_clock, secrets_of


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
        desk.index.follow(session)
    if not desk.index.is_whole:
        click.echo("正在后台建立名称索引（两百万家约一分钟）；建好之前只能按登记的全称或代码查到企业，建好后自动生效。")
    database.close()
    if database.is_sqlite and workers not in {None, 1}:
        click.echo("SQLite 只能用 1 个进程（多进程请用 PostgreSQL），已按 1 个启动。", err=True)
    count = 1 if database.is_sqlite else workers or os.cpu_count() or 1
    if count > 1:  # each worker imports anew, and counts in the folder
        multiprocessing.set_start_method("spawn")
        open_folder(settings.data_dir / "metrics")
    click.echo(f"诚信通已启动：{settings.public_url}（本机 {settings.host}:{settings.port}）")
    Granian(
        "wsgi:create_server_app",
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
    timetable = open_timetable(settings, database)
    click.echo(print_timetable(timetable))
    if show:
        return
    if settings.metrics_port:
        open_counts("METRICS_PORT", settings.metrics_port, open_database(settings), read_clock)
    if settings.jobs_engine is JobsEngine.CELERY and database.tallies:
        bell = Bell(make_engine(settings.redis_url), database.tallies)
        run_jobs(bell.share_out(timetable), holder=Holder(database, read_clock))
    else:
        run_jobs(timetable)


def open_timetable(settings: Settings, database: Database) -> list[Job]:
    """The jobs of this installation, ready to be done."""
    reception = Reception(settings, database, open_desk(settings), ROUTERS, read_clock)
    gateway = Gateway(settings, database, read_clock)
    hotline = open_hotline(settings, database)
    evidence = open_evidence(settings)
    examine = make_examiner(settings.evidence_scan)
    timetable = make_timetable(database, gateway, reception, read_clock, hotline, evidence=evidence, examine=examine)
    if settings.wechat_notice_template:
        keep = open_tickets(gateway).current
        timetable.append(Job("ticket", 60, "keep the ticket that signs pages in WeChat", keep))
    return timetable


def open_hotline(settings: Settings, database: Database) -> HotlineSender | None:
    """The exchange of the settings; None where the channel is paper."""
    if settings.hotline_channel is HotlineChannel.MANUAL:
        return None
    credentials = hotline_credentials(settings)
    line = Line(settings.hotline_url.rstrip("/"), credentials, open_http()) if credentials else None
    return HotlineSender(database, load_case_rules(), describe_exchange(settings), line, read_clock)


def describe_exchange(settings: Settings) -> Exchange:
    """Who we are to the hotline."""
    callback = f"{settings.public_url}/api/hotline/statuses"
    files = f"{settings.public_url}/api/hotline/files"
    return Exchange(settings.hotline_receiver, load_bureau().name, callback, files)


@click.group()
def db() -> None:
    """数据库。"""


@db.command()
def upgrade() -> None:
    """建立数据库或升级到最新结构；可重复运行。"""
    settings = load_settings()
    database = open_database(settings)
    revision = upgrade_database(database)
    with database.write() as session:
        seed_calendar(session, read_clock())
        seed_bank(session, read_clock())
        seed_days(session)
    click.echo(f"数据库已是最新结构 {revision}")


@db.command()
def reseal() -> None:
    """更换 SECRET_KEY 后用新密钥重新加密全部个人信息；先停止服务。可中断后重来。"""
    settings = load_settings()
    check_secrets(settings)
    if not settings.previous_secret_key:
        raise UserError("请先把原来的密钥填入 PREVIOUS_SECRET_KEY，新密钥填入 SECRET_KEY")
    database = open_database(settings)
    check_schema(database)
    try:
        rows, files = reseal_all(database, settings.data_dir)
    except VaultError:
        raise UserError("有内容两个密钥都打不开，已停在那一批，之前的内容已更新；请核对 PREVIOUS_SECRET_KEY") from None
    kept = f"和 {files} 条暂存的消息" if files else ""
    click.echo(f"已重新加密 {rows} 行{kept}。请删去 PREVIOUS_SECRET_KEY 后启动服务")


def reseal_all(database: Database, data_dir: Path, batch: int = BATCH) -> tuple[int, int]:
    """Rows, messages that wait on disk, and pieces of unfinished uploads; how many of the first two."""
    counts = reseal_database(database, batch)
    files = sum(Spool(data_dir / name, database.vault).reseal() for name in ("spool", "put_off"))
    reseal_pieces(EvidenceStore(data_dir / "evidence").uploads, database.vault)
    return sum(counts.values()), files


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
