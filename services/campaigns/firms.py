"""Firms in articles: whether a negative record in force speaks of them today."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.listing import Kind, Listing
from models.record import Record
from services.credit import negative


def find_negative_in_force(session: Session, enterprise_ids: Collection[int], today: date) -> set[int]:
    """Those of these firms of which services/credit/negative.py knows anything that may be said today.

    Most firms have nothing at all; only the others are looked at one by one.
    """
    if not enterprise_ids:
        return set()
    records = select(Record.enterprise_id).where(
        Record.enterprise_id.in_(enterprise_ids), Record.type.in_(negative.PROOF)
    )
    listings = select(Listing.enterprise_id).where(
        Listing.enterprise_id.in_(enterprise_ids), Listing.kind == Kind.BLACK
    )
    maybe = {*session.scalars(records), *session.scalars(listings)}
    return {one for one in maybe if negative.find_negative_in_force(session, one, today)}
