"""Settings of one installation, read from the environment or .env and checked at start."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

WEAK_WORDS = ("change-me", "changeme", "secret", "password", "example", "123456", "test")


class WechatMode(StrEnum):
    """How the official account's server is configured in WeChat's console (消息加解密方式)."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


def strip_slash(url: str) -> str:
    """Addresses are joined with paths that begin with a slash."""
    return url.rstrip("/")


Url = Annotated[str, AfterValidator(strip_slash), Field(pattern=r"^https?://[^\s]+$")]


class Settings(BaseSettings):
    """Every setting there is; docs/settings.md explains each and is checked against this class."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8-sig", extra="ignore")

    database_url: str = Field("", description="Database; empty: SQLite in DATA_DIR")
    data_dir: Path = Field(Path("var"), description="Folder of database, name index and spool")
    secret_key: str = Field("", description="Key of personal fields and signed links, 32 characters or more")
    public_url: Url = Field("http://127.0.0.1:8000", description="Address under which citizens reach the pages")
    host: str = Field("127.0.0.1", description="Address the service listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port the service listens on")
    wechat_app_id: str = Field("", description="AppID of the official account")
    wechat_app_secret: str = Field("", description="AppSecret of the official account")
    wechat_token: str = Field("", description="Token of the server configuration, 3 to 32 letters and digits")
    wechat_aes_key: str = Field("", description="EncodingAESKey, 43 characters; new,old while it is changed")
    wechat_mode: WechatMode = Field(WechatMode.SAFE, description="plain, compatible or safe")
    wechat_api_url: Url = Field("https://api.weixin.qq.com", description="WeChat's API")
    wechat_freshness_seconds: int = Field(300, ge=0, description="Oldest accepted message; 0: no limit")

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'chengxin.db'}"

    @property
    def aes_keys(self) -> list[str]:
        """The current EncodingAESKey and, while it is being changed, the previous one."""
        return [key.strip() for key in self.wechat_aes_key.split(",") if key.strip()]


class SettingsError(Exception):
    """A setting is missing, malformed or too weak; the message names it."""


def load_settings(**overrides: object) -> Settings:
    """Read the settings; SettingsError with one line that names each bad one."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = "；".join(f"{str(item['loc'][0]).upper()}：{item['msg']}" for item in error.errors())
        raise SettingsError(f"设置有误。{wrong}") from None


def is_weak(secret: str, least: int) -> bool:
    """Too short, one letter repeated, or a word from an example."""
    lowered = secret.lower()
    return len(secret) < least or len(set(secret)) < min(least, 6) or any(word in lowered for word in WEAK_WORDS)


def check_secrets(settings: Settings) -> None:
    """Refuse to serve with a weak or missing secret; SettingsError says which."""
    faults = []
    if is_weak(settings.secret_key, 32):
        faults.append("SECRET_KEY（至少 32 个随机字符）")
    if not settings.wechat_app_id:
        faults.append("WECHAT_APP_ID")
    if is_weak(settings.wechat_app_secret, 16):
        faults.append("WECHAT_APP_SECRET（公众平台后台的 AppSecret）")
    if is_weak(settings.wechat_token, 8) or not settings.wechat_token.isalnum():
        faults.append("WECHAT_TOKEN（8 至 32 个随机字母和数字，与公众平台后台一致）")
    keys = settings.aes_keys
    if settings.wechat_mode is not WechatMode.PLAIN and not keys:
        faults.append("WECHAT_AES_KEY（43 个字符，与公众平台后台一致）")
    if any(len(key) != 43 or not key.isalnum() for key in keys):
        faults.append("WECHAT_AES_KEY（每个密钥须是 43 个字母和数字）")
    if faults:
        raise SettingsError("以下设置缺失或太弱：" + "、".join(faults) + "。请在 .env 中改正，见 docs/settings.md")
