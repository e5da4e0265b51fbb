"""Temporary media for three days, pictures for articles, and permanent materials."""

import dataclasses
import json

from flask import Response, request
from werkzeug.datastructures import FileStorage

from simulator.media import Media, sniff
from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Json

MEGABYTE = 1024 * 1024
SIZES = {"image": 10 * MEGABYTE, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "thumb": 64 * 1024}
TYPES = {
    "image": {"png", "jpg", "gif", "bmp"},
    "voice": {"amr", "mp3"},
    "video": {"mp4"},
    "thumb": {"jpg"},
}
ARTICLE_PICTURE_BYTES = MEGABYTE

endpoints = Endpoints("media")


def _uploaded() -> tuple[bytes, str]:
    file: FileStorage | None = request.files.get("media") or next(iter(request.files.values()), None)
    if file is None:
        raise WeChatError(41005)
    data = file.read()
    if not data:
        raise WeChatError(44002)
    return data, file.filename or ""


def _store(call: Call, permanent: bool) -> Media:
    """Check kind, format and size of an upload, and keep it."""
    kind = call.args.get("type") or request.form.get("type", "")
    if kind not in SIZES:
        raise WeChatError(40004)
    data, name = _uploaded()
    if len(data) > SIZES[kind]:
        raise WeChatError(40006)
    if sniff(data)[1] not in TYPES[kind]:
        raise WeChatError(40005)
    return call.world.media.add(kind, data, call.now, name, permanent)


def _address(call: Call, media: Media) -> str:
    return f"{call.world.config.base_url}/mmbiz/{media.media_id}"


@endpoints.post("/cgi-bin/media/upload", upload=True)
def upload(call: Call) -> Answer:
    media = _store(call, permanent=False)
    name = "thumb_media_id" if media.kind == "thumb" else "media_id"
    return {"type": media.kind, name: media.media_id, "created_at": media.created_at}


@endpoints.get("/cgi-bin/media/get")
def get(call: Call) -> Answer:
    """The file itself, or for a video the address where it is."""
    media = call.world.media.get(call.args.get("media_id", ""), call.now)
    if media is None:
        raise WeChatError(40007)
    if media.kind == "video":
        return {"video_url": _address(call, media)}
    return _file(media)


def _file(media: Media) -> Response:
    disposition = f'attachment; filename="{media.filename}"'
    return Response(media.data, content_type=media.content_type, headers={"Content-Disposition": disposition})


@endpoints.post("/cgi-bin/media/uploadimg", upload=True)
def upload_article_picture(call: Call) -> Answer:
    """A picture for the body of an article: JPG or PNG under 1 MB, not counted as material."""
    data, name = _uploaded()
    if len(data) > ARTICLE_PICTURE_BYTES:
        raise WeChatError(40009)
    if sniff(data)[1] not in {"jpg", "png"}:
        raise WeChatError(40005)
    media = call.world.media.add("picture", data, call.now, name, permanent=True)
    return {"url": _address(call, media)}


@endpoints.post("/cgi-bin/material/add_material", upload=True)
def add_material(call: Call) -> Answer:
    media = _store(call, permanent=True)
    if media.kind == "video":
        words = json.loads(request.form.get("description") or "{}")
        call.world.media.keep(dataclasses.replace(media, description=str(words.get("title", ""))))
        return {"media_id": media.media_id}
    return {"media_id": media.media_id, "url": _address(call, media)}


@endpoints.post("/cgi-bin/material/add_news")
def add_news(call: Call) -> Answer:  # noqa: ARG001 - every endpoint takes its call
    """Retired in favour of drafts."""
    raise WeChatError(45106)


def _permanent(call: Call) -> Media:
    media = call.world.media.get(call.text("media_id"), call.now)
    if media is None or not media.permanent:
        raise WeChatError(40007)
    return media


@endpoints.post("/cgi-bin/material/get_material")
def get_material(call: Call) -> Answer:
    media = _permanent(call)
    if media.kind == "video":
        return {"title": media.description, "description": "", "down_url": _address(call, media)}
    return _file(media)


@endpoints.post("/cgi-bin/material/del_material")
def delete_material(call: Call) -> Answer:
    call.world.media.remove(_permanent(call).media_id)
    return OK


@endpoints.any("/cgi-bin/material/get_materialcount")
def count_materials(call: Call) -> Answer:
    kinds = ("voice", "video", "image")
    counts: Json = {f"{kind}_count": len(call.world.media.permanent(kind)) for kind in kinds}
    return counts | {"news_count": 0}


@endpoints.post("/cgi-bin/material/batchget_material")
def list_materials(call: Call) -> Answer:
    if call.text("type") not in {"image", "video", "voice", "news"}:
        raise WeChatError(40004)
    offset, size = call.number("offset", 0), call.number("count", 20)
    found = call.world.media.permanent(call.text("type"))
    items = [
        {
            "media_id": m.media_id,
            "name": m.name,
            "update_time": m.created_at,
            "url": _address(call, m),
        }
        for m in found[offset : offset + min(size, 20)]
    ]
    return {"item": items, "total_count": len(found), "item_count": len(items)}
