"""Who is party to a case: kept encrypted, found by telephone through a blind index."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from models.case import Case, CaseParty
from models.case_words import Side, State
from models.database import vault_of
from services.cases.docket import Docket
from services.cases.personal import Person, tidy_phone

MOST_EARLIER = 20
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
    return sorted(set(session.scalars(having_phone(session, phone))), reverse=True)


def having_phone(session: Session, phone: str) -> Select[int]:
    """Asks for the cases of who has this number."""
    indexes = vault_of(session).indexes(tidy_phone(phone), PHONE)
    return select(CaseParty.case_id).where(CaseParty.phone_index.in_(indexes), CaseParty.side != Side.RESPONDENT)


def is_same_person(session: Session, one: Case, other: Case) -> bool:
    """The same follower, or the same telephone; of the anonymous nothing can be said."""
    if one.follower_id is not None and one.follower_id == other.follower_id:
        return True
    phones = [{party.phone_index for party in parties_of(session, case.id)} - {None} for case in (one, other)]
    return bool(phones[0] & phones[1])


def find_duplicates(docket: Docket, respondent_key: str, phone: str = "", follower_id: int | None = None) -> list[Case]:
    """Earlier cases of the same person on the same firm, newest first, to be shown while filing; not all of dozens."""
    whose: list[ColumnElement[bool]] = []
    if phone:
        whose.append(Case.id.in_(having_phone(docket.session, phone)))
    if follower_id is not None:
        whose.append(Case.follower_id == follower_id)
    if not whose:
        return []
    since = docket.now - timedelta(days=docket.rules.duplicate_days)
    recent = (
        select(Case)
        .where(or_(*whose), Case.respondent_key == respondent_key, Case.submitted_at >= since)
        .where(Case.state != State.ARCHIVED)
        .order_by(Case.submitted_at.desc(), Case.id.desc())
        .limit(MOST_EARLIER)
    )
    return list(docket.session.scalars(recent))
