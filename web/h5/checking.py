"""Checking an answer by number and code, its printed sheet, and the live page behind a store's sticker."""

import io
from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from config.answers import AnswerRules, load_answer_rules
from models.answer import AnswerDoor
from services.calendar.working_days import day_of
from services.credit import throttle
from services.credit.answer_digest import digest_of
from services.credit.answer_numbers import parse_answer_number, split_token, tidy_check_code, token_of
from services.credit.answers import Answer, CheckState, check_answer, find_issued, issue_answer
from services.credit.check_words import CHECK_WORDS
from services.credit.report import Report, compose_report
from services.credit.stickers import find_store
from services.errors import UserError
from services.papers.credit_sheet import fill_credit_sheet
from services.papers.press import press
from web.h5.pages import LARGEST_ID, Counter

LONGEST_TOKEN = 60
STATUSES = {CheckState.WRONG: 404, CheckState.MISTYPED: 404, CheckState.BLOCKED: 429}
TOO_MANY = "制作次数过多，请过一会儿再试。"


def create_checking(counter: Counter) -> Blueprint:
    """/check, /store and the printed sheet."""
    pages, rules = Blueprint("checking", __name__), load_answer_rules()
    add_check(pages, counter, rules)
    add_paper(pages, counter, rules)
    add_store(pages, counter)

    @pages.after_request
    def keep_fresh(response: AnyResponse) -> AnyResponse:
        """What is shown is true now; nobody keeps a copy."""
        response.headers["Cache-Control"] = "no-store"
        return response

    return pages


def add_check(pages: Blueprint, counter: Counter, rules: AnswerRules) -> None:
    """Is this answer ours, and does it still stand?"""

    @pages.get("/check")
    def check() -> str | AnyResponse:
        """Number and code by hand; what was typed stays in the form when it cannot be right."""
        number, code = request.args.get("number", "")[:LONGEST_TOKEN], request.args.get("code", "")[:LONGEST_TOKEN]
        parsed, typed = parse_answer_number(number), tidy_check_code(code)
        if parsed and typed:
            return redirect(url_for("checking.checked", token=token_of(str(parsed), typed)), 303)
        return render_template("h5/check_form.html", number=number, code=code, is_wrong="number" in request.args)

    @pages.get("/check/<token>")
    def checked(token: str) -> tuple[str, int]:
        """What may be told; guessing is counted by address."""
        with counter.database.write() as session:
            asker = request.remote_addr or ""
            found = check_answer(session, token[:LONGEST_TOKEN], asker, counter.clock(), rules.answers)
        words, keep_days = CHECK_WORDS[found.state], rules.answers.keep_days
        page = render_template("h5/check.html", check=found, words=words, keep_days=keep_days, now=counter.clock())
        return page, STATUSES.get(found.state, 200)


def add_paper(pages: Blueprint, counter: Counter, rules: AnswerRules) -> None:
    """信用查询结果 as PDF, made when it is asked for, never kept."""

    @pages.get(f"/h5/enterprises/<int(max={LARGEST_ID}):enterprise_id>/paper.pdf")
    def paper(enterprise_id: int) -> AnyResponse | tuple[str, int]:
        """Under the page's own number while that still stands, else under a new one."""
        now = counter.clock()
        window, asker = timedelta(minutes=rules.answers.check_minutes), f"paper:{request.remote_addr or ''}"
        with counter.database.write() as session:
            if throttle.count_of(session, asker, now, window) >= rules.answers.papers_per_asker:
                return render_template("h5/paper_fault.html", fault=TOO_MANY, enterprise_id=enterprise_id), 429
            throttle.count_one(session, asker, now, window)
            report = compose_report(session, enterprise_id, counter.today())
            if report is None:
                abort(404)
            answer = answer_for(session, counter, report, request.args.get("answer", "")[:LONGEST_TOKEN])
        try:
            content = print_sheet(counter, report, answer)
        except UserError as error:
            return render_template("h5/paper_fault.html", fault=str(error), enterprise_id=enterprise_id), 503
        name = f"信用查询结果{answer.number}.pdf"
        return send_file(io.BytesIO(content), "application/pdf", as_attachment=False, download_name=name)


def print_sheet(counter: Counter, report: Report, answer: Answer) -> bytes:
    """The PDF; UserError where it cannot be made now."""
    values = fill_credit_sheet(report, answer, counter.desk.bureau.name, counter.desk.link(answer.path))
    return press("credit_sheet", values, answer.issued_at)


def answer_for(session: Session, counter: Counter, report: Report, token: str) -> Answer:
    """The page's number, if it is of today, of this firm, and says what would be said now; else a new one."""
    now = counter.clock()
    number, code = split_token(token)
    parsed, typed = parse_answer_number(number), tidy_check_code(code)
    row = find_issued(session, parsed, typed) if parsed and typed else None
    is_of_it = row is not None and row.enterprise_id == report.enterprise_id and row.door is not AnswerDoor.CHAT
    if row is not None and is_of_it and is_same_day(row.issued_at, now) and row.digest == digest_of(report, row.door):
        return Answer(str(parsed), typed, row.issued_at)
    return issue_answer(session, report, AnswerDoor.H5, now, counter.desk.rules.region_code)


def is_same_day(one: datetime, other: datetime) -> bool:
    """In China."""
    return day_of(one) == day_of(other)


def add_store(pages: Blueprint, counter: Counter) -> None:
    """The page behind a sticker."""

    @pages.get("/store/<code>")
    def store(code: str) -> str | tuple[str, int]:
        """How the honour stands now."""
        with counter.database.read() as session:
            found = find_store(session, code, counter.today())
        page = render_template("h5/store.html", store=found, today=counter.today())
        return page if found else (page, 404)
