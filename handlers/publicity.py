"""What the bureau publishes: the newest articles when asked, and what a citizen wants to be sent of them."""

import re
from collections.abc import Iterable

from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import render
from models.send_words import Topic
from services.calendar.working_days import day_of
from services.campaigns.articles import newest
from services.campaigns.interests import choice_of, choose, opt_out
from services.campaigns.sending_words import TOPICS
from services.watching.following import mute, unmute

router = Router("publicity")

MOST_SHOWN = 5
OUT = r"退订|td|t|取消订阅|取消推送|关闭推送|(别|不要|不用)(再)?(给我)?(发|推送)(宣传|文章|消息|通知|广告)?了?"
BACK = r"恢复订阅|重新订阅|恢复推送|订阅全部|全部都要|接收全部"
SETTINGS = r"(接收|订阅|推送)(设置|管理)|我的订阅"
ONLY = re.compile(r"只想?(?:看|要|收|订阅)(.{2,20})")
NEWS = r"最新(的)?(活动|消息|文章|动态|宣传)|诚信宣传|宣传(文章|活动)|(有什么|看看?)(新)?(文章|宣传)"
# What people call the topics.
NAMES = {
    Topic.TIPS: ("消费提示", "消费警示", "提示", "警示"),
    Topic.ACTIVITIES: ("活动", "诚信活动"),
    Topic.POLICY: ("政策", "法规"),
}


@router.on_click("campaigns")
@router.on_text(NEWS)
def tell_news(turn: Turn) -> Text:
    """最新活动: the newest articles that citizens may read."""
    articles = newest(turn.session, day_of(turn.now), count=MOST_SHOWN)
    return Text(render("publicity_news", articles=articles, url=turn.desk.public_url, bureau=turn.desk.bureau))


@router.on_text(OUT)
def stop(turn: Turn) -> Text:
    """No publicity any more, by whatever channel, and nothing on followed firms."""
    opt_out(turn.session, turn.follower.id, turn.now)
    return Text(render("publicity_out", follows_firms=mute(turn.session, turn.follower.id, turn.now)))


@router.on_text(BACK)
def begin_again(turn: Turn) -> Text:
    """Everything again."""
    choose(turn.session, turn.follower.id, (), turn.now)
    unmute(turn.session, turn.follower.id)
    return Text(render("publicity_back"))


@router.on_text(lambda turn: bool(find_topics(turn.words)))
def take_only(turn: Turn) -> Text:
    """只看消费提示."""
    topics = find_topics(turn.words)
    choose(turn.session, turn.follower.id, topics, turn.now)
    return Text(
        render("publicity_choice", said=say(topics), others=[TOPICS[one] for one in Topic if one not in topics])
    )


@router.on_text(SETTINGS)
@router.on_click("publicity")
def tell_settings(turn: Turn) -> Text:
    """What this citizen is sent now, and how to change it."""
    choice = choice_of(turn.session, turn.follower.id)
    notices = turn.desk.link("/h5/notices") if turn.desk.offers_notice else ""
    said, topics = say(choice.topics or Topic), TOPICS.values()
    return Text(render("publicity_settings", is_out=choice.is_out, said=said, topics=topics, notices=notices))


def find_topics(words: str) -> set[Topic]:
    """The topics after 只看; none where something else is meant."""
    found = ONLY.fullmatch(words)
    return {topic for topic, names in NAMES.items() if found and any(name in found[1] for name in names)}


def say(topics: Iterable[Topic]) -> str:
    """消费提示、政策法规."""
    chosen = set(topics)
    return "、".join(TOPICS[one] for one in Topic if one in chosen)
