"""One's own account: password, and where one is signed in."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from services.audit import record
from services.staff import sessions, signing_in
from services.staff.accounts import StaffError
from services.staff.passwords import LEAST_LENGTH
from services.staff.second_factor import count_recovery_codes
from web.console.forms import PasswordForm, filled, put_error
from web.console.gate import Stage, serves
from web.console.office import Office, here


def add_account_pages(pages: Blueprint, office: Office) -> None:
    """/console/account and what it leads to."""

    @pages.get("/account")
    @serves()
    def account() -> str:
        """Who I am, how I sign in, where I am signed in."""
        visit, now = here(), office.clock()
        with office.database.read() as session:
            opened = sessions.list_sessions(session, visit.account_id, now, office.limits)
            codes = count_recovery_codes(session, visit.account_id)
        return render_template("console/account.html", opened=opened, recovery_count=codes)

    @pages.route("/account/password", methods=["GET", "POST"])
    @serves(Stage.PASSWORD_DUE)
    def password() -> AnyResponse | str | tuple[str, int]:
        """A new password."""
        form = filled(PasswordForm)
        if request.method == "GET":
            return render_template("console/password.html", form=form, least=LEAST_LENGTH)
        if not (form.validate() and change(office, form)):
            return render_template("console/password.html", form=form, least=LEAST_LENGTH), 422
        flash("密码已修改，别处的登录都已退出。")
        return redirect(url_for("console.home" if here().must_change_password else "console.account"), 303)

    add_endings(pages, office)


def add_endings(pages: Blueprint, office: Office) -> None:
    """Signing out other browsers of one's own."""

    @pages.post("/account/sessions/<int:session_id>/end")
    @serves()
    def end_session(session_id: int) -> AnyResponse:
        """Sign out one other browser."""
        visit = here()
        with office.database.write() as session:
            if session_id != visit.session_id and sessions.end_session(session, visit.account_id, session_id):
                record(session, visit.actor, Act.SESSION_ENDED, office.clock(), subject=visit.actor.name)
        flash("那一处已退出。")
        return redirect(url_for("console.account"), 303)

    @pages.post("/account/sessions/end")
    @serves()
    def end_others() -> AnyResponse:
        """Sign out all browsers but this one."""
        visit = here()
        with office.database.write() as session:
            count = sessions.end_sessions(session, visit.account_id, except_id=visit.session_id)
            if count:
                details = {"个数": str(count)}
                record(
                    session,
                    visit.actor,
                    Act.SESSION_ENDED,
                    office.clock(),
                    subject=visit.actor.name,
                    details=details,
                )
        flash(f"别处的 {count} 个登录都已退出。" if count else "别处没有登录。")
        return redirect(url_for("console.account"), 303)


def change(office: Office, form: PasswordForm) -> bool:
    """Change the password; False with the error beside its field."""
    try:
        with office.database.write() as session:
            is_done = signing_in.change_password(
                session, here(), str(form.old.data), str(form.new.data), office.clock()
            )
    except StaffError as error:
        put_error(form, error)
        return False
    if not is_done:
        form.old.errors = ["现在的密码不对"]
    return is_done
