"""The closed sets of associations and campaigns; their Chinese words are in services/campaigns/wording.toml."""

from enum import StrEnum


class Level(StrEnum):
    """Of an association: whose region it works in."""

    PROVINCE = "province"  # 省级
    CITY = "city"  # 市级
    COUNTY = "county"  # 县级


class AssociationKind(StrEnum):
    """Three kinds that the province counts apart (湘商秩〔2020〕1号)."""

    TRADE = "trade"  # 协会
    AWAY = "away"  # 异地湖南商会: of people from here, elsewhere
    GUEST = "guest"  # 异地在湘商会: of people from elsewhere, here


class Review(StrEnum):
    """Of a commitment or honour that an association hands in."""

    SUBMITTED = "submitted"  # 待审核
    APPROVED = "approved"  # 已通过: shown to citizens
    RETURNED = "returned"  # 已退回
    WITHDRAWN = "withdrawn"  # 已撤销


class CommitmentKind(StrEnum):
    """What is promised."""

    GENERAL = "general"  # 综合信用承诺
    PRODUCT = "product"  # 产品服务专项承诺
    APPROVAL = "approval"  # 审批替代承诺
    PACT = "pact"  # 诚信公约


class Performance(StrEnum):
    """Whether a commitment was kept (履约状态)."""

    KEEPING = "keeping"  # 履行中
    KEPT = "kept"  # 已履行
    BROKEN = "broken"  # 未履行: with the record that shows it


class HonourLevel(StrEnum):
    """The five of 诚信示范创建."""

    INDUSTRY = "industry"  # 诚信行业
    PARK = "park"  # 诚信园区
    MARKET = "market"  # 诚信市场
    ENTERPRISE = "enterprise"  # 诚信企业
    STORE = "store"  # 诚信门店


class WorkKind(StrEnum):
    """What an association writes down of its work."""

    LOG = "log"  # 工作推进
    PLAN = "plan"  # 年度计划
    CHARTER = "charter"  # 章程纳入
    METHOD = "method"  # 诚信企业评价办法


class Column(StrEnum):
    """The four fixed columns of articles (湘商秩〔2020〕1号, 三4)."""

    PURPOSE = "purpose"  # 目的意义
    NEWS = "news"  # 工作动态
    IMPACT = "impact"  # 社会影响
    PRACTICE = "practice"  # 经验做法


class ArticleType(StrEnum):
    """What an article is."""

    PLAIN = "plain"  # 一般文章
    GOOD_CASE = "good_case"  # 诚信典型
    BAD_CASE = "bad_case"  # 失信案例
    VIDEO = "video"  # 视频


class ArticleState(StrEnum):
    """Where an article stands; services/campaigns/workflow.py says how it moves."""

    DRAFT = "draft"  # 起草中
    WITH_HEAD = "with_head"  # 待商协会负责人审核
    WITH_BUREAU = "with_bureau"  # 待主管部门审核
    WITH_PUBLISHER = "with_publisher"  # 待发布审批
    APPROVED = "approved"  # 已批准
    WITHDRAWN = "withdrawn"  # 已撤下
    DROPPED = "dropped"  # 已作废


class ArticleAction(StrEnum):
    """A step that somebody takes with an article."""

    SUBMIT = "submit"  # 提交
    PASS_HEAD = "pass_head"  # 负责人同意  # noqa: S105 - no password
    PASS_BUREAU = "pass_bureau"  # 审核通过  # noqa: S105 - no password
    APPROVE = "approve"  # 批准发布
    RETURN = "return"  # 退回修改
    RECALL = "recall"  # 撤回修改: by the author
    WITHDRAW = "withdraw"  # 撤下
    REVISE = "revise"  # 修改后重新送审
    DROP = "drop"  # 作废


class LinkState(StrEnum):
    """What is known of a link in an article."""

    UNKNOWN = "unknown"  # 还不知道
    ALIVE = "alive"  # 能打开
    DEAD = "dead"  # 打不开


class DayKind(StrEnum):
    """Of an entry of the campaign calendar."""

    DAY = "day"  # 纪念日
    MONTH = "month"  # 活动月
    DEADLINE = "deadline"  # 截止日


class AlertKind(StrEnum):
    """What the console tells campaign staff."""

    POST_GAP = "post_gap"  # 临近 14 天没有更新
    LINK_DEAD = "link_dead"
    ARTICLE_HIDDEN = "article_hidden"  # it names a firm whose record is no longer in force
    PICTURE_FAILED = "picture_failed"
    DEADLINE = "deadline"
