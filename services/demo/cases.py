"""Invented complaints, reports and inquiries in every state, taken through the real workflow at past moments."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.cases import CaseRules
from models.case import Case
from models.case_words import Action, CaseKind, Channel, Urgency
from models.enterprise import Enterprise
from models.role import Role
from models.staff import StaffAccount
from services.cases.advance import advance
from services.cases.docket import Docket, open_docket
from services.cases.facts import SYSTEM, Actor, Step, act_as_citizen
from services.cases.filing import Filing
from services.cases.intake import file_case
from services.cases.personal import Person
from services.cases.standing import find_case
from services.demo.courses import COURSES, Turn

FAMILY, GIVEN = "王李张刘陈杨赵黄周吴徐孙", ("建国", "秀英", "伟", "桂兰", "志强", "敏", "丽华", "军")
# What people tell, by category; all invented.
STORIES = {
    "prepaid": "在该店办了2000元储值卡，用了三次，店员说老板换人了，卡不能再用，要求退还余额。",
    "prepaid_closure": "该店突然关门，门上贴着转让，卡里还有1280元没有用完，老板电话关机。",
    "retail": "超市海报写满200减50，结账时说部分商品不参加，海报上没有写明，要求补差价。",
    "ecommerce": "直播间说七天无理由退货，收到后不合适申请退货，商家一直不处理。",
    "household": "家政公司收了一个月的钱，保姆来了五天就走了，公司不换人也不退钱。",
    "catering": "订了宴席交了3000元定金，提前二十天取消，酒店说定金一分不退。",
    "oil": "加油站加了200元油，油表没有走多少，怀疑计量有问题，请核查。",
    "secondhand_cars": "买的二手车说没有出过事故，保养时查出是事故车，要求退车。",
    "other_commerce": "想问单用途预付卡商家要不要备案，在哪里可以查到备案信息。",
}
# Course, days ago, kind, category; the older ones are overdue where they stand still.
C, R, I = CaseKind.COMPLAINT, CaseKind.REPORT, CaseKind.INQUIRY  # noqa: E741 - short, so that a line is a line
PLAN = (
    ("submitted", 12, C, "prepaid"), ("submitted", 9, C, "retail"), ("submitted", 7, C, "ecommerce"),
    ("submitted", 5, R, "oil"), ("submitted", 2, C, "catering"), ("submitted", 1, C, "household"),
    ("submitted", 0.2, I, "other_commerce"), ("submitted", 0.1, C, "secondhand_cars"),
    ("need_more", 4, C, "prepaid"), ("need_more", 9, C, "ecommerce"), ("rejected", 15, C, "retail"),
    ("referred", 3, R, "catering"), ("accepted", 1.5, C, "prepaid"), ("accepted", 3, C, "catering"),
    ("accepted", 2, R, "oil"), ("returned", 1.5, C, "ecommerce"), ("assigned", 1.3, C, "ecommerce"),
    ("assigned", 4, C, "catering"), ("contacted", 2, C, "household"), ("in_progress", 6, C, "catering"),
    ("in_progress", 20, R, "ecommerce"), ("in_progress", 31, R, "household"), ("in_progress", 10, C, "prepaid"),
    ("extension", 15, R, "ecommerce"), ("suspended", 25, R, "oil"), ("mediating", 30, C, "catering"),
    ("delegated", 8, C, "catering"), ("proposed", 5, C, "ecommerce"), ("proposed", 4, I, "other_commerce"),
    ("answered", 5, C, "household"), ("answered", 6, C, "catering"), ("disputed", 7, C, "prepaid"),
    ("rework", 9, C, "retail"), ("closed", 18, C, "prepaid"), ("closed", 33, C, "catering"),
    ("closed", 47, R, "oil"), ("closed", 62, C, "retail"), ("content", 25, I, "other_commerce"),
    ("content", 40, C, "household"), ("content", 75, C, "ecommerce"), ("published", 28, C, "prepaid"),
    ("unreachable", 14, C, "ecommerce"), ("withdrawn", 11, C, "catering"), ("withdrawn", 2, C, "retail"),
    # One firm, one day: a major event.
    ("submitted", 0.9, C, "prepaid_closure"), ("submitted", 0.7, C, "prepaid_closure"),
    ("submitted", 0.5, C, "prepaid_closure"), ("submitted", 0.4, C, "prepaid_closure"),
)  # fmt: skip
CLOSED_SHOP = "示范市悦动健身服务有限公司"


@dataclass(frozen=True)
class Cast:
    """Who acts, by login; handlers by unit as well."""

    actors: dict[str, Actor]
    by_unit: dict[str, Actor]

    def play(self, turn: Turn, case: Case) -> Actor:
        """Who takes this step on this case."""
        if turn.who == "citizen":
            return act_as_citizen(case.id)
        if turn.who == "chengban":
            return self.by_unit[case.unit]
        return self.actors.get(turn.who, SYSTEM)


def load_demo_cases(session: Session, rules: CaseRules, now: datetime) -> int:
    """File the plan's cases and take each along its course; how many. Where there are cases, nothing is added."""
    if session.scalar(select(Case.id).limit(1)) is not None:
        return 0
    docket, cast = open_docket(session, rules, now), find_cast(session)
    firms = list(session.scalars(select(Enterprise).order_by(Enterprise.id).limit(len(PLAN))))
    for place, (course, days, kind, category) in enumerate(PLAN):
        filed_at = now - timedelta(days=days)
        filing = invent_filing(place, kind, category, firms[place] if place < len(firms) else None)
        opened = replace(docket, now=filed_at)
        number = file_case(opened, filing, act_as_citizen(None), f"demonstration case {place:04}").number
        walk(opened, number, course, cast, now)
    return len(PLAN)


def walk(opened: Docket, number: str, course: str, cast: Cast, now: datetime) -> None:
    """The steps of a course, none later than now."""
    for turn in COURSES[course]:
        case = find_case(opened.session, number)
        if case is None:
            raise RuntimeError("the case was just filed")
        step = replace(Step(), **turn.brings)
        if turn.action is Action.ASSIGN:
            category = opened.rules.category(case.category)
            unit = category.unit if category else ""
            person = cast.by_unit.get(unit) if case.id % 2 else None  # the others wait for whoever takes them
            step = replace(step, unit=unit, handler=person.key if person else "")
        moment = min(opened.now + timedelta(hours=turn.hours), now)
        advance(replace(opened, now=moment), number, turn.action, cast.play(turn, case), step)


def find_cast(session: Session) -> Cast:
    """The demonstration's accounts as actors."""
    actors, by_unit = {}, {}
    for account in session.scalars(select(StaffAccount)):
        actor = Actor(frozenset(account.roles), f"staff:{account.id}", account.unit, account.name)
        actors[account.login] = actor
        if Role.HANDLER in account.roles:
            by_unit[account.unit] = actor
    return Cast(actors, by_unit)


def invent_filing(place: int, kind: CaseKind, category: str, firm: Enterprise | None) -> Filing:
    """What somebody files; a third of the reports is anonymous."""
    is_closure = category == "prepaid_closure"
    name = FAMILY[place % len(FAMILY)] + GIVEN[place % len(GIVEN)]
    is_anonymous = kind is CaseKind.REPORT and place % 3 == 0
    person = Person(name, f"1380000{place:04}", f"示范市人民路{place + 1}号")
    return Filing(
        kind=kind,
        category=category,
        facts=STORIES[category],
        respondent_name=CLOSED_SHOP if is_closure or firm is None else firm.name,
        enterprise_id=None if is_closure or firm is None else firm.id,
        credit_code="" if is_closure or firm is None else firm.credit_code or "",
        notice_version="2026-11",
        channel=(Channel.CHAT, Channel.H5, Channel.PHONE)[place % 3],
        persons=() if is_anonymous else (person,),
        is_anonymous=is_anonymous,
        is_confidential=place % 5 == 0,
        amount_fen=None if kind is CaseKind.INQUIRY else (place * 73_000) % 450_000 + 60_000,
        requests=() if kind is CaseKind.INQUIRY else ("退款",) if kind is CaseKind.COMPLAINT else ("查处",),
        urgency=Urgency.URGENT if place % 11 == 3 else Urgency.NORMAL,
    )
