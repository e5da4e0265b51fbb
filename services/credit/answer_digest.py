"""What an answer said, in 16 bytes: made when it is issued, and again when it is checked; pure.

Data dates and ages are left out: the same facts fetched again are the same answer.
"""

import hashlib
import json
from datetime import date
from typing import Any

from models.answer import AnswerDoor
from services.credit.blocks import Item
from services.credit.report import Report

VERSION = 1  # count up when what is covered changes: answers of another version are not compared
DIGEST_BYTES = 16


def digest_of(report: Report, door: AnswerDoor) -> bytes:
    """The digest of what this door shows of a report; a card says nothing of address and scope."""
    said: list[Any] = [
        report.name,
        report.credit_code,
        report.status,
        [[other.kind, other.name] for other in report.other_names],
        [
            [section.info_class, block.key, block.state, [words_of(item) for item in block.items]]
            for section in report.sections
            for block in section.blocks
        ],
    ]
    if door is not AnswerDoor.CHAT:
        said += [report.kind, day_of(report.registered_on), report.region, report.address, report.capital, report.scope]
    return hashlib.blake2b(json.dumps(said, ensure_ascii=True).encode(), digest_size=DIGEST_BYTES).digest()


def words_of(item: Item) -> list[Any]:
    """What a citizen reads of one record."""
    return [
        item.title,
        item.content,
        item.document_number,
        item.authority,
        item.legal_basis,
        day_of(item.decided_on),
        day_of(item.valid_until),
        day_of(item.published_until),
        item.removal_condition,
        item.details,
        item.is_objected,
    ]


def day_of(day: date | None) -> str:
    """2026-11-20; empty for none."""
    return day.isoformat() if day else ""
