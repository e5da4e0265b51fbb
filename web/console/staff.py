"""The administrator's pages: the list of staff, somebody new, somebody's particulars."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.staff import StaffAccount, StaffSession
from services.staff import accounts, sessions, throttle
from services.staff.accounts import StaffError
from services.staff.duties import Permission
from web.console.forms import NewStaffForm, StaffForm, filled, put_error
from web.console.gate import Stage, serves
from web.console.office import Office, here

LARGEST_ID = 2**31 - 1  # of PostgreSQL's integer


def load(session: Session, account_id: int) -> StaffAccount:
    """The account, or 404."""
    found = session.get(StaffAccount, account_id)
    if found is None:
        abort(404)
    return found


def add_staff_pages(pages: Blueprint, office: Office) -> None:
    """/console/staff and what it leads to."""

    @pages.get("/staff")
    @serves(Stage.INSIDE, Permission.MANAGE_STAFF)
    def staff() -> str:
        """Everybody."""
        now = office.clock()
        with office.database.read() as session:
            people = accounts.list_accounts(session)
            waiting = {one.id for one in people if throttle.blocked_until(session, one.login, now)}
        return render_template("console/staff.html", people=people, waiting=waiting)

    @pages.route("/staff/new", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.MANAGE_STAFF)
    def new_staff() -> AnyResponse | str | tuple[str, int]:
        """Somebody new; the one-time password is shown once."""
        form = filled(NewStaffForm)
        if request.method == "GET":
            return render_template("console/new_staff.html", form=form)
        added = add(office, form) if form.validate() else None
        if added is None:
            return render_template("console/new_staff.html", form=form), 422
        account, drawn = added
        return render_template("console/one_time.html", account=account, drawn=drawn, is_new=True)

    @pages.route(f"/staff/<int(max={LARGEST_ID}):account_id>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.MANAGE_STAFF)
    def person(account_id: int) -> AnyResponse | str | tuple[str, int]:
        """Somebody's particulars, and what can be done about the account."""
        with office.database.read() as session:
            account = load(session, account_id)
            opened, until = look_up(office, session, account)
        form = filled(StaffForm, name=account.name, unit=account.unit, roles=[role.value for role in account.roles])
        page = {"account": account, "form": form, "opened": opened, "until": until}
        if request.method == "GET":
            return render_template("console/person.html", **page)
        if not (form.validate() and change(office, account_id, form)):
            return render_template("console/person.html", **page), 422
        return redirect(url_for("console.person", account_id=account_id), 303)


def look_up(office: Office, session: Session, account: StaffAccount) -> tuple[list[StaffSession], object]:
    """Where somebody is signed in, and until when they must wait."""
    now = office.clock()
    opened = sessions.list_sessions(session, account.id, now, office.limits)
    return opened, throttle.blocked_until(session, account.login, now)


def add(office: Office, form: NewStaffForm) -> tuple[StaffAccount, str] | None:
    """Add the account; None with the error beside its field."""
    try:
        with office.database.write() as session:
            return accounts.add_account(
                session,
                here().actor,
                office.clock(),
                login=str(form.login.data),
                name=str(form.name.data),
                unit=str(form.unit.data),
                roles=form.chosen,
                reason=str(form.reason.data),
            )
    except StaffError as error:
        put_error(form, error)
        return None


def change(office: Office, account_id: int, form: StaffForm) -> bool:
    """Change the account; False with the error beside its field."""
    try:
        with office.database.write() as session:
            is_changed = accounts.change_account(
                session,
                here().actor,
                load(session, account_id),
                office.clock(),
                name=str(form.name.data),
                unit=str(form.unit.data),
                roles=form.chosen,
                reason=str(form.reason.data),
            )
    except StaffError as error:
        put_error(form, error)
        return False
    flash("已保存，对方打开下一页时生效。" if is_changed else "没有改动，不必保存。")
    return True
