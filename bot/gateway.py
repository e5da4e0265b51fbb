"""wechatpy's client made safe: timeouts, one shared token, typed errors, pauses, no secret in any text."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.exceptions import ConnectTimeout, RequestException, SSLError
from sqlalchemy.exc import IntegrityError
from urllib3.exceptions import MaxRetryError, NewConnectionError
from wechatpy import WeChatClient

from bot.api_errors import (
    Action,
    ApiPausedError,
    GatewayError,
    NotSentError,
    OutcomeUnknownError,
    TooBigError,
    WechatError,
)
from bot.quotas import next_day, next_minute
from bot.tokens import TokenStore
from config.metrics import WECHAT_CALLS
from config.settings import Settings
from models.database import Database
from models.platform import ApiPause

WECHAT_API = "https://api.weixin.qq.com"  # written out in many of wechatpy's methods
TIMEOUT = (3.0, 5.0)  # seconds to connect and between two packets
WAITS_SECONDS = (1.0, 2.0, 4.0)
VIDEO_HOSTS = (".qq.com", ".qpic.cn")
FILES = ("image/", "audio/", "video/", "voice/", "application/octet-stream")

log = logging.getLogger(__name__)


class Gateway(WeChatClient):  # type: ignore[misc] # wechatpy has no types
    """All calls to WeChat; every method of wechatpy's APIs comes through `_request` too."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(settings.wechat_app_id, settings.wechat_app_secret, timeout=TIMEOUT, auto_retry=False)
        self.base, self.database, self.clock, self.sleep = settings.wechat_api_url, database, clock, sleep
        self.tokens = TokenStore(database, settings.wechat_app_id, self.fetch_stable_token, clock)

    # What the rest of the program uses.

    def send_customer_service(self, openid: str, message: Mapping[str, Any]) -> None:
        """`message` is WeChat's, without `touser`: text, news, msgmenu, image … Never repeated."""
        self.post("message/custom/send", data={"touser": openid, **message})

    def send_typing(self, openid: str) -> None:
        """Show 对方正在输入."""
        self.post("message/custom/typing", data={"touser": openid, "command": "Typing"})

    def send_template(self, openid: str, message: Mapping[str, Any], client_msg_id: str) -> str:
        """A template message; the same `client_msg_id` goes out once within ten minutes. WeChat's msgid."""
        data = {"touser": openid, **message, "client_msg_id": client_msg_id}
        result = self.post("message/template/send", data=data, is_repeatable=True)
        return str(result.get("msgid", ""))

    def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the menu."""
        self.post("menu/create", data=dict(menu), is_repeatable=True)

    def get_menu(self) -> dict[str, Any]:
        """The menu as WeChat has it."""
        result: dict[str, Any] = self.get("menu/get")
        return result

    def upload_media(self, kind: str, name: str, content: bytes) -> str:
        """Temporary media of `kind` image, voice, video or thumb, kept three days; its media_id."""
        result = self.post("media/upload", params={"type": kind}, files={"media": (name, content)})
        return str(result["media_id"])

    def upload_article_picture(self, name: str, content: bytes) -> str:
        """A picture for the text of articles (JPEG or PNG under 1 MB, without a limit of number); its address."""
        result = self.post("media/uploadimg", files={"media": (name, content)}, is_repeatable=True)
        return str(result["url"])

    def add_material(self, kind: str, name: str, content: bytes) -> str:
        """Permanent material of `kind` image …, such as the cover of an article; its media_id."""
        result = self.post("material/add_material", params={"type": kind}, files={"media": (name, content)})
        return str(result["media_id"])

    def get_media(self, media_id: str, most_bytes: int, most_seconds: float = 30.0) -> bytes:
        """What a citizen sent, within three days (40007 later); TooBigError when it is more than wanted."""
        result = self.get("media/get", params={"media_id": media_id}, stream=True)
        if isinstance(result, dict) and "video_url" in result:  # videos lie elsewhere
            result = self.open_video(str(result["video_url"]))
        if not isinstance(result, requests.Response):
            raise OutcomeUnknownError("media/get answered without a file")
        with result:
            return read_body(result, most_bytes, time.monotonic() + most_seconds)

    def open_video(self, url: str) -> requests.Response:
        """The video at an address that WeChat named; only WeChat's own hosts are asked, without our token."""
        host = urlsplit(url).hostname or ""
        is_theirs = host == urlsplit(self.base).hostname or host.endswith(VIDEO_HOSTS)
        if not is_theirs or not url.startswith(("http://", "https://")):
            raise OutcomeUnknownError("media/get named an address that is not WeChat's")
        try:
            response: requests.Response = self._http.request(
                "get", url, timeout=TIMEOUT, stream=True, allow_redirects=False
            )
        except RequestException as error:
            raise explain(error) from None
        if response.status_code != requests.codes.ok:
            response.close()
            raise OutcomeUnknownError(f"HTTP {response.status_code} for a video")
        return response

    def get_user(self, openid: str) -> dict[str, Any]:
        """subscribe, language, tags … of a follower."""
        result: dict[str, Any] = self.get("user/info", params={"openid": openid, "lang": "zh_CN"})
        return result

    # How calls are made.

    @property
    def access_token(self) -> str:
        """The shared token; for those of wechatpy's methods that ask for it."""
        return self.tokens.current()

    def fetch_access_token(self) -> dict[str, Any]:
        """wechatpy's name for a refresh."""
        return {"access_token": self.tokens.current()}

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        """One call with its rules: pause, token, at most one refresh, retries of what may be repeated."""
        base = kwargs.pop("api_base_url", self.API_BASE_URL)
        url = self.locate(url_or_endpoint if "://" in url_or_endpoint else base + url_or_endpoint)
        process = kwargs.pop("result_processor", None)
        may_repeat = kwargs.pop("is_repeatable", method.lower() == "get")
        kwargs["files"] = read_files(kwargs.get("files"))
        api = urlsplit(url).path
        self.check_pause(api)
        try:
            result = self.call_patiently(method, url, kwargs, WAITS_SECONDS if may_repeat else ())
        except GatewayError as error:
            WECHAT_CALLS.labels(type(error).__name__).inc()
            raise
        WECHAT_CALLS.labels("done").inc()
        return process(result) if process else result

    def locate(self, url: str) -> str:
        """The address under the configured API; the token is never sent to another host."""
        if url.startswith(WECHAT_API + "/"):
            return self.base + url.removeprefix(WECHAT_API)
        if url.startswith(self.base + "/"):
            return url
        raise NotSentError("not an address of WeChat's API")

    def call_patiently(self, method: str, url: str, kwargs: dict[str, Any], waits: tuple[float, ...]) -> Any:
        """Again after each of `waits` while WeChat is busy; remembers pauses."""
        for wait in (*waits, None):
            try:
                return self.call_with_token(method, url, kwargs)
            except WechatError as error:
                self.note_pause(urlsplit(url).path, error)
                if error.action is not Action.RETRY or wait is None:
                    raise
                self.sleep(wait)
        raise AssertionError("unreachable")

    def call_with_token(self, method: str, url: str, kwargs: dict[str, Any]) -> Any:
        """With the shared token; when WeChat refuses it, once more with a newer one if there is one."""
        params = dict(kwargs.get("params") or {})
        if "access_token" in params:
            return self.call(method, url, kwargs | {"params": params})
        token = self.tokens.current()
        try:
            return self.call(method, url, kwargs | {"params": params | {"access_token": token}})
        except WechatError as error:
            if error.action is not Action.REFRESH:
                raise
            newer = self.tokens.current(failed=token)
            if newer == token:
                raise
        return self.call(method, url, kwargs | {"params": params | {"access_token": newer}})

    def call(self, method: str, url: str, kwargs: dict[str, Any]) -> Any:
        """One HTTP request; the decoded answer, or a Response that is a file."""
        if isinstance(kwargs.get("data"), dict):
            body = json.dumps(kwargs["data"], ensure_ascii=False).encode("utf-8", "replace")
            kwargs = kwargs | {"data": body}
        options = {"timeout": TIMEOUT, "allow_redirects": False} | kwargs
        try:
            response = self._http.request(method, url, **options)
        except RequestException as error:
            raise explain(error) from None  # its own text holds the address with the token
        if response.status_code != requests.codes.ok:
            raise OutcomeUnknownError(f"HTTP {response.status_code}")
        return self.decode(response)

    def decode(self, response: requests.Response) -> Any:
        """A dictionary without errcode, or the response when it is a file."""
        if response.headers.get("Content-Type", "").startswith(FILES):
            return response
        try:
            result = json.loads(response.content)
        except ValueError:
            raise OutcomeUnknownError("the answer is not JSON") from None
        if isinstance(result, dict) and (code := result.get("errcode")):
            raise WechatError(int(code), self.clean(str(result.get("errmsg", ""))), result)
        return result

    def clean(self, text: str) -> str:
        """WeChat's words without our secret."""
        return text.replace(self.secret, "***") if self.secret else text

    def fetch_stable_token(self) -> tuple[str, int]:
        """The token and its seconds to live, by stable_token: repeated calls give the same one."""
        data = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret}
        try:
            result = self.call("post", f"{self.base}/cgi-bin/stable_token", {"data": data})
            return str(result["access_token"]), int(result["expires_in"])
        except WechatError as error:
            log.error("no access token: %s", error)
            raise
        except (GatewayError, KeyError, TypeError, ValueError) as error:
            raise NotSentError(f"no access token: {type(error).__name__}") from None

    # APIs that must rest.

    def check_pause(self, api: str) -> None:
        """ApiPausedError while the API rests."""
        with self.database.read() as session:
            pause = session.get(ApiPause, api)
        if pause is not None and pause.until > self.clock():
            raise ApiPausedError(pause.until)

    def note_pause(self, api: str, error: WechatError) -> None:
        """Rest until the quota begins again."""
        rests = {Action.QUOTA_DAY: next_day, Action.QUOTA_MINUTE: next_minute}
        if error.action not in rests:
            return
        until = rests[error.action](self.clock())
        log.error("%s rests until %s: %s", api, until.isoformat(), error)
        try:
            with self.database.write() as session:
                session.merge(ApiPause(api=api, until=until, errcode=error.code))
        except IntegrityError:  # another process noted it in the same moment
            pass


def read_files(files: Any) -> Any:
    """Open files read into memory, so that a second try does not send an empty one."""
    if not isinstance(files, dict):
        return files
    return {name: read_file(value) for name, value in files.items()}


def read_file(value: Any) -> Any:
    """A file, or (name, file, …), with its content in place of the open file."""
    if isinstance(value, tuple):
        return (value[0], read_file(value[1]), *value[2:])
    return value.read() if hasattr(value, "read") else value


def read_body(response: requests.Response, most_bytes: int, until: float) -> bytes:
    """A file as it streams in, until a moment of the monotonic clock."""
    content = bytearray()
    try:
        for piece in response.iter_content(64 * 1024):
            content += piece
            if len(content) > most_bytes:
                raise TooBigError(f"more than {most_bytes} bytes")
            if time.monotonic() > until:
                raise OutcomeUnknownError("the file comes too slowly")
    except RequestException as error:
        raise explain(error) from None
    return bytes(content)


def explain(error: RequestException) -> GatewayError:
    """Did the request leave? The text names the kind of failure only."""
    kind = type(error).__name__
    reason = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    has_not_left = isinstance(error, ConnectTimeout | SSLError) or isinstance(reason, NewConnectionError)
    return NotSentError(kind) if has_not_left else OutcomeUnknownError(kind)
