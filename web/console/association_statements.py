"""Commitments, honours and work of an association: handed in with their file, decided by the bureau."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from models.association import Association, AssociationHonour, Commitment, LibraryFile
from models.campaign_words import CommitmentKind, HonourLevel, Performance, Review, WorkKind
from services.associations import deciding, statements, works
from services.associations.home import AssociationError
from services.associations.members import list_members
from services.associations.statements import Praise, Promise, Statement
from services.campaigns.library import MOST_BYTES, Looked, keep_file, look_at, serve_file
from services.campaigns.years import list_campaigns
from services.errors import UserError
from services.evidence.trouble import EvidenceError
from services.staff.duties import Permission
from web.console.association_forms import NOBODY, NONE, CommitmentForm, HonourForm, WorkForm
from web.console.association_room import DECIDERS, PEOPLE, key_here, load_association
from web.console.forms import filled
from web.console.gate import Stage, serves, takes
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.files import send_original

KEEPERS = (Permission.KEEP_ASSOCIATION, Permission.RUN_CAMPAIGNS)
FORM_BYTES = MOST_BYTES + (1 << 20)
STATEMENTS = ("commitments", "honours")
FORMS: dict[str, tuple[type[Form], str]] = {
    "commitments": (CommitmentForm, "登记信用承诺"),
    "honours": (HonourForm, "登记荣誉"),
    "works": (WorkForm, "记录工作"),
}


def add_association_statements(pages: Blueprint, office: Office) -> None:
    """/console/associations/<id>/commitments/new, honours/new, works/new."""
    place = f"/associations/<int(max={LARGEST_ID}):association_id>/<what>/new"

    @pages.route(place, methods=["GET", "POST"])
    @serves(Stage.INSIDE, *KEEPERS)
    @takes(FORM_BYTES)
    def new_statement(association_id: int, what: str) -> AnyResponse | str | tuple[str, int]:
        """One more; the file is looked at before anything is written."""
        kind, title = FORMS.get(what) or abort(404)
        today = office.today()
        form = filled(kind, **({"day": today} if what == "works" else {}))
        with office.database.read() as session:
            row = load_association(session, association_id)
            offer_choices(session, row, form, today)
        if request.method == "POST" and form.validate() and hand_in(office, association_id, what, form):
            done = "已记录。" if what == "works" else "已提交，主管部门审核后市民可以看到。"
            flash(done)
            return redirect(url_for("console.association", association_id=association_id), 303)
        page = render_template("console/association_new.html", form=form, association=row, what=what, title=title)
        return (page, 422) if request.method == "POST" else page


def add_association_decisions(pages: Blueprint, office: Office) -> None:
    """What the bureau decides, and files to look at."""
    place = f"/associations/<what>/<int(max={LARGEST_ID}):row_id>"

    @pages.get("/associations/waiting")
    @serves(Stage.INSIDE, *DECIDERS)
    def waiting_statements() -> str:
        """Commitments and honours that wait for a decision, oldest first."""
        with office.database.read() as session:
            commitments = statements.list_commitments(session, None, Review.SUBMITTED)[::-1]
            honours = statements.list_honours(session, None, Review.SUBMITTED)[::-1]
            both: list[Statement] = [*commitments, *honours]
            ids = {one.enterprise_id for one in both}
            owners = {one.association_id for one in both if one.association_id}
            names = {one: session.get_one(Association, one).name for one in owners}
            firms = statements.names_of(session, ids)
        page = {"commitments": commitments, "honours": honours, "firms": firms, "names": names}
        return render_template("console/association_waiting.html", **page)

    @pages.route(place, methods=["GET", "POST"])
    @serves(Stage.INSIDE, *PEOPLE, *DECIDERS)
    def statement(what: str, row_id: int) -> AnyResponse | str | tuple[str, int]:
        """One, with what can be done about it."""
        fault = ""
        if request.method == "POST":
            if not any(here().may(one) for one in DECIDERS):
                abort(403)
            try:
                decide(office, what, row_id)
                flash("已办理。")
                return redirect(request.path, 303)
            except AssociationError as error:
                fault = str(error)
        shown = show_statement(office, what, row_id, fault)
        return (shown, 422) if fault else shown


def add_association_files(pages: Blueprint, office: Office) -> None:
    """/console/associations/files/<id>."""

    @pages.get(f"/associations/files/<int(max={LARGEST_ID}):file_id>")
    @serves(Stage.INSIDE, *PEOPLE, *DECIDERS)
    def association_file(file_id: int) -> Response:
        """A file to be saved."""
        with office.database.read() as session:
            row = session.get(LibraryFile, file_id) or abort(404)
            if row.association_id is not None:
                load_association(session, row.association_id)
            try:
                return send_original(serve_file(session, office.library, row))
            except EvidenceError as error:
                abort(404, str(error))


def show_statement(office: Office, what: str, row_id: int, fault: str) -> str:
    """The page of one, after a refusal with what was typed."""
    with office.database.read() as session:
        row = load_statement(session, what, row_id)
        return render_template(
            "console/association_statement.html",
            row=row,
            what=what,
            owner=session.get(Association, row.association_id) if row.association_id else None,
            firm=statements.names_of(session, [row.enterprise_id]).get(row.enterprise_id, ""),
            file=session.get(LibraryFile, row.file_id) if row.file_id else None,
            fault=fault,
            may_decide=any(here().may(one) for one in DECIDERS),
            performances=list(Performance),
            Review=Review,
            reason=request.form.get("reason", ""),
        )


def offer_choices(session: Session, row: Association, form: Any, today: date) -> None:
    """Members and campaigns to choose from."""
    if "firm" in form._fields:
        ids = [one.enterprise_id for one in list_members(session, row, today)]
        named = sorted(statements.names_of(session, ids).items(), key=lambda one: one[1])
        form._fields["firm"].choices = [NOBODY, *(SelectChoice(str(key), name) for key, name in named)]
    if "campaign" in form._fields:
        campaigns = [SelectChoice(str(one.id), f"{one.year}年{one.name}") for one in list_campaigns(session)]
        form._fields["campaign"].choices = [NONE, *campaigns]


def hand_in(office: Office, association_id: int, what: str, form: Any) -> bool:
    """Write it; False with the error beside its field."""
    try:
        looked = read_file("file")
        with office.database.write() as session:
            row = load_association(session, association_id)
            file_id = None
            if looked is not None:
                by, now = key_here(), office.clock()
                file_id = keep_file(session, office.library, looked, association_id=row.id, by=by, now=now).id
            write(office, session, row, what, form, file_id=file_id)
        return True
    except AssociationError as error:
        field = form._fields.get(error.field) or form.file
        field.errors = [*field.errors, str(error)]
    except UserError as error:
        form.file.errors = [str(error)]
    return False


def write(office: Office, session: Session, row: Association, what: str, form: Any, *, file_id: int | None) -> None:
    """By what it is."""
    now, actor, by = office.clock(), here().actor, key_here()
    if what == "works":
        kind = WorkKind(form.kind.data)
        works.add_work(session, row, kind, form.day.data, form.text.data, file_id=file_id, actor=actor, by=by, now=now)
        return
    if not form.firm.data:
        raise AssociationError("firm", "请选择会员企业；不在名单里的，先登记会员")
    firm = int(form.firm.data)
    if what == "commitments":
        promise = Promise(
            enterprise_id=firm,
            kind=CommitmentKind(form.kind.data),
            text=form.text.data,
            signed_on=form.signed_on.data,
            valid_until=form.valid_until.data,
            campaign_id=int(form.campaign.data) if form.campaign.data else None,
            file_id=file_id,
        )
        statements.hand_in_commitment(session, row, promise, actor, by, now=now)
        return
    praise = Praise(
        enterprise_id=firm,
        title=form.title.data,
        basis=form.basis.data,
        decided_on=form.decided_on.data,
        level=HonourLevel(form.level.data) if form.level.data else None,
        document_number=form.document_number.data,
        valid_until=form.valid_until.data,
        file_id=file_id,
    )
    statements.hand_in_honour(session, row, praise, actor, by, now=now)


def read_file(name: str) -> Looked | None:
    """The file of the form, looked at; None where none was chosen. UserError for what is not taken."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    return look_at(sent.stream.read(MOST_BYTES + 1), sent.filename)


def load_statement(session: Session, what: str, row_id: int) -> Statement:
    """The row, for who may see its association."""
    if what not in STATEMENTS:
        abort(404)
    row: Statement | None = (
        session.get(Commitment, row_id) if what == "commitments" else session.get(AssociationHonour, row_id)
    )
    if row is None:
        abort(404)
    if row.association_id is not None:
        load_association(session, row.association_id)
    elif not any(here().may(one) for one in DECIDERS):
        abort(404)
    return row


def decide(office: Office, what: str, row_id: int) -> None:
    """The step that was chosen."""
    now, actor, reason = office.clock(), here().actor, request.form.get("reason", "")
    does = request.form.get("do", "")
    with office.database.write() as session:
        row = load_statement(session, what, row_id)
        if does in {"approve", "return"}:
            is_approved = does == "approve"
            deciding.decide(session, row, actor, key_here(), is_approved=is_approved, reason=reason, now=now)
        elif does == "withdraw":
            deciding.withdraw(session, row, actor, reason=reason, rules=office.desk.archive, now=now)
        elif does == "performance" and isinstance(row, Commitment):
            said, record = request.form.get("performance", ""), request.form.get("record", "")
            found = next((one for one in Performance if one.value == said), None)
            if found is None:
                raise AssociationError("performance", "请选择履约状态")
            record_id = int(record) if record.isdecimal() and len(record) < 10 else None
            deciding.note_performance(session, row, found, actor, record_id=record_id, now=now)
        else:
            abort(400)
