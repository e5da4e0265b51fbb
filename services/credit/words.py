"""The Chinese words of the credit archive, each in this one place."""

from models.archive_words import ArchiveAction, Life, ObjectionState, TagKind
from models.enterprise import NameKind, Status
from models.record import InfoClass
from services.credit.repair import Missing, Route
from services.credit.standing import Why

# 登记状态. An enterprise that was REMOVED is not shown and needs no word.
STATUS_WORDS = {
    Status.UNKNOWN: "登记数据中未载明状态",
    Status.IN_FORCE: "存续",
    Status.DEREGISTERED: "已注销",
    Status.REVOKED: "已吊销",
    Status.MOVED_OUT: "已迁出",
}

# What a status means for those who deal with the firm; a fact of law, no advice.
STATUS_NOTES = {
    Status.UNKNOWN: "登记数据中未载明，请到官方核验",
    Status.IN_FORCE: "存续",
    Status.DEREGISTERED: "已注销（主体资格已终止）",
    Status.REVOKED: "已吊销（不得继续经营）",
    Status.MOVED_OUT: "已迁出（最新信息请查迁入地）",
}

NAME_WORDS = {NameKind.FORMER: "曾用名", NameKind.SHORT: "简称", NameKind.SIGN: "店招"}

# What a branch is called, by the last character of its name; others are 分支机构.
BRANCH_WORDS = {"司": "分公司", "店": "分店"}

# The information classes are told apart and never blended (湘商秩〔2020〕1号 三3).
SECTION_WORDS = {
    InfoClass.ADMINISTRATIVE: "行政管理信用信息",
    InfoClass.MARKET: "市场化综合信用评价",
    InfoClass.THIRD_PARTY: "第三方专业信用评价",
    InfoClass.SELF_DISCIPLINE: "行业自律信息（非行政认定）",
}

# Blocks in the order in which they are shown: RecordType's words, and the two kinds of lists.
# The names are those of 公共信用信息报告标准, so that citizens meet them again elsewhere.
BLOCK_WORDS = {
    "black": "严重失信主体名单",
    "penalty": "行政处罚",
    "abnormal": "经营异常名录",
    "court": "失信被执行人",
    "licence": "行政许可",
    "red": "守信名单（诚信典型）",
    "honour": "表彰荣誉",
    "demonstration": "示范创建",
    "commitment": "信用承诺",
    "prepaid": "单用途预付卡备案",
    "complaint_summary": "投诉公示",
    "exposure": "曝光",
    "rating": "第三方评价",
    "association_rating": "商协会评价",
}

# The class a block belongs to when nothing in it says otherwise.
BLOCK_CLASSES = dict.fromkeys(BLOCK_WORDS, InfoClass.ADMINISTRATIVE) | {
    "rating": InfoClass.THIRD_PARTY,
    "association_rating": InfoClass.SELF_DISCIPLINE,
}

# What of a record's details may be shown, and how it is called; anything else stays unseen.
DETAIL_WORDS = {
    "licence_kind": "许可类别",
    "certificate": "证书名称",
    "certificate_number": "许可编号",
    "offence": "违法行为类型",
    "penalty_kind": "处罚类别",
    "fine_wan": "罚款（万元）",
    "confiscated_wan": "没收（万元）",
    "level": "级别",
    "case_number": "案号",
    "filed_on": "立案日期",
    "performance": "履行情况",
    "circumstance": "具体情形",
    "commitment_kind": "承诺类型",
    "fulfilment": "履约状态",
    "grade": "等级",
    "method": "评价办法",
    "report_number": "报告编号",
    "prepaid_kind": "备案类型",
    "prepaid_number": "备案号",
    "custody": "资金存管",
    "period": "统计期间",
    "accepted_count": "受理数",
    "settled_rate": "和解率",
}


# 生命周期, as staff read it.
LIFE_WORDS = {
    Life.DRAFT: "草稿",
    Life.PENDING_REVIEW: "待审核",
    Life.PUBLISHED: "公示中",
    Life.OBJECTED: "公示中，异议处理中",
    Life.EXPIRED: "公示期满",
    Life.REPAIRED: "已修复",
    Life.WITHDRAWN: "已撤回",
    Life.CORRECTED: "已更正",
    Life.REMOVED: "已移出",
}

# Why something is shown to citizens or not, as staff read it.
WHY_WORDS = {
    Why.IN_FORCE: "公示中",
    Why.OBJECTED: "公示中，标注“异议处理中”",
    Why.DRAFT: "不公示：还是草稿",
    Why.PENDING_REVIEW: "不公示：等待审核",
    Why.REPAIRED: "不公示：已完成信用修复",
    Why.WITHDRAWN: "不公示：已撤回",
    Why.CORRECTED: "不公示：已更正，以新版本为准",
    Why.REMOVED: "不公示：已移出",
    Why.NOT_YET: "不公示：还没到公示开始日",
    Why.EXPIRED: "不公示：公示期满",
    Why.RUN_OUT: "不公示：有效期已过",
    Why.MINOR: "不公示：轻微失信，没有登记公示理由",
    Why.PERSON: "不公示：自然人的信息",
    Why.SELF_EMPLOYED: "不公示：个体工商户经营者个人的信息",
    Why.INCOMPLETE: "不公示：缺少名单名称、依据、文号或机关",
    Why.NOT_STATUTORY: "不公示：商协会的认定是行业自律信息，不能列入严重失信主体名单",
}

ARCHIVE_ACTION_WORDS = {
    ArchiveAction.DRAFT: "起草",
    ArchiveAction.EDIT: "修改",
    ArchiveAction.SUBMIT: "送审",
    ArchiveAction.RETURN: "退回修改",
    ArchiveAction.APPROVE: "批准公示",
    ArchiveAction.DISCARD: "作废",
    ArchiveAction.IMPORT: "归集入库",
    ArchiveAction.UNDO_IMPORT: "撤销导入",
    ArchiveAction.OBJECT: "标注异议",
    ArchiveAction.SETTLE: "取消异议标注",
    ArchiveAction.NOTE_REPAIR: "登记修复条件",
    ArchiveAction.REPAIR: "信用修复",
    ArchiveAction.WITHDRAW: "撤回",
    ArchiveAction.CORRECT: "更正",
    ArchiveAction.REMOVE: "移出",
}

OBJECTION_WORDS = {
    ObjectionState.FILED: "已提交，待标注",
    ObjectionState.MARKED: "已标注，核查中",
    ObjectionState.FORWARDED: "已转数据来源单位核查",
    ObjectionState.UPHELD: "异议成立",
    ObjectionState.DISMISSED: "异议不成立",
    ObjectionState.WITHDRAWN: "本人已撤回",
}

TAG_WORDS = {TagKind.TOPIC: "专题库", TagKind.SECTOR: "重点领域"}
SEVERITY_WORDS = {"minor": "轻微", "general": "一般", "serious": "严重"}

# 信用修复: what is not there yet, and who takes a record off.
MISSING_WORDS = {
    Missing.PERIOD: "最短公示期满",
    Missing.DUTIES: "义务履行完毕（还没登记）",
    Missing.PROMISE: "公开的信用承诺（还没登记）",
}
ROUTE_WORDS = {
    Route.REPAIR: "到“信用中国”网站申请信用修复（谁认定、谁修复）",
    Route.REGISTRY: "改正后向列入的市场监督管理部门申请移出经营异常名录",
    Route.COURT: "履行义务后向执行法院申请删除失信信息",
    Route.SOURCE: "向发布这条信息的单位提出",
}
