"""Messages and events as WeChat pushes them, built from short JSON."""

import itertools
from collections.abc import Callable
from typing import Any

from simulator.state import Json

_serial = itertools.count(1)

MESSAGES: dict[str, dict[str, str]] = {
    "text": {"content": "Content", "bizmsgmenuid": "bizmsgmenuid", "msg_data_id": "MsgDataId", "idx": "Idx"},
    "image": {"pic_url": "PicUrl", "media_id": "MediaId"},
    "voice": {
        "media_id": "MediaId",
        "format": "Format",
        "recognition": "Recognition",
        "media_id_16k": "MediaId16K",
    },
    "video": {"media_id": "MediaId", "thumb_media_id": "ThumbMediaId"},
    "shortvideo": {"media_id": "MediaId", "thumb_media_id": "ThumbMediaId"},
    "location": {"latitude": "Location_X", "longitude": "Location_Y", "scale": "Scale", "label": "Label"},
    "link": {"title": "Title", "description": "Description", "url": "Url"},
    "file": {
        "title": "Title",
        "description": "Description",
        "file_key": "FileKey",
        "file_md5": "FileMd5",
        "file_total_len": "FileTotalLen",
    },
    "miniprogrampage": {
        "title": "Title",
        "app_id": "AppId",
        "page_path": "PagePath",
        "thumb_url": "ThumbUrl",
        "thumb_media_id": "ThumbMediaId",
    },
}
DEFAULTS: dict[str, Json] = {
    "text": {"content": ""},
    "voice": {"format": "amr"},
    "location": {"latitude": 28.2282, "longitude": 112.9388, "scale": 16, "label": "湖南省长沙市"},
    "link": {"title": "一个链接", "description": "", "url": "https://example.com/"},
    "file": {
        "title": "文件.pdf",
        "description": "",
        "file_key": "filekey",
        "file_md5": "d41d8cd98f00b204e9800998ecf8427e",
        "file_total_len": 1024,
    },
    "miniprogrampage": {"title": "小程序", "app_id": "wx0000000000000000", "page_path": "pages/index"},
}


def _scan_info(spec: Json) -> Json:
    return {
        "EventKey": spec.get("key", ""),
        "ScanCodeInfo": {
            "ScanType": spec.get("scan_type", "qrcode"),
            "ScanResult": spec.get("result", ""),
        },
    }


def _pictures(spec: Json) -> Json:
    digests = spec.get("digests", ["5a75aaca956d97be686719218f275c6b"])
    items = [{"PicMd5Sum": digest} for digest in digests]
    return {
        "EventKey": spec.get("key", ""),
        "SendPicsInfo": {"Count": len(items), "PicList": {"item": items}},
    }


def _chosen_place(spec: Json) -> Json:
    place = DEFAULTS["location"] | {k: v for k, v in spec.items() if k in DEFAULTS["location"]}
    info = {MESSAGES["location"][name]: str(value) for name, value in place.items()}
    return {"EventKey": spec.get("key", ""), "SendLocationInfo": info | {"Poiname": ""}}


def _position(spec: Json) -> Json:
    return {
        "Latitude": spec.get("latitude", 28.2282),
        "Longitude": spec.get("longitude", 112.9388),
        "Precision": spec.get("precision", 65.0),
    }


def _keyed(spec: Json) -> Json:
    names = {"ticket": "Ticket", "menu_id": "MenuId"}
    extra = {tag: spec[name] for name, tag in names.items() if name in spec}
    return {"EventKey": spec.get("key", spec.get("url", ""))} | extra


EVENTS: dict[str, tuple[str, Callable[[Json], Json]]] = {
    "subscribe": ("subscribe", _keyed),
    "unsubscribe": ("unsubscribe", _keyed),
    "scan": ("SCAN", _keyed),
    "click": ("CLICK", _keyed),
    "view": ("VIEW", _keyed),
    "view_miniprogram": ("view_miniprogram", _keyed),
    "location_event": ("LOCATION", _position),
    "scancode_push": ("scancode_push", _scan_info),
    "scancode_waitmsg": ("scancode_waitmsg", _scan_info),
    "pic_sysphoto": ("pic_sysphoto", _pictures),
    "pic_photo_or_album": ("pic_photo_or_album", _pictures),
    "pic_weixin": ("pic_weixin", _pictures),
    "location_select": ("location_select", _chosen_place),
}


def new_msg_id(now: float) -> int:
    """A 64-bit number that never repeats, also when the clock stands still."""
    return int(now) * 10**8 + next(_serial) % 10**8


def head(account_id: str, openid: str, now: float, msg_type: str) -> dict[str, Any]:
    return {"ToUserName": account_id, "FromUserName": openid, "CreateTime": int(now), "MsgType": msg_type}


def build(account_id: str, openid: str, now: float, spec: Json) -> dict[str, Any]:
    """Turn `{"type": "text", "content": …}` into the fields of a push; ValueError for an unknown type."""
    kind = spec.get("type", "")
    now = spec.get("create_time", now)
    if kind in EVENTS:
        event, extra = EVENTS[kind]
        return head(account_id, openid, now, "event") | {"Event": event} | extra(spec)
    if kind == "raw":
        fields: dict[str, Any] = head(account_id, openid, now, "text") | spec.get("fields", {})
        if fields["MsgType"] != "event":
            fields.setdefault("MsgId", spec.get("msg_id") or new_msg_id(now))
        return fields
    if kind not in MESSAGES:
        raise ValueError(f"unknown message type: {kind or '(empty)'}")
    values = DEFAULTS.get(kind, {}) | spec
    fields = head(account_id, openid, now, kind)
    fields |= {tag: values[name] for name, tag in MESSAGES[kind].items() if values.get(name) is not None}
    return fields | {"MsgId": spec.get("msg_id") or new_msg_id(now)}
