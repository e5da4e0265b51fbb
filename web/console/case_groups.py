"""The buttons of a case page in groups, so that eight of thirty are found at a glance."""

from models.case_words import Action as A  # noqa: N817 - short, so that the table is a table
from services.cases.offers import Offer

GROUPS: dict[str, tuple[A, ...]] = {
    "决定": (
        A.ACCEPT,
        A.REJECT,
        A.ASK_MORE,
        A.REFER,
        A.ASSIGN,
        A.APPOINT,
        A.APPROVE_ANSWER,
        A.APPROVE_SUSPENSION,
        A.APPROVE_EXTENSION,
        A.DECLINE_PROPOSAL,
        A.UPHOLD_ANSWER,
        A.ORDER_REWORK,
        A.CLOSE_UNREACHABLE,
    ),
    "办理": (
        A.TAKE,
        A.BEGIN,
        A.BEGIN_REWORK,
        A.RETURN,
        A.PROPOSE_ANSWER,
        A.PROPOSE_EXTENSION,
        A.PROPOSE_SUSPENSION,
        A.RESUME,
        A.RESUME_MEDIATION,
        A.ACKNOWLEDGE_REFERRAL,
        A.TAKE_BACK,
        A.TAKE_BACK_ACCEPTED,
        A.NOTE_TOLD,
        A.REOPEN,
        A.RESUBMIT,
    ),
    "调解": (A.MEDIATE, A.DELEGATE_MEDIATION, A.REPORT_MEDIATION, A.END_MEDIATION),
    "登记": (
        A.LOG_CONTACT,
        A.RECORD_CONSENT,
        A.ADD_MORE,
        A.SUPPLEMENT,
        A.AMEND,
        A.MERGE,
        A.WITHDRAW,
        A.RECORD_WITHDRAWAL,
        A.FOLLOW_UP,
        A.PUBLISH,
    ),
}


def group_offers(offers: list[Offer]) -> dict[str, list[Offer]]:
    """By group, in the order above."""
    by_action = {offer.action: offer for offer in offers}
    found = {title: [by_action[one] for one in actions if one in by_action] for title, actions in GROUPS.items()}
    return {title: group for title, group in found.items() if group}
