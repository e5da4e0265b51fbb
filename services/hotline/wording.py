"""The words of the exchange from wording.toml, and which step of ours is which status; pure."""

import tomllib
from enum import StrEnum
from pathlib import Path

from models.case_words import Action, State
from services.cases.wording import fill_in

WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))
LONGEST_ALERT_TEXT = 500


class Stage(StrEnum):
    """A status that both sides know; others are kept as they come."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    EXTENDED = "extended"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


# What the hotline is told of its own orders; steps that are not here are our own business.
TOLD: dict[Action, Stage] = {
    Action.SUBMIT: Stage.RECEIVED,
    Action.RESUBMIT: Stage.REOPENED,
    Action.ASK_MORE: Stage.RECEIVED,
    Action.ACCEPT: Stage.ACCEPTED,
    Action.REJECT: Stage.REJECTED,
    Action.REFER: Stage.RETURNED,
    Action.TAKE_BACK: Stage.RECEIVED,
    Action.TAKE_BACK_ACCEPTED: Stage.ACCEPTED,
    Action.ASSIGN: Stage.DISPATCHED,
    Action.BEGIN: Stage.IN_PROGRESS,
    Action.MEDIATE: Stage.IN_PROGRESS,
    Action.END_MEDIATION: Stage.IN_PROGRESS,
    Action.APPROVE_SUSPENSION: Stage.IN_PROGRESS,
    Action.RESUME: Stage.IN_PROGRESS,
    Action.RESUME_MEDIATION: Stage.IN_PROGRESS,
    Action.APPROVE_EXTENSION: Stage.EXTENDED,
    Action.APPROVE_ANSWER: Stage.ANSWERED,
    Action.CONFIRM: Stage.CLOSED,
    Action.CLOSE_SILENT: Stage.CLOSED,
    Action.CLOSE_UNREACHABLE: Stage.CLOSED,
    Action.UPHOLD_ANSWER: Stage.CLOSED,
    Action.WITHDRAW: Stage.CLOSED,
    Action.MERGE: Stage.CLOSED,
    Action.ORDER_REWORK: Stage.REOPENED,
    Action.BEGIN_REWORK: Stage.IN_PROGRESS,
    Action.REOPEN: Stage.REOPENED,
}
STAGES: dict[State, Stage] = {
    State.SUBMITTED: Stage.RECEIVED,
    State.NEED_MORE: Stage.RECEIVED,
    State.REJECTED: Stage.REJECTED,
    State.REFERRED: Stage.RETURNED,
    State.ACCEPTED: Stage.ACCEPTED,
    State.ASSIGNED: Stage.DISPATCHED,
    State.RETURNED: Stage.DISPATCHED,
    State.ANSWERED: Stage.ANSWERED,
    State.REWORK: Stage.REOPENED,
    State.CLOSED: Stage.CLOSED,
    State.WITHDRAWN: Stage.CLOSED,
    State.MERGED: Stage.CLOSED,
    State.ARCHIVED: Stage.CLOSED,
}


def stage_of(state: State) -> Stage:
    """The status of a case as the hotline reads it."""
    return STAGES.get(state, Stage.IN_PROGRESS)


def name_stage(status: str) -> str:
    """The Chinese of a status; of one that we do not know the word itself."""
    return WORDS["statuses"].get(status, status)


def read_stage(words: str) -> str:
    """The status by its Chinese or its English word; unknown words stay as they are, cut to what a row holds."""
    by_name = {name: status for status, name in WORDS["statuses"].items()}
    return by_name.get(words.strip(), words.strip())[:24]


def alert_text(name: str, **values: object) -> str:
    """What an alert says; long texts of the other side are cut."""
    short = {key: str(value)[:LONGEST_ALERT_TEXT] for key, value in values.items()}
    return fill_in(WORDS["alerts"][name], **short)
