"""Who is party to a case: kept encrypted, found by telephone through a blind index."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, CaseParty
from models.case_words import Side, State
from models.database import vault_of
from services.cases.docket import Docket
from services.cases.personal import Person, tidy_phone

MOST_EARLIER, MOST_LOOKED_AT = 20, 200
NAME, PHONE, ADDRESS = "case_parties.name", "case_parties.phone", "case_parties.address"


def add_party(session: Session, case_id: int, person: Person) -> CaseParty:
    """Keep somebody, sealed."""
    vault, phone = vault_of(session), tidy_phone(person.phone)
    party = CaseParty(
        case_id=case_id,
        side=person.side,
        name_sealed=vault.seal(person.name, NAME) if person.name else None,
        phone_sealed=vault.seal(phone, PHONE) if phone else None,
        phone_index=vault.index(phone, PHONE) if phone else None,
        address_sealed=vault.seal(person.address, ADDRESS) if person.address else None,
    )
    session.add(party)
    return party


def read_party(session: Session, party: CaseParty) -> Person:
    """Open what is kept; who may see it is decided in services/cases/view.py."""
    vault = vault_of(session)
    return Person(
        vault.open(party.name_sealed, NAME) if party.name_sealed else "",
        vault.open(party.phone_sealed, PHONE) if party.phone_sealed else "",
        vault.open(party.address_sealed, ADDRESS) if party.address_sealed else "",
        party.side,
    )


def parties_of(session: Session, case_id: int) -> list[CaseParty]:
    """All of a case, the complainant first."""
    found = session.scalars(select(CaseParty).where(CaseParty.case_id == case_id).order_by(CaseParty.id))
    return sorted(found, key=lambda party: party.side is not Side.COMPLAINANT)


def same_phone(session: Session, phone: str) -> list[int]:
    """The cases of who has this number, newest first; by either key while the key is changed."""
    indexes = vault_of(session).indexes(tidy_phone(phone), PHONE)
    found = select(CaseParty.case_id).where(CaseParty.phone_index.in_(indexes), CaseParty.side != Side.RESPONDENT)
    return sorted(set(session.scalars(found)), reverse=True)


def is_same_person(session: Session, one: Case, other: Case) -> bool:
    """The same follower, or the same telephone; of the anonymous nothing can be said."""
    if one.follower_id is not None and one.follower_id == other.follower_id:
        return True
    phones = [{party.phone_index for party in parties_of(session, case.id)} - {None} for case in (one, other)]
    return bool(phones[0] & phones[1])


def find_duplicates(docket: Docket, respondent_key: str, phone: str = "", follower_id: int | None = None) -> list[Case]:
    """Earlier cases of the same person on the same firm, newest first, to be shown while filing; not all of dozens.

    Looked for among the person's cases, who has few: on a shop that closed there are thousands.
    """
    session, numbers = docket.session, set[int]()
    if phone:
        numbers.update(same_phone(session, phone))
    if follower_id is not None:
        numbers.update(session.scalars(select(Case.id).where(Case.follower_id == follower_id)))
    since = docket.now - timedelta(days=docket.rules.duplicate_days)
    newest = sorted(numbers, reverse=True)[:MOST_LOOKED_AT]
    found = [
        case
        for case in session.scalars(select(Case).where(Case.id.in_(newest)))
        if case.respondent_key == respondent_key and case.submitted_at >= since and case.state != State.ARCHIVED
    ]
    return sorted(found, key=lambda case: (case.submitted_at, case.id), reverse=True)[:MOST_EARLIER]
