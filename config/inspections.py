"""The rules by which a bureau classes firms for inspection, from inspections.toml."""

from pathlib import Path

from pydantic import Field

from config.reading import Part, read_rules

INSPECTIONS_FILE = Path(__file__).with_name("inspections.toml")


class Condition(Part):
    """So many records of a kind in force, decided in the last `months` where that is said."""

    block: str
    severity: str = ""
    at_least: int = Field(1, ge=1)
    months: int = Field(0, ge=0)


class ClassRule(Part):
    """One class; any of its conditions gives it, for who is clean where that is asked."""

    name: str = Field(min_length=1, max_length=12)
    about: str = Field(min_length=1, max_length=120)
    weight: float = Field(gt=0, le=100)
    is_clean: bool = False
    when: list[Condition] = Field(min_length=1)


class InspectionRules(Part):
    """All of them, first match first."""

    version: int = Field(ge=1)
    is_public: bool = False
    unrated: str
    unrated_weight: float = Field(gt=0, le=100)
    classes: list[ClassRule]


def load_inspection_rules(path: Path = INSPECTIONS_FILE) -> InspectionRules:
    """Read inspections.toml; SettingsError names the line or the word that is wrong."""
    return read_rules(path, InspectionRules)
