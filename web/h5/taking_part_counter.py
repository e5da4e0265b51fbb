"""Who takes part in this request."""

from sqlalchemy.orm import Session

from services.campaigns.persons import hash_browser, hash_follower
from web.h5.complaints_counter import ComplaintCounter
from web.h5.visits import here


def person_of(counter: ComplaintCounter, session: Session) -> tuple[bytes, int | None]:
    """The hash of whoever is here, and the follower where WeChat named one."""
    follower_id = counter.follower(session)
    return (hash_follower(follower_id) if follower_id is not None else hash_browser(here().token)), follower_id
