"""`chengxin search`: what a citizen's words would find, for staff and for measuring."""

import json
import sys
import time
from collections.abc import Iterable
from typing import Any, TextIO

import click
from sqlalchemy.orm import Session

from config.settings import load_settings
from models.migration import check_schema
from services.desk import Desk
from services.enterprises.finding import Candidate, Finding, Verdict
from services.enterprises.search import find
from services.errors import UserError
from wsgi import open_database, open_desk

WORDS = {Verdict.MATCH: "就是这家", Verdict.CHOOSE: "请选择", Verdict.NONE: "没有找到"}


@click.command()
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@click.option("--batch", type=click.File(encoding="utf-8", errors="replace"), help="每行一个问题的文件；- 为标准输入。")
def search(text: str | None, as_json: bool, batch: TextIO | None) -> None:
    """查企业：名称、简称、代码或一句话。"""
    if (text is None) == (batch is None):
        raise UserError("请给出要查的内容，或用 --batch 给出文件（二选一）")
    settings = load_settings()
    database, desk = open_database(settings), open_desk(settings)
    check_schema(database)
    with database.read() as session:
        desk.index.make_ready(session)
        for question in [text] if text is not None else read_lines(batch):
            answer(session, desk, question or "", as_json)


def read_lines(batch: TextIO | None) -> Iterable[str]:
    """The lines of a file without their ends."""
    return (line.rstrip("\r\n") for line in batch or ())


def answer(session: Session, desk: Desk, question: str, as_json: bool) -> None:
    """Print what one question finds."""
    began = time.perf_counter()
    finding = find(session, question, desk.index, desk.bureau.city or desk.bureau.province)
    milliseconds = (time.perf_counter() - began) * 1000
    if as_json:
        sys.stdout.write(json.dumps(describe(question, finding, milliseconds), ensure_ascii=False) + "\n")
        return
    click.echo(f"{WORDS[finding.verdict]}（{finding.reason}，{milliseconds:.1f} 毫秒）")
    for number, candidate in enumerate(finding.candidates, 1):
        other = f"  （{candidate.matched_name}）" if candidate.matched_name else ""
        click.echo(f"  {number} {candidate.name}  {candidate.credit_code or '无代码'}  {candidate.region}{other}")
    for part in finding.parts:
        click.echo(f"  请分开查：{part}")
    if finding.more_count:
        click.echo(f"  还有 {finding.more_count} 家，请补充地区或全称")


def describe(question: str, finding: Finding, milliseconds: float) -> dict[str, Any]:
    """A finding as the batch output's line."""
    return {
        "query": question,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "asked": finding.query,
        "region": finding.asked_region,
        "parts": finding.parts,
        "more": finding.more_count,
        "candidates": [describe_candidate(candidate) for candidate in finding.candidates],
        "ms": round(milliseconds, 3),
    }


def describe_candidate(candidate: Candidate) -> dict[str, Any]:
    """A candidate as in the batch output."""
    return {
        "name": candidate.name,
        "credit_code": candidate.credit_code,
        "region": candidate.region,
        "score": candidate.score,
    }
