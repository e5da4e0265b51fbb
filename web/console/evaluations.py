"""Evaluation rounds on the console: self-reports and files, the panel's points, recommendation, decision, list."""

import io
from datetime import date

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.counting import EvaluationEntry, EvaluationEvidence, EvaluationObjection, EvaluationResult, EvaluationRound
from services.calendar.years import load_calendar
from services.campaigns.library import MOST_BYTES, look_at
from services.counting import evaluation as steps
from services.counting.evaluation import RESULT_WORDS, STATE_WORDS, EvaluationError
from services.counting.figures import Period
from services.counting.objections import add_evidence, answer_objection, objections_of
from services.counting.scoring import Given
from services.errors import UserError
from services.evidence.kinds import EXTENSIONS
from web.console.activity_room import BUREAU, PEOPLE, note, own_association
from web.console.association_room import is_outsider, key_here
from web.console.cases import names_of_staff
from web.console.gate import Stage, serves, takes
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

ROUND = f"/evaluations/<int(max={LARGEST_ID}):round_id>"
ENTRY = f"{ROUND}/<int(max={LARGEST_ID}):entry_id>"
DONE = {"scoring": "开始评分", "recommend": "推荐", "publish": "公布", "close": "结束"}


def add_evaluations(pages: Blueprint, office: Office) -> None:
    """/console/evaluations."""
    rules = office.desk.taking_part.evaluation

    @pages.route("/evaluations", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *PEOPLE)
    def evaluations() -> AnyResponse | str:
        """All rounds; the bureau opens one."""
        if request.method == "POST":
            if is_outsider(here()):
                abort(403)
            try:
                with office.database.write() as session:
                    period = Period(read_day("first"), read_day("last"))
                    said = steps.RoundWords(request.form.get("title", ""), period, request.form.get("of") == "bureaus")
                    row = steps.open_round(session, said, rules, key_here(), now=office.clock())
                    note(session, office, Act.EVALUATION_STEP, row.title, "新建评价")
                    return redirect(url_for("console.evaluation", round_id=row.id), 303)
            except EvaluationError as error:
                flash(str(error), "warn")
        with office.database.read() as session:
            wanted = select(EvaluationRound).order_by(EvaluationRound.id.desc())
            if is_outsider(here()):
                wanted = wanted.where(EvaluationRound.is_of_bureaus.is_(False))
            rounds = list(session.scalars(wanted))
        return render_template(
            "console/evaluations.html", rounds=rounds, states=STATE_WORDS, rules=rules, typed=request.form,
            year=office.today().year,
        )  # fmt: skip


def add_evaluation_page(pages: Blueprint, office: Office) -> None:
    """One round."""

    @pages.get(ROUND)
    @serves(Stage.INSIDE, *PEOPLE)
    def evaluation(round_id: int) -> AnyResponse | str:
        """The bureau's overview; an association goes to its own page."""
        with office.database.read() as session:
            row = session.get(EvaluationRound, round_id) or abort(404)
            entries = own_entries(session, row)
            if is_outsider(here()):
                return redirect(url_for("console.evaluation_entry", round_id=row.id, entry_id=entries[0].id), 303)
            scored = [steps.look_at(session, row, entry) for entry in entries]
            scored.sort(key=lambda one: (-one.total, one.entry.name))
            return render_template(
                "console/evaluation.html", row=row, scored=scored, states=STATE_WORDS, results=RESULT_WORDS,
                scheme=steps.scheme_of(row), objections=objections_of(session, row), names=names_of_staff(session),
            )  # fmt: skip

    @pages.post(ROUND)
    @serves(Stage.INSIDE, *BUREAU)
    def step_evaluation(round_id: int) -> AnyResponse:
        """The button that was pressed."""
        try:
            with office.database.write() as session:
                row = session.get(EvaluationRound, round_id) or abort(404)
                done = step(office, session, row)
                note(session, office, Act.EVALUATION_STEP, row.title, done, reason=request.form.get("reason", "")[:300])
            flash(f"已{done}。")
        except EvaluationError as error:
            flash(str(error), "warn")
        return redirect(url_for("console.evaluation", round_id=round_id), 303)


def step(office: Office, session: Session, row: EvaluationRound) -> str:
    """What was done, in words; EvaluationError says why not."""
    does, form, rules = request.form.get("do", ""), request.form, office.desk.taking_part.evaluation
    if does == "weights":
        said = {one.code: form.get(f"weight-{one.code}", "") for one in steps.scheme_of(row)}
        steps.set_weights(row, {code: int(text) if text.isdecimal() else 0 for code, text in said.items()})
        return "保存分值"
    if does == "scoring":
        steps.begin_scoring(row)
    elif does == "recommend":
        steps.recommend(session, row, rules, key_here())
    elif does == "decide":
        entry = session.get(EvaluationEntry, int(form.get("entry", "0"))) or abort(404)
        if entry.round_id != row.id or form.get("result") not in set(EvaluationResult):
            abort(404)
        steps.decide(row, entry, EvaluationResult(form["result"]), form.get("reason", ""))
        return f"决定 {entry.name} 为{RESULT_WORDS[EvaluationResult(form['result'])]}"
    elif does == "publish":
        until = load_calendar(session).add(office.today(), rules.objection_days).on
        steps.publish(row, key_here(), office.today(), until)
    elif does == "close":
        steps.close(row, office.today())
    elif does == "answer":
        found = session.get(EvaluationObjection, int(form.get("objection", "0"))) or abort(404)
        if found.round_id != row.id:
            abort(404)
        answer_objection(found, form.get("answer", ""), key_here(), office.clock())
        return "答复异议"
    else:
        abort(400)
    return DONE[does]


def add_evaluation_entry(pages: Blueprint, office: Office) -> None:
    """One association in a round: self-report, files, points with what each comes from."""

    @pages.get(ENTRY)
    @serves(Stage.INSIDE, *PEOPLE)
    def evaluation_entry(round_id: int, entry_id: int) -> str:
        """As it stands."""
        with office.database.read() as session:
            row, entry = load_entry(session, round_id, entry_id)
            files = select(EvaluationEvidence).where(EvaluationEvidence.entry_id == entry.id)
            return render_template(
                "console/evaluation_entry.html", row=row, entry=entry, scored=steps.look_at(session, row, entry),
                files=list(session.scalars(files.order_by(EvaluationEvidence.id))), states=STATE_WORDS,
                results=RESULT_WORDS, is_bureau=not is_outsider(here()), names=names_of_staff(session),
            )  # fmt: skip

    @pages.post(ENTRY)
    @serves(Stage.INSIDE, *PEOPLE)
    @takes(MOST_BYTES + (1 << 20))
    def change_entry(round_id: int, entry_id: int) -> AnyResponse:
        """The self-report, a file, or points."""
        form, does = request.form, request.form.get("do", "")
        try:
            sent = request.files.get("file")
            looked = look_at(sent.read(), sent.filename or "") if does == "file" and sent else None
            with office.database.write() as session:
                row, entry = load_entry(session, round_id, entry_id)
                if does == "report":
                    steps.report(entry, row, form.get("text", ""), key_here(), office.clock())
                elif does == "file" and looked is not None:
                    code = form.get("code", "")
                    add_evidence(session, row, entry, code, looked, by=key_here(), now=office.clock())
                elif does == "points" and not is_outsider(here()):
                    share = form.get("share", "")
                    given = Given(int(share) if share.isdecimal() else -1, form.get("reason", ""), key_here())
                    steps.give(session, row, entry, form.get("code", ""), given, now=office.clock())
                else:
                    abort(400)
                note(session, office, Act.EVALUATION_STEP, f"{row.title} {entry.name}"[:120], WRITTEN[does])
            flash(f"已{WRITTEN[does]}。")
        except UserError as error:
            flash(str(error), "warn")
        return redirect(url_for("console.evaluation_entry", round_id=round_id, entry_id=entry_id), 303)


def add_evaluation_file(pages: Blueprint, office: Office) -> None:
    """What was handed in."""

    @pages.get(f"{ENTRY}/files/<int(max={LARGEST_ID}):file_id>")
    @serves(Stage.INSIDE, *PEOPLE)
    def evaluation_file(round_id: int, entry_id: int, file_id: int) -> Response:
        """A file of evidence, to be saved."""
        with office.database.read() as session:
            _, entry = load_entry(session, round_id, entry_id)
            wanted = select(EvaluationEvidence).options(undefer(EvaluationEvidence.content))
            found = session.scalar(wanted.where(EvaluationEvidence.id == file_id))
            if found is None or found.entry_id != entry.id:
                abort(404)
            name = f"材料{found.id}.{EXTENSIONS[found.mime]}"
            return send_file(io.BytesIO(found.content), found.mime, as_attachment=True, download_name=name)


WRITTEN = {"report": "保存自评报告", "file": "上传材料", "points": "打分"}


def own_entries(session: Session, row: EvaluationRound) -> list[EvaluationEntry]:
    """All for the bureau; an association's own, or 404."""
    own, entries = own_association(session), steps.entries_of(session, row)
    mine = [one for one in entries if own is None or one.association_id == own]
    return mine if mine or own is None else abort(404)


def load_entry(session: Session, round_id: int, entry_id: int) -> tuple[EvaluationRound, EvaluationEntry]:
    """The two; 404 for another association's."""
    row = session.get(EvaluationRound, round_id) or abort(404)
    entry = next((one for one in own_entries(session, row) if one.id == entry_id), None)
    return row, entry or abort(404)


def read_day(name: str) -> date:
    """A day of the form; EvaluationError for none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise EvaluationError("请填写统计的起止日期") from None
