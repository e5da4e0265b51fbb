"""The demonstration's cases: every state is there, the histories are whole, a second start adds nothing."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from models.case import Case
from models.case_clock import MajorEvent
from models.case_file import CaseEvidence
from models.case_words import State
from models.database import Database
from services.calendar.years import seed_calendar
from services.cases.docket import open_docket
from services.cases.history import verify_history
from services.demo.cases import PLAN, load_demo_cases
from services.demo.evidence import add_demo_evidence
from services.demo.staff import add_demo_staff
from services.evidence.serving import serve_view
from services.evidence.store import EvidenceStore
from tests.case_desk import RULES


def test_the_demonstration_has_cases_in_every_state(sqlite: Database, now: datetime, tmp_path: Path) -> None:
    with sqlite.write() as session:
        seed_calendar(session, now)
        add_demo_staff(session, "a key of the demonstration", now)
    with sqlite.write() as session:
        assert load_demo_cases(session, RULES, now) == len(PLAN) >= 40
    with sqlite.write() as session:
        assert load_demo_cases(session, RULES, now) == 0
        docket, found = open_docket(session, RULES, now), list(session.scalars(select(Case)))
        assert {case.state for case in found} == set(State) - {State.DRAFT, State.MERGED, State.ARCHIVED}
        assert [fault for case in found for fault in verify_history(docket, case)] == []
        assert session.scalars(select(MajorEvent)).one().respondent_name == "示范市悦动健身服务有限公司"
    store = EvidenceStore(tmp_path)
    with sqlite.write() as session:
        assert add_demo_evidence(session, store, RULES, now) == 8
        assert add_demo_evidence(session, store, RULES, now) == 0
        for row in session.scalars(select(CaseEvidence)):
            assert b"".join(serve_view(session, store, row).pieces).startswith(b"\xff\xd8")
