"""信用修复: for the firm shown last, each record with its day, what is missing, where; 提醒我 on the day."""

import re

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.credit import report_today
from models.archive_words import Subject
from services.calendar.working_days import day_of
from services.credit.guide import find_guidance, guide, keep_reminder
from services.credit.words import BLOCK_WORDS, MISSING_WORDS, ROUTE_WORDS, SEVERITY_WORDS

router = Router("repair")

BOTH_WAYS = "异议与修复"
ASKED = (
    r"(?:它|他们|这家|企业|公司)?(?:怎么|如何|怎样|可以|能不能|能|我要|我想|申请|办理|想)*(?:做|进行|申请|办理|办)?的?"
    r"(?:信用修复|修复信用|失信修复|信用修复申请|修复)(?:指南|流程|条件|怎么办|怎么弄|怎么申请|去哪里?办?|多久|什么时候)?(?:吗|呢)?"
)
REMIND_TAP = "remind:"
TAPPED = re.compile(r"remind:(record|listing):([0-9]{1,9})")
IN_CHAT = 3


@router.on_text(BOTH_WAYS)
def offer_both_ways(turn: Turn) -> Reply:
    """Wrong, or put right? The two ways differ."""
    report = report_today(turn, turn.conversation.enterprise_id or 0)
    return Text(render("repair_ways", report=report))


@router.on_text(ASKED)
def tell_repair(turn: Turn) -> Reply | Pass:
    """The guide for the firm shown last; without one how it goes, and which firm is meant."""
    site = turn.desk.archive.repair
    report = report_today(turn, turn.conversation.enterprise_id or 0)
    if report is None:
        return Text(render("repair_general", site=site, url=turn.desk.link("/h5/lists#repair")))
    found = guide(turn.session, report.enterprise_id, day_of(turn.now))
    url = turn.desk.link(f"/h5/enterprises/{report.enterprise_id}/repair")
    values = {"report": report, "guide": found[:IN_CHAT], "count": len(found), "site": site, "url": url}
    return Text(render("repair_guide", **values, **WORDS), more_url=url)


WORDS = {"BLOCK": BLOCK_WORDS, "MISSING": MISSING_WORDS, "ROUTE": ROUTE_WORDS, "SEVERITY": SEVERITY_WORDS}


@router.on_tap(REMIND_TAP)
def remind_me(turn: Turn) -> Reply | Pass:
    """On the first day on which one may apply; a record that is gone meanwhile has nothing to be reminded of."""
    tapped = TAPPED.fullmatch(turn.message.menu_id)
    if tapped is None:
        return PASS
    subject, subject_id = Subject(tapped[1]), int(tapped[2])
    found = find_guidance(turn.session, subject, subject_id, day_of(turn.now))
    if found is None or not found.plan.is_waiting or found.plan.earliest_on is None:
        return Text(render("repair_reminded", found=found, is_new=False))
    is_new = keep_reminder(turn.session, found, turn.follower.id, turn.desk.archive.repair, turn.now)
    return Text(render("repair_reminded", found=found, is_new=is_new))
