"""Evidence for an evaluation, and objections to its published list."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.counting import EvaluationEntry, EvaluationEvidence, EvaluationObjection, EvaluationRound, RoundState
from models.database import vault_of
from services.calendar.working_days import day_of
from services.campaigns.library import Looked
from services.cases.personal import is_phone, tidy_phone
from services.cases.secrets import hash_client_key
from services.counting.evaluation import MOST_FILES, EvaluationError, count_files, require, scheme_of

TEXT = "evaluation_objections.text"


@dataclass(frozen=True)
class Objection:
    """What somebody says against a result, and how they are reached."""

    reason: str
    name: str
    phone: str


def add_evidence(
    session: Session, row: EvaluationRound, entry: EvaluationEntry, code: str, looked: Looked, *, by: str, now: datetime
) -> EvaluationEvidence:
    """A file for an indicator, while self-reports come in."""
    require(row, RoundState.OPEN)
    if code not in {one.code for one in scheme_of(row)}:
        raise EvaluationError("没有这个指标")
    if count_files(session, entry.id, code) >= MOST_FILES:
        raise EvaluationError(f"每个指标最多 {MOST_FILES} 份材料")
    found = EvaluationEvidence(
        entry_id=entry.id, indicator=code, title=looked.title or "材料", content=looked.content, mime=looked.mime,
        sha256=hashlib.sha256(looked.content).digest(), added_by=by, added_at=now,
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def object_to(
    session: Session, row: EvaluationRound, entry: EvaluationEntry, said: Objection, key: str, *, now: datetime
) -> EvaluationObjection:
    """Within the window, with a name and a telephone; once for a client's key."""
    if row.objections_until is None or row.state is not RoundState.PUBLISHED or day_of(now) > row.objections_until:
        raise EvaluationError("异议期已过")
    if len(said.reason.strip()) < 10:
        raise EvaluationError("请写明理由和依据，至少 10 个字")
    if not said.name.strip() or not is_phone(said.phone):
        raise EvaluationError("请留下姓名和电话，核实时联系您")
    hashed = hash_client_key(key)
    found = session.scalar(select(EvaluationObjection).where(EvaluationObjection.client_key_hash == hashed))
    if found is None:
        text = {"reason": said.reason.strip()[:2000], "name": said.name.strip()[:20], "phone": tidy_phone(said.phone)}
        found = EvaluationObjection(
            round_id=row.id, entry_id=entry.id, client_key_hash=hashed, created_at=now, answer="", answered_by="",
            text_sealed=vault_of(session).seal(json.dumps(text, ensure_ascii=False), TEXT),
        )  # fmt: skip
        session.add(found)
        session.flush()
    return found


def objections_of(session: Session, row: EvaluationRound) -> list[tuple[EvaluationObjection, Objection]]:
    """All of a round, opened."""
    vault = vault_of(session)
    wanted = select(EvaluationObjection).where(EvaluationObjection.round_id == row.id).order_by(EvaluationObjection.id)
    return [(one, Objection(**json.loads(vault.open(one.text_sealed, TEXT)))) for one in session.scalars(wanted)]


def answer_objection(found: EvaluationObjection, answer: str, by: str, now: datetime) -> None:
    """What came of it."""
    if len(answer.strip()) < 2:
        raise EvaluationError("请写明核实情况和处理结果")
    found.answer, found.answered_by, found.answered_at = answer.strip()[:2000], by, now
