"""What a passive reply makes the phone show, and the limits WeChat puts on it."""

from typing import Any

from simulator import xmltext
from simulator.state import Json, User
from simulator.wire import ReplyError
from simulator.world import World

TEXT_BYTES = 2048
ARTICLES_AFTER_MESSAGE = 1
ARTICLES_AFTER_MENU = 8


def read(world: World, user: User, xml: str, *, after_message: bool) -> tuple[str, Json]:
    """Check a clear reply; return the kind of bubble and its data, or raise ReplyError."""
    try:
        fields = xmltext.read(xml)
    except xmltext.XmlError as error:
        raise ReplyError(f"回复不是有效的 XML：{error}") from error
    if fields.get("ToUserName") != user.openid:
        raise ReplyError("ToUserName 不是发消息的用户")
    if fields.get("FromUserName") != world.config.account_id:
        raise ReplyError("FromUserName 不是本公众号")
    if not str(fields.get("CreateTime", "")).strip().isdigit():
        raise ReplyError("CreateTime 不是整数")
    kind = str(fields.get("MsgType", ""))
    if kind == "news":
        return kind, {"articles": _articles(fields, after_message)}
    if kind not in _READERS:
        raise ReplyError(f"不支持的 MsgType：{kind or '（空）'}")
    return kind, _READERS[kind](world, fields)


def _text(world: World, fields: dict[str, Any]) -> Json:  # noqa: ARG001 - one shape for all readers
    content = fields.get("Content")
    if not isinstance(content, str) or not content:
        raise ReplyError("文本回复的 Content 为空")
    if len(content.encode()) > TEXT_BYTES:
        raise ReplyError(f"文本回复 {len(content.encode())} 字节，超过 {TEXT_BYTES} 字节")
    return {"content": content}


def _media(world: World, fields: dict[str, Any], element: str) -> Json:
    part = fields.get(element)
    media_id = str(part.get("MediaId", "")) if isinstance(part, dict) else ""
    media = world.media.get(media_id, world.clock.now())
    if media is None:
        raise ReplyError(f"{element} 的 MediaId 不存在或已过期")
    return {"media_id": media_id, "url": f"/mmbiz/{media_id}"}


def _image(world: World, fields: dict[str, Any]) -> Json:
    return _media(world, fields, "Image")


def _voice(world: World, fields: dict[str, Any]) -> Json:
    return _media(world, fields, "Voice")


def _video(world: World, fields: dict[str, Any]) -> Json:
    video = fields.get("Video") or {}
    return _media(world, fields, "Video") | {
        "title": video.get("Title", ""),
        "description": video.get("Description", ""),
    }


def _music(world: World, fields: dict[str, Any]) -> Json:  # noqa: ARG001 - one shape for all readers
    music = fields.get("Music")
    if not isinstance(music, dict):
        raise ReplyError("Music 为空")
    names = {"title": "Title", "description": "Description", "url": "MusicUrl", "hq_url": "HQMusicUrl"}
    return {name: str(music.get(tag, "")) for name, tag in names.items()}


def _transfer(world: World, fields: dict[str, Any]) -> Json:  # noqa: ARG001 - one shape for all readers
    info = fields.get("TransInfo")
    return {"kf_account": str(info.get("KfAccount", "")) if isinstance(info, dict) else ""}


def _articles(fields: dict[str, Any], after_message: bool) -> list[Json]:
    """At most one article when the user sent something, at most eight otherwise: the rest is dropped."""
    holder = fields.get("Articles")
    items = xmltext.as_list(holder.get("item")) if isinstance(holder, dict) else []
    if not items or not all(isinstance(item, dict) for item in items):
        raise ReplyError("图文回复没有 Articles")
    if str(fields.get("ArticleCount", "")).strip() != str(len(items)):
        raise ReplyError("ArticleCount 与图文条数不符")
    names = {"title": "Title", "description": "Description", "pic_url": "PicUrl", "url": "Url"}
    articles = [{name: str(item.get(tag, "")) for name, tag in names.items()} for item in items]
    return articles[: ARTICLES_AFTER_MESSAGE if after_message else ARTICLES_AFTER_MENU]


_READERS = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "music": _music,
    "transfer_customer_service": _transfer,
}
