"""chengxin answers: the keys that sign answers, and checking one by hand."""

from datetime import timedelta

import click

from config.answers import load_answer_rules
from config.settings import load_settings
from models.audit import Act
from models.migration import check_schema
from services.audit import COMMAND_LINE, record
from services.credit.answer_keys import list_keys, rotate_keys
from services.credit.answer_numbers import token_of
from services.credit.answers import check_answer
from services.credit.check_words import CHECK_WORDS
from wsgi import open_database, read_clock


@click.group()
def answers() -> None:
    """查询编号：签名密钥与核验。"""


@answers.command()
def keys() -> None:
    """列出签名密钥（只列代号和日期）。"""
    database = open_database(load_settings())
    check_schema(database)
    with database.read() as session:
        for key in list_keys(session):
            state = f"停用于 {key.retired_at:%Y-%m-%d}" if key.retired_at else "正在使用"
            click.echo(f"{key.letter}  启用于 {key.made_at:%Y-%m-%d}  {state}")


@answers.command()
def rotate() -> None:
    """换一把新的签名密钥；以前出具的结果仍可核验。"""
    database, now = open_database(load_settings()), read_clock()
    check_schema(database)
    keep = timedelta(days=load_answer_rules().answers.keep_days + 1)
    with database.write() as session:
        letter = rotate_keys(session, now, keep)
        record(session, COMMAND_LINE, Act.ANSWER_KEY_CHANGED, now, subject=letter)
    click.echo(f"已启用新的签名密钥 {letter}。以前出具的结果仍可核验。")


@answers.command()
@click.argument("number")
@click.argument("code")
def check(number: str, code: str) -> None:
    """核验一份查询结果：查询编号 校验码。"""
    database = open_database(load_settings())
    check_schema(database)
    with database.write() as session:
        found = check_answer(session, token_of(number, code), "cli", read_clock(), load_answer_rules().answers)
    click.echo(CHECK_WORDS[found.state])
