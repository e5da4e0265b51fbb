"""WeChat's error codes with its own messages."""

from typing import Any

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub button level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40032: "invalid openid list size",
    40035: "invalid args",
    40037: "invalid template_id",
    40048: "invalid url domain",
    40050: "invalid timeline type",
    40053: "invalid action info",
    40054: "invalid button url domain",
    40055: "invalid sub button url domain",
    40066: "invalid url",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    41001: "access_token missing",
    41002: "appid missing",
    41003: "refresh_token missing",
    41004: "appsecret missing",
    41005: "media data missing",
    41006: "media_id missing",
    41008: "missing code",
    41009: "missing openid",
    41030: "invalid page",
    42001: "access_token expired",
    42002: "refresh_token expired",
    42003: "code expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45047: "out of response count limit",
    45056: "tags number out of limit",
    45058: "can't modify sys tag",
    45059: "can't add too many tags to a user",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45081: "typing state is being sent",
    45083: "speed of masssend is invalid",
    45106: "this api is offline",
    45157: "invalid tag name",
    45158: "tag name too long",
    45159: "invalid tag id",
    46003: "menu no exist",
    46004: "user not exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    50005: "user is unsubscribed",
    53500: "publish is blocked",
    53503: "draft does not pass the check",
    76021: "cgi_path not found",
    76024: "rid not found",
}


class WeChatError(Exception):
    """An answer with an errcode; `extra` joins the JSON, as msg_id does with 45065."""

    def __init__(self, errcode: int, detail: str = "", **extra: Any) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.detail = detail
        self.extra = extra


def body(errcode: int, rid: str, detail: str = "", extra: dict[str, Any] | None = None) -> dict[str, Any]:
    """The JSON of a refusal, with the rid one quotes to WeChat's support."""
    message = MESSAGES.get(errcode, "error")
    return {"errcode": errcode, "errmsg": f"{message}{detail} rid: {rid}", **(extra or {})}
