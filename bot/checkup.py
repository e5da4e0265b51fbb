"""What can be wrong between us and WeChat: credentials, allowed addresses, clock, quotas, whether it reaches us."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests
from requests.exceptions import RequestException

from bot.api_errors import GatewayError, WechatError
from bot.gateway import Gateway
from config.settings import Settings
from services.checkup import Finding, State, fine

TIMEOUT = (3.0, 5.0)
MOST_SKEW = 120.0  # seconds; messages signed longer ago than WECHAT_FRESHNESS_SECONDS are refused
WATCHED = {
    "/cgi-bin/message/custom/send": "客服消息",
    "/cgi-bin/message/template/send": "模板消息",
    "/cgi-bin/message/mass/sendall": "群发",
}
ADVICE = {
    40013: "WECHAT_APP_ID 不对，请与公众平台“基本配置”核对",
    40125: "WECHAT_APP_SECRET 不对，请在公众平台重置后填入 .env",
    40164: "请把提示里的 IP 加入公众平台“基本配置-IP 白名单”",
    61024: "请把本机出口 IP 加入公众平台“基本配置-IP 白名单”",
    45009: "今天的调用次数用完，明天零点恢复",
    48001: "公众号没有这项接口的权限，请在公众平台“接口权限”查看",
}


def check_wechat(gateway: Gateway, settings: Settings, clock: Callable[[], datetime]) -> list[Finding]:
    """Asks WeChat; some seconds. Without a token there is nothing more to ask."""
    reachable = check_clock(settings, clock)
    if reachable.state is State.FAULT:
        return [reachable]
    account = check_account(gateway)
    if account.state is State.FAULT:
        return [reachable, account]
    return [reachable, account, *check_quotas(gateway), check_way_back(gateway, settings)]


def check_clock(settings: Settings, clock: Callable[[], datetime]) -> Finding:
    """WeChat's clock beside ours: a wrong one lets us refuse messages as too old."""
    try:
        answer = requests.head(settings.wechat_api_url, timeout=TIMEOUT, allow_redirects=False)
    except RequestException as error:
        advice = "检查本机能否上网、DNS 是否正常，防火墙是否放行 443 端口"
        text = f"连不上 {urlsplit(settings.wechat_api_url).hostname}：{type(error).__name__}"
        return Finding("连接微信", State.FAULT, text, advice)
    told = answer.headers.get("Date")
    skew = (clock() - parsedate_to_datetime(told)).total_seconds() if told else 0.0
    if abs(skew) > MOST_SKEW:
        text = f"本机时钟{'快' if skew > 0 else '慢'} {abs(skew):.0f} 秒"
        return Finding("时钟", State.FAULT, text, "打开自动校时：timedatectl set-ntp true")
    return fine("连接微信", f"可以连接，时钟相差 {abs(skew):.0f} 秒")


def check_account(gateway: Gateway) -> Finding:
    """Whether AppID, AppSecret and our address are accepted."""
    try:
        gateway.get("getcallbackip")
    except WechatError as error:
        return Finding("公众号", State.FAULT, f"微信拒绝：{error}", ADVICE.get(error.code, "请按错误码查公众平台文档"))
    except GatewayError as error:
        return Finding("公众号", State.FAULT, f"微信没有答复：{error}", "稍后再试")
    return fine("公众号", "AppID、AppSecret 和 IP 白名单都有效")


def check_quotas(gateway: Gateway) -> list[Finding]:
    """What is left today of the calls that matter."""
    findings = []
    for path, name in WATCHED.items():
        try:
            quota = gateway.post("openapi/quota/get", data={"cgi_path": path})["quota"]
        except WechatError as error:
            findings.append(Finding("额度", State.NOTE, f"{name}：{error}", ADVICE.get(error.code, "")))
            continue
        except (GatewayError, KeyError):
            findings.append(Finding("额度", State.NOTE, f"{name}：没有查到", "稍后再试"))
            continue
        left, limit = int(quota["remain"]), int(quota["daily_limit"])
        text = f"{name}今天还可调用 {left} 次（共 {limit} 次）"
        state = State.FINE if left * 10 > limit else State.NOTE
        findings.append(Finding("额度", state, text, "" if state is State.FINE else "明天零点恢复；群发请错开"))
    return findings


def check_way_back(gateway: Gateway, settings: Settings) -> Finding:
    """WeChat's own test of the way to us: it resolves our name and pings it."""
    try:
        answer = gateway.post("callback/check", data={"action": "all", "check_operator": "DEFAULT"})
    except GatewayError as error:
        return Finding(
            "微信到本机", State.NOTE, f"微信没有做网络检测：{error}", "可在公众平台“基本配置”重新提交服务器地址来测试"
        )
    lost = [one for one in answer.get("ping", []) if str(one.get("package_loss", "")).startswith("100")]
    if not answer.get("dns") or lost:
        advice = f"检查 {urlsplit(settings.public_url).hostname} 的解析，防火墙是否放行 80、443 端口"
        return Finding("微信到本机", State.FAULT, "微信连不上服务器地址", advice)
    return fine("微信到本机", "微信可以连到服务器地址")
