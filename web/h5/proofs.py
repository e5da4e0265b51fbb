"""The number of the answer that a page gives, and QR codes as pictures inside a page."""

import logging
from datetime import datetime

import segno
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError

from models.answer import AnswerDoor
from models.database import Database
from services.credit.answers import Answer, issue_answer
from services.credit.questions import H5, count_question
from services.credit.report import Report
from services.desk import Desk
from services.enterprises.finding import Verdict

log = logging.getLogger(__name__)


def prove_page(database: Database, desk: Desk, report: Report, now: datetime) -> Answer | None:
    """Number the page that is being shown; None where nothing can be written, and it is shown without one."""
    try:
        with database.write() as session:
            count_question(session, H5, Verdict.MATCH, now)
            return issue_answer(session, report, AnswerDoor.H5, now, desk.rules.region_code)
    except DBAPIError:
        log.exception("no number could be given to an answer")
        return None


def draw_code(address: str) -> Markup:
    """A QR code, black on white in dark mode too."""
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, border=2, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - drawn by us
