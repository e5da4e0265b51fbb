"""The history of a case: steps are added, never changed, and each seals the one before."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, CaseEvent
from models.case_words import Action, State
from services.cases.docket import Docket
from services.cases.facts import Actor, Who
from services.cases.handlers import name_handler
from services.cases.wording import WORDS, name_of, tell

SAID = "case_events.said"
# Words in the details of an event and the table of their Chinese.
TABLES = {
    "ground": "grounds",
    "result": "results",
    "outcome": "outcomes",
    "consent": "consents",
    "side": "sides",
    "urgency": "urgencies",
}


@dataclass(frozen=True)
class Entry:
    """One line of the history as it is read."""

    sequence: int
    at: datetime
    action: Action
    state: State
    actor: str
    role: str
    unit: str
    citizen_text: str
    staff_text: str


def add_event(
    docket: Docket,
    case: Case,
    action: Action,
    to_state: State,
    actor: Actor,
    *,
    role: Who,
    said: dict[str, str],
    details: dict[str, Any],
) -> CaseEvent:
    """Write a step, from where the history stood to `to_state`, in the caller's transaction."""
    before = last_event(docket.session, case.id)
    # The salt goes with what was said: of an erased text the hash tells nothing.
    words = {key: text for key, text in said.items() if text} | {"salt": secrets.token_hex(16)}
    event = CaseEvent(
        case_id=case.id,
        sequence=case.event_count + 1,
        at=docket.now,
        action=action,
        from_state=before.to_state if before else State.DRAFT,
        to_state=to_state,
        actor=actor.key,
        role=str(role),
        unit=actor.unit,
        details={key: value for key, value in details.items() if value not in {None, ""}},
        said_sealed=docket.seal(words, SAID),
        said_hash=hash_values(words),
    )
    event.seal = seal_event(event, before.seal if before else b"")
    docket.session.add(event)
    case.state, case.event_count = to_state, event.sequence
    docket.session.flush()
    return event


def last_event(session: Session, case_id: int) -> CaseEvent | None:
    """The newest step."""
    newest = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence.desc()).limit(1)
    return session.scalar(newest)


def events_of(session: Session, case_id: int) -> list[CaseEvent]:
    """All steps, oldest first."""
    return list(session.scalars(select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.sequence)))


def hash_values(values: dict[str, Any]) -> bytes:
    """SHA-256 of values in one spelling."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).digest()


def seal_event(event: CaseEvent, before: bytes) -> bytes:
    """SHA-256 over the step and the seal of the one before."""
    stated = {
        "case": event.case_id,
        "sequence": event.sequence,
        "at": event.at.timestamp(),
        "action": event.action,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor,
        "role": event.role,
        "unit": event.unit,
        "details": event.details,
        "said": event.said_hash.hex(),
    }
    return hashlib.sha256(before + hash_values(stated)).digest()


def verify_history(docket: Docket, case: Case) -> list[str]:
    """What is wrong with a case's history, in Chinese; nothing if it is whole."""
    faults, before, state = [], b"", State.DRAFT
    events = events_of(docket.session, case.id)
    for number, event in enumerate(events, 1):
        said = docket.open(event.said_sealed, SAID)
        if event.sequence != number:
            faults.append(f"第 {number} 步缺失")
        if event.seal != seal_event(event, before) or (said and hash_values(said) != event.said_hash):
            faults.append(f"第 {event.sequence} 步被改动")
        if event.from_state != state:
            faults.append(f"第 {event.sequence} 步与前一步不衔接")
        before, state = event.seal, event.to_state
    if case.state != state or case.event_count != len(events):
        faults.append("现状与历史不一致")
    return faults


def read_history(docket: Docket, case: Case) -> list[Entry]:
    """The history in words, oldest first."""
    entries = []
    for event in events_of(docket.session, case.id):
        values = event_values(docket, case, event)
        entries.append(
            Entry(
                event.sequence,
                event.at,
                event.action,
                event.to_state,
                event.actor,
                event.role,
                event.unit,
                tell(event.action, "citizen", values),
                tell(event.action, "staff", values),
            )
        )
    return entries


def event_values(docket: Docket, case: Case, event: CaseEvent) -> dict[str, object]:
    """What the words of a step name."""
    said = docket.open(event.said_sealed, SAID)
    details = {
        key: name_of(TABLES[key], value) if key in TABLES else value
        for key, value in event.details.items()
        if key in TABLES or isinstance(value, str | int)
    }
    given = "" if "is_given" not in event.details else "同意" if event.details["is_given"] else "不同意"
    if "handler" in details:
        details["handler"] = name_handler(docket.session, str(details["handler"]))
    standing = {"number": case.number, "kind": WORDS["kinds"][case.kind], "given": given}
    return {**details, "text": said.get("text", ""), "note": said.get("note", ""), **standing}
