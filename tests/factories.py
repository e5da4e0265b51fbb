"""Rows for tests, complete unless a test says otherwise."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from models.enterprise import Enterprise, EnterpriseName, NameKind, RegisterRevision, Status
from models.listing import Kind, Listing
from models.record import Dataset, InfoClass, Polarity, Record, RecordType
from services.enterprises.names import hash_name

DATA_ON = date(2026, 11, 19)


def next_revision(session: Session) -> int:
    """Count the register's revision up, so that the name index sees the change."""
    row = session.get(RegisterRevision, 1) or RegisterRevision(id=1, revision=0)
    row.revision += 1
    row.changed_at = datetime(2026, 11, 19, tzinfo=UTC)
    session.add(row)
    return row.revision


def make_enterprise(session: Session, name: str, credit_code: str | None = None, **columns: Any) -> Enterprise:
    """A firm in force in 长沙 without any record."""
    defaults: dict[str, Any] = {
        "status": Status.IN_FORCE,
        "kind": "有限责任公司",
        "registered_on": date(2018, 9, 4),
        "province": "湖南",
        "city": "长沙",
        "address": "长沙市示范路1号",
        "capital": "200万元人民币",
        "scope": "食品销售",
        "data_on": DATA_ON,
        "revision": next_revision(session),
    }
    enterprise = Enterprise(name=name, name_hash=hash_name(name), credit_code=credit_code, **(defaults | columns))
    session.add(enterprise)
    session.flush()
    return enterprise


def add_name(session: Session, enterprise: Enterprise, name: str, kind: NameKind = NameKind.FORMER) -> None:
    """Another name of a firm."""
    enterprise.revision = next_revision(session)
    session.add(EnterpriseName(enterprise_id=enterprise.id, kind=kind, name=name, name_hash=hash_name(name)))
    session.flush()


def make_record(session: Session, enterprise: Enterprise, record_type: RecordType, **columns: Any) -> Record:
    """A record of an authority, long in force."""
    defaults: dict[str, Any] = {
        "polarity": Polarity.NEUTRAL,
        "info_class": InfoClass.ADMINISTRATIVE,
        "title": "食品经营许可",
        "document_number": "长商许〔2026〕1号",
        "legal_basis": "《示范条例》第一条",
        "authority": "长沙市商务局",
        "source_unit": "长沙市商务局",
        "decided_on": date(2026, 4, 5),
        "published_from": date(2026, 4, 5),
        "data_on": DATA_ON,
    }
    record = Record(enterprise_id=enterprise.id, type=record_type, **(defaults | columns))
    session.add(record)
    session.flush()
    return record


def make_listing(session: Session, enterprise: Enterprise, kind: Kind = Kind.BLACK, **columns: Any) -> Listing:
    """An entry of a list with everything that 国办发〔2020〕49号 asks for."""
    defaults: dict[str, Any] = {
        "list_name": "严重失信主体名单（单用途商业预付卡领域）",
        "legal_basis": "《示范省单用途预付卡管理条例》第二十三条",
        "document_number": "湘商失信〔2026〕3号",
        "authority": "湖南省商务厅",
        "source_unit": "湖南省商务厅",
        "reason": "停止经营后未退还预收款",
        "decided_on": date(2026, 5, 6),
        "published_from": date(2026, 5, 6),
        "published_until": date(2029, 5, 6),
        "removal_condition": "退清预收款并完成信用修复",
        "data_on": DATA_ON,
    }
    listing = Listing(enterprise_id=enterprise.id, kind=kind, **(defaults | columns))
    session.add(listing)
    session.flush()
    return listing


def collect(session: Session, *blocks: str, source_unit: str = "示范市信用中心") -> None:
    """Say that these blocks were collected."""
    for block in blocks:
        session.merge(Dataset(block=block, source_unit=source_unit, data_on=DATA_ON))
    session.flush()
