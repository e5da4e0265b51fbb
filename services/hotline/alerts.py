"""Tells the dispatcher what in the exchange waits for a person, once for each cause."""

from sqlalchemy import select

from models.case import Case
from models.case_clock import CaseAlert
from models.case_words import Audience, Rung
from services.cases.docket import Docket
from services.hotline.wording import alert_text


def add_alert(docket: Docket, case: Case, key: str, name: str, **values: object) -> None:
    """Write the alert `name` of wording.toml, unless one with this key is there."""
    whole = f"hotline:{key}"[:80]
    if docket.session.scalar(select(CaseAlert.id).where(CaseAlert.key == whole)):
        return
    docket.session.add(
        CaseAlert(
            key=whole,
            case_id=case.id,
            rung=Rung.RECEIVER_SILENT,
            audience=Audience.DISPATCHER,
            unit=case.unit,
            text=alert_text(name, number=case.number, **values),
            at=docket.now,
        )
    )
    docket.session.flush()
