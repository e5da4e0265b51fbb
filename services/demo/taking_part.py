"""Invented activities, sign-ups, quiz tries, logs, stories, tables and an evaluation, made by the real steps."""

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.taking_part import TakingPartRules, load_taking_part
from models.activity import Activity, ActivityKind, EntryKind
from models.article import Campaign
from models.association import Association
from models.counting import CountedKind
from models.nomination import NominationKind
from services.calendar.working_days import day_of
from services.campaigns import nominations
from services.campaigns.activities import ActivityWords, publish, save_activity, submit
from services.campaigns.nominations import Story
from services.campaigns.publicity import EntryWords, add_entry
from services.campaigns.running import latest_campaign
from services.campaigns.sign_ups import Comer, add_check_in, sign_up
from services.counting.contacts import note_contacts
from services.counting.evaluation import RoundWords, open_round
from services.counting.figures import Period
from services.counting.rows import ROWS, Cell
from services.counting.table import Sheet, set_units, take_in
from services.quiz.bank import current_questions
from services.quiz.tries import Taker, answer, begin, current_question

SEED = 2026
BY, BUREAU_NAME = "system", "示范市商务局"
# Days from today, kind, title, place, region, places, headcount.
ACTIVITIES = (
    (-12, ActivityKind.LAUNCH, "“诚信兴商宣传月”启动仪式", "示范市人民广场", "城关区", None, 320),
    (-9, ActivityKind.COMMUNITY, "诚信进社区：预付卡消费提示", "向阳社区活动中心", "城关区", None, 86),
    (-6, ActivityKind.LECTURE, "商务诚信大讲堂：信用修复怎么办", "市文化馆三楼报告厅", "江北区", 120, None),
    (-4, ActivityKind.MALL, "诚信进商场：明码标价看得见", "示范市百货大楼", "江北区", None, 150),
    (-2, ActivityKind.LIVE, "直播：老字号的诚信之道", "本公众号视频号", "", None, 2300),
    (3, ActivityKind.LECTURE, "商务诚信大讲堂：合同与信用", "市文化馆三楼报告厅", "江北区", 120, None),
    (6, ActivityKind.CONTEST, "诚信知识竞赛决赛", "示范市图书馆", "城关区", 60, None),
    (9, ActivityKind.COMMUNITY, "诚信进社区：家政信用怎么查", "红旗社区服务站", "南岸县", None, None),
)
ENTRIES = (
    (-11, EntryKind.PAPER, "我市启动诚信兴商宣传月", "示范日报", 2),
    (-10, EntryKind.TELEVISION, "新闻联播：诚信经营在身边", "示范电视台", 1),
    (-10, EntryKind.RADIO, "行风热线谈诚信", "示范人民广播电台", 3),
    (-9, EntryKind.MATERIAL, "预付卡消费提示", "折页", 1200),
    (-9, EntryKind.MATERIAL, "诚信经营公约", "展板", 40),
    (-8, EntryKind.SITE, "诚信兴商在行动", "市政府网站", 4),
    (-7, EntryKind.VIDEO, "一分钟看懂信用修复", "视频号", 2),
    (-6, EntryKind.CONSULT, "大讲堂现场答疑", "文化馆", 45),
    (-3, EntryKind.LIVE, "走进老字号", "抖音", 1860),
)
STORIES = (
    (NominationKind.SHOP, "三十年不缺斤少两的粮油店", "示范市老街粮油店", True),
    (NominationKind.STAR, "退回多收货款的送菜师傅", "城关区农贸市场李师傅", True),
    (NominationKind.TALK, "预付卡要敢退，顾客才敢办", "市民赵女士", False),
)
TELLING = "开店以来一直足斤足两，标价清楚；有一次多收了顾客的钱，当晚就打电话请顾客来取，街坊邻居都愿意来这里买东西。"
COMMUNITIES = ("示范街道向阳社区", "城南街道红旗社区", "江北街道滨河社区")


def load_demo_taking_part(session: Session, now: datetime, rules: TakingPartRules | None = None) -> int:
    """Everything of a running campaign; where there are activities, nothing is added. How many activities."""
    if session.scalar(select(Activity.id).limit(1)) is not None:
        return 0
    rules, drawn, today = rules or load_taking_part(), random.Random(SEED), day_of(now)  # noqa: S311 - invented data
    campaign = latest_campaign(session, today)
    campaign_id = campaign.id if campaign else None
    associations = list(session.scalars(select(Association).order_by(Association.id)))
    for place, planned in enumerate(ACTIVITIES):
        owner = associations[place % len(associations)].id if associations and place % 2 else None
        add_activity(session, planned, now, drawn, campaign_id=campaign_id, association_id=owner)
    for days, kind, title, way, count in ENTRIES:
        said = EntryWords(kind, title, today + timedelta(days=days), count, way, campaign_id=campaign_id)
        add_entry(session, said, association_id=None, by=BY, now=now)
    add_tries(session, now, rules, drawn, [one.id for one in associations])
    add_contacts(session, now, drawn)
    for place, (sort, title, subject, consents) in enumerate(STORIES):
        story = Story(sort, title, subject, TELLING, proof="街坊可以作证", consents=consents)
        at = now - timedelta(days=place + 1)
        nominations.hand_in(session, story, f"demonstration story {place:02}", BUREAU_NAME, follower_id=None, now=at)
    if campaign is not None:
        add_tables(session, campaign, now)
    name = f"{today.year}年度商协会商务诚信工作绩效评价"
    year = Period(date(today.year, 1, 1), date(today.year, 12, 31))
    open_round(session, RoundWords(name, year), rules.evaluation, BY, now=now)
    return len(ACTIVITIES)


def add_activity(
    session: Session,
    planned: tuple[int, ActivityKind, str, str, str, int | None, int | None],
    now: datetime,
    drawn: random.Random,
    *,
    campaign_id: int | None,
    association_id: int | None,
) -> None:
    """One, with people; the last of an association still waits for the bureau."""
    days, kind, title, place, region, capacity, headcount = planned
    begins_at = (now + timedelta(days=days)).replace(hour=1, minute=30, second=0, microsecond=0)
    said = ActivityWords(
        kind,
        title,
        place,
        begins_at,
        begins_at + timedelta(hours=2),
        "欢迎市民参加，不收费用。",
        region,
        capacity,
        campaign_id,
    )
    made_at = begins_at - timedelta(days=10)
    row = save_activity(session, None, said, association_id=association_id, by=BY, now=made_at, is_bureau=True)
    submit(row)
    if days == ACTIVITIES[-1][0] and association_id is not None:
        return
    publish(row, BY, made_at)
    session.flush()
    came = drawn.randrange(18, 42)
    for number in range(came):
        comer = Comer(drawn.randbytes(32), drawn.choice(("chat", "chat", "h5")))
        own = (
            sign_up(session, row, comer, min(now, begins_at - timedelta(days=drawn.randrange(1, 8))))
            if number % 2
            else None
        )
        if begins_at < now:
            at = begins_at + timedelta(minutes=drawn.randrange(30))
            add_check_in(session, row, replace(comer, channel=drawn.choice(("h5", "h5", "staff"))), own, at)
    row.headcount = headcount if begins_at < now else None


def add_tries(session: Session, now: datetime, rules: TakingPartRules, drawn: random.Random, ids: list[int]) -> None:
    """People answer for associations and communities; most pass."""
    if len(current_questions(session)) < rules.quiz.questions:
        return
    for _ in range(24):
        at = now - timedelta(days=drawn.randrange(1, 13), minutes=drawn.randrange(600))
        association = drawn.choice([*ids, None]) if ids else None
        channel, community = drawn.choice(("chat", "h5")), drawn.choice(COMMUNITIES)
        taker = Taker(drawn.randbytes(32), channel, association_id=association, community=community)
        attempt = begin(session, taker, rules.quiz, at)
        while question := current_question(session, attempt):
            answer(session, attempt, question.answer if drawn.random() < 0.8 else "A", at)


def add_contacts(session: Session, now: datetime, drawn: random.Random) -> None:
    """Two weeks in the chat."""
    for number in range(160):
        at = now - timedelta(days=drawn.randrange(13), minutes=drawn.randrange(600))
        more = [CountedKind.LOOK_UP] * (number % 3 > 0) + [CountedKind.FOLLOW] * (number % 5 == 0)
        note_contacts(session, [CountedKind.CONSULT, *more], f"demonstration {number % 70}", at)


def add_tables(session: Session, campaign: Campaign, now: datetime) -> None:
    """Three counties, one of which has not handed in."""
    set_units(session, campaign.id, ["城关区商务局", "江北区商务局", "南岸县商务局"])
    numbers = {"meeting": (6, 410), "material": (450,), "paper": (1,), "site": (5,), "video": (2,), "live": (1, 620)}
    for place, unit in enumerate(("城关区商务局", "江北区商务局"), 1):
        cells = {row.code: Cell(tuple(n * place for n in numbers.get(row.code, (0,)))) for row in ROWS}
        cells["material"] = Cell(cells["material"].numbers, ("海报",))
        cells["coverage"], cells["consult"] = Cell((860 * place,)), Cell((75 * place,))
        take_in(session, campaign, Sheet(campaign.year, unit, cells), bytes([place]) * 32, BY, now=now)
