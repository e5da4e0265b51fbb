"""The check-up of the service, as `chengxin doctor` makes it."""

from flask import Blueprint, render_template

from services.checkup import State
from services.staff.duties import Permission
from web.console.gate import Stage, serves
from web.console.office import Office


def add_checkup(pages: Blueprint, office: Office) -> None:
    """/console/checkup: this side at once, WeChat on demand, for it takes some seconds."""

    @pages.get("/checkup", endpoint="checkup")
    @serves(Stage.INSIDE, Permission.MANAGE_STAFF)
    def checkup() -> str:
        """What can be told without asking anybody else."""
        return render_template("console/checkup.html", findings=office.check_up.here(), State=State, has_asked=False)

    @pages.post("/checkup")
    @serves(Stage.INSIDE, Permission.MANAGE_STAFF)
    def ask_wechat() -> str:
        """All of it. Nothing is changed, so it is no act of the audit log."""
        findings = [*office.check_up.here(), *office.check_up.wechat()]
        return render_template("console/checkup.html", findings=findings, State=State, has_asked=True)
