"""The room of the credit archive: search, a firm's archive with all that is in it, and what waits."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from config.inspections import load_inspection_rules
from models.archive_words import Life, Subject, TagKind
from models.audit import Act
from models.enterprise import Enterprise, Status
from models.listing import Listing
from models.record import Record
from services.audit import record
from services.credit.ledger import Ledger, Row, load_row
from services.credit.objections import open_objections
from services.credit.tags import count_tags, find_tagged, put_tags, tags_of
from services.credit.terms import Duty
from services.credit.timeline import Entry, compose_timeline, make_entry
from services.credit.words import (
    ARCHIVE_ACTION_WORDS,
    BLOCK_WORDS,
    LIFE_WORDS,
    MISSING_WORDS,
    OBJECTION_WORDS,
    SECTION_WORDS,
    SEVERITY_WORDS,
    TAG_WORDS,
    WHY_WORDS,
)
from services.enterprises.finding import Candidate
from services.enterprises.search import find
from services.inspections.draws import class_of
from services.inspections.rules import rules_in_force
from services.staff.duties import Permission
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

READERS = (Permission.KEEP_ARCHIVE, Permission.APPROVE_ARCHIVE)
LONGEST = 100
QUEUES = {Life.PENDING_REVIEW: "待审核", Life.DRAFT: "草稿"}
MOST_WAITING = 200
DUTY_NAMES = {
    Duty.MARK: "标注异议",
    Duty.DECIDE: "作出处理决定",
    Duty.FORWARD: "转数据来源单位",
    Duty.SUPPLIER: "等来源单位答复",
}


def add_archive_pages(pages: Blueprint, office: Office) -> None:
    """/console/archive."""
    add_words(pages)
    add_tagging(pages, office)

    @pages.get("/archive")
    @serves(Stage.INSIDE, *READERS)
    def archive() -> str:
        """Search, and what waits for somebody."""
        query = request.args.get("q", "").strip()[:LONGEST]
        with office.database.read() as session:
            found = look_for(office, session, query) if query else []
            waiting = {life: list_waiting(session, life) for life in QUEUES}
            counts = count_tags(session)
            tagged, tagged_count = read_tag(session)
            objections = open_objections(ledger_of(office, session), office.desk.bureau.name)
        return render_template(
            "console/archive.html",
            query=query,
            found=found,
            waiting=waiting,
            objections=objections,
            queues=QUEUES,
            counts=counts,
            tag=request.args.get("tag", ""),
            tagged=tagged,
            tagged_count=tagged_count,
        )

    @pages.get(f"/archive/firms/<int(max={LARGEST_ID}):enterprise_id>")
    @serves(Stage.INSIDE, *READERS)
    def archive_firm(enterprise_id: int) -> str:
        """All records and listings of a firm, also those that nobody sees, and why."""
        with office.database.read() as session:
            firm = load_firm(session, enterprise_id)
            entries = compose_timeline(session, firm, office.today())
            tags = tags_of(session, enterprise_id)
            classed = class_of(session, enterprise_id, rules_in_force(session, load_inspection_rules()), office.today())
        shown = request.args.get("show", "")
        if shown in {"public", "hidden"}:
            entries = [entry for entry in entries if entry.standing.is_shown is (shown == "public")]
        return render_template(
            "console/archive_firm.html", firm=firm, entries=entries, shown=shown, tags=tags, classed=classed
        )


def add_tagging(pages: Blueprint, office: Office) -> None:
    """专题库 and 重点领域 of a firm."""

    @pages.route(f"/archive/firms/<int(max={LARGEST_ID}):enterprise_id>/tags", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.KEEP_ARCHIVE)
    def archive_tags(enterprise_id: int) -> str | AnyResponse:
        """Tick what it belongs to; words that the bureau does not have are left out."""
        known = {TagKind.TOPIC: office.desk.archive.tags.topics, TagKind.SECTOR: office.desk.archive.tags.sectors}
        if request.method == "POST":
            with office.database.write() as session:
                load_firm(session, enterprise_id)
                chosen = {kind: set(request.form.getlist(kind)) & set(words) for kind, words in known.items()}
                for kind, words in chosen.items():
                    put_tags(session, enterprise_id, kind, words)
                told = {TAG_WORDS[kind]: "、".join(sorted(words)) for kind, words in chosen.items()}
                subject = f"enterprise:{enterprise_id}"
                record(session, here().actor, Act.ARCHIVE_STEP, office.clock(), subject=subject, details=told)
            flash("已保存。")
            return redirect(url_for("console.archive_firm", enterprise_id=enterprise_id), 303)
        with office.database.read() as session:
            firm, tags = load_firm(session, enterprise_id), tags_of(session, enterprise_id)
        return render_template("console/archive_tags.html", firm=firm, tags=tags, known=known)


def read_tag(session: Session) -> tuple[list[Enterprise], int]:
    """The firms of the tag in the address, such as sector:会展, and how many there are."""
    kind, _, tag = request.args.get("tag", "").partition(":")
    return find_tagged(session, TagKind(kind), tag) if kind in set(TagKind) else ([], 0)


def add_words(pages: Blueprint) -> None:
    """What the templates of the archive use."""
    words: dict[str, Any] = {
        "LIFE_WORDS": LIFE_WORDS,
        "WHY_WORDS": WHY_WORDS,
        "ARCHIVE_BLOCKS": BLOCK_WORDS,
        "SECTION_WORDS": SECTION_WORDS,
        "SEVERITY_WORDS": SEVERITY_WORDS,
        "ARCHIVE_ACTION_WORDS": ARCHIVE_ACTION_WORDS,
        "OBJECTION_WORDS": OBJECTION_WORDS,
        "MISSING_WORDS": MISSING_WORDS,
        "DUTY_NAMES": DUTY_NAMES,
        "TAG_WORDS": TAG_WORDS,
    }
    pages.app_context_processor(lambda: words)


def ledger_of(office: Office, session: Session) -> Ledger:
    """For one page."""
    return Ledger(session, office.desk.archive, office.clock())


def load_firm(session: Session, enterprise_id: int) -> Enterprise:
    """The firm, or 404."""
    firm = session.get(Enterprise, enterprise_id)
    if firm is None or firm.status is Status.REMOVED:
        abort(404)
    return firm


def find_subject(session: Session, subject: str, subject_id: int) -> Row:
    """The record or listing of an address, or 404."""
    row = load_row(session, Subject(subject), subject_id) if subject in set(Subject) else None
    if row is None:
        abort(404)
    return row


def look_for(office: Office, session: Session, query: str) -> list[Candidate]:
    """Firms as citizens would find them; a number of a document finds the firm that it is about."""
    bureau = office.desk.bureau
    found = list(find(session, query, office.desk.index, bureau.city or bureau.province).candidates)
    return found or by_document(session, query)


def by_document(session: Session, query: str) -> list[Candidate]:
    """The firms of the records with this 文号."""
    ids = {
        *session.scalars(select(Record.enterprise_id).where(Record.document_number == query)),
        *session.scalars(select(Listing.enterprise_id).where(Listing.document_number == query)),
    }
    return [candidate_of(firm) for firm in session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))]


def candidate_of(firm: Enterprise) -> Candidate:
    """As the finder gives them."""
    return Candidate(firm.id, firm.name, firm.credit_code, firm.province or "", firm.city or "", firm.status, 1.0)


def list_waiting(session: Session, life: Life) -> list[tuple[Entry, Enterprise]]:
    """Rows in this state with their firms, oldest first, listings before records."""
    rows: list[Row] = [
        *session.scalars(select(Listing).where(Listing.life == life).order_by(Listing.id).limit(MOST_WAITING)),
        *session.scalars(select(Record).where(Record.life == life).order_by(Record.id).limit(MOST_WAITING)),
    ]
    wanted = select(Enterprise).where(Enterprise.id.in_({row.enterprise_id for row in rows}))
    firms = {firm.id: firm for firm in session.scalars(wanted)}
    return [(make_entry(row, row.decided_on), firms[row.enterprise_id]) for row in rows]
