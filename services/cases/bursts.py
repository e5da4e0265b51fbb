"""Major events (重大失信事件): opened by many cases on one firm, told at once, reported with a log of sendings."""

import hashlib
import json
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.exc import IntegrityError

from models.case import Case
from models.case_clock import CaseAlert, EventSending, MajorEvent
from models.case_words import Audience, BurstCause, Rung, State
from services.calendar.working_days import SHANGHAI
from services.cases.docket import Docket
from services.cases.facts import Actor
from services.cases.wording import alert_text, name_of
from services.errors import UserError

PREPAID_CLOSURE = "prepaid_closure"  # the category's code in cases.toml
NO_COMPLAINT = {State.DRAFT, State.REJECTED, State.WITHDRAWN, State.MERGED}
AUDIENCES = (Audience.DUTY_OFFICER, Audience.LEADER)
UNNAMED = {"n:", "n:匿名"}


def watch_bursts(docket: Docket, case: Case) -> MajorEvent | None:
    """After a filing: add the case to the firm's open event, or open one if the bureau's numbers are reached."""
    if case.respondent_key in UNNAMED:
        return None
    if event := find_open_event(docket, case.respondent_key):
        case.major_event_id = case.major_event_id or event.id
        return event
    cause = find_cause(docket, case)
    return open_event(docket, case, cause, "system") if cause else None


def find_open_event(docket: Docket, respondent_key: str) -> MajorEvent | None:
    """The firm's event that is not closed."""
    return docket.session.scalar(
        select(MajorEvent).where(MajorEvent.respondent_key == respondent_key, MajorEvent.closed_at.is_(None))
    )


def are_recent(docket: Docket, respondent_key: str) -> ColumnElement[bool]:
    """Cases on a firm within the bureau's days. A shop that closes brings thousands: they are counted, not read."""
    since = docket.now - timedelta(days=docket.rules.bursts.days)
    return and_(Case.respondent_key == respondent_key, Case.submitted_at > since, Case.state.not_in(NO_COMPLAINT))


def find_cause(docket: Docket, case: Case) -> BurstCause | None:
    """Which of the bureau's numbers is reached, if one is."""
    limits, is_prepaid = docket.rules.bursts, Case.category == PREPAID_CLOSURE
    figures = select(func.count(), func.count().filter(is_prepaid), func.sum(Case.amount_fen))
    count, prepaid, amount = docket.session.execute(figures.where(are_recent(docket, case.respondent_key))).one()
    if prepaid >= limits.prepaid_count:
        return BurstCause.PREPAID_CLOSURE
    if count >= limits.count:
        return BurstCause.MANY_CASES
    if (amount or 0) >= limits.amount_yuan * 100:
        return BurstCause.AMOUNT
    return None


def open_event(docket: Docket, case: Case, cause: BurstCause, by: str) -> MajorEvent:
    """Open one event for the case's firm and alert duty officer and leader, once; an open one is returned."""
    session = docket.session
    event = MajorEvent(
        respondent_key=case.respondent_key,
        respondent_name=case.respondent_name,
        cause=cause,
        opened_by=by,
        opened_at=docket.now,
        open_mark=1,
    )
    try:
        with session.begin_nested():
            session.add(event)
    except IntegrityError:  # opened by another process at the same moment, or open since before
        is_open = MajorEvent.respondent_key == case.respondent_key, MajorEvent.open_mark == 1
        event = session.scalars(select(MajorEvent).where(*is_open)).one()
        case.major_event_id = event.id
        return event
    case.major_event_id = event.id
    recent = are_recent(docket, case.respondent_key)
    session.execute(update(Case).where(recent, Case.major_event_id.is_(None)).values(major_event_id=event.id))
    count = session.scalar(select(func.count()).select_from(Case).where(recent)) or 0
    text = alert_text(Rung.BURST, respondent=case.respondent_name, cause=name_of("causes", cause), count=count)
    for audience in AUDIENCES:
        session.add(
            CaseAlert(
                key=f"burst:{event.id}:{audience}",
                major_event_id=event.id,
                rung=Rung.BURST,
                audience=audience,
                text=text,
                at=docket.now,
            )
        )
    session.flush()
    return event


def close_event(docket: Docket, event: MajorEvent) -> None:
    """It is dealt with; a later burst opens another."""
    event.closed_at, event.open_mark = docket.now, None


def report_form(docket: Docket, event: MajorEvent) -> dict[str, str]:
    """The report form's fields and what stands in them; nothing of the complainants."""
    of_event = Case.major_event_id == event.id
    count, amount, first, last = docket.session.execute(
        select(func.count(), func.sum(Case.amount_fen), func.min(Case.submitted_at), func.max(Case.submitted_at)).where(
            of_event
        )
    ).one()
    open_count = docket.session.scalar(select(func.count()).where(of_event, Case.closed_at.is_(None)).select_from(Case))
    categories = docket.session.scalars(select(Case.category).where(of_event).distinct().order_by(Case.category))
    named = [found.name if (found := docket.rules.category(code)) else code for code in categories]
    moments = [moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else "" for moment in (first, last)]
    return {
        "事件企业": event.respondent_name,
        "触发原因": name_of("causes", event.cause),
        "发现时间": event.opened_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
        "投诉举报件数": str(count),
        "未办结件数": str(open_count),
        "涉及金额（元）": f"{(amount or 0) / 100:.2f}",
        "涉及类别": "、".join(named),
        "首件时间": moments[0],
        "末件时间": moments[1],
        "已采取的措施": event.measures,
    }


def log_sending(docket: Docket, event: MajorEvent, actor: Actor, receiver: str, way: str) -> EventSending:
    """Write down that the report form as it is now was sent; UserError while it does not say what was done."""
    form = report_form(docket, event)
    if not event.measures.strip():
        raise UserError("请先填写“已采取的措施”再报送")
    if not receiver.strip():
        raise UserError("请填写报送给哪个单位")
    sending = EventSending(
        major_event_id=event.id,
        receiver=receiver,
        way=way,
        form=form,
        form_hash=hashlib.sha256(json.dumps(form, sort_keys=True, ensure_ascii=False).encode()).digest(),
        by=actor.key,
        at=docket.now,
    )
    docket.session.add(sending)
    docket.session.flush()
    return sending


def sendings_of(docket: Docket, event: MajorEvent) -> list[EventSending]:
    """The log of sendings, oldest first."""
    wanted = select(EventSending).where(EventSending.major_event_id == event.id).order_by(EventSending.id)
    return list(docket.session.scalars(wanted))
