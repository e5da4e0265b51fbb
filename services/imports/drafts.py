"""The rows of records and listings as an import writes them: all columns, from what a sheet said (pure)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import SimpleNamespace
from typing import Any

from config.archive import ArchiveRules
from models.archive_words import Life
from models.importing import ImportKind
from models.listing import Kind, Listing
from models.record import InfoClass, Polarity, Record, RecordType
from services.credit.completeness import missing_of_listing
from services.credit.words import BLOCK_CLASSES, BLOCK_WORDS
from services.imports.entries import LISTS, Entry

RECORD_COLUMNS = tuple(column.name for column in Record.__table__.columns if column.name != "id")
LISTING_COLUMNS = tuple(column.name for column in Listing.__table__.columns if column.name != "id")
POLARITIES = dict.fromkeys(
    (RecordType.PENALTY, RecordType.ABNORMAL, RecordType.COURT), Polarity.NEGATIVE
) | dict.fromkeys((RecordType.HONOUR, RecordType.DEMONSTRATION, RecordType.COMMITMENT), Polarity.POSITIVE)
LIST_TEXTS = ("list_name", "legal_basis", "document_number", "authority", "reason")


@dataclass(frozen=True)
class Terms:
    """What holds for all that a run writes."""

    run_id: int
    kind: ImportKind
    data_on: date
    today: date
    source_unit: str
    drafted_by: str  # who must not approve it
    publishes: bool  # a configured source of an authority: its lists need no second approval here
    rules: ArchiveRules
    fresh_days: int | None = None  # of the source; older data is shown with a warning


def columns_of(kind: ImportKind) -> tuple[str, ...]:
    """The columns of the table in which a kind is kept, without the id."""
    return LISTING_COLUMNS if kind in LISTS else RECORD_COLUMNS


def write_new(entry: Entry, terms: Terms, enterprise_id: int, older: Mapping[str, Any] | None) -> dict[str, Any]:
    """All columns of a new row; of a new version what the sheet leaves out stays as it was."""
    row = dict(older or (usual_listing(terms) if terms.kind in LISTS else usual_record(entry, terms)))
    said = {column: value for column, value in entry.said.items() if not (column == "severity" and value is None)}
    row |= said
    if terms.kind not in LISTS:
        row["details"] = {**(older["details"] if older else {}), **entry.details}
        row["published_from"] = said.get("published_from") or row.get("published_from") or terms.today
    row["source_unit"] = row.get("source_unit") or terms.source_unit or row["authority"]
    row |= {
        "enterprise_id": enterprise_id,
        "data_on": terms.data_on,
        "import_run_id": terms.run_id,
        "import_row": entry.number,
        "version": older["version"] + 1 if older else 1,
        "corrects_id": older["id"] if older else None,
        "withdrawn_on": None,
        "withdrawn_reason": None,
    }
    row.pop("id", None)
    if terms.kind in LISTS:
        settle_listing(row, terms)
    return row


def usual_record(entry: Entry, terms: Terms) -> dict[str, Any]:
    """A record before the sheet has said anything."""
    type_ = entry.type or RecordType(terms.kind.value)
    return dict.fromkeys(RECORD_COLUMNS) | {
        "type": type_,
        "polarity": POLARITIES.get(type_, Polarity.NEUTRAL),
        "info_class": BLOCK_CLASSES[type_],
        "title": BLOCK_WORDS[type_],
        "content": "",
        "life": Life.PUBLISHED,
        "catalogue_class": terms.rules.catalogue.get(type_),
    }


def usual_listing(terms: Terms) -> dict[str, Any]:
    """An entry of a list before the sheet has said anything."""
    return dict.fromkeys(LISTING_COLUMNS) | {"kind": Kind(terms.kind.value)} | dict.fromkeys(LIST_TEXTS, "")


def settle_listing(row: dict[str, Any], terms: Terms) -> None:
    """Where an entry of a list stands: a draft that lacks something, waiting for a second person, or published."""
    row["info_class"] = row.get("info_class") or InfoClass.ADMINISTRATIVE
    row["published_from"] = row.get("published_from") or row["decided_on"]
    row["approved_by"] = None
    row["drafted_by"] = None if terms.publishes else terms.drafted_by
    if find_missing(row, terms.rules):
        row["life"] = Life.DRAFT
    else:
        row["life"] = Life.PUBLISHED if terms.publishes else Life.PENDING_REVIEW


def find_missing(row: Mapping[str, Any], rules: ArchiveRules) -> list[str]:
    """What an entry of a list lacks by law."""
    return missing_of_listing(SimpleNamespace(**row), rules)


def spell(row: Mapping[str, Any], columns: Sequence[str]) -> tuple[Any, ...]:
    """The values as both database drivers take them."""
    return tuple(spell_value(row.get(column)) for column in columns)


def spell_value(value: Any) -> Any:
    """ISO days, the words of closed sets, JSON."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value)
    return value
