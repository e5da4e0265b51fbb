"""The demonstration's articles: what they say, who wrote them, how far they have come; all invented."""

from dataclasses import dataclass

from models.campaign_words import ArticleAction, ArticleType, Column
from services.campaigns.articles import Written

GREEN, RED, BLUE, AMBER = (7, 121, 74), (168, 35, 28), (63, 85, 131), (150, 98, 10)
Step = tuple[ArticleAction, str, str]
A = ArticleAction
SUBMIT: Step = (A.SUBMIT, "xiehui", "")
HEAD: Step = (A.PASS_HEAD, "huizhang", "内容属实，同意报送。")
REVIEW: Step = (A.PASS_BUREAU, "xuanchuan", "已核对名称和数据。")
APPROVE: Step = (A.APPROVE, "fabu", "")


@dataclass(frozen=True)
class Story:
    """One article; `[图]` stands for its picture."""

    title: str
    column: Column
    digest: str
    body: str
    alt: str
    steps: tuple[Step, ...] = ()
    days: int = 3  # ago
    writer: str = "xiehui"
    type: ArticleType = ArticleType.PLAIN
    source: str = ""
    colour: tuple[int, int, int] = GREEN
    is_of_association: bool = True
    is_of_campaign: bool = True
    names_listed: bool = False

    def written(self, campaign_id: int) -> Written:
        """As its author writes it."""
        return Written(
            column=self.column,
            type=self.type,
            title=self.title,
            digest=self.digest,
            author="示范市餐饮行业协会" if self.is_of_association else "示范市商务局",
            body=self.body,
            source=self.source,
            campaign_id=campaign_id if self.is_of_campaign else None,
            bears_theme=self.is_of_campaign,
            bears_logo=self.is_of_campaign,
        )


ARTICLES: tuple[Story, ...] = (
    Story(
        "为什么要做诚信商家",
        Column.PURPOSE,
        "诚信不是口号，是回头客，是少一半的纠纷。",
        "# 一碗面的回头客\n\n开店十二年，老板记得最清楚的是一位顾客多付了钱，他追出去两条街。\n\n[图]\n\n"
        "# 诚信能带来什么\n\n- 顾客愿意办卡、愿意推荐\n- 纠纷少，员工省心\n- 申请政策支持时，信用档案能作证明\n\n"
        "> 诚实经营、守信服务，是对顾客，也是对自己。",
        "示范市一条商业街上的五家店铺",
        (SUBMIT, HEAD, REVIEW, APPROVE),
        9,
    ),
    Story(
        "二十三家餐饮企业签下预付卡承诺",
        Column.NEWS,
        "充多少、怎么退、停业怎么办，都写进承诺书。",
        "协会组织会员企业学习预付卡管理规定，**二十三家**企业当场签订承诺书。\n\n[图]\n\n承诺写明三件事：\n\n"
        "1. 充值前告知余额怎么退\n2. 停业前三十天张贴公告\n3. 余额七日内原路退回\n\n"
        "承诺书已提交主管部门审核，通过后可以在企业的信用档案里看到。",
        "签约现场的店铺门口",
        (SUBMIT, HEAD, REVIEW, APPROVE),
        6,
        source="示范市餐饮行业协会统计",
        colour=BLUE,
    ),
    Story(
        "办卡前先查一查：信用档案怎么看",
        Column.PRACTICE,
        "三步查清一家店，看懂四种信息。",
        "# 三步\n\n1. 在公众号发店名或扫营业执照\n2. 选对是哪一家\n3. 看有没有正在公示的处罚、名单和备案\n\n[图]\n\n"
        "没有查到，不等于没有问题；以“信用中国”公布的为准：https://www.creditchina.gov.cn",
        "手机上查询企业信用档案的示意图",
        (
            (A.SUBMIT, "xuanchuan2", ""),
            (A.PASS_BUREAU, "xuanchuan", "同意。"),
            APPROVE,
        ),
        4,
        writer="xuanchuan2",
        is_of_association=False,
        colour=AMBER,
    ),
    Story(
        "收了卡钱人去楼空，这家洗衣店被列入名单",
        Column.IMPACT,
        "一起预付卡案件的来龙去脉，办卡前要看什么。",
        "长沙云朵岸洗衣服务有限公司收取预付款后停业，拒不退还，被依法列入法定名单，名单名称、依据和文号可在其信用档案里查到。\n\n"
        "[图]\n\n提醒消费者：办卡先看备案，金额不宜过大，保留合同和付款记录。",
        "关着门的洗衣店",
        ((A.SUBMIT, "xuanchuan2", ""), (A.PASS_BUREAU, "xuanchuan", "名单在公示期内，可以发布。"), APPROVE),
        2,
        writer="xuanchuan2",
        type=ArticleType.BAD_CASE,
        is_of_association=False,
        names_listed=True,
        colour=RED,
    ),
    Story(
        "社区里的诚信课",
        Column.NEWS,
        "商务诚信进社区，居民现场学查企业。",
        "协会和社区一起，教居民用手机查企业、看备案。\n\n[图]",
        "社区活动室里的课桌",
        (SUBMIT, HEAD, REVIEW),
        2,
        colour=BLUE,
    ),
    Story(
        "诚信门店评出来以后",
        Column.IMPACT,
        "挂牌三个月，投诉下降四成。",
        "挂牌的门店三个月来投诉下降 42%，客流上升。\n\n[图]",
        "挂着诚信门店牌子的店铺",
        (SUBMIT, HEAD),
        1,
        colour=AMBER,
    ),
    Story(
        "明厨亮灶，后厨什么样大家看得见",
        Column.PRACTICE,
        "会员企业把摄像头装进后厨。",
        "后厨的画面接到了店堂的屏幕上，顾客一抬头就能看见。\n\n[图]",
        "店堂里的屏幕",
        (SUBMIT,),
        1,
    ),
    Story(
        "最佳餐厅评选开始报名",
        Column.NEWS,
        "",
        "报名请打13800005678，联系人王经理。\n\n[图]",
        "报名海报",
        (SUBMIT, (A.RETURN, "huizhang", "“最佳”不能用，联系方式请写协会的座机；封面和摘要也请补上。")),
        2,
        colour=RED,
    ),
    Story(
        "去年的诚信大集",
        Column.NEWS,
        "活动已结束，文章撤下。",
        "去年的活动回顾。\n\n[图]",
        "大集上的摊位",
        (SUBMIT, HEAD, REVIEW, APPROVE, (A.WITHDRAW, "xuanchuan", "内容过时，活动已经结束。")),
        40,
        is_of_campaign=False,
    ),
    Story(
        "重复的草稿",
        Column.NEWS,
        "",
        "写重了。\n\n[图]",
        "空的店铺",
        ((A.DROP, "xiehui", "和另一篇重复。"),),
        5,
    ),
)
