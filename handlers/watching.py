"""关注 a firm, 我的关注, 取消关注, and to hear nothing any more."""

import re

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from config.answers import load_answer_rules
from handlers.credit import report_today, tapped_id
from services.enterprises.names import normalise
from services.watching.following import (
    Followed,
    Outcome,
    follow,
    is_muted,
    list_followed,
    mute,
    unfollow,
    unfollow_all,
)

router = Router("watching")

FOLLOW_TAP, UNFOLLOW_TAP = "watch:", "unwatch:"  # msgmenuid; the enterprise's id follows
MOST_LISTED = 10
FIRM = r"(?:这家|它|这个|那家|该)?(?:企业|公司|店|商家)?"
FOLLOW = rf"(?:我要|我想|帮我)?关注(?:一下)?{FIRM}(?:的变化)?"
MINE = r"(?:查看|看看|看|查)?我(?:的|都)?关注(?:了)?(?:的)?(?:企业|公司|哪些|列表|名单)*|关注列表|我关注的"
UNFOLLOW = rf"(?:我要|我想)?(?:取消|不再|不)关注(?:了)?{FIRM}(?:了)?|取关"
UNFOLLOW_ALL = r"(?:取消|删除|清空)(?:全部|所有|我的)(?:的)?关注|(?:全部|所有)(?:都)?(?:取消关注|取关)"
MUTE = r"退订(?:关注|提醒|通知|全部|所有)|(?:不要|不用|别)再(?:提醒|通知)(?:我)?(?:了)?|不再提醒|关闭(?:关注)?提醒"
NAMED = re.compile(r"(?:取消关注|取关|不再关注)\s*[:：]?\s*(?P<name>.{2,60})", re.DOTALL)
RULES = load_answer_rules().following


@router.on_tap(FOLLOW_TAP)
@router.on_text(FOLLOW)
def answer_follow(turn: Turn) -> Reply | Pass:
    """The firm whose card was tapped, or that was shown last."""
    enterprise_id = tapped_id(turn, FOLLOW_TAP) or turn.conversation.enterprise_id
    if enterprise_id is None:
        return Text(render("watch_which"))
    outcome = follow(turn.session, turn.follower.id, enterprise_id, turn.now, RULES.most_firms)
    report = report_today(turn, enterprise_id)
    if outcome is Outcome.GONE or report is None:
        return Text(render("credit_gone"))
    return Text(render("watch_followed", outcome=outcome, report=report, most=RULES.most_firms))


@router.on_click("watching")
@router.on_text(MINE)
def answer_mine(turn: Turn) -> Reply:
    """The firms, each to be looked at or given up."""
    return show_mine(turn, list_followed(turn.session, turn.follower.id))


def show_mine(turn: Turn, followed: list[Followed], intro: str = "") -> Reply:
    """A list that fits a phone."""
    shown = followed[:MOST_LISTED]
    values = {"shown": shown, "count": len(followed), "intro": intro}
    return Text(render("watch_mine", is_muted=is_muted(turn.session, turn.follower.id), **values))


@router.on_tap(UNFOLLOW_TAP)
def answer_unfollow_tap(turn: Turn) -> Reply | Pass:
    """One firm of the list."""
    enterprise_id = tapped_id(turn, UNFOLLOW_TAP)
    return PASS if enterprise_id is None else end_following(turn, enterprise_id)


@router.on_text(UNFOLLOW_ALL)
def answer_unfollow_all(turn: Turn) -> Reply:
    """None any more."""
    return Text(render("watch_none_left", count=unfollow_all(turn.session, turn.follower.id)))


@router.on_text(MUTE)
def answer_mute(turn: Turn) -> Reply:
    """The list stays; following a firm again ends the silence."""
    return Text(render("watch_muted", had_any=mute(turn.session, turn.follower.id, turn.now)))


@router.on_text(UNFOLLOW)
def answer_unfollow(turn: Turn) -> Reply:
    """The firm shown last, or the only one; else which."""
    followed = list_followed(turn.session, turn.follower.id)
    ids = [one.enterprise_id for one in followed]
    if turn.conversation.enterprise_id in ids:
        return end_following(turn, turn.conversation.enterprise_id or 0)
    if len(ids) == 1:
        return end_following(turn, ids[0])
    return show_mine(turn, followed, "要取消哪一家？点它后面的“取消”。" if ids else "")


@router.on_text(lambda turn: NAMED.fullmatch(turn.words) is not None)
def answer_unfollow_named(turn: Turn) -> Reply:
    """取消关注 with a name, or part of it."""
    found = NAMED.fullmatch(turn.words)
    name = normalise(found["name"]) if found else ""
    followed = list_followed(turn.session, turn.follower.id)
    meant = [one for one in followed if name and name in normalise(one.name)]
    if len(meant) == 1:
        return end_following(turn, meant[0].enterprise_id)
    return show_mine(
        turn, meant or followed, "您关注的企业里有几家像，要取消哪一家？" if meant else "您没有关注这一家。"
    )


def end_following(turn: Turn, enterprise_id: int) -> Reply:
    """Said also where it was not followed: the wish is fulfilled."""
    unfollow(turn.session, turn.follower.id, enterprise_id)
    report = report_today(turn, enterprise_id)
    return Text(render("watch_ended", name=report.name if report else ""))
