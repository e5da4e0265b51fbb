"""How the bureau handles cases, from cases.toml: terms, categories and their units, bursts, retention."""

from pathlib import Path

from pydantic import Field, model_validator

from config.reading import Part, read_rules

CASES_FILE = Path(__file__).with_name("cases.toml")
TERM = r"^\d{1,3} (working|calendar|hours)$"


class Category(Part):
    """What a case is about, and who handles it: a unit of ours, or another door."""

    code: str = Field(max_length=24)
    name: str
    unit: str = ""
    door: str = ""
    words: list[str] = Field(default_factory=list)  # a story that holds them is probably about this

    @model_validator(mode="after")
    def goes_one_way(self) -> "Category":
        """A unit or a door, not both."""
        if bool(self.unit) == bool(self.door):
            raise ValueError("unit 和 door 须且只须写一个")
        return self


class Door(Part):
    """Another body, with the law by which a matter is theirs."""

    code: str
    name: str
    basis: str
    how: str = ""  # to get there: telephone, address of the site


class Terms(Part):
    """Lengths of the deadlines."""

    accept: str = Field(pattern=TERM)
    supply: str = Field(pattern=TERM)
    assign: str = Field(pattern=TERM)
    return_: str = Field(pattern=TERM, alias="return")
    contact: str = Field(pattern=TERM)
    contact_urgent: str = Field(pattern=TERM)
    contact_critical: str = Field(pattern=TERM)
    answer_inquiry: str = Field(pattern=TERM)
    answer_report: str = Field(pattern=TERM)
    answer_hotline: str = Field(pattern=TERM)
    answer_rework: str = Field(pattern=TERM)
    mediate: str = Field(pattern=TERM)
    confirm: str = Field(pattern=TERM)
    dispute: str = Field(pattern=TERM)
    tell: str = Field(pattern=TERM)
    acknowledge: str = Field(pattern=TERM)


class Extension(Part):
    """How many days of its own kind a deadline may be extended by, once."""

    answer: int = Field(ge=1)


class Bursts(Part):
    """What opens a major event."""

    count: int = Field(ge=2)
    days: int = Field(ge=1)
    amount_yuan: int = Field(ge=1)
    prepaid_count: int = Field(ge=1)


class Retention(Part):
    """How long files of persons are kept."""

    case_years: int = Field(ge=1)
    look_years: int = Field(ge=3)


class Attempts(Part):
    """How often one may try with number and query code."""

    per_number: int = Field(ge=1)
    per_asker: int = Field(ge=1)
    minutes: int = Field(ge=1)


class Filings(Part):
    """How many cases may be submitted within some minutes."""

    per_follower: int = Field(ge=1)
    per_address: int = Field(ge=1)  # of a browser that WeChat has not named; many people may share one
    minutes: int = Field(ge=1, le=60)


class CaseRules(Part):
    """The whole file."""

    region_code: str = Field(pattern=r"^\d{6}$")
    rolls_weekends: bool
    pauses_for_material: bool
    amber_days: int = Field(ge=1)
    duplicate_days: int = Field(ge=1)
    contact_attempts: int = Field(ge=1)
    reopen_days: int = Field(ge=1)
    draft_hours: int = Field(ge=24)
    evidence_count: int = Field(ge=1)
    evidence_megabytes: int = Field(ge=1)
    map_link: str = Field(pattern=r"^(https://\S*\{latitude\}\S*\{longitude\}\S*)?$")
    terms: Terms
    extension: Extension
    bursts: Bursts
    retention: Retention
    attempts: Attempts
    filings: Filings
    categories: list[Category]
    doors: list[Door]

    @model_validator(mode="after")
    def has_all_doors(self) -> "CaseRules":
        """Every category leads somewhere, and none twice."""
        doors, codes = {door.code for door in self.doors}, [category.code for category in self.categories]
        lost = [category.door for category in self.categories if category.door and category.door not in doors]
        if lost or len(codes) != len(set(codes)):
            raise ValueError(f"缺少的去处：{lost}；或有重复的类别")
        return self

    def category(self, code: str) -> Category | None:
        """The category with this code."""
        return next((category for category in self.categories if category.code == code), None)


def load_case_rules(path: Path = CASES_FILE) -> CaseRules:
    """Read cases.toml; SettingsError names what is wrong."""
    return read_rules(path, CaseRules)
