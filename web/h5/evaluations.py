"""The published lists of evaluations: 先进, 合格, and how to object."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.counting import EvaluationEntry, EvaluationRound
from services.counting.evaluation import RESULT_WORDS, EvaluationError, published_list, published_rounds
from services.counting.objections import Objection, object_to
from web.h5.complaints_counter import ComplaintCounter, draw_key
from web.h5.pages import LARGEST_ID

ONE = f"/h5/evaluations/<int(max={LARGEST_ID}):round_id>"


def add_evaluations(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/evaluations."""

    @pages.get("/h5/evaluations")
    def evaluation_lists() -> str:
        """All that were published."""
        with counter.database.read() as session:
            return render_template("h5/evaluations.html", rounds=published_rounds(session))

    @pages.route(ONE, methods=["GET", "POST"])
    def evaluation_list(round_id: int) -> str | AnyResponse | tuple[str, int]:
        """One; an objection that lacks something is shown again with all that was typed."""
        error: EvaluationError | None = None
        if request.method == "POST":
            try:
                return take_objection(round_id)
            except EvaluationError as refused:
                error = refused
        with counter.database.read() as session:
            row = load(session, round_id)
            is_open = row.objections_until is not None and counter.today() <= row.objections_until
            page = render_template(
                "h5/evaluation.html", row=row, found=published_list(session, row), words=RESULT_WORDS, is_open=is_open,
                error=error, typed=request.form, key=request.form.get("key") or draw_key(),
                is_sent="sent" in request.args,
            )  # fmt: skip
        return (page, 409) if error else page

    def take_objection(round_id: int) -> AnyResponse:
        """EvaluationError says what is missing."""
        form = request.form
        with counter.database.write() as session:
            row = load(session, round_id)
            number = form.get("entry", "")
            entry = session.get(EvaluationEntry, int(number)) if number.isdecimal() and len(number) < 10 else None
            if entry is None or entry.round_id != row.id:
                raise EvaluationError("请选择是对哪一家的结果有异议")
            said = Objection(form.get("reason", ""), form.get("name", ""), form.get("phone", ""))
            object_to(session, row, entry, said, form.get("key", "")[:64] or draw_key(), now=counter.clock())
        return redirect(url_for("taking.evaluation_list", round_id=round_id, sent=1), 303)


def load(session: Session, round_id: int) -> EvaluationRound:
    """A published round; 404 before that."""
    row = session.get(EvaluationRound, round_id)
    return row if row is not None and row.published_on is not None else abort(404)
