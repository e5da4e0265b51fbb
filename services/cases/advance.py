"""The one way by which a case moves: decided by the table, written with history, deadlines and notice at once."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from models.case import Case, CaseEvent
from models.case_words import Action, CaseKind
from services.cases.deciding import Decision, Refusal, decide, list_actions
from services.cases.docket import Docket
from services.cases.effects import Change, apply_effects, fill_from_proposal, fill_from_referral
from services.cases.facts import SYSTEM, Actor, Step
from services.cases.history import add_event
from services.cases.referring import fill_from_evidence
from services.cases.standing import find_case, read_facts
from services.cases.telling import notify
from services.cases.timing import explain_due, move_deadlines, restart_deadlines, told_deadline
from services.cases.wording import explain
from services.errors import UserError

DETAILS = (
    "ground receiver legal_basis remote_number result score parent_number consent side way outcome "
    "evidence with_identity has_new_facts recovered_fen handler"
).split()


class RefusedError(UserError):
    """The step was refused; the message is for who wanted to take it, `code` for the program."""

    def __init__(self, refusal: Refusal, case: Case) -> None:
        super().__init__(explain(refusal, case.state))
        self.code = str(refusal.code)


def advance(docket: Docket, number: str, action: Action, actor: Actor, step: Step | None = None) -> Case:
    """Take a step on the case with this number; RefusedError says why not. The caller's transaction commits it."""
    case = find_case(docket.session, number, locks=True)
    if case is None:
        raise UserError("没有这个编号，请核对")
    docket.session.refresh(case)
    event = take_step(docket, case, action, actor, step or Step())
    if action is Action.MERGE:
        absorb(docket, case, actor, event)
    return case


def take_step(docket: Docket, case: Case, action: Action, actor: Actor, step: Step) -> CaseEvent:
    """Decide, change, move the deadlines, write the history, tell."""
    for fill in (fill_from_proposal, fill_from_referral, fill_from_evidence):
        step = fill(docket, case, action, step)
    try:
        decision = decide(action, read_facts(docket, case, step), actor, step, docket.now)
    except Refusal as refusal:
        raise RefusedError(refusal, case) from None
    standing: dict[str, Any] = {"unit": case.unit}
    before = case.state
    if action is Action.AMEND:
        standing = describe_before(docket, case, step)
    case.state = decision.state
    apply_effects(Change(docket, case, actor, step, before), action)
    if action is Action.MERGE:
        parent = find_case(docket.session, step.parent_number)
        case.parent_id = parent.id if parent else None
    if case.unit:
        standing["unit"] = case.unit  # a unit that returned it is named all the same
    return write_step(docket, case, decision, actor, step, standing=standing)


def describe_before(docket: Docket, case: Case, step: Step) -> dict[str, Any]:
    """What an amendment replaces, for the history; UserError for a category that there is not."""
    if step.category and docket.rules.category(step.category) is None:
        raise UserError("没有这个类别，请从列表中选择")
    category = docket.rules.category(case.category)
    return {"unit": case.unit, "category": category.name if category else case.category, "urgency": case.urgency}


def write_step(
    docket: Docket, case: Case, decision: Decision, actor: Actor, step: Step, *, standing: dict[str, Any]
) -> CaseEvent:
    """History, deadlines and notice of a decided step."""
    action = decision.transition.action
    move_deadlines(docket, case, action)
    details: dict[str, Any] = {name: getattr(step, name) for name in DETAILS}
    details = {name: value for name, value in details.items() if value not in {None, "", False, ()}}
    if step.consent is not None:
        details["is_given"] = step.is_given
    details |= standing | {"due": explain_due(told_deadline(docket.session, case))}
    said = {"text": step.text, "note": step.note}
    event = add_event(docket, case, action, decision.state, actor, role=decision.role, said=said, details=details)
    if decision.transition.tells:
        notify(docket, case, event)
    return event


def absorb(docket: Docket, case: Case, actor: Actor, event: CaseEvent) -> None:
    """The parent learns of the merged case; a report's new facts restart its clock (Order 121 art. 35)."""
    parent = docket.session.get(Case, case.parent_id)
    if parent is None:
        return
    if event.details.get("has_new_facts") and parent.kind is CaseKind.REPORT:
        restart_deadlines(docket, parent)
    consequence = replace(actor, roles=SYSTEM.roles)  # theirs, but no step of its own that anybody could take
    take_step(docket, parent, Action.ABSORB, consequence, Step(note=case.number))


def actions_for(docket: Docket, case: Case, actor: Actor) -> list[Action]:
    """The buttons of somebody on a case."""
    return list_actions(read_facts(docket, case), actor)


def children_of(docket: Docket, case: Case) -> list[Case]:
    """The cases merged into this one, oldest first."""
    return list(docket.session.scalars(select(Case).where(Case.parent_id == case.id).order_by(Case.id)))
