"""The closed sets of the archive's life; plain words, so that rules can use them."""

from enum import StrEnum


class Life(StrEnum):
    """Where a record or listing stands in its life; what may be shown on a day is services/credit/standing.py."""

    DRAFT = "draft"  # 草稿
    PENDING_REVIEW = "pending_review"  # 待审核
    PUBLISHED = "published"  # 公示中
    OBJECTED = "objected"  # 公示中，异议处理中
    EXPIRED = "expired"  # 公示期满: follows from the dates, never stored
    REPAIRED = "repaired"  # 已修复
    WITHDRAWN = "withdrawn"  # 已撤回
    CORRECTED = "corrected"  # 已更正: a newer version took its place
    REMOVED = "removed"  # 已移出


class Subject(StrEnum):
    """What has a life: one row of records or of listings."""

    RECORD = "record"
    LISTING = "listing"


class ArchiveAction(StrEnum):
    """One step in the life of a record or listing; the table is services/credit/life.py."""

    DRAFT = "draft"  # 起草
    EDIT = "edit"  # 修改
    SUBMIT = "submit"  # 送审
    RETURN = "return"  # 退回修改
    APPROVE = "approve"  # 批准公示
    DISCARD = "discard"  # 作废
    IMPORT = "import"  # 归集入库
    UNDO_IMPORT = "undo_import"  # 撤销导入
    OBJECT = "object"  # 标注异议
    SETTLE = "settle"  # 异议办结
    NOTE_REPAIR = "note_repair"  # 登记修复条件
    REPAIR = "repair"  # 信用修复
    WITHDRAW = "withdraw"  # 撤回
    CORRECT = "correct"  # 更正
    REMOVE = "remove"  # 移出


class TagKind(StrEnum):
    """What a tag of an enterprise says."""

    TOPIC = "topic"  # 专题库
    SECTOR = "sector"  # 重点领域


class ObjectionState(StrEnum):
    """Where an objection stands."""

    FILED = "filed"  # 已提交
    MARKED = "marked"  # 已标注，核查中
    FORWARDED = "forwarded"  # 已转数据来源单位
    UPHELD = "upheld"  # 异议成立
    DISMISSED = "dismissed"  # 异议不成立
    WITHDRAWN = "withdrawn"  # 本人撤回
