"""Signing in and out: password, second factor, and the waits between too many tries."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.staff import LONGEST_LOGIN
from services.staff import signing_in, throttle
from services.staff.passwords import LONGEST
from services.staff.throttle import Admission
from web.console.forms import CodeForm, LoginForm, filled
from web.console.gate import Stage, serves
from web.console.office import Office, client, draw_token, here
from web.h5.letters import local_path

WRONG = "登录名或密码不对，请再试一次"
WRONG_CODE = "验证码不对或已经用过，请看手机上最新的六位数字"


def add_sign_in(pages: Blueprint, office: Office) -> None:
    """/console/login, /console/login/code, /console/logout."""

    @pages.route("/login", methods=["GET", "POST"])
    @serves(Stage.OUTSIDE)
    def login() -> AnyResponse | str | tuple[str, int]:
        """Login and password."""
        form = filled(LoginForm)
        if request.method == "GET":
            return redirect(page_wanted(), 303) if g.visit and not g.visit.needs_code else show(form)
        if not form.validate():
            return show(form), 422
        return try_password(office, form)

    @pages.route("/login/code", methods=["GET", "POST"])
    @serves(Stage.CODE_DUE)
    def code() -> AnyResponse | str | tuple[str, int]:
        """The six digits, for whoever has set them up."""
        if not here().needs_code:
            return redirect(url_for("console.home"), 303)
        form = filled(CodeForm)
        if request.method == "GET":
            return render_template("console/code.html", form=form)
        if not form.validate():
            return render_template("console/code.html", form=form), 422
        return try_code(office, form)

    @pages.post("/logout")
    @serves(Stage.CODE_DUE)
    def logout() -> AnyResponse:
        """End the session, here and on the server."""
        with office.database.write() as session:
            signing_in.sign_out(session, here(), office.clock())
        response = redirect(url_for("console.login", out=1), 303)
        office.set_token(response, draw_token())
        return response


def show(form: LoginForm, **words: Any) -> str:
    """The page of login and password; the password is never put back into it."""
    back = request.values.get("next", "")
    return render_template("console/login.html", form=form, back=back, **words)


def ask_throttle(office: Office, login: str, now: datetime) -> Admission:
    """Count the attempt; it may go on when the admission is open."""
    with office.database.write() as session:
        return throttle.admit(session, login, client().address, now)


def try_password(office: Office, form: LoginForm) -> AnyResponse | tuple[str, int]:
    """Check login and password; the same words and the same time whether the login exists or not."""
    now, who = office.clock(), client()
    name = str(form.login.data).lower()[: LONGEST_LOGIN + 1]
    admission = ask_throttle(office, name, now)
    if not admission.is_open:
        return show(form, wait=wait_words(admission.wait)), 429
    with office.database.read() as session:
        password = str(form.password.data)[: LONGEST + 1]
        account_id = signing_in.check_password(session, name, password, now)
    with office.database.write() as session:
        if account_id is None:
            signing_in.turn_away(session, name, now, who.address, admission)
        else:
            opened = signing_in.let_in(session, account_id, who, now, office.limits)
    if account_id is None:
        form.password.errors = [WRONG]
        return show(form), 422
    wanted = url_for("console.code") if opened.needs_code else page_wanted()
    response = redirect(wanted, 303)
    office.set_token(response, opened.token)
    return response


def page_wanted() -> str:
    """The page they were led away from, if it is one of the console's; else its home page."""
    wanted = local_path(request.values.get("next", ""))
    home = url_for("console.home")
    return wanted if wanted.startswith(home) else home


def try_code(office: Office, form: CodeForm) -> AnyResponse | tuple[str, int]:
    """Check the second factor; tries are counted with those of the password."""
    now, visit = office.clock(), here()
    admission = ask_throttle(office, visit.login, now)
    if not admission.is_open:
        return render_template("console/code.html", form=form, wait=wait_words(admission.wait)), 429
    with office.database.write() as session:
        token = signing_in.pass_code(session, visit, str(form.code.data)[:40], now)
        if token is None:
            signing_in.turn_away(session, visit.login, now, client().address, admission)
    if token is None:
        form.code.errors = [WRONG_CODE]
        return render_template("console/code.html", form=form), 422
    response = make_response(redirect(url_for("console.home"), 303))
    office.set_token(response, token)
    return response


def wait_words(wait: timedelta) -> str:
    """How long to wait, rounded up."""
    seconds = int(wait.total_seconds()) + 1
    return f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"
