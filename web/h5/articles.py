"""What citizens read of publicity: articles by column and campaign, one article, an association, commitments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, Response, abort, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.article import Article, ArticlePicture, Campaign
from models.association import Association, Commitment
from models.campaign_words import Column, Review
from models.database import Database
from models.enterprise import Enterprise
from services.associations.home import count_members
from services.calendar.working_days import day_of
from services.campaigns.articles import find_readable, list_pictures, newest
from services.campaigns.library import serve_picture
from services.campaigns.looking import theme_line
from services.campaigns.markup import Shown, to_html
from services.campaigns.wording import word_of
from services.campaigns.years import find_logo, find_running, list_campaigns
from services.evidence.store import EvidenceStore
from services.evidence.trouble import EvidenceError
from web.h5.pages import LARGEST_ID

PAGE_ROWS = 20
MOST_COMMITMENTS = 200


@dataclass(frozen=True)
class ReadingRoom:
    """What these pages need of the process."""

    database: Database
    library: EvidenceStore
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The day in China."""
        return day_of(self.clock())


def create_articles(database: Database, library: EvidenceStore, clock: Callable[[], datetime]) -> Blueprint:
    """The pages under /h5/articles, /h5/associations and /h5/promises."""
    pages = Blueprint("articles", __name__)
    pages.add_app_template_global(word_of, "word_of")
    pages.add_app_template_filter(day_of, "day_of")
    room = ReadingRoom(database, library, clock)
    add_list(pages, room)
    add_article(pages, room)
    add_others(pages, room)
    return pages


def add_list(pages: Blueprint, room: ReadingRoom) -> None:
    """/h5/articles."""

    @pages.get("/h5/articles")
    def articles() -> str:
        """The newest, of a column or a campaign if one is asked for."""
        column = next((one for one in Column if one.value == request.args.get("column")), None)
        asked = request.args.get("campaign", type=int)
        with room.database.read() as session:
            running = find_running(session, room.today())
            campaign = session.get(Campaign, asked) if asked and 0 < asked <= LARGEST_ID else None
            rows = newest(
                session,
                room.today(),
                count=PAGE_ROWS,
                column=column,
                campaign_id=campaign.id if campaign else None,
            )
            return render_template(
                "h5/articles.html",
                rows=rows,
                covers=covers_of(session, rows),
                columns=list(Column),
                column=column,
                campaign=campaign,
                running=running,
                campaigns=list_campaigns(session)[:5],
            )


def add_article(pages: Blueprint, room: ReadingRoom) -> None:
    """/h5/articles/<id> and its pictures."""

    @pages.get(f"/h5/articles/<int(max={LARGEST_ID}):article_id>")
    def article(article_id: int) -> str:
        """One article, while it may be read."""
        with room.database.read() as session:
            row = find_readable(session, article_id, room.today()) or abort(404)
            campaign = session.get(Campaign, row.campaign_id) if row.campaign_id else None
            logo = find_logo(session, campaign.id) if campaign and row.bears_logo else None
            pictures = list_pictures(session, row.id)
            shown = {one.id: Shown(url_for("articles.picture", picture_id=one.id), one.alt) for one in pictures}
            return render_template(
                "h5/article.html",
                article=row,
                text=Markup(to_html(row.body, shown)),  # noqa: S704 - cleaned by nh3
                owner=session.get(Association, row.association_id) if row.association_id else None,
                theme=theme_line(campaign) if campaign and row.bears_theme else "",
                logo=logo,
            )

    @pages.get(f"/h5/articles/pictures/<int(max={LARGEST_ID}):picture_id>")
    def picture(picture_id: int) -> Response:
        """A picture of an article that may be read, or the logo of a campaign."""
        with room.database.read() as session:
            row = session.get(ArticlePicture, picture_id) or abort(404)
            if row.article_id is not None and find_readable(session, row.article_id, room.today()) is None:
                abort(404)
            try:
                served = serve_picture(session, room.library, row)
            except EvidenceError:
                abort(404)
        response = Response(served.pieces, mimetype=served.mime)
        response.headers["Content-Disposition"] = "inline"
        response.headers["Cache-Control"] = "private, max-age=300"
        return response


def add_others(pages: Blueprint, room: ReadingRoom) -> None:
    """Associations and commitments."""

    @pages.get(f"/h5/associations/<int(max={LARGEST_ID}):association_id>")
    def association(association_id: int) -> str:
        """What an association is and does."""
        with room.database.read() as session:
            row = session.get(Association, association_id)
            if row is None or row.closed_at is not None:
                abort(404)
            rows = newest(session, room.today(), count=PAGE_ROWS, association_id=row.id)
            commitments = select(func.count()).where(
                Commitment.association_id == row.id, Commitment.state == Review.APPROVED
            )
            return render_template(
                "h5/association.html",
                association=row,
                rows=rows,
                covers=covers_of(session, rows),
                members_count=count_members(session, room.today()).get(row.id, 0),
                commitments_count=session.scalar(commitments) or 0,
            )

    @pages.get("/h5/promises")
    def commitments() -> str:
        """Who promised what; of one firm or association, if asked for."""
        firm, owner = (request.args.get(name, type=int) for name in ("enterprise", "association"))
        wanted = select(Commitment, Enterprise.name).join(Enterprise, Enterprise.id == Commitment.enterprise_id)
        wanted = wanted.where(Commitment.state == Review.APPROVED)
        if firm and 0 < firm <= LARGEST_ID:
            wanted = wanted.where(Commitment.enterprise_id == firm)
        if owner and 0 < owner <= LARGEST_ID:
            wanted = wanted.where(Commitment.association_id == owner)
        with room.database.read() as session:
            today = room.today()
            order = wanted.order_by(Commitment.signed_on.desc(), Commitment.id.desc()).limit(MOST_COMMITMENTS)
            rows = [row for row in session.execute(order).all() if is_in_force(row[0], today)]
            owners = {row[0].association_id for row in rows if row[0].association_id}
            names = {one: session.get_one(Association, one).name for one in owners}
            page = {"rows": rows, "names": names, "is_one": bool(firm)}
            return render_template("h5/association_commitments.html", **page)


def is_in_force(commitment: Commitment, today: date) -> bool:
    """It holds through its last day."""
    return commitment.valid_until is None or today <= commitment.valid_until


def covers_of(session: Session, rows: list[Article]) -> dict[int, ArticlePicture]:
    """The covers of these articles."""
    wanted = select(ArticlePicture).where(
        ArticlePicture.article_id.in_([one.id for one in rows]), ArticlePicture.is_cover.is_(True)
    )
    return {one.article_id: one for one in session.scalars(wanted) if one.article_id} if rows else {}
