"""What a record or listing must bear before it may be published; pure. 国办发〔2020〕49号 四(六)–(八)."""

from datetime import date
from typing import Protocol

from config.archive import ArchiveRules
from services.credit.standing import ListingBasis


class ListingParts(ListingBasis, Protocol):
    """What is looked at in a listing."""

    @property
    def source_unit(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def notified_on(self) -> date | None: ...
    @property
    def objection_result(self) -> str | None: ...
    @property
    def removal_condition(self) -> str | None: ...


class RecordParts(Protocol):
    """What is looked at in a record."""

    @property
    def type(self) -> str: ...
    @property
    def severity(self) -> str | None: ...
    @property
    def title(self) -> str: ...
    @property
    def document_number(self) -> str | None: ...
    @property
    def legal_basis(self) -> str | None: ...
    @property
    def authority(self) -> str: ...
    @property
    def source_unit(self) -> str: ...


def has_article(basis: str) -> bool:
    """《…条例》第二十三条: a law and an article of it."""
    return "《" in basis and "》" in basis and "条" in basis.split("》", 1)[1]


def missing_of_listing(listing: ListingParts, rules: ArchiveRules) -> list[str]:
    """What stands against publication, each in words for the clerk; nothing when it is complete."""
    missing = [name for name, text in named_parts(listing) if not (text or "").strip()]
    if listing.legal_basis.strip() and not has_article(listing.legal_basis):
        missing.append("列入依据的条款（写明《法规名称》第几条）")
    statute = rules.statute_named(listing.list_name, listing.decided_on)
    if listing.list_name.strip() and statute is None:
        missing.append("法定名单：这个名称不在本局的名单目录里，不能自行设立名单")
    elif statute and statute.kind != listing.kind:
        missing.append("名单类别与目录一致")
    if listing.kind == "black":
        if listing.info_class != "administrative" or (statute and statute.info_class != "administrative"):
            missing.append("行政机关的认定：商协会的认定是行业自律信息，不能列入严重失信主体名单")
        if listing.notified_on is None:
            missing.append("告知日期")
        elif listing.notified_on > listing.decided_on:
            missing.append("告知日期不能晚于列入日期：先告知，再决定")
    return missing


def named_parts(listing: ListingParts) -> list[tuple[str, str | None]]:
    """The parts that every listing has, and those of 严重失信."""
    parts: list[tuple[str, str | None]] = [
        ("名单名称", listing.list_name),
        ("列入依据", listing.legal_basis),
        ("列入决定书文号", listing.document_number),
        ("决定机关", listing.authority),
        ("数据来源单位", listing.source_unit),
        ("列入事由", listing.reason),
    ]
    if listing.kind == "black":
        parts += [("异议处理结果", listing.objection_result), ("移出条件", listing.removal_condition)]
    return parts


def missing_of_record(record: RecordParts) -> list[str]:
    """The same for a record that is entered by hand."""
    parts = [
        ("标题", record.title),
        ("决定机关", record.authority),
        ("数据来源单位", record.source_unit),
    ]
    if record.type in {"penalty", "licence", "abnormal", "court"}:
        parts.append(("文号", record.document_number or ""))
    if record.type == "penalty":
        parts += [("处罚依据", record.legal_basis or ""), ("失信严重程度（轻微、一般、严重）", record.severity or "")]
    return [name for name, text in parts if not text.strip()]
