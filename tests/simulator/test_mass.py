"""Mass sends: four a month for each user, identity of retries, results."""

from typing import Any

from tests.simulator.practice import FrozenClock, Phone
from tests.simulator.toy import Webhook


def send_all(phone: Phone, content: str = "通知", **extra: Any) -> dict[str, Any]:
    body = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": content}} | extra
    answer = phone.call("/cgi-bin/message/mass/sendall", body)
    phone.post("/settle")
    return answer


def received(phone: Phone) -> int:
    return sum("mass" in entry["data"] for entry in phone.chat())


def test_a_mass_send_is_shown_and_its_result_pushed(phone: Phone, webhook: Webhook) -> None:
    msg_id = send_all(phone)["msg_id"]
    assert received(phone) == 1
    event = webhook.received[-1]
    assert (event["Event"], event["Status"], int(event["MsgID"])) == (
        "MASSSENDJOBFINISH",
        "send success",
        msg_id,
    )
    assert (event["TotalCount"], event["SentCount"], event["ErrorCount"]) == ("1", "1", "0")
    assert phone.call("/cgi-bin/message/mass/get", {"msg_id": msg_id})["msg_status"] == "SEND_SUCCESS"


def test_the_fifth_in_a_month_reaches_nobody(phone: Phone, webhook: Webhook, clock: FrozenClock) -> None:
    for number in range(5):
        assert send_all(phone, f"第{number}次")["errcode"] == 0
    assert received(phone) == 4
    assert (webhook.received[-1]["SentCount"], webhook.received[-1]["ErrorCount"]) == ("0", "1")
    clock.now += 31 * 86400
    send_all(phone, "下个月")
    assert received(phone) == 5


def test_the_same_clientmsgid_sends_once(phone: Phone, clock: FrozenClock) -> None:
    first = send_all(phone, clientmsgid="a")
    assert send_all(phone, clientmsgid="a")["errcode"] == 45066
    clock.now += 60
    again = send_all(phone, "别的内容", clientmsgid="a")
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    assert received(phone) == 1
    assert send_all(phone, clientmsgid="x" * 65)["errcode"] == 45067


def test_without_an_id_the_content_is_the_identity(phone: Phone, clock: FrozenClock) -> None:
    send_all(phone)
    clock.now += 61
    assert send_all(phone)["errcode"] == 45065
    assert send_all(phone, "别的")["errcode"] == 0


def test_a_hundred_calls_a_day_sixty_a_minute(phone: Phone, clock: FrozenClock) -> None:
    body = {"touser": [phone.openid, phone.openid], "msgtype": "html"}
    codes = [phone.call("/cgi-bin/message/mass/send", body)["errcode"] for _ in range(61)]
    assert codes == [40008] * 60 + [45011]
    clock.now += 60
    codes = [phone.call("/cgi-bin/message/mass/send", body)["errcode"] for _ in range(41)]
    assert codes == [40008] * 40 + [45009]


def test_protected_mass_sends_wait_for_the_administrator(phone: Phone, webhook: Webhook) -> None:
    phone.post("/settings", mass_protection=True)
    msg_id = send_all(phone)["msg_id"]
    assert received(phone) == 0
    assert phone.post(f"/mass/{msg_id}/confirm")["status"] == "SEND_SUCCESS"
    assert received(phone) == 1


def test_confirmation_after_half_an_hour_is_too_late(phone: Phone, webhook: Webhook, clock: FrozenClock) -> None:
    phone.post("/settings", mass_protection=True)
    msg_id = send_all(phone)["msg_id"]
    clock.now += 1801
    phone.post(f"/mass/{msg_id}/confirm")
    assert (received(phone), webhook.received[-1]["Status"]) == (0, "send fail")


def test_by_tag_by_list_and_preview(phone: Phone) -> None:
    other = list(phone.world.state.users)[1]
    phone.post(f"/users/{other}/follow")
    tag_id = phone.call("/cgi-bin/tags/create", {"tag": {"name": "商户"}})["tag"]["id"]
    tagging = {"openid_list": [other], "tagid": tag_id}
    phone.call("/cgi-bin/tags/members/batchtagging", tagging)
    send_all(phone, filter={"is_to_all": False, "tag_id": tag_id})
    assert received(phone) == 0
    text = {"msgtype": "text", "text": {"content": "你们"}}
    both = {"touser": [phone.openid, other]} | text
    assert phone.call("/cgi-bin/message/mass/send", both)["errcode"] == 0
    phone.post("/settle")
    assert received(phone) == 1
    one = phone.call("/cgi-bin/message/mass/send", {"touser": [phone.openid]} | text)
    assert one["errcode"] == 40032
    preview = phone.call("/cgi-bin/message/mass/preview", {"touser": phone.openid} | text)
    assert preview["errcode"] == 0
    assert phone.chat()[-1]["data"]["preview"] is True
    assert phone.get(f"/users/{phone.openid}")["mass_received"] == {"2027-01": 1}


def add_draft(phone: Phone) -> str:
    """A draft of one article with a cover."""
    cover = phone.world.media.add("image", b"\xff\xd8\xff", phone.world.clock.now(), permanent=True)
    article = {"title": "退货三步走", "content": "<p>先留证据</p>", "thumb_media_id": cover.media_id}
    return str(phone.call("/cgi-bin/draft/add", {"articles": [article]})["media_id"])


def test_a_draft_goes_with_its_mass_send_and_a_repetition_is_known_first(phone: Phone, clock: FrozenClock) -> None:
    draft = add_draft(phone)
    body = {"msgtype": "mpnews", "mpnews": {"media_id": draft}}
    first = send_all(phone, **body, clientmsgid="a")
    assert phone.call("/cgi-bin/draft/get", {"media_id": draft})["errcode"] == 40007
    assert phone.call("/cgi-bin/draft/count")["total_count"] == 0
    assert phone.call("/cgi-bin/freepublish/submit", {"media_id": draft})["errcode"] == 40007
    clock.now += 61
    again = send_all(phone, **body, clientmsgid="a")
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])
    assert send_all(phone, **body, clientmsgid="b")["errcode"] == 40007
    card = phone.chat()[-1]["data"]["articles"][0]
    page = phone.client.get(card["url"].removeprefix(phone.world.config.base_url))
    assert "退货三步走" in page.get_data(as_text=True)


def test_a_preview_by_name(phone: Phone) -> None:
    name = phone.world.state.users[phone.openid].name
    body = {"towxname": name, "msgtype": "mpnews", "mpnews": {"media_id": add_draft(phone)}}
    assert phone.call("/cgi-bin/message/mass/preview", body)["errcode"] == 0
    assert phone.chat()[-1]["data"]["preview"] is True
    assert phone.call("/cgi-bin/message/mass/preview", body | {"towxname": "没有这个人"})["errcode"] == 40003


def test_nobody_confirms_and_somebody_asks(phone: Phone, webhook: Webhook, clock: FrozenClock) -> None:
    phone.post("/settings", mass_protection=True)
    msg_id = send_all(phone)["msg_id"]
    assert phone.call("/cgi-bin/message/mass/get", {"msg_id": msg_id})["msg_status"] == "WAITING"
    clock.now += 1801
    assert phone.call("/cgi-bin/message/mass/get", {"msg_id": msg_id})["msg_status"] == "SEND_FAIL"
    phone.post("/settle")
    assert (received(phone), webhook.received[-1]["Status"]) == (0, "send fail")
