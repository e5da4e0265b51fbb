"""Where records come from by themselves, from sources.toml: drop folders and addresses that are asked."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from config.reading import Part, read_rules

SOURCES_FILE = Path(__file__).with_name("sources.toml")
KINDS = Literal["penalty", "licence", "honour", "red", "black", "abnormal", "court", "commitment", "rating", "prepaid"]


class Source(Part):
    """One source."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")
    kind: KINDS
    unit: str = Field("", max_length=100)  # 数据来源单位, where the sheet does not name it
    way: Literal["folder", "https"]
    url: str = ""
    every_minutes: int = Field(60, ge=5, le=7 * 24 * 60)
    fresh_days: int | None = Field(None, ge=1, le=366)
    is_whole: bool = False  # all or nothing
    is_full: bool = False  # each file is the whole list: what is missing in a newer one is public no more
    most_missing: float = Field(1 / 3, gt=0, le=1)  # share of the list; a file in which more is missing is refused
    publishes: bool = False  # its lists are decisions of an authority and need no approval here

    @model_validator(mode="after")
    def has_address(self) -> "Source":
        """What is asked has an address, encrypted and without a password in it."""
        parts = urlsplit(self.url)
        if self.way == "https" and (parts.scheme != "https" or not parts.hostname or parts.username):
            raise ValueError(f"来源 {self.code} 的 url 须是 https 地址，且不含用户名和密码")
        return self

    @model_validator(mode="after")
    def may_be_full(self) -> "Source":
        """Only the courts publish their list anew each time, and whose list it is must be named."""
        if self.is_full and (self.kind != "court" or not self.unit):
            raise ValueError(f"来源 {self.code}：is_full 只用于失信被执行人（court），并须写明 unit")
        return self

    @property
    def host(self) -> str:
        """Whom it asks."""
        return urlsplit(self.url).hostname or ""


class Sources(Part):
    """The whole file."""

    allowed_hosts: list[str] = Field(default_factory=list)
    sources: list[Source] = Field(default_factory=list)

    @model_validator(mode="after")
    def are_distinct(self) -> "Sources":
        """Each code once, each folder one source, and no host that nobody has allowed."""
        codes = [one.code for one in self.sources]
        folders = [one.kind for one in self.sources if one.way == "folder"]
        if len(set(codes)) < len(codes) or len(set(folders)) < len(folders):
            raise ValueError("来源的 code 不能重复；同一类信息只能有一个文件夹来源")
        for one in self.sources:
            if one.way == "https" and one.host not in self.allowed_hosts:
                raise ValueError(f"来源 {one.code} 的主机 {one.host} 不在 allowed_hosts 中")
        return self

    def full_list(self, code: str | None, kind: str) -> Source | None:
        """The source with this code, where each of its files of this kind is the whole list."""
        return next((one for one in self.sources if one.is_full and (one.code, one.kind) == (code, kind)), None)

    def folder_of(self, kind: str) -> Source:
        """The source of a kind's drop folder, plain where the file does not name it."""
        named = (one for one in self.sources if one.way == "folder" and one.kind == kind)
        plain = {"code": f"folder-{kind}", "kind": kind, "way": "folder"}
        return next(named, None) or Source.model_validate(plain)


def load_sources(path: Path = SOURCES_FILE) -> Sources:
    """Read sources.toml; SettingsError names what is wrong."""
    return read_rules(path, Sources)
