"""Major events (重大失信事件): what opened them, their report form, to whom it was sent."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.case import Case
from models.case_clock import MajorEvent
from models.case_words import BurstCause
from models.paper import IssuedPaper
from services.audit import record
from services.cases.bursts import close_event, log_sending, open_event, report_form, sendings_of
from services.cases.docket import Docket
from services.cases.numbers import parse_number
from services.cases.standing import find_case
from services.errors import UserError
from services.papers.issuing import Press, issue_event_report
from web.console.case_papers import send_paper
from web.console.cases import WATCHERS, actor_of, docket_of, names_of_staff
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

MOST_SHOWN = 200
DONE = {"paper": "报告表已编号，可以下载。", "send": "已记录这次报送。", "close": "已结束。"}


def add_case_events(pages: Blueprint, office: Office) -> None:
    """/console/cases/events."""

    @pages.route("/cases/events", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *WATCHERS)
    def events() -> AnyResponse | str:
        """All, open ones first; a case may be made one by hand."""
        if request.method == "POST":
            with office.database.write() as session:
                docket, typed = docket_of(office, session), request.form.get("number", "")
                case = find_case(session, typed) if parse_number(typed) else None
                if case is None:
                    flash("没有这个编号，请核对。", "warn")
                    return redirect(url_for("console.events"), 303)
                event = open_event(docket, case, BurstCause.BY_HAND, actor_of(here()).key)
                record(
                    session,
                    here().actor,
                    Act.CASE_STEP,
                    docket.now,
                    subject=case.number,
                    details={"步骤": "认定重大失信事件"},
                )
                return redirect(url_for("console.event", event_id=event.id), 303)
        with office.database.read() as session:
            order = (MajorEvent.closed_at.is_not(None), MajorEvent.id.desc())
            found = list(session.scalars(select(MajorEvent).order_by(*order).limit(MOST_SHOWN)))
        return render_template("console/events.html", events=found)


def add_case_event(pages: Blueprint, office: Office) -> None:
    """/console/cases/events/<id>."""

    @pages.route(f"/cases/events/<int(max={LARGEST_ID}):event_id>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *WATCHERS)
    def event(event_id: int) -> AnyResponse | str:
        """The report form as it stands, its cases, its sendings; measures, sending and closing are posted here."""
        if request.method == "POST":
            with office.database.write() as session:
                act_on(office, session, load_event(session, event_id))
            return redirect(url_for("console.event", event_id=event_id), 303)
        with office.database.read() as session:
            found, docket = load_event(session, event_id), docket_of(office, session)
            cases = select(Case).where(Case.major_event_id == event_id).order_by(Case.id).limit(MOST_SHOWN)
            papers = select(IssuedPaper).where(IssuedPaper.major_event_id == event_id).order_by(IssuedPaper.id.desc())
            return render_template(
                "console/event.html",
                event=found,
                form=report_form(docket, found),
                sendings=sendings_of(docket, found),
                cases=list(session.scalars(cases)),
                papers=list(session.scalars(papers)),
                names=names_of_staff(session),
            )

    @pages.get(f"/cases/events/<int(max={LARGEST_ID}):event_id>/<int(max={LARGEST_ID}):paper_id>/<kind>")
    @serves(Stage.INSIDE, *WATCHERS)
    def event_paper(event_id: int, paper_id: int, kind: str) -> Response:
        """The report as it was numbered."""
        with office.database.read() as session:
            paper = session.get(IssuedPaper, paper_id)
            if paper is None or paper.major_event_id != event_id:
                abort(404)
            return send_paper(docket_of(office, session), paper, kind)


def load_event(session: Session, event_id: int) -> MajorEvent:
    """The event, or 404."""
    return session.get(MajorEvent, event_id) or abort(404)


def act_on(office: Office, session: Session, event: MajorEvent) -> None:
    """What was pressed: save the measures, number the report, log a sending, close."""
    event.measures = request.form.get("measures", event.measures).strip()[:4000]
    try:
        done = take(office, docket_of(office, session), event)
    except UserError as error:
        flash(f"{error}。填的内容已保存。", "warn")
        return
    if done is not None:
        act, details = done
        record(session, here().actor, act, office.clock(), subject=event.respondent_name, details=details)
    flash(DONE.get(request.form.get("do", "save"), "已保存。"))


def take(office: Office, docket: Docket, event: MajorEvent) -> tuple[Act, dict[str, str]] | None:
    """The step that the button says, and what the audit log keeps of it; None where only the measures are saved."""
    actor, fields = actor_of(here()), request.form
    match fields.get("do"):
        case "paper":
            paper = issue_event_report(Press(docket, office.desk.bureau, actor), event)
            return Act.PAPER_ISSUED, {"文号": paper.number}
        case "send":
            receiver = fields.get("receiver", "").strip()[:100]
            sending = log_sending(docket, event, actor, receiver, fields.get("way", "")[:40])
            return Act.EVENT_SENT, {"报送": sending.receiver}
        case "close":
            close_event(docket, event)
            return Act.CASE_STEP, {"步骤": "重大失信事件结束"}
        case _:
            return None
