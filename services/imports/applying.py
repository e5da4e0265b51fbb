"""Writing a plan: one transaction for the whole file, so that a crash leaves nothing of it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.archive_words import ArchiveAction, Life, Subject
from models.database import vault_of
from models.importing import ImportChange, QuarantinedRow
from models.record import Dataset
from services.enterprises.bulk import COLUMNS, execute_many, is_sqlite, lock_revision, set_cache, spell_day
from services.imports.drafts import Terms, columns_of
from services.imports.entries import LISTS
from services.imports.planning import Added, Older, Planner, Quarantined

ROW_FIELD = "quarantined_rows.row_sealed"
EVENT_COLUMNS = ("subject subject_id enterprise_id sequence at action from_life to_life actor reason details").split()
ACTIONS = {
    Life.REPAIRED: ArchiveAction.REPAIR,
    Life.WITHDRAWN: ArchiveAction.WITHDRAW,
    Life.REMOVED: ArchiveAction.REMOVE,
}
CACHE_KB = 64 * 1024
UNSAID = "各条记录载明的单位"
# Subject's id, its firm, the step's number, action, from, to, reason.
Event = tuple[int, int, int, ArchiveAction, Life | None, Life, str]


class StaleError(Exception):
    """The archive was changed since the file was examined: examine it again."""


@dataclass
class Writer:
    """One run being written, within the caller's transaction."""

    session: Session
    terms: Terms
    actor: str  # of the steps: staff:12, source:<name>
    now: datetime
    firm_ids: dict[int, int] = field(default_factory=dict)  # place below zero → id

    @property
    def table(self) -> str:
        """Where this kind is kept."""
        return "listings" if self.terms.kind in LISTS else "records"

    @property
    def subject(self) -> Subject:
        """What this kind is."""
        return Subject.LISTING if self.terms.kind in LISTS else Subject.RECORD

    def write(self, planner: Planner) -> None:
        """The whole plan; StaleError when the archive is not as it was examined."""
        set_cache(self.session, CACHE_KB)
        try:
            self.add_firms(list(planner.firms.items()))
            for step in planner.steps:
                self.add(step.added)
                self.end(step.ended)
                self.quarantine(step.quarantined)
        except IntegrityError:
            raise StaleError from None
        self.note_blocks(sorted(planner.counts.blocks))

    def add_firms(self, firms: Sequence[tuple[str, tuple[int, str, int]]]) -> None:
        """Firms that the register did not know; what it knows of them is name and code."""
        if not firms:
            return
        revision = lock_revision(self.session, self.now)
        revision.revision, revision.changed_at = revision.revision + 1, self.now
        self.session.flush()
        ids = reserve_ids(self.session, "enterprises", len(firms))
        self.firm_ids = {place: own for own, (_, (place, _, _)) in zip(ids, firms, strict=True)}
        usual = dict.fromkeys(COLUMNS) | {
            "status": "unknown",
            "data_on": spell_day(self.terms.data_on),
            "revision": revision.revision,
        }
        rows = [
            (own, *(usual | {"name": name, "name_hash": name_hash, "credit_code": code}).values())
            for own, (code, (_, name, name_hash)) in zip(ids, firms, strict=True)
        ]
        insert_many(self.session, "enterprises", ("id", *COLUMNS), rows)
        self.note_changes([(None, own, {}) for own in ids])

    def add(self, added: Sequence[Added]) -> None:
        """New records and new versions, with the first step of their life."""
        if not added:
            return
        names = columns_of(self.terms.kind)
        at = names.index("enterprise_id")
        ids = reserve_ids(self.session, self.table, len(added))
        rows: list[tuple[Any, ...]] = []
        events: list[Event] = []
        for own, one in zip(ids, added, strict=True):
            owner = self.firm_ids.get(one.enterprise, one.enterprise)
            rows.append((own, *one.values[:at], owner, *one.values[at + 1 :]))
            events.append((own, owner, 1, ArchiveAction.IMPORT, None, one.life, one.reason))
        insert_many(self.session, self.table, ("id", *names), rows)
        replaced = [one.older for one in added if one.older]
        self.step_on([(one, Life.CORRECTED, None) for one in replaced])
        events += [
            (
                one.id,
                one.enterprise_id,
                one.sequence + 1,
                ArchiveAction.CORRECT,
                one.life,
                Life.CORRECTED,
                "导入了新版本",
            )
            for one in replaced
        ]
        self.add_events(events)

    def end(self, ended: Sequence[Older]) -> None:
        """Records that are repaired, withdrawn or removed: out of sight with the commit."""
        steps = [(one, one.end.life, one.end) for one in ended if one.end]
        self.step_on(steps)
        self.add_events(
            [
                (one.id, one.enterprise_id, one.sequence + 1, ACTIONS[life], one.life, life, end.reason)
                for one, life, end in steps
                if end
            ]
        )

    def step_on(self, steps: Sequence[tuple[Older, Life, Any]]) -> None:
        """Change where these stand; each must stand as it was examined."""
        if not steps:
            return
        rows = [
            (life.value, spell_day(end.on) if end else None, end.reason[:100] if end else None, one.id, one.life.value)
            for one, life, end in steps
        ]
        changed = execute_counted(
            self.session,
            f"UPDATE {self.table} SET life = ?, withdrawn_on = ?, withdrawn_reason = ? WHERE id = ? AND life = ?",  # noqa: S608
            rows,
        )
        if changed != len(rows):
            raise StaleError
        self.note_changes(
            [(self.subject, one.id, {"life": one.life.value, "after": life.value}) for one, life, _ in steps]
        )

    def add_events(self, events: Iterable[Event]) -> None:
        """Steps in the history, many at once."""
        moment = spell_moment(self.session, self.now)
        details = json.dumps({"run": self.terms.run_id})
        rows = [
            (self.subject.value, own, owner, number, moment, action.value, before and before.value, after.value,
             self.actor, reason, details)
            for own, owner, number, action, before, after, reason in events
        ]  # fmt: skip
        insert_many(self.session, "archive_events", EVENT_COLUMNS, rows)

    def note_changes(self, changes: Sequence[tuple[Subject | None, int, dict[str, Any]]]) -> None:
        """What was there before, for undoing."""
        rows = [
            {"run_id": self.terms.run_id, "subject": subject, "subject_id": own, "before": before}
            for subject, own, before in changes
        ]
        if rows:
            self.session.execute(insert(ImportChange), rows)

    def quarantine(self, rows: Sequence[Quarantined]) -> None:
        """Rows that wait for a clerk, sealed."""
        vault = vault_of(self.session)
        made = [
            {
                "run_id": self.terms.run_id,
                "kind": self.terms.kind,
                "row_number": one.entry.number,
                "reason": one.reason,
                "name": one.entry.name[:200],
                "code": one.entry.code,
                "key_hash": one.key_hash,
                "row_sealed": vault.seal(json.dumps(one.entry.cells), ROW_FIELD),
                "decision_reason": "",
            }
            for one in rows
        ]
        if made:
            self.session.execute(insert(QuarantinedRow), made)

    def note_blocks(self, blocks: Sequence[str]) -> None:
        """The data dates of what was collected; an older file does not turn them back."""
        for block in blocks:
            known = self.session.get(Dataset, block)
            if known is None:
                known = Dataset(block=block, source_unit=UNSAID, data_on=self.terms.data_on)
                self.session.add(known)
            if known.data_on <= self.terms.data_on:
                known.data_on = self.terms.data_on
                known.source_unit = self.terms.source_unit or known.source_unit
                known.fresh_days = self.terms.fresh_days or known.fresh_days


def reserve_ids(session: Session, table: str, count: int) -> list[int]:
    """Ids for rows that are about to be inserted; on SQLite the transaction holds the only pen."""
    if is_sqlite(session):
        last = session.scalar(text(f"SELECT max(id) FROM {table}")) or 0  # noqa: S608 - names of ours
        return list(range(last + 1, last + 1 + count))
    drawn = select(func.nextval(func.pg_get_serial_sequence(table, "id"))).select_from(
        func.generate_series(1, count).alias()
    )
    return sorted(session.scalars(drawn))


def insert_many(session: Session, table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Plain tuples past the ORM: a tenth of its time."""
    marks = ", ".join("?" * len(columns))
    execute_many(session, f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608


def execute_counted(session: Session, statement: str, rows: list[tuple[Any, ...]]) -> int:
    """execute_many that says how many rows were changed."""
    marked = statement if is_sqlite(session) else statement.replace("?", "%s")
    return int(session.connection().exec_driver_sql(marked, rows).rowcount)


def spell_moment(session: Session, now: datetime) -> str:
    """A moment as the column keeps it: SQLite's are UTC without saying so."""
    utc = now.astimezone(UTC)
    return utc.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite(session) else utc.isoformat()
