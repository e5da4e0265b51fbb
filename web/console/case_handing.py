"""Many cases at once: to a unit, to a person of it, or taken by oneself; what cannot be done says why."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.case import Case
from models.case_words import Action, State
from services.audit import record
from services.cases.advance import advance
from services.cases.facts import Actor, Step
from services.cases.handlers import KEY, handlers_of
from services.cases.standing import find_case
from services.cases.wording import WORDS
from services.cases.workflow import HANDLED
from services.errors import UserError
from services.staff.accounts import list_accounts
from services.staff.duties import Permission
from web.console.cases import actor_of, docket_of, list_units
from web.console.gate import Stage, serves
from web.console.office import Office, here

BY_CATEGORY = "*"  # each to the unit of its category
ME = "me"
UNASSIGNED = (State.ACCEPTED, State.RETURNED)
MOST = 200
Targets = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Handing:
    """What may be done with the ticked ones: targets by group, none for taking; which states can be ticked."""

    label: str
    button: str
    targets: Targets
    states: tuple[State, ...]


def offer_handing(office: Office, session: Session, actor: Actor) -> Handing | None:
    """What this visit may do with many; None for nothing."""
    units = list_units(office, list_accounts(session))
    if here().may(Permission.DISPATCH):
        own = [("", [(BY_CATEGORY, "按类别对应的处室")]), ("处室", [(unit, unit) for unit in units])]
        return Handing("派给", "派办勾选的", dict(own) | list_people(session, units), (*UNASSIGNED, *HANDLED))
    if here().may(Permission.SUPERVISE):
        people = list_people(session, [actor.unit] if actor.unit else units)
        return Handing("交给", "指定承办人", people, HANDLED) if people else None
    if here().may(Permission.HANDLE):
        return Handing("", "由我承办勾选的", {}, HANDLED)
    return None


def list_people(session: Session, units: list[str]) -> Targets:
    """Who handles cases, by unit."""
    found = {unit: list(handlers_of(session, unit).items()) for unit in units}
    return {f"{unit}的承办人": people for unit, people in found.items() if people}


def add_case_handing(pages: Blueprint, office: Office) -> None:
    """/console/cases/assign."""

    @pages.post("/cases/assign")
    @serves(Stage.INSIDE, Permission.DISPATCH, Permission.SUPERVISE, Permission.HANDLE)
    def assign_cases() -> AnyResponse:
        """The ticked ones, then the list as it was filtered."""
        numbers, target = request.form.getlist("number")[:MOST], request.form.get("unit", "")
        if numbers:
            hand_out(office, actor_of(here()), numbers, target)
        else:
            flash("请先勾选事项。", "warn")
        kept: dict[str, Any] = request.args.to_dict()
        return redirect(url_for("console.cases", **kept), 303)


def hand_out(office: Office, actor: Actor, numbers: list[str], target: str) -> None:
    """Each in its own transaction."""
    done = left = 0
    for number in numbers:
        try:
            with office.database.write() as session:
                case = find_case(session, number, locks=True)
                if case is None:
                    raise UserError("没有这个编号")
                action, step = choose_step(office, session, case, target)
                if action is Action.ASSIGN and case.state in HANDLED:
                    left += 1  # "all on this page" must not take work out of people's hands
                    continue
                advance(docket_of(office, session), number, action, actor, step)
                details = {"步骤": WORDS["actions"][action]["name"]}
                record(session, here().actor, Act.CASE_STEP, office.clock(), subject=number, details=details)
            done += 1
        except UserError as error:
            flash(f"没有办成 {number}：{error}", "warn")
    if done:
        flash(f"已办 {done} 件。")
    if left:
        flash(f"{left} 件已经在办，没有动；要换承办单位，请打开那一件再派。", "warn")


def choose_step(office: Office, session: Session, case: Case, target: str) -> tuple[Action, Step]:
    """The step that brings a case to a unit or a person."""
    if target == ME:
        return Action.TAKE, Step()
    if target.startswith(KEY):
        unit = next((one.unit for one in list_accounts(session) if f"{KEY}{one.id}" == target), "")
        if case.unit == unit and case.state in HANDLED:
            return Action.APPOINT, Step(handler=target)
        return Action.ASSIGN, Step(unit=unit, handler=target)
    category = office.rules.category(case.category)
    by_category = category.unit if category else ""
    return Action.ASSIGN, Step(unit=by_category if target == BY_CATEGORY else target)
