"""`chengxin calendar …` and `chengxin cases …`: the yearly holidays, the printed workflow, checks of histories."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from config.cases import load_case_rules
from config.settings import load_settings
from models.calendar import CalendarYear
from models.case import Case
from models.migration import check_schema
from services.calendar.working_days import SHANGHAI
from services.calendar.years import import_year, load_calendar, seed_calendar
from services.cases.clock import follow_calendar
from services.cases.docket import open_docket
from services.cases.history import verify_history
from services.cases.printing import print_all
from services.errors import UserError
from wsgi import open_database, read_clock


@click.group()
def calendar() -> None:
    """工作日历：每年放假安排公布后导入。"""


@calendar.command("import")
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--file", "path", type=click.Path(path_type=Path), help="CSV：日期、类型（放假或上班）；日期可写成一段。")
def import_holidays(year: int, path: Path | None) -> None:
    """导入一年的放假和调休；不带 --file 时用程序自带的日历。暂定的期限随之重新计算。"""
    database = open_database(load_settings())
    check_schema(database)
    with database.write() as session:
        seed_calendar(session, read_clock())
        count = import_year(session, year, path, read_clock())
        changed = follow_calendar(open_docket(session, load_case_rules(), read_clock()))
    click.echo(f"{year} 年：{count} 天已导入；{changed} 个暂定期限的日期有变化，已提醒承办人")


@calendar.command()
@click.argument("start", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("count", type=click.IntRange(0, 1000))
def add(start: datetime, count: int) -> None:
    """从 START 起第 COUNT 个工作日是哪一天（START 当日不计）。"""
    database = open_database(load_settings())
    check_schema(database)
    with database.write() as session:
        seed_calendar(session, read_clock())
        due = load_calendar(session).add(start.date(), count)
    click.echo(f"{due.on}{'（暂定：该年放假安排尚未导入）' if due.is_provisional else ''}")


@calendar.command("list")
def list_years() -> None:
    """已导入哪些年。"""
    database = open_database(load_settings())
    check_schema(database)
    with database.read() as session:
        for year in session.scalars(select(CalendarYear).order_by(CalendarYear.year)):
            click.echo(f"{year.year}  {year.imported_at.astimezone(SHANGHAI):%Y-%m-%d}  {year.source}")


@click.group()
def cases() -> None:
    """投诉、举报、咨询。"""


@cases.command()
def table() -> None:
    """打印办理流程表（docs/cases.md 中的同一张）。"""
    click.echo(print_all())


@cases.command()
def verify() -> None:
    """核对每件事项的办理记录是否完整、未被改动。"""
    database = open_database(load_settings())
    check_schema(database)
    with database.read() as session:
        docket = open_docket(session, load_case_rules(), read_clock())
        found = list(session.scalars(select(Case).order_by(Case.id)))
        faults = [f"{case.number}：{'；'.join(wrong)}" for case in found if (wrong := verify_history(docket, case))]
    for fault in faults:
        click.echo(fault)
    if faults:
        raise UserError(f"{len(found)} 件中 {len(faults)} 件的办理记录有问题")
    click.echo(f"{len(found)} 件的办理记录完整")
