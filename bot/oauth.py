"""WeChat's web authorisation: where to ask who opened a page, and what WeChat's code says."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

import requests

from config.settings import Settings

TIMEOUT = (3.0, 5.0)  # seconds to connect and between two packets
STALE_CODES = frozenset({40029, 40163, 42003})  # unknown, used, too old
WECHAT_OPEN = "https://open.weixin.qq.com"


class OauthTrouble(StrEnum):
    """Why nobody was recognised."""

    STALE = "stale"  # the code does not hold any more; asking WeChat again gives a new one
    SNAPSHOT = "snapshot"  # WeChat shows the page to a made-up user, who must not be bound to anything
    FAILED = "failed"  # WeChat did not answer, or not as it should


class OauthError(Exception):
    """Nobody was recognised; never names the code or the secret."""

    def __init__(self, trouble: OauthTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass(frozen=True)
class WebLogin:
    """Silent recognition (snsapi_base): nothing but the openid is asked for."""

    app_id: str
    app_secret: str = field(repr=False)
    api_url: str
    open_url: str
    http: requests.Session

    @property
    def is_practice(self) -> bool:
        """A simulated WeChat, that any browser can reach."""
        return self.open_url != WECHAT_OPEN

    def address(self, redirect_uri: str, state: str) -> str:
        """Where the browser is sent. WeChat wants the parameters in this order, and letters and digits in `state`."""
        query = {
            "appid": self.app_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
        }
        return f"{self.open_url}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    def recognise(self, code: str) -> str:
        """The openid behind a code, which holds once and for five minutes; OauthError otherwise."""
        query = {
            "appid": self.app_id,
            "secret": self.app_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        try:
            answer = self.http.get(
                f"{self.api_url}/sns/oauth2/access_token", params=query, timeout=TIMEOUT, allow_redirects=False
            ).json()
        except (requests.RequestException, ValueError):  # the cause would name the secret
            raise OauthError(OauthTrouble.FAILED) from None
        if not isinstance(answer, dict):
            raise OauthError(OauthTrouble.FAILED)
        if answer.get("errcode"):
            raise OauthError(OauthTrouble.STALE if answer["errcode"] in STALE_CODES else OauthTrouble.FAILED)
        if answer.get("is_snapshotuser"):
            raise OauthError(OauthTrouble.SNAPSHOT)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise OauthError(OauthTrouble.FAILED)
        return openid


def open_web_login(settings: Settings) -> WebLogin:
    """As the settings have it."""
    return WebLogin(
        settings.wechat_app_id,
        settings.wechat_app_secret,
        settings.wechat_api_url,
        settings.wechat_open_url,
        requests.Session(),
    )
