"""`chengxin hotline …`: the daily file both ways, what has not arrived, sending it again."""

from datetime import datetime
from pathlib import Path

import click

from cli.server import describe_exchange
from config.cases import load_case_rules
from config.settings import HotlineChannel, Settings, load_settings
from models.case import Case
from models.database import Database
from models.hotline import SendingState
from models.migration import check_schema
from services.calendar.working_days import SHANGHAI, day_of
from services.cases.docket import open_docket
from services.errors import UserError
from services.hotline import outbox
from services.hotline.batch import COLUMNS, export_rows, take_row
from services.hotline.enclosing import name_archive, write_archive
from services.hotline.files import read_table
from services.hotline.following import follow_with_evidence
from services.hotline.outgoing import gather
from services.papers.workbook import Table, make_csv, make_xlsx
from wsgi import open_database, open_evidence, read_clock

WIDTHS = {
    "诉求内容": 48,
    "办理结果": 40,
    "被反映单位": 30,
    "工单编号": 26,
    "来源编号": 26,
    "统一社会信用代码": 22,
    "附件": 48,
}
STATES = {
    SendingState.NEW: "待发",
    SendingState.LEASED: "正在发",
    SendingState.SENT: "已送达",
    SendingState.DEAD: "停发",
    SendingState.BATCHED: "已写入文件",
}


def open_checked() -> tuple[Settings, Database]:
    """Settings, and the database at the newest schema."""
    settings = load_settings()
    database = open_database(settings)
    check_schema(database)
    return settings, database


@click.group()
def hotline() -> None:
    """与 12345、12312 热线交换工单。"""


@hotline.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--again", type=click.DateTime(["%Y-%m-%d"]), help="把这一天已经写过文件的再写一遍。")
def export_file(path: Path, again: datetime | None) -> None:
    """把要交给热线的工单和进展写成文件（.xlsx 或 .csv）；写成之后才算已发。"""
    settings, database = open_checked()
    if settings.hotline_channel is HotlineChannel.MANUAL:
        raise UserError("HOTLINE_CHANNEL 是 manual（打印转办单），用文件交换请改为 batch")
    if path.suffix.lower() not in {".xlsx", ".csv"}:
        raise UserError("文件名须以 .xlsx 或 .csv 结尾")
    archive = name_archive(path)
    for wanted in (path, archive):
        if wanted.exists():
            raise UserError(f"{wanted} 已存在，请换一个文件名")
    with database.write() as session:
        docket = open_docket(session, load_case_rules(), read_clock())
        exchange = describe_exchange(settings)
        follow_with_evidence(docket, exchange.receiver)
        while gather(docket, exchange):
            pass
        outgoing = export_rows(docket, again.date() if again else None)
        table = Table("工单", COLUMNS, outgoing.rows, WIDTHS)
        # Before the transaction ends: what could not be written has not gone out.
        if outgoing.files:
            write_archive(session, open_evidence(settings), outgoing.files, archive, docket.now)
        path.write_bytes(make_xlsx([table]) if path.suffix.lower() == ".xlsx" else make_csv(table))
    click.echo(f"{len(outgoing.rows)} 行已写入 {path}")
    if outgoing.files:
        click.echo(f"{len(outgoing.files)} 个附件已写入 {archive}，请与表格一起送交")


@hotline.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_file(path: Path) -> None:
    """收热线给的文件（.xlsx 或 .csv）；可重复，收过的不会再收。"""
    _, database = open_checked()
    rules, counts = load_case_rules(), {"新增": 0, "进展": 0, "重复": 0}
    file_day, refused = day_of(datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI)), []
    for number, cells in read_table(path):
        try:
            with database.write() as session:
                outcome = take_row(open_docket(session, rules, read_clock()), cells, file_day)
        except UserError as wrong:
            refused.append([*(cells.get(name, "") for name in COLUMNS), str(number), str(wrong)])
        else:
            counts[outcome] += 1
    click.echo("，".join(f"{word} {count}" for word, count in counts.items()))
    if refused:
        beside = path.with_name(f"{path.stem}-未导入-{read_clock().astimezone(SHANGHAI):%Y%m%d-%H%M%S}.xlsx")
        beside.write_bytes(make_xlsx([Table("未导入", [*COLUMNS, "行号", "原因"], refused, WIDTHS | {"原因": 40})]))
        raise UserError(f"{len(refused)} 行没有收下，原因见 {beside}；改好后可把整个文件再收一次")


@hotline.command("list")
def list_all() -> None:
    """各种状态各有几条；停发的逐条列出。"""
    _, database = open_checked()
    with database.read() as session:
        counts = outbox.count_sendings(session)
        click.echo("，".join(f"{STATES[state]} {count}" for state, count in counts.items()) or "还没有要发给热线的")
        for sending in outbox.list_dead(session):
            case = session.get_one(Case, sending.case_id)
            click.echo(f"{sending.id}\t{case.number}\t试过 {sending.tries} 次\t{sending.last_error}")


@hotline.command()
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="停发的全部重发。")
def again(numbers: tuple[int, ...], everything: bool) -> None:
    """重发停发的（序号见 list）。"""
    _, database = open_checked()
    with database.write() as session:
        docket = open_docket(session, load_case_rules(), read_clock())
        dead = {sending.id: sending for sending in outbox.list_dead(session)}
        wanted = list(dead) if everything else list(numbers)
        if unknown := [number for number in wanted if number not in dead]:
            raise UserError(f"没有停发的第 {unknown[0]} 条，chengxin hotline list 可列出全部")
        for number in wanted:
            outbox.send_again(docket, dead[number])
    click.echo(f"{len(wanted)} 条将重发" if wanted else "没有停发的")
