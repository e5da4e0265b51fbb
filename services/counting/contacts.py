"""What citizens do in the chat, by person, kind and day: one row, with how often."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from models.counting import CountedKind
from models.database import vault_of
from models.prepared import Prepared
from services.calendar.working_days import day_of
from services.campaigns.persons import hash_for_day

COUNT = Prepared(
    text(
        "INSERT INTO counted_events (kind, happened_on, channel, person_hash, count) "
        "VALUES (:kind, :day, :channel, :person, 1) "
        "ON CONFLICT (happened_on, kind, channel, person_hash) DO UPDATE SET count = counted_events.count + 1"
    ).bindparams(bindparam("day", type_=Date))
)


def note_contacts(
    session: Session, kinds: Iterable[CountedKind], who: str, now: datetime, *, channel: str = "chat"
) -> None:
    """`who` (an openid) is kept only as a hash that is another on each day."""
    wanted = list(kinds)
    if not wanted:
        return
    day = day_of(now)
    person = hash_for_day(vault_of(session).signing_key, who.encode(), day)
    for kind in wanted:
        COUNT.run(session, kind=kind.value, day=day, channel=channel, person=person)
