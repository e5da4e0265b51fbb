"""What happened to the invented cases: each course is a row of steps, so many hours after the filing."""

from dataclasses import dataclass
from typing import Any

from models.case_words import Action as A  # noqa: N817 - short, so that a course reads like a table
from models.case_words import ConsentKind, ContactOutcome, Ground, Result, Side

ASSOCIATION = "示范市餐饮行业协会"


@dataclass(frozen=True)
class Turn:
    """A step: hours after the filing, who takes it (a login, citizen or system), what is brought."""

    hours: float
    action: A
    who: str
    brings: dict[str, Any]


def turn(hours: float, action: A, who: str, **brings: Any) -> Turn:
    """A line of a course."""
    return Turn(hours, action, who, brings)


REACHED = {"way": "电话", "outcome": ContactOutcome.REACHED, "note": "已核实情况，约定进展电话告知"}
FAILED = {"way": "电话", "outcome": ContactOutcome.FAILED, "note": "无人接听"}
ANSWER = {
    "result": Result.SETTLED,
    "recovered_fen": 128_000,
    "text": "经联系商家，商家已与您协商一致，余额全部退回。感谢您的反映。",
}
ACCEPTED = (turn(20, A.ACCEPT, "shouli"),)
ASSIGNED = (*ACCEPTED, turn(24, A.ASSIGN, "paiban"))
CONTACTED = (*ASSIGNED, turn(30, A.LOG_CONTACT, "chengban", **REACHED))
WORKED = (*CONTACTED, turn(31, A.BEGIN, "chengban"))
BOTH = tuple(
    turn(48, A.RECORD_CONSENT, "chengban", consent=ConsentKind.MEDIATION, side=side)
    for side in (Side.COMPLAINANT, Side.RESPONDENT)
)
MEDIATING = (*WORKED, *BOTH, turn(50, A.MEDIATE, "chengban"))
PROPOSED = (*WORKED, turn(72, A.PROPOSE_ANSWER, "chengban", **ANSWER))
ANSWERED = (*PROPOSED, turn(75, A.APPROVE_ANSWER, "shenhe"))
CLOSED = (*ANSWERED, turn(90, A.CONFIRM, "citizen", score=5))
DISPUTED = (*ANSWERED, turn(80, A.DISPUTE, "citizen", score=2, note="只退了一半，答复说全部退回"))

COURSES: dict[str, tuple[Turn, ...]] = {
    "submitted": (),
    "need_more": (turn(20, A.ASK_MORE, "shouli", text="请补充付款凭证和会员卡照片，以便核对。"),),
    "rejected": (
        turn(
            30, A.REJECT, "shouli", ground=Ground.HANDLED_ELSEWHERE, text="您反映的事项法院已经立案，请向法院了解进展"
        ),
    ),
    "referred": (
        turn(
            20,
            A.REFER,
            "shouli",
            receiver="全国12315平台（市场监管部门）",
            legal_basis="《市场监督管理投诉举报处理办法》第四十条",
            text="食品质量由市场监管部门处理",
        ),
    ),
    "accepted": ACCEPTED,
    "assigned": ASSIGNED,
    "returned": (*ASSIGNED, turn(28, A.RETURN, "chengban", note="该企业属餐饮住宿以外的行业，请改派")),
    "contacted": CONTACTED,
    "in_progress": WORKED,
    "extension": (
        *WORKED,
        turn(60, A.PROPOSE_EXTENSION, "chengban", text="因需要向外地企业核查进货情况，未能在原期限内办结"),
    ),
    "suspended": (
        *WORKED,
        turn(60, A.PROPOSE_SUSPENSION, "chengban", text="需要等待检测机构的检测结果"),
        turn(64, A.APPROVE_SUSPENSION, "fuze"),
    ),
    "mediating": MEDIATING,
    "delegated": (
        *MEDIATING,
        turn(
            52,
            A.AMEND,
            "chengban",
            summary="宴席定金退还争议，双方愿意由协会调解",
            note="补写摘要，供协会调解",
        ),
        turn(53, A.RECORD_CONSENT, "chengban", consent=ConsentKind.DELEGATION, side=Side.COMPLAINANT),
        turn(54, A.DELEGATE_MEDIATION, "chengban", receiver=ASSOCIATION),
    ),
    "proposed": PROPOSED,
    "answered": ANSWERED,
    "disputed": DISPUTED,
    "rework": (*DISPUTED, turn(90, A.ORDER_REWORK, "shenhe", note="核对退款金额，重新答复")),
    "closed": CLOSED,
    "content": (*ANSWERED, turn(95, A.CONFIRM, "citizen", score=4)),
    "published": (
        *CLOSED,
        turn(96, A.RECORD_CONSENT, "shouli", consent=ConsentKind.PUBLISH, side=Side.COMPLAINANT),
        turn(100, A.PUBLISH, "shenhe", text="市民反映预付卡余额未退，经协调商家已全额退还。"),
        turn(110, A.FOLLOW_UP, "shouli", outcome=ContactOutcome.REACHED, note="退款已到账，满意"),
    ),
    "unreachable": (
        *ASSIGNED,
        *(turn(30 + 24 * day, A.LOG_CONTACT, "chengban", **FAILED) for day in range(3)),
        turn(80, A.CLOSE_UNREACHABLE, "chengban"),
    ),
    "withdrawn": (turn(10, A.WITHDRAW, "citizen", is_confirmed=True),),
}
