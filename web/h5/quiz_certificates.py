"""Certificates of the quiz: given out to whoever passed, checked by anybody who has number and code."""

import io

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from models.quiz import QuizTry
from services.quiz.certificates import check, draw_picture, find, issue
from services.quiz.tries import QuizError
from web.h5.complaints_counter import ComplaintCounter
from web.h5.quiz import TRY, own_try
from web.h5.taking_part_counter import person_of


def add_certificates(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/certificate and its pictures."""
    add_issue(pages, counter)
    add_checking(pages, counter)


def add_issue(pages: Blueprint, counter: ComplaintCounter) -> None:
    """For whoever passed."""
    rules = counter.desk.taking_part.quiz

    @pages.post(f"{TRY}/certificate")
    def issue_certificate(try_id: int) -> AnyResponse:
        """With a name, if wanted."""
        with counter.database.write() as session:
            attempt = own_try(counter, session, try_id)
            try:
                found = issue(session, attempt, rules, counter.clock(), request.form.get("name", ""))
            except QuizError:
                abort(404)
            target = url_for("taking.certificate", number=found.number, code=found.check_code)
        return redirect(target, 303)


def add_checking(pages: Blueprint, counter: ComplaintCounter) -> None:
    """For whoever holds one, or is shown one."""

    @pages.get("/certificate")
    def check_certificate() -> AnyResponse | str:
        """Number and code typed by hand."""
        number, code = request.args.get("number", "").strip(), request.args.get("code", "").strip()
        if number and code:
            return redirect(url_for("taking.certificate", number=number[:24], code=code[:16]), 303)
        return render_template("h5/certificate_check.html", number=number, is_incomplete=bool(number or code))

    @pages.get("/certificate/<number>/<code>")
    def certificate(number: str, code: str) -> str | tuple[str, int]:
        """Whether it is ours; the name is masked, for anybody may scan it."""
        with counter.database.read() as session:
            shown = check(session, number, code)
            if shown is None:
                return render_template("h5/certificate_check.html", number=number[:24], is_unknown=True), 404
            is_mine = is_own(counter, number, code)
        return render_template("h5/certificate.html", shown=shown, code=code.upper(), is_mine=is_mine)

    @pages.get("/certificate/<number>/<code>.png")
    def certificate_picture(number: str, code: str) -> Response:
        """The picture; with a name on it only for its holder."""
        with counter.database.read() as session:
            found = find(session, number, code)
            if found is None or found.revoked_at is not None:
                abort(404)
            if found.name_sealed is not None and not is_own(counter, number, code):
                abort(404)
            address = counter.desk.link(url_for("taking.certificate", number=found.number, code=found.check_code))
            picture = draw_picture(session, found, counter.desk.bureau.name, address)
        name = f"诚信知识证书{found.number}.png"
        return send_file(io.BytesIO(picture), "image/png", download_name=name, as_attachment="save" in request.args)


def is_own(counter: ComplaintCounter, number: str, code: str) -> bool:
    """Whoever is here earned it."""
    with counter.database.read() as session:
        found = find(session, number, code)
        wanted = select(QuizTry.person_hash).where(QuizTry.id == found.try_id) if found else None
        return wanted is not None and session.scalar(wanted) == person_of(counter, session)[0]
