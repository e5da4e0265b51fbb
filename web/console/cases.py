"""The room of cases: what its views share, and the words its templates use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from models.case import Case
from models.role import Role
from models.staff import StaffAccount
from services.cases.docket import Docket, open_docket
from services.cases.facts import Actor
from services.cases.listing import Urgent, measure
from services.cases.sight import Field, Viewer
from services.cases.standing import find_case
from services.cases.view import viewer_of
from services.cases.wording import name_of
from services.staff.accounts import list_accounts
from services.staff.duties import Permission
from services.staff.sessions import Visit
from web.console.office import Office, here

READERS = (Permission.READ_CASES, Permission.MEDIATE)
WATCHERS = (Permission.TAKE_IN, Permission.SUPERVISE, Permission.DISPATCH)  # of major events
DUE_WORDS = {
    Urgent.LATE: "已超期",
    Urgent.TODAY: "今天到期",
    Urgent.SOON: "快到期",
    Urgent.LATER: "未到期",
    Urgent.NONE: "不计时",
}


@dataclass(frozen=True)
class Due:
    """A deadline as a badge: colour by `urgent`, and the same in words."""

    urgent: Urgent
    words: str


@dataclass(frozen=True)
class Link:
    """A button at the head of the work list."""

    endpoint: str
    title: str
    permissions: tuple[Permission, ...]
    key: str = ""
    is_main: bool = False


LINKS = (
    Link("console.new_case", "登记来电来访", (Permission.TAKE_IN,), "n", is_main=True),
    Link("console.case_alerts", "提醒", (Permission.READ_CASES,), "t"),
    Link("console.events", "重大事件", WATCHERS),
    Link("console.case_statistics", "统计", (Permission.READ_CASES,)),
)
# What helps to fill a field in; by step, or for all.
HINTS = {
    "text": "市民会收到这段话；不写姓名、电话、住址",
    "recovered": "没有就不填，例：1500",
    "remote_number": "接收单位给的编号",
    "parent_number": "保留的那一件；这一件并进去",
    "summary": "一两句话说清楚，不写姓名、电话；商协会看到的就是它",
}
STEP_HINTS = {
    ("publish", "text"): "公众会看到这段话；写清事由、处理结果，不写任何人的信息",
    ("propose_suspension", "text"): "原因；负责人批准后市民会收到",
    ("propose_extension", "text"): "原因；负责人批准后市民会收到",
    ("propose_answer", "text"): "由审核人审核，通过后市民会收到",
    ("log_contact", "note"): "例：无人接听；约定下午三点再打。联系不上也要记，满三个不同的日子可以办结",
    ("take_back", "note"): "对方为什么退回；期限接着算，转交在外的日子不计",
    ("take_back_accepted", "note"): "对方为什么退回；期限接着算，转交在外的日子不计",
    ("add_more", "text"): "市民补了什么材料",
    ("supplement", "text"): "市民补充说了什么",
}


def hint_of(action: str, name: str) -> str:
    """What is said under a field's label."""
    return STEP_HINTS.get((action, name), HINTS.get(name, ""))


def links_here() -> list[Link]:
    """Those that this visit may follow."""
    return [link for link in LINKS if any(here().may(one) for one in link.permissions)]


def add_case_words(pages: Blueprint) -> None:
    """What the templates of cases use."""
    pages.add_app_template_global(links_here, "case_links")
    pages.add_app_template_global(hint_of, "hint_of")
    pages.add_app_template_filter(lambda fen: f"{fen / 100:,.2f} 元" if fen is not None else "", "yuan")
    pages.add_app_template_global(name_of, "name_of")
    pages.add_app_template_global(Field, "Field")


def actor_of(visit: Visit) -> Actor:
    """Who acts, as the workflow knows them."""
    return Actor(frozenset(visit.roles), f"staff:{visit.account_id}", visit.unit, visit.name)


def docket_of(office: Office, session: Session) -> Docket:
    """For one page."""
    return open_docket(session, office.rules, office.clock())


def load_case(docket: Docket, number: str, actor: Actor) -> Case:
    """The case with this number; 404 where there is none, or none for these eyes."""
    case = find_case(docket.session, number)
    if case is None or viewer_of(case, actor) is Viewer.STRANGER:
        abort(404)
    return case


def tell_due(docket: Docket, due_at: datetime | None) -> Due:
    """A deadline in few words: 还有 3 个工作日."""
    urgent, days = measure(docket, due_at)
    if urgent is Urgent.LATE:
        return Due(urgent, f"超期 {days} 个工作日" if days else "已超期")
    if urgent is Urgent.TODAY:
        return Due(urgent, "今天到期")
    return Due(urgent, DUE_WORDS[urgent] if urgent is Urgent.NONE else f"还有 {days} 个工作日")


def names_of_staff(session: Session) -> dict[str, str]:
    """staff:12 → 赵磊, for histories."""
    return {f"staff:{one.id}": one.name for one in list_accounts(session)} | {"citizen": "市民", "system": "系统"}


def list_units(office: Office, people: Iterable[StaffAccount]) -> list[str]:
    """The units that may be given a case: those of the categories, and those with somebody to handle it."""
    named = [category.unit for category in office.rules.categories if category.unit]
    manned = [one.unit for one in people if Role.HANDLER in one.roles and one.unit and not one.disabled_at]
    return list(dict.fromkeys([*named, *sorted(manned)]))


def list_associations(people: Iterable[StaffAccount]) -> list[str]:
    """Those with somebody who mediates."""
    return sorted({one.unit for one in people if Role.MEDIATOR in one.roles and one.unit and not one.disabled_at})
