"""Blocks of the credit archive: what of one enterprise's records is in force on a day, by class and kind."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.archive_words import Subject
from models.listing import Listing
from models.prepared import Prepared, table_of
from models.record import Dataset, InfoClass, Record
from services.credit import standing
from services.credit.words import BLOCK_CLASSES, BLOCK_WORDS, DETAIL_WORDS, SECTION_WORDS


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
    subject: Subject = Subject.RECORD
    subject_id: int = 0
    is_objected: bool = False  # 异议处理中
    severity: str = ""


@dataclass(frozen=True)
class Block:
    """One kind of information with what was found in it."""

    key: str  # a RecordType's word, "black" or "red"
    word: str
    state: BlockState
    items: tuple[Item, ...] = ()
    source_unit: str = ""  # empty when not collected
    data_on: date | None = None
    is_stale: bool = False  # older than its source's limit: it may have changed

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


LISTINGS = Prepared(select(*table_of(Listing).c).where(table_of(Listing).c.enterprise_id == bindparam("wanted_id")))
RECORDS = Prepared(select(*table_of(Record).c).where(table_of(Record).c.enterprise_id == bindparam("wanted_id")))
Items = dict[tuple[InfoClass, str], list[Item]]


def items_in_force(session: Session, enterprise_id: int, today: date, enterprise_kind: str = "") -> Items:
    """What may be shown today, newest first, by class and block; `enterprise_kind` is its 企业类型."""
    items: Items = defaultdict(list)
    for listing in LISTINGS.run(session, wanted_id=enterprise_id):
        found = standing.judge_listing(listing, today)
        if found.is_shown:
            items[listing.info_class, listing.kind].append(item_of_listing(listing, found))
    for record in RECORDS.run(session, wanted_id=enterprise_id):
        found = standing.judge_record(record, today, enterprise_kind)
        if found.is_shown:
            items[record.info_class, record.type].append(item_of_record(record, found))
    for shown in items.values():
        shown.sort(key=lambda item: item.decided_on, reverse=True)
    return items


def section_of(info: InfoClass, keys: list[str], items: Items, datasets: dict[str, Dataset], today: date) -> Section:
    """The blocks with items of a class, and those at home in it that have no items anywhere."""
    filled = {key for _, key in items}
    shown = [key for key in keys if (info, key) in items or (BLOCK_CLASSES[key] is info and key not in filled)]
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
        is_stale=standing.is_data_stale(key, data_on, dataset.fresh_days if dataset else None, today),
    )


def item_of_listing(listing: Listing, found: standing.Standing) -> Item:
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
        published_until=found.ends_on,
        data_on=listing.data_on,
        removal_condition=listing.removal_condition or "",
        subject=Subject.LISTING,
        subject_id=listing.id,
        is_objected=found.is_objected,
    )


def item_of_record(record: Record, found: standing.Standing) -> Item:
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
        published_until=found.ends_on,
        data_on=record.data_on,
        subject_id=record.id,
        is_objected=found.is_objected,
        severity=record.severity or "",
        details=tuple((word, str(value)) for word, value in shown if value not in (None, "")),
    )
