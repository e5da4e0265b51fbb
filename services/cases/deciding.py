"""Whether somebody may take a step now, and if not, why; pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.case_words import Action, Outsider, State
from models.role import Role
from services.cases.facts import Actor, Facts, Step, Who
from services.cases.guards import CHECKS
from services.cases.workflow import TABLE, Transition
from services.privacy import find_personal

ROLE_ORDER: tuple[Who, ...] = (*Outsider, *Role)


class Refusal(Exception):  # noqa: N818 - it is what the citizen or clerk is told, not a fault of ours
    """The step cannot be taken. `code` is a key of [refusals] or [guards] in wording.toml."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Decision:
    """The line of the table that holds, and the role in which it is taken."""

    transition: Transition
    role: Who
    state: State  # after it


def decide(action: Action, facts: Facts, actor: Actor, step: Step, now: datetime) -> Decision:
    """The decision; Refusal with the first reason against it."""
    transition = next(line for line in TABLE if line.action is action)
    roles = [role for role in ROLE_ORDER if role in actor.roles & transition.who]
    if not roles:
        raise Refusal("not_allowed")
    refusals: list[Refusal] = []
    for role in roles:
        try:
            check(transition, facts, replace(actor, roles=frozenset({role})), step, now)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            return Decision(transition, role, transition.end_in(facts.state))
    raise refusals[0]


def check(transition: Transition, facts: Facts, actor: Actor, step: Step, now: datetime) -> None:
    """Refusal unless an actor with this one role may take the step."""
    (role,) = actor.roles
    if not is_in_reach(role, facts, actor):
        raise Refusal("not_theirs")
    if facts.state not in transition.sources:
        raise Refusal("wrong_state")
    for need in transition.needs:
        value = getattr(step, need)
        if value in {None, False, "", ()} or (isinstance(value, str) and not value.strip()):
            raise Refusal("missing", need)
    for guard in transition.guards:
        if not CHECKS[guard](facts, actor, step, now):
            raise Refusal(guard)
    if isinstance(role, Role) and (kinds := find_personal(step.text)):
        raise Refusal("personal_data", "、".join(kinds))


def is_in_reach(role: Who, facts: Facts, actor: Actor) -> bool:
    """Citizens reach their own case, handlers their unit's, associations what was delegated to them.

    Reviewers and supervisors with a unit are that unit's; without one they are the bureau's.
    """
    if facts.state is State.DRAFT or role is Outsider.SYSTEM:
        return True
    if role is Outsider.CITIZEN:
        return actor.case_id == facts.case_id
    if role is Role.MEDIATOR:
        return bool(facts.association) and actor.unit == facts.association
    if role is Role.HANDLER:
        return bool(actor.unit) and actor.unit == facts.unit
    if role in {Role.REVIEWER, Role.SUPERVISOR}:
        return actor.unit in {"", facts.unit}
    return True


def list_actions(facts: Facts, actor: Actor) -> list[Action]:
    """What somebody may do with the case as it stands, for buttons; the step itself may still be refused."""
    found = []
    for transition in TABLE:
        roles = actor.roles & transition.who
        if facts.state in transition.sources and any(is_in_reach(role, facts, actor) for role in roles):
            found.append(transition.action)
    return found
