"""Asking WeChat who opened a page, over real HTTP against the simulated WeChat and its faults."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.oauth import WECHAT_OPEN, OauthError, OauthTrouble, WebLogin
from simulator.app import create_simulator
from tests.serving import serve
from tests.simulator.practice import CONFIG

BACK = "http://127.0.0.1:8000/h5/signed-in"


@dataclass
class Wechat:
    """The simulated WeChat on a port of its own."""

    url: str
    openid: str
    login: WebLogin

    def control(self, where: str, /, **body: Any) -> None:
        requests.post(f"{self.url}/simulate{where}", json=body, timeout=5).raise_for_status()

    def draw_code(self) -> str:
        """As the phone's browser brings it back."""
        address = self.login.address(BACK, "abc123")
        answer = requests.get(address, cookies={"simulator_openid": self.openid}, timeout=5, allow_redirects=False)
        query = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert query["state"] == ["abc123"]
        return query["code"][0]

    def trouble(self, code: str) -> OauthTrouble:
        with pytest.raises(OauthError) as caught:
            self.login.recognise(code)
        assert code not in str(caught.value)
        assert caught.value.__cause__ is None
        assert self.login.app_secret not in repr(self.login)
        return caught.value.trouble


@pytest.fixture
def wechat() -> Iterator[Wechat]:
    app = create_simulator(CONFIG)
    http = requests.Session()
    http.trust_env = False
    with serve(app) as url:
        login = WebLogin(CONFIG.app_id, CONFIG.app_secret, url, url, http)
        yield Wechat(url, next(iter(app.extensions["simulator"].state.users)), login)


def test_a_code_says_who_and_holds_once(wechat: Wechat) -> None:
    code = wechat.draw_code()
    assert wechat.login.recognise(code) == wechat.openid
    assert wechat.trouble(code) is OauthTrouble.STALE  # 40163
    assert wechat.trouble("never given") is OauthTrouble.STALE  # 40029


def test_a_snapshot_user_is_nobody(wechat: Wechat) -> None:
    wechat.control("/settings", snapshot_user=True)
    assert wechat.trouble(wechat.draw_code()) is OauthTrouble.SNAPSHOT


@pytest.mark.parametrize(
    "fault", [{"kind": "http"}, {"kind": "garbage"}, {"kind": "cut"}, {"kind": "errcode", "errcode": -1}]
)
def test_faults_of_wechat_are_one_trouble(wechat: Wechat, fault: dict[str, Any]) -> None:
    code = wechat.draw_code()
    wechat.control("/faults", side="api", path="/sns/oauth2/access_token", **fault)
    assert wechat.trouble(code) is OauthTrouble.FAILED


def test_a_wrong_secret_and_nobody_there(wechat: Wechat) -> None:
    wechat.login = replace(wechat.login, app_secret="another secret")
    assert wechat.trouble(wechat.draw_code()) is OauthTrouble.FAILED
    wechat.login = replace(wechat.login, api_url="http://127.0.0.1:9")
    assert wechat.trouble("any") is OauthTrouble.FAILED


def test_the_address_is_as_wechat_wants_it(wechat: Wechat) -> None:
    address = replace(wechat.login, open_url=WECHAT_OPEN).address("https://a.example/h5/signed-in?x=1&y=2", "s1")
    assert re.fullmatch(
        r"https://open\.weixin\.qq\.com/connect/oauth2/authorize\?appid=\w+"
        r"&redirect_uri=https%3A%2F%2Fa\.example%2Fh5%2Fsigned-in%3Fx%3D1%26y%3D2"
        r"&response_type=code&scope=snsapi_base&state=s1#wechat_redirect",
        address,
    )
