"""Media, drafts, publishing, followers, QR codes and web authorisation."""

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.simulator.practice import CONFIG, FrozenClock, Phone
from tests.simulator.toy import Webhook

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPG = b"\xff\xd8\xff\xe0" + bytes(64)


def upload(phone: Phone, path: str, data: bytes, name: str = "a.png", **query: str) -> dict[str, Any]:
    response = phone.client.post(
        path,
        query_string={"access_token": phone.token()} | query,
        data={"media": (io.BytesIO(data), name)},
    )
    return dict(response.get_json())


def test_temporary_media_live_three_days(phone: Phone, clock: FrozenClock) -> None:
    media_id = upload(phone, "/cgi-bin/media/upload", PNG, type="image")["media_id"]
    query = {"access_token": phone.token(), "media_id": media_id}
    found = phone.client.get("/cgi-bin/media/get", query_string=query)
    assert (found.data, found.content_type) == (PNG, "image/png")
    clock.now += 3 * 86400 + 1
    assert phone.call("/cgi-bin/media/get", media_id=media_id)["errcode"] == 40007


UPLOADS = [
    ("image", b"plain text", 40005),
    ("voice", PNG, 40005),
    ("thumb", JPG + bytes(65 * 1024), 40006),
    ("sound", PNG, 40004),
    ("image", b"", 44002),
]


@pytest.mark.parametrize(("kind", "data", "code"), UPLOADS)
def test_uploads_that_are_refused(kind: str, data: bytes, code: int, phone: Phone) -> None:
    assert upload(phone, "/cgi-bin/media/upload", data, type=kind)["errcode"] == code


def test_what_a_user_sent_can_be_fetched(phone: Phone, webhook: Webhook) -> None:
    phone.send("image")
    query = {"access_token": phone.token(), "media_id": webhook.received[-1]["MediaId"]}
    assert phone.client.get("/cgi-bin/media/get", query_string=query).data.startswith(b"\x89PNG")
    assert phone.client.get(urlsplit(webhook.received[-1]["PicUrl"]).path).status_code == 200
    phone.send("video")
    answer = phone.call("/cgi-bin/media/get", media_id=webhook.received[-1]["MediaId"])
    assert answer["video_url"].startswith("http")


def test_permanent_material(phone: Phone) -> None:
    media_id = upload(phone, "/cgi-bin/material/add_material", PNG, type="image")["media_id"]
    assert phone.call("/cgi-bin/material/get_materialcount")["image_count"] == 1
    listed = phone.call("/cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 20})
    assert listed["item"][0]["media_id"] == media_id
    assert phone.call("/cgi-bin/material/del_material", {"media_id": media_id})["errcode"] == 0
    assert phone.call("/cgi-bin/material/add_news", {"articles": []})["errcode"] == 45106


def draft(phone: Phone, **changes: Any) -> dict[str, Any]:
    thumb = upload(phone, "/cgi-bin/material/add_material", PNG, type="image")["media_id"]
    article = {
        "title": "诚信宣传月",
        "content": '<p onclick="x()">正文</p><script>alert(1)</script>',
        "thumb_media_id": thumb,
    }
    return phone.call("/cgi-bin/draft/add", {"articles": [article | changes]})


def test_a_draft_is_published(phone: Phone, webhook: Webhook) -> None:
    media_id = draft(phone)["media_id"]
    item = phone.call("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][0]
    assert (item["content"], item["digest"]) == ("<p>正文</p>", "正文")
    assert phone.call("/cgi-bin/draft/count")["total_count"] == 1
    publish_id = phone.call("/cgi-bin/freepublish/submit", {"media_id": media_id})["publish_id"]
    phone.post("/settle")
    info = webhook.received[-1]["PublishEventInfo"]
    assert (info["publish_id"], info["publish_status"]) == (publish_id, "0")
    published = phone.call("/cgi-bin/freepublish/get", {"publish_id": publish_id})
    assert published["article_id"] == info["article_id"]
    page = phone.client.get(urlsplit(published["article_detail"]["item"][0]["article_url"]).path)
    assert "正文" in page.get_data(as_text=True)
    assert "sandbox" in page.headers["Content-Security-Policy"]
    assert phone.call("/cgi-bin/draft/count")["total_count"] == 0
    assert phone.call("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_a_draft_is_changed_listed_and_deleted(phone: Phone) -> None:
    media_id = draft(phone)["media_id"]
    item = phone.call("/cgi-bin/draft/batchget", {"offset": 0, "count": 20})["item"][0]
    article = item["content"]["news_item"][0] | {"title": "新标题"}
    body = {"media_id": media_id, "index": 0, "articles": article}
    assert phone.call("/cgi-bin/draft/update", body)["errcode"] == 0
    found = phone.call("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][0]
    assert found["title"] == "新标题"
    assert phone.call("/cgi-bin/draft/delete", {"media_id": media_id})["errcode"] == 0
    assert phone.call("/cgi-bin/draft/batchget", {"offset": 0})["total_count"] == 0


def test_drafts_that_are_refused(phone: Phone) -> None:
    assert draft(phone, title="")["errcode"] == 45003
    assert draft(phone, thumb_media_id="x")["errcode"] == 40007
    assert draft(phone, content="长" * 20_000)["errcode"] == 45002
    assert phone.call("/cgi-bin/draft/add", {"articles": []})["errcode"] == 44003


def test_a_draft_goes_out_as_a_mass_send(phone: Phone) -> None:
    media_id = draft(phone)["media_id"]
    body = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    assert phone.call("/cgi-bin/message/mass/sendall", body)["errcode"] == 0
    phone.post("/settle")
    assert phone.chat()[-1]["data"]["articles"][0]["title"] == "诚信宣传月"


def test_followers_and_tags(phone: Phone) -> None:
    listed = phone.call("/cgi-bin/user/get")
    assert (listed["total"], listed["data"]["openid"]) == (1, [phone.openid])
    tag_id = phone.call("/cgi-bin/tags/create", {"tag": {"name": "协会"}})["tag"]["id"]
    assert phone.call("/cgi-bin/tags/create", {"tag": {"name": "协会"}})["errcode"] == 45157
    tagging = {"openid_list": [phone.openid], "tagid": tag_id}
    assert phone.call("/cgi-bin/tags/members/batchtagging", tagging)["errcode"] == 0
    assert phone.call("/cgi-bin/user/info", openid=phone.openid)["tagid_list"] == [tag_id]
    assert phone.call("/cgi-bin/user/tag/get", {"tagid": tag_id})["data"]["openid"] == [phone.openid]
    assert phone.call("/cgi-bin/tags/members/batchuntagging", tagging)["errcode"] == 0
    assert phone.call("/cgi-bin/tags/getidlist", {"openid": phone.openid})["tagid_list"] == []
    assert phone.call("/cgi-bin/tags/delete", {"tag": {"id": 2}})["errcode"] == 45058
    phone.post(f"/users/{phone.openid}/unfollow")
    assert phone.call("/cgi-bin/user/info", openid=phone.openid) == {"subscribe": 0, "openid": phone.openid}


def test_a_code_made_by_the_api_is_scanned(phone: Phone, webhook: Webhook, clock: FrozenClock) -> None:
    body = {
        "expire_seconds": 100,
        "action_name": "QR_STR_SCENE",
        "action_info": {"scene": {"scene_str": "hall_2"}},
    }
    code = phone.call("/cgi-bin/qrcode/create", body)
    phone.send("scan", result=code["url"])
    assert (webhook.received[-1]["EventKey"], webhook.received[-1]["Ticket"]) == ("hall_2", code["ticket"])
    card = phone.client.get("/cgi-bin/showqrcode", query_string={"ticket": code["ticket"]})
    assert "hall_2" in card.get_data(as_text=True)
    clock.now += 100
    late = phone.client.post("/simulate/send", json={"user": phone.openid, "type": "scan", "result": code["url"]})
    assert late.status_code == 409
    bad = {"action_name": "QR_LIMIT_SCENE", "action_info": {"scene": {"scene_id": 100_001}}}
    assert phone.call("/cgi-bin/qrcode/create", bad)["errcode"] == 40053


AUTHORIZE = {
    "appid": CONFIG.app_id,
    "redirect_uri": "https://example.com/back?x=1",
    "response_type": "code",
    "scope": "snsapi_base",
    "state": "s1",
}


def authorize(phone: Phone, **changes: str) -> dict[str, list[str]]:
    phone.client.set_cookie("simulator_openid", phone.openid)
    response = phone.client.get("/connect/oauth2/authorize", query_string=AUTHORIZE | changes)
    assert response.status_code == 302, response.get_data(as_text=True)
    return parse_qs(urlsplit(response.location).query)


def exchange(phone: Phone, code: str) -> dict[str, Any]:
    query = {
        "appid": CONFIG.app_id,
        "secret": CONFIG.app_secret,
        "code": code,
        "grant_type": "authorization_code",
    }
    return dict(phone.client.get("/sns/oauth2/access_token", query_string=query).get_json())


def test_web_authorisation(phone: Phone, clock: FrozenClock) -> None:
    back = authorize(phone)
    assert (back["state"], back["x"]) == (["s1"], ["1"])
    token = exchange(phone, back["code"][0])
    assert (token["openid"], token["scope"]) == (phone.openid, "snsapi_base")
    assert exchange(phone, back["code"][0])["errcode"] == 40163
    assert exchange(phone, "nope")["errcode"] == 40029
    query = {"access_token": token["access_token"], "openid": phone.openid}
    assert phone.client.get("/sns/auth", query_string=query).get_json()["errcode"] == 0
    assert phone.client.get("/sns/userinfo", query_string=query).get_json()["errcode"] == 48001
    late = authorize(phone)["code"][0]
    clock.now += 301
    assert exchange(phone, late)["errcode"] == 42003
    query = {"appid": CONFIG.app_id, "refresh_token": token["refresh_token"]}
    renewed = phone.client.get("/sns/oauth2/refresh_token", query_string=query).get_json()
    assert renewed["openid"] == phone.openid


def test_userinfo_asks_for_consent(phone: Phone) -> None:
    phone.client.set_cookie("simulator_openid", phone.openid)
    form = AUTHORIZE | {"scope": "snsapi_userinfo"}
    page = phone.client.get("/connect/oauth2/authorize", query_string=form)
    assert "允许" in page.get_data(as_text=True)
    assert "form-action 'self' https://example.com" in page.headers["Content-Security-Policy"]
    sent = phone.client.post("/connect/oauth2/authorize", data=form | {"openid": phone.openid})
    code = parse_qs(urlsplit(sent.location).query)["code"][0]
    token = exchange(phone, code)
    query = {"access_token": token["access_token"], "openid": phone.openid}
    assert phone.client.get("/sns/userinfo", query_string=query).get_json()["nickname"] == "王奶奶"


def test_without_a_known_phone_the_page_asks_who(phone: Phone) -> None:
    page = phone.client.get("/connect/oauth2/authorize", query_string=AUTHORIZE)
    assert page.get_data(as_text=True).count("<button") == 3


def test_a_snapshot_user_is_marked_and_not_the_real_one(phone: Phone) -> None:
    phone.post("/settings", snapshot_user=True)
    token = exchange(phone, authorize(phone)["code"][0])
    assert token["is_snapshotuser"] == 1
    assert token["openid"] != phone.openid


@pytest.mark.parametrize("changes", [{"appid": "wx0"}, {"redirect_uri": "javascript:1"}, {"scope": "all"}])
def test_wrong_authorisation_links(changes: dict[str, str], phone: Phone) -> None:
    response = phone.client.get("/connect/oauth2/authorize", query_string=AUTHORIZE | changes)
    assert response.status_code == 400


ODD: list[Any] = [None, "x", 7, -1, [], ["x"], [None], {}, {"id": "x"}, [{"a": 1}], "𠮷" * 50]
FIELDS = [
    "touser",
    "msgtype",
    "text",
    "news",
    "mpnews",
    "filter",
    "button",
    "articles",
    "media_id",
    "msg_id",
    "tag",
    "tagid",
    "openid_list",
    "user_list",
    "action_info",
    "expire_seconds",
    "offset",
    "data",
]


def test_no_odd_body_breaks_an_endpoint(phone: Phone, webhook: Webhook) -> None:
    app = phone.client.application
    paths = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/cgi-bin", "/sns"))}
    query = {"access_token": phone.token()}
    phone.post("/settings", daily_limits=dict.fromkeys(paths, 10**6))
    for path in sorted(path for path in paths if "quota" not in path and "<" not in path):
        for odd in ODD:
            body = dict.fromkeys(FIELDS, odd) | {
                "touser": phone.openid,
                "msgtype": "news",
                "action_name": "QR_SCENE",
            }
            for whole in (
                body,
                odd,
                body | {"touser": odd, "msgtype": "text"},
                body | {"msgtype": "msgmenu", "msgmenu": body},
            ):
                response = phone.client.post(path, query_string=query, json=whole)
                assert response.status_code in {200, 404, 405}, (path, whole)


def test_an_unknown_address_is_answered_in_json(phone: Phone) -> None:
    assert phone.call("/cgi-bin/no/such/api", {})["errcode"] == 40066
