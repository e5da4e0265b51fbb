"""Who is on a public list today: by list, by place, a few in the chat and all of them on the page."""

import re

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.choosing import said_region
from models.listing import Kind, Listing
from services.calendar.working_days import day_of
from services.credit.public_lists import ListHead, ListPage, ListWanted, find_entries, heads_of

router = Router("lists")

LIST_TAP = "list:"  # msgmenuid; the id of one entry of the list and the page follow
HERE = re.compile(r"list:([0-9]{1,9}):([0-9]{1,3})")
RED, BLACK = "红名单|红榜|守信名单|诚信名单|诚信典型名单|光荣榜", "失信名单|黑名单|黑榜|严重失信主体名单|严重失信名单"
WHO = re.compile(
    rf"(?:查|看|查看|查询|我要看|想看|有哪些)*(?P<place>.{{0,8}}?)(?:的)?(?P<list>{RED}|{BLACK})"
    r"(?:上)?(?:都)?(?:有)?(?P<who>谁|哪些企业|哪些公司|哪些商家|企业名单|全部|名单|公示|有哪些|哪些|查询)+(?:吗|呢)?"
)
PLACE = re.compile(rf"(?P<place>.{{2,8}}?)(?:市|省|县|区)?的?(?P<list>{RED}|{BLACK})")
IN_CHAT = 4  # entries in one answer; a page of the service holds whole multiples


@router.on_tap(LIST_TAP)
def answer_list(turn: Turn) -> Reply | Pass:
    """A tapped list, known by one of its entries; what has gone from it meanwhile is not shown."""
    found = HERE.fullmatch(turn.message.menu_id)
    listing = turn.session.get(Listing, int(found[1])) if found else None
    if found is None or listing is None:
        return PASS
    return show_entries(turn, ListWanted(listing.kind, listing.list_name), int(found[2]))


@router.on_text(lambda turn: asked_list(turn.words) is not None)
def answer_who(turn: Turn) -> Reply | Pass:
    """失信名单有哪些企业; 湘潭红名单."""
    asked = asked_list(turn.words)
    return PASS if asked is None else show_entries(turn, asked, 1)


def asked_list(words: str) -> ListWanted | None:
    """Which list, of which place; None where no list is asked for by who is on it."""
    if (found := WHO.fullmatch(words)) and (not found["place"] or said_region(found["place"])):
        return ListWanted(kind_of(found["list"]), region=said_region(found["place"]))
    found = PLACE.fullmatch(words)
    region = said_region(found["place"]) if found else ""
    return ListWanted(kind_of(found["list"]), region=region) if found and region else None


def kind_of(word: str) -> Kind:
    """Red or black, by what citizens say."""
    return Kind.RED if re.fullmatch(RED, word) else Kind.BLACK


def heads_today(turn: Turn, kind: Kind | None = None) -> list[ListHead]:
    """The lists with somebody on them."""
    return heads_of(turn.session, day_of(turn.now), kind)


def show_entries(turn: Turn, wanted: ListWanted, page: int) -> Text:
    """A few of those on it, with the basis, and where all of them are."""
    found: ListPage = find_entries(turn.session, wanted, day_of(turn.now), max(1, min(page, 999)), IN_CHAT)
    url = turn.desk.link(f"/h5/lists/{wanted.kind or ''}")
    values = {
        "found": found,
        "wanted": wanted,
        "url": url,
        "asked_by_old_word": "黑名单" in turn.words or "黑榜" in turn.words,
        "is_one_list": len({entry.listing.list_name for entry in found.entries}) == 1,
    }
    return Text(render("list_entries", **values), more_url=url)
