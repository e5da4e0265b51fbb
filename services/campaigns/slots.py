"""Who gets which of the month's slots: the law first, then the bureau, then whoever had none longest (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from models.send_words import WishKind
from services.calendar.working_days import SHANGHAI

RANK = {WishKind.LEGAL: 0, WishKind.BUREAU: 1, WishKind.ASSOCIATION: 2}
NEVER = date(1900, 1, 1)


@dataclass(frozen=True)
class Wish:
    """An article that wants to go out on one of these days."""

    id: int
    kind: WishKind
    association_id: int | None
    wanted_from: date
    wanted_until: date
    asked_at: datetime


@dataclass
class Slot:
    """An hour of the month; `taken`: articles that are in it already."""

    at: datetime
    taken: int = 0
    wishes: list[Wish] = field(default_factory=list)

    def has_room(self, most: int) -> bool:
        """One more article may be merged into it."""
        return self.taken + len(self.wishes) < most


@dataclass(frozen=True)
class Plan:
    """Which wish goes where; `left` found no room on any of their days."""

    slots: list[Slot]
    left: list[Wish]


def plan_slots(
    slots: Iterable[Slot], wishes: Sequence[Wish], last_turns: Mapping[int, date], most_articles: int
) -> Plan:
    """Give out the slots.

    One wish after another: notices of the law, the bureau's own, then associations, each time the one whose
    last turn is longest ago (never: first of all), then whoever asked first. A wish takes the earliest slot on
    its days with room for one more article.
    """
    turns, waiting, left = dict(last_turns), list(wishes), []
    filled = sorted(slots, key=lambda slot: slot.at)
    while waiting:
        wish = min(waiting, key=lambda one: order(one, turns))
        waiting.remove(wish)
        slot = next((one for one in filled if fits(one, wish) and one.has_room(most_articles)), None)
        if slot is None:
            left.append(wish)
            continue
        slot.wishes.append(wish)
        if wish.association_id is not None:
            turns[wish.association_id] = max(turns.get(wish.association_id, NEVER), day_of(slot))
    return Plan(filled, left)


def order(wish: Wish, turns: Mapping[int, date]) -> tuple[int, date, datetime, int]:
    """Lower goes first."""
    turn = turns.get(wish.association_id, NEVER) if wish.association_id is not None else NEVER
    return RANK[wish.kind], turn, wish.asked_at, wish.id


def fits(slot: Slot, wish: Wish) -> bool:
    """The slot lies on one of the wish's days."""
    return wish.wanted_from <= day_of(slot) <= wish.wanted_until


def day_of(slot: Slot) -> date:
    """The slot's day in China."""
    return slot.at.astimezone(SHANGHAI).date()
