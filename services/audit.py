"""The audit log: adding an entry, reading entries, proving that none was changed, taken out or cut off.

Each entry's seal covers the entry and the seal before it, by a key that lies encrypted beside the chain: whoever
can write to the database but has not SECRET_KEY cannot mend the chain behind a change.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, select, text
from sqlalchemy.orm import Session

from models.audit import Act, AuditEntry, AuditHead
from models.database import vault_of
from models.vault import VaultError
from services.calendar.working_days import end_of, start_of

HEAD_ID = 1
FIRST_SEAL = bytes(32)
KEY_FIELD = "audit_head.key_sealed"
START_HEAD = text(
    "INSERT INTO audit_head (id, number, seal, key_sealed) VALUES (1, 0, :seal, :key) ON CONFLICT DO NOTHING"
)
LONGEST_ACTOR, LONGEST_SUBJECT = 80, 120


@dataclass(frozen=True)
class Actor:
    """Who acts: an account, or a name alone such as 命令行."""

    name: str
    account_id: int | None = None
    address: str = ""


SYSTEM = Actor("系统")
COMMAND_LINE = Actor("命令行")


@dataclass(frozen=True)
class Wanted:
    """Which entries to read; a day counts in China's time, both ends included."""

    account_id: int | None = None
    act: Act | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Proof:
    """The outcome of a verification: `count` entries are sound; where and why the chain first breaks, if it does.

    Numbers count on through what retention cut off: `cut` entries at the beginning are gone, `count` has them too.
    """

    count: int
    seal: str  # of the last sound entry, hexadecimal
    broken_at: int | None = None
    fault: str = ""
    cut: int = 0


def record(
    session: Session,
    actor: Actor,
    act: Act,
    now: datetime,
    *,
    subject: str = "",
    reason: str = "",
    details: Mapping[str, str] | None = None,
) -> AuditEntry:
    """Add one entry in the transaction of its act, as its last step: it holds the end of the chain until the commit."""
    head = hold_head(session)
    entry = AuditEntry(
        number=head.number + 1,
        at=now,
        account_id=actor.account_id,
        actor=clean(actor.name)[:LONGEST_ACTOR],
        act=act,
        subject=clean(subject)[:LONGEST_SUBJECT],
        reason=clean(reason),
        details={clean(key): clean(value) for key, value in (details or {}).items()},
        address=actor.address[:45],
    )
    entry.seal = compute_seal(open_key(session, head), entry, head.seal)
    head.number, head.seal = entry.number, entry.seal
    session.add(entry)
    session.flush()
    return entry


def hold_head(session: Session) -> AuditHead:
    """The end of the chain, locked until the commit; made with a key of its own where there is none yet."""
    wanted = select(AuditHead).where(AuditHead.id == HEAD_ID).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    head = session.scalar(wanted)
    if head is None:
        key = vault_of(session).seal(secrets.token_hex(32), KEY_FIELD)
        session.execute(START_HEAD, {"seal": FIRST_SEAL, "key": key})
        head = session.scalars(wanted).one()
    return head


def open_key(session: Session, head: AuditHead) -> bytes:
    """The key of the seals; VaultError with a wrong SECRET_KEY."""
    return vault_of(session).open(head.key_sealed, KEY_FIELD).encode()


def clean(words: str) -> str:
    """Without what PostgreSQL cannot hold."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()


def compute_seal(key: bytes, entry: AuditEntry, before: bytes) -> bytes:
    """The 32-byte seal of an entry that follows the entry sealed `before`."""
    said = [
        entry.number,
        entry.at.timestamp(),
        entry.account_id,
        entry.actor,
        str(entry.act),
        entry.subject,
        entry.reason,
        entry.details,
        entry.address,
    ]
    return hmac.digest(key, before + json.dumps(said, sort_keys=True).encode(), "sha256")


def verify(session: Session) -> Proof:
    """Walk the whole chain from its first entry; the proof names the first broken link."""
    head = session.get(AuditHead, HEAD_ID)
    if head is None:
        is_empty = session.scalar(select(AuditEntry.number).limit(1)) is None
        return Proof(0, FIRST_SEAL.hex()) if is_empty else Proof(0, FIRST_SEAL.hex(), 1, "链的末端不见了")
    try:
        key = open_key(session, head)
    except VaultError:
        return Proof(0, FIRST_SEAL.hex(), 1, "印记的密钥打不开：SECRET_KEY 不对，或密钥被改动过")
    return walk(session, head, key)


def walk(session: Session, head: AuditHead, key: bytes) -> Proof:
    """From the first entry that is kept to the head."""
    if head.cut_number and not is_proved_cut(key, head):
        return Proof(0, FIRST_SEAL.hex(), 1, "开头被截去，截去的位置没有凭证")
    seal, count, cut = head.cut_seal or FIRST_SEAL, head.cut_number, head.cut_number
    rows = select(AuditEntry).order_by(AuditEntry.number).execution_options(yield_per=1000)
    for entry in session.scalars(rows):
        if entry.number > head.number:
            break  # added since the head was read
        if entry.number != count + 1:
            return Proof(count, seal.hex(), count + 1, "这一条不见了", cut)
        expected = compute_seal(key, entry, seal)
        if entry.seal != expected:
            return Proof(count, seal.hex(), entry.number, "内容或印记被改动过", cut)
        seal, count = expected, count + 1
    if count < head.number:
        return Proof(count, seal.hex(), count + 1, "此后的记录被截去", cut)
    if seal != head.seal:
        return Proof(count, seal.hex(), count, "末尾的印记对不上", cut)
    return Proof(count, seal.hex(), cut=cut)


def is_proved_cut(key: bytes, head: AuditHead) -> bool:
    """Whether the beginning was cut off by who has the key."""
    return hmac.compare_digest(head.cut_proof_seal or b"", prove_cut(key, head.cut_number, head.cut_seal or b""))


def prove_cut(key: bytes, number: int, seal: bytes) -> bytes:
    """The proof that the chain may begin after this entry."""
    return hmac.digest(key, b"cut\x00" + number.to_bytes(8) + seal, "sha256")


def cut_off(session: Session, actor: Actor, before: date, now: datetime) -> int:
    """Delete the entries of the days before this one, what retention asks for; how many. What is left proves on.

    The database lets nothing else be deleted (migration 0013); that it was done is an entry of its own.
    """
    head = hold_head(session)
    wanted = select(AuditEntry).where(AuditEntry.at < start_of(before)).order_by(AuditEntry.number.desc()).limit(1)
    last = session.scalar(wanted)
    if last is None:
        return 0
    gone = last.number - head.cut_number
    head.cut_number, head.cut_seal = last.number, last.seal
    head.cut_proof_seal = prove_cut(open_key(session, head), last.number, last.seal)
    session.flush()
    session.execute(delete(AuditEntry).where(AuditEntry.number <= head.cut_number))
    details = {"截至": f"{before:%Y-%m-%d} 前", "条数": str(gone), "末条": f"{head.cut_number}:{last.seal.hex()[:32]}"}
    record(session, actor, Act.AUDIT_CUT, now, details=details)
    return gone


def select_entries(wanted: Wanted) -> Select[AuditEntry]:
    """The entries wanted, newest first."""
    found = select(AuditEntry).order_by(AuditEntry.number.desc())
    if wanted.account_id is not None:
        found = found.where(AuditEntry.account_id == wanted.account_id)
    if wanted.act is not None:
        found = found.where(AuditEntry.act == wanted.act)
    if wanted.first_day is not None:
        found = found.where(AuditEntry.at >= start_of(wanted.first_day))
    if wanted.last_day is not None:
        found = found.where(AuditEntry.at < end_of(wanted.last_day))
    return found


def read_page(session: Session, wanted: Wanted, count: int, below: int | None = None) -> list[AuditEntry]:
    """At most `count` entries whose number is less than `below`, newest first."""
    found = select_entries(wanted).limit(count)
    if below is not None:
        found = found.where(AuditEntry.number < below)
    return list(session.scalars(found))


def has_entry(session: Session, number: int, seal: str) -> bool:
    """Whether the entry of this number still bears a seal that begins so (hexadecimal)."""
    head = session.get(AuditHead, HEAD_ID)
    if head is not None and head.cut_number == number > 0:
        return (head.cut_seal or b"").hex().startswith(seal.lower())
    if number == 0:
        return True
    entry = session.get(AuditEntry, number)
    return entry is not None and entry.seal.hex().startswith(seal.lower())
