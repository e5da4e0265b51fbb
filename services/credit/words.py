"""The Chinese words of the credit archive, each in this one place."""

from datetime import date

from models.enterprise import NameKind, Status
from models.record import InfoClass

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


def date_words(day: date | None) -> str:
    """A date as citizens read it: 2026年12月1日; an empty text for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
