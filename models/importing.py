"""Getting records in and out: runs of imports, what each changed, rows in quarantine, sources, receipts of exports."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.archive import Subject
from models.base import Base, UtcDateTime, word


class ImportKind(StrEnum):
    """What a file holds: the words of `chengxin import records --kind`."""

    PENALTY = "penalty"  # 行政处罚
    LICENCE = "licence"  # 行政许可
    HONOUR = "honour"  # 表彰荣誉
    RED = "red"  # 守信名单
    BLACK = "black"  # 严重失信主体名单
    ABNORMAL = "abnormal"  # 经营异常名录
    COURT = "court"  # 失信被执行人
    COMMITMENT = "commitment"  # 信用承诺
    RATING = "rating"  # 信用评价
    PREPAID = "prepaid"  # 单用途预付卡备案


class RunState(StrEnum):
    """Life of a run; only DONE has changed the archive."""

    DRAFT = "draft"  # uploaded, nobody has said yet what to do
    WAITING = "waiting"  # for the jobs process
    RUNNING = "running"  # after lease_until it is held for broken off
    CHECKED = "checked"  # a rehearsal: nothing was written
    DONE = "done"
    REFUSED = "refused"  # the whole file: no table, or rows with faults where all or nothing was asked
    FAILED = "failed"  # broken off; nothing was written
    UNDONE = "undone"


class QuarantineReason(StrEnum):
    """Why no firm was found for a row."""

    UNKNOWN = "unknown"  # no firm with this code or name
    SAME_NAME = "same_name"  # several firms bear the name
    NAME_DIFFERS = "name_differs"  # the code is one firm's, the name another's
    CODE_WRONG = "code_wrong"  # the check characters do not hold


class QuarantineState(StrEnum):
    """What became of a row in quarantine."""

    WAITING = "waiting"
    RESOLVED = "resolved"  # a clerk named the firm
    REFUSED = "refused"
    UNDONE = "undone"  # its run was undone


class ImportRun(Base):
    """One file and what became of it; the log of imports and the receipt of each source."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(word(ImportKind))
    state: Mapped[RunState] = mapped_column(word(RunState), index=True)
    name: Mapped[str] = mapped_column(String(200))  # of the file, as it came
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size_bytes: Mapped[int]
    source: Mapped[str | None] = mapped_column(String(40), index=True)  # drop folder or HTTP pull; NULL: by hand
    source_unit: Mapped[str] = mapped_column(String(100), default="")  # where the rows do not name it
    data_on: Mapped[date]  # 数据日期
    is_whole: Mapped[bool] = mapped_column(default=False)  # all or nothing
    is_rehearsal: Mapped[bool] = mapped_column(default=False)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    actor: Mapped[str] = mapped_column(String(80))  # as they were called then
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[int] = mapped_column(default=0)  # per cent
    row_count: Mapped[int] = mapped_column(default=0)
    added_count: Mapped[int] = mapped_column(default=0)
    revised_count: Mapped[int] = mapped_column(default=0)  # new versions
    ended_count: Mapped[int] = mapped_column(default=0)  # repaired, withdrawn or removed by this file
    draft_count: Mapped[int] = mapped_column(default=0)  # of the added: listings that lack what the law asks for
    unchanged_count: Mapped[int] = mapped_column(default=0)
    refused_count: Mapped[int] = mapped_column(default=0)
    quarantined_count: Mapped[int] = mapped_column(default=0)
    enterprise_count: Mapped[int] = mapped_column(default=0)  # firms that the register did not know
    masked_count: Mapped[int] = mapped_column(default=0)  # numbers of persons found in other columns
    dropped: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # heading → cells that were filled in
    ignored: Mapped[list[str]] = mapped_column(JSON, default=list)  # headings without a meaning here
    faults: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # why rows were refused → how many
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)  # what else the reader should know
    fault: Mapped[str] = mapped_column(Text, default="")  # why the whole file was refused or failed
    # The file while it waits and the rows that came back: sealed on disk, the keys only here.
    file_name: Mapped[str | None] = mapped_column(String(40))
    file_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    errors_name: Mapped[str | None] = mapped_column(String(40))
    errors_key_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[str | None] = mapped_column(String(80))
    undone_reason: Mapped[str] = mapped_column(Text, default="")


class ImportChange(Base):
    """What a run did to something that was there before, or a firm it added; undoing reads it backwards.

    What a run added bears the run's id itself (records.import_run_id, listings.import_run_id).
    """

    __tablename__ = "import_changes"
    __table_args__ = (Index("ix_import_changes_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), index=True)
    subject: Mapped[Subject | None] = mapped_column(word(Subject, 12))  # NULL: an enterprise
    subject_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # column → value as text; empty: it was added


class QuarantinedRow(Base):
    """A row whose firm is not known for certain; columns about persons were dropped before."""

    __tablename__ = "quarantined_rows"
    __table_args__ = (Index("ix_quarantined_rows_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_runs.id"), index=True)
    kind: Mapped[ImportKind] = mapped_column(word(ImportKind))
    row_number: Mapped[int]
    reason: Mapped[QuarantineReason] = mapped_column(word(QuarantineReason))
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(40))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)  # of the whole row: the same one is one
    row_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted JSON: field → cell
    state: Mapped[QuarantineState] = mapped_column(word(QuarantineState), default=QuarantineState.WAITING)
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decision_reason: Mapped[str] = mapped_column(Text, default="")


class ImportSource(Base):
    """How a source of config/sources.toml is doing."""

    __tablename__ = "import_sources"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"))  # the last one
    last_fault: Mapped[str] = mapped_column(String(200), default="")
    fault_count: Mapped[int] = mapped_column(default=0)  # in a row
    etag: Mapped[str] = mapped_column(String(200), default="")


class ExportReceipt(Base):
    """A file that went out: what was in it, so that the next one can hold what has changed since."""

    __tablename__ = "export_receipts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind] = mapped_column(word(ImportKind))
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    since_event: Mapped[int] = mapped_column(default=0)  # archive_events up to and with this one were out before
    until_event: Mapped[int]
    row_count: Mapped[int]
    ended_count: Mapped[int]  # records that are public no more, named for the receiver
    actor: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
