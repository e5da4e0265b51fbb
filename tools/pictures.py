"""Takes the pictures of docs/guide.md anew from a running demonstration: `python tools/pictures.py --demo-log FILE`.

Start `chengxin demo` on a fresh folder first and keep what it prints in FILE: the addresses and passwords stand there.
"""

import argparse
import io
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "images" / "guide"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MOST_BYTES = 150_000
COLOURS = (256, 128, 64)
PHONE, DESK = (390, 844), (1280, 800)
FIRM = "湖南稻花屿食品有限公司"


@dataclass(frozen=True)
class Demo:
    """Where it runs, and who may sign in."""

    phone: str
    home: str
    login: str
    password: str


def read_demo(text: str) -> Demo:
    """From what `chengxin demo` printed; ValueError when it is not ready."""
    phone, home = re.search(r"手机模拟器\s+(\S+)", text), re.search(r"市民首页\s+(\S+)", text)
    account = re.search(r"^\s+(\S+)\s+(\S+)\s+系统管理员", text, re.MULTILINE)
    if not (phone and home and account):
        raise ValueError("the demonstration is not ready: no addresses or no account in the log")
    return Demo(phone[1], home[1].rstrip("/"), account[1], account[2])


def shrink(picture: bytes) -> bytes:
    """As a PNG below the limit, with as many colours as that allows; ValueError when none does."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    for count in COLOURS:
        out = io.BytesIO()
        image.quantize(count, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < MOST_BYTES:
            return out.getvalue()
    raise ValueError("the picture is too big")


def keep(page: Page, name: str) -> None:
    """What the screen shows now."""
    page.wait_for_timeout(400)  # movements end
    path = TARGET / f"{name}.png"
    path.write_bytes(shrink(page.screenshot()))


def open_page(browser: Browser, size: tuple[int, int]) -> Page:
    """A window of its own, in Chinese."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    return context.new_page()


def say(page: Page, words: str) -> None:
    """Write on the phone and wait for the answer."""
    if not page.locator("#words").is_visible():  # the account's menu is in its place
        page.click("button[aria-label=切换到键盘]")
    before = page.locator(".row.account").count()
    page.fill("#words", words)
    page.press("#words", "Enter")
    expect(page.locator(".row.account")).not_to_have_count(before, timeout=20_000)


def show_phone(browser: Browser, demo: Demo) -> None:
    """Follow, ask, be asked back, file."""
    page = open_page(browser, PHONE)
    page.goto(demo.phone)
    keep(page, "phone-follow")
    page.click("#follow")
    expect(page.locator(".row.account").first).to_be_visible(timeout=20_000)
    keep(page, "phone-welcome")
    say(page, FIRM)
    keep(page, "phone-answer")
    say(page, "帮我查一下云朵岸洗衣怎么样")
    keep(page, "phone-choose")
    say(page, "投诉")
    keep(page, "phone-complaint")


def show_citizen(browser: Browser, demo: Demo) -> None:
    """The pages that the menu opens."""
    page = open_page(browser, PHONE)
    page.goto(f"{demo.home}/")
    keep(page, "page-home")
    page.goto(f"{demo.home}/h5/search?q={FIRM}")
    keep(page, "page-answer")


def show_console(browser: Browser, demo: Demo) -> None:
    """Sign in as the administrator."""
    page = open_page(browser, DESK)
    page.goto(f"{demo.home}/console/")
    keep(page, "console-login")
    page.fill("input[name=login]", demo.login)
    page.fill("input[name=password]", demo.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/console/(?!login)"))
    keep(page, "console-home")
    for name, words in (("console-staff", "人员管理"), ("console-doctor", "系统体检")):
        page.get_by_role("link", name=words).first.click()
        page.wait_for_load_state("networkidle")
        keep(page, name)


SCENES: tuple[Callable[[Browser, Demo], None], ...] = (show_phone, show_citizen, show_console)


def main(arguments: Sequence[str] | None = None) -> None:
    """All pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo-log", type=Path, required=True)
    demo = read_demo(parser.parse_args(arguments).demo_log.read_text(encoding="utf-8"))
    TARGET.mkdir(parents=True, exist_ok=True)
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for scene in SCENES:
            scene(browser, demo)
        browser.close()


if __name__ == "__main__":
    main()
