"""Whose record a row is: by code, else by the one firm that bears exactly this name, else nobody's for certain."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, Status
from models.importing import QuarantineReason
from services.enterprises.codes import is_valid
from services.enterprises.names import normalise
from services.enterprises.parts import split_name
from services.enterprises.storing import among
from services.imports.entries import Entry

CREDIT_CODE_LENGTH = 18
FIRM = select(Enterprise.id, Enterprise.name, Enterprise.credit_code).where(Enterprise.status != Status.REMOVED)


class Firm(NamedTuple):
    """What is compared of a firm of the register."""

    id: int
    name: str
    credit_code: str | None


@dataclass
class Firms:
    """What the register says of the firms of a batch."""

    by_code: dict[str, Firm] = field(default_factory=dict)
    by_name: dict[str, list[Firm]] = field(default_factory=lambda: defaultdict(list))  # by normalised name
    former: set[tuple[int, int]] = field(default_factory=set)  # enterprise and hash of another name of it


@dataclass(frozen=True)
class Match:
    """The firm of a row; or that it is to be added; or why nobody knows."""

    enterprise_id: int | None = None
    is_new: bool = False
    reason: QuarantineReason | None = None


def load_firms(session: Session, entries: Sequence[Entry]) -> Firms:
    """The firms that these rows could mean, in three queries."""
    firms = Firms()
    codes = {entry.code for entry in entries if entry.is_code_right}
    if codes:
        for row in session.execute(FIRM.where(among(session, Enterprise.credit_code, codes))):
            firms.by_code[row.credit_code or ""] = Firm(*row)
    hashes = {entry.name_hash for entry in entries if entry.code not in firms.by_code}
    if hashes:
        for row in session.execute(FIRM.where(among(session, Enterprise.name_hash, hashes))):
            firms.by_name[normalise(row.name)].append(Firm(*row))
    others = [firm.id for firm in firms.by_code.values()]
    if others:
        names = select(EnterpriseName.enterprise_id, EnterpriseName.name_hash)
        for owner, name_hash in session.execute(names.where(among(session, EnterpriseName.enterprise_id, others))):
            firms.former.add((owner, name_hash))
    return firms


def match(entry: Entry, firms: Firms) -> Match:
    """The firm, never by likeness. A code that belongs to a firm of quite another name is not believed."""
    known = firms.by_code.get(entry.code) if entry.is_code_right else None
    if known is not None:
        return Match(known.id) if bears(entry, known, firms) else Match(reason=QuarantineReason.NAME_DIFFERS)
    namesakes = firms.by_name.get(entry.key, [])
    if entry.code:
        return match_new_code(entry, namesakes)
    if len(namesakes) == 1:
        return Match(namesakes[0].id)
    return Match(reason=QuarantineReason.SAME_NAME if namesakes else QuarantineReason.UNKNOWN)


def match_new_code(entry: Entry, namesakes: Sequence[Firm]) -> Match:
    """A code that the register does not hold: of a firm that had none so far, of a new one, or a slip."""
    if not entry.is_code_right:
        return Match(reason=QuarantineReason.CODE_WRONG)
    if len(namesakes) == 1 and namesakes[0].credit_code is None:
        return Match(namesakes[0].id)
    if namesakes:
        return Match(reason=QuarantineReason.NAME_DIFFERS)
    is_new = entry.is_legal and len(entry.code) == CREDIT_CODE_LENGTH and is_valid(entry.code)
    return Match(is_new=True) if is_new else Match(reason=QuarantineReason.UNKNOWN)


def bears(entry: Entry, known: Firm, firms: Firms) -> bool:
    """The firm bears or bore this name, or its 字号 and 行业 are the same: 有限公司 is written for 有限责任公司."""
    key = normalise(known.name)
    if key == entry.key or (known.id, entry.name_hash) in firms.former:
        return True
    return bool(core := split_name(key).core) and split_name(entry.key).core == core
