"""What each role may do: one pure table, printed on the console and asked by every view."""

from enum import StrEnum

from models.role import Role


class Permission(StrEnum):
    """One thing that a view may ask for."""

    READ_CASES = "read_cases"
    TAKE_IN = "take_in"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    REVIEW = "review"
    SUPERVISE = "supervise"
    MEDIATE = "mediate"
    KEEP_ARCHIVE = "keep_archive"
    APPROVE_ARCHIVE = "approve_archive"
    RUN_CAMPAIGNS = "run_campaigns"
    APPROVE_ARTICLES = "approve_articles"
    KEEP_ASSOCIATION = "keep_association"
    LEAD_ASSOCIATION = "lead_association"
    SCREEN = "screen"
    READ_AUDIT = "read_audit"
    MANAGE_STAFF = "manage_staff"


P, R = Permission, Role
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    R.INTAKE: frozenset({P.READ_CASES, P.TAKE_IN, P.SCREEN}),
    R.DISPATCHER: frozenset({P.READ_CASES, P.DISPATCH}),
    R.HANDLER: frozenset({P.READ_CASES, P.HANDLE, P.SCREEN}),
    R.REVIEWER: frozenset({P.READ_CASES, P.REVIEW, P.APPROVE_ARCHIVE}),
    R.SUPERVISOR: frozenset({P.READ_CASES, P.REVIEW, P.SUPERVISE, P.APPROVE_ARCHIVE}),
    R.MEDIATOR: frozenset({P.MEDIATE}),  # of an association: delegated cases only, no reporter's identity
    R.ARCHIVE: frozenset({P.KEEP_ARCHIVE, P.SCREEN}),
    R.CAMPAIGN: frozenset({P.RUN_CAMPAIGNS}),
    R.PUBLISHER: frozenset({P.RUN_CAMPAIGNS, P.APPROVE_ARTICLES}),  # never of what they took the step before with
    R.ASSOCIATION: frozenset({P.KEEP_ASSOCIATION, P.SCREEN}),
    R.ASSOCIATION_HEAD: frozenset({P.KEEP_ASSOCIATION, P.LEAD_ASSOCIATION, P.SCREEN}),
    R.AUDITOR: frozenset({P.READ_CASES, P.READ_AUDIT}),  # reads only
    R.ADMINISTRATOR: frozenset({P.MANAGE_STAFF, P.READ_AUDIT}),
}

OUTSIDERS = frozenset({R.MEDIATOR, R.ASSOCIATION, R.ASSOCIATION_HEAD})
# Who looks over others' work does none of it; associations are outside the bureau.
APART: tuple[tuple[Role, frozenset[Role]], ...] = (
    (R.AUDITOR, frozenset(Role) - {R.AUDITOR}),
    (R.MEDIATOR, frozenset(Role) - OUTSIDERS),
    (R.ASSOCIATION, frozenset(Role) - OUTSIDERS),
    (R.ASSOCIATION_HEAD, frozenset(Role) - OUTSIDERS),
)


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """All that somebody with these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


def find_clash(roles: frozenset[Role]) -> tuple[Role, Role] | None:
    """Two roles that one person must not bear together, or None."""
    for role, others in APART:
        if role in roles:
            for other in Role:
                if other in others & roles:
                    return role, other
    return None
