"""What the clock tells staff: deadlines near and missed, silent receivers, major events."""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.case import Case
from models.case_clock import CaseAlert
from models.case_words import Audience
from models.role import Role
from services.cases.clock import alerts_for, mark_seen
from services.cases.facts import Actor
from services.staff.duties import Permission
from web.console.cases import actor_of, docket_of
from web.console.gate import Stage, serves
from web.console.office import Office, here

# Whose alerts somebody sees.
AUDIENCES: dict[Role, tuple[Audience, ...]] = {
    Role.INTAKE: (Audience.INTAKE, Audience.DUTY_OFFICER),
    Role.DISPATCHER: (Audience.DISPATCHER,),
    Role.HANDLER: (Audience.HANDLER,),
    Role.REVIEWER: (Audience.REVIEWER,),
    Role.SUPERVISOR: (Audience.UNIT_HEAD, Audience.LEADER, Audience.BULLETIN, Audience.DUTY_OFFICER),
}
OF_A_UNIT = {Audience.HANDLER, Audience.REVIEWER, Audience.UNIT_HEAD}
MOST_SHOWN = 200


def add_case_alerts(pages: Blueprint, office: Office) -> None:
    """/console/cases/alerts."""

    @pages.route("/cases/alerts", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def case_alerts() -> AnyResponse | str:
        """What the clock tells this role; seen ones go."""
        actor = actor_of(here())
        if request.method == "POST":
            with office.database.write() as session:
                docket, ticked = docket_of(office, session), set(request.form.getlist("alert"))
                for alert in alerts_of(session, actor):
                    if str(alert.id) in ticked:
                        mark_seen(docket, alert, actor.key)
            return redirect(url_for("console.case_alerts"), 303)
        with office.database.read() as session:
            alerts = alerts_of(session, actor)[:MOST_SHOWN]
            cases = select(Case.id, Case.number).where(Case.id.in_([one.case_id for one in alerts if one.case_id]))
            numbers = {row[0]: row[1] for row in session.execute(cases)}
        return render_template("console/case_alerts.html", alerts=alerts, numbers=numbers)


def alerts_of(session: Session, actor: Actor) -> list[CaseAlert]:
    """What this actor's roles are told, newest first."""
    found = []
    for audience in dict.fromkeys(one for role in AUDIENCES if role in actor.roles for one in AUDIENCES[role]):
        found += alerts_for(session, audience, actor.unit if audience in OF_A_UNIT else "")
    return sorted(found, key=lambda alert: -alert.id)
