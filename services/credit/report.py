"""The report of one enterprise as a citizen may see it today; composed when it is shown, never stored."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models.enterprise import Enterprise, NameKind, Status
from models.listing import Listing
from models.record import Dataset, InfoClass, Record
from services.credit import standing
from services.credit.words import (
    BLOCK_CLASSES,
    BLOCK_WORDS,
    DETAIL_WORDS,
    SECTION_WORDS,
    STATUS_WORDS,
    date_words,
)
from services.enterprises.parts import parent_end

REGISTER = "register"


class BlockState(StrEnum):
    """FOUND: there are items. NOT_FOUND: searched, none in force. NOT_COLLECTED: nobody searched."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    NOT_COLLECTED = "not_collected"


@dataclass(frozen=True)
class Item:
    """One record, or one entry of a list, in force today."""

    title: str  # the statutory list name for an entry of a list
    content: str
    document_number: str
    authority: str
    source_unit: str
    legal_basis: str
    decided_on: date
    valid_until: date | None
    published_until: date | None  # the first day on which it is no longer public; None: long-term
    data_on: date
    removal_condition: str = ""
    details: tuple[tuple[str, str], ...] = ()  # Chinese label, value


@dataclass(frozen=True)
class Block:
    """One kind of information with what was found in it."""

    key: str  # a RecordType's word, "black" or "red"
    word: str
    state: BlockState
    items: tuple[Item, ...] = ()
    source_unit: str = ""  # empty when not collected
    data_on: date | None = None
    is_stale: bool = False  # the court's list changes faster than our copy

    @property
    def count(self) -> int:
        """Items in force."""
        return len(self.items)


@dataclass(frozen=True)
class Section:
    """The blocks of one information class, never empty; classes are never blended."""

    info_class: InfoClass
    word: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class OtherName:
    """A former name, short name or shop sign."""

    kind: NameKind
    name: str


@dataclass(frozen=True)
class Report:
    """What a citizen is shown of one enterprise."""

    enterprise_id: int
    name: str
    credit_code: str  # empty for old registrations
    status: Status
    status_word: str
    kind: str
    registered_on: date | None
    province: str
    city: str
    address: str
    capital: str
    scope: str
    other_names: tuple[OtherName, ...]
    parent_name: str  # of a branch; else empty
    register_source: str  # empty when nobody stated it
    register_data_on: date
    sections: tuple[Section, ...]
    composed_on: date

    @property
    def region(self) -> str:
        """Province and city in one, without saying 北京市北京市."""
        return self.city if self.city.startswith(self.province) else self.province + self.city

    @property
    def code_word(self) -> str:
        """What kind of code credit_code is."""
        return "统一社会信用代码" if len(self.credit_code) == 18 else "注册号"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in order."""
        return tuple(block for section in self.sections for block in section.blocks)

    def blocks_in(self, state: BlockState) -> list[Block]:
        """The blocks in one state, in order."""
        return [block for block in self.blocks if block.state is state]

    def items_of(self, key: str) -> list[Item]:
        """All items of one kind, of whatever class."""
        return [item for block in self.blocks if block.key == key for item in block.items]

    @property
    def data_dates(self) -> tuple[date, date]:
        """The oldest and the newest data date of what was searched, the register included."""
        days = [block.data_on for block in self.blocks if block.data_on] + [self.register_data_on]
        return min(days), max(days)

    @property
    def data_words(self) -> str:
        """When what was searched was collected, in words that fit behind 截至."""
        oldest, newest = self.data_dates
        if oldest == newest:
            return date_words(newest)
        return f"{date_words(newest)}（最早一项{date_words(oldest)}）"

    @property
    def disclaimer(self) -> str:
        """What this report is and is not."""
        return f"本结果依据截至{self.data_words}归集的数据，不代表对企业信用的全面评价。"


def compose_report(session: Session, enterprise_id: int, today: date) -> Report | None:
    """The report, in four queries; None when no such enterprise is in the register."""
    enterprise = (
        session.scalars(
            select(Enterprise).where(Enterprise.id == enterprise_id).options(joinedload(Enterprise.names))
        )
        .unique()
        .one_or_none()
    )
    if enterprise is None or enterprise.status is Status.REMOVED:
        return None
    datasets = {row.block: row for row in session.scalars(select(Dataset))}
    items = items_in_force(session, enterprise_id, today)
    keys = [key for key in BLOCK_WORDS if standing.is_block_shown(key, enterprise.kind or "")]
    sections = [section_of(info, keys, items, datasets, today) for info in InfoClass]
    register = datasets.get(REGISTER)
    return Report(
        enterprise_id=enterprise.id,
        name=enterprise.name,
        credit_code=enterprise.credit_code or "",
        status=enterprise.status,
        status_word=STATUS_WORDS[enterprise.status],
        kind=enterprise.kind or "",
        registered_on=enterprise.registered_on,
        province=enterprise.province or "",
        city=enterprise.city or "",
        address=enterprise.address or "",
        capital=enterprise.capital or "",
        scope=enterprise.scope or "",
        other_names=tuple(OtherName(other.kind, other.name) for other in enterprise.names),
        parent_name=parent_of(enterprise.name),
        register_source=register.source_unit if register else "",
        register_data_on=enterprise.data_on,
        sections=tuple(section for section in sections if section.blocks),
        composed_on=today,
    )


def parent_of(name: str) -> str:
    """The parent's full name that a branch's name begins with; empty for a firm that is no branch."""
    end = parent_end(name)
    return name[:end] if end < len(name) else ""


Items = dict[tuple[InfoClass, str], list[Item]]


def items_in_force(session: Session, enterprise_id: int, today: date) -> Items:
    """What may be shown today, newest first, by class and block."""
    items: Items = defaultdict(list)
    listings = session.scalars(select(Listing).where(Listing.enterprise_id == enterprise_id))
    for listing in listings:
        if standing.is_listing_shown(listing, today):
            items[InfoClass.ADMINISTRATIVE, listing.kind].append(item_of_listing(listing))
    for record in session.scalars(select(Record).where(Record.enterprise_id == enterprise_id)):
        if standing.is_record_shown(record, today):
            items[record.info_class, record.type].append(item_of_record(record))
    for found in items.values():
        found.sort(key=lambda item: item.decided_on, reverse=True)
    return items


def section_of(
    info: InfoClass, keys: list[str], items: Items, datasets: dict[str, Dataset], today: date
) -> Section:
    """The blocks with items of a class, and those at home in it that have no items anywhere."""
    filled = {key for _, key in items}
    shown = [
        key for key in keys if (info, key) in items or (BLOCK_CLASSES[key] is info and key not in filled)
    ]
    blocks = tuple(block_of(key, items.get((info, key), []), datasets.get(key), today) for key in shown)
    return Section(info, SECTION_WORDS[info], blocks)


def block_of(key: str, items: list[Item], dataset: Dataset | None, today: date) -> Block:
    """One block; without a dataset nobody searched, unless an item proves the contrary."""
    if dataset is None and not items:
        return Block(key, BLOCK_WORDS[key], BlockState.NOT_COLLECTED)
    data_on = dataset.data_on if dataset else max(item.data_on for item in items)
    return Block(
        key=key,
        word=BLOCK_WORDS[key],
        state=BlockState.FOUND if items else BlockState.NOT_FOUND,
        items=tuple(items),
        source_unit=dataset.source_unit if dataset else items[0].source_unit,
        data_on=data_on,
        is_stale=key == "court" and standing.is_court_data_stale(data_on, today),
    )


def item_of_listing(listing: Listing) -> Item:
    """An entry of a list, under the list's statutory name."""
    return Item(
        title=listing.list_name,
        content=listing.reason,
        document_number=listing.document_number,
        authority=listing.authority,
        source_unit=listing.source_unit,
        legal_basis=listing.legal_basis,
        decided_on=listing.decided_on,
        valid_until=None,
        published_until=None if standing.is_long_term(listing.published_until) else listing.published_until,
        data_on=listing.data_on,
        removal_condition=listing.removal_condition or "",
    )


def item_of_record(record: Record) -> Item:
    """A record with those of its details that have a word."""
    shown = [(word, record.details.get(key)) for key, word in DETAIL_WORDS.items()]
    return Item(
        title=record.title,
        content=record.content,
        document_number=record.document_number or "",
        authority=record.authority,
        source_unit=record.source_unit,
        legal_basis=record.legal_basis or "",
        decided_on=record.decided_on,
        valid_until=None if standing.is_long_term(record.valid_until) else record.valid_until,
        published_until=standing.window_end(record),
        data_on=record.data_on,
        details=tuple((word, str(value)) for word, value in shown if value not in (None, "")),
    )
