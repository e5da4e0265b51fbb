"""Credit records of enterprises and the datasets they come from."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.archive_words import Life
from models.base import Base, word


class RecordType(StrEnum):
    """What a record is about; the Chinese words are in services/credit/words.py."""

    LICENCE = "licence"  # 行政许可
    PENALTY = "penalty"  # 行政处罚
    HONOUR = "honour"  # 表彰荣誉
    DEMONSTRATION = "demonstration"  # 示范创建
    ABNORMAL = "abnormal"  # 经营异常名录
    COURT = "court"  # 失信被执行人
    COMMITMENT = "commitment"  # 信用承诺
    RATING = "rating"  # 第三方评价
    ASSOCIATION_RATING = "association_rating"  # 商协会评价 (行业自律信息)
    PREPAID = "prepaid"  # 预付卡备案
    COMPLAINT_SUMMARY = "complaint_summary"  # 投诉公示
    EXPOSURE = "exposure"  # 曝光


class Polarity(StrEnum):
    """Whether a record speaks for or against; neutral and note say nothing either way."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"


class InfoClass(StrEnum):
    """The three information classes that are never blended, and self-discipline."""

    ADMINISTRATIVE = "administrative"  # 行政管理信用信息
    MARKET = "market"  # 市场化综合信用评价
    THIRD_PARTY = "third_party"  # 第三方专业信用评价
    SELF_DISCIPLINE = "self_discipline"  # 行业自律信息，非行政认定


class Severity(StrEnum):
    """Class of a breach for publicity windows (信用修复管理办法, NDRC Order 36)."""

    MINOR = "minor"  # 轻微
    GENERAL = "general"  # 一般
    SERIOUS = "serious"  # 严重


class Record(Base):
    """One record of an enterprise's credit archive (信用记录)."""

    __tablename__ = "records"

    id: Mapped[int] = mapped_column(primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    type: Mapped[RecordType] = mapped_column(word(RecordType))
    polarity: Mapped[Polarity] = mapped_column(word(Polarity))
    info_class: Mapped[InfoClass] = mapped_column(word(InfoClass))
    severity: Mapped[Severity | None] = mapped_column(word(Severity))
    title: Mapped[str] = mapped_column(String(300))
    content: Mapped[str] = mapped_column(Text, default="")
    document_number: Mapped[str | None] = mapped_column(String(120))  # 决定书文号
    legal_basis: Mapped[str | None] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(100))  # 决定机关
    source_unit: Mapped[str] = mapped_column(String(100))  # 数据来源单位
    decided_on: Mapped[date]
    valid_until: Mapped[date | None]  # 有效期至 of a licence, honour or rating
    published_from: Mapped[date]  # 公示期
    published_until: Mapped[date | None]  # NULL: long-term (长期)
    withdrawn_on: Mapped[date | None]  # 修复, 撤回 or 移出 on that day; why is in withdrawn_reason
    withdrawn_reason: Mapped[str | None] = mapped_column(String(100))
    data_on: Mapped[date]  # 数据日期
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Its life; changed only by services/credit/advance.py, or by an import that writes the event as well.
    life: Mapped[Life] = mapped_column(word(Life), default=Life.PUBLISHED)
    version: Mapped[int] = mapped_column(default=1)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"))  # the version before
    drafted_by: Mapped[str | None] = mapped_column(String(40))  # staff:12; NULL: came from its source
    approved_by: Mapped[str | None] = mapped_column(String(40))
    catalogue_class: Mapped[str | None] = mapped_column(String(60))  # 公共信用信息目录类别; NULL: by its type
    minor_shown_reason: Mapped[str | None] = mapped_column(Text)  # why a minor breach is public nevertheless
    topic: Mapped[str | None] = mapped_column(String(40), index=True)  # 专题库
    sector: Mapped[str | None] = mapped_column(String(40))  # 重点领域
    duties_done_on: Mapped[date | None]  # 义务履行完毕
    promised_on: Mapped[date | None]  # 信用承诺 made public, a condition of repair
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_runs.id"), index=True)  # added by this run
    import_row: Mapped[int | None]  # of that file


class Dataset(Base):
    """What has been collected: without a row here a block is "未归集", never "未查到"."""

    __tablename__ = "datasets"

    # A RecordType's word, or "black" / "red" for the lists, or "register".
    block: Mapped[str] = mapped_column(String(24), primary_key=True)
    source_unit: Mapped[str] = mapped_column(String(100))
    data_on: Mapped[date]
    fresh_days: Mapped[int | None]  # older data is shown with a warning; NULL: no limit of its own
