"""What is in force on a date and may be shown to a citizen; pure, read it like arithmetic."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

# 公示期限 counts from the day of decision and stops by itself at its maximum:
# 信用修复管理办法 (国家发展改革委令第36号, in force 2026-04-01). Minor breaches are not shown at all.
LONGEST_WINDOW_YEARS = {"general": 1, "serious": 3}
# A penalty whose class nobody stated is shown no longer than the longest class allows.
UNKNOWN_CLASS_YEARS = 3
# Files write this for 长期; so does a missing date.
LONG_TERM = date(2099, 12, 31)
# 失信被执行人 changes fast: older data is shown with a warning.
COURT_FRESH_DAYS = 7
# Key and value by which an import marks a row about a person; such a row is never shown.
SUBJECT_KEY, NATURAL_PERSON = "subject_kind", "自然人"
# 企业类型 of the self-employed: before a court the debtor is their person, not their shop.
SELF_EMPLOYED = "个体工商户"


class RecordLike(Protocol):
    """What the rules look at in a record."""

    @property
    def type(self) -> str: ...
    @property
    def severity(self) -> str | None: ...
    @property
    def decided_on(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def published_from(self) -> date: ...
    @property
    def published_until(self) -> date | None: ...
    @property
    def withdrawn_on(self) -> date | None: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


class ListingLike(Protocol):
    """What the rules look at in an entry of a list."""

    @property
    def list_name(self) -> str: ...
    @property
    def legal_basis(self) -> str: ...
    @property
    def document_number(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def published_from(self) -> date: ...
    @property
    def published_until(self) -> date | None: ...
    @property
    def withdrawn_on(self) -> date | None: ...


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 (民法典 art. 202: 没有对应日的，月末日)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def is_long_term(day: date | None) -> bool:
    """Without an end: no date, or the date by which files say so."""
    return day is None or day >= LONG_TERM


def is_published(start: date, end: date | None, withdrawn: date | None, today: date) -> bool:
    """Inside the publicity window: from `start` on, no longer on `end` itself, nor on the day of withdrawal.

    A general penalty decided on 2026-04-10 with one year of publicity is seen last on 2027-04-09.
    """
    if withdrawn is not None and withdrawn <= today:
        return False
    return start <= today and (end is None or is_long_term(end) or today < end)


def is_valid(until: date | None, today: date) -> bool:
    """A licence, honour or rating holds through its last day and is gone the day after."""
    return until is None or today <= until


def window_end(record: RecordLike) -> date | None:
    """The first day on which the record is no longer public; None: long-term.

    The source's own 公示截止期 is taken as it is. A penalty never is long-term: without a date it ends
    at the maximum of its class.
    """
    if record.type == "penalty" and is_long_term(record.published_until):
        years = LONGEST_WINDOW_YEARS.get(record.severity or "", UNKNOWN_CLASS_YEARS)
        return add_years(record.decided_on, years)
    return None if is_long_term(record.published_until) else record.published_until


def is_block_shown(block: str, enterprise_kind: str) -> bool:
    """False for the block that would tell about a person instead of a firm."""
    return block != "court" or not enterprise_kind.startswith(SELF_EMPLOYED)


def is_record_shown(record: RecordLike, today: date) -> bool:
    """True when a citizen may see the record: not minor, not a person's, published and valid on `today`."""
    if record.severity == "minor" or record.details.get(SUBJECT_KEY) == NATURAL_PERSON:
        return False
    return is_valid(record.valid_until, today) and is_published(
        record.published_from, window_end(record), record.withdrawn_on, today
    )


def is_listing_shown(listing: ListingLike, today: date) -> bool:
    """True when a citizen may see the entry: complete by 国办发〔2020〕49号 and published on `today`."""
    duties = (listing.list_name, listing.legal_basis, listing.document_number, listing.authority)
    return all(word.strip() for word in duties) and is_published(
        listing.published_from, listing.published_until, listing.withdrawn_on, today
    )


def is_court_data_stale(data_on: date, today: date) -> bool:
    """True when the court's list was fetched too long ago to be relied on without a word."""
    return (today - data_on).days > COURT_FRESH_DAYS
