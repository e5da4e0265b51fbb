"""The phone in a real browser: following, writing, tapping, and hostile replies."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.simulator.practice import Phone
from tests.simulator.toy import Webhook

pytestmark = pytest.mark.browser
HOSTILE = (
    '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    '<a href="javascript:window.hacked=1">点我</a> <a href="https://example.com/?a=1&amp;b=2">详情</a>\n'
    '<a href="weixin://bizmsgmenu?msgmenucontent=%E7%AC%AC%E4%B8%80%E5%AE%B6&msgmenuid=7">第一家</a>'
)


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def page(browser: Browser, live: tuple[Flask, str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    opened.goto(live[1])
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def remote(live: tuple[Flask, str]) -> Phone:
    app = live[0]
    return Phone(app.test_client(), app.extensions["simulator"])


def write(page: Page, text: str) -> None:
    page.fill("#words", text)
    page.press("#words", "Enter")


def test_follow_write_and_tap(page: Page, remote: Phone, webhook: Webhook) -> None:
    def answer(fields: dict[str, Any]) -> dict[str, Any]:
        words = "欢迎" if fields.get("Event") else HOSTILE
        return {"MsgType": "text", "Content": words}

    webhook.answer = answer
    expect(page.locator("#foot")).to_be_hidden()
    page.click("#follow")
    expect(page.locator(".row.account .words")).to_have_text("欢迎")
    write(page, "<b>查</b>")
    last = page.locator(".row.account").last
    expect(last).to_contain_text("<script>window.hacked=1</script>")
    expect(last.locator("a[target=_blank]")).to_have_attribute("href", "https://example.com/?a=1&b=2")
    expect(last.locator("a[target=_blank]")).to_have_count(1)
    expect(page.locator(".row.user .words").last).to_have_text("<b>查</b>")
    last.locator(".tappable").click()
    expect(page.locator(".row.user .words").last).to_have_text("第一家")
    remote.post("/settle")
    assert webhook.received[-1]["bizmsgmenuid"] == "7"
    assert page.evaluate("window.hacked") is None


def test_menu_scan_and_voice(page: Page, remote: Phone, webhook: Webhook) -> None:
    page.click("#follow")
    scan = {"type": "scancode_waitmsg", "name": "扫码查照", "key": "S"}
    click = {"type": "click", "name": "企业查询", "key": "Q"}
    remote.call("/cgi-bin/menu/create", {"button": [{"name": "信用查询", "sub_button": [click, scan]}]})
    page.click("text=信用查询")
    page.click("text=扫码查照")
    page.fill("dialog textarea", "https://example.com/licence")
    page.click("dialog button[type=submit]")
    expect(page.locator("#sheet")).to_be_hidden()
    page.click("[aria-label=切换到键盘]")
    page.click("#plus")
    page.click(".choice:has-text('语音')")
    page.fill("dialog textarea", "帮我查一下")
    page.click("dialog button[type=submit]")
    expect(page.locator(".recognised")).to_have_text("帮我查一下")
    remote.post("/settle")
    assert [fields["MsgType"] for fields in webhook.received] == ["event", "event", "voice"]
    assert webhook.received[1]["ScanCodeInfo"]["ScanResult"] == "https://example.com/licence"


@pytest.mark.parametrize("size", [1_000, 11_000_000])
def test_a_chosen_picture_reaches_the_account(size: int, page: Page, remote: Phone, webhook: Webhook) -> None:
    photo = b"\xff\xd8\xff" + bytes(size)
    page.click("#follow")
    page.click("#plus")
    page.click(".choice:has-text('图片')")
    page.set_input_files("dialog input[type=file]", {"name": "执照.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.click("dialog button[type=submit]")
    expect(page.locator(".row.user")).to_have_count(1, timeout=60_000)  # fifteen megabytes on a busy machine
    remote.post("/settle")
    assert webhook.received[-1]["MsgType"] == "image"
    query = {"access_token": remote.token(), "media_id": webhook.received[-1]["MediaId"]}
    assert remote.client.get("/cgi-bin/media/get", query_string=query).data == photo


def test_cards_and_service_messages_arrive_by_themselves(page: Page, remote: Phone) -> None:
    page.click("#follow")
    expect(page.locator(".line", has_text="你已关注该公众号")).to_be_visible()
    item = {"title": "宣传月", "description": "参加答题", "url": "https://example.com/"}
    body = {"touser": remote.openid, "msgtype": "news", "news": {"articles": [item]}}
    remote.call("/cgi-bin/message/custom/send", body)
    expect(page.locator(".article-title")).to_have_text("宣传月")
    expect(page.locator("a.article")).to_have_attribute("href", "https://example.com/")


def test_an_account_out_of_order(page: Page, remote: Phone, webhook: Webhook) -> None:
    page.click("#follow")
    expect(page.locator("#foot")).to_be_visible()
    remote.post("/settle")
    webhook.status = 500
    write(page, "在吗")
    expect(page.locator(".unavailable")).to_have_text("该公众号暂时无法提供服务，请稍后再试")


def test_each_person_has_a_chat(page: Page) -> None:
    page.click("#follow")
    expect(page.locator("#foot")).to_be_visible()
    page.click(".person:has-text('李')")
    expect(page.locator("#profile")).to_be_visible()
    page.click("text=添加")
    page.fill("dialog input", "赵大爷")
    page.click("dialog button[type=submit]")
    expect(page.locator(".person[aria-pressed=true]")).to_contain_text("赵大爷")


def test_the_inspector_shows_the_wire(page: Page, remote: Phone) -> None:
    page.click("#follow")
    remote.token()
    page.click("#inspector-toggle")
    expect(page.locator(".record")).to_have_count(2)
    page.click(".record:has-text('subscribe')")
    expect(page.locator(".record[open] pre").first).to_contain_text("<Event><![CDATA[subscribe]]></Event>")
    page.click(".tab:has-text('设置')")
    page.click("text=验证服务器 URL")
    expect(page.locator("#verdict")).to_contain_text("成功")
    page.click(".tab:has-text('故障')")
    page.select_option("#fault-kind", "duplicate")
    page.click("text=加上故障")
    expect(page.locator(".fault")).to_contain_text("还有 1 次")


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_nothing_is_cut_off(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.click("#follow")
    expect(page.locator("#foot")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
