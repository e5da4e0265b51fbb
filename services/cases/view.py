"""What somebody is shown of a case: the table of sight.py applied, and every look at a person written down."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from models.case import Case
from models.case_file import CaseEvidence, CaseLook
from services.cases.docket import Docket
from services.cases.effects import ANSWER
from services.cases.facts import Actor
from services.cases.history import read_history
from services.cases.intake import FACTS
from services.cases.parties import parties_of, read_party
from services.cases.personal import Person, mask_name, mask_phone
from services.cases.sight import Field, Sight, Viewer, find_viewer, sight_of
from services.cases.standing import consents_of
from services.cases.timing import describe_deadlines, explain_due, told_deadline
from services.cases.wording import name_of, shown_state
from services.errors import UserError

LEAST_REASON = 4


def viewer_of(case: Case, actor: Actor) -> Viewer:
    """What this actor is to this case."""
    return find_viewer(case.id, case.unit, case.association, actor)


def show_case(docket: Docket, case: Case, actor: Actor) -> dict[Field, Any]:
    """The parts that this actor may see; what is hidden is not there at all."""
    viewer = viewer_of(case, actor)
    parts: dict[Field, Any] = {}
    for field, read in READERS.items():
        sight = sight_of(viewer, field)
        if sight is Sight.OPEN:
            parts[field] = read(docket, case)
        elif sight is Sight.MASKED:
            parts[field] = [mask(person) for person in read_persons(docket, case)]
    if viewer is Viewer.STRANGER and case.public_summary is None:
        return {}
    return parts


def mask(person: Person) -> Person:
    """Enough to tell two apart, not enough to know who."""
    return Person(mask_name(person.name), mask_phone(person.phone), "", person.side)


def look_at_identity(docket: Docket, case: Case, actor: Actor, reason: str) -> list[Person]:
    """The persons of a case, for who needs it and says why; the look is written in the same transaction.

    UserError without a reason, or for whom the table hides them.
    """
    viewer = viewer_of(case, actor)
    if sight_of(viewer, Field.IDENTITY) is Sight.HIDDEN:
        raise UserError("您的岗位不能查看投诉举报人的身份信息")
    if viewer is not Viewer.OWNER:
        if len(reason.strip()) < LEAST_REASON:
            raise UserError("请写明查看身份信息的理由（不少于4个字），查看会留下记录")
        look = CaseLook(
            case_id=case.id, by=actor.key, role=str(viewer), unit=actor.unit, reason=reason.strip(), at=docket.now
        )
        docket.session.add(look)
        docket.session.flush()
    return read_persons(docket, case)


def read_persons(docket: Docket, case: Case) -> list[Person]:
    """All parties, the complainant first."""
    return [read_party(docket.session, party) for party in parties_of(docket.session, case.id)]


def read_course(docket: Docket, case: Case) -> dict[str, Any]:
    """Where it stands."""
    category = docket.rules.category(case.category)
    return {
        "number": case.number,
        "kind": name_of("kinds", case.kind),
        "state": case.state,
        "state_shown": shown_state(case.state),
        "category": category.name if category else case.category,
        "channel": name_of("channels", case.channel),
        "urgency": name_of("urgencies", case.urgency),
        "submitted_at": case.submitted_at,
        "closed_at": case.closed_at,
        "unit": case.unit,
        "ground": name_of("grounds", case.ground),
        "result": name_of("results", case.result),
        "is_anonymous": case.is_anonymous,
        "is_confidential": case.is_confidential,
        "due": explain_due(told_deadline(docket.session, case)),
        "deadlines": describe_deadlines(docket.session, case.id),
    }


def read_respondent(_docket: Docket, case: Case) -> dict[str, Any]:
    """The firm."""
    return {
        "enterprise_id": case.enterprise_id,
        "name": case.respondent_name,
        "credit_code": case.credit_code,
        "address": case.respondent_address,
        "phone": case.respondent_phone,
    }


def read_matter(_docket: Docket, case: Case) -> dict[str, Any]:
    """What is asked for."""
    return {"requests": case.requests, "amount_fen": case.amount_fen, "happened_on": case.happened_on}


def read_evidence(docket: Docket, case: Case) -> list[dict[str, Any]]:
    """The files, without their contents."""
    rows = docket.session.scalars(select(CaseEvidence).where(CaseEvidence.case_id == case.id).order_by(CaseEvidence.id))
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "mime": row.mime,
            "size_bytes": row.size_bytes,
            "sha256": row.sha256.hex(),
            "view_mime": row.view_mime,
        }
        for row in rows
    ]


def read_timeline(docket: Docket, case: Case) -> list[dict[str, Any]]:
    """What the citizen was told, step by step."""
    return [
        {"at": entry.at, "state": shown_state(entry.state), "text": entry.citizen_text}
        for entry in read_history(docket, case)
    ]


def read_looks(docket: Docket, case: Case) -> list[dict[str, Any]]:
    """Who looked at the persons, and why."""
    rows = docket.session.scalars(select(CaseLook).where(CaseLook.case_id == case.id).order_by(CaseLook.id))
    return [{"at": row.at, "by": row.by, "role": row.role, "unit": row.unit, "reason": row.reason} for row in rows]


def read_consents(docket: Docket, case: Case) -> list[tuple[str, str]]:
    """What is agreed to now."""
    found = consents_of(docket.session, case.id)
    return sorted((name_of("consents", kind), name_of("sides", side)) for kind, side in found)


READERS: dict[Field, Callable[[Docket, Case], Any]] = {
    Field.COURSE: read_course,
    Field.RESPONDENT: read_respondent,
    Field.MATTER: read_matter,
    Field.SUMMARY: lambda _docket, case: case.summary,
    Field.FACTS: lambda docket, case: docket.open(case.facts_sealed, FACTS),
    Field.IDENTITY: read_persons,
    Field.EVIDENCE: read_evidence,
    Field.ANSWER: lambda docket, case: docket.open(case.answer_sealed, ANSWER).get("text", ""),
    Field.RATING: lambda _docket, case: case.score,
    Field.TIMELINE: read_timeline,
    Field.HISTORY: read_history,
    Field.CONSENTS: read_consents,
    Field.LOOKS: read_looks,
    Field.PUBLIC: lambda _docket, case: case.public_summary,
}
