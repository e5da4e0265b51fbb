"""Against floods: how much one account or one address may submit within minutes; nobody is kept out for long."""

from datetime import timedelta
from math import ceil

from services.cases.access import ATTEMPTS
from services.cases.docket import Docket
from services.errors import UserError

WAIT = "{who}刚才提交得太多了，请过{minutes}分钟再点“提交”。填好的内容都在，不会丢；着急的请打电话。"


def require_room(docket: Docket, follower_id: int | None, address: str) -> None:
    """Count one more filing, in the transaction of the filing; UserError with the minutes to wait where it is too many.

    A follower is counted as such, who is not known by the address: many share one, so it has more room.
    """
    rules = docket.rules.filings
    window = timedelta(minutes=rules.minutes)
    is_known = follower_id is not None
    key = f"filing:follower:{follower_id}" if is_known else f"filing:address:{address}"
    found = ATTEMPTS.read(docket.session, key, docket.now, window)
    if found is not None and found.count >= (rules.per_follower if is_known else rules.per_address):
        who, left = ("您" if is_known else "您所在的网络"), found.began_at + window - docket.now
        raise UserError(WAIT.format(who=who, minutes=ceil(left / timedelta(minutes=1))))
    ATTEMPTS.add(docket.session, key, docket.now, window)
