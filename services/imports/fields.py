"""What the columns of the sheets say, whoever made them: one word per column, and the headings met for it."""

from enum import StrEnum

from models.importing import ImportKind


class Field(StrEnum):
    """What a column says; the value is its word in Chinese, as it is named to the reader."""

    NAME = "行政相对人名称"
    SUBJECT = "行政相对人类别"
    CREDIT_CODE = "统一社会信用代码"
    REGISTRATION = "工商注册号"
    ORGANISATION = "组织机构代码"
    DOCUMENT = "文号"
    DOCUMENT_NAME = "文书名称"
    TITLE = "名称"
    CONTENT = "内容"
    FACT = "违法事实"
    OFFENCE = "违法行为类型"
    BASIS = "依据"
    PENALTY_KIND = "处罚类别"
    PENALTY_KIND_2 = "处罚类别2"
    SEVERITY = "失信程度"
    FINE = "罚款金额"
    CONFISCATED = "没收金额"
    REVOKED_LICENCE = "暂扣或吊销证照名称及编号"
    LICENCE_KIND = "许可类别"
    CERTIFICATE = "许可证书名称"
    CERTIFICATE_NUMBER = "许可编号"
    DECIDED_ON = "决定日期"
    VALID_FROM = "有效期自"
    VALID_UNTIL = "有效期至"
    PENALTY_UNTIL = "处罚有效期"
    PUBLISHED_ON = "公示日期"
    PUBLISHED_UNTIL = "公示截止期"
    AUTHORITY = "决定机关"
    AUTHORITY_CODE = "决定机关代码"
    SOURCE_UNIT = "数据来源单位"
    SOURCE_CODE = "数据来源单位代码"
    STATE = "当前状态"
    ENDED_ON = "修复或移出日期"
    ENDED_REASON = "修复或移出原因"
    ENDED_BY = "移出机关"
    REMARK = "备注"
    LIST_NAME = "名单名称"
    BATCH = "期次"
    NOTIFIED_ON = "告知日期"
    OBJECTION_RESULT = "异议处理结果"
    REMOVAL_CONDITION = "移出条件"
    LEVEL = "级别"
    PERFORMANCE = "履行情况"
    CIRCUMSTANCE = "具体情形"
    COMMITMENT_KIND = "承诺类型"
    FULFILMENT = "履约状态"
    GRADE = "等级"
    METHOD = "评价办法"
    REPORT_NUMBER = "报告编号"
    INFO_CLASS = "信息类别"
    PREPAID_KIND = "备案类型"
    CUSTODY = "资金存管"
    SECTOR = "重点领域"
    TOPIC = "专题库"


F, K = Field, ImportKind
# Written as flatten_heading leaves them, without brackets. The words of the sheets of 信用中国 and their field codes.
COMMON: dict[Field, str] = {
    F.NAME: "行政相对人名称 行政相对人 相对人名称 单位名称 企业名称 主体名称 市场主体名称 公司名称 机构名称 商户名称"
    " 法人名称 cf_xdr_mc xk_xdr_mc xdr_mc",
    F.SUBJECT: "行政相对人类别 相对人类别 主体类别 cf_xdr_lb xk_xdr_lb xdr_lb",
    F.CREDIT_CODE: "统一社会信用代码 社会信用代码 统一代码 信用代码 单位统一社会信用代码 企业统一社会信用代码"
    " 行政相对人代码_1 行政相对人代码1 统一社会信用代码/注册号 cf_xdr_shxym xk_xdr_shxym xdr_shxym",
    F.REGISTRATION: "工商注册号 工商登记码 工商登记号 注册号 cf_xdr_gszc xk_xdr_gszc xdr_gszc cf_xdr_gsdj xk_xdr_gsdj",
    F.ORGANISATION: "组织机构代码 组织机构代码证号 cf_xdr_zzjg xk_xdr_zzjg xdr_zzjg",
    F.AUTHORITY_CODE: "处罚机关统一社会信用代码 许可机关统一社会信用代码"
    " 处罚机关代码 许可机关代码 决定机关统一社会信用代码 cf_cfjgdm xk_xkjgdm",
    F.SOURCE_UNIT: "数据来源单位 数据来源 来源单位 信息提供单位 cf_sjly xk_lydw cf_lydw",
    F.SOURCE_CODE: "数据来源单位统一社会信用代码 数据来源单位代码 cf_sjlydm xk_lydwdm cf_lydwdm",
    F.STATE: "当前状态 状态 处罚状态 许可状态 名单状态 信用修复状态 修复状态 cf_zt xk_zt zt",
    F.ENDED_ON: "修复日期 信用修复日期 修复时间 移出日期 移出时间 撤销日期 退出日期 终止公示日期",
    F.ENDED_REASON: "修复原因 移出原因 移出事由 撤销原因 修复结果 退出原因 终止公示原因",
    F.ENDED_BY: "移出机关 移出决定机关 作出移出决定机关 修复机关 作出决定机关移出",
    F.REMARK: "备注 说明 bz",
    F.SEVERITY: "失信程度 严重程度 失信等级 违法失信程度",
    F.BASIS: "依据 法律依据 法规依据 认定依据",
    F.DOCUMENT: "文号 决定书文号 文书号 cf_wsh xk_wsh wsh",
    F.DECIDED_ON: "决定日期 作出决定日期 cf_jdrq xk_jdrq jdrq",
    F.PUBLISHED_ON: "公示日期 公示时间 上网公示日期 网上公示日期 首次公示日期 发布日期 发布时间",
    F.PUBLISHED_UNTIL: "公示截止期 公示截止日期 公示截止时间 公示期限截止日期 公示期至 cf_gsjzq xk_gsjzq gsjzq",
    F.AUTHORITY: "决定机关 作出决定机关 决定单位 认定机关 认定单位 主管部门",
    F.SECTOR: "重点领域 所属行业 行业领域",
    F.TOPIC: "专题库",
}
KINDS: dict[ImportKind, dict[Field, str]] = {
    K.PENALTY: {
        F.DOCUMENT: "行政处罚决定书文号 行政处罚决定文书号 处罚决定书文号 处罚文号",
        F.TITLE: "处罚名称 案件名称 cf_cfmc",
        F.FACT: "违法事实 处罚事由 主要违法事实 cf_sy",
        F.OFFENCE: "违法行为类型 案由 cf_wfxw",
        F.BASIS: "处罚依据 行政处罚依据 cf_yj",
        F.PENALTY_KIND: "处罚类别 处罚类别1 处罚种类 cf_cflb cf_cflb1",
        F.PENALTY_KIND_2: "处罚类别2 cf_cflb2",
        F.CONTENT: "处罚内容 处罚结果 行政处罚内容 cf_nr cf_jg",
        F.FINE: "罚款金额 罚款 cf_nr_fk",
        F.CONFISCATED: "没收违法所得、没收非法财物的金额 没收金额 没收违法所得没收非法财物的金额 cf_nr_wfff",
        F.REVOKED_LICENCE: "暂扣或吊销证照名称及编号 cf_nr_zkdx",
        F.DECIDED_ON: "处罚决定日期 处罚日期 处罚生效期",
        F.PENALTY_UNTIL: "处罚有效期 处罚截止期 cf_yxq cf_jzq",
        F.AUTHORITY: "处罚机关 处罚单位 处罚决定机关 cf_cfjg cf_xzjg",
    },
    K.LICENCE: {
        F.DOCUMENT: "行政许可决定文书号 行政许可决定书文号 许可决定书文号 许可文号",
        F.DOCUMENT_NAME: "行政许可决定文书名称 许可决定文书名称 项目名称 xk_xkws xk_xmmc",
        F.LICENCE_KIND: "许可类别 审批类别 xk_xklb xk_splb",
        F.CERTIFICATE: "许可证书名称 证书名称 xk_xkzs",
        F.CERTIFICATE_NUMBER: "许可编号 许可证书编号 证书编号 许可证编号 xk_xkbh",
        F.CONTENT: "许可内容 行政许可内容 xk_nr",
        F.DECIDED_ON: "许可决定日期 许可日期 许可生效期",
        F.VALID_FROM: "有效期自 许可有效期自 有效期起 xk_yxqz xk_yxqs",
        F.VALID_UNTIL: "有效期至 许可有效期至 有效期止 许可截止期 许可有效期 xk_yxqzi xk_jzq xk_yxq",
        F.AUTHORITY: "许可机关 许可单位 许可决定机关 发证机关 xk_xkjg xk_xzjg",
    },
    K.HONOUR: {
        F.TITLE: "荣誉名称 表彰名称 称号名称 荣誉称号 创建名称 名称",
        F.LEVEL: "级别 荣誉级别 表彰级别 创建类型",
        F.CONTENT: "表彰内容 荣誉内容 事迹",
        F.DOCUMENT: "表彰文号 表彰决定文号 发文字号",
        F.AUTHORITY: "授予单位 表彰单位 授予机关 表彰机关 命名单位",
        F.DECIDED_ON: "授予日期 表彰日期 命名日期 获奖日期",
        F.VALID_UNTIL: "有效期至 有效期止 荣誉有效期至 有效期",
    },
    K.ABNORMAL: {
        F.TITLE: "列入原因 列入事由 列入经营异常名录原因",
        F.DECIDED_ON: "列入日期 列入时间 列入决定日期",
        F.AUTHORITY: "列入决定机关 列入机关 作出列入决定机关",
        F.DOCUMENT: "列入决定书文号 列入文号",
    },
    K.COURT: {
        F.NAME: "被执行人姓名/名称 被执行人名称 失信被执行人名称 失信被执行人姓名/名称 被执行人",
        F.DOCUMENT: "案号 执行案号",
        F.AUTHORITY: "执行法院 法院 执行法院名称 立案法院",
        F.DECIDED_ON: "立案时间 立案日期",
        F.BASIS: "执行依据文号 执行依据",
        F.PERFORMANCE: "被执行人的履行情况 履行情况 被执行人履行情况 义务履行情况",
        F.CIRCUMSTANCE: "失信被执行人行为具体情形 失信行为具体情形 具体情形 失信行为",
        F.CONTENT: "生效法律文书确定的义务 义务 法律生效文书确定的义务",
    },
    K.COMMITMENT: {
        F.TITLE: "承诺书名称 承诺事项 承诺名称",
        F.COMMITMENT_KIND: "承诺类型 承诺类别",
        F.CONTENT: "承诺内容",
        F.DECIDED_ON: "承诺日期 作出承诺日期 承诺时间",
        F.VALID_UNTIL: "承诺有效期 承诺有效期至 有效期至",
        F.FULFILMENT: "履约状态 履行状态 承诺履行情况 履约践诺情况",
        F.AUTHORITY: "承诺受理单位 受理单位 承诺受理机关",
        F.DOCUMENT: "承诺编号 承诺书编号",
    },
    K.RATING: {
        F.TITLE: "评价名称 评价项目 评级名称",
        F.GRADE: "等级 评价等级 信用等级 评价结果 评级结果",
        F.METHOD: "评价办法 评价标准 评价依据",
        F.REPORT_NUMBER: "报告编号 报告号 评价报告编号",
        F.INFO_CLASS: "信息类别 评价类别",
        F.DECIDED_ON: "评价日期 评级日期 评定日期",
        F.VALID_UNTIL: "有效期至 有效期止 有效期",
        F.AUTHORITY: "评价机构 评级机构 评价单位 评定单位",
    },
    K.PREPAID: {
        F.TITLE: "备案名称 备案事项",
        F.DOCUMENT: "备案号 备案编号 备案登记号",
        F.PREPAID_KIND: "备案类型 企业类型 发卡企业类型",
        F.CUSTODY: "资金存管 存管银行 资金存管银行",
        F.DECIDED_ON: "备案日期 备案时间",
        F.VALID_UNTIL: "有效期至",
        F.AUTHORITY: "备案机关 备案单位 备案部门",
    },
}
LISTED: dict[Field, str] = {
    F.LIST_NAME: "名单名称 名单 名单类型 名单类别",
    F.BASIS: "列入依据 依据条款 法规名称和条款",
    F.DOCUMENT: "列入决定书文号 列入文号 认定文号 认定文书号",
    F.CONTENT: "列入事由 列入原因 认定事由 主要事实 主要事迹",
    F.AUTHORITY: "列入机关 列入决定机关 认定部门 发布单位",
    F.DECIDED_ON: "列入日期 认定日期 列入时间 列入决定日期",
    F.BATCH: "期次 批次",
    F.NOTIFIED_ON: "告知日期 事先告知日期 告知时间",
    F.OBJECTION_RESULT: "异议处理结果 异议结果 陈述申辩情况",
    F.REMOVAL_CONDITION: "移出条件 退出条件",
    F.PUBLISHED_UNTIL: "有效期至 列入期限至",
    F.INFO_CLASS: "信息类别",
}
KINDS[K.RED] = KINDS[K.BLACK] = LISTED
# Where a bracket says which code a column holds; the number before it means another code in the sheets of 2015.
CODES: dict[str, Field | None] = {
    "统一社会信用代码": F.CREDIT_CODE,
    "工商注册号": F.REGISTRATION,
    "工商登记码": F.REGISTRATION,
    "工商登记号": F.REGISTRATION,
    "组织机构代码": F.ORGANISATION,
    "税务登记号": None,
    "事业单位证书号": None,
    "社会组织登记证号": None,
}
DAYS = frozenset(
    {
        F.DECIDED_ON,
        F.VALID_FROM,
        F.VALID_UNTIL,
        F.PENALTY_UNTIL,
        F.PUBLISHED_ON,
        F.PUBLISHED_UNTIL,
        F.ENDED_ON,
        F.NOTIFIED_ON,
    }
)
AMOUNTS = frozenset({F.FINE, F.CONFISCATED})
# Without these a row says nothing that could be published.
NEEDED: dict[ImportKind, tuple[Field, ...]] = {
    K.PENALTY: (F.NAME, F.DOCUMENT, F.DECIDED_ON, F.AUTHORITY),
    K.LICENCE: (F.NAME, F.DOCUMENT, F.DECIDED_ON, F.AUTHORITY),
    K.HONOUR: (F.NAME, F.TITLE, F.DECIDED_ON, F.AUTHORITY),
    K.RED: (F.NAME, F.DECIDED_ON),
    K.BLACK: (F.NAME, F.DECIDED_ON),
    K.ABNORMAL: (F.NAME, F.TITLE, F.DECIDED_ON, F.AUTHORITY),
    K.COURT: (F.NAME, F.DOCUMENT, F.DECIDED_ON, F.AUTHORITY),
    K.COMMITMENT: (F.NAME, F.DECIDED_ON, F.AUTHORITY),
    K.RATING: (F.NAME, F.GRADE, F.DECIDED_ON, F.AUTHORITY),
    K.PREPAID: (F.NAME, F.DOCUMENT, F.DECIDED_ON, F.AUTHORITY),
}


def headings_of(kind: ImportKind) -> dict[str, Field]:
    """Every heading met for a kind, flattened; the kind's own words win over the common ones."""
    found = {word: field for field, words in COMMON.items() for word in words.split()}
    return found | {word: field for field, words in KINDS[kind].items() for word in words.split()}


def word_of(field: Field, kind: ImportKind) -> str:
    """What a field is called in the usual sheet of a kind."""
    words = KINDS[kind].get(field)
    return words.split()[0] if words else str(field)
