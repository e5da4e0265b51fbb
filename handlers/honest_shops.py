"""身边的诚信门店: how many where, and those of one district."""

import re

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from services.calendar.working_days import day_of
from services.campaigns.shops import find_shops, list_districts

router = Router("honest_shops")

SHOPS = (
    r"(?:身边|附近|周边|本地|市里)?(?:的|有哪些|有什么)*"
    r"(?:诚信|放心|示范|守信)(?:示范)?(?:门店|商店|店铺|商家|超市|企业)"
)
ASKED = re.compile(rf"(?:查|看|找|我想看|我要找)*{SHOPS}(?:有哪些|在哪里|在哪|名单|列表|呢)?")
WHERE = re.compile(rf"(?P<place>[一-龥]{{2,10}}?)(?:的|有哪些)*{SHOPS}(?:有哪些|在哪里|在哪|名单)?")
MOST_TOLD, MOST_PLACES = 5, 8


@router.on_click("shops")
@router.on_text(lambda turn: ASKED.fullmatch(turn.words) is not None)
def tell_places(turn: Turn) -> Reply:
    """By district, each to be tapped."""
    shops = find_shops(turn.session, day_of(turn.now))
    url = turn.desk.link("/h5/shops")
    return Text(render("honest_shops", places=list_districts(shops)[:MOST_PLACES], total=len(shops), url=url))


@router.on_text(lambda turn: WHERE.fullmatch(turn.words) is not None)
def tell_shops(turn: Turn) -> Reply | Pass:
    """城关区诚信门店; what is no place is left to the finder."""
    found = WHERE.fullmatch(turn.words)
    place = found["place"] if found else ""
    every = find_shops(turn.session, day_of(turn.now))
    names = {name for name, _ in list_districts(every)}
    place = place if place in names else next((name for name in names if name in {place[:-1], place + "市"}), place)
    if place not in names and not place.endswith(("区", "县", "市", "旗")):
        return PASS
    shops = [shop for shop in every if shop.district == place]
    url = turn.desk.link(f"/h5/shops?district={place}")
    return Text(render("honest_shops_there", place=place, shops=shops[:MOST_TOLD], count=len(shops), url=url))
