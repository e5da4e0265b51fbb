"""The room of associations: who may see which, and the words its templates use."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from models.association import Association
from models.role import Role
from services.associations.home import find_own
from services.campaigns.wording import word_of
from services.campaigns.workflow import OUTSIDERS, Hand
from services.staff.duties import Permission
from services.staff.sessions import Visit
from web.console.office import here

# Anybody whom some view of the room serves; staff of the bureau see all associations, others their own.
PEOPLE = (Permission.RUN_CAMPAIGNS, Permission.KEEP_ASSOCIATION)
BUREAU = (Permission.RUN_CAMPAIGNS,)
DECIDERS = (Permission.RUN_CAMPAIGNS, Permission.KEEP_ARCHIVE)


def add_association_words(pages: Blueprint) -> None:
    """What the templates of associations and articles use."""
    pages.add_app_template_global(word_of, "word_of")
    pages.add_app_template_global(is_outsider_here, "is_outsider")


def key_here() -> str:
    """As rows name who acts: staff:12."""
    return f"staff:{here().account_id}"


def is_outsider(visit: Visit) -> bool:
    """Of an association, not of the bureau."""
    return bool(visit.roles & OUTSIDERS) or Role.MEDIATOR in visit.roles


def is_outsider_here() -> bool:
    """Whether this visit is one."""
    return is_outsider(here())


def hand_of(session: Session) -> Hand:
    """Who acts, as the workflow of articles knows them."""
    visit = here()
    own = find_own(session, visit.unit) if is_outsider(visit) else None
    return Hand(key_here(), visit.roles, own.id if own else None)


def load_association(session: Session, association_id: int) -> Association:
    """The association; 404 where there is none, or none for these eyes."""
    found = session.get(Association, association_id)
    if found is None:
        abort(404)
    if is_outsider(here()) and (found.closed_at is not None or found.name != here().unit):
        abort(404)
    return found
