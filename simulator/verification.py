"""The GET with echostr that WeChat sends when a server URL is configured."""

import dataclasses
import secrets
import time

import requests

from simulator import wire
from simulator.world import World


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether the server passed, and why not, in words."""

    ok: bool
    reason: str
    url: str
    status: int | None = None
    answer: str = ""
    ms: int = 0


def verify(world: World) -> Verdict:
    """Verify the webhook as WeChat's console does: right signature echoed, wrong signature refused."""
    begun = time.monotonic()
    echo = str(secrets.randbelow(9 * 10**18) + 10**18)
    query = wire.signed_query(world.config.token, int(world.clock.now())) | {"echostr": echo}
    url = wire.with_query(world.config.webhook, query)
    try:
        response = world.http.get(
            url,
            headers={"User-Agent": "Mozilla/4.0", "Accept": "*/*", "Pragma": "no-cache"},
            timeout=world.state.switches.wait_seconds,
            allow_redirects=False,
        )
    except requests.Timeout:
        return Verdict(False, "请求 URL 超时：5 秒内没有回答", url)
    except requests.RequestException as error:
        return Verdict(False, f"请求 URL 失败：连不上（{type(error).__name__}）", url)
    ms = int((time.monotonic() - begun) * 1000)
    reason = _reason(response, echo)
    return Verdict(not reason, reason or "配置成功", url, response.status_code, response.text[:200], ms)


def _reason(response: requests.Response, echo: str) -> str:
    """Why WeChat's console would say 「token 验证失败」, or an empty string."""
    if response.status_code != 200:
        return f"token 验证失败：HTTP 状态 {response.status_code}，应为 200"
    if response.content == echo.encode():
        return ""
    if response.text.strip().strip('"') == echo:
        return "token 验证失败：echostr 多了引号、空白或 BOM，须原样返回"
    return "token 验证失败：返回的不是 echostr"
