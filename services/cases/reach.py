"""Which cases somebody may see and which wait for them, as conditions on rows; sight.py and offers.py say the same."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from models.case import Case
from models.case_clock import CaseDeadline, CaseProposal
from models.case_words import Proposal, State, Timer
from models.role import Role
from services.cases.facts import Actor
from services.cases.handlers import is_anothers
from services.cases.workflow import HANDLED, WORKED

ALL_SEEING = frozenset({Role.INTAKE, Role.DISPATCHER, Role.AUDITOR})
OF_A_UNIT = frozenset({Role.HANDLER, Role.REVIEWER, Role.SUPERVISOR})


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """The cases whose course this actor may see."""
    roles, unit = actor.roles, actor.unit
    if roles & ALL_SEEING or (roles & {Role.REVIEWER, Role.SUPERVISOR} and not unit):
        return true()
    fits: list[ColumnElement[bool]] = []
    if roles & OF_A_UNIT and unit:
        fits.append(Case.unit == unit)
    if Role.MEDIATOR in roles and unit:
        fits.append(Case.association == unit)
    return or_(*fits) if fits else false()


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """The cases whose next step is this actor's."""
    unit = actor.unit
    reach = Case.unit == unit if unit else true()
    fits: dict[Role, ColumnElement[bool]] = {
        Role.INTAKE: or_(
            Case.state.in_((State.SUBMITTED, State.NEED_MORE)),
            and_(Case.state == State.REFERRED, runs(Timer.ACKNOWLEDGE)),
            and_(Case.state == State.WITHDRAWN, runs(Timer.TELL)),
        ),
        Role.DISPATCHER: Case.state.in_((State.ACCEPTED, State.RETURNED)),
        Role.HANDLER: and_(
            Case.unit == unit,
            ~is_anothers(actor.key),
            or_(
                and_(Case.state.in_(HANDLED), ~is_proposed(*Proposal)),
                and_(Case.state == State.WITHDRAWN, runs(Timer.TELL)),
            ),
        ),
        Role.REVIEWER: and_(
            reach,
            or_(
                and_(Case.state.in_(WORKED), is_proposed(Proposal.ANSWER)),
                and_(Case.state == State.ANSWERED, Case.is_disputed),
            ),
        ),
        Role.SUPERVISOR: and_(reach, Case.state.in_(WORKED), is_proposed(Proposal.SUSPENSION, Proposal.EXTENSION)),
        Role.MEDIATOR: and_(Case.state == State.MEDIATING, Case.association == unit),
    }
    mine = [fits[role] for role in Role if role in actor.roles and role in fits]
    return or_(*mine) if mine else false()


def is_proposed(*kinds: Proposal) -> ColumnElement[bool]:
    """One of these waits for a second person."""
    return exists().where(
        CaseProposal.case_id == Case.id, CaseProposal.decided_at.is_(None), CaseProposal.kind.in_(kinds)
    )


def runs(timer: Timer) -> ColumnElement[bool]:
    """This deadline is not over."""
    return exists().where(CaseDeadline.case_id == Case.id, CaseDeadline.ended_at.is_(None), CaseDeadline.timer == timer)
