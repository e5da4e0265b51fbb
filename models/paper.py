"""Official forms that were issued: each has a number of its own and stays as it was issued."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class Form(StrEnum):
    """An official form; its words are in services/papers/forms.toml."""

    REGISTRATION = "registration"  # 登记表
    SUPPLEMENT = "supplement"  # 补正通知书
    ACCEPTANCE = "acceptance"  # 受理决定书
    REJECTION = "rejection"  # 不予受理决定书
    TRANSFER = "transfer"  # 转办单
    MEDIATION = "mediation"  # 调解通知书
    MEDIATION_RECORD = "mediation_record"  # 调解书
    MEDIATION_END = "mediation_end"  # 终止调解决定书
    SUSPENSION = "suspension"  # 中止办理告知书
    EXTENSION = "extension"  # 延期办理告知书
    REPLY = "reply"  # 办理结果答复书
    URGING = "urging"  # 催办单
    EVENT_REPORT = "event_report"  # 重大失信事件报告表


class IssuedPaper(Base):
    """One form as it went out; printing it again prints the same."""

    __tablename__ = "issued_papers"
    __table_args__ = (UniqueConstraint("form", "year", "serial"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    major_event_id: Mapped[int | None] = mapped_column(ForeignKey("major_events.id"), index=True)
    form: Mapped[Form] = mapped_column(word(Form))
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))  # 示商投受〔2026〕1号
    content_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON; emptied by retention
    content_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    issued_by: Mapped[str] = mapped_column(String(40))
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PaperNumbering(Base):
    """The last serial of a form's year."""

    __tablename__ = "paper_numbering"

    form: Mapped[Form] = mapped_column(word(Form), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
