"""Case submissions on the console: read, accepted or not, consent recorded, made into a draft article."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.nomination import Nomination
from services.campaigns import nominations as steps
from services.campaigns.activities import ActivityError
from web.console.activity_room import BUREAU, note
from web.console.association_room import key_here
from web.console.gate import Stage, serves
from web.console.office import Office
from web.console.staff import LARGEST_ID

ONE = f"/nominations/<int(max={LARGEST_ID}):nomination_id>"
DONE = {
    "accept": "采用",
    "decline": "不采用",
    "consent": "登记同意",
    "withdraw": "登记撤回同意",
    "draft": "转为文章草稿",
}


def add_nominations(pages: Blueprint, office: Office) -> None:
    """/console/nominations."""

    @pages.get("/nominations")
    @serves(Stage.INSIDE, *BUREAU)
    def nominations() -> str:
        """Those that wait first."""
        with office.database.read() as session:
            rows = steps.list_nominations(session)
        return render_template(
            "console/nominations.html", rows=rows, kinds=steps.KIND_WORDS, states=steps.STATE_WORDS,
            has_consent=steps.has_consent,
        )  # fmt: skip

    @pages.get(ONE)
    @serves(Stage.INSIDE, *BUREAU)
    def nomination(nomination_id: int) -> str:
        """One, opened; that it was is written down, for it holds a name and a telephone."""
        with office.database.write() as session:
            row = session.get(Nomination, nomination_id) or abort(404)
            opened = steps.open_up(session, row)
            note(session, office, Act.NOMINATION_STEP, row.number, "查看")
            return render_template(
                "console/nomination.html", row=row, opened=opened, kinds=steps.KIND_WORDS, states=steps.STATE_WORDS,
                has_consent=steps.has_consent(row),
            )  # fmt: skip

    @pages.post(ONE)
    @serves(Stage.INSIDE, *BUREAU)
    def step_nomination(nomination_id: int) -> AnyResponse:
        """The button that was pressed."""
        does, said = request.form.get("do", ""), request.form.get("note", "")
        try:
            with office.database.write() as session:
                row = session.get(Nomination, nomination_id) or abort(404)
                (STEPS.get(does) or abort(400))(session, row, said, office.clock())
                note(session, office, Act.NOMINATION_STEP, row.number, DONE[does], reason=said[:300])
        except ActivityError as error:
            flash(str(error), "warn")
        else:
            flash(f"已{DONE[does]}。")
        return redirect(url_for("console.nomination", nomination_id=nomination_id), 303)


Step = Callable[[Session, Nomination, str, datetime], object]
STEPS: dict[str, Step] = {
    "accept": lambda _, row, said, now: steps.review(row, is_accepted=True, note=said, by=key_here(), now=now),
    "decline": lambda _, row, said, now: steps.review(row, is_accepted=False, note=said, by=key_here(), now=now),
    "consent": lambda _, row, said, now: steps.record_consent(row, said, now),
    "withdraw": lambda _, row, __, now: steps.withdraw_consent(row, now),
    "draft": lambda session, row, _, now: steps.draft_article(session, row, key_here(), now),
}
