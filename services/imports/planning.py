"""What a file would change, worked out before anything is written: the plan lies on disk, however long the file."""

import hashlib
import json
import pickle
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.archive_words import Life, Subject
from models.importing import QuarantinedRow, QuarantineReason, QuarantineState
from services.enterprises.cells import clean_text
from services.enterprises.codes import CREDIT_CODE, check_credit_codes
from services.enterprises.sheets import Row
from services.imports.cells import mask_numbers
from services.imports.drafts import Terms, columns_of, find_missing, spell, write_new
from services.imports.entries import LISTS, End, Entry, Sheetwide
from services.imports.faults import PERSON, TOO_MANY_CELLS, Fault, Quality
from services.imports.fields import Field
from services.imports.headings import Columns
from services.imports.known import OBJECTED, Identity, Known, Verdict, identity_of, judge, last_sequences, load_known
from services.imports.matching import Match, load_firms, match
from services.imports.understanding import understand
from services.imports.words import QUARANTINE_WORDS

MOST_NOTED = 20  # drafts whose missing items are named one by one


@dataclass
class Added:
    """A new record or listing; `enterprise` below zero: the firm of Plan.firms with that place."""

    enterprise: int
    life: Life
    values: tuple[Any, ...]
    older: "Older | None" = None
    reason: str = ""


@dataclass
class Older:
    """What is there already, as it was when the file was examined."""

    id: int
    enterprise_id: int
    life: Life
    sequence: int  # of its last step
    end: End | None = None


@dataclass
class Quarantined:
    """A row whose firm nobody knows for certain."""

    entry: Entry
    reason: QuarantineReason
    key_hash: bytes


@dataclass
class Step:
    """What one batch of rows does."""

    added: list[Added] = field(default_factory=list)
    ended: list[Older] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)


@dataclass
class Returned:
    """A row that goes back, its columns about persons left out."""

    number: int
    cells: list[str]
    reason: str
    is_waiting: bool = False  # it lies in quarantine instead, unless nothing is written


@dataclass
class Counts:
    """What the rows come to."""

    rows: int = 0
    added: int = 0
    revised: int = 0
    ended: int = 0
    drafts: int = 0
    unchanged: int = 0
    refused: int = 0
    quarantined: int = 0
    masked: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    kept: Counter[Verdict] = field(default_factory=Counter)  # unchanged, by why
    blocks: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)


class Spool:
    """Things written one after the other and read back from the beginning; gone with the process."""

    def __init__(self) -> None:
        self.file = TemporaryFile()  # noqa: SIM115 - closed by its owner

    def put(self, thing: object) -> None:
        """Add one."""
        pickle.dump(thing, self.file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Any]:
        self.file.flush()
        self.file.seek(0)
        while True:
            try:
                yield pickle.load(self.file)  # noqa: S301 - written by this process a moment ago
            except EOFError:
                return


class Planner:
    """Examines a file batch by batch; afterwards `steps`, `returned`, `firms` and `counts` say what it comes to."""

    def __init__(self, terms: Terms, columns: Columns) -> None:
        self.terms, self.columns = terms, columns
        is_new = Field.CERTIFICATE in columns.places
        self.sheet = Sheetwide(terms.kind, terms.today, columns.units, is_new=is_new)
        self.steps, self.returned, self.counts = Spool(), Spool(), Counts()
        self.firms: dict[str, tuple[int, str, int]] = {}  # code → place below zero, name, hash of the name
        self.seen: dict[int, int] = {}  # hash of what makes a record the same → its first row
        self.subject = Subject.LISTING if terms.kind in LISTS else Subject.RECORD
        self.names = columns_of(terms.kind)
        self.present: set[int] = set()  # what is there already and a row is about
        self.unclear: list[Entry] = []  # of the last batch: with faults, or whose firm nobody knows

    def examine(self, session: Session, rows: Sequence[Row]) -> None:
        """A batch; reads only."""
        self.sheet = replace(self.sheet, issued=self.issued_codes(rows))
        entries = [self.read(row) for row in rows if self.says_something(row)]
        good = [entry for entry in entries if not entry.faults]
        firms = load_firms(session, good)
        matches = [match(entry, firms) for entry in good]
        known = load_known(session, self.terms.kind, [one.enterprise_id for one in matches if one.enterprise_id])
        sequences = last_sequences(session, self.subject, [one.row.id for one in known.values()])
        step = Step()
        for entry, found in zip(good, matches, strict=True):
            self.place(entry, found, known, sequences, step)
        cells = {row[0]: row[1] for row in rows}
        self.quarantine(session, good, matches, cells, step)
        for entry in entries:
            if entry.faults:
                self.refuse(entry, cells[entry.number])
        self.steps.put(step)
        lost = [entry for entry, found in zip(good, matches, strict=True) if found.reason is not None]
        self.unclear = [*lost, *(entry for entry in entries if entry.faults)]

    def issued_codes(self, rows: Sequence[Row]) -> frozenset[str]:
        """The codes of a batch that are right: checked all at once, at a twentieth of the time."""
        place = self.columns.places.get(Field.CREDIT_CODE)
        if place is None:
            return frozenset()
        cells = {row[1][place].strip() for row in rows if place < len(row[1])}
        codes = [cell for cell in cells if CREDIT_CODE.fullmatch(cell)]
        return frozenset(code for code, right in zip(codes, check_credit_codes(codes).issued, strict=True) if right)

    def says_something(self, row: Row) -> bool:
        """Neither blank nor the headings once more."""
        return any(map(str.strip, row[1])) and [cell.strip() for cell in row[1]] != list(self.columns.headings)

    def read(self, row: Row) -> Entry:
        """One row, understood; what stands under headings about persons is counted and left."""
        number, cells = row
        width = len(cells)
        for place in self.columns.personal:
            if place < width and clean_text(cells[place]):
                self.counts.dropped[self.columns.headings[place]] += 1
        said = {one: cells[place] for one, place in self.columns.places.items() if place < width}
        entry = understand(number, said, self.sheet)
        if any(map(str.strip, cells[len(self.columns.headings) :])):
            entry.faults.append(TOO_MANY_CELLS)
        self.counts.rows += 1
        self.counts.masked += entry.masked_count
        return entry

    def place(
        self, entry: Entry, found: Match, known: dict[Identity, Known], sequences: dict[int, int], step: Step
    ) -> None:
        """What becomes of a row whose firm is known or new."""
        if found.reason is not None:
            return
        owner = found.enterprise_id or self.firm_of(entry)
        identity = identity_of(owner, entry.said)
        held = known.get(identity) or (known.get(Identity(owner, identity.number, "")) if entry.end else None)
        verdict = judge(entry, held, self.terms.data_on)
        self.present |= {held.row.id} if held else set()
        if not self.is_first(identity, entry):
            return
        if verdict is Verdict.OBJECTED:
            entry.faults.append(OBJECTED)
        elif verdict in {Verdict.ADD, Verdict.REVISE}:
            newest = held if verdict is Verdict.REVISE else None
            self.add(entry, owner, newest, self.older(newest, sequences) if newest else None, step)
        elif verdict is Verdict.END and held:
            step.ended.append(self.older(held, sequences, entry.end))
            self.counts.ended += 1
        else:
            self.counts.kept[verdict] += 1
            self.counts.unchanged += 1
        if not entry.faults:
            self.counts.blocks.add(entry.type or self.terms.kind.value)

    def add(self, entry: Entry, owner: int, held: Known | None, older: Older | None, step: Step) -> None:
        """A new record, or the next version of one."""
        row = write_new(entry, self.terms, owner, held.row._asdict() if held else None)
        reason = ""
        if row["life"] is Life.DRAFT:
            reason = f"缺：{'、'.join(find_missing(row, self.terms.rules))}"
            self.counts.drafts += 1
            if len(self.counts.missing) < MOST_NOTED:
                self.counts.missing.append(f"第 {entry.number} 行 {entry.name}：{reason}")
        step.added.append(Added(owner, row["life"], spell(row, self.names), older, reason))
        self.counts.revised += held is not None
        self.counts.added += held is None

    def older(self, held: Known, sequences: dict[int, int], end: End | None = None) -> Older:
        """What is there, for the step that ends or replaces it."""
        row = held.row
        return Older(row.id, row.enterprise_id, held.life, sequences.get(row.id, 0), end)

    def firm_of(self, entry: Entry) -> int:
        """The place of a firm that the register does not know yet; below zero."""
        known = self.firms.setdefault(entry.code, (-len(self.firms) - 1, entry.name, entry.name_hash))
        return known[0]

    def quarantine(
        self,
        session: Session,
        good: Sequence[Entry],
        matches: Sequence[Match],
        cells: Mapping[int, list[str]],
        step: Step,
    ) -> None:
        """Rows without a firm; one that lies or lay in quarantine already is not put there again."""
        waiting: dict[bytes, tuple[Entry, QuarantineReason]] = {}
        for entry, found in zip(good, matches, strict=True):
            if found.reason is not None and self.is_first(key_hash := self.hash_row(entry), entry):
                waiting[key_hash] = entry, found.reason
        asked = select(QuarantinedRow.key_hash).where(
            QuarantinedRow.key_hash.in_(list(waiting)), QuarantinedRow.state != QuarantineState.UNDONE
        )
        there = set(session.scalars(asked)) if waiting else set()
        for key_hash, (entry, reason) in waiting.items():
            if key_hash in there:
                self.counts.unchanged += 1
            else:
                step.quarantined.append(Quarantined(entry, reason, key_hash))
                self.counts.quarantined += 1
                self.give_back(entry, cells[entry.number], QUARANTINE_WORDS[reason], is_waiting=True)

    def is_first(self, key: object, entry: Entry) -> bool:
        """The first row of the file to say this; a later one is refused."""
        first = self.seen.setdefault(hash(key), entry.number)
        if first != entry.number:
            words = f"与本文件第 {first} 行的文号、相对人和机关相同，以前面为准"
            entry.faults.append(Fault(Quality.ACCURATE, words))
        return first == entry.number

    def hash_row(self, entry: Entry) -> bytes:
        """Of everything the row says."""
        said = json.dumps([self.terms.kind, entry.cells], sort_keys=True)
        return hashlib.sha256(said.encode()).digest()

    def refuse(self, entry: Entry, cells: Sequence[str]) -> None:
        """Send a row back with everything that is wrong with it."""
        self.counts.refused += 1
        self.counts.faults.update({plain_words(fault.words) for fault in entry.faults})
        self.give_back(entry, cells, "；".join(dict.fromkeys(fault.words for fault in entry.faults)))

    def give_back(self, entry: Entry, cells: Sequence[str], reason: str, *, is_waiting: bool = False) -> None:
        """One row of the sheet that goes back; numbers of persons and names of natural persons are masked."""
        kept = [mask_numbers(cells[place])[0] if place < len(cells) else "" for place in self.columns.kept_places]
        if PERSON in entry.faults:
            at = self.columns.kept_places.index(self.columns.places[Field.NAME])
            kept[at] = f"{kept[at].strip()[:1]}**"
        self.returned.put(Returned(entry.number, kept, reason, is_waiting))

    def close(self) -> None:
        """Give back the disk."""
        self.steps.file.close()
        self.returned.file.close()


def plain_words(words: str) -> str:
    """The words without the number of another row, for counting."""
    return "与本文件前面某行的文号、相对人和机关相同，以前面为准" if words.startswith("与本文件第") else words
