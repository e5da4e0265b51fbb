"""What the columns mean for a record or an entry of a list, kind by kind (pure)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from models.importing import ImportKind
from models.record import InfoClass, RecordType, Severity
from services.imports.entries import LISTS, Entry, Sheetwide
from services.imports.faults import Fault, Quality
from services.imports.fields import Field, word_of

F, K = Field, ImportKind

# Field → column of records or listings.
RECORD_COLUMNS = {
    F.TITLE: "title",
    F.CONTENT: "content",
    F.DOCUMENT: "document_number",
    F.BASIS: "legal_basis",
    F.AUTHORITY: "authority",
    F.SOURCE_UNIT: "source_unit",
    F.DECIDED_ON: "decided_on",
    F.VALID_UNTIL: "valid_until",
    F.PUBLISHED_ON: "published_from",
    F.PUBLISHED_UNTIL: "published_until",
    F.SECTOR: "sector",
    F.TOPIC: "topic",
}
LISTING_COLUMNS = {
    F.LIST_NAME: "list_name",
    F.BASIS: "legal_basis",
    F.DOCUMENT: "document_number",
    F.AUTHORITY: "authority",
    F.SOURCE_UNIT: "source_unit",
    F.CONTENT: "reason",
    F.DECIDED_ON: "decided_on",
    F.PUBLISHED_ON: "published_from",
    F.PUBLISHED_UNTIL: "published_until",
    F.REMOVAL_CONDITION: "removal_condition",
    F.NOTIFIED_ON: "notified_on",
    F.OBJECTION_RESULT: "objection_result",
    F.BATCH: "batch",
    F.SECTOR: "sector",
}
DETAILS = {
    F.SUBJECT: "subject_kind",
    F.OFFENCE: "offence",
    F.FACT: "fact",
    F.PENALTY_KIND: "penalty_kind",
    F.FINE: "fine_wan",
    F.CONFISCATED: "confiscated_wan",
    F.REVOKED_LICENCE: "revoked_licence",
    F.PENALTY_UNTIL: "penalty_until",
    F.AUTHORITY_CODE: "authority_code",
    F.SOURCE_CODE: "source_unit_code",
    F.REMARK: "remark",
    F.DOCUMENT_NAME: "document_name",
    F.LICENCE_KIND: "licence_kind",
    F.CERTIFICATE: "certificate",
    F.CERTIFICATE_NUMBER: "certificate_number",
    F.VALID_FROM: "valid_from",
    F.LEVEL: "level",
    F.PERFORMANCE: "performance",
    F.CIRCUMSTANCE: "circumstance",
    F.COMMITMENT_KIND: "commitment_kind",
    F.FULFILMENT: "fulfilment",
    F.GRADE: "grade",
    F.METHOD: "method",
    F.REPORT_NUMBER: "report_number",
    F.PREPAID_KIND: "prepaid_kind",
    F.CUSTODY: "custody",
}
LONGEST = {
    "title": 300, "document_number": 120, "authority": 100, "source_unit": 100, "list_name": 120, "batch": 60,
    "sector": 40, "topic": 40,
}  # fmt: skip
LONGEST_TEXT, LONGEST_NAME = 20_000, 200
DEMONSTRATIONS = frozenset({"诚信行业", "诚信园区", "诚信市场", "诚信企业", "诚信门店"})
SEVERITIES = {"轻微": Severity.MINOR, "一般": Severity.GENERAL, "严重": Severity.SERIOUS, "特别严重": Severity.SERIOUS}
# 信用修复管理办法: 警告, 通报批评 are minor; taking a licence or closing a firm is serious; fines are general.
SERIOUS_KINDS = ("吊销", "责令关闭", "限制从业", "责令停产停业", "责令停业")
MINOR_KINDS = frozenset({"警告", "通报批评", "警告、通报批评", "警告;通报批评"})
ASSOCIATIONS = ("协会", "商会", "联合会", "促进会")


def put_values(entry: Entry, values: Mapping[Field, Any], sheet: Sheetwide) -> None:
    """Into the columns of records or listings."""
    columns = LISTING_COLUMNS if sheet.kind in LISTS else RECORD_COLUMNS
    for one, column in columns.items():
        if one in values:
            entry.said[column] = values[one]
            if isinstance(values[one], str) and len(values[one]) > LONGEST.get(column, LONGEST_TEXT):
                entry.faults.append(Fault(Quality.VALID, f"{word_of(one, sheet.kind)}过长"))
    if sheet.kind in LISTS:
        entry.said["info_class"] = info_class_of(values)
        return
    for one, key in DETAILS.items():
        if one in values:
            value = values[one]
            entry.details[key] = value.isoformat() if isinstance(value, date) else str(value or "")
    FINISH.get(sheet.kind, finish_other)(entry, values)
    entry.type = entry.type or RecordType(sheet.kind.value)


def finish_penalty(entry: Entry, values: Mapping[Field, Any]) -> None:
    """Title, content, severity of a penalty."""
    said, details = entry.said, entry.details
    kinds = [values[one] for one in (F.PENALTY_KIND, F.PENALTY_KIND_2) if values.get(one)]
    if kinds:
        details["penalty_kind"] = "、".join(kinds)
    offence = values.get(F.OFFENCE) or said.get("title")
    if offence:
        said["title"] = str(offence)[:300]
    if "content" not in said and values.get(F.FACT):
        said["content"] = values[F.FACT]
    said_severity = SEVERITIES.get(str(values.get(F.SEVERITY, "")).removesuffix("失信"))
    said["severity"] = said_severity or judge_severity("、".join(kinds))


def judge_severity(kinds: str) -> Severity | None:
    """The class by the kind of penalty, where the file does not say it; None: not to be told."""
    if any(kind in kinds for kind in SERIOUS_KINDS):
        return Severity.SERIOUS
    if kinds in MINOR_KINDS:
        return Severity.MINOR
    return Severity.GENERAL if "罚款" in kinds or "没收" in kinds else None


def finish_licence(entry: Entry, values: Mapping[Field, Any]) -> None:
    """A licence is called by its certificate."""
    title = values.get(F.CERTIFICATE) or values.get(F.DOCUMENT_NAME) or values.get(F.LICENCE_KIND)
    if title:
        entry.said["title"] = str(title)[:300]


def finish_honour(entry: Entry, values: Mapping[Field, Any]) -> None:
    """The five levels of 诚信示范创建 are blocks of their own."""
    entry.type = RecordType.DEMONSTRATION if values.get(F.LEVEL) in DEMONSTRATIONS else RecordType.HONOUR


def finish_court(entry: Entry, values: Mapping[Field, Any]) -> None:
    """A case of a court."""
    if values.get(F.CIRCUMSTANCE):
        entry.said["title"] = str(values[F.CIRCUMSTANCE])[:300]
    if values.get(F.DOCUMENT):
        entry.details["case_number"] = values[F.DOCUMENT]
    if isinstance(values.get(F.DECIDED_ON), date):
        entry.details["filed_on"] = values[F.DECIDED_ON].isoformat()


def finish_rating(entry: Entry, values: Mapping[Field, Any]) -> None:
    """An association's rating is self-discipline, never a finding of an authority."""
    entry.said["info_class"] = info = info_class_of(values, InfoClass.THIRD_PARTY)
    entry.type = RecordType.ASSOCIATION_RATING if info is InfoClass.SELF_DISCIPLINE else RecordType.RATING


def finish_commitment(entry: Entry, values: Mapping[Field, Any]) -> None:
    """A commitment is called by its kind."""
    entry.said.setdefault("title", str(values.get(F.COMMITMENT_KIND) or "信用承诺书"))


def finish_prepaid(entry: Entry, values: Mapping[Field, Any]) -> None:
    """A registration of who issues prepaid cards."""
    if values.get(F.DOCUMENT):
        entry.details["prepaid_number"] = values[F.DOCUMENT]


def finish_other(entry: Entry, values: Mapping[Field, Any]) -> None:
    """Nothing more."""


FINISH: dict[ImportKind, Callable[[Entry, Mapping[Field, Any]], None]] = {
    K.PENALTY: finish_penalty,
    K.LICENCE: finish_licence,
    K.HONOUR: finish_honour,
    K.COURT: finish_court,
    K.RATING: finish_rating,
    K.COMMITMENT: finish_commitment,
    K.PREPAID: finish_prepaid,
}


def info_class_of(values: Mapping[Field, Any], usual: InfoClass = InfoClass.ADMINISTRATIVE) -> InfoClass:
    """By the column, else by who says it."""
    said = str(values.get(F.INFO_CLASS) or "")
    if "自律" in said or any(word in str(values.get(F.AUTHORITY) or "") for word in ASSOCIATIONS):
        return InfoClass.SELF_DISCIPLINE
    return InfoClass.MARKET if "市场化" in said else usual
