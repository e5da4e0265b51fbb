"""A citizen at the pages of complaints, without JavaScript; and a WeChat that says what it is told."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot.oauth import OauthError, OauthTrouble, WebLogin
from models.database import Database
from services.calendar.years import seed_calendar
from tests.evidence_files import make_photo
from tests.pages import NO_WECHAT, make_pages

IN_WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50"}
FACTS = "2026年10月在该店办理2000元储值卡，店铺关门后联系不上。"
FIELDS: dict[str, Any] = {
    "kind": "complaint",
    "category": "prepaid",
    "respondent_name": "示范市乐享健身服务有限公司",
    "facts": FACTS,
    "name": "欧阳小明",
    "phone": "13812345678",
    "shown": ["requests", "is_anonymous", "agrees_to_publish"],
}


class SaidLogin(WebLogin):
    """Codes stand for openids; each holds once."""

    codes: dict[str, str]
    asked: list[str]

    def __init__(self) -> None:
        super().__init__("wx0123456789abcdef", "secret", "http://127.0.0.1:9", NO_WECHAT.open_url, NO_WECHAT.http)
        object.__setattr__(self, "codes", {})
        object.__setattr__(self, "asked", [])

    def recognise(self, code: str) -> str:
        self.asked.append(code)
        if code == "snapshot":
            raise OauthError(OauthTrouble.SNAPSHOT)
        if code == "silent":
            raise OauthError(OauthTrouble.FAILED)
        if code not in self.codes:
            raise OauthError(OauthTrouble.STALE)
        return self.codes.pop(code)


class Bureau:
    """The pages at a moment that moves when told."""

    def __init__(self, database: Database, folder: Path, public_url: str = "http://127.0.0.1:8000") -> None:
        self.database, self.login = database, SaidLogin()
        self.now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # Friday, 10:00 in Shanghai
        with database.write() as session:
            seed_calendar(session, self.now)
        self.app = make_pages(database, folder, lambda: self.now, public_url, self.login)

    def pass_time(self, **parts: float) -> None:
        self.now += timedelta(**parts)

    def citizen(self, **options: Any) -> "Citizen":
        """A browser of its own."""
        return Citizen(self, self.app.test_client(), **options)


@dataclass
class Citizen:
    """One browser; posts what the last page's forms would post."""

    bureau: Bureau | None  # of the tests that sign in
    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)
    seal: str = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.note(self.client.get(path, headers=self.headers, **options))

    def post(self, path: str, /, **fields: Any) -> TestResponse:
        kind = "multipart/form-data" if "files" in fields else None
        data = {"seal": self.seal} | fields
        return self.note(self.client.post(path, data=data, headers=self.headers, content_type=kind))

    def note(self, response: TestResponse) -> TestResponse:
        """The seal of the page, for the next form."""
        if response.mimetype == "text/html" and (found := re.search(r'name="seal" value="(\w+)"', response.text)):
            self.seal = found[1]
        return response

    def begin(self, kind: str = "complaint", **fields: Any) -> TestResponse:
        self.get("/h5/complaints")
        self.post("/h5/complaints/begin", kind=kind, **fields)
        return self.get("/h5/complaints/form")

    def fill(self, **changes: Any) -> TestResponse:
        return self.post("/h5/complaints/form", **(FIELDS | {"do": "check"} | changes))

    def file(self, kind: str = "complaint", **changes: Any) -> str:
        """From the start to the receipt; the number."""
        self.begin(kind)
        filled = self.fill(**({"kind": kind} | changes))
        assert filled.location == "/h5/complaints/check", filled.text
        self.get("/h5/complaints/check")
        self.post("/h5/complaints/submit")
        return self.receipt()[0]

    def receipt(self) -> tuple[str, str]:
        """Number and query code."""
        text = self.get("/h5/complaints/receipt").text
        found = re.search(r"编号 ((?:TS|JB|ZX)\d{20}) 查询码 (\w{8})", text)
        assert found, text
        return found[1], found[2]

    def sign_in(self, openid: str, back: str = "/h5/progress") -> TestResponse:
        """Through WeChat and back."""
        self.headers = IN_WECHAT
        left = self.get(f"/h5/sign-in?back={back}")
        assert self.bureau is not None
        self.bureau.login.codes["code of " + openid] = openid
        return self.return_from(left, "code of " + openid)

    def return_from(self, left: TestResponse, code: str) -> TestResponse:
        """As WeChat sends the browser back."""
        state = re.search(r"state=(\w+)", left.location or "")
        assert state, left.status
        return self.get("/h5/signed-in", query_string={"code": code, "state": state[1]})


def photo(name: str = "小票.jpg") -> tuple[io.BytesIO, str]:
    """A file as a form sends it."""
    return io.BytesIO(make_photo()), name


MakeBureau = Callable[..., Bureau]
