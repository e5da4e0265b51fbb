"""WeChat's calls for publicity: drafts, mass sends, publishing, subscription notices, tags; by the gateway's rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.api_errors import WechatError
from bot.gateway import WECHAT_API, Gateway

GONE = 40007  # no draft with this media_id: it was sent or published, or deleted
NO_MORE = 45157  # a tag of this name is there already
MOST_TAGGED = 50


@dataclass(frozen=True)
class Published:
    """One of the account's published drafts, as freepublish/batchget lists it."""

    published_id: str
    titles: list[str]
    urls: list[str]
    updated_at: int  # seconds since 1970


@dataclass(frozen=True)
class Job:
    """What WeChat has taken: its number, and the one that figures of reading bear ("" where it names none)."""

    number: str
    data_id: str = ""


@dataclass(frozen=True)
class DayReads:
    """One day's readers by data_id and place of the article, from 1; `is_late`: WeChat still counts."""

    readers: dict[tuple[str, int], int]
    is_late: bool


class Publicity:
    """The calls; each raises GatewayError as the gateway does."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def add_draft(self, articles: Sequence[dict[str, Any]]) -> str:
        """Its media_id. A repetition makes a second draft, which nobody sees."""
        result = self.gateway.post("draft/add", data={"articles": list(articles)}, is_repeatable=True)
        return str(result["media_id"])

    def has_draft(self, draft_id: str) -> bool:
        """It lies among the drafts: it was neither sent nor published."""
        try:
            self.gateway.post("draft/get", data={"media_id": draft_id}, is_repeatable=True)
        except WechatError as error:
            if error.code == GONE:
                return False
            raise
        return True

    def send_mass(self, draft_id: str, tag_id: int | None, client_msg_id: str) -> Job:
        """To all, or to those with the tag. Accepted is not yet delivered.

        Never repeated here: 45065 and 45066 bear the msg_id of the first call, -1 says nothing.
        """
        audience: dict[str, Any] = {"is_to_all": True} if tag_id is None else {"is_to_all": False, "tag_id": tag_id}
        data = {
            "filter": audience,
            "mpnews": {"media_id": draft_id},
            "msgtype": "mpnews",
            "send_ignore_reprint": 0,
            "clientmsgid": client_msg_id,
        }
        return read_job(self.gateway.post("message/mass/sendall", data=data), "msg_id")

    def preview(self, draft_id: str, wechat_name: str) -> None:
        """To one tester, by 微信号; a hundred a day."""
        data = {"towxname": wechat_name, "mpnews": {"media_id": draft_id}, "msgtype": "mpnews"}
        self.gateway.post("message/mass/preview", data=data)

    def mass_status(self, msg_id: str) -> str:
        """SENDING, WAITING, SEND_SUCCESS, SEND_FAIL or DELETE."""
        result = self.gateway.post("message/mass/get", data={"msg_id": int(msg_id)}, is_repeatable=True)
        return str(result.get("msg_status", ""))

    def recall_mass(self, msg_id: str) -> None:
        """Take the articles back from all phones; doing it again does no harm."""
        self.gateway.post("message/mass/delete", data={"msg_id": int(msg_id), "article_idx": 0}, is_repeatable=True)

    def publish(self, draft_id: str) -> Job:
        """Accepted is not yet published; the draft is gone from then on."""
        return read_job(self.gateway.post("freepublish/submit", data={"media_id": draft_id}), "publish_id")

    def publish_status(self, publish_id: str) -> dict[str, Any]:
        """publish_status 0: published, with article_id and article_detail; 1: not yet; others: failed."""
        result = self.gateway.post("freepublish/get", data={"publish_id": publish_id}, is_repeatable=True)
        return dict(result)

    def list_published(self) -> list[Published]:
        """The newest twenty."""
        data = {"offset": 0, "count": 20, "no_content": 1}
        result = self.gateway.post("freepublish/batchget", data=data, is_repeatable=True)
        return [read_published(item) for item in result.get("item", [])]

    def recall_published(self, published_id: str) -> None:
        """Take it from the account's page."""
        self.gateway.post("freepublish/delete", data={"article_id": published_id, "index": 0}, is_repeatable=True)

    def list_reads(self, day: date) -> DayReads:
        """How many read what on one day: since 2025-11-01, of a day that is over."""
        data = {"begin_date": f"{day:%Y-%m-%d}", "end_date": f"{day:%Y-%m-%d}"}
        result = self.gateway.post(f"{WECHAT_API}/datacube/getarticleread", data=data, is_repeatable=True)
        found = [read_readers(one) for one in result.get("list") or []]
        return DayReads(dict(one for one in found if one is not None), bool(result.get("is_delay")))

    def send_notice(self, openid: str, template_id: str, page: str, fields: dict[str, str]) -> str:
        """A subscription notice to who agreed; WeChat's msgid, and 43101 to who did not. Never repeated."""
        data = {
            "touser": openid,
            "template_id": template_id,
            "page": page,
            "data": {name: {"value": value} for name, value in fields.items()},
        }
        return str(self.gateway.post("message/subscribe/bizsend", data=data).get("msgid", ""))

    def list_notice_templates(self) -> list[dict[str, Any]]:
        """The account's subscription notices: priTmplId, title, content, type (2 once, 3 long-term)."""
        result = self.gateway.get(f"{WECHAT_API}/wxaapi/newtmpl/gettemplate")
        return list(result.get("data", []))

    def make_tag(self, name: str) -> int:
        """The id of the tag with this name, made if it is not there."""
        try:
            return int(self.gateway.post("tags/create", data={"tag": {"name": name}})["tag"]["id"])
        except WechatError as error:
            if error.code != NO_MORE:
                raise
        tags = self.gateway.get("tags/get")["tags"]
        return next(int(tag["id"]) for tag in tags if tag["name"] == name)

    def tag(self, openids: Sequence[str], tag_id: int, *, bears: bool) -> None:
        """Give the tag to at most 50 followers, or take it from them; doing it again does no harm."""
        api = "tags/members/batchtagging" if bears else "tags/members/batchuntagging"
        self.gateway.post(api, data={"openid_list": list(openids), "tagid": tag_id}, is_repeatable=True)

    def list_followers(self, after: str) -> list[str]:
        """At most 10,000 openids after one; 500 calls a day."""
        result = self.gateway.get("user/get", params={"next_openid": after} if after else {})
        return [str(one) for one in (result.get("data") or {}).get("openid", [])]


def read_published(item: dict[str, Any]) -> Published:
    """One entry of the list."""
    news = (item.get("content") or {}).get("news_item") or []
    return Published(
        str(item.get("article_id", "")),
        [str(one.get("title", "")) for one in news],
        [str(one.get("url", "")) for one in news],
        int(item.get("update_time", 0)),
    )


def read_job(answer: dict[str, Any], number: str) -> Job:
    """What WeChat said to a mass send, or to publishing."""
    return Job(str(answer[number]), str(answer.get("msg_data_id") or ""))


def read_readers(item: dict[str, Any]) -> tuple[tuple[str, int], int] | None:
    """12003_3: the third article of 12003; None for what is no article."""
    data_id, _, place = str(item.get("msgid", "")).rpartition("_")
    if not data_id or not place.isdigit():
        return None
    return (data_id, int(place)), int((item.get("detail") or {}).get("read_user") or 0)
