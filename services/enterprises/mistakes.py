"""The kinds of mistakes that citizens make with a firm's name, and seeded samples of them from any register's names."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.enterprises import retelling, slips
from services.enterprises.parts import split_name
from services.enterprises.retelling import (
    BRAND,
    CORE,
    NO_FORM,
    NO_REGION,
    REGION_BRAND,
    SAID,
    WHOLE,
    Cut,
    open_stock,
    take_apart,
)

MOST_TRIES = 50  # names tried for each query that a kind is to make


@dataclass(frozen=True)
class Kind:
    """A kind of mistake: what it is akin to, what it does, and how much of a name is said with it."""

    family: str  # kinds of one family teach each other; they are held out together
    spoil: retelling.Spoil
    cuts: tuple[Cut, ...] = SAID


KINDS: dict[str, Kind] = {
    "no_region": Kind("left out", retelling.say, (NO_REGION,)),
    "no_form": Kind("left out", retelling.say, (NO_FORM,)),
    "core": Kind("left out", retelling.say, (CORE,)),
    "region_brand": Kind("left out", retelling.say, (REGION_BRAND,)),
    "brand": Kind("left out", retelling.say, (BRAND,)),
    "start": Kind("left out", retelling.start_name, (WHOLE,)),
    "homophone": Kind("sound", retelling.slip(slips.write_homophone)),
    "dialect": Kind("sound", retelling.slip(slips.write_dialect)),
    "voice": Kind("sound", retelling.slip(slips.hear), (WHOLE, WHOLE, NO_REGION)),
    "lookalike": Kind("shape", retelling.slip(slips.write_lookalike)),
    "lost": Kind("order", retelling.slip(slips.lose_one)),
    "lost_run": Kind("run", retelling.slip_in_core(slips.lose_run), (WHOLE, WHOLE, NO_REGION, NO_FORM)),
    "added": Kind("order", retelling.slip(slips.add_one)),
    "doubled": Kind("order", retelling.slip(slips.double_one)),
    "swapped": Kind("order", retelling.slip(slips.swap_neighbours)),
    "two_slips": Kind("two", retelling.slip(slips.slip_twice)),
    "unrelated": Kind("unrelated", retelling.slip(slips.write_unrelated)),
    "unrelated_in_brand": Kind(
        "unrelated", retelling.slip_in_brand(slips.write_unrelated), (WHOLE, WHOLE, NO_REGION, NO_FORM)
    ),
    "lost_in_brand": Kind("brand", retelling.slip_in_brand(slips.lose_one), (WHOLE, WHOLE, NO_REGION, NO_FORM)),
    "added_in_brand": Kind("brand", retelling.slip_in_brand(slips.add_one)),
    "wrong_word_of_trade": Kind("trade", retelling.mistake_industry, (WHOLE, WHOLE, NO_REGION, NO_FORM, CORE)),
    "wrong_trade": Kind("trade", retelling.change_industry, (WHOLE, NO_REGION, NO_FORM, CORE, CORE)),
    "similar_trade": Kind("trade", retelling.vary_industry, (WHOLE, NO_REGION, NO_FORM, CORE)),
    "no_trade": Kind("trade left out", retelling.drop_industry, (WHOLE, WHOLE, NO_REGION)),
    "added_trade": Kind("trade left out", retelling.add_industry),
    "trade_first": Kind("turned", retelling.move_industry),
    "wrong_form": Kind("form", retelling.change_form, (WHOLE, WHOLE, NO_REGION)),
    "short_form": Kind("form", retelling.shorten_form, (WHOLE, NO_REGION)),
    "added_branch": Kind("branch", retelling.add_branch, (WHOLE, NO_REGION)),
    "moved_region": Kind("region", retelling.move_region, (WHOLE, WHOLE, NO_FORM)),
    "wrong_region": Kind("region", retelling.change_region, (WHOLE, NO_FORM)),
    "rewritten_region": Kind("region", retelling.rewrite_region, (WHOLE, WHOLE, NO_FORM)),
    "abbreviation": Kind("short", retelling.abbreviate, (WHOLE,)),
    "contraction": Kind("short", retelling.contract, (WHOLE,)),
    "digits": Kind("digits", retelling.slip_in_brand(slips.change_digits)),
}


@dataclass(frozen=True)
class Mistake:
    """A query with a mistake of one kind, and the name that was meant."""

    kind: str
    query: str
    name: str
    cut: Cut

    def is_meant(self, name: str) -> bool:
        """Whether a name is as right as the one meant: it has the same parts, or those that were said."""
        if name == self.name or self.cut == WHOLE:
            return name == self.name
        said = str(take_apart(split_name(name)).keep(self.cut))
        return said in (self.query, str(take_apart(split_name(self.name)).keep(self.cut)))


def make_mistakes(names: Sequence[str], each: int, seed: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[Mistake]:
    """`each` mistakes of every kind with names in normal form, fewer where a kind fits few names; the same by seed."""
    chance = random.Random(seed)  # noqa: S311 - the same mistakes each time
    stock = open_stock(names, chance)
    known = frozenset(names)
    for kind in kinds:
        made = 0
        for _ in range(each * MOST_TRIES):
            if made == each:
                break
            name = chance.choice(names)
            cut = chance.choice(KINDS[kind].cuts)
            whole = take_apart(split_name(name))
            said = whole.keep(cut)
            query = KINDS[kind].spoil(said, stock)
            # What is another firm's name, or no name at all, is no mistake to learn from.
            before = str(whole) if KINDS[kind].spoil is retelling.say else str(said)
            if len(query) >= 2 and query not in (name, before) and query not in known:
                made += 1
                yield Mistake(kind, query, name, cut)
