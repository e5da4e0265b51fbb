"""How often articles were read, by day: figures of yesterday and before, the newest only from eight o'clock on."""

from datetime import date, datetime, timedelta

from simulator.clock import SHANGHAI
from simulator.platform.endpoint import Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Article
from simulator.world import World

EARLIEST = date(2025, 11, 1)
READY_HOUR = 8

endpoints = Endpoints("reads")


def note_reader(world: World, article: Article, index: int, reader: str) -> None:
    """Somebody opened the page of a sent or published article; once a day and person."""
    if not article.data_id:
        return
    with world.lock:
        places = article.readers.setdefault(world.clock.day(), [[] for _ in article.items])
        if reader not in places[index]:
            places[index].append(reader)
            world.touch()


def _asked_day(call: Call) -> date:
    """The one day that both dates name."""
    try:
        first, last = (date.fromisoformat(call.text(name)) for name in ("begin_date", "end_date"))
    except ValueError as error:
        raise WeChatError(61500) from error
    today = datetime.fromtimestamp(call.now, SHANGHAI).date()
    if first != last or not EARLIEST <= first < today:
        raise WeChatError(61501)
    return first


@endpoints.post("/datacube/getarticleread")
def article_reads(call: Call) -> Answer:
    """Every article that was read on a day; what nobody read is not named."""
    day = _asked_day(call)
    now = datetime.fromtimestamp(call.now, SHANGHAI)
    if day == now.date() - timedelta(days=1) and now.hour < READY_HOUR:
        raise WeChatError(61503)
    found = [
        {
            "ref_date": f"{day:%Y-%m-%d}",
            "msgid": f"{article.data_id}_{place}",
            "detail": {
                "read_user": len(readers),
                "read_user_source": [{"user_count": len(readers), "scene_desc": "全部"}],
            },
        }
        for article in call.world.state.articles.values()
        for place, readers in enumerate(article.readers.get(f"{day:%Y-%m-%d}", []), 1)
        if readers
    ]
    return {"list": found, "is_delay": False}
