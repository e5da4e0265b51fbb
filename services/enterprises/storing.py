"""Entries into the register: new, changed, renamed or as they were, within the caller's transaction."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, any_, delete, exists, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.enterprise import Enterprise, EnterpriseName, NameKind, Status
from services.enterprises.bulk import COLUMNS, VALUES, insert_rows, is_sqlite, lock_revision, note_seen, update_rows
from services.enterprises.entries import Entry, Refusal, Refused
from services.enterprises.names import hash_name, normalise

KNOWN = select(*(getattr(Enterprise, column) for column in ("id", *COLUMNS)))
PROVINCE, STATUS = VALUES.index("province"), VALUES.index("status")

Known = Row[Any]  # a row of KNOWN
OtherNames = tuple[tuple[NameKind, str], ...]


@dataclass
class Stored:
    """What became of a batch; each row counts once."""

    added_count: int = 0
    renamed_count: int = 0
    updated_count: int = 0
    unchanged_count: int = 0
    outdated_count: int = 0  # left alone: the register holds newer data of these enterprises
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class Match:
    """An entry and the enterprise it speaks of; without authority it only fills gaps."""

    entry: Entry
    known: Known
    has_authority: bool = True

    @property
    def is_renaming(self) -> bool:
        """The names differ in more than width, brackets and spaces."""
        return self.entry.name != self.known.name and self.entry.key != normalise(self.known.name)

    @property
    def other_names(self) -> OtherNames:
        """Other names to remember: those of the row, and the name that is given up."""
        given_up = ((NameKind.FORMER, self.known.name),) if self.is_renaming else ()
        return (*given_up, *self.entry.other_names)

    def is_outdated(self, data_on: date) -> bool:
        """The register holds newer data; a code is welcome all the same."""
        return self.has_authority and self.known.data_on > data_on and self.known.credit_code == self.entry.credit_code

    def merge(self) -> tuple[Any, ...]:
        """Name, hash, code and values as they shall be."""
        known = tuple(self.known[1 : 4 + len(VALUES)])
        if not self.has_authority:
            fresh = (None, None, None, *self.entry.values)
            return tuple(
                new if old in {None, Status.UNKNOWN} and new is not None else old
                for old, new in zip(known, fresh, strict=True)
            )
        fresh = (self.entry.name, self.entry.name_hash, self.entry.credit_code, *self.entry.values)
        return tuple(old if new is None else new for old, new in zip(known, fresh, strict=True))


def store(session: Session, entries: Sequence[Entry], data_on: date, now: datetime) -> Stored:
    """Bring the register to what the entries say of `data_on`; no two of them may mean the same enterprise.

    Rows with a code go first: a row without one may mean an enterprise that another row of the batch names.
    """
    stored = Stored()
    revision = lock_revision(session, now)
    number = revision.revision + 1
    for match_all, chosen in (
        (match_coded, [entry for entry in entries if entry.credit_code]),
        (match_codeless, [entry for entry in entries if not entry.credit_code]),
    ):
        matches, new = match_all(session, chosen, stored)
        add(session, new, data_on, number)
        stored.added_count += len(new)
        settle(session, matches, data_on, number, stored)
    if stored.added_count or stored.renamed_count or stored.updated_count:
        revision.revision, revision.changed_at = number, now
    return stored


def among(session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """column IN values, with all of them in one parameter."""
    if is_sqlite(session):
        listed = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(literal(list(values), ARRAY(column.type)))


def match_coded(
    session: Session,
    entries: Sequence[Entry],
    stored: Stored,  # noqa: ARG001
) -> tuple[list[Match], list[Entry]]:
    """Enterprises with these codes, or bearing the name without a code so far; and entries of new ones."""
    if not entries:
        return [], []
    codes = [entry.credit_code for entry in entries]
    known = {
        row.credit_code: row for row in session.execute(KNOWN.where(among(session, Enterprise.credit_code, codes)))
    }
    waiting = find_codeless(session, [entry for entry in entries if entry.credit_code not in known])
    matches, new = [], []
    for entry in entries:
        row = known.get(entry.credit_code)
        if row is None and entry.key in waiting and len(same := compatible(entry, waiting[entry.key])) == 1:
            row = same[0]
            waiting[entry.key].remove(row)
        if row is None:
            new.append(entry)
        else:
            matches.append(Match(entry, row))
    return matches, new


def find_codeless(session: Session, entries: Sequence[Entry]) -> dict[str, list[Known]]:
    """Enterprises without a code that bear the entries' names, by normalised name."""
    without_code = Enterprise.credit_code.is_(None)
    if not entries or not session.scalar(select(exists().where(without_code))):
        return {}
    return find_by_name(session, entries, without_code)


def find_by_name(
    session: Session, entries: Sequence[Entry], *conditions: ColumnElement[bool]
) -> dict[str, list[Known]]:
    """Enterprises that bear the entries' names, by normalised name."""
    found = defaultdict(list)
    hashes = [entry.name_hash for entry in entries]
    for row in session.execute(KNOWN.where(among(session, Enterprise.name_hash, hashes), *conditions)):
        found[normalise(row.name)].append(row)
    return found


def compatible(entry: Entry, rows: Iterable[Known]) -> list[Known]:
    """Those not in another province; 浙江 and 浙江省 are one."""
    province = str(entry.values[PROVINCE] or "")[:2]
    return [row for row in rows if not (province and row.province and row.province[:2] != province)]


def match_codeless(session: Session, entries: Sequence[Entry], stored: Stored) -> tuple[list[Match], list[Entry]]:
    """The one enterprise that bears the name, and entries of new ones; refuses where several do."""
    if not entries:
        return [], []
    namesakes = find_by_name(session, entries)
    matches, new = [], []
    for entry in entries:
        rows = namesakes.get(entry.key, [])
        same = compatible(entry, rows)
        if not rows:
            new.append(entry)
        elif len(same) != 1:
            stored.refused.append(Refused(entry.row, Refusal.SAME_NAME))
        elif same[0].credit_code is None:
            matches.append(Match(entry, same[0]))
        elif same[0].status is Status.UNKNOWN or entry.values[STATUS] in {None, same[0].status}:
            matches.append(Match(entry, same[0], has_authority=False))
        else:
            stored.refused.append(Refused(entry.row, Refusal.CODE_NEEDED))
    return matches, new


def add(session: Session, entries: Sequence[Entry], data_on: date, number: int) -> None:
    """New enterprises with their other names."""
    rows = ((entry.name, entry.name_hash, entry.credit_code, *entry.values) for entry in entries)
    insert_rows(session, rows, data_on, number)
    named = [entry for entry in entries if entry.other_names]
    if named:
        keys = {(entry.name_hash, entry.credit_code): entry for entry in named}
        hashes = [entry.name_hash for entry in named]
        rows_of = session.execute(KNOWN.where(among(session, Enterprise.name_hash, hashes)))
        add_names(
            session,
            [
                Match(keys[row.name_hash, row.credit_code], row)
                for row in rows_of
                if (row.name_hash, row.credit_code) in keys
            ],
        )


def settle(session: Session, matches: Sequence[Match], data_on: date, number: int, stored: Stored) -> None:
    """Write what differs from what is known, and count."""
    current = [match for match in matches if not match.is_outdated(data_on)]
    stored.outdated_count += len(matches) - len(current)
    newly_named = add_names(session, [match for match in current if match.other_names])
    changed, seen = [], []
    for match in current:
        merged = match.merge()
        if match.known.id in newly_named or merged != tuple(match.known[1 : 1 + len(merged)]):
            changed.append((match.known.id, merged))
            stored.renamed_count += match.is_renaming
            stored.updated_count += not match.is_renaming
        else:
            stored.unchanged_count += 1
            if match.has_authority and match.known.data_on < data_on:
                seen.append(match.known.id)
    update_rows(session, changed, data_on, number)
    note_seen(session, seen, data_on)


def add_names(session: Session, matches: Sequence[Match]) -> set[int]:
    """Remember other names not yet known; the ids of enterprises that got or lost one.

    A name that is borne again is no former name any more.
    """
    if not matches:
        return set()
    ids = [match.known.id for match in matches]
    known: dict[int, dict[tuple[NameKind, int], int]] = defaultdict(dict)
    for row in session.execute(
        select(EnterpriseName.id, EnterpriseName.enterprise_id, EnterpriseName.kind, EnterpriseName.name_hash).where(
            among(session, EnterpriseName.enterprise_id, ids)
        )
    ):
        known[row.enterprise_id][row.kind, row.name_hash] = row.id
    new: list[dict[str, Any]] = []
    borne_again: list[tuple[int, int]] = []
    for match in matches:
        mine = known[match.known.id]
        if match.has_authority and (stale := mine.pop((NameKind.FORMER, match.entry.name_hash), None)):
            borne_again.append((match.known.id, stale))
        for kind, name in match.other_names:
            key = kind, hash_name(name)
            if key not in mine and key[1] != match.entry.name_hash:
                mine[key] = 0
                new.append({"enterprise_id": match.known.id, "kind": kind, "name": name, "name_hash": key[1]})
    if new:
        session.execute(insert(EnterpriseName), new)
    if borne_again:
        session.execute(delete(EnterpriseName).where(EnterpriseName.id.in_([row for _, row in borne_again])))
    return {row["enterprise_id"] for row in new} | {enterprise_id for enterprise_id, _ in borne_again}
