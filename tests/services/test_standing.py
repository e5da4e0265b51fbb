"""What is in force on a date, as arithmetic."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from models.archive_words import Life
from services.credit import standing
from services.credit.standing import Why

DECIDED = date(2026, 4, 10)
DAY = timedelta(days=1)


@dataclass
class Sheet:
    """A record of no table."""

    type: str = "penalty"
    severity: str | None = "general"
    decided_on: date = DECIDED
    valid_until: date | None = None
    published_from: date = DECIDED
    published_until: date | None = None
    withdrawn_on: date | None = None
    details: dict[str, Any] = field(default_factory=dict)
    life: Life = Life.PUBLISHED
    minor_shown_reason: str | None = None


@dataclass
class Entry:
    """An entry of a list of no table."""

    kind: str = "black"
    info_class: str = "administrative"
    decided_on: date = DECIDED
    life: Life = Life.PUBLISHED
    list_name: str = "严重失信主体名单"
    legal_basis: str = "《条例》第二十三条"
    document_number: str = "〔2026〕3号"
    authority: str = "商务局"
    published_from: date = DECIDED
    published_until: date | None = date(2029, 4, 10)
    withdrawn_on: date | None = None


@pytest.mark.parametrize(
    ("severity", "last_seen"),
    [
        ("general", date(2027, 4, 9)),  # domain.md §2.4 (a): hidden on 2027-04-10
        ("serious", date(2029, 4, 9)),
        (None, date(2029, 4, 9)),
    ],
)
def test_a_penalty_without_a_date_ends_at_the_maximum_of_its_class(severity: str | None, last_seen: date) -> None:
    penalty = Sheet(severity=severity)
    assert standing.is_record_shown(penalty, last_seen)
    assert not standing.is_record_shown(penalty, last_seen + DAY)
    assert standing.window_end(penalty) == last_seen + DAY


def test_a_penalty_is_not_seen_before_it_is_published() -> None:
    penalty = Sheet(published_from=DECIDED + 7 * DAY)
    assert not standing.is_record_shown(penalty, DECIDED + 6 * DAY)
    assert standing.is_record_shown(penalty, DECIDED + 7 * DAY)


def test_long_term_is_no_licence_to_show_a_penalty_for_ever() -> None:
    assert standing.window_end(Sheet(published_until=date(2099, 12, 31))) == date(2027, 4, 10)


def test_the_sources_own_date_is_taken_as_it_is() -> None:
    penalty = Sheet(published_until=date(2026, 7, 10))
    assert standing.is_record_shown(penalty, date(2026, 7, 9))
    assert not standing.is_record_shown(penalty, date(2026, 7, 10))


@pytest.mark.parametrize("day", [DECIDED, DECIDED + 30 * DAY, DECIDED + 400 * DAY])
def test_a_minor_breach_is_never_shown(day: date) -> None:
    assert not standing.is_record_shown(Sheet(severity="minor"), day)


def test_a_repaired_record_is_gone_on_the_day_itself() -> None:
    penalty = Sheet(withdrawn_on=date(2026, 7, 10))
    assert standing.is_record_shown(penalty, date(2026, 7, 9))
    assert not standing.is_record_shown(penalty, date(2026, 7, 10))
    assert not standing.is_record_shown(penalty, date(2026, 12, 1))


def test_a_persons_row_is_never_shown() -> None:
    person = Sheet(details={"subject_kind": "自然人"})
    assert not standing.is_record_shown(person, DECIDED)
    assert standing.is_record_shown(Sheet(details={"subject_kind": "法人及非法人组织"}), DECIDED)


@pytest.mark.parametrize("type_", ["honour", "licence", "rating", "demonstration"])
def test_what_has_run_out_disappears_the_day_after(type_: str) -> None:
    honour = Sheet(type=type_, severity=None, valid_until=date(2027, 3, 31))
    assert standing.is_record_shown(honour, date(2027, 3, 31))
    assert not standing.is_record_shown(honour, date(2027, 4, 1))


@pytest.mark.parametrize("until", [None, date(2099, 12, 31), date(9999, 12, 31)])
def test_long_term_has_no_end(until: date | None) -> None:
    licence = Sheet(type="licence", severity=None, published_until=until, valid_until=until)
    assert standing.window_end(licence) is None
    assert standing.is_record_shown(licence, date(2090, 1, 1))


@pytest.mark.parametrize("missing", ["list_name", "legal_basis", "document_number", "authority"])
@pytest.mark.parametrize("blank", ["", "　 "])
def test_an_incomplete_list_entry_is_never_shown(missing: str, blank: str) -> None:
    assert standing.is_listing_shown(Entry(), DECIDED)
    assert not standing.is_listing_shown(Entry(**{missing: blank}), DECIDED)


def test_a_list_entry_lives_in_its_window_until_it_is_removed() -> None:
    assert not standing.is_listing_shown(Entry(), DECIDED - DAY)
    assert standing.is_listing_shown(Entry(), date(2029, 4, 9))
    assert not standing.is_listing_shown(Entry(), date(2029, 4, 10))
    assert standing.is_listing_shown(Entry(kind="red", published_until=None), date(2039, 4, 10))
    removed = Entry(withdrawn_on=date(2026, 11, 20))
    assert standing.is_listing_shown(removed, date(2026, 11, 19))
    assert not standing.is_listing_shown(removed, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2026, 4, 10), 1, date(2027, 4, 10)),
        (date(2024, 2, 29), 1, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
    ],
)
def test_years_are_counted_by_the_calendar(day: date, years: int, later: date) -> None:
    assert standing.add_years(day, years) == later


def test_the_courts_list_is_trusted_for_a_week() -> None:
    assert not standing.is_data_stale("court", date(2026, 11, 13), None, date(2026, 11, 20))
    assert standing.is_data_stale("court", date(2026, 11, 12), None, date(2026, 11, 20))
    assert not standing.is_data_stale("penalty", date(2020, 1, 1), None, date(2026, 11, 20))
    assert standing.is_data_stale("penalty", date(2026, 11, 4), 15, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("block", "kind", "is_shown"),
    [
        ("court", "个体工商户", False),
        ("court", "个体工商户（港澳台）", False),
        ("court", "有限责任公司", True),
        ("penalty", "个体工商户", True),
    ],
)
def test_a_shopkeepers_debts_are_a_persons(block: str, kind: str, is_shown: bool) -> None:
    assert standing.is_block_shown(block, kind) is is_shown


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 4, 10), 3, date(2026, 7, 10)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, later: date) -> None:
    assert standing.add_months(day, months) == later


def test_a_minor_breach_with_a_reason_is_shown_for_three_months_at_most() -> None:
    """domain.md §2.4 (b)."""
    minor = Sheet(
        severity="minor", minor_shown_reason="同类问题多发，经负责人批准公示", published_until=date(2027, 4, 10)
    )
    assert standing.is_record_shown(minor, date(2026, 7, 9))
    assert standing.judge_record(minor, date(2026, 7, 10)).why is Why.EXPIRED
    shorter = Sheet(severity="minor", minor_shown_reason="有理由", published_until=date(2026, 5, 1))
    assert not standing.is_record_shown(shorter, date(2026, 5, 1))
    assert standing.judge_record(Sheet(severity="minor", minor_shown_reason="　 "), DECIDED).why is Why.MINOR


@pytest.mark.parametrize("life", Life)
def test_only_what_is_published_is_shown(life: Life) -> None:
    shown = life in {Life.PUBLISHED, Life.OBJECTED}
    assert standing.is_record_shown(Sheet(life=life), DECIDED) is shown
    assert standing.is_listing_shown(Entry(life=life), DECIDED) is shown


def test_what_is_objected_to_is_shown_with_a_mark_and_ends_all_the_same() -> None:
    found = standing.judge_record(Sheet(life=Life.OBJECTED), DECIDED)
    assert found.is_shown
    assert found.is_objected
    assert standing.judge_record(Sheet(life=Life.OBJECTED), date(2027, 4, 10)).why is Why.EXPIRED


def test_a_list_entry_without_an_end_stops_at_three_years() -> None:
    entry = Entry(published_until=None)
    assert standing.is_listing_shown(entry, date(2029, 4, 9))
    assert standing.judge_listing(entry, date(2029, 4, 10)).why is Why.EXPIRED


def test_an_association_finds_nobody_seriously_untrustworthy() -> None:
    assert standing.judge_listing(Entry(info_class="self_discipline"), DECIDED).why is Why.NOT_STATUTORY
    assert standing.is_listing_shown(Entry(kind="red", info_class="self_discipline"), DECIDED)


def test_a_shopkeepers_court_record_is_not_shown() -> None:
    court = Sheet(type="court", severity=None)
    assert standing.judge_record(court, DECIDED, "个体工商户").why is Why.SELF_EMPLOYED
    assert standing.is_record_shown(court, DECIDED, "有限责任公司")
