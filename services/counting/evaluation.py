"""Evaluation rounds (R36): scheme, self-reports with evidence, counts, panel, recommendation, decision, list."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.taking_part import FULL_WEIGHT, EvaluationRules, Indicator
from models.activity import Activity, ActivityState
from models.article import Article
from models.association import Association, AssociationMember, AssociationWork, Commitment
from models.campaign_words import ArticleState, Review
from models.case import Case, CaseEvent
from models.case_words import Action
from models.counting import (
    EvaluationEntry,
    EvaluationEvidence,
    EvaluationResult,
    EvaluationRound,
    EvaluationScore,
    RoundState,
)
from services.counting.figures import Period, within
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


class EvaluationError(UserError):
    """Why a step is not taken."""


@dataclass(frozen=True)
class Scored:
    """An entry with its points as they follow from today's rows, or as they were fixed."""

    entry: EvaluationEntry
    points: list[Points]
    total: float


def open_round(
    session: Session, title: str, period: Period, rules: EvaluationRules, by: str, *, now: datetime
) -> EvaluationRound:
    """A round with the scheme of the rules and an entry for each association that takes part."""
    if not title.strip() or len(title) > 80:
        raise EvaluationError("请填写名称，最多 80 个字")
    if period.first > period.last:
        raise EvaluationError("统计的开始日期晚于结束日期")
    row = EvaluationRound(
        title=title.strip(), first_on=period.first, last_on=period.last, state=RoundState.OPEN, created_by=by,
        created_at=now, scheme=[one.model_dump() for one in rules.indicators], is_of_bureaus=False, recommended_by="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    for one in session.scalars(select(Association).where(Association.closed_at.is_(None)).order_by(Association.id)):
        session.add(EvaluationEntry(round_id=row.id, association_id=one.id, name=one.name, self_report=""))
    session.flush()
    return row


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
        counted = count(session, row, entry)
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


def count(session: Session, row: EvaluationRound, entry: EvaluationEntry) -> dict[str, Counted]:
    """Each counted indicator from the rows of the association."""
    if entry.association_id is None:
        return {}
    period = Period(row.first_on, row.last_on)
    measures = {
        "commitment_share": count_commitments,
        "work_months": count_work_months,
        "articles": count_articles,
        "activities": count_activities,
        "mediations": count_mediations,
    }
    return {one.code: measures[one.measure](session, entry, period) for one in scheme_of(row) if one.kind == "counted"}


def count_commitments(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
    """Of the members on the last day, the percentage with a confirmed commitment."""
    member = AssociationMember
    wanted = select(member.enterprise_id).where(
        member.association_id == entry.association_id,
        member.joined_on <= period.last,
        (member.left_on.is_(None)) | (member.left_on > period.last),
    )
    members = set(session.scalars(wanted))
    signed = select(Commitment.enterprise_id, Commitment.id).where(
        Commitment.enterprise_id.in_(members), Commitment.state == Review.APPROVED, Commitment.signed_on <= period.last
    )
    found = {row[0]: row[1] for row in session.execute(signed.order_by(Commitment.id))}
    share = round(100 * len(found) / len(members), 2) if members else 0.0
    return Counted(share, (f"会员 {len(members)} 家", *(f"承诺 {number}" for number in sorted(found.values()))))


def count_work_months(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
    """In how many months something was entered."""
    wanted = select(AssociationWork.id, AssociationWork.day).where(
        AssociationWork.association_id == entry.association_id, AssociationWork.day.between(period.first, period.last)
    )
    rows = [(row[0], row[1]) for row in session.execute(wanted.order_by(AssociationWork.day))]
    months = sorted({f"{day:%Y-%m}" for _, day in rows})
    return Counted(len(months), tuple(f"{month} 有工作记录" for month in months))


def count_articles(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
    """Published ones."""
    wanted = select(Article.id, Article.title).where(
        Article.association_id == entry.association_id,
        Article.state == ArticleState.APPROVED,
        within(Article.published_at, period),
    )
    rows = [f"文章 {row[0]} {row[1]}" for row in session.execute(wanted.order_by(Article.id))]
    return Counted(len(rows), tuple(rows))


def count_activities(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
    """Held ones."""
    wanted = select(Activity.id, Activity.title).where(
        Activity.association_id == entry.association_id,
        Activity.state == ActivityState.PUBLISHED,
        within(Activity.begins_at, period),
    )
    rows = [f"活动 {row[0]} {row[1]}" for row in session.execute(wanted.order_by(Activity.id))]
    return Counted(len(rows), tuple(rows))


def count_mediations(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
    """Mediations that were delegated to it and reported on."""
    wanted = select(Case.number).join(CaseEvent, CaseEvent.case_id == Case.id)
    wanted = wanted.where(
        CaseEvent.unit == entry.name, CaseEvent.action == Action.REPORT_MEDIATION, within(CaseEvent.at, period)
    )
    rows = sorted(set(session.scalars(wanted)))
    return Counted(len(rows), tuple(f"事项 {number}" for number in rows))


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
            code: {"value": one.value, "rows": list(one.rows)} for code, one in count(session, row, entry).items()
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
