"""The public lists: which there are, and who is on them today; only what is in force, with its basis."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from models.archive_words import Life
from models.enterprise import Enterprise, Status
from models.listing import Kind, Listing
from models.record import InfoClass
from services.credit.standing import Standing, judge_listing

PAGE = 20


@dataclass(frozen=True)
class ListHead:
    """A list with how many are on it today."""

    kind: Kind
    name: str
    basis: str
    authorities: tuple[str, ...]
    info_class: InfoClass
    count: int
    sample_id: int  # of one entry, by which the list can be asked for


@dataclass(frozen=True)
class ListWanted:
    """Which entries to show; empty values do not narrow."""

    kind: Kind | None = None
    name: str = ""  # of the list
    region: str = ""  # province or city
    firm: str = ""  # a part of the firm's name
    first_day: date | None = None  # of the decision, both ends included
    last_day: date | None = None
    sector: str = ""


@dataclass(frozen=True)
class ListEntry:
    """Somebody on a list today."""

    listing: Listing
    enterprise: Enterprise
    standing: Standing


@dataclass(frozen=True)
class ListPage:
    """A page of entries, newest decision first, `count` on all pages."""

    entries: list[ListEntry]
    count: int
    number: int  # from 1
    size: int = PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.count // self.size))


def in_question(kind: Kind | None, today: date) -> Select[Listing, Enterprise]:
    """What may be in force; the rules themselves are asked of each row."""
    wanted = (
        select(Listing, Enterprise)
        .join(Enterprise, Enterprise.id == Listing.enterprise_id)
        .where(
            Listing.life.in_([Life.PUBLISHED, Life.OBJECTED]),
            Listing.published_from <= today,
            or_(Listing.published_until.is_(None), Listing.published_until > today),
            Enterprise.status != Status.REMOVED,
        )
    )
    return wanted.where(Listing.kind == kind) if kind else wanted


def heads_of(session: Session, today: date, kind: Kind | None = None) -> list[ListHead]:
    """The lists on which somebody is today, by kind and name."""
    found: dict[tuple[Kind, str], list[Listing]] = {}
    for listing, _ in session.execute(in_question(kind, today)):
        if judge_listing(listing, today).is_shown:
            found.setdefault((listing.kind, listing.list_name), []).append(listing)
    heads = [make_head(rows) for rows in found.values()]
    return sorted(heads, key=lambda head: (head.kind is not Kind.BLACK, head.info_class, head.name))


def make_head(rows: list[Listing]) -> ListHead:
    """A list by its entries: the basis is that of most of them."""
    basis = Counter(row.legal_basis for row in rows).most_common(1)[0][0]
    units = Counter(row.authority for row in rows)
    first = rows[0]
    names = tuple(name for name, _ in units.most_common())
    return ListHead(first.kind, first.list_name, basis, names, first.info_class, len(rows), first.id)


def find_entries(session: Session, wanted: ListWanted, today: date, page: int = 1, size: int = PAGE) -> ListPage:
    """A page (of `size`) of those that are on a list today."""
    query = in_question(wanted.kind, today).where(*narrow(wanted))
    query = query.order_by(Listing.decided_on.desc(), Listing.id.desc())
    shown = [
        ListEntry(listing, enterprise, found)
        for listing, enterprise in session.execute(query)
        if (found := judge_listing(listing, today)).is_shown
    ]
    last = max(1, -(-len(shown) // size))
    number = min(max(1, page), last)
    return ListPage(shown[(number - 1) * size : number * size], len(shown), number, size)


def narrow(wanted: ListWanted) -> list[ColumnElement[bool]]:
    """The conditions of a question."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.name:
        conditions.append(Listing.list_name == wanted.name)
    if wanted.region:
        conditions.append(or_(Enterprise.province == wanted.region, Enterprise.city == wanted.region))
    if wanted.firm:
        conditions.append(Enterprise.name.contains(wanted.firm, autoescape=True))
    if wanted.first_day:
        conditions.append(Listing.decided_on >= wanted.first_day)
    if wanted.last_day:
        conditions.append(Listing.decided_on <= wanted.last_day)
    if wanted.sector:
        conditions.append(Listing.sector == wanted.sector)
    return conditions


def regions_of(session: Session, today: date) -> list[str]:
    """The regions of those on any list, to choose from."""
    rows = session.execute(in_question(None, today))
    return sorted({region for _, firm in rows for region in (firm.city, firm.province) if region})
