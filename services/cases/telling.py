"""Tells the citizen of a step: a notice in the same transaction, sent when WeChat allows it."""

from models.case import Case, CaseEvent
from models.notice import Channel
from services.cases.docket import Docket
from services.cases.history import event_values
from services.cases.wording import tell
from services.notices import add_notice, drop_notice


def notify(docket: Docket, case: Case, event: CaseEvent) -> bool:
    """Add the notice; False where there is nobody whom WeChat could reach."""
    if case.follower_id is None:
        return False
    text = tell(event.action, "citizen", event_values(docket, case, event))
    payload = {"msgtype": "text", "text": {"content": text}}
    key = notice_key(case, event.sequence)
    return add_notice(docket.session, case.follower_id, Channel.CUSTOMER_SERVICE, payload, key=key, now=docket.now)


def hush(docket: Docket, case: Case) -> None:
    """The citizen reads of the last step in the answer itself: do not tell it twice."""
    drop_notice(docket.session, notice_key(case, case.event_count))


def notice_key(case: Case, sequence: int) -> str:
    """One notice for one step."""
    return f"case:{case.id}:{sequence}"
