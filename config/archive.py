"""How the bureau keeps its credit archive, from archive.toml: statutory lists, terms of objections, tags, catalogue."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from config.cases import TERM
from config.reading import Part, read_rules

ARCHIVE_FILE = Path(__file__).with_name("archive.toml")


class ObjectionTerms(Part):
    """Lengths of the deadlines of an objection, and how long its words are kept."""

    mark: str = Field(pattern=TERM)
    decide: str = Field(pattern=TERM)
    forward: str = Field(pattern=TERM)
    supplier: str = Field(pattern=TERM)
    years: int = Field(ge=1)


class RepairDoor(Part):
    """Where one applies for repair."""

    apply_at: str
    apply_url: str


class StatutoryList(Part):
    """A list that law allows, with the law."""

    code: str = Field(max_length=24)
    kind: Literal["black", "red"]
    name: str = Field(max_length=100)
    basis: str
    scope: Literal["national", "local"]
    region: str = ""
    exit: str
    info_class: Literal["administrative", "self_discipline"] = "administrative"

    @model_validator(mode="after")
    def is_lawful(self) -> "StatutoryList":
        """A local list says where it holds; an association's is never one of 严重失信."""
        if self.scope == "local" and not self.region:
            raise ValueError(f"地方名单 {self.name} 要写明适用地区 region")
        if self.kind == "black" and self.info_class != "administrative":
            raise ValueError(f"{self.name}：商协会的认定是行业自律信息，不能是严重失信主体名单")
        return self

    def name_on(self, day: date) -> str:
        """The name as it stands on an entry that was decided on `day`."""
        return self.name.replace("{year}", str(day.year))


class Tags(Part):
    """What enterprises and records may be tagged with."""

    topics: list[str]
    sectors: list[str]


class ArchiveRules(Part):
    """The whole file."""

    objection: ObjectionTerms
    repair: RepairDoor
    lists: list[StatutoryList]
    tags: Tags
    catalogue: dict[str, str]

    def statute(self, code: str) -> StatutoryList | None:
        """The list with this code."""
        return next((one for one in self.lists if one.code == code), None)

    def statute_named(self, name: str, day: date) -> StatutoryList | None:
        """The list that bears this name on an entry of `day`."""
        return next((one for one in self.lists if one.name_on(day) == name), None)


def load_archive_rules(path: Path = ARCHIVE_FILE) -> ArchiveRules:
    """Read archive.toml; SettingsError names what is wrong."""
    return read_rules(path, ArchiveRules)
