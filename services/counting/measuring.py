"""What the system counts for an evaluation: of an association from its rows, of a bureau from its tables."""

from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.taking_part import Indicator
from models.activity import Activity, ActivityState
from models.article import Article, Campaign
from models.association import AssociationMember, AssociationWork, Commitment
from models.campaign_words import ArticleState, Review
from models.case import Case, CaseEvent
from models.case_words import Action
from models.counting import EvaluationEntry, TableSubmission
from services.calendar.working_days import day_of
from services.counting.figures import Period, within
from services.counting.rows import BY_CODE, spell
from services.counting.scoring import Counted
from services.counting.table import load_cells

Measure = Callable[[Session, EvaluationEntry, Period], Counted]


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


def count_tables(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
    """活动统计表 that a bureau handed in; a later one of the same campaign stands in place of the first."""
    rows = [
        f"{campaign.year}年{campaign.name}活动统计表，{day_of(table.received_at):%Y-%m-%d}报送"
        for campaign, table in tables_of(session, entry, period)
    ]
    return Counted(len(rows), tuple(rows))


def tables_of(session: Session, entry: EvaluationEntry, period: Period) -> list[tuple[Campaign, TableSubmission]]:
    """What the bureau handed in last for each campaign that began in the period."""
    wanted = (
        select(Campaign, TableSubmission)
        .join(TableSubmission, TableSubmission.campaign_id == Campaign.id)
        .where(
            TableSubmission.unit == entry.name,
            TableSubmission.replaced_at.is_(None),
            Campaign.starts_on.between(period.first, period.last),
        )
        .order_by(Campaign.starts_on, Campaign.id)
    )
    return [(row[0], row[1]) for row in session.execute(wanted)]


def add_cells(*places: tuple[str, int]) -> Measure:
    """A measure: these numbers of the tables, added up."""

    def measure(session: Session, entry: EvaluationEntry, period: Period) -> Counted:
        """What is not stated adds nothing."""
        total, rows = 0, []
        for campaign, table in tables_of(session, entry, period):
            cells = load_cells(table)
            total += sum(cells[code].numbers[place] or 0 for code, place in places)
            rows += [
                f"{campaign.year}年统计表 {BY_CODE[code].title}：{spell(BY_CODE[code], cells[code])}"
                for code, _ in places
            ]
        return Counted(total, tuple(rows))

    return measure


MEASURES: dict[str, Measure] = {
    "commitment_share": count_commitments,
    "work_months": count_work_months,
    "articles": count_articles,
    "activities": count_activities,
    "mediations": count_mediations,
    "tables": count_tables,
    "table_meetings": add_cells(("meeting", 0)),
    "table_visits": add_cells(("meeting", 1)),
    "table_news": add_cells(("paper", 0), ("television", 0), ("radio", 0), ("site", 0), ("video", 0)),
    "table_consults": add_cells(("consult", 0)),
}


def count(session: Session, entry: EvaluationEntry, scheme: Sequence[Indicator], period: Period) -> dict[str, Counted]:
    """Each counted indicator of an association or a bureau."""
    return {one.code: MEASURES[one.measure](session, entry, period) for one in scheme if one.kind == "counted"}
