"""What a search for an enterprise found, in words that a door can speak from."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.enterprise import NameKind, Status
from services.enterprises.names import normalise
from services.enterprises.parts import parent_end, split_name

COMPANY_FORMS = ("公司", "合作社", "企业", "厂")
LEAST_HELD = 2  # characters of what was asked that say something where they stand in a name
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
    SEVERAL = "several"  # CHOOSE: the text names more than one firm; `parts` holds each name
    CODE_AND_NAME = "code_and_name"  # CHOOSE: the code is one firm's, the name beside it another's
    NOT_FOUND = "not_found"  # NONE; candidates may hold a few suggestions
    NOT_READY = "not_ready"  # NONE: names that are not exact cannot all be searched at this moment
    CODE_UNKNOWN = "code_unknown"  # NONE: a valid code that is not in the register
    CODE_WRONG = "code_wrong"  # NONE: the check digit is wrong and no correction exists
    PERSON = "person"  # NONE: a natural person's name
    PHONE = "phone"  # NONE: a telephone number or another number alone
    STREET = "street"  # NONE: an address without a name
    TOO_BROAD = "too_broad"  # NONE: only a region or a kind of firm: 长沙, 超市
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

    @property
    def is_branch(self) -> bool:
        """A branch by its name: 分公司, 营业部 …."""
        return split_name(normalise(self.name)).is_branch

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
    parts: tuple[str, ...] = ()  # of SEVERAL: each name as understood
    more_count: int = 0  # further names that hold what was asked, at least

    @property
    def asks_full_name(self) -> bool:
        """The query ends as a company's registered name does."""
        return split_name(normalise(self.query)).form.endswith(COMPANY_FORMS)

    @property
    def offered(self) -> list[Candidate]:
        """The candidates worth asking about.

        One far less like the name than the best only confuses, unless it holds what was asked beside a region.
        """
        best = max((candidate.score for candidate in self.candidates), default=0.0)
        least = best / FAR_BEHIND
        names = [normalise(one.name) for one in self.candidates]
        held = self.query if any(self.query in name for name in names) else self.query.replace(self.asked_region, "", 1)
        return [
            one
            for one, name in zip(self.candidates, names, strict=True)
            if one.score >= least or (len(held) >= LEAST_HELD and held in name)
        ]


def put_parents_first(candidates: list[Candidate]) -> list[Candidate]:
    """One branch of each firm before its others, as far as names are about as likely as the best."""
    if not any(one.is_branch for one in candidates):
        return candidates
    least = candidates[0].score / FAR_BEHIND
    firms: dict[str, Candidate] = {}
    for one in candidates:
        name = normalise(one.name)
        if one.score >= least:
            firms.setdefault(name[: parent_end(name)], one)
    first = list(firms.values())
    return [*first, *(one for one in candidates if one not in first)]
