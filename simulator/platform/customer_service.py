"""Customer-service messages: what may be said, to whom, and how often."""

from collections.abc import Callable

from simulator import windows
from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Json

TEXT_BYTES = 2048
TYPING_COMMANDS = {"Typing": True, "CancelTyping": False}

endpoints = Endpoints("customer_service")


@endpoints.post("/cgi-bin/message/custom/send")
def send(call: Call) -> Answer:
    """Check the message, use up one of the window, show it on the phone."""
    user = call.user(call.body.get("touser"))
    kind = call.text("msgtype")
    reader = _READERS.get(kind)
    if reader is None:
        raise WeChatError(40008)
    part = call.body.get(kind)
    if not isinstance(part, dict):
        raise WeChatError(44004 if kind == "text" else 40035)
    shown_kind, data = reader(call, part)
    code = windows.take(call.world, user)
    if code:
        raise WeChatError(code)
    user.typing = False
    call.world.count("customer_service_messages")
    call.world.count(f"customer_service_messages {user.openid}")
    call.world.show(user, "account", shown_kind, data, call=call.record)
    return OK


@endpoints.post("/cgi-bin/message/custom/typing")
def typing(call: Call) -> Answer:
    """Show or hide 对方正在输入."""
    user = call.user(call.body.get("touser"))
    command = TYPING_COMMANDS.get(call.text("command"))
    if command is None:
        raise WeChatError(40035)
    now = call.now
    if not user.followed or now >= max(user.message_window.until, user.action_window.until):
        raise WeChatError(45015)
    if command and user.typing:
        raise WeChatError(45081)
    user.typing = command
    call.world.touch()
    return OK


def read_text(call: Call, part: Json) -> tuple[str, Json]:  # noqa: ARG001 - one shape for all readers
    content = part.get("content")
    if not isinstance(content, str) or not content:
        raise WeChatError(44004)
    if len(content.encode()) > TEXT_BYTES:
        raise WeChatError(45002)
    return "text", {"content": content}


def _stored(call: Call, part: Json) -> Json:
    media_id = str(part.get("media_id") or "")
    if call.world.media.get(media_id, call.now) is None:
        raise WeChatError(40007)
    return {"media_id": media_id, "url": f"/mmbiz/{media_id}"}


def read_image(call: Call, part: Json) -> tuple[str, Json]:
    return "image", _stored(call, part)


def read_voice(call: Call, part: Json) -> tuple[str, Json]:
    return "voice", _stored(call, part)


def read_video(call: Call, part: Json) -> tuple[str, Json]:
    words = {name: str(part.get(name) or "") for name in ("title", "description")}
    return "video", _stored(call, part) | words


def _read_music(call: Call, part: Json) -> tuple[str, Json]:
    names = {"title": "title", "description": "description", "musicurl": "url", "hqmusicurl": "hq_url"}
    if part.get("thumb_media_id"):
        _stored(call, {"media_id": part["thumb_media_id"]})
    return "music", {new: str(part.get(old) or "") for old, new in names.items()}


def _read_news(call: Call, part: Json) -> tuple[str, Json]:
    articles = call.dicts(part.get("articles"), 44003)
    if len(articles) > 1:
        raise WeChatError(45008)
    names = {"title": "title", "description": "description", "picurl": "pic_url", "url": "url"}
    shown = [{new: str(item.get(old) or "") for old, new in names.items()} for item in articles]
    return "news", {"articles": shown}


def articles_of(call: Call, key: str, value: str) -> list[Json]:
    """The link cards of a draft or a published article."""
    for article in call.world.state.articles.values():
        if value and getattr(article, key) == value:
            return [
                {
                    "title": item.get("title", ""),
                    "description": item.get("digest", ""),
                    "pic_url": item.get("thumb_url", ""),
                    "url": f"{call.world.config.base_url}/s/{article.media_id}/{index}",
                }
                for index, item in enumerate(article.items)
            ]
    raise WeChatError(40007)


def read_mpnews(call: Call, part: Json) -> tuple[str, Json]:
    return "news", {"articles": articles_of(call, "media_id", str(part.get("media_id") or ""))}


def _read_published(call: Call, part: Json) -> tuple[str, Json]:
    return "news", {"articles": articles_of(call, "article_id", str(part.get("article_id") or ""))[:1]}


def _read_msgmenu(call: Call, part: Json) -> tuple[str, Json]:
    items = call.dicts(part.get("list"), 40035)
    lines = [{"id": str(item.get("id", "")), "content": str(item.get("content", ""))} for item in items]
    head, tail = str(part.get("head_content") or ""), str(part.get("tail_content") or "")
    return "msgmenu", {"head": head, "list": lines, "tail": tail}


def _read_miniprogram(call: Call, part: Json) -> tuple[str, Json]:
    if not part.get("appid") or not part.get("pagepath"):
        raise WeChatError(40035)
    _stored(call, {"media_id": part.get("thumb_media_id")})
    return "miniprogrampage", {"title": str(part.get("title") or ""), "page_path": str(part["pagepath"])}


def _read_card(call: Call, part: Json) -> tuple[str, Json]:  # noqa: ARG001 - one shape for all readers
    return "note", {"content": f"（卡券 {part.get('card_id', '')}）"}


_READERS: dict[str, Callable[[Call, Json], tuple[str, Json]]] = {
    "text": read_text,
    "image": read_image,
    "voice": read_voice,
    "video": read_video,
    "music": _read_music,
    "news": _read_news,
    "mpnews": read_mpnews,
    "mpnewsarticle": _read_published,
    "msgmenu": _read_msgmenu,
    "miniprogrampage": _read_miniprogram,
    "wxcard": _read_card,
}
