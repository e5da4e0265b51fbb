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


class JobsEngine(StrEnum):
    """Who does the steps of the timetable."""

    EMBEDDED = "embedded"  # the timetable itself
    CELERY = "celery"  # workers on any machine, woken through Redis


class HotlineChannel(StrEnum):
    """How cases go to the hotline and come from it."""

    MANUAL = "manual"  # printed forms
    BATCH = "batch"  # daily files by `chengxin hotline export` and `import`
    API = "api"  # signed requests both ways


def strip_slash(url: str) -> str:
    """Addresses are joined with paths that begin with a slash."""
    return url.rstrip("/")


Url = Annotated[str, AfterValidator(strip_slash), Field(pattern=r"^https?://[^\s]+$")]


class Settings(BaseSettings):
    """Every setting there is; docs/settings.md explains each and is checked against this class."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8-sig", extra="ignore")

    database_url: str = Field("", description="Database; empty: SQLite in DATA_DIR")
    redis_url: str = Field("", description="Redis for limits that all machines share; empty: the database counts")
    jobs_engine: JobsEngine = Field(JobsEngine.EMBEDDED, description="embedded or celery")
    data_dir: Path = Field(Path("var"), description="Folder of database, name index and spool")
    secret_key: str = Field("", description="Key of personal fields and signed links, 32 characters or more")
    previous_secret_key: str = Field("", description="The key before, while it is being changed")
    public_url: Url = Field("http://127.0.0.1:8000", description="Address under which citizens reach the pages")
    host: str = Field("127.0.0.1", description="Address the service listens on")
    port: int = Field(8000, ge=1, le=65535, description="Port the service listens on")
    wechat_app_id: str = Field("", description="AppID of the official account")
    wechat_app_secret: str = Field("", description="AppSecret of the official account")
    wechat_token: str = Field("", description="Token of the server configuration, 3 to 32 letters and digits")
    wechat_aes_key: str = Field("", description="EncodingAESKey, 43 characters; new,old while it is changed")
    wechat_mode: WechatMode = Field(WechatMode.SAFE, description="plain, compatible or safe")
    wechat_api_url: Url = Field("https://api.weixin.qq.com", description="WeChat's API")
    wechat_open_url: Url = Field("https://open.weixin.qq.com", description="WeChat's page of web authorisation")
    wechat_js_url: Url = Field("https://res.wx.qq.com", description="Where WeChat's JS-SDK script lies")
    wechat_notice_template: str = Field("", description="Template of the subscription notice that /h5/notices offers")
    wechat_freshness_seconds: int = Field(300, ge=0, description="Oldest accepted message; 0: no limit")
    console_idle_minutes: int = Field(30, ge=5, le=240, description="Unused for so long, a session of staff ends")
    console_hours: int = Field(12, ge=1, le=24, description="After so long a session of staff ends in any case")
    console_requires_code: bool = Field(False, description="Every member of staff must set up one-time codes")
    trusted_proxies: int = Field(0, ge=0, le=5, description="Proxies in front whose X-Forwarded-For is believed")
    metrics_token: str = Field("", description="Who knows it may read /metrics; empty: nobody")
    metrics_port: int = Field(0, ge=0, le=65535, description="Port of the jobs process's own counts; 0: none")
    worker_metrics_port: int = Field(0, ge=0, le=65535, description="Port of the worker's counts; 0: none")
    evidence_scan: str = Field("", description="Command that checks a file on its input for viruses; empty: none")
    hotline_channel: HotlineChannel = Field(HotlineChannel.MANUAL, description="manual, batch or api")
    hotline_receiver: str = Field(
        "12345政务服务便民热线", description="Cases referred to this receiver go to the hotline"
    )
    hotline_url: str = Field("", description="Address of the hotline's interface, for api")
    hotline_app_id: str = Field("", max_length=64, description="Name by which both sides sign, for api")
    hotline_secret: str = Field("", description="Key of the signatures, 32 characters or more, for api")

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
    faults += find_engine_faults(settings)
    if settings.hotline_channel is HotlineChannel.API:
        faults += find_hotline_faults(settings)
    if faults:
        raise SettingsError("以下设置缺失或太弱：" + "、".join(faults) + "。请在 .env 中改正，见 docs/settings.md")


def find_engine_faults(settings: Settings) -> list[str]:
    """What the scaled set-up lacks."""
    faults = []
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://", "unix://")):
        faults.append("REDIS_URL（例：redis://:密码@127.0.0.1:6379/0）")
    if settings.jobs_engine is JobsEngine.CELERY and not settings.redis_url:
        faults.append("REDIS_URL（JOBS_ENGINE=celery 时必填）")
    if settings.jobs_engine is JobsEngine.CELERY and settings.database.startswith("sqlite"):
        faults.append("DATABASE_URL（JOBS_ENGINE=celery 时须为 PostgreSQL）")
    return faults


def find_hotline_faults(settings: Settings) -> list[str]:
    """What the signed exchange lacks."""
    faults = []
    if not settings.hotline_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        faults.append("HOTLINE_URL（热线接口的地址，须为 https）")
    if not settings.hotline_app_id:
        faults.append("HOTLINE_APP_ID")
    if is_weak(settings.hotline_secret, 32):
        faults.append("HOTLINE_SECRET（至少 32 个随机字符）")
    return faults
