"""异议: filed once for a client's key; what is shown to whom, and to which row it belongs."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from models.archive import Objection
from models.archive_words import ObjectionState, Subject
from models.database import vault_of
from models.vault import Vault
from services.calendar.years import load_calendar
from services.cases.personal import is_phone, tidy_phone
from services.cases.secrets import draw_codes, hash_client_key, hash_code, is_code
from services.credit.advance import ArchiveError, find_row
from services.credit.ledger import Ledger, Row
from services.credit.terms import OPEN, DueDuty, find_due
from services.credit.timeline import judge_row
from services.errors import UserError
from services.numbers import check_digit, tidy

PERSON, SAID, ANSWER = "objections.person", "objections.said", "objections.answer"
PREFIX = "YY"
LEAST_SAID, MOST_SAID = 5, 2000
NOTICE_VERSION = "2026-11"
RELATIONS = ("企业法定代表人", "企业委托的人", "利害关系人")  # 谁可以提出


@dataclass(frozen=True)
class ObjectionFiling:
    """What somebody who objects has told."""

    subject: Subject
    subject_id: int
    name: str
    phone: str
    relation: str
    said: str
    channel: str  # chat, h5, phone, counter
    agrees: bool  # has read what is done with name and telephone


@dataclass(frozen=True)
class ObjectionReceipt:
    """What is shown, and shown again when asked again."""

    number: str
    query_code: str
    is_new: bool


class ObjectionFaultError(UserError):
    """It cannot be filed yet; `faults` says why by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("；".join(faults.values()))
        self.faults = faults


def find_faults(filing: ObjectionFiling) -> dict[str, str]:
    """What is missing, by field, in words for the citizen; empty when it may be filed."""
    faults = {}
    if len(filing.said.strip()) < LEAST_SAID:
        faults["said"] = "请写明哪里不对、为什么（至少五个字）"
    elif len(filing.said) > MOST_SAID:
        faults["said"] = f"最多 {MOST_SAID} 个字，现在是 {len(filing.said)} 个字"
    if not 2 <= len(filing.name.strip()) <= 30:
        faults["name"] = "请填写您的姓名"
    if not is_phone(filing.phone):
        faults["phone"] = "请填写能联系到您的电话，例如 13812345678"
    if filing.relation not in RELATIONS:
        faults["relation"] = "请选择您与这家企业的关系"
    if not filing.agrees:
        faults["agrees"] = "请先阅读个人信息告知并勾选"
    return faults


def file_objection(
    ledger: Ledger, filing: ObjectionFiling, client_key: str, *, follower_id: int | None = None
) -> ObjectionReceipt:
    """Write it down. The same `client_key` (16 characters or more, unguessable) again gives the same receipt.

    ObjectionFaultError where something is missing; ArchiveError where the row is not public (any more).
    """
    if len(client_key) < 16:
        raise ValueError("a client key must be unguessable")
    if done := find_filed(ledger, client_key):
        return done
    if faults := find_faults(filing):
        raise ObjectionFaultError(faults)
    row = find_row(ledger, filing.subject, filing.subject_id)
    if not judge_row(row, ledger.today).is_shown:
        raise ArchiveError("not_public", "这条信息现在没有公示，不用提异议。")
    codes = draw_codes(vault_of(ledger.session), client_key)
    objection = Objection(
        client_key_hash=hash_client_key(client_key),
        subject=filing.subject,
        subject_id=row.id,
        enterprise_id=row.enterprise_id,
        follower_id=follower_id,
        channel=filing.channel,
        state=ObjectionState.FILED,
        person_sealed=seal(ledger, person_of(filing), PERSON),
        said_sealed=seal(ledger, {"said": filing.said.strip()}, SAID),
        notice_version=NOTICE_VERSION,
        filed_at=ledger.now,
    )
    return add_numbered(ledger, objection, codes[0], client_key)


def person_of(filing: ObjectionFiling) -> dict[str, str]:
    """Who it is, for follow-up alone."""
    return {"name": filing.name.strip(), "phone": tidy_phone(filing.phone), "relation": filing.relation}


def add_numbered(ledger: Ledger, objection: Objection, code: str, client_key: str) -> ObjectionReceipt:
    """Under the next number of the day; again with the next one where another process was faster."""
    session = ledger.session
    for _ in range(20):
        objection.number = next_number(ledger)
        objection.query_code_hash = hash_code(objection.number, code)
        try:
            with session.begin_nested():
                session.add(objection)
        except IntegrityError:
            if done := find_filed(ledger, client_key):
                return done
            continue
        return ObjectionReceipt(objection.number, code, is_new=True)
    raise UserError("现在提交的人太多，请过一会儿再试；内容不会丢。")


def next_number(ledger: Ledger) -> str:
    """YY, the day, the serial of the day, a check digit."""
    start = f"{PREFIX}{ledger.today:%Y%m%d}"
    newest = ledger.session.scalar(select(func.max(Objection.number)).where(Objection.number.startswith(start)))
    serial = int(newest[len(start) : len(start) + 4]) + 1 if newest else 1
    digits = f"{ledger.today:%Y%m%d}{serial:04}"
    return f"{PREFIX}{digits}{check_digit(digits)}"


def find_filed(ledger: Ledger, client_key: str) -> ObjectionReceipt | None:
    """The receipt of what was filed by this key before."""
    session = ledger.session
    done = session.scalar(select(Objection).where(Objection.client_key_hash == hash_client_key(client_key)))
    if done is None:
        return None
    codes = draw_codes(vault_of(session), client_key)
    code = next((one for one in codes if is_code(done.number, one, done.query_code_hash)), "")
    return ObjectionReceipt(done.number, code, is_new=False)


def find_objection(ledger: Ledger, number: str) -> Objection | None:
    """By its number as it was typed."""
    return ledger.session.scalar(select(Objection).where(Objection.number == tidy(number)))


def objections_of(ledger: Ledger, follower_id: int, most: int = 5) -> list[Objection]:
    """A follower's, newest first."""
    wanted = select(Objection).where(Objection.follower_id == follower_id).order_by(Objection.id.desc())
    return list(ledger.session.scalars(wanted.limit(most)))


def row_of(ledger: Ledger, objection: Objection) -> Row:
    """What is objected to, public or not."""
    return find_row(ledger, objection.subject, objection.subject_id)


def is_ours(row: Row, unit: str) -> bool:
    """This bureau (`unit`) entered or made it itself, and decides itself."""
    return row.drafted_by is not None or unit in {row.source_unit, row.authority}


def due_of(ledger: Ledger, objection: Objection, row: Row, unit: str) -> DueDuty | None:
    """What is due next."""
    calendar = load_calendar(ledger.session, ledger.now.year - 1)
    return find_due(objection, ledger.rules.objection, calendar, ledger.now, is_ours=is_ours(row, unit))


def open_objections(ledger: Ledger, unit: str) -> list[tuple[Objection, Row, DueDuty | None]]:
    """The queue of staff, by what is due first."""
    calendar = load_calendar(ledger.session, ledger.now.year - 1)
    found = []
    for one in ledger.session.scalars(select(Objection).where(Objection.state.in_(OPEN)).order_by(Objection.id)):
        row = row_of(ledger, one)
        duty = find_due(one, ledger.rules.objection, calendar, ledger.now, is_ours=is_ours(row, unit))
        found.append((one, row, duty))
    return sorted(found, key=lambda item: item[2].due_on if item[2] else date.max)


def count_late(ledger: Ledger, unit: str) -> int:
    """How many wait longer than their term allows."""
    return sum(duty is not None and duty.is_late for _, _, duty in open_objections(ledger, unit))


def seal(ledger: Ledger, values: dict[str, Any], field: str) -> bytes:
    """Values as encrypted JSON."""
    return vault_of(ledger.session).seal(json.dumps(values, ensure_ascii=False), field)


def unseal(ledger: Ledger, sealed: bytes | None, field: str) -> dict[str, Any]:
    """What `seal` took; nothing for what was erased."""
    return open_sealed(vault_of(ledger.session), sealed, field)


def open_sealed(vault: Vault, sealed: bytes | None, field: str) -> dict[str, Any]:
    """The same without a ledger."""
    if sealed is None:
        return {}
    values: dict[str, Any] = json.loads(vault.open(sealed, field))
    return values
