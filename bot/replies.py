"""What is answered: reply kinds, their stored form, their XML and their customer-service form."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

MAX_BYTES = 2_048  # of a text reply, counted in UTF-8
MORE = '…\n<a href="{url}">查看全部</a>'
CUT = "…"
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LINK = re.compile(r"<a\s[^>]*>.*?</a>", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """Words; links as <a href>. What is over 2,048 bytes is cut and stands behind `more_url`."""

    text: str
    more_url: str = ""


@dataclass(frozen=True)
class News:
    """One article card (WeChat shows one only)."""

    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True)
class Image:
    """A picture uploaded before."""

    media_id: str


Reply = Text | News | Image | None  # None: nothing to say, WeChat gets `success`


@dataclass(frozen=True)
class Later:
    """In place of a reply: slow work comes first. WeChat gets `success`; the jobs process asks the handlers again."""


KINDS: dict[str, type[Text | News | Image]] = {"text": Text, "news": News, "image": Image}


def store_reply(reply: Text | News | Image) -> str:
    """As JSON, for models/received.py."""
    return json.dumps({"kind": type(reply).__name__.lower()} | asdict(reply), ensure_ascii=True)


def restore_reply(stored: str) -> Text | News | Image:
    """From JSON of `store_reply`."""
    values = json.loads(stored)
    return KINDS[values.pop("kind")](**values)


def clean(text: str) -> str:
    """Without characters that XML 1.0 does not allow: control characters, lone surrogates."""
    return FORBIDDEN.sub("", text)


def fit(text: str, more_url: str = "", limit: int = MAX_BYTES) -> str:
    """At most `limit` bytes, cut on a character and never inside a link; the rest behind `more_url`."""
    text = clean(text)
    if len(text.encode()) <= limit:
        return text
    ending = MORE.format(url=more_url) if more_url else CUT
    room = limit - len(ending.encode())
    cut = len(text.encode()[:room].decode(errors="ignore"))
    for link in LINK.finditer(text):
        if link.start() < cut < link.end():
            cut = link.start()
    return text[:cut].rstrip() + ending


def cdata(text: str) -> str:
    """Text as CDATA; `]]>` is split over two sections."""
    return "<![CDATA[" + clean(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def render_reply(reply: Text | News | Image, openid: str, account: str, second: int) -> bytes:
    """The passive reply's XML, UTF-8, before encryption."""
    head = (
        f"<ToUserName>{cdata(openid)}</ToUserName><FromUserName>{cdata(account)}</FromUserName>"
        f"<CreateTime>{second}</CreateTime>"
    )
    return f"<xml>{head}{render_body(reply)}</xml>".encode()


def render_body(reply: Text | News | Image) -> str:
    """The part of the XML that differs by kind."""
    match reply:
        case Text(text, more_url):
            return f"<MsgType><![CDATA[text]]></MsgType><Content>{cdata(fit(text, more_url))}</Content>"
        case News():
            return (
                "<MsgType><![CDATA[news]]></MsgType><ArticleCount>1</ArticleCount><Articles><item>"
                f"<Title>{cdata(reply.title)}</Title><Description>{cdata(reply.description)}</Description>"
                f"<PicUrl>{cdata(reply.picture_url)}</PicUrl><Url>{cdata(reply.url)}</Url></item></Articles>"
            )
        case Image(media_id):
            return f"<MsgType><![CDATA[image]]></MsgType><Image><MediaId>{cdata(media_id)}</MediaId></Image>"


def to_customer_service(reply: Text | News | Image) -> dict[str, Any]:
    """The same as a customer-service message, without its receiver."""
    match reply:
        case Text(text, more_url):
            return {"msgtype": "text", "text": {"content": fit(text, more_url)}}
        case News():
            article = {
                "title": clean(reply.title),
                "description": clean(reply.description),
                "url": reply.url,
                "picurl": reply.picture_url,
            }
            return {"msgtype": "news", "news": {"articles": [article]}}
        case Image(media_id):
            return {"msgtype": "image", "image": {"media_id": media_id}}
