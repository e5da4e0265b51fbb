"""Issues official forms: numbered, kept as they went out, printed again the same."""

import json
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.bureau import Bureau
from models.case import Case, CaseEvent
from models.case_clock import MajorEvent
from models.case_words import State
from models.database import vault_of
from models.paper import Form, IssuedPaper, PaperNumbering
from services.cases.bursts import report_form
from services.cases.docket import Docket
from services.cases.facts import Actor
from services.cases.wording import name_of
from services.errors import UserError
from services.papers.facts import last_step, read_paper_facts
from services.papers.forms import (
    explain_missing,
    fill_event_report,
    fill_form,
    results_of,
    spell_number,
    step_before,
    title_of,
)
from services.papers.sheet import Sheet, read_sheet

CONTENT = "issued_papers.content"


@dataclass(frozen=True)
class Press:
    """Who prints, for which bureau."""

    docket: Docket
    bureau: Bureau
    actor: Actor


def list_forms(docket: Docket, case: Case) -> list[Form]:
    """The forms that can be made of a case as it stands, for buttons."""
    if case.state is State.ARCHIVED:
        return []
    return [form for form in Form if form is not Form.EVENT_REPORT and find_step(docket, case, form)]


def find_step(docket: Docket, case: Case, form: Form) -> CaseEvent | None:
    """The step that a form tells; None if it was not taken, or did not end as the form needs."""
    action = step_before(form)
    event = last_step(docket, case, action) if action else None
    wanted = results_of(form)
    if event is None or (wanted and event.details.get("result") not in wanted):
        return None
    return event


def draft_form(press: Press, case: Case, form: Form, number: str = "") -> Sheet:
    """The sheet as it would be issued now, without a number; UserError says why it cannot be made."""
    event = None if case.state is State.ARCHIVED else find_step(press.docket, case, form)
    kind = name_of("kinds", case.kind)
    if event is None:
        is_archived = case.state is State.ARCHIVED
        raise UserError("事项已归档，个人信息已删除" if is_archived else explain_missing(form, kind))
    reason = f"制作{title_of(form, kind)}"
    facts = read_paper_facts(press.docket, case, event, press.actor, reason)
    return fill_form(form, facts, press.bureau.name, number, press.docket.today)


def issue_form(press: Press, case: Case, form: Form, number: str = "") -> IssuedPaper:
    """Number the form and keep it. The same words again give the paper that was issued before.

    `number` is the one a document system gave; empty: the next of the year.
    """
    draft = draft_form(press, case, form)
    for paper in papers_of(press.docket.session, case.id):
        if paper.form is form and paper.content_sealed and is_same(open_paper(press.docket, paper), draft):
            return paper
    return keep_paper(press, form, draft, number, case_id=case.id)


def draft_event_report(press: Press, event: MajorEvent, number: str = "") -> Sheet:
    """The report form of a major event."""
    report = report_form(press.docket, event)
    return fill_event_report(report, press.bureau.name, number, press.docket.today)


def issue_event_report(press: Press, event: MajorEvent, number: str = "") -> IssuedPaper:
    """Number and keep the report of a major event."""
    return keep_paper(press, Form.EVENT_REPORT, draft_event_report(press, event), number, event_id=event.id)


def is_same(issued: Sheet, draft: Sheet) -> bool:
    """The same words; number and day are the issued one's."""
    return replace(issued, number="", day="") == replace(draft, number="", day="")


def keep_paper(
    press: Press, form: Form, draft: Sheet, number: str, *, case_id: int | None = None, event_id: int | None = None
) -> IssuedPaper:
    """Take the next serial and write the row."""
    docket, year = press.docket, press.docket.today.year
    serial = take_serial(docket.session, form, year)
    sheet = replace(draft, number=number.strip()[:60] or spell_number(press.bureau.document_prefix, form, year, serial))
    paper = IssuedPaper(
        case_id=case_id,
        major_event_id=event_id,
        form=form,
        year=year,
        serial=serial,
        number=sheet.number,
        content_sealed=vault_of(docket.session).seal(sheet.as_json(), CONTENT),
        content_hash=sheet.digest(),
        issued_by=press.actor.key,
        issued_at=docket.now,
    )
    docket.session.add(paper)
    docket.session.flush()
    return paper


def take_serial(session: Session, form: Form, year: int) -> int:
    """The next of the form's year; a transaction that is rolled back gives it back."""
    wanted = select(PaperNumbering).where(PaperNumbering.form == form, PaperNumbering.year == year).with_for_update()
    row = session.scalar(wanted)
    if row is None:
        try:
            with session.begin_nested():
                session.add(PaperNumbering(form=form, year=year, last=0))
        except IntegrityError:  # another process took the year's first number
            pass
        row = session.scalars(wanted.execution_options(populate_existing=True)).one()
    row.last += 1
    session.flush()
    return row.last


def open_paper(docket: Docket, paper: IssuedPaper) -> Sheet:
    """The sheet as it was issued; UserError if it was erased or is not what was sealed."""
    if paper.content_sealed is None:
        raise UserError("文书已过保存期限，内容已删除")
    sheet = read_sheet(json.loads(vault_of(docket.session).open(paper.content_sealed, CONTENT)))
    if sheet.digest() != paper.content_hash:
        raise UserError("文书内容与登记的摘要不一致，请联系管理员")
    return sheet


def papers_of(session: Session, case_id: int) -> list[IssuedPaper]:
    """What was issued on a case, newest first."""
    wanted = select(IssuedPaper).where(IssuedPaper.case_id == case_id).order_by(IssuedPaper.id.desc())
    return list(session.scalars(wanted))


def erase_papers(session: Session, case_id: int) -> int:
    """Empty the papers of a case that names nobody any more; the numbers stay. How many."""
    papers = [paper for paper in papers_of(session, case_id) if paper.content_sealed is not None]
    for paper in papers:
        paper.content_sealed = None
    return len(papers)
