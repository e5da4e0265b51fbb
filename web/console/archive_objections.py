"""异议: the queue by what is due, one objection with its steps; a look at who filed it is written down."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import Length

from models.archive import Objection
from models.archive_words import ObjectionState
from models.audit import Act
from models.case_file import CaseEvidence
from models.enterprise import Enterprise
from services.audit import record
from services.cases.facts import Actor
from services.credit import objecting
from services.credit.advance import ArchiveError
from services.credit.ledger import Ledger, title_of
from services.credit.objections import (
    ANSWER,
    PERSON,
    SAID,
    count_late,
    due_of,
    find_objection,
    is_ours,
    open_objections,
    row_of,
    unseal,
)
from services.credit.terms import OPEN
from services.credit.timeline import make_entry
from services.evidence.keeping import evidence_of
from services.evidence.serving import serve_original, serve_view
from services.evidence.store import ORIGINAL, VIEW
from services.evidence.trouble import EvidenceError
from services.staff.duties import Permission
from web.console.archive import ledger_of
from web.console.cases import actor_of
from web.console.forms import filled, strip
from web.console.gate import Stage, serves
from web.console.objection_intake import add_objection_intake
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.files import send_original, show_copy

KEEPERS = (Permission.KEEP_ARCHIVE,)
NUMBER = "/archive/objections/<number>"
STEP_WORDS = {"mark": "标注异议", "forward": "转来源单位", "uphold": "异议成立", "dismiss": "异议不成立"}
CAME_BY = {"chat": "公众号", "h5": "网页", "phone": "电话", "counter": "窗口"}
MOST_DONE = 20


class ObjectionForm(Form):
    """What the steps bring."""

    unit = StringField("转给", [Length(max=100, message="最多 100 个字")], filters=[strip])
    answer = TextAreaField(
        "核查结果和理由（申请人会收到）", [Length(max=1000, message="最多 1000 个字")], filters=[strip]
    )


def add_archive_objections(pages: Blueprint, office: Office) -> None:
    """/console/archive/objections."""
    add_one_objection(pages, office)
    add_objection_evidence(pages, office)
    add_objection_intake(pages, office)

    @pages.get("/archive/objections")
    @serves(Stage.INSIDE, *KEEPERS)
    def objections() -> str:
        """What is due first, and what was decided last."""
        with office.database.read() as session:
            ledger = ledger_of(office, session)
            waiting = open_objections(ledger, office.desk.bureau.name)
            done = list(
                session.scalars(
                    select(Objection)
                    .where(Objection.state.not_in(OPEN))
                    .order_by(Objection.decided_at.desc())
                    .limit(MOST_DONE)
                )
            )
            rows = {one.id: row_of(ledger, one) for one in done}
            firms = names_of_firms(session, [*(one for one, _, _ in waiting), *done])
        return render_template(
            "console/objections.html", waiting=waiting, done=done, rows=rows, firms=firms, title_of=title_of
        )


def add_one_objection(pages: Blueprint, office: Office) -> None:
    """The page of an objection, a look at the person, the steps."""

    @pages.get(NUMBER)
    @serves(Stage.INSIDE, *KEEPERS)
    def objection(number: str) -> str:
        """One of them, without the person."""
        with office.database.read() as session:
            return show(office, session, load(ledger_of(office, session), number), filled(ObjectionForm))

    @pages.post(f"{NUMBER}/person")
    @serves(Stage.INSIDE, *KEEPERS)
    def objection_person(number: str) -> str:
        """Who it is, to call them; the look is written down."""
        with office.database.write() as session:
            ledger = ledger_of(office, session)
            found = load(ledger, number)
            person = unseal(ledger, found.person_sealed, PERSON)
            page = show(office, session, found, filled(ObjectionForm), person=person)
            record(
                session,
                here().actor,
                Act.IDENTITY_LOOKED,
                office.clock(),
                subject=number,
                details={"事项": "异议申请人"},
            )
        return page

    @pages.post(f"{NUMBER}/<step>")
    @serves(Stage.INSIDE, *KEEPERS)
    def objection_step(number: str, step: str) -> AnyResponse | tuple[str, int]:
        """Mark, forward, decide; refused in words, with what was written kept."""
        if step not in STEP_WORDS:
            abort(404)
        form = filled(ObjectionForm)
        refusal = "" if form.validate() else "写得太长了，请缩短。"
        if not refusal:
            refusal = take(office, number, step, form)
        if not refusal:
            flash(f"已办：{STEP_WORDS[step]}。")
            return redirect(url_for("console.objection", number=number), 303)
        with office.database.read() as session:
            found = load(ledger_of(office, session), number)
            return show(office, session, found, form, refusal=refusal), 422


def add_objection_evidence(pages: Blueprint, office: Office) -> None:
    """/console/archive/objections/<number>/evidence/<id>/view or original."""

    @pages.get(f"{NUMBER}/evidence/<int(max={LARGEST_ID}):evidence_id>/<any({VIEW}, {ORIGINAL}):part>")
    @serves(Stage.INSIDE, *KEEPERS)
    def objection_evidence(number: str, evidence_id: int, part: str) -> Response:
        """The harmless copy on the page, or the file as it came, to be saved; opening the original is written down."""
        with (office.database.read if part == VIEW else office.database.write)() as session:
            found, row = load(ledger_of(office, session), number), session.get(CaseEvidence, evidence_id)
            if row is None or row.objection_id != found.id:
                abort(404)
            try:
                served = (serve_view if part == VIEW else serve_original)(session, office.evidence, row)
            except EvidenceError as error:
                abort(404, str(error))
            if part != VIEW:
                details = {"文件": f"第 {row.id} 号"}
                record(session, here().actor, Act.EVIDENCE_OPENED, office.clock(), subject=number, details=details)
        return show_copy(served) if part == VIEW else send_original(served)


def count_late_objections(office: Office) -> int:
    """How many wait longer than their term allows."""
    with office.database.read() as session:
        return count_late(ledger_of(office, session), office.desk.bureau.name)


def load(ledger: Ledger, number: str) -> Objection:
    """By its number, or 404."""
    found = find_objection(ledger, number)
    if found is None:
        abort(404)
    return found


def names_of_firms(session: Session, objections: list[Objection]) -> dict[int, str]:
    """By id."""
    ids = {one.enterprise_id for one in objections}
    firms = session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))
    return {firm.id: firm.name for firm in firms}


def take(office: Office, number: str, step: str, form: ObjectionForm) -> str:
    """One step with its entry in the log; why not, in words, or nothing."""
    answer = str(form.answer.data or "")
    try:
        with office.database.write() as session:
            ledger, actor = ledger_of(office, session), actor_of(here())
            do(ledger, load(ledger, number), actor, step, form)
            told, clerk = {"步骤": STEP_WORDS[step]}, here().actor
            record(session, clerk, Act.OBJECTION_STEP, office.clock(), subject=number, reason=answer, details=told)
    except ArchiveError as error:
        return str(error)
    return ""


def do(ledger: Ledger, found: Objection, actor: Actor, step: str, form: ObjectionForm) -> None:
    """As the service names it."""
    if step == "mark":
        objecting.mark(ledger, found, actor)
    elif step == "forward":
        objecting.forward(ledger, found, actor, str(form.unit.data or ""))
    else:
        answer = str(form.answer.data or "")
        objecting.decide_objection(ledger, found, actor, is_upheld=step == "uphold", answer=answer)


def show(
    office: Office,
    session: Session,
    found: Objection,
    form: ObjectionForm,
    *,
    refusal: str = "",
    person: dict[str, Any] | None = None,
) -> str:
    """The page of one objection."""
    ledger, unit = ledger_of(office, session), office.desk.bureau.name
    row = row_of(ledger, found)
    if not form.unit.data and not is_ours(row, unit):
        form.unit.data = row.source_unit
    return render_template(
        "console/objection.html",
        found=found,
        row=row,
        entry=make_entry(row, office.today()),
        firm=session.get(Enterprise, found.enterprise_id),
        files=evidence_of(session, found),
        came_by=CAME_BY.get(found.channel, found.channel),
        said=unseal(ledger, found.said_sealed, SAID).get("said", "（已按期限删除）"),
        answer=unseal(ledger, found.answer_sealed, ANSWER).get("answer", ""),
        due=due_of(ledger, found, row, unit),
        is_ours=is_ours(row, unit),
        is_open=found.state in OPEN,
        is_new=found.state is ObjectionState.FILED,
        form=form,
        refusal=refusal,
        person=person,
    )
