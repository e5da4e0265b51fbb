"""Figures of a campaign with charts, the quarterly report, and what each figure means."""

from datetime import date

from flask import Blueprint, Response, abort, render_template, request

from models.article import Campaign
from models.audit import Act
from services.counting.definitions import DEFINITIONS
from services.counting.figures import (
    DIMENSION_WORDS,
    MEASURE_WORDS,
    Dimension,
    Measure,
    Period,
    Tally,
    collect,
    hide_untold,
    pivot,
)
from services.counting.reads import tell_gaps, told_days
from services.counting.reports import make_quarterly
from services.papers.workbook import Table, make_csv
from web.console.activity_room import BUREAU, PEOPLE, campaigns_of, note, own_association
from web.console.gate import Stage, serves
from web.console.office import Office
from web.saving import send_made


def add_campaign_figures(pages: Blueprint, office: Office) -> None:
    """/console/figures."""

    @pages.get("/figures")
    @serves(Stage.INSIDE, *PEOPLE)
    def campaign_figures() -> str:
        """By day, channel, association, region; each chart is drawn from its table."""
        with office.database.read() as session:
            own, campaigns = own_association(session), campaigns_of(session)
            campaign, period = chosen(office, campaigns)
            tallies, gaps = collect(session, period, own), tell_gaps(session, period.first, period.last)
            told = told_days(session, period.first, period.last)
        tables = {dimension: lay_out(tallies, dimension, told) for dimension in Dimension}
        return render_template(
            "console/campaign_figures.html", campaigns=campaigns, campaign=campaign, period=period, tables=tables,
            measures=MEASURE_WORDS, dimensions=DIMENSION_WORDS, today=office.today(), gaps=gaps,
            totals=totals_of(tables[Dimension.CHANNEL]),
        )  # fmt: skip


def add_figure_files(pages: Blueprint, office: Office) -> None:
    """Figures to take along."""

    @pages.get("/figures/<name>.csv")
    @serves(Stage.INSIDE, *PEOPLE)
    def figures_csv(name: str) -> Response:
        """One table."""
        if name not in set(Dimension):
            abort(404)
        dimension = Dimension(name)
        with office.database.write() as session:
            own = own_association(session)
            _, period = chosen(office, campaigns_of(session))
            told = told_days(session, period.first, period.last)
            measures, rows = lay_out(collect(session, period, own), dimension, told)
            note(
                session,
                office,
                Act.TABLE_CHANGED,
                f"{period.first}至{period.last}",
                f"导出活动数据{DIMENSION_WORDS[dimension]}",
            )
        headings = (DIMENSION_WORDS[dimension].removeprefix("按"), *(MEASURE_WORDS[one] for one in measures))
        content = make_csv(Table(DIMENSION_WORDS[dimension], headings, [(label, *counts) for label, counts in rows]))
        download = f"活动数据{DIMENSION_WORDS[dimension]}{period.first:%Y%m%d}-{period.last:%Y%m%d}.csv"
        return send_made(content, download)

    @pages.get("/figures/quarter.docx")
    @serves(Stage.INSIDE, *BUREAU)
    def quarterly_report() -> Response:
        """按季度上报工作进度."""
        year, quarter = request.args.get("year", type=int), request.args.get("quarter", type=int)
        if not (year and 2000 <= year <= 2100 and quarter in {1, 2, 3, 4}):
            abort(404)
        name = f"{year}年第{quarter}季度商务诚信工作进度.docx"
        with office.database.write() as session:
            content = make_quarterly(session, year, quarter or 1, office.desk.bureau.name, office.clock())
            note(session, office, Act.TABLE_CHANGED, name, "导出季度报告")
        return send_made(content, name)

    @pages.get("/definitions")
    @serves(Stage.INSIDE, *PEOPLE)
    def definitions() -> str:
        """What counts as what."""
        return render_template("console/definitions.html", definitions=DEFINITIONS)


def chosen(office: Office, campaigns: list[Campaign]) -> tuple[Campaign | None, Period]:
    """The campaign or days asked for; at first the campaign that runs or ran last, else this year."""
    today, said = office.today(), request.args.get("campaign", "")
    begun = [one for one in campaigns if one.starts_on <= today]
    campaign = next((one for one in campaigns if str(one.id) == said), None)
    if campaign is None and said != "days" and begun:
        campaign = begun[0]
    if campaign is not None:
        return campaign, Period(campaign.starts_on, campaign.ends_on, campaign.id)
    first, last = read_day("first", today.replace(month=1, day=1)), read_day("last", today)
    return None, Period(min(first, last), max(first, last))


def read_day(name: str, otherwise: date) -> date:
    """A day of the address."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise


Rows = list[tuple[str, list[int | None]]]


def lay_out(tallies: list[Tally], dimension: Dimension, told: set[date]) -> tuple[list[Measure], Rows]:
    """The table of a dimension; a number that nobody knows is None."""
    measures, rows = pivot(tallies, dimension)
    if dimension is Dimension.DAY:
        return measures, hide_untold(measures, rows, told)
    return measures, [(name, [*counts]) for name, counts in rows]


def totals_of(table: tuple[list[Measure], Rows]) -> list[tuple[str, int]]:
    """Each measure's sum of what is known."""
    measures, rows = table
    return [(MEASURE_WORDS[one], sum(counts[place] or 0 for _, counts in rows)) for place, one in enumerate(measures)]
