"""我的数据: what is kept about a follower's cases, exported and, as far as the law lets us, deleted."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from models.case import Case, CaseConsent
from models.case_file import CaseDraft
from models.case_words import Action, ConsentKind, Side, State
from services.campaigns.my_data import erase_taking_part, export_taking_part
from services.cases.access import cases_of
from services.cases.advance import take_step
from services.cases.archiving import erase_persons
from services.cases.docket import Docket
from services.cases.drafts import CONTENT
from services.cases.facts import Step, act_as_citizen
from services.cases.view import show_case
from services.cases.wording import name_of, shown_state
from services.cases.workflow import FINAL, LIVE
from services.credit.objection_data import erase_objections, export_objections
from services.watching.following import erase_followed, export_followed

EVERYTHING = 10_000
DONE = (*FINAL, State.ARCHIVED)


@dataclass(frozen=True)
class Erasure:
    """What was deleted, and what was not and why."""

    draft_count: int
    erased: list[str] = field(default_factory=list)  # numbers of cases
    kept: dict[str, str] = field(default_factory=dict)  # number to reason
    followed_count: int = 0  # firms that were followed


def export_my_data(docket: Docket, follower_id: int) -> dict[str, Any]:
    """Everything about a follower's cases and drafts, as values that JSON can hold (个人信息保护法第四十五条)."""
    cases = [
        {str(part): value for part, value in show_case(docket, case, act_as_citizen(case.id)).items()}
        | {"consents_history": read_consent_history(docket, case)}
        for case in cases_of(docket.session, follower_id, EVERYTHING)
    ]
    drafts = docket.session.scalars(select(CaseDraft).where(CaseDraft.follower_id == follower_id))
    found = [docket.open(row.content_sealed, CONTENT) | {"updated_at": row.updated_at} for row in drafts]
    exported: dict[str, Any] = plain(
        {
            "exported_at": docket.now,
            "cases": cases,
            "drafts": found,
            "followed_firms": export_followed(docket.session, follower_id),
            "objections": export_objections(docket.session, follower_id),
            "taking_part": export_taking_part(docket.session, follower_id),
        }
    )
    return exported


def read_consent_history(docket: Docket, case: Case) -> list[dict[str, Any]]:
    """Every yes and no with its moment and the version of the text."""
    rows = docket.session.scalars(select(CaseConsent).where(CaseConsent.case_id == case.id).order_by(CaseConsent.id))
    return [
        {
            "kind": name_of("consents", row.kind),
            "side": name_of("sides", row.side),
            "is_given": row.is_given,
            "version": row.version,
            "at": row.at,
        }
        for row in rows
    ]


def plain(value: Any) -> Any:
    """Dates as text, dataclasses as mappings: what JSON can hold."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def erase_my_data(docket: Docket, follower_id: int) -> Erasure:
    """Delete drafts, and of ended cases everything that says who it was (个人信息保护法第四十七条).

    A case under way is kept: it is handled by statutory duty, and says so.
    """
    session = docket.session
    dropped = session.execute(delete(CaseDraft).where(CaseDraft.follower_id == follower_id))
    followed_count = erase_followed(session, follower_id)
    erase_taking_part(session, follower_id, docket.now)
    erasure = Erasure(int(dropped.rowcount), followed_count=followed_count)  # type: ignore[attr-defined]
    for case in cases_of(session, follower_id, EVERYTHING):
        if case.state in DONE:
            withdraw_publication(docket, case)
            erase_persons(docket, case)
            erasure.erased.append(case.number)
        else:
            erasure.kept[case.number] = f"{shown_state(case.state)}，依法办理期间须保留；办结后可以再申请删除，或先撤回"
    erased, kept = erase_objections(session, follower_id)
    erasure.erased.extend(erased)
    erasure.kept.update(kept)
    return erasure


def withdraw_publication(docket: Docket, case: Case) -> None:
    """Who wants to be forgotten does not want to be published."""
    if case.public_summary is not None and case.state in LIVE:
        step = Step(consent=ConsentKind.PUBLISH, side=Side.COMPLAINANT, is_given=False)
        take_step(docket, case, Action.RECORD_CONSENT, act_as_citizen(case.id), step)
