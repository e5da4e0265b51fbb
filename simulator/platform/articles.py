"""Drafts, publishing, and the pages of articles."""

import html
import re
import secrets

from flask import Blueprint, Response, abort, request

from simulator import delivery, messages
from simulator.platform.endpoint import OK, Answer, Call, Endpoints, current_world
from simulator.platform.errors import WeChatError
from simulator.platform.oauth import COOKIE
from simulator.platform.reads import note_reader
from simulator.state import Article, Json, User
from simulator.world import World

MOST_ARTICLES = 8
TITLE_LETTERS, DIGEST_LETTERS, CONTENT_LETTERS = 64, 120, 20_000
CONTENT_BYTES = 1024 * 1024
SCRIPT = re.compile(r"<script\b.*?(</script\s*>|$)", re.IGNORECASE | re.DOTALL)
HANDLER = re.compile(r"\son\w+\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width,initial-scale=1">'
    "<title>{title}</title><body><h1>{title}</h1><p><small>{author}</small></p>{content}</body></html>"
)

endpoints = Endpoints("articles")
pages = Blueprint("article_pages", __name__)


def _checked(call: Call, item: object) -> Json:
    """One article as WeChat keeps it: limits checked, scripts gone, digest filled."""
    if not isinstance(item, dict):
        raise WeChatError(47001)
    title, content = str(item.get("title") or ""), str(item.get("content") or "")
    if not 1 <= len(title) <= TITLE_LETTERS:
        raise WeChatError(45003)
    if len(str(item.get("digest") or "")) > DIGEST_LETTERS:
        raise WeChatError(45004)
    if not content:
        raise WeChatError(44004)
    if len(content) >= CONTENT_LETTERS or len(content.encode()) >= CONTENT_BYTES:
        raise WeChatError(45002)
    kept = dict(item) | {"content": HANDLER.sub("", SCRIPT.sub("", content))}
    if item.get("article_type", "news") == "news":
        thumb = call.world.media.get(str(item.get("thumb_media_id") or ""), call.now)
        if thumb is None or not thumb.permanent:
            raise WeChatError(40007)
        kept["thumb_url"] = f"{call.world.config.base_url}/mmbiz/{thumb.media_id}"
    plain = re.sub(r"<[^>]*>", "", kept["content"])
    return kept | {"digest": item.get("digest") or html.unescape(plain).strip()[:54]}


def _draft(call: Call) -> Article:
    article = call.world.state.articles.get(call.text("media_id"))
    if article is None or not is_draft(article):
        raise WeChatError(40007)
    return article


def is_draft(article: Article) -> bool:
    """Once sent or published it is no draft any more."""
    return not article.publish_id and not article.mass_sent


@endpoints.post("/cgi-bin/draft/add")
def add(call: Call) -> Answer:
    items = call.dicts(call.body.get("articles"), 44003)
    if len(items) > MOST_ARTICLES:
        raise WeChatError(45008)
    article = Article(
        media_id=secrets.token_urlsafe(48),
        items=[_checked(call, item) for item in items],
        updated_at=int(call.now),
    )
    call.world.state.articles[article.media_id] = article
    return {"media_id": article.media_id}


@endpoints.post("/cgi-bin/draft/get")
def get(call: Call) -> Answer:
    return {"news_item": _shown(call.world, _draft(call))}


def _shown(world: World, article: Article) -> list[Json]:
    base = f"{world.config.base_url}/s/{article.media_id}"
    return [item | {"url": f"{base}/{index}"} for index, item in enumerate(article.items)]


@endpoints.post("/cgi-bin/draft/update")
def update(call: Call) -> Answer:
    article, index = _draft(call), call.body.get("index", 0)
    if not isinstance(index, int) or not 0 <= index < len(article.items):
        raise WeChatError(40035)
    article.items[index] = _checked(call, call.body.get("articles"))
    article.updated_at = int(call.now)
    return OK


@endpoints.post("/cgi-bin/draft/delete")
def delete(call: Call) -> Answer:
    del call.world.state.articles[_draft(call).media_id]
    return OK


def _page_of(call: Call, articles: list[Article], key: str) -> Answer:
    """A page of twenty at most, as both lists are given."""
    offset, size = call.number("offset", 0), min(call.number("count", 20), 20)
    items = [
        {
            key: getattr(article, key),
            "content": {"news_item": _shown(call.world, article)},
            "update_time": article.updated_at,
        }
        for article in articles[offset : offset + size]
    ]
    return {"total_count": len(articles), "item_count": len(items), "item": items}


def _drafts(call: Call) -> list[Article]:
    return [article for article in call.world.state.articles.values() if is_draft(article)]


@endpoints.get("/cgi-bin/draft/count")
def count(call: Call) -> Answer:
    return {"total_count": len(_drafts(call))}


@endpoints.post("/cgi-bin/draft/batchget")
def list_drafts(call: Call) -> Answer:
    return _page_of(call, _drafts(call), "media_id")


@endpoints.post("/cgi-bin/freepublish/submit")
def submit(call: Call) -> Answer:
    """Accept a draft for publishing; it leaves the drafts, and the result follows as an event."""
    article, world = _draft(call), call.world
    article.publish_id = str(100_000_000 + world.touch())
    article.status, article.data_id = 1, world.touch()
    world.later(world.state.switches.event_delay, lambda: _published(world, article))
    return OK | {"publish_id": article.publish_id, "msg_data_id": article.data_id}


def _published(world: World, article: Article) -> None:
    with world.lock:
        article.status = 0
        article.article_id = secrets.token_urlsafe(32)
        info: Json = {
            "publish_id": article.publish_id,
            "publish_status": 0,
            "article_id": article.article_id,
            "article_detail": _detail(world, article),
        }
        fields = messages.head(world.config.account_id, world.config.operator, world.clock.now(), "event")
    fields |= {"Event": "PUBLISHJOBFINISH", "PublishEventInfo": info}
    delivery.push(world, User(openid=world.config.operator, name=""), fields)


def _detail(world: World, article: Article) -> Json:
    links = [item["url"] for item in _shown(world, article)]
    items = [{"idx": index, "article_url": url} for index, url in enumerate(links, 1)]
    return {"count": len(items), "item": items}


@endpoints.post("/cgi-bin/freepublish/get")
def publishing(call: Call) -> Answer:
    wanted = call.text("publish_id")
    found = [a for a in call.world.state.articles.values() if wanted and a.publish_id == wanted]
    if not found:
        raise WeChatError(40035)
    article = found[0]
    answer: Json = {"publish_id": wanted, "publish_status": article.status}
    if article.status == 0:
        answer |= {"article_id": article.article_id, "article_detail": _detail(call.world, article)}
    return answer | {"fail_idx": []}


def _published_article(call: Call) -> Article:
    wanted = call.text("article_id")
    for article in call.world.state.articles.values():
        if wanted and article.article_id == wanted:
            return article
    raise WeChatError(40035)


@endpoints.post("/cgi-bin/freepublish/getarticle")
def published_article(call: Call) -> Answer:
    return {"news_item": _shown(call.world, _published_article(call))}


@endpoints.post("/cgi-bin/freepublish/delete")
def unpublish(call: Call) -> Answer:
    del call.world.state.articles[_published_article(call).media_id]
    return OK


@endpoints.post("/cgi-bin/freepublish/batchget")
def list_published(call: Call) -> Answer:
    articles = [article for article in call.world.state.articles.values() if article.article_id]
    return _page_of(call, articles, "article_id")


@pages.get("/s/<media_id>/<int:index>")
def page(media_id: str, index: int) -> Response:
    """An article as a reader sees it, in a sandbox: its content is not ours."""
    world = current_world()
    article = world.state.articles.get(media_id)
    if article is None or index >= len(article.items):
        abort(404)
    note_reader(world, article, index, request.cookies.get(COOKIE, "") or request.remote_addr or "")
    item = article.items[index]
    text = PAGE.format(
        title=html.escape(str(item["title"])),
        author=html.escape(str(item.get("author") or "")),
        content=item["content"],
    )
    policy = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; sandbox allow-popups"
    return Response(text, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy})
