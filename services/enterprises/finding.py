"""What a search for an enterprise found, in words that a door can speak from."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.enterprise import NameKind, Status

FAR_BEHIND = 10  # times less likely than the best: not offered


class Verdict(StrEnum):
    """MATCH: this is the firm. CHOOSE: the citizen must pick. NONE: not found."""

    MATCH = "match"
    CHOOSE = "choose"
    NONE = "none"


class Reason(StrEnum):
    """Why the verdict; decides the wording."""

    EXACT_NAME = "exact_name"  # MATCH: the registered name
    EXACT_CODE = "exact_code"  # MATCH: the credit code or registration number
    OTHER_NAME = "other_name"  # MATCH: a unique former or recorded short name or shop sign
    SAME_NAME = "same_name"  # CHOOSE: several firms bear exactly this name
    CODE_SLIP = "code_slip"  # CHOOSE: the code has one wrong character; these codes exist
    SPELLING = "spelling"  # CHOOSE: one likely firm, the name is not quite the same
    OTHER_REGION = "other_region"  # CHOOSE: this name exists only in other regions
    SIMILAR = "similar"  # CHOOSE: several could be meant
    NOT_FOUND = "not_found"  # NONE; candidates may hold a few suggestions
    CODE_UNKNOWN = "code_unknown"  # NONE: a valid code that is not in the register
    CODE_WRONG = "code_wrong"  # NONE: the check digit is wrong and no correction exists
    PERSON = "person"  # NONE: a natural person's name
    NO_NAME = "no_name"  # NONE: the text holds no name


@dataclass(frozen=True)
class Candidate:
    """An enterprise that could be meant; nothing of its records."""

    enterprise_id: int
    name: str
    credit_code: str | None
    province: str
    city: str
    status: Status
    score: float  # 0 to 1
    matched_name: str = ""  # the other name by which it was found
    matched_kind: NameKind | None = None
    is_branch: bool = False

    @property
    def region(self) -> str:
        """City, or province where the city is unknown, or nothing."""
        return self.city or self.province

    @property
    def code_tail(self) -> str:
        """The last four characters of the code."""
        return (self.credit_code or "")[-4:]


@dataclass(frozen=True)
class Finding:
    """The outcome of one search."""

    query: str  # the name or code understood in the text
    verdict: Verdict
    reason: Reason
    candidates: list[Candidate] = field(default_factory=list)  # best first, at most 5
    searched_count: int = 0  # enterprises searched
    asked_region: str = ""  # the region named in the query, where one was

    @property
    def offered(self) -> list[Candidate]:
        """The candidates worth asking about: one far less like the name than the best only confuses."""
        best = max((candidate.score for candidate in self.candidates), default=0.0)
        return [candidate for candidate in self.candidates if candidate.score >= best / FAR_BEHIND]
