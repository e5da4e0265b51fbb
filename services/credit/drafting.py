"""Drafts of records and listings: written, changed and sent for approval by one, approved by another."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select

from models.archive_words import ArchiveAction, Life
from models.enterprise import Enterprise
from models.listing import Kind, Listing
from models.record import InfoClass, Polarity, Record, RecordType
from services.cases.facts import Actor
from services.credit.advance import ArchiveError, advance, facts_of
from services.credit.history import add_event
from services.credit.ledger import Ledger, Row, subject_of
from services.credit.life import REFUSALS, LifeFacts, LifeRefusal, decide
from services.credit.words import ARCHIVE_ACTION_WORDS, BLOCK_CLASSES, LIFE_WORDS

# What a clerk may write; the rest follows from the statute, from the type, or from the steps.
LISTING_FIELDS = (
    "document_number", "authority", "source_unit", "reason", "decided_on", "published_from", "published_until",
    "removal_condition", "notified_on", "objection_result", "batch", "sector",
)  # fmt: skip
RECORD_FIELDS = (
    "type", "severity", "title", "content", "document_number", "legal_basis", "authority",
    "source_unit", "decided_on", "valid_until", "published_from", "published_until", "details", "minor_shown_reason",
    "topic", "sector",
)  # fmt: skip
R = TypeVar("R", bound=Listing | Record)
POLARITIES = {
    RecordType.PENALTY: Polarity.NEGATIVE,
    RecordType.ABNORMAL: Polarity.NEGATIVE,
    RecordType.COURT: Polarity.NEGATIVE,
    RecordType.EXPOSURE: Polarity.NEGATIVE,
    RecordType.HONOUR: Polarity.POSITIVE,
    RecordType.DEMONSTRATION: Polarity.POSITIVE,
    RecordType.COMMITMENT: Polarity.POSITIVE,
}
COPIED = {"polarity", "kind", "list_name", "legal_basis", "info_class", "catalogue_class", "enterprise_id"}


def draft_listing(
    ledger: Ledger, enterprise: Enterprise, statute_code: str, values: Mapping[str, Any], actor: Actor
) -> Listing:
    """A draft entry of a statutory list; its name and basis are the law's, not the clerk's."""
    statute = ledger.rules.statute(statute_code)
    if statute is None:
        raise ArchiveError("no_statute", "请从名单目录里选择一个法定名单；本局不能自行设立名单。")
    listing = Listing(
        enterprise_id=enterprise.id,
        kind=Kind(statute.kind),
        info_class=InfoClass(statute.info_class),
        list_name=statute.name_on(values["decided_on"]),
        legal_basis=statute.basis,
        data_on=ledger.today,
    )
    put(listing, {"removal_condition": statute.exit} | dict(values), LISTING_FIELDS)
    return begin(ledger, listing, actor)


def draft_record(ledger: Ledger, enterprise: Enterprise, values: Mapping[str, Any], actor: Actor) -> Record:
    """A draft record, entered by hand."""
    kind = RecordType(values["type"])
    record = Record(
        enterprise_id=enterprise.id,
        data_on=ledger.today,
        info_class=BLOCK_CLASSES[kind],
        polarity=POLARITIES.get(kind, Polarity.NEUTRAL),
        content="",
        details={},
    )
    put(record, values, RECORD_FIELDS)
    record.catalogue_class = ledger.rules.catalogue.get(record.type)
    return begin(ledger, record, actor)


def draft_correction(ledger: Ledger, row: Row, values: Mapping[str, Any], actor: Actor, reason: str) -> Row:
    """The next version of what is published; the old one stays until this one is approved."""
    if facts_of(ledger, row).life not in {Life.PUBLISHED, Life.OBJECTED}:
        raise ArchiveError("not_now", "只有公示中的内容可以更正。")
    if not reason.strip():
        raise ArchiveError("no_reason", "请写明更正的理由。")
    refuse_second(ledger, row)
    newer = Listing() if isinstance(row, Listing) else Record()
    fields = LISTING_FIELDS if isinstance(row, Listing) else RECORD_FIELDS
    for name in (*fields, *COPIED):
        if hasattr(row, name):
            setattr(newer, name, getattr(row, name))
    put(newer, values, fields)
    newer.version, newer.corrects_id, newer.data_on = row.version + 1, row.id, ledger.today
    return begin(ledger, newer, actor, reason)


def refuse_second(ledger: Ledger, row: Row) -> None:
    """Two people do not correct the same thing at once."""
    table = type(row)
    waiting = select(table.id).where(table.corrects_id == row.id, table.life.in_([Life.DRAFT, Life.PENDING_REVIEW]))
    if ledger.session.scalar(waiting.limit(1)) is not None:
        raise ArchiveError("is_corrected", "这条已经有一份更正在起草或待审核，请先办完那一份。")


def begin(ledger: Ledger, row: R, actor: Actor, reason: str = "") -> R:
    """Write the draft and the first step of its life."""
    facts = LifeFacts(subject_of(row), None, ledger.today)
    try:
        row.life = decide(ArchiveAction.DRAFT, facts, actor, reason)
    except LifeRefusal as refusal:
        words = REFUSALS[refusal.code].format(
            action=ARCHIVE_ACTION_WORDS[ArchiveAction.DRAFT], life=LIFE_WORDS[Life.DRAFT], detail=""
        )
        raise ArchiveError(refusal.code, words) from None
    row.drafted_by = actor.key
    if row.published_from is None:
        row.published_from = row.decided_on
    ledger.session.add(row)
    ledger.session.flush()
    add_event(ledger.session, row, ArchiveAction.DRAFT, None, actor.key, now=ledger.now, reason=reason)
    return row


def edit_draft(ledger: Ledger, row: Row, values: Mapping[str, Any], actor: Actor) -> None:
    """Change a draft; who changed it last counts as its drafter and cannot approve it."""
    fields = LISTING_FIELDS if isinstance(row, Listing) else RECORD_FIELDS
    changed = [name for name in fields if name in values and getattr(row, name) != values[name]]
    if not changed:
        return
    advance(ledger, row, ArchiveAction.EDIT, actor, details={"fields": changed})
    put(row, values, fields)
    row.drafted_by = actor.key
    ledger.session.flush()


def put(row: Row, values: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    """Write the values of these fields."""
    for name in fields:
        if name in values:
            setattr(row, name, values[name])
