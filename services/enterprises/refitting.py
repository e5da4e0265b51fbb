"""Refitting the finder to one bureau: its own log of choices, and mistakes made with the names of its own register."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.choice import LoggedChoice
from models.enterprise import Enterprise, EnterpriseName, Status
from services.enterprises.fitting import fit_sieve, fit_weights
from services.enterprises.names import normalise
from services.enterprises.outcomes import Outcome, Score, count_up, judge, print_score
from services.enterprises.trials import Query, Trial, lay_ground, make_trials, tell_absent, tell_mistakes
from services.enterprises.weights import Pair, print_weights
from services.errors import UserError

SEED = 20261121
EACH = 60  # mistakes made of each kind, fewer on a small register
NAMES_A_MISTAKE = 40
ABSENT = 10  # times as many firms asked for that are not there
SIEVED = 3  # one of so many queries is enough for the sieve
LEAST_NAMES = 200
LEAST_CHOICES = 200  # logged; of fewer a half is chance
LEAST_ABSENT = 20  # "none of these", from which on they are counted for themselves
MOST_CHOICES = 20_000  # the newest
LOST = {"logged": 0.01, "made": 0.045}  # of firms that are there
LOGGED_WORTH = 3  # a query of a citizen teaches the verdict as much as so many made
WORSE = 0.01  # a share may be so much worse on the check half, where another is better


@dataclass(frozen=True)
class Refit:
    """What a refit came to on the half of the firms that it has not seen."""

    weights: dict[str, Any]  # as a file holds them
    logged_count: int
    absent_count: int
    before: Mapping[str, Score]
    after: Mapping[str, Score]

    @property
    def is_better(self) -> bool:
        """Better for the logged queries, and nowhere worse by more than WORSE."""
        gains = [gain for name in self.after for gain in compare(self.before[name], self.after[name], name)]
        own = compare(self.before["logged"], self.after["logged"], "logged")
        return min(gains) >= -WORSE and sum(own) > 0


def compare(before: Score, after: Score, name: str) -> tuple[float, ...]:
    """What was gained: the right firm first, among five, and not denied; of absent firms: said not to be found."""
    if not before.count:
        return (0.0,)
    if name.endswith("absent"):
        return (after.none - before.none,)
    return after.first - before.first, after.five - before.five, before.none - after.none


def read_names(session: Session) -> list[str]:
    """All names of the register in normal form, other names too, without repetition."""
    own = select(Enterprise.name).where(Enterprise.status != Status.REMOVED).order_by(Enterprise.id)
    other = select(EnterpriseName.name).join(Enterprise).where(Enterprise.status != Status.REMOVED)
    statements = (own, other.order_by(EnterpriseName.id))
    rows = (name for found in statements for name in session.scalars(found.execution_options(yield_per=20_000)))
    return list(dict.fromkeys(filter(None, map(normalise, rows))))


def read_log(session: Session) -> list[Query]:
    """The newest logged choices as queries; those answered by another firm's exact name are none."""
    newest = select(LoggedChoice).order_by(LoggedChoice.chosen_on.desc(), LoggedChoice.id).limit(MOST_CHOICES)
    choices = session.scalars(newest).all()
    names = read_names_of(session, {choice.enterprise_id for choice in choices if choice.enterprise_id})
    return [query for choice in choices if (query := tell_choice(choice, names))]


def read_names_of(session: Session, wanted: set[int]) -> dict[int, frozenset[str]]:
    """All names of these enterprises in normal form, the registered one too."""
    names: dict[int, set[str]] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        own = select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(some), Enterprise.status != Status.REMOVED)
        other = select(EnterpriseName.enterprise_id, EnterpriseName.name).where(EnterpriseName.enterprise_id.in_(some))
        for statement in (own, other):
            for enterprise_id, name in session.execute(statement):
                names.setdefault(enterprise_id, set()).add(normalise(name))
    return {enterprise_id: frozenset(found) for enterprise_id, found in names.items()}


def tell_choice(choice: LoggedChoice, names: Mapping[int, frozenset[str]]) -> Query | None:
    """A logged choice as a query; None where its firm has gone or bears exactly this name."""
    if choice.enterprise_id is None:
        return Query("logged absent", "", choice.query, choice.query, "logged", is_absent=True)
    held = names.get(choice.enterprise_id, frozenset())
    if not held or choice.query in held:
        return None
    return Query("logged", "", choice.query, min(held), "logged", held.__contains__)


def refit(names: Sequence[str], log: Sequence[Query], in_use: Pair, on: date, tell: Callable[[str], None]) -> Refit:
    """Fit on half of the firms, compare with the weights in use on the other half; nothing is stored.

    UserError in plain Chinese where there is too little to learn from.
    """
    there = [query for query in log if not query.is_absent]
    check_amount(names, there)
    tell(f"名称 {len(names)} 个，可用的选择记录 {len(there)} 条，“都不是” {len(log) - len(there)} 条")
    ground, each = lay_ground(names), max(4, min(EACH, len(names) // NAMES_A_MISTAKE))
    made = [*tell_mistakes(names, each, SEED), *tell_absent(names, each * ABSENT, SEED)]
    sieve = fit_sieve(ground, [*made[::SIEVED], *there])
    tell("正在试查……")
    trials = list(make_trials(ground, [*made, *log], sieve))
    tell(f"试查 {len(trials)} 次，正在拟合……")
    weights = fit_weights(list(repeat_logged(trials)), sieve, LOST)
    check = [trial for trial in trials if not trial.is_fit]
    before, after = ([judge(trial, used) for trial in check] for used in (in_use, weights))
    tables = {
        "fitted": {
            "on": on.isoformat(),
            "by": "chengxin fit",
            "names": len(names),
            "queries": len(trials),
            "logged": len(log),
            "figures": {name: print_score(score) for name, score in sum_up(after).items()},
        },
        **print_weights(weights),
    }
    return Refit(tables, len(there), len(log) - len(there), sum_up(before), sum_up(after))


def check_amount(names: Sequence[str], there: Sequence[Query]) -> None:
    """UserError where a fit would be chance."""
    if len(names) < LEAST_NAMES:
        raise UserError(f"名册只有 {len(names)} 个名称，不足 {LEAST_NAMES} 个，不能重新拟合，继续使用现有权重")
    if len(there) < LEAST_CHOICES:
        raise UserError(
            f"可用的选择记录只有 {len(there)} 条，不足 {LEAST_CHOICES} 条，现在拟合不可靠，继续使用现有权重；"
            "市民在公众号里选企业会自动积累记录（不含个人信息），以后再试"
        )


def repeat_logged(trials: Sequence[Trial]) -> Iterator[Trial]:
    """The trials of the fit half; those of citizens count LOGGED_WORTH times."""
    for trial in trials:
        if trial.is_fit:
            yield from [trial] * (LOGGED_WORTH if trial.query.origin == "logged" else 1)


def sum_up(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """The figures that decide."""
    logged = [outcome for outcome in outcomes if outcome.query.origin == "logged"]
    made = [outcome for outcome in outcomes if outcome.query.origin == "made"]
    groups = {
        "logged": [outcome for outcome in logged if not outcome.query.is_absent],
        "logged absent": [outcome for outcome in logged if outcome.query.is_absent],
        "made": [outcome for outcome in made if not outcome.query.is_absent],
        "made absent": [outcome for outcome in made if outcome.query.is_absent],
    }
    if len(groups["logged absent"]) < LEAST_ABSENT:
        del groups["logged absent"]
    return {name: count_up(group) for name, group in groups.items()}
