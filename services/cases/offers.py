"""What somebody is offered on a case: the steps the table lets them take, why one must wait, which comes next; pure."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.case_words import Action, Outsider, Proposal, State, Timer
from models.role import Role
from services.cases.deciding import ROLE_ORDER, Refusal, is_in_reach, list_actions
from services.cases.facts import Actor, Facts, Step, Who
from services.cases.guards import CHECKS, Guard
from services.cases.wording import explain
from services.cases.workflow import BY_ACTION

# These look at what is brought with the step; the others can be told before a form is opened.
ASKED_OF_THE_STEP = {
    Guard.TRANSFER_ALLOWED,
    Guard.OWN_CONSENT,
    Guard.AMENDS,
    Guard.CONFIRMED_TWICE,
    Guard.SAME_MATTER,
    Guard.SATISFIED,
    Guard.DISSATISFIED,
    Guard.NOT_RATED,
}
# What a case waits for in each state, the first that is possible; a state without a line waits for nobody here.
NEXT: dict[State, tuple[Action, ...]] = {
    State.SUBMITTED: (Action.ACCEPT,),
    State.NEED_MORE: (Action.CLOSE_UNREACHABLE, Action.LOG_CONTACT),
    State.REFERRED: (Action.ACKNOWLEDGE_REFERRAL,),
    State.ACCEPTED: (Action.ASSIGN,),
    State.RETURNED: (Action.ASSIGN,),
    State.ASSIGNED: (Action.BEGIN, Action.LOG_CONTACT),
    State.IN_PROGRESS: (Action.PROPOSE_ANSWER,),
    State.MEDIATING: (Action.REPORT_MEDIATION, Action.PROPOSE_ANSWER),
    State.SUSPENDED: (Action.RESUME, Action.RESUME_MEDIATION),
    State.REWORK: (Action.BEGIN_REWORK,),
    State.ANSWERED: (Action.ORDER_REWORK, Action.UPHOLD_ANSWER),  # once the citizen is dissatisfied
    State.WITHDRAWN: (Action.NOTE_TOLD,),
}
APPROVALS = {
    Proposal.ANSWER: Action.APPROVE_ANSWER,
    Proposal.SUSPENSION: Action.APPROVE_SUSPENSION,
    Proposal.EXTENSION: Action.APPROVE_EXTENSION,
}
# Whose the next step is, where the table gives it to others as well.
OWNERS: dict[State, frozenset[Role]] = {
    State.NEED_MORE: frozenset({Role.INTAKE}),
    State.REFERRED: frozenset({Role.INTAKE}),
    State.ASSIGNED: frozenset({Role.HANDLER}),
    State.ANSWERED: frozenset({Role.REVIEWER}),
}
# Here the law leaves the choice: no button is bigger than the other.
CHOICES = (State.ANSWERED,)
# Taken once; offered afterwards only as one step among others.
WHILE_RUNNING = {Action.NOTE_TOLD: Timer.TELL, Action.ACKNOWLEDGE_REFERRAL: Timer.ACKNOWLEDGE}


@dataclass(frozen=True)
class Offer:
    """A button; `obstacle` says why it cannot be pressed now, "" if it can."""

    action: Action
    obstacle: str = ""


def list_offers(facts: Facts, actor: Actor, now: datetime) -> list[Offer]:
    """All steps that the table gives to this actor in this state."""
    return [Offer(action, find_obstacle(action, facts, actor, now)) for action in list_actions(facts, actor)]


def find_obstacle(action: Action, facts: Facts, actor: Actor, now: datetime) -> str:
    """The first condition that does not hold whatever is brought; "" where one of the actor's roles may."""
    transition, obstacles = BY_ACTION[action], []
    for role in (role for role in ROLE_ORDER if role in actor.roles & transition.who):
        if not is_in_reach(role, facts, actor):
            continue
        alone = replace(actor, roles=frozenset({role}))
        failed = [
            guard
            for guard in transition.guards
            if guard not in ASKED_OF_THE_STEP and not CHECKS[guard](facts, alone, Step(), now)
        ]
        if not failed:
            return ""
        obstacles.append(explain(Refusal(failed[0]), facts.state))
    return obstacles[0] if obstacles else ""


def next_actions(facts: Facts) -> tuple[Action, ...]:
    """What the case waits for, whoever has to do it."""
    if facts.proposal is not None:
        return (APPROVALS[facts.proposal],)
    if facts.state is State.ANSWERED and not facts.is_disputed:
        return ()  # the citizen's word, or the end of the term
    found = NEXT.get(facts.state, ())
    return tuple(action for action in found if action not in WHILE_RUNNING or WHILE_RUNNING[action] in facts.due)


def next_roles(facts: Facts) -> frozenset[Who]:
    """Whose it is to do that."""
    may = frozenset(who for action in next_actions(facts) for who in BY_ACTION[action].who)
    return OWNERS.get(facts.state, may) & may - {Outsider.SYSTEM}


def find_next(facts: Facts, offers: list[Offer], actor: Actor) -> Offer | None:
    """The offer for the main button: what the case waits for, if it is this actor's and nothing stands against it."""
    mine = actor.roles & next_roles(facts)
    if facts.handler not in {"", actor.key}:
        mine -= {Role.HANDLER}  # somebody else of the unit has it
    if not mine:
        return None
    possible = {offer.action: offer for offer in offers if not offer.obstacle}
    return next((possible[action] for action in next_actions(facts) if action in possible), None)


def find_choices(facts: Facts, offers: list[Offer], actor: Actor) -> list[Offer]:
    """The buttons for what the case waits for: one, or several of equal weight where it is for this actor to weigh."""
    main = find_next(facts, offers, actor)
    if main is None or facts.state not in CHOICES:
        return [main] if main else []
    return [offer for offer in offers if offer.action in next_actions(facts) and not offer.obstacle]
