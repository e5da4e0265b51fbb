"""What one simulator is started with, checked before anything runs."""

import base64
import binascii
import dataclasses
import enum
import re
from pathlib import Path


class Mode(enum.StrEnum):
    """The three ways an account can have its messages pushed: 明文, 兼容, 安全."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class ConfigError(ValueError):
    """A start that cannot work; the message is for the person at the keyboard."""


@dataclasses.dataclass(frozen=True)
class Config:
    """The account that is played, where its webhook is, and how patient WeChat is."""

    app_id: str
    app_secret: str
    token: str
    aes_key: str = ""
    mode: Mode = Mode.SAFE
    webhook: str = "http://127.0.0.1:8000/wechat"
    account_name: str = "我的服务号"
    account_id: str = "gh_5e3a1c0ffee1"
    host: str = "127.0.0.1"
    port: int = 8001
    state: Path | None = None
    wait_seconds: float = 5.0
    tries: int = 3
    event_delay: float = 0.5
    notice_template: str = ""  # the id of 活动开始提醒; drawn when empty

    @property
    def base_url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.port}"

    @property
    def operator(self) -> str:
        """The openid in whose name WeChat pushes results of mass sends and publishing."""
        return "o" + self.account_id.ljust(27, "0")[:27]

    def check(self) -> None:
        """Raise ConfigError naming the first thing that is wrong."""
        for name in ("app_id", "app_secret", "token"):
            if not getattr(self, name):
                raise ConfigError(f"SIMULATOR_{name.upper()} (--{name.replace('_', '-')}) is missing / 未设置")
        if not re.fullmatch(r"[A-Za-z0-9]{3,32}", self.token):
            raise ConfigError("SIMULATOR_TOKEN must be 3 to 32 letters or digits / 令牌须为3至32位字母或数字")
        if self.mode is not Mode.PLAIN or self.aes_key:
            check_aes_key(self.aes_key)
        if not self.webhook.startswith(("http://", "https://")):
            raise ConfigError("SIMULATOR_WEBHOOK must be an http(s) URL / 回调地址须以 http(s):// 开头")
        if not 1 <= self.tries <= 4 or self.wait_seconds <= 0:
            raise ConfigError("tries must be 1 to 4 and wait above 0 / 重试次数须为1至4，等待须大于0")


def check_aes_key(aes_key: str) -> None:
    """Refuse what WeChat's console would refuse as an EncodingAESKey."""
    message = "SIMULATOR_AES_KEY must be 43 letters or digits / EncodingAESKey 须为43位字母或数字"
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", aes_key):
        raise ConfigError(message)
    try:
        base64.b64decode(aes_key + "=")
    except binascii.Error as error:
        raise ConfigError(message) from error
