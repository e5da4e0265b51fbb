"""Browsers that are watched for faults, and what an eye and a finger meet on their pages."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.console import PASSWORD

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
LEAST_LETTERS, LEAST_CONTRAST = 15, 4.5  # WCAG 2.2 AA


class Screens:
    """Browsers at one address; a complaint of theirs is a fault, unless it says what is `forgiven`."""

    def __init__(self, chromium: Browser, address: str, forgiven: str) -> None:
        self.chromium, self.address, self.forgiven = chromium, address, forgiven
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def open(self, *, width: int, height: int = 844, is_large: bool = False, **options: Any) -> Page:
        """An empty page of a browser of its own."""
        size: Any = {"width": width, "height": height}
        context = self.chromium.new_context(viewport=size, base_url=self.address, **options)
        self.contexts.append(context)
        if is_large:
            context.add_cookies([{"name": "size", "value": "large", "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self.note)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and self.forgiven not in message.text:
            self.faults.append(message.text)

    def close(self) -> None:
        """The end of the test, which fails on a fault."""
        for context in self.contexts:
            context.close()
        assert self.faults == []


def sign_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Through the door of the console."""
    page.goto("/console/login")
    page.fill("#login", login)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".menu")


def find_faults(page: Page) -> list[str]:
    """What axe finds, letters too small or faint, targets too low, a page wider than the screen."""
    page.evaluate(AXE)
    found = [f"{one['id']}: {one['nodes'][0]['target']}" for one in page.evaluate("axe.run()")["violations"]]
    found += page.evaluate(MEASURE, {"least": LEAST_LETTERS, "contrast": LEAST_CONTRAST})
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"wider by {width}"] if width > 0 else [])
