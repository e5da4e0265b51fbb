"""How citizens take part and how it is counted, from taking_part.toml: quiz, check-in, table, evaluation."""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from config.reading import Part, read_rules

TAKING_PART_FILE = Path(__file__).with_name("taking_part.toml")
FULL_WEIGHT = 100


Measure = Literal[
    "",
    # of an association
    "commitment_share",
    "work_months",
    "articles",
    "activities",
    "mediations",
    # of a bureau below ours, from the tables that it handed in
    "tables",
    "table_meetings",
    "table_visits",
    "table_news",
    "table_consults",
]


class QuizRules(Part):
    """The length of a try, and how many right answers earn a certificate."""

    questions: int = Field(ge=1, le=50)
    pass_count: int = Field(ge=1)

    @model_validator(mode="after")
    def can_be_passed(self) -> "QuizRules":
        """Not more right answers than questions."""
        if self.pass_count > self.questions:
            raise ValueError("pass_count 不能大于 questions")
        return self


class ActivityRules(Part):
    """When one may check in, and how often the code at the venue changes."""

    code_seconds: int = Field(ge=30, le=600)
    early_minutes: int = Field(ge=0)
    late_minutes: int = Field(ge=0)


class CountingRules(Part):
    """What the 活动统计表 adds up."""

    consults_once_a_day: bool
    coverage: list[Literal["reads", "meeting", "material", "live"]]
    remind_days: list[int]


class Indicator(Part):
    """One line of an evaluation scheme; `weight` points of 100."""

    code: str = Field(max_length=24)
    name: str
    weight: int = Field(ge=1)
    kind: Literal["counted", "evidence", "panel"]
    measure: Measure = ""
    full: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def can_be_counted(self) -> "Indicator":
        """What is counted says what, and what is enough."""
        if (self.kind == "counted") != bool(self.measure and self.full):
            raise ValueError(f"{self.name}：系统统计的指标须写 measure 和 full，其他指标不写")
        return self


class EvaluationRules(Part):
    """The scheme with which new rounds begin."""

    objection_days: int = Field(ge=1)
    advanced_from: int = Field(ge=0, le=FULL_WEIGHT)
    qualified_from: int = Field(ge=0, le=FULL_WEIGHT)
    indicators: list[Indicator]  # of associations
    bureau_indicators: list[Indicator]

    @model_validator(mode="after")
    def adds_up(self) -> "EvaluationRules":
        """Weights are 100 together, no indicator stands twice, and each kind of unit is counted by its own."""
        for scheme, is_of_bureaus in ((self.indicators, False), (self.bureau_indicators, True)):
            codes = [one.code for one in scheme]
            if sum(one.weight for one in scheme) != FULL_WEIGHT or len(set(codes)) != len(codes):
                raise ValueError("各指标分值合计须为 100，且不能重复")
            for one in scheme:
                if one.measure and one.measure.startswith("table") != is_of_bureaus:
                    raise ValueError(
                        f"{one.name}：{one.measure} 不能用来评价{'主管部门' if is_of_bureaus else '商协会'}"
                    )
        return self


class TakingPartRules(Part):
    """The whole file."""

    quiz: QuizRules
    activities: ActivityRules
    counting: CountingRules
    evaluation: EvaluationRules


def load_taking_part(path: Path = TAKING_PART_FILE) -> TakingPartRules:
    """Read taking_part.toml; SettingsError names what is wrong."""
    return read_rules(path, TakingPartRules)
