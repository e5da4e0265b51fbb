"""Setting up and removing one-time codes, and drawing recovery codes."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.staff import StaffAccount
from services.audit import record
from services.staff import second_factor
from services.staff.passwords import is_password
from web.console.forms import CodeForm, ConfirmForm, filled
from web.console.gate import Stage, serves
from web.console.office import Office, here

WRONG_CODE = "六位数字不对，请看手机上最新的一组；还不对时请检查手机的时间是否准确"
WRONG_PASSWORD = "密码不对"  # noqa: S105 - words


def add_code_pages(pages: Blueprint, office: Office) -> None:
    """/console/account/code and what it leads to."""

    @pages.route("/account/code", methods=["GET", "POST"])
    @serves(Stage.SET_UP_DUE)
    def set_up_code() -> AnyResponse | str | tuple[str, int]:
        """A QR code for the telephone, and the first six digits as a proof; then the recovery codes, once."""
        if here().has_totp:
            return redirect(url_for("console.account"), 303)
        form = filled(CodeForm)
        if request.method == "GET":
            return show_secret(office, form)
        codes = begin(office, form) if form.validate() else None
        if codes is None:
            return show_secret(office, form), 422
        return render_template("console/recovery.html", codes=codes, is_new=True)

    @pages.route("/account/code/remove", methods=["GET", "POST"])
    @serves()
    def remove_code() -> AnyResponse | str | tuple[str, int]:
        """No more codes; asks for the password."""
        form = filled(ConfirmForm)
        if not confirm(office, form):
            return render_template("console/remove_code.html", form=form), 422 if form.errors else 200
        with office.database.write() as session:
            second_factor.remove(session, session.get_one(StaffAccount, here().account_id))
            record(session, here().actor, Act.TOTP_REMOVED, office.clock())
        flash("动态验证码已停用。")
        return redirect(url_for("console.account"), 303)

    @pages.route("/account/code/recovery", methods=["GET", "POST"])
    @serves()
    def recovery() -> AnyResponse | str | tuple[str, int]:
        """New recovery codes; asks for the password."""
        if not here().has_totp:
            return redirect(url_for("console.account"), 303)
        form = filled(ConfirmForm)
        if not confirm(office, form):
            return render_template("console/new_recovery.html", form=form), 422 if form.errors else 200
        with office.database.write() as session:
            codes = second_factor.draw_recovery_codes(session, session.get_one(StaffAccount, here().account_id))
            record(session, here().actor, Act.RECOVERY_CODES_MADE, office.clock())
        return render_template("console/recovery.html", codes=codes, is_new=False)


def offer_secret(office: Office) -> str:
    """The secret of this page."""
    with office.database.read() as session:
        account = session.get_one(StaffAccount, here().account_id)
        return second_factor.derive_secret(session, account, here().session_id)


def show_secret(office: Office, form: CodeForm) -> str:
    """The page with QR code and secret."""
    secret = offer_secret(office)
    address = second_factor.write_address(secret, here().login, office.desk.bureau.account_name)
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, dark="#000", light="#fff")
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return render_template("console/set_up_code.html", form=form, drawn=Markup(drawn), groups=groups)  # noqa: S704


def begin(office: Office, form: CodeForm) -> list[str] | None:
    """Set up when the six digits are right; the recovery codes."""
    secret, now = offer_secret(office), office.clock()
    digits = "".join(str(form.code.data).split())
    with office.database.write() as session:
        account = session.get_one(StaffAccount, here().account_id)
        codes = second_factor.set_up(session, account, secret, digits, now)
        if codes:
            record(session, here().actor, Act.TOTP_SET, now)
    if codes is None:
        form.code.errors = [WRONG_CODE]
    return codes


def confirm(office: Office, form: ConfirmForm) -> bool:
    """The form was posted with the right password; else its error is beside the field."""
    if request.method != "POST" or not form.validate():
        return False
    with office.database.read() as session:
        account = session.get_one(StaffAccount, here().account_id)
        is_right = is_password(account.password_hash, str(form.password.data))
    if not is_right:
        form.password.errors = [WRONG_PASSWORD]
    return is_right
