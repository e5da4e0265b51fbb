"""What the pages of complaints need of the process and of the request: forms that are ours, drafts, who it is."""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.oauth import WebLogin
from models.database import Database
from models.follower import Follower
from services.calendar.telling import date_words
from services.calendar.working_days import SHANGHAI, day_of
from services.cases.access import Admission, admit_follower
from services.cases.docket import Docket, open_docket
from services.cases.facts import act_as_citizen
from services.cases.standing import find_case
from services.desk import Desk
from services.evidence.examining import Examined
from services.evidence.keeping import limits_of
from services.evidence.store import EvidenceStore
from services.evidence.uploads import Uploads
from web.h5.visits import Cookies, here, sign_form

DRAFT_KEY = re.compile(r"[\w-]{32,43}", re.ASCII)  # drawn here, or in the chat
DRAFT_COOKIE_SECONDS = 3 * 24 * 3600
RECEIPT_COOKIE_SECONDS = 2 * 3600  # others may use this browser: who wants the code later has written it down
FORM_BYTES = 2 << 20  # a piece of a file, or a form without its files
SCRIPT = "X-Form-Seal"  # a script sends the seal in a header, a form in a field


@dataclass(frozen=True)
class ComplaintCounter:
    """Made once per process."""

    database: Database
    desk: Desk
    clock: Callable[[], datetime]
    store: EvidenceStore
    examine: Callable[[bytes], Examined]
    login: WebLogin

    @property
    def cookies(self) -> Cookies:
        """Of the citizens' pages."""
        return Cookies(self.database.vault, self.desk.public_url.startswith("https://"))

    @property
    def uploads(self) -> Uploads:
        """Files in pieces."""
        return Uploads(self.database, self.store, limits_of(self.desk.rules), self.examine, self.clock)

    @property
    def home(self) -> str:
        """The bureau's own region."""
        return self.desk.bureau.city or self.desk.bureau.province

    def today(self) -> date:
        """The day in China."""
        return day_of(self.clock())

    def docket(self, session: Session) -> Docket:
        """For this transaction."""
        return open_docket(session, self.desk.rules, self.clock())

    def follower(self, session: Session) -> int | None:
        """Whom WeChat named in this browser; nobody once they asked to be forgotten."""
        found = here().follower(self.clock())
        return found if found is not None and is_known(session, found) else None

    def draft_key(self) -> str:
        """What this page, or this browser, is filling in; "" for nothing."""
        sent = request.headers.get("X-Draft") or request.form.get("key") or self.cookies.get("draft")
        return sent if DRAFT_KEY.fullmatch(sent) else ""

    def seal(self) -> str:
        """What forms of this browser send back."""
        return sign_form(self.database.vault, here())

    def admit(self, session: Session, number: str) -> Admission:
        """The case with this number where it is this browser's; anything else is one refusal, case or not."""
        case, follower_id = find_case(session, number), self.follower(session)
        if case is not None and here().may_see(case.id, self.clock()):
            return Admission(case, act_as_citizen(case.id))
        if follower_id is not None:
            return admit_follower(session, number, follower_id)
        return Admission(refusal="请先输入编号和查询码。")


def is_known(session: Session, follower_id: int) -> bool:
    """Not erased since."""
    return session.get(Follower, follower_id) is not None


def draw_key() -> str:
    """A draft's secret: who has it may change and submit the draft, nobody can guess it."""
    return secrets.token_urlsafe(32)


def check_forms(counter: ComplaintCounter) -> AnyResponse | None:
    """Before each request: whose browser it is, and that what is posted comes from a page of ours.

    An old page is not thrown away: a script gets the new seal, a form is shown again with all that was typed.
    """
    counter.cookies.read_visit()
    has_files = request.mimetype == "multipart/form-data"
    request.max_content_length = (counter.desk.rules.evidence_megabytes << 20) * has_files + FORM_BYTES
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(400)
    sent = request.headers.get(SCRIPT) or request.form.get("seal", "")
    if hmac.compare_digest(sent.encode(), counter.seal().encode()):
        return None
    if SCRIPT in request.headers:
        answer = jsonify(error="seal", seal=counter.seal())
        answer.status_code = 409
        return answer
    return AnyResponse(show_again(request.path, typed(request.form)), 409, mimetype="text/html")


def typed(form: "MultiDict[str, str]") -> list[tuple[str, str]]:
    """What was posted, but for the seal."""
    return [(name, value) for name, value in form.items(multi=True) if name != "seal"]


def show_again(target: str, fields: list[tuple[str, str]]) -> str:
    """What was typed, to be sent once more to `target`, a path of ours."""
    return render_template("h5/complaint_again.html", target=target, fields=fields, had_files=bool(request.files))


def add_seal(pages: Blueprint, counter: ComplaintCounter) -> None:
    """Let every request of `pages` through `check_forms`, and its templates sign their forms."""
    pages.before_request(lambda: check_forms(counter))
    pages.after_request(counter.cookies.write_visit)
    pages.add_app_template_filter(china_time, "china_time")

    @pages.context_processor
    def words() -> dict[str, Any]:
        """The seal, and how large a file may be."""
        return {"citizen_seal": counter.seal(), "rules": counter.desk.rules}


def china_time(at: datetime) -> str:
    """A moment as citizens read it: 2026年12月1日 9:05."""
    local = at.astimezone(SHANGHAI)
    return f"{date_words(local)} {local.hour}:{local.minute:02}"
