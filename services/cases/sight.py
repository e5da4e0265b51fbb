"""Who may see what of a case: one table, one function that says what a viewer is; pure."""

from enum import StrEnum

from models.case_words import Outsider
from models.role import Role
from services.cases.facts import Actor


class Field(StrEnum):
    """A part of a case."""

    COURSE = "course"  # number, kind, state, category, deadlines, result
    RESPONDENT = "respondent"
    MATTER = "matter"  # requests, amount, day
    SUMMARY = "summary"  # the official's, without persons
    FACTS = "facts"  # in the citizen's words
    IDENTITY = "identity"
    EVIDENCE = "evidence"
    ANSWER = "answer"
    RATING = "rating"
    TIMELINE = "timeline"  # what the citizen was told
    HISTORY = "history"  # what staff wrote
    CONSENTS = "consents"
    LOOKS = "looks"  # who looked at the identity
    PUBLIC = "public"


class Sight(StrEnum):
    """How a part is seen."""

    OPEN = "open"
    MASKED = "masked"  # 张*, 138****5678; opened by a look with a reason
    HIDDEN = "hidden"


class Viewer(StrEnum):
    """Who looks, in relation to this case."""

    OWNER = "owner"
    INTAKE = "intake"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"  # of the unit that has it
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    DELEGATE = "delegate"  # the association that mediates it
    STRANGER = "stranger"  # everybody else: other units, associations, the respondent, the public


F, SEEN, MASKED, HIDDEN = Field, Sight.OPEN, Sight.MASKED, Sight.HIDDEN  # short, so that the table is a table
OFFICIAL = dict.fromkeys(Field, SEEN) | {F.IDENTITY: MASKED, F.LOOKS: HIDDEN}
# What is not named is hidden.
SIGHTS: dict[Viewer, dict[Field, Sight]] = {
    Viewer.OWNER: dict.fromkeys(Field, SEEN) | {F.HISTORY: HIDDEN, F.SUMMARY: HIDDEN},
    Viewer.INTAKE: OFFICIAL,
    Viewer.DISPATCHER: OFFICIAL | {F.IDENTITY: HIDDEN, F.EVIDENCE: HIDDEN},
    Viewer.HANDLER: OFFICIAL,
    Viewer.REVIEWER: OFFICIAL,
    Viewer.SUPERVISOR: OFFICIAL | {F.LOOKS: SEEN},
    Viewer.AUDITOR: OFFICIAL | {F.IDENTITY: HIDDEN, F.FACTS: HIDDEN, F.EVIDENCE: HIDDEN, F.LOOKS: SEEN},
    Viewer.DELEGATE: {F.COURSE: SEEN, F.RESPONDENT: SEEN, F.MATTER: SEEN, F.SUMMARY: SEEN},
    Viewer.STRANGER: {F.PUBLIC: SEEN},
}


def find_viewer(case_id: int, unit: str, association: str, actor: Actor) -> Viewer:
    """What this actor is to this case: the first that fits, so that nobody sees less for having more roles."""
    roles = actor.roles
    fits = {
        Viewer.OWNER: Outsider.CITIZEN in roles and actor.case_id == case_id,
        Viewer.SUPERVISOR: Role.SUPERVISOR in roles and actor.unit in {"", unit},
        Viewer.INTAKE: Role.INTAKE in roles,
        Viewer.HANDLER: Role.HANDLER in roles and bool(unit) and actor.unit == unit,
        Viewer.REVIEWER: Role.REVIEWER in roles and actor.unit in {"", unit},
        Viewer.DISPATCHER: Role.DISPATCHER in roles,
        Viewer.AUDITOR: Role.AUDITOR in roles,
        Viewer.DELEGATE: Role.MEDIATOR in roles and bool(association) and actor.unit == association,
    }
    return next((viewer for viewer, holds in fits.items() if holds), Viewer.STRANGER)


def sight_of(viewer: Viewer, field: Field) -> Sight:
    """How a viewer sees a part."""
    return SIGHTS[viewer].get(field, Sight.HIDDEN)
