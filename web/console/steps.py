"""What an administrator does to an account after giving a reason: one page for every step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.staff import StaffAccount
from services.audit import Actor
from services.staff import accounts
from services.staff.accounts import StaffError
from services.staff.duties import Permission
from web.console.forms import ReasonForm, filled, put_error
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID, load

Work = Callable[[Session, Actor, StaffAccount, datetime, str], object]


@dataclass(frozen=True)
class Step:
    """One thing to do: its button, what it means, what is said when it is done."""

    button: str
    meaning: str
    done: str
    work: Work
    is_grave: bool = False


STEPS: dict[str, Step] = {
    "disable": Step(
        "停用账号",
        "停用后不能再登录，正在使用的页面立即退出；以前的操作记录保留，随时可以恢复。",
        "账号已停用。",
        accounts.disable,
        is_grave=True,
    ),
    "enable": Step("恢复账号", "恢复后用原来的密码登录。", "账号已恢复。", accounts.enable),
    "unblock": Step("解除登录暂停", "多次输错后的等待立即取消，可以马上再试。", "可以马上再登录了。", accounts.unblock),
    "sign-out": Step(
        "退出所有登录", "所有电脑和手机上的登录立即退出，密码不变。", "已全部退出。", accounts.end_all_sessions
    ),
    "reset": Step(
        "重置密码",
        "会生成一个一次性密码，请当面或用电话告诉本人；原密码、动态验证码和所有登录立即失效。",
        "",
        accounts.reset,
        is_grave=True,
    ),
}


def add_steps(pages: Blueprint, office: Office) -> None:
    """/console/staff/<id>/<step>: ask for the reason, then do it."""

    @pages.route(f"/staff/<int(max={LARGEST_ID}):account_id>/<name>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.MANAGE_STAFF)
    def step(account_id: int, name: str) -> AnyResponse | str | tuple[str, int]:
        """One step; a one-time password is shown once."""
        chosen = STEPS.get(name) or abort(404)
        form = filled(ReasonForm)
        with office.database.read() as session:
            account = load(session, account_id)
        page = {"account": account, "form": form, "step": chosen}
        if request.method == "GET":
            return render_template("console/step.html", **page)
        if not form.validate():
            return render_template("console/step.html", **page), 422
        try:
            with office.database.write() as session:
                account = load(session, account_id)
                outcome = chosen.work(session, here().actor, account, office.clock(), str(form.reason.data))
        except StaffError as error:
            put_error(form, error)
            return render_template("console/step.html", **page), 422
        if isinstance(outcome, str):
            return render_template("console/one_time.html", account=account, drawn=outcome, is_new=False)
        flash(chosen.done)
        return redirect(url_for("console.person", account_id=account_id), 303)
