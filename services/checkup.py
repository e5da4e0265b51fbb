"""What can be wrong on this side: settings, disk, database, index, jobs, calendar; each with what to do about it."""

import os
import shutil
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.settings import Settings, SettingsError, check_secrets
from models.calendar import CalendarYear
from models.database import Database, DatabaseBusyError
from models.enterprise import Enterprise
from models.migration import SchemaError, check_schema
from models.notice import NoticeStatus
from models.received import Received
from services.condition import Condition, read_condition
from services.enterprises.index import NameIndex

LEAST_FREE = 1 << 30  # bytes; a rebuilt name index of two million firms needs a fifth of it
LATE_SECONDS = 300.0  # the jobs process sends every second
QUIET = timedelta(hours=48)


class State(StrEnum):
    """How bad a finding is."""

    FINE = "fine"
    NOTE = "note"  # works, but a person should look at it
    FAULT = "fault"  # something does not work


@dataclass(frozen=True)
class Finding:
    """One line of a check-up."""

    subject: str
    state: State
    text: str
    advice: str = ""


def fine(subject: str, text: str) -> Finding:
    """As it should be."""
    return Finding(subject, State.FINE, text)


def check_settings(settings: Settings) -> list[Finding]:
    """Secrets, the public address, who may read the settings."""
    findings = []
    try:
        check_secrets(settings)
        findings.append(fine("设置", "密钥和微信设置齐全"))
    except SettingsError as error:
        findings.append(Finding("设置", State.FAULT, str(error)))
    if not settings.public_url.startswith("https://"):
        text = f"PUBLIC_URL 是 {settings.public_url}"
        findings.append(Finding("网址", State.NOTE, text, "正式使用须是 https 的域名，微信才能打开网页"))
    env = Path(".env")
    if env.is_file() and env.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        findings.append(Finding("设置", State.NOTE, ".env 可被本机其他用户读取", "运行 chmod 600 .env"))
    return findings


def check_disk(data_dir: Path) -> Finding:
    """Room on the disk of DATA_DIR, and whether we may write there."""
    place = next(path for path in (data_dir, *data_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(place).free
    if not os.access(place, os.W_OK):
        return Finding("磁盘", State.FAULT, f"不能写入 {data_dir}", "检查文件夹的所有者，应是运行服务的用户")
    if free < LEAST_FREE:
        advice = "清理磁盘或换更大的磁盘；备份不要放在同一块盘上"
        return Finding("磁盘", State.FAULT, f"{data_dir} 所在的盘只剩 {free >> 20} MB", advice)
    return fine("磁盘", f"还有 {free >> 30} GB 可用")


def check_database(database: Database, now: datetime) -> tuple[list[Finding], Condition | None]:
    """Whether it answers, is of this program's schema and takes what is written; and how the service does."""
    try:
        check_schema(database)
        with database.write(timeout=5.0) as session:
            session.execute(text("SELECT 1"))
            condition = read_condition(session, now)
    except SchemaError as error:
        return [Finding("数据库", State.FAULT, str(error), "先备份，再运行 chengxin db upgrade")], None
    except (SQLAlchemyError, DatabaseBusyError) as error:
        cause = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        return [Finding("数据库", State.FAULT, f"数据库不可用：{cause}", "检查 DATABASE_URL，数据库是否在运行")], None
    return [fine("数据库", "SQLite" if database.is_sqlite else "PostgreSQL")], condition


def check_index(session: Session, index: NameIndex) -> Finding:
    """Whether every firm of the register can be found."""
    index.follow(session)
    count = session.scalar(select(func.count()).select_from(Enterprise)) or 0
    if not count:
        advice = "运行 chengxin import register 文件 导入登记资料，见 docs/import.md"
        return Finding("企业资料", State.FAULT, "还没有企业登记资料，市民什么都查不到", advice)
    if not index.is_whole:
        advice = "服务启动后会自动建立，两百万家约一分钟；一直这样请看日志"
        return Finding("名称索引", State.NOTE, "名称索引正在建立或已损坏", advice)
    return fine("名称索引", f"{index.count} 家企业都能查到")


def check_jobs(condition: Condition) -> list[Finding]:
    """Whether notices go out, and what a person has to look at."""
    findings = []
    if condition.oldest_due_seconds > LATE_SECONDS:
        minutes = int(condition.oldest_due_seconds // 60)
        advice = "后台任务可能没有运行：systemctl status chengxin-jobs"
        findings.append(Finding("后台任务", State.FAULT, f"有通知已迟发 {minutes} 分钟", advice))
    else:
        findings.append(fine("后台任务", "没有迟发的通知"))
    if unknown := condition.notices[NoticeStatus.UNKNOWN]:
        advice = "微信没有答复是否送达，系统不会重发以免重复；请按日志联系当事人"
        findings.append(Finding("通知", State.NOTE, f"{unknown} 条通知不知道是否送达", advice))
    if condition.late_deadlines:
        text = f"{condition.late_deadlines} 个法定期限已超过"
        findings.append(Finding("投诉期限", State.NOTE, text, "在工作台“投诉举报”中按“已超期”筛选，立即办理"))
    return findings


def check_calendar(session: Session, now: datetime) -> Finding:
    """Whether deadlines of the coming two months are reckoned on known holidays."""
    last = session.scalar(select(func.max(CalendarYear.year)))
    if last is None or last < (now + timedelta(days=60)).year:
        text = "没有" if last is None else f"只到 {last} 年"
        advice = "国务院办公厅公布后运行 chengxin calendar import；此前的期限按周末推算，标为暂定"
        return Finding("工作日历", State.NOTE, f"节假日安排{text}", advice)
    return fine("工作日历", f"节假日安排已到 {last} 年")


def check_messages(session: Session, now: datetime) -> Finding:
    """When WeChat last reached us."""
    last = session.scalar(select(func.max(Received.received_at)))
    advice = "在公众平台“设置与开发-基本配置”核对服务器地址（URL 应为 PUBLIC_URL/wechat）、令牌和加密方式，并点“启用”"
    if last is None:
        return Finding("微信消息", State.NOTE, "还没有收到过微信的消息", advice)
    if now - last > QUIET:
        return Finding("微信消息", State.NOTE, f"上一次收到微信消息是 {last:%Y-%m-%d %H:%M}（UTC）", advice)
    return fine("微信消息", "两天内收到过")


def check_here(settings: Settings, database: Database, index: NameIndex, now: datetime) -> list[Finding]:
    """All that can be told without asking anybody else."""
    findings, condition = check_database(database, now)
    findings = [*check_settings(settings), check_disk(settings.data_dir), *findings]
    if condition is None:
        return findings
    with database.read() as session:
        findings += [check_index(session, index), *check_jobs(condition)]
        return [*findings, check_calendar(session, now), check_messages(session, now)]
