"""One step of a citizen on their case, and the words that tell of it."""

from bot.router import Turn
from handlers.complaint_form import docket_of
from models.case import Case
from models.case_words import Action
from services.cases.advance import RefusedError, advance
from services.cases.facts import Actor, Step
from services.cases.history import read_history
from services.cases.telling import hush


def step_on(turn: Turn, case: Case, actor: Actor, action: Action, step: Step, *, raises: bool = False) -> str:
    """What the citizen is told of the step; why it was refused, unless the caller wants the error."""
    docket = docket_of(turn)
    try:
        case = advance(docket, case.number, action, actor, step)
    except RefusedError as refused:
        if raises:
            raise
        return str(refused)
    if case.follower_id == turn.follower.id:
        hush(docket, case)  # who acts reads it in the answer; another account of the same case gets the notice
    return read_history(docket, case)[-1].citizen_text
