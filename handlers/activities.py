"""活动, 报名, 我的报名, 取消报名: what is on, and a place taken or given back by one tap."""

import re

from bot.conversation import CHOICES_LAST
from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from models.activity import Activity
from services.campaigns.activities import KIND_WORDS, ActivityError, find_public, list_public
from services.campaigns.persons import hash_follower
from services.campaigns.sign_ups import Comer, cancel, find_sign_up, sign_up, sign_ups_of
from services.campaigns.times import tell_span

router = Router("activities")

TOPIC, CHOOSING = "activities", "choosing"
MOST_OFFERED = 5
SIGN_UP, SIGN_OFF = "sign-up:", "sign-off:"  # msgmenuids; the activity's id follows
LIST = r"(?:看看?|查看?|有什么|有哪些|近期|最近|现在|诚信)*(?:的)?活动(?:报名|列表|安排|有哪些)?|我?要?报名|活动预告"
OWN = r"(?:我的|查看?)(?:活动)?报名|我报了什么|报名码"
OFF = r"取消(?:活动)?报名|不参加了|退报名"
NUMBERED = re.compile(r"报名\s*(?:第)?\s*([1-9一二三四五])\s*(?:个|场)?|([1-9])")
NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五", 1)}


@router.on_click("activities")
@router.on_text(LIST)
def tell_activities(turn: Turn) -> Reply:
    """What is to come, with a number each."""
    coming = list_public(turn.session, turn.now, MOST_OFFERED)
    if not coming:
        return Text(render("activities_none", url=turn.desk.link("/h5/activities")))
    turn.conversation.offer([], turn.now)  # a number now means one of these
    turn.conversation.enter(TOPIC, CHOOSING, turn.now, ids=[one.id for one in coming])
    return Text(
        render("activities", coming=coming, kinds=KIND_WORDS, tell=tell_span, url=turn.desk.link("/h5/activities"))
    )


@router.on_tap(SIGN_UP)
def sign_up_tapped(turn: Turn) -> Reply:
    """For the tapped one."""
    return take_place(turn, tapped(turn, SIGN_UP))


def names_number(turn: Turn) -> bool:
    """报名 2 after the list; a bare number only while no firms were offered since."""
    talk, found = turn.conversation, NUMBERED.fullmatch(turn.words)
    if found is None or talk.topic != TOPIC or talk.topic_at is None or turn.now - talk.topic_at > CHOICES_LAST:
        return False
    return bool(found[1]) or not talk.choices


@router.on_text(names_number)
def sign_up_numbered(turn: Turn) -> Reply | Pass:
    """报名 2, or the bare number after the list."""
    found = NUMBERED.fullmatch(turn.words)
    said = (found[1] or found[2]) if found else ""
    number, ids = NUMERALS.get(said) or int(said), turn.conversation.notes.get("ids", [])
    if number > len(ids):
        return PASS if not found or found[2] else tell_activities(turn)
    return take_place(turn, find_public(turn.session, ids[number - 1]))


@router.on_text(OWN)
def tell_own(turn: Turn) -> Reply:
    """What this citizen signed up for."""
    own = sign_ups_of(turn.session, turn.follower.id, turn.now)
    return Text(render("activities_own", own=own, tell=tell_span, link_to=turn.desk.link))


@router.on_text(OFF)
def ask_which(turn: Turn) -> Reply:
    """The only one is given back at once; of several one is to be tapped."""
    own = sign_ups_of(turn.session, turn.follower.id, turn.now)
    if len(own) == 1:
        return give_back(turn, own[0][1])
    return Text(render("activities_off", own=own))


@router.on_tap(SIGN_OFF)
def sign_off_tapped(turn: Turn) -> Reply:
    """For the tapped one."""
    return give_back(turn, tapped(turn, SIGN_OFF))


def tapped(turn: Turn, prefix: str) -> Activity | None:
    """The activity of a tapped line."""
    said = turn.message.menu_id.removeprefix(prefix)
    return find_public(turn.session, int(said)) if said.isdecimal() and len(said) < 10 else None


def take_place(turn: Turn, activity: Activity | None) -> Reply:
    """Signed up, or why not."""
    if activity is None:
        return Text(render("activities_gone"))
    comer = Comer(hash_follower(turn.follower.id), "chat", turn.follower.id)
    try:
        own = sign_up(turn.session, activity, comer, turn.now)
    except ActivityError as error:
        return Text(str(error))
    turn.conversation.leave()
    url = turn.desk.link(f"/h5/sign-ups/{own.code}")
    return Text(
        render(
            "activities_signed",
            activity=activity,
            when=tell_span(activity.begins_at, activity.ends_at),
            own=own,
            url=url,
        )
    )


def give_back(turn: Turn, activity: Activity | None) -> Reply:
    """The place is free again."""
    own = find_sign_up(turn.session, activity.id, hash_follower(turn.follower.id)) if activity else None
    if activity is None or own is None:
        return Text(render("activities_gone"))
    try:
        cancel(turn.session, own, turn.now)
    except ActivityError as error:
        return Text(str(error))
    return Text(render("activities_cancelled", activity=activity))
