"""What a case page offers: one main step, the rest with the reason that stands against them."""

from datetime import UTC, datetime

import pytest

from models.case_words import Action, CaseKind, ConsentKind, Proposal, Side, State, Timer
from models.role import Role
from services.cases.facts import Actor, Facts
from services.cases.offers import find_choices, find_next, list_offers, next_actions

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
HANDLER = Actor(frozenset({Role.HANDLER}), "staff:3", "商贸处")
INTAKE = Actor(frozenset({Role.INTAKE}), "staff:1")
REVIEWER = Actor(frozenset({Role.REVIEWER}), "staff:4")


def stand(state: State, **parts: object) -> Facts:
    facts = {"case_id": 1, "kind": CaseKind.COMPLAINT, "state": state, "unit": "商贸处"} | parts
    return Facts(**facts)  # type: ignore[arg-type]


def main_of(facts: Facts, actor: Actor) -> Action | None:
    found = find_next(facts, list_offers(facts, actor, NOW), actor)
    return found.action if found else None


def obstacles(facts: Facts, actor: Actor) -> dict[Action, str]:
    return {offer.action: offer.obstacle for offer in list_offers(facts, actor, NOW)}


@pytest.mark.parametrize(
    ("facts", "actor", "action"),
    [
        (stand(State.ASSIGNED), HANDLER, Action.LOG_CONTACT),
        (stand(State.ASSIGNED, contact_count=1), HANDLER, Action.BEGIN),
        (stand(State.ASSIGNED, is_anonymous=True), HANDLER, Action.BEGIN),
        (stand(State.IN_PROGRESS), HANDLER, Action.PROPOSE_ANSWER),
        (stand(State.IN_PROGRESS, proposal=Proposal.ANSWER, proposed_by="staff:3"), HANDLER, None),
        (stand(State.IN_PROGRESS, proposal=Proposal.ANSWER, proposed_by="staff:3"), REVIEWER, Action.APPROVE_ANSWER),
        (stand(State.IN_PROGRESS, proposal=Proposal.ANSWER, proposed_by="staff:4"), REVIEWER, None),
        (stand(State.SUSPENDED, suspended_from=State.MEDIATING), HANDLER, Action.RESUME_MEDIATION),
        (stand(State.ANSWERED), REVIEWER, None),
        (stand(State.ANSWERED, is_disputed=True, dispute_count=1), REVIEWER, Action.ORDER_REWORK),
        (stand(State.IN_PROGRESS, handler="staff:3"), HANDLER, Action.PROPOSE_ANSWER),
        (stand(State.IN_PROGRESS, handler="staff:9"), HANDLER, None),
        (stand(State.REFERRED, due={Timer.ACKNOWLEDGE: NOW}), INTAKE, Action.ACKNOWLEDGE_REFERRAL),
        (stand(State.WITHDRAWN), HANDLER, None),
        (stand(State.WITHDRAWN, due={Timer.TELL: NOW}), HANDLER, Action.NOTE_TOLD),
    ],
)  # fmt: skip
def test_the_main_button_is_what_the_case_waits_for(facts: Facts, actor: Actor, action: Action | None) -> None:
    assert main_of(facts, actor) is action


def test_an_obstacle_is_told_before_the_form_is_opened() -> None:
    facts = stand(State.IN_PROGRESS)
    assert obstacles(facts, HANDLER)[Action.MEDIATE] == "须先记录双方都同意调解。"
    both = frozenset({(ConsentKind.MEDIATION, Side.COMPLAINANT), (ConsentKind.MEDIATION, Side.RESPONDENT)})
    assert obstacles(stand(State.IN_PROGRESS, consents=both), HANDLER)[Action.MEDIATE] == ""
    assert obstacles(facts, HANDLER)[Action.RECORD_CONSENT] == "", "what is brought is judged when it is brought"
    assert obstacles(facts, Actor(frozenset({Role.HANDLER}), "staff:9", "外资管理处")) == {}


def test_a_case_waits_for_somebody_or_for_the_citizen() -> None:
    waiting = {state for state in State if next_actions(stand(state))}
    assert waiting == {
        State.SUBMITTED, State.NEED_MORE, State.ACCEPTED, State.RETURNED, State.ASSIGNED, State.IN_PROGRESS,
        State.MEDIATING, State.SUSPENDED, State.REWORK,
    }  # fmt: skip
    assert next_actions(stand(State.ANSWERED, is_disputed=True))


def test_the_dissatisfied_are_weighed_not_waved_through() -> None:
    """Neither doing it again nor standing by the answer is the bigger button."""
    facts = stand(State.ANSWERED, is_disputed=True, dispute_count=1)
    found = [one.action for one in find_choices(facts, list_offers(facts, REVIEWER, NOW), REVIEWER)]
    assert sorted(found) == [Action.ORDER_REWORK, Action.UPHOLD_ANSWER]
    assigned = stand(State.ASSIGNED)
    one = find_choices(assigned, list_offers(assigned, HANDLER, NOW), HANDLER)
    assert [offer.action for offer in one] == [Action.LOG_CONTACT]
