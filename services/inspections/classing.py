"""商务分类监管类别 of a firm by the bureau's rules; pure. Never by the number of complaints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from config.inspections import ClassRule, Condition, InspectionRules
from services.credit.standing import SHOWN, Why, add_months
from services.screening.rules import ADVERSE, Fact, Verdict, judge


@dataclass(frozen=True)
class Mark:
    """One record as the rules see it."""

    record: str  # penalty 12
    block: str
    severity: str
    decided_on: date
    why: Why


@dataclass(frozen=True)
class Classed:
    """A class with what it rests on."""

    name: str
    about: str
    weight: float
    version: int
    records: tuple[str, ...]


def class_firm(marks: Sequence[Mark], rules: InspectionRules, today: date) -> Classed:
    """The first rule that fits; else unrated."""
    for rule in rules.classes:
        if rule.is_clean and not is_clean(marks, today):
            continue
        for condition in rule.when:
            found = [mark for mark in marks if fits(mark, condition, today)]
            if len(found) >= condition.at_least:
                return make_classed(rule, found, rules.version)
    return Classed(rules.unrated, "没有可以据以评定的记录", rules.unrated_weight, rules.version, ())


def make_classed(rule: ClassRule, found: Sequence[Mark], version: int) -> Classed:
    """The rule's class."""
    return Classed(rule.name, rule.about, rule.weight, version, tuple(mark.record for mark in found))


def fits(mark: Mark, condition: Condition, today: date) -> bool:
    """In force, of the kind, and recent enough where that is asked; the day so many months ago still counts."""
    is_kind = mark.block == condition.block and condition.severity in {"", mark.severity}
    is_recent = not condition.months or mark.decided_on >= add_months(today, -condition.months)
    return mark.why in SHOWN and is_kind and is_recent


def is_clean(marks: Sequence[Mark], today: date) -> bool:
    """三年内无不良信用记录, records whose publicity is over included."""
    facts = (Fact(mark.block, mark.decided_on, mark.why) for mark in marks)
    return judge(facts, ADVERSE, today, only_public=False) is Verdict.CLEAN
