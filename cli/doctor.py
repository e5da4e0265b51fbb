"""The command that looks for what is wrong and says what to do."""

import sys

import click

from bot.checkup import check_wechat
from bot.gateway import Gateway
from config.settings import load_settings
from services.checkup import Finding, State, check_here
from services.checkup_machines import check_machines
from services.enterprises.index import NameIndex
from wsgi import open_database, read_clock

SIGNS = {State.FINE: "✓", State.NOTE: "！", State.FAULT: "✗"}


@click.command()
@click.option("--offline", is_flag=True, help="不联系微信，只检查本机。")
def doctor(offline: bool) -> None:
    """体检：检查设置、磁盘、数据库、索引、后台任务和微信，说明怎么办；有故障时退出码为 1。"""
    settings = load_settings()
    database = open_database(settings)
    findings = check_here(settings, database, NameIndex(settings.data_dir / "index"), read_clock())
    findings += check_machines(settings, database)
    print_findings(findings)
    if not offline and settings.wechat_app_id:
        more = check_wechat(Gateway(settings, database, read_clock), settings, read_clock)
        print_findings(more)
        findings += more
    faults = sum(finding.state is State.FAULT for finding in findings)
    notes = sum(finding.state is State.NOTE for finding in findings)
    click.echo(f"共 {len(findings)} 项：{faults} 项故障，{notes} 项提醒。" if faults or notes else "一切正常。")
    if faults:
        sys.exit(1)


def print_findings(findings: list[Finding]) -> None:
    """A line each; what to do below."""
    for finding in findings:
        click.echo(f"{SIGNS[finding.state]} {finding.subject}：{finding.text}")
        if finding.advice:
            click.echo(f"    怎么办：{finding.advice}")
