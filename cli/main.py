"""All commands, and how a user's mistake ends: one clear line, exit code 1."""

import sys
from collections.abc import Sequence

import click
from sqlalchemy.exc import DBAPIError

from bot.api_errors import GatewayError
from bot.menu import MenuError
from cli.answers import answers
from cli.backups import backup
from cli.cases import calendar, cases
from cli.demo import demo
from cli.doctor import doctor
from cli.evidence import evidence
from cli.exports import export_group
from cli.fit import fit
from cli.hotline import hotline
from cli.records import records, undo
from cli.register import import_group
from cli.search import search
from cli.server import db, jobs, menu, serve
from cli.staff import audit_group, staff
from cli.worker import worker
from config.settings import SettingsError
from models.migration import SchemaError
from services.errors import UserError

MISTAKES = (UserError, SettingsError, SchemaError, MenuError, GatewayError)


import_group.add_command(records)
import_group.add_command(undo)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def chengxin() -> None:
    """诚信通：商务局微信服务号的信用查询服务。"""


for command in (
    serve,
    jobs,
    worker,
    demo,
    db,
    backup,
    doctor,
    import_group,
    export_group,
    search,
    fit,
    menu,
    staff,
    audit_group,
    calendar,
    cases,
    evidence,
    hotline,
    answers,
):
    chengxin.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; a mistake of the user's is one line on standard error and exit code 1, without a trace."""
    try:
        chengxin.main(args=arguments, prog_name="chengxin", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.Abort:
        sys.exit(1)
    except click.exceptions.NoArgsIsHelpError as empty:  # a group without its command: show what there is
        click.echo(empty.ctx.get_help() if empty.ctx else str(empty))
        sys.exit(2)
    except click.ClickException as mistake:
        fail(f"命令有误（{mistake.format_message()}），用法见 chengxin --help")
    except MISTAKES as mistake:
        fail(str(mistake))
    except UnicodeDecodeError:  # Windows' editors like to write GBK
        fail("设置文件须为 UTF-8 编码，请检查 .env、config/bureau.toml、config/menu.toml")
    except DBAPIError as trouble:
        fail(f"数据库不可用：{str(trouble.orig).splitlines()[0]}")
    except OSError as trouble:
        fail(f"无法读写 {trouble.filename or ''}：{trouble.strerror or trouble}")


def fail(line: str) -> None:
    """One line, exit code 1."""
    click.echo(f"错误：{line}", err=True)
    sys.exit(1)
