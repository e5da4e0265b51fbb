"""What is in force on a date and may be shown, and why not; pure, read it like arithmetic. Every door asks here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from models.archive_words import Life

# 公示期限 counts from the day of decision and stops by itself at its maximum:
# 信用修复管理办法 (国家发展改革委令第36号, in force 2026-04-01).
LONGEST_WINDOW_YEARS = {"general": 1, "serious": 3}
# A minor breach is not shown unless a reason is recorded, and then for no longer than this.
MINOR_WINDOW_MONTHS = 3
# A penalty whose class nobody stated, and an entry of 严重失信主体名单, end at the maximum of the longest class.
UNKNOWN_CLASS_YEARS = BLACK_YEARS = 3
# Files write this for 长期; so does a missing date.
LONG_TERM = date(2099, 12, 31)
# 失信被执行人 changes fast: older data is shown with a warning.
COURT_FRESH_DAYS = 7
# Key and value by which an import marks a row about a person; such a row is never shown.
SUBJECT_KEY, NATURAL_PERSON = "subject_kind", "自然人"
# 企业类型 of the self-employed: before a court the debtor is their person, not their shop.
SELF_EMPLOYED = "个体工商户"
IN_LIFE = frozenset({Life.PUBLISHED, Life.OBJECTED})


class Why(StrEnum):
    """Why something is shown or not; the Chinese is in services/credit/words.py."""

    IN_FORCE = "in_force"
    OBJECTED = "objected"  # shown, with a mark
    DRAFT = "draft"
    PENDING_REVIEW = "pending_review"
    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    REMOVED = "removed"
    NOT_YET = "not_yet"
    EXPIRED = "expired"  # the publicity window is over
    RUN_OUT = "run_out"  # a licence, honour or rating no longer holds
    MINOR = "minor"
    PERSON = "person"
    SELF_EMPLOYED = "self_employed"
    INCOMPLETE = "incomplete"
    NOT_STATUTORY = "not_statutory"


SHOWN = frozenset({Why.IN_FORCE, Why.OBJECTED})


@dataclass(frozen=True)
class Standing:
    """How a record or listing stands on a day."""

    why: Why
    ends_on: date | None  # the first day on which it is no longer public; None: long-term

    @property
    def is_shown(self) -> bool:
        """A citizen may see it."""
        return self.why in SHOWN

    @property
    def is_objected(self) -> bool:
        """Somebody objects to it and nobody has decided yet: shown with a mark."""
        return self.why is Why.OBJECTED


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
    @property
    def life(self) -> Life: ...
    @property
    def minor_shown_reason(self) -> str | None: ...


class ListingBasis(Protocol):
    """Who entered it in which list, on what basis and when."""

    @property
    def kind(self) -> str: ...
    @property
    def info_class(self) -> str: ...
    @property
    def list_name(self) -> str: ...
    @property
    def legal_basis(self) -> str: ...
    @property
    def document_number(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def decided_on(self) -> date: ...


class ListingLike(ListingBasis, Protocol):
    """What the rules look at in an entry of a list."""

    @property
    def published_from(self) -> date: ...
    @property
    def published_until(self) -> date | None: ...
    @property
    def withdrawn_on(self) -> date | None: ...
    @property
    def life(self) -> Life: ...


def judge_record(record: RecordLike, today: date, enterprise_kind: str = "") -> Standing:
    """How a record stands on `today`; `enterprise_kind` is the 企业类型 of whose record it is."""
    ends_on = window_end(record)
    if record.details.get(SUBJECT_KEY) == NATURAL_PERSON:
        return Standing(Why.PERSON, ends_on)
    if not is_block_shown(record.type, enterprise_kind):
        return Standing(Why.SELF_EMPLOYED, ends_on)
    why = judge_life(record.life, record.withdrawn_on, today)
    if why in SHOWN and record.severity == "minor" and not (record.minor_shown_reason or "").strip():
        why = Why.MINOR
    elif why in SHOWN and (timed := judge_window(record.published_from, ends_on, today)):
        why = timed
    elif why in SHOWN and not is_valid(record.valid_until, today):
        why = Why.RUN_OUT
    return Standing(why, ends_on)


def judge_listing(listing: ListingLike, today: date) -> Standing:
    """How an entry of a list stands on `today`: complete by 国办发〔2020〕49号, and in its window."""
    ends_on = listing_end(listing)
    duties = (listing.list_name, listing.legal_basis, listing.document_number, listing.authority)
    why = judge_life(listing.life, listing.withdrawn_on, today)
    if why in SHOWN and listing.kind == "black" and listing.info_class != "administrative":
        why = Why.NOT_STATUTORY  # an association cannot find 严重失信
    elif why in SHOWN and not all(word.strip() for word in duties):
        why = Why.INCOMPLETE
    elif why in SHOWN and (timed := judge_window(listing.published_from, ends_on, today)):
        why = timed
    return Standing(why, ends_on)


def judge_life(life: Life, withdrawn_on: date | None, today: date) -> Why:
    """By the state it is in; an end that was set for a day comes on that day, whatever the state says."""
    if life in IN_LIFE:
        is_over = withdrawn_on is not None and withdrawn_on <= today
        return Why.WITHDRAWN if is_over else Why.OBJECTED if life is Life.OBJECTED else Why.IN_FORCE
    return Why(life)


def judge_window(start: date, end: date | None, today: date) -> Why | None:
    """Inside the publicity window: None; shown from `start` on, no longer on `end` itself.

    A general penalty decided on 2026-04-10 with one year of publicity is seen last on 2027-04-09.
    """
    if today < start:
        return Why.NOT_YET
    return Why.EXPIRED if end is not None and today >= end else None


def window_end(record: RecordLike) -> date | None:
    """The first day on which the record is no longer public; None: long-term.

    The source's own 公示截止期 is taken as it is. A penalty never is long-term: without a date it ends
    at the maximum of its class. Of a minor one that is shown at all, three months are the limit.
    """
    stated = None if is_long_term(record.published_until) else record.published_until
    if record.severity == "minor":
        limit = add_months(record.decided_on, MINOR_WINDOW_MONTHS)
        return min(stated, limit) if stated else limit
    if record.type == "penalty" and stated is None:
        years = LONGEST_WINDOW_YEARS.get(record.severity or "", UNKNOWN_CLASS_YEARS)
        return add_years(record.decided_on, years)
    return stated


def listing_end(listing: ListingLike) -> date | None:
    """The same for an entry of a list: 严重失信 never is long-term."""
    if not is_long_term(listing.published_until):
        return listing.published_until
    return add_years(listing.decided_on, BLACK_YEARS) if listing.kind == "black" else None


def is_record_shown(record: RecordLike, today: date, enterprise_kind: str = "") -> bool:
    """True when a citizen may see the record on `today`."""
    return judge_record(record, today, enterprise_kind).is_shown


def is_listing_shown(listing: ListingLike, today: date) -> bool:
    """True when a citizen may see the entry on `today`."""
    return judge_listing(listing, today).is_shown


def is_block_shown(block: str, enterprise_kind: str) -> bool:
    """False for the block that would tell about a person instead of a firm."""
    return block != "court" or not enterprise_kind.startswith(SELF_EMPLOYED)


def is_valid(until: date | None, today: date) -> bool:
    """A licence, honour or rating holds through its last day and is gone the day after."""
    return until is None or today <= until


def is_data_stale(block: str, data_on: date, fresh_days: int | None, today: date) -> bool:
    """True when a block's data is too old to be relied on without a word; `fresh_days` is its source's own limit."""
    limit = fresh_days or (COURT_FRESH_DAYS if block == "court" else None)
    return limit is not None and (today - data_on).days > limit


def is_long_term(day: date | None) -> bool:
    """Without an end: no date, or the date by which files say so."""
    return day is None or day >= LONG_TERM


def add_years(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 28 (民法典 art. 202: 没有对应日的，月末日)."""
    return add_months(day, 12 * years)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    for last in range(day.day, 27, -1):
        try:
            return first.replace(day=last)
        except ValueError:
            continue
    return first.replace(day=day.day)
