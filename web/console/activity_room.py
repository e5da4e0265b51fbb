"""The room of activities and counting: its pages, who sees whose, words for its templates."""

from flask import Blueprint, abort, make_response, render_template
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from models.activity import Activity
from models.article import Campaign
from models.association import Association
from models.audit import Act
from services.audit import record
from services.campaigns.activities import KIND_WORDS, STATE_WORDS
from services.campaigns.times import tell_span
from services.staff.duties import Permission
from web.console.association_room import hand_of, is_outsider
from web.console.office import Office, here

BUREAU = (Permission.RUN_CAMPAIGNS,)
PEOPLE = (Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION)

# Endpoint, title, whether associations have it too.
TABS = (
    ("console.activities", "活动", True),
    ("console.publicity", "宣传台账", True),
    ("console.nominations", "典型征集", False),
    ("console.questions", "答题题库", False),
    ("console.campaign_figures", "活动数据", True),
    ("console.statistics_table", "活动统计表", False),
    ("console.evaluations", "评价", True),
    ("console.definitions", "统计口径", True),
)


def add_activity_words(pages: Blueprint, office: Office) -> None:
    """What the templates of this room use."""
    pages.add_app_template_global(room_tabs, "room_tabs")
    pages.add_app_template_global(tell_span, "tell_span")
    pages.add_app_template_filter(lambda kind: KIND_WORDS[kind], "activity_kind")
    pages.add_app_template_filter(lambda state: STATE_WORDS[state], "activity_state")
    pages.add_app_template_global(office.today, "today_here")


def room_tabs() -> list[tuple[str, str]]:
    """The pages of this room that this visit may open."""
    outside = is_outsider(here())
    return [(endpoint, title) for endpoint, title, is_shared in TABS if is_shared or not outside]


def own_association(session: Session) -> int | None:
    """Whose staff is here; None for the bureau. Who works for an association that is not entered is told so."""
    if not is_outsider(here()):
        return None
    own = hand_of(session).association_id
    return own or abort(make_response(render_template("console/association_none.html")))


def load_activity(session: Session, activity_id: int) -> Activity:
    """The activity; 404 for another association's."""
    found = session.get(Activity, activity_id) or abort(404)
    own = own_association(session)
    return found if own is None or found.association_id == own else abort(404)


def campaigns_of(session: Session) -> list[Campaign]:
    """All, newest first."""
    return list(session.scalars(select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


def campaign_choices(session: Session) -> list[SelectChoice]:
    """For a list to choose from."""
    found = [SelectChoice(str(one.id), f"{one.year}年{one.name}") for one in campaigns_of(session)]
    return [SelectChoice("", "不属于宣传活动"), *found]


def names_of_associations(session: Session) -> dict[int, str]:
    """By id."""
    return {row[0]: row[1] for row in session.execute(select(Association.id, Association.name))}


def note(session: Session, office: Office, act: Act, subject: str, what: str, *, reason: str = "") -> None:
    """The audit log's entry; last in the transaction."""
    record(session, here().actor, act, office.clock(), subject=subject, reason=reason, details={"做了什么": what})
