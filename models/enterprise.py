"""Enterprises of the register, their other names, and the register's revision counter."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UtcDateTime, word


class Status(StrEnum):
    """登记状态. UNKNOWN: the extract says nothing of it. REMOVED: taken out of it, kept here, never shown."""

    UNKNOWN = "unknown"
    IN_FORCE = "in_force"  # 存续
    DEREGISTERED = "deregistered"  # 注销
    REVOKED = "revoked"  # 吊销
    MOVED_OUT = "moved_out"  # 迁出
    REMOVED = "removed"


class NameKind(StrEnum):
    """What another name of an enterprise is."""

    FORMER = "former"  # 曾用名
    SHORT = "short"  # 简称
    SIGN = "sign"  # 店招


class Enterprise(Base):
    """A market entity of the register (市场主体)."""

    __tablename__ = "enterprises"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    # 64-bit hash of the normalised name: names.hash_name; equal names are told apart by reading them.
    name_hash: Mapped[int] = mapped_column(BigInteger, index=True)
    # 统一社会信用代码 (18) or 注册号 (15, legacy 13); NULL for old registrations, keyed by name then.
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    status: Mapped[Status] = mapped_column(word(Status), default=Status.UNKNOWN)
    kind: Mapped[str | None] = mapped_column(String(100))  # 企业类型, as registered
    registered_on: Mapped[date | None]
    province: Mapped[str | None] = mapped_column(String(40))
    city: Mapped[str | None] = mapped_column(String(60))
    address: Mapped[str | None] = mapped_column(String(300))
    capital: Mapped[str | None] = mapped_column(String(60))  # 注册资本, as registered
    scope: Mapped[str | None] = mapped_column(Text)  # 经营范围
    data_on: Mapped[date]  # 数据日期
    # The register revision that last touched this row; the name index follows it.
    revision: Mapped[int] = mapped_column(Integer, index=True)

    names: Mapped[list["EnterpriseName"]] = relationship(back_populates="enterprise", order_by="EnterpriseName.id")


class EnterpriseName(Base):
    """Another name under which citizens may ask for an enterprise."""

    __tablename__ = "enterprise_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    kind: Mapped[NameKind] = mapped_column(word(NameKind))
    name: Mapped[str] = mapped_column(String(200))
    name_hash: Mapped[int] = mapped_column(BigInteger, index=True)

    enterprise: Mapped[Enterprise] = relationship(back_populates="names")


class RegisterRevision(Base):
    """One row: the last revision. Its UPDATE inside each writing transaction puts revisions in commit order."""

    __tablename__ = "register_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
