"""How answers are counted: right first, right among five, NONE, wrong MATCH, CPU and wall time; and what is wanted."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.questions import Question
from services.enterprises.finding import Finding, Verdict
from services.enterprises.names import normalise

HEADER = (
    f"{'':<34}{'n':>6}{'first%':>8}{'five%':>7}{'none%':>7}{'wrong':>6}"
    f"{'CPU p50':>9}{'p99':>7}{'wall p50':>10}{'p99':>7} ms"
)


@dataclass(frozen=True)
class Answer:
    """One question and what came of it."""

    question: Question
    is_first: bool
    is_five: bool
    is_none: bool
    is_wrong: bool  # MATCH on another firm than the one meant
    cpu: float  # milliseconds
    wall: float


def judge(question: Question, finding: Finding, cpu: float, wall: float) -> Answer:
    """Compare an answer with the truth; seconds."""
    right = [question.is_right(candidate.name) for candidate in finding.candidates]
    is_first = bool(right) and right[0]
    if question.parts:
        is_first = [normalise(part) for part in finding.parts] == [normalise(part) for part in question.parts]
        right = [is_first]
    is_wrong = finding.verdict is Verdict.MATCH and not is_first
    return Answer(question, is_first, any(right), finding.verdict is Verdict.NONE, is_wrong, cpu * 1000, wall * 1000)


@dataclass(frozen=True)
class Wanted:
    """A row of the table: which classes it holds, by the beginnings of their names, and the least shares in %."""

    title: str
    classes: tuple[str, ...]
    first: float | None = None
    five: float | None = None

    def choose(self, answers: Sequence[Answer]) -> list[Answer]:
        """The answers of its classes."""
        return [answer for answer in answers if answer.question.kind.startswith(self.classes)]

    def compare(self, answers: Sequence[Answer]) -> str:
        """What is wanted, and whether it is met."""
        first, five = share(answers, "is_first"), share(answers, "is_five")
        pairs = [(found, least) for found, least in ((first, self.first), (five, self.five)) if least is not None]
        is_met = all(found >= least for found, least in pairs)
        wanted = " / ".join("-" if least is None else f"≥ {least:g}" for least in (self.first, self.five))
        return f"  {wanted:<16}{tell(is_met)}" if pairs else ""


def share(answers: Sequence[Answer], quality: str) -> float:
    """Percent of the answers that have a quality."""
    return 100 * statistics.fmean(getattr(answer, quality) for answer in answers) if answers else float("nan")


def tell(is_met: bool) -> str:
    """Met or not, in words that are found at a glance."""
    return "met" if is_met else "NOT MET"


def percentile(values: Sequence[float], part: float) -> float:
    """The value that `part` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def tell_row(title: str, answers: Sequence[Answer]) -> str:
    """The figures of some answers."""
    shares = f"{share(answers, 'is_first'):>8.1f}{share(answers, 'is_five'):>7.1f}{share(answers, 'is_none'):>7.1f}"
    cpu, wall = [answer.cpu for answer in answers], [answer.wall for answer in answers]
    wrong = sum(answer.is_wrong for answer in answers)
    return (
        f"{title:<34}{len(answers):>6}{shares}{wrong:>6}{percentile(cpu, 0.5):>9.2f}{percentile(cpu, 0.99):>7.2f}"
        f"{percentile(wall, 0.5):>10.2f}{percentile(wall, 0.99):>7.2f}"
    )
