"""我的数据: what is kept of a citizen, told in the chat, and deleted as far as the law lets us."""

import re
from typing import Any

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.complaint_form import docket_of
from services.cases.my_data import erase_my_data, export_my_data
from services.cases.personal import mask_name, mask_phone

router = Router("complaint_data")

TOPIC, SURE_TOPIC = "my_data", "sure"
MY_DATA = r"(?:查看|看|导出)?我的(?:数据|个人信息|资料)(?:查询|导出|下载)?"
EXPORT = r"导出(?:我的)?数据|导出明细|下载我的数据"
ERASE = r"删除(?:我的)?(?:数据|个人信息|资料)|注销(?:我的)?(?:数据|信息)"
SURE = r"确定删除|确定|确认|确认删除|是的?"
MOST_CASES = 5


@router.on_text(MY_DATA)
def tell_my_data(turn: Turn) -> Reply:
    """What is kept, how much of it, until when; what can be done."""
    exported = export_my_data(docket_of(turn), turn.follower.id)
    rules = turn.desk.rules
    return Text(
        render(
            "complaint_my_data",
            case_count=len(exported["cases"]),
            draft_count=len(exported["drafts"]),
            followed_count=len(exported["followed_firms"]),
            years=rules.retention.case_years,
            hours=rules.draft_hours,
            bureau=turn.desk.bureau,
            url=turn.desk.link("/h5/my-data"),
        )
    )


@router.on_text(EXPORT)
def tell_details(turn: Turn) -> Reply:
    """Each case: who, when, what, how many files, which consents; the newest first."""
    exported = export_my_data(docket_of(turn), turn.follower.id)
    lines = [describe(case) for case in exported["cases"][:MOST_CASES]]
    more = len(exported["cases"]) - len(lines)
    return Text(
        render(
            "complaint_my_cases",
            lines=lines,
            more_count=more,
            drafts=exported["drafts"],
            followed=[one["name"] for one in exported["followed_firms"]],
            bureau=turn.desk.bureau,
        )
    )


def describe(case: dict[str, Any]) -> dict[str, Any]:
    """The parts of a case that are somebody's, short enough for a chat; telephones as masked as everywhere."""
    course, persons = case["course"], case["identity"]
    consents = [row["kind"] for row in case["consents_history"] if row["is_given"]]
    return {
        "number": course["number"],
        "on": course["submitted_at"][:10],
        "state": course["state_shown"],
        "respondent": case["respondent"]["name"],
        "persons": "、".join(f"{mask_name(one['name'])} {mask_phone(one['phone'])}" for one in persons),
        "files": len(case["evidence"]),
        "consents": "、".join(dict.fromkeys(consents)),
    }


@router.on_text(ERASE)
def ask_to_erase(turn: Turn) -> Reply:
    """Asked twice: it cannot be undone."""
    turn.conversation.enter(TOPIC, SURE_TOPIC, turn.now)
    return Text(render("complaint_erase"))


@router.on_text(lambda turn: turn.conversation.topic == TOPIC)
def erase(turn: Turn) -> Reply | Pass:
    """What was deleted, and what had to stay and why."""
    turn.conversation.leave()
    if re.fullmatch(SURE, turn.words) is None:
        return PASS
    erasure = erase_my_data(docket_of(turn), turn.follower.id)
    turn.conversation.clear()
    return Text(render("complaint_erased", erasure=erasure))
