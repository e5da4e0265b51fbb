"""What the name index knows at one moment: a stored base and, in layers on top, what changed since."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, RegisterRevision, Status
from services.enterprises.features import Names, Table
from services.enterprises.names import BASIC_PLANE, normalise
from services.enterprises.postings import Numbers, Places, contains
from services.enterprises.shard import Shard, build_shard, split_texts
from services.enterprises.shelf import Base

FEW = 500  # changed enterprises that a question takes up itself, in some ten milliseconds
MOST_ON_TOP = 100_000  # more are not kept in each process, but wait for a new base
READ_ROWS = 20_000
LISTED = re.compile("(?<![非未])上市")
NOTHING: Numbers = np.zeros(0, dtype=np.uint32)


@dataclass(frozen=True)
class Layer:
    """The names of the enterprises that changed up to a revision, in place of what the layers below say of them."""

    shard: Shard
    revision: int
    rarity: Table
    touched: Numbers  # these enterprises, sorted; removed ones too. Of a base none
    owners: Numbers  # those that have names here, sorted
    is_gap: bool = False  # too much changed: it waits for a new base, and cannot be found till then


@dataclass(frozen=True)
class Edition:
    """The layers, lowest first."""

    base: Base | None
    layers: tuple[Layer, ...]

    @property
    def revision(self) -> int:
        """The register's revision up to which changes are taken up."""
        return self.layers[-1].revision if self.layers else -1

    @property
    def is_whole(self) -> bool:
        """Whether all names of that revision can be found."""
        return bool(self.layers) and not any(layer.is_gap for layer in self.layers)

    @property
    def changed_count(self) -> int:
        """How many changes lie on top of the base."""
        return sum(len(layer.touched) for layer in self.layers)

    @cached_property
    def hidden(self) -> list[Numbers]:
        """For each layer the enterprises of which a higher one speaks, sorted."""
        found = [NOTHING]
        for layer in reversed(self.layers[1:]):
            found.append(np.union1d(found[-1], layer.touched))
        return found[::-1]

    @cached_property
    def count(self) -> int:
        """How many enterprises can be found."""
        return sum(
            len(layer.owners) - int(contains(layer.owners, hidden).sum())
            for layer, hidden in zip(self.layers, self.hidden, strict=True)
        )

    @cached_property
    def rarity(self) -> Table:
        """log(names / names that hold it) for each code, in the greatest layer."""
        return max(self.layers, key=lambda layer: layer.shard.count).rarity

    def gather(self, choose: Callable[[Shard], Places]) -> list[Names]:
        """The names that `choose` finds in each layer, less those of which a higher one speaks."""
        found = []
        for layer, hidden in zip(self.layers, self.hidden, strict=True):
            if not layer.shard.count:
                continue
            documents = choose(layer.shard)
            documents = documents[~contains(hidden, layer.shard.enterprise_ids[documents])]
            if len(documents):
                found.append(names_of(layer.shard, documents))
        return found


def names_of(shard: Shard, documents: Places) -> Names:
    """These documents with what ranking needs."""
    flat, starts = shard.gather(documents)
    owners = shard.enterprise_ids[documents]
    return Names(split_texts(flat), flat, starts, owners, contains(shard.listed, owners))


def count_rarity(shard: Shard) -> Table:
    """For each code log(names / names that hold it)."""
    held = np.bincount(shard.codes, minlength=BASIC_PLANE).astype(np.float32)
    rarity = np.log((shard.count + 1) / (held + 1)).clip(0).astype(np.float32)
    rarity[ord("\n")] = 0
    return rarity


def lay_base(base: Base | None) -> Edition:
    """A base with nothing on top; without one an empty register."""
    if base is None:
        nothing = build_shard(())
        return Edition(None, (Layer(nothing, -1, count_rarity(nothing), NOTHING, NOTHING),))
    # The registered names come first, one for each enterprise, by its id.
    owners = base.shard.enterprise_ids[: base.label.enterprise_count]
    return Edition(base, (Layer(base.shard, base.label.revision, base.rarity, NOTHING, owners),))


def take_up(session: Session, edition: Edition, revision: int, most: int = MOST_ON_TOP) -> Edition:
    """The edition with what changed up to a revision on top.

    A small top layer is made anew; else all on top of the base is, in one layer; else, where that is too much, it is
    left out, and what changes from then on is on top.
    """
    base, layers = edition.layers[:1], edition.layers
    if layers[-1].revision >= revision:
        return edition
    below, few = lie_below(layers), min(FEW, most)
    if count_changed(session, below[-1].revision, few) <= few:
        return Edition(edition.base, (*below, read_layer(session, below[-1].revision, revision)))
    if count_changed(session, base[-1].revision, most) <= most:
        return Edition(edition.base, (*base, read_layer(session, base[-1].revision, revision)))
    held = [layer for layer in layers[1:2] if not layer.is_gap]
    gap = Layer(build_shard(()), revision, base[0].rarity, NOTHING, NOTHING, is_gap=True)
    return Edition(edition.base, (*base, *held, gap))


def lie_below(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers that stay when something new is taken up: all but a small one on top, which is made anew with it."""
    top = layers[-1]
    return layers[:-1] if len(layers) > 1 and not top.is_gap and len(top.touched) <= FEW else layers


def is_light(session: Session, edition: Edition) -> bool:
    """Whether so little changed that a question can take it up itself."""
    return count_changed(session, lie_below(edition.layers)[-1].revision, FEW) <= FEW


def count_changed(session: Session, after: int, most: int) -> int:
    """How many enterprises changed after a revision, counted no further than one more than `most`."""
    changed = select(Enterprise.id).where(Enterprise.revision > after).limit(most + 1)
    return session.scalar(select(func.count()).select_from(changed.subquery())) or 0


def read_layer(session: Session, after: int, revision: int) -> Layer:
    """All that changed after a revision; it is the register's state at `revision` or a moment later."""
    changed = select(Enterprise.id, Enterprise.name, Enterprise.status).where(Enterprise.revision > after)
    rows = session.execute(changed).all()
    own = [(row.id, normalise(row.name)) for row in rows if row.status is not Status.REMOVED]
    shard = build_shard([*own, *read_other_names(session, after)], read_listed(session, after))
    touched = np.unique(np.asarray([row.id for row in rows], dtype=np.uint32))
    return Layer(shard, revision, count_rarity(shard), touched, np.unique(shard.enterprise_ids))


def read_names(session: Session) -> Iterator[tuple[int, str]]:
    """Enterprise id and name in normal form: all registered names by their id, then all other names."""
    own = select(Enterprise.id, Enterprise.name).where(Enterprise.status != Status.REMOVED).order_by(Enterprise.id)
    for rows in session.execute(own.execution_options(yield_per=READ_ROWS)).partitions():
        for enterprise_id, name in rows:
            yield enterprise_id, normalise(name)
    yield from read_other_names(session, -1)


def read_other_names(session: Session, after: int) -> Iterator[tuple[int, str]]:
    """Enterprise id and each of its other names in normal form, of all touched after a revision."""
    other = (
        select(EnterpriseName.enterprise_id, EnterpriseName.name)
        .join(Enterprise)
        .where(Enterprise.revision > after, Enterprise.status != Status.REMOVED)
    )
    for rows in session.execute(other.execution_options(yield_per=READ_ROWS)).partitions():
        for enterprise_id, name in rows:
            yield enterprise_id, normalise(name)


def read_listed(session: Session, after: int = -1) -> list[int]:
    """The enterprises touched after a revision whose 企业类型 says that their shares are listed: 股份有限公司(上市)."""
    rows = session.execute(
        select(Enterprise.id, Enterprise.kind).where(Enterprise.kind.contains("上市"), Enterprise.revision > after)
    )
    return [row.id for row in rows if LISTED.search(row.kind) and "分公司" not in row.kind]


def current_revision(session: Session) -> int:
    """The register's revision; 0 for an empty register."""
    return session.scalar(select(func.max(RegisterRevision.revision))) or 0
