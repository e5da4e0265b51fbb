"""`chengxin staff …`, `chengxin audit …`: the console's accounts, and the proof of its log."""

from datetime import date, datetime

import click
from sqlalchemy.orm import Session

from config.settings import load_settings
from models.database import Database
from models.migration import check_schema
from models.role import Role
from models.staff import StaffAccount
from services import audit
from services.audit import COMMAND_LINE
from services.calendar.working_days import SHANGHAI, day_of
from services.errors import UserError
from services.staff import accounts, throttle
from services.staff.accounts import find_account, list_accounts, roles_in_words
from services.staff.passwords import judge_password
from services.staff.words import ROLE_WORDS
from wsgi import open_database, read_clock

LEAST_YEARS_KEPT = 3  # of the audit log
ROLES_BY_WORD = {words: role for role, words in ROLE_WORDS.items()} | {role.value: role for role in Role}


class RoleType(click.ParamType[Role]):
    """A role by its Chinese or its English word."""

    name = "role"

    def convert(self, value: str | Role, _param: click.Parameter | None, _context: click.Context | None) -> Role:
        """The role, or a line that lists them all."""
        role = ROLES_BY_WORD.get(value)
        if role is None:
            raise UserError(f"没有岗位“{value}”。可用：{'、'.join(ROLE_WORDS.values())}")
        return role


def open_checked() -> Database:
    """The database of the settings at the newest schema."""
    settings = load_settings()
    if not settings.secret_key:
        raise UserError("请先在 .env 中填写 SECRET_KEY，见 docs/settings.md")
    database = open_database(settings)
    check_schema(database)
    return database


def require_account(session: Session, login: str) -> StaffAccount:
    """The account, or a UserError."""
    account = find_account(session, login)
    if account is None:
        raise UserError(f"没有登录名为 {login} 的账号，chengxin staff list 可列出全部")
    return account


def show_one_time(login: str, drawn: str) -> None:
    """The password nobody will see again."""
    click.echo(f"登录名      {login}\n一次性密码  {drawn}")
    click.echo("三天内有效，首次登录时须换成自己的密码；只显示这一次。")


@click.group()
def staff() -> None:
    """工作台的账号。"""


@staff.command()
@click.argument("login")
@click.option("--name", required=True, help="姓名。")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=RoleType(),
    metavar="岗位",
    help=f"岗位，可重复：{'、'.join(ROLE_WORDS.values())}。",
)
@click.option("--unit", default="", help="处室或商协会。")
@click.option("--ask", is_flag=True, help="在终端输入密码，而不是生成一次性密码。")
def add(login: str, name: str, roles: tuple[Role, ...], unit: str, ask: bool) -> None:
    """新增账号，打印一次性密码；或加 --ask 在终端输入密码。"""
    database, password = open_checked(), ""
    if ask:
        password = click.prompt("密码（不显示）", hide_input=True, confirmation_prompt="再输一遍")
        fault = judge_password(password, (login, name))
        if fault:
            raise UserError(f"这个密码{fault}")
    with database.write() as session:
        account, drawn = accounts.add_account(
            session,
            COMMAND_LINE,
            read_clock(),
            login=login,
            name=name,
            roles=frozenset(roles),
            unit=unit,
            password=password,
        )
    click.echo(f"已新增 {account.name}（{roles_in_words(account.roles)}）")
    if drawn:
        show_one_time(account.login, drawn)


@staff.command("list")
def list_all() -> None:
    """列出全部账号。"""
    now = read_clock()
    with open_checked().read() as session:
        people = list_accounts(session)
        if not people:
            click.echo("还没有账号。新增第一个：chengxin staff add 登录名 --name 姓名 --role 系统管理员")
        for one in people:
            seen = describe_moment(one.signed_in_at) if one.signed_in_at else "还没有登录过"
            state = describe_state(session, one, now)
            click.echo("\t".join((one.login, one.name, roles_in_words(one.roles), one.unit or "—", state, seen)))


def describe_state(session: Session, account: StaffAccount, now: datetime) -> str:
    """The state of an account in a word."""
    if account.disabled_at:
        return "已停用"
    if throttle.blocked_until(session, account.login, now):
        return "登录暂停中"
    return "待设密码" if account.must_change_password else "正常"


def describe_moment(moment: datetime) -> str:
    """A moment in China."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


@staff.command()
@click.argument("login")
@click.option("--reason", required=True, help="原因，记入操作记录。")
def disable(login: str, reason: str) -> None:
    """停用账号，立即退出它的所有登录。"""
    with open_checked().write() as session:
        account = require_account(session, login)
        accounts.disable(session, COMMAND_LINE, account, read_clock(), reason)
    click.echo(f"已停用 {account.name}（{account.login}）")


@staff.command()
@click.argument("login")
@click.option("--reason", required=True, help="原因，记入操作记录。")
def enable(login: str, reason: str) -> None:
    """恢复停用的账号。"""
    with open_checked().write() as session:
        account = require_account(session, login)
        accounts.enable(session, COMMAND_LINE, account, read_clock(), reason)
    click.echo(f"已恢复 {account.name}（{account.login}）")


@staff.command()
@click.argument("login")
@click.option("--reason", required=True, help="原因，记入操作记录。")
def reset(login: str, reason: str) -> None:
    """忘记密码、丢了手机或被暂停登录：打印新的一次性密码，动态验证码一并停用。"""
    with open_checked().write() as session:
        account = require_account(session, login)
        drawn = accounts.reset(session, COMMAND_LINE, account, read_clock(), reason)
    show_one_time(account.login, drawn)


@click.group("audit")
def audit_group() -> None:
    """操作记录。"""


@audit_group.command()
@click.option("--anchor", default="", metavar="序号:印记", help="以前记下的一条，核对它仍在原处。")
def verify(anchor: str) -> None:
    """核对操作记录没有被改动、抽掉或截去；发现问题时以 1 结束并说出第一处。"""
    with open_checked().read() as session:
        proof = audit.verify(session)
        noted = read_anchor(anchor) if anchor else None
        is_kept = noted is None or audit.has_entry(session, *noted)
    if proof.broken_at is not None:
        raise UserError(f"第 {proof.broken_at} 条：{proof.fault}；此前 {proof.count} 条完好")
    if noted and noted[0] < proof.cut:
        raise UserError(f"第 {noted[0]} 条已按保存期限删除，请用 {proof.cut} 以后记下的核对")
    if not is_kept:
        raise UserError(f"以前记下的 {anchor} 已不在原处：记录被整体重写过")
    cut = f"（前 {proof.cut} 条已按保存期限删除）" if proof.cut else ""
    click.echo(f"操作记录共 {proof.count} 条{cut}，首尾相连，没有被改动")
    click.echo(f"可以记下这一行，以后用 --anchor 核对：{proof.count}:{proof.seal[:32]}")


@audit_group.command()
@click.option(
    "--years", type=click.IntRange(LEAST_YEARS_KEPT), default=LEAST_YEARS_KEPT, show_default=True, help="保存几年。"
)
@click.confirmation_option(prompt="超过保存期限的操作记录将被删除，不能恢复。先核对、先备份了吗？")
def cut(years: int) -> None:
    """删除超过保存期限（至少 3 年）的操作记录；其余的仍首尾相连，可以核对。"""
    now = read_clock()
    today = day_of(now)
    with open_checked().write() as session:
        proof = audit.verify(session)
        if proof.broken_at is not None:
            raise UserError(f"第 {proof.broken_at} 条：{proof.fault}。请先查清，没有删除")
        gone = audit.cut_off(session, COMMAND_LINE, years_before(today, years), now)
    click.echo(f"已删除 {gone} 条" if gone else f"没有超过 {years} 年的操作记录")


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; of 29 February the day after."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - years, 3, 1) if is_leap_day else day.replace(year=day.year - years)


def read_anchor(anchor: str) -> tuple[int, str]:
    """Number and beginning of the seal."""
    number, _, seal = anchor.partition(":")
    if not number.isdecimal() or len(seal) < 16:
        raise UserError("--anchor 应是 核对时打印的“序号:印记”，例：120:9f8e7d6c5b4a3928")
    return int(number), seal
