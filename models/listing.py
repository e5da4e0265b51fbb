"""Entries of statutory lists: red (守信) and black (严重失信主体) inside, the statutory name outside."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.archive_words import Life
from models.base import Base, word
from models.record import InfoClass


class Kind(StrEnum):
    """Polarity of a list; the word a citizen reads is always list_name."""

    RED = "red"
    BLACK = "black"


class Listing(Base):
    """An enterprise on a list with its basis, without which no list may be shown (国办发〔2020〕49号)."""

    __tablename__ = "listings"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    list_name: Mapped[str] = mapped_column(String(120))  # 名单名称
    legal_basis: Mapped[str] = mapped_column(Text)  # 法规名称和条款
    document_number: Mapped[str] = mapped_column(String(120))  # 列入决定书文号
    authority: Mapped[str] = mapped_column(String(100))  # 列入机关
    source_unit: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text, default="")  # 列入事由
    decided_on: Mapped[date]
    published_from: Mapped[date]
    published_until: Mapped[date | None]
    removal_condition: Mapped[str | None] = mapped_column(Text)  # 移出条件
    withdrawn_on: Mapped[date | None]  # 移出 or 修复
    withdrawn_reason: Mapped[str | None] = mapped_column(String(100))
    data_on: Mapped[date]
    notified_on: Mapped[date | None]  # 告知日期: the party was told reasons, basis and rights
    objection_result: Mapped[str | None] = mapped_column(Text)  # 异议处理结果, also 期限内未提出异议
    removal_document: Mapped[str | None] = mapped_column(String(120))  # 移出文号
    batch: Mapped[str | None] = mapped_column(String(60))  # 期次
    sector: Mapped[str | None] = mapped_column(String(40))  # 重点领域
    # An association's list is self-discipline and never one of 严重失信.
    info_class: Mapped[InfoClass] = mapped_column(word(InfoClass), default=InfoClass.ADMINISTRATIVE)
    # Its life; changed only by services/credit/advance.py, or by an import that writes the event as well.
    life: Mapped[Life] = mapped_column(word(Life), default=Life.PUBLISHED)
    version: Mapped[int] = mapped_column(default=1)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"))  # the version before
    drafted_by: Mapped[str | None] = mapped_column(String(40))  # staff:12; NULL: came from its source
    approved_by: Mapped[str | None] = mapped_column(String(40))
    duties_done_on: Mapped[date | None]  # 义务履行完毕
    promised_on: Mapped[date | None]  # 信用承诺 made public, a condition of repair
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"), index=True)  # added by this run
    import_row: Mapped[int | None]  # of that file
