"""Evaluation rounds (R36): scheme, self-reports with evidence, counts, panel, recommendation, decision, list."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.taking_part import FULL_WEIGHT, EvaluationRules, Indicator
from models.article import Campaign
from models.association import Association
from models.counting import (
    EvaluationEntry,
    EvaluationEvidence,
    EvaluationResult,
    EvaluationRound,
    EvaluationScore,
    ReportingUnit,
    RoundState,
)
from services.counting.figures import Period
from services.counting.measuring import count
from services.counting.scoring import Counted, Given, Inputs, Points, advise, score, total_of
from services.errors import UserError

RESULT_WORDS = {
    EvaluationResult.ADVANCED: "先进",
    EvaluationResult.QUALIFIED: "合格",
    EvaluationResult.NOT_RATED: "未评定",
}
STATE_WORDS = {
    RoundState.OPEN: "自评中",
    RoundState.SCORING: "评分中",
    RoundState.RECOMMENDED: "已推荐，待决定",
    RoundState.PUBLISHED: "公示中",
    RoundState.CLOSED: "已结束",
}
MOST_FILES = 5
NO_BUREAUS = "这段时间的宣传活动没有填应报送的单位，请先在“活动统计表—下级报送”里填写"


class EvaluationError(UserError):
    """Why a step is not taken."""


@dataclass(frozen=True)
class Scored:
    """An entry with its points as they follow from today's rows, or as they were fixed."""

    entry: EvaluationEntry
    points: list[Points]
    total: float


@dataclass(frozen=True)
class RoundWords:
    """What a new round is called, counts, and whom it evaluates."""

    title: str
    period: Period
    is_of_bureaus: bool = False


def open_round(
    session: Session, said: RoundWords, rules: EvaluationRules, by: str, *, now: datetime
) -> EvaluationRound:
    """A round with the scheme of the rules, and an entry for each association, or bureau, that takes part."""
    if not said.title.strip() or len(said.title) > 80:
        raise EvaluationError("请填写名称，最多 80 个字")
    if said.period.first > said.period.last:
        raise EvaluationError("统计的开始日期晚于结束日期")
    scheme = rules.bureau_indicators if said.is_of_bureaus else rules.indicators
    row = EvaluationRound(
        title=said.title.strip(), first_on=said.period.first, last_on=said.period.last, state=RoundState.OPEN,
        created_by=by, created_at=now, scheme=[one.model_dump() for one in scheme],
        is_of_bureaus=said.is_of_bureaus, recommended_by="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    entries = bureaus_of(session, said.period) if said.is_of_bureaus else associations_of(session)
    if not entries:
        raise EvaluationError(NO_BUREAUS if said.is_of_bureaus else "还没有登记商协会")
    for entry in entries:
        entry.round_id = row.id
    session.add_all(entries)
    session.flush()
    return row


def associations_of(session: Session) -> list[EvaluationEntry]:
    """Those that were not closed."""
    wanted = select(Association).where(Association.closed_at.is_(None)).order_by(Association.id)
    return [EvaluationEntry(association_id=one.id, name=one.name, self_report="") for one in session.scalars(wanted)]


def bureaus_of(session: Session, period: Period) -> list[EvaluationEntry]:
    """The bureaus below ours that had to hand in a table in these days, by name."""
    wanted = select(ReportingUnit.name).join(Campaign, Campaign.id == ReportingUnit.campaign_id).distinct()
    wanted = wanted.where(Campaign.starts_on.between(period.first, period.last)).order_by(ReportingUnit.name)
    return [EvaluationEntry(name=name, self_report="") for name in session.scalars(wanted)]


def scheme_of(row: EvaluationRound) -> list[Indicator]:
    """The round's own, whatever the settings say today."""
    return [Indicator.model_validate(one) for one in row.scheme]


def set_weights(row: EvaluationRound, weights: dict[str, int]) -> None:
    """While self-reports come in; together 100."""
    require(row, RoundState.OPEN)
    if sum(weights.values()) != FULL_WEIGHT or any(weight < 1 for weight in weights.values()):
        raise EvaluationError(f"各项分值合计须为 {FULL_WEIGHT}，每项至少 1 分；现在合计 {sum(weights.values())}")
    row.scheme = [one | {"weight": weights[one["code"]]} for one in row.scheme]


def entries_of(session: Session, row: EvaluationRound) -> list[EvaluationEntry]:
    """By name."""
    wanted = select(EvaluationEntry).where(EvaluationEntry.round_id == row.id)
    return list(session.scalars(wanted.order_by(EvaluationEntry.name)))


def report(entry: EvaluationEntry, row: EvaluationRound, text: str, by: str, now: datetime) -> None:
    """The self-report."""
    require(row, RoundState.OPEN)
    entry.self_report, entry.reported_by, entry.reported_at = text.strip()[:5000], by, now


def give(
    session: Session, row: EvaluationRound, entry: EvaluationEntry, code: str, given: Given, *, now: datetime
) -> None:
    """A member of the panel scores an indicator; a second time in place of the first."""
    require(row, RoundState.SCORING)
    indicator = next((one for one in scheme_of(row) if one.code == code), None)
    if indicator is None or indicator.kind == "counted":
        raise EvaluationError("这一项由系统统计，不用打分")
    if not 0 <= given.share <= 100 or len(given.reason.strip()) < 2:
        raise EvaluationError("请填 0 到 100 的百分数，并写明理由")
    found = session.scalar(
        select(EvaluationScore).where(
            EvaluationScore.entry_id == entry.id,
            EvaluationScore.indicator == code,
            EvaluationScore.given_by == given.by,
        )
    )
    if found is None:
        found = EvaluationScore(entry_id=entry.id, indicator=code, given_by=given.by)
        session.add(found)
    found.share, found.reason, found.given_at = given.share, given.reason.strip()[:300], now
    session.flush()


def inputs_of(session: Session, row: EvaluationRound, entry: EvaluationEntry) -> Inputs:
    """All that the score follows from; counts are those that were fixed, once they were."""
    if entry.counts:
        counted = {code: Counted(one["value"], tuple(one["rows"])) for code, one in entry.counts.items()}
    else:
        counted = count(session, entry, scheme_of(row), Period(row.first_on, row.last_on))
    files: dict[str, list[str]] = {}
    for one in session.scalars(
        select(EvaluationEvidence).where(EvaluationEvidence.entry_id == entry.id).order_by(EvaluationEvidence.id)
    ):
        files.setdefault(one.indicator, []).append(f"材料 {one.title}（{one.sha256.hex()[:8]}）")
    panel: dict[str, list[Given]] = {}
    for score_row in session.scalars(
        select(EvaluationScore).where(EvaluationScore.entry_id == entry.id).order_by(EvaluationScore.given_by)
    ):
        given = Given(score_row.share, score_row.reason, score_row.given_by)
        panel.setdefault(score_row.indicator, []).append(given)
    return Inputs(counted, files, panel)


def look_at(session: Session, row: EvaluationRound, entry: EvaluationEntry) -> Scored:
    """The points as they stand."""
    points = score(scheme_of(row), inputs_of(session, row, entry))
    return Scored(entry, points, total_of(points))


def begin_scoring(row: EvaluationRound) -> None:
    """No more self-reports."""
    require(row, RoundState.OPEN)
    row.state = RoundState.SCORING


def recommend(session: Session, row: EvaluationRound, rules: EvaluationRules, by: str) -> None:
    """Fix the counts and the totals; what they alone would give is the recommendation."""
    require(row, RoundState.SCORING)
    for entry in entries_of(session, row):
        entry.counts = {
            code: {"value": one.value, "rows": list(one.rows)}
            for code, one in count(session, entry, scheme_of(row), Period(row.first_on, row.last_on)).items()
        }
        scored = look_at(session, row, entry)
        entry.total, entry.recommended = scored.total, advise(scored.total, rules)
        entry.result = entry.recommended
    row.state, row.recommended_by = RoundState.RECOMMENDED, by
    session.flush()


def decide(row: EvaluationRound, entry: EvaluationEntry, result: EvaluationResult, reason: str) -> None:
    """Otherwise than recommended only with a reason."""
    require(row, RoundState.RECOMMENDED)
    if result is not entry.recommended and len(reason.strip()) < 2:
        raise EvaluationError(f"“{entry.name}”的结果与推荐不同，请写明原因")
    entry.result, entry.reason = result, reason.strip()[:300]


def publish(row: EvaluationRound, by: str, today: date, until: date) -> None:
    """通报表彰、网上公布, by another person than the one who recommended; objections until that day."""
    require(row, RoundState.RECOMMENDED)
    if by == row.recommended_by:
        raise EvaluationError("推荐的人不能自己决定公布，请由另一位同事办理")
    row.state, row.published_on, row.objections_until = RoundState.PUBLISHED, today, until


def close(row: EvaluationRound, today: date) -> None:
    """After the objection window."""
    require(row, RoundState.PUBLISHED)
    if row.objections_until is not None and today <= row.objections_until:
        raise EvaluationError("还在异议期内，期满后再结束")
    row.state = RoundState.CLOSED


def require(row: EvaluationRound, *states: RoundState) -> None:
    """EvaluationError in any other state."""
    if row.state not in states:
        raise EvaluationError(f"现在是“{STATE_WORDS[row.state]}”，不能这样做；可能别人刚处理过，请刷新")


def published_rounds(session: Session) -> list[EvaluationRound]:
    """What citizens may see, newest first."""
    wanted = select(EvaluationRound).where(EvaluationRound.published_on.is_not(None))
    return list(session.scalars(wanted.order_by(EvaluationRound.published_on.desc(), EvaluationRound.id.desc())))


def published_list(session: Session, row: EvaluationRound) -> dict[EvaluationResult, list[EvaluationEntry]]:
    """先进 and 合格, by name; 未评定 is named nowhere."""
    shown = (EvaluationResult.ADVANCED, EvaluationResult.QUALIFIED)
    entries = entries_of(session, row)
    return {result: [one for one in entries if one.result is result] for result in shown}


def count_files(session: Session, entry_id: int, code: str) -> int:
    """Evidence that is there for an indicator."""
    mine = (EvaluationEvidence.entry_id == entry_id, EvaluationEvidence.indicator == code)
    return session.scalar(select(func.count()).select_from(EvaluationEvidence).where(*mine)) or 0
