"""三年内无不良信用记录: which records count against a firm on a day; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.credit.standing import SHOWN, Why, add_years

YEARS = 3
# What speaks against a firm (湖南省评价办法, R20): penalties, lists, abnormal operation, court. Complaints never do.
ADVERSE = frozenset({"penalty", "abnormal", "court", "black"})
# A record whose publicity ended by itself still happened; one repaired, withdrawn or corrected must not be used any
# more (信用修复管理办法: 终止公示, 停止共享和使用), and a minor one is no adverse record.
STILL_COUNTS = SHOWN | {Why.EXPIRED, Why.RUN_OUT}


class Verdict(StrEnum):
    """What the rule says; nothing collected is never clean."""

    CLEAN = "clean"
    NOT_CLEAN = "not_clean"
    UNKNOWN = "unknown"  # of some kind nothing was collected


@dataclass(frozen=True)
class Fact:
    """One record or entry as the rule sees it."""

    block: str  # a RecordType's word, or "black" and "red"
    decided_on: date
    why: Why


def counts(fact: Fact, today: date, *, only_public: bool) -> bool:
    """Whether it counts on `today`. For an association only what everybody may see does.

    Three calendar years, the first day included: asked on 2026-11-20, a decision of 2023-11-20 or later counts,
    one of 2023-11-19 no longer.
    """
    lives = SHOWN if only_public else STILL_COUNTS
    return fact.block in ADVERSE and fact.why in lives and fact.decided_on >= add_years(today, -YEARS)


def judge(facts: Iterable[Fact], collected: Iterable[str], today: date, *, only_public: bool) -> Verdict:
    """The rule's word; `collected`: the blocks of which there is data at all."""
    if any(counts(fact, today, only_public=only_public) for fact in facts):
        return Verdict.NOT_CLEAN
    return Verdict.CLEAN if set(collected) >= ADVERSE else Verdict.UNKNOWN
