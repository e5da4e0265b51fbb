"""异议 in the browser: which record, what is wrong, who says so; the receipt; later how it stands."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.archive import Objection
from models.archive_words import Subject
from services.cases.access import BLOCKED, NO_CASE, WRONG, count_failure, failures
from services.cases.numbers import tidy_code
from services.cases.secrets import is_code
from services.credit.ledger import Ledger, load_row
from services.credit.objections import (
    ANSWER,
    NOTICE_VERSION,
    RELATIONS,
    ObjectionFaultError,
    ObjectionFiling,
    ObjectionReceipt,
    file_objection,
    find_objection,
    unseal,
)
from services.credit.report import compose_report
from services.credit.terms import OPEN
from services.credit.words import OBJECTION_WORDS
from services.errors import UserError
from services.evidence.keeping import evidence_of
from services.evidence.serving import name_file
from services.evidence.trouble import EvidenceError
from services.numbers import tidy
from web.h5.complaints_counter import DRAFT_KEY, ComplaintCounter, draw_key

ADDED_BY = "citizen"
LONGEST_TEXT = 4000
FIELDS = ("name", "phone", "relation", "said")


@dataclass
class Sheet:
    """The form as it is shown: what was typed and what is wrong with it."""

    key: str
    chosen: str = ""  # record:12
    typed: dict[str, str] = field(default_factory=lambda: dict.fromkeys((*FIELDS, "agrees"), ""))
    faults: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    had_files: bool = False  # browsers do not keep what was chosen


def add_objections(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/objections."""

    @pages.get("/h5/objections/new")
    def objection_new() -> str:
        """For a record (`subject`, `subject_id`), or to choose one of a firm's (`firm`)."""
        chosen = f"{request.args.get('subject', '')}:{request.args.get('subject_id', '')}"
        with counter.database.read() as session:
            enterprise_id = firm_of(session, chosen) or read_id(request.args.get("firm", ""))
            return show_form(counter, session, enterprise_id, Sheet(draw_key(), chosen))

    @pages.post("/h5/objections/new")
    def file_one() -> str | tuple[str, int]:
        """Once for the form's key; what is wrong is said beside its field, and nothing typed is lost."""
        sheet = read_sheet()
        enterprise_id = read_id(request.form.get("firm", ""))
        try:
            receipt = submit(counter, sheet)
        except ObjectionFaultError as error:
            sheet.faults = error.faults
        except UserError as error:
            sheet.refusal = str(error)
        else:
            troubles = take_papers(counter, receipt.number)
            terms = counter.desk.archive.objection
            return render_template("h5/objection_receipt.html", receipt=receipt, terms=terms, troubles=troubles)
        with counter.database.read() as session:
            return show_form(counter, session, enterprise_id, sheet), 422

    @pages.get("/h5/objections")
    def objection_search() -> str:
        """Number and query code."""
        return render_template("h5/objection_progress.html", found=None, number="", refusal="", troubles=[])

    @pages.post("/h5/objections")
    def objection_progress() -> str | tuple[str, int]:
        """How it stands, with the files that came along; failures are counted, and wrong is wrong in one way."""
        number, code = request.form.get("number", "")[:60], request.form.get("code", "")[:60]
        with counter.database.write() as session:
            found, refusal = admit(counter, session, number, code)
        troubles = take_papers(counter, found.number) if found else []
        with counter.database.read() as session:
            shown = describe(counter, session, found.number) if found else None
        values = {"found": shown, "number": number, "code": code, "refusal": refusal, "troubles": troubles}
        page = render_template("h5/objection_progress.html", **values)
        return page if shown else (page, 422)


def take_papers(counter: ComplaintCounter, number: str) -> list[str]:
    """Keep the files that came with this form; what was not taken, and why."""
    troubles = []
    for file in request.files.getlist("files"):
        content, title = file.read(), file.filename or ""
        if not title and not content:
            continue
        try:
            counter.uploads.take(lambda session: load(session, number), content, title, added_by=ADDED_BY)
        except EvidenceError as error:
            troubles.append(f"{title}：{error}")
    return troubles


def load(session: Session, number: str) -> Objection:
    """One that is there."""
    return session.scalars(select(Objection).where(Objection.number == number)).one()


def read_id(text: str) -> int:
    """The id of a firm; 0 for none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def firm_of(session: Session, chosen: str) -> int:
    """Whose record it is; 0 for none."""
    subject, _, number = chosen.partition(":")
    row = load_row(session, Subject(subject), read_id(number)) if subject in set(Subject) else None
    return row.enterprise_id if row else 0


def read_sheet() -> Sheet:
    """The form that was posted."""
    key = request.form.get("key", "")
    if not DRAFT_KEY.fullmatch(key):
        abort(400)
    typed = {name: request.form.get(name, "").strip()[:LONGEST_TEXT] for name in (*FIELDS, "agrees")}
    had_files = any(file.filename for file in request.files.getlist("files"))
    return Sheet(key, request.form.get("chosen", "")[:30], typed, had_files=had_files)


def submit(counter: ComplaintCounter, sheet: Sheet) -> ObjectionReceipt:
    """File it; ObjectionFaultError or UserError with the reason why not."""
    subject, _, number = sheet.chosen.partition(":")
    if subject not in set(Subject) or not read_id(number):
        raise ObjectionFaultError({"chosen": "请选择哪一条有误"})
    told = sheet.typed
    filing = ObjectionFiling(
        Subject(subject),
        read_id(number),
        name=told["name"],
        phone=told["phone"],
        relation=told["relation"],
        said=told["said"],
        channel="h5",
        agrees=bool(told["agrees"]),
    )
    with counter.database.write() as session:
        ledger = Ledger(session, counter.desk.archive, counter.clock())
        return file_objection(ledger, filing, sheet.key, follower_id=counter.follower(session))


def show_form(counter: ComplaintCounter, session: Session, enterprise_id: int, sheet: Sheet) -> str:
    """The form with the firm's records that are public now; 404 for a firm that is not shown."""
    report = compose_report(session, enterprise_id, counter.today())
    if report is None:
        abort(404)
    items = [(block.word, item) for block in report.blocks for item in block.items]
    return render_template(
        "h5/objection_form.html",
        report=report,
        items=items,
        sheet=sheet,
        relations=RELATIONS,
        version=NOTICE_VERSION,
        years=counter.desk.archive.objection.years,
    )


def admit(counter: ComplaintCounter, session: Session, number: str, code: str) -> tuple[Objection | None, str]:
    """The objection, or why not; as with cases, ten failures for a number shut it for an hour."""
    docket = counter.docket(session)
    rules = docket.rules.attempts
    keys = [(f"number:{tidy(number)[:24]}", rules.per_number), (f"asker:{request.remote_addr}", rules.per_asker)]
    if any(failures(docket, key) >= most for key, most in keys):
        return None, BLOCKED.format(minutes=rules.minutes)
    found = find_objection(Ledger(session, counter.desk.archive, counter.clock()), number)
    typed = tidy_code(code) or ""
    if not is_code(found.number if found else "YY", typed, found.query_code_hash if found else NO_CASE) or not found:
        for key, _ in keys:
            count_failure(docket, key)
        return None, WRONG
    return found, ""


def describe(counter: ComplaintCounter, session: Session, number: str) -> dict[str, Any]:
    """What its owner may read; nothing of the record itself, which may be gone by now."""
    ledger, found = Ledger(session, counter.desk.archive, counter.clock()), load(session, number)
    return {
        "is_open": found.state in OPEN,
        "files": [name_file(session, row) for row in evidence_of(session, found)],
        "number": found.number,
        "state": OBJECTION_WORDS[found.state],
        "filed_at": found.filed_at,
        "forwarded_to": found.forwarded_to,
        "decided_at": found.decided_at,
        "answer": unseal(ledger, found.answer_sealed, ANSWER).get("answer", ""),
    }
