"""诚信活动 in the browser: quiz, activities, commitments, stories, honest shops; every form in them is sealed."""

from flask import Blueprint, render_template

from bot.js_sdk import JsSdk
from services.campaigns.running import latest_campaign
from services.counting.definitions import DEFINITIONS
from web.h5.activities import add_activities, add_check_in, add_signing_up
from web.h5.complaints_counter import ComplaintCounter, add_seal
from web.h5.evaluations import add_evaluations
from web.h5.honest_firms import add_nominations, add_shops, add_wall
from web.h5.notices import add_notices
from web.h5.quiz import add_quiz, add_quiz_try
from web.h5.quiz_certificates import add_certificates

# Endpoint, title, what it is.
DOORS = (
    ("taking.quiz", "诚信知识问答", "十道题，每题说明依据，合格领证书"),
    ("taking.activities", "活动报名", "启动仪式、大讲堂、进社区，凭报名码或现场扫码签到"),
    ("taking.commitments", "诚信承诺墙", "企业公开承诺，接受监督"),
    ("taking.stories", "诚信典型征集", "推荐诚信之星、匠心老店，讲诚信故事"),
    ("taking.shops", "身边的诚信门店", "按地区看示范创建在有效期内的企业"),
    ("taking.evaluation_lists", "绩效评价结果", "商协会和主管部门的先进、合格名单，公示期内可以提异议"),
    ("taking.notices", "订阅通知", "有新的消费提示和活动时通知您"),
    ("taking.definitions", "统计口径", "宣传活动公布的数字怎么来"),
)


def create_taking_part(counter: ComplaintCounter, js: JsSdk) -> Blueprint:
    """All pages on which citizens take part."""
    pages = Blueprint("taking", __name__)
    add_seal(pages, counter)
    add_hub(pages, counter, offers_notice=bool(js.template_id))
    add_quiz(pages, counter)
    add_quiz_try(pages, counter)
    add_certificates(pages, counter)
    add_activities(pages, counter)
    add_signing_up(pages, counter)
    add_check_in(pages, counter)
    add_wall(pages, counter)
    add_nominations(pages, counter)
    add_shops(pages, counter)
    add_evaluations(pages, counter)
    add_notices(pages, counter, js)
    return pages


def add_hub(pages: Blueprint, counter: ComplaintCounter, *, offers_notice: bool) -> None:
    """/h5/take-part: everything in one place."""
    doors = [one for one in DOORS if offers_notice or one[0] != "taking.notices"]

    @pages.get("/h5/take-part")
    def hub() -> str:
        """What one can do."""
        with counter.database.read() as session:
            campaign = latest_campaign(session, counter.today())
        return render_template("h5/take_part.html", campaign=campaign, doors=doors)

    @pages.get("/h5/definitions")
    def definitions() -> str:
        """How the published figures are counted."""
        return render_template("h5/definitions.html", definitions=DEFINITIONS)
