"""Evidence on its way: what WeChat still keeps for us, and uploads that are not whole yet."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class EvidenceFetch(Base):
    """A file that WeChat keeps for three days; the row goes in the transaction that keeps the file or gives it up."""

    __tablename__ = "evidence_fetches"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)  # client_key_hash of draft and case
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    media_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # WeChat's media_id, encrypted
    kind: Mapped[str] = mapped_column(String(16))  # as case_evidence has it; by the message, the content decides later
    added_by: Mapped[str] = mapped_column(String(40))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)  # by the citizen
    not_before: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


class EvidenceUpload(Base):
    """A file that a page sends in pieces; the pieces lie sealed in DATA_DIR/evidence/uploads."""

    __tablename__ = "evidence_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    owner_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)
    folder: Mapped[str] = mapped_column(String(32))  # of its pieces; without meaning
    title_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    size_bytes: Mapped[int]  # as the page announced it
    added_by: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # What it became; a repeated "finish" gets the same answer.
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("case_evidence.id", ondelete="CASCADE"), index=True)
