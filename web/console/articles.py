"""Articles: the list, automatic saving, pictures, the preview as WeChat shows it."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.article import Article, ArticlePicture, Campaign
from models.association import Association
from models.campaign_words import ArticleState, Column
from services.calendar.working_days import day_of
from services.campaigns.articles import (
    ConflictError,
    list_pictures,
    list_versions,
    save_article,
)
from services.campaigns.library import serve_picture
from services.campaigns.looking import theme_line
from services.campaigns.markup import Shown, to_html
from services.campaigns.steps import find_article, list_articles, list_waiting, workflow_facts
from services.campaigns.workflow import may_edit
from services.campaigns.years import find_logo
from services.errors import UserError
from services.evidence.trouble import EvidenceError
from services.staff.duties import Permission
from web.console.article_forms import read_typed
from web.console.association_room import PEOPLE, hand_of, key_here
from web.console.gate import Stage, serves
from web.console.office import Office
from web.console.staff import LARGEST_ID
from web.files import show_copy

WRITERS = (Permission.KEEP_ASSOCIATION, Permission.RUN_CAMPAIGNS)
ONE = f"/articles/<int(max={LARGEST_ID}):article_id>"


def add_articles(pages: Blueprint, office: Office) -> None:
    """/console/articles."""

    @pages.get("/articles")
    @serves(Stage.INSIDE, *PEOPLE)
    def articles() -> str:
        """What waits for me, and all that I may see."""
        state = next((one for one in ArticleState if one.value == request.args.get("state")), None)
        column = next((one for one in Column if one.value == request.args.get("column")), None)
        with office.database.read() as session:
            hand = hand_of(session)
            rows = list_articles(session, hand, state=state, column=column)
            waiting = list_waiting(session, hand)
            owners = owner_names(session, [*rows, *waiting])
        return render_template(
            "console/articles.html",
            rows=rows,
            waiting=waiting,
            owners=owners,
            states=list(ArticleState),
            columns=list(Column),
            wanted=request.args,
        )


def add_article_helpers(pages: Blueprint, office: Office) -> None:
    """Automatic saving, pictures, the preview."""

    @pages.post(f"{ONE}/autosave")
    @serves(Stage.INSIDE, *WRITERS)
    def autosave_article(article_id: int) -> AnyResponse:
        """What the page's script sends while somebody types."""
        typed = read_typed()
        try:
            with office.database.write() as session:
                article = load_draft(session, article_id)
                save_article(
                    session, article, typed.written, typed.seen, key_here(), now=office.clock(), is_automatic=True
                )
                return jsonify(version=article.version)
        except ConflictError as error:
            return answer_fault("这篇文章刚才在别处保存过。您的内容还在这一页，请按“保存”查看两份。", error.version)
        except UserError as error:
            return answer_fault(str(error), typed.seen)

    @pages.get(f"{ONE}/preview")
    @serves(Stage.INSIDE, *PEOPLE)
    def preview_article(article_id: int) -> str:
        """At the width of a phone, as WeChat shows it."""
        with office.database.read() as session:
            article = load_article(session, article_id)
            return render_template("console/article_preview.html", **show_text(office, session, article))

    @pages.get(f"/articles/pictures/<int(max={LARGEST_ID}):picture_id>")
    @serves(Stage.INSIDE, *PEOPLE)
    def article_picture(picture_id: int) -> Response:
        """A picture of an article, or a logo."""
        with office.database.read() as session:
            row = session.get(ArticlePicture, picture_id) or abort(404)
            if row.article_id is not None:
                load_article(session, row.article_id)
            try:
                return show_copy(serve_picture(session, office.library, row))
            except EvidenceError as error:
                abort(404, str(error))


def answer_fault(words: str, version: int) -> Response:
    """For the script."""
    response = jsonify(fault=words, version=version)
    response.status_code = 409
    return response


def load_article(session: Session, article_id: int) -> Article:
    """The article; 404 where there is none, or none for these eyes."""
    return find_article(session, article_id, hand_of(session)) or abort(404)


def load_draft(session: Session, article_id: int) -> Article:
    """One that this hand may write in; 403 otherwise."""
    article = load_article(session, article_id)
    if not may_edit(workflow_facts(session, article), hand_of(session)):
        abort(403)
    return article


def show_text(office: Office, session: Session, article: Article) -> dict[str, Any]:
    """The article as a reader sees it."""
    pictures = list_pictures(session, article.id)
    campaign = session.get(Campaign, article.campaign_id) if article.campaign_id else None
    shown = {one.id: Shown(url_for("console.article_picture", picture_id=one.id), one.alt) for one in pictures}
    return {
        "article": article,
        "cover": next((one for one in pictures if one.is_cover), None),
        "theme": theme_line(campaign) if campaign and article.bears_theme else "",
        "logo": find_logo(session, campaign.id) if campaign and article.bears_logo else None,
        "text": Markup(to_html(article.body, shown, opens_links=False)),  # noqa: S704 - cleaned by nh3
        "day": day_of_article(article, office),
        "account_name": office.desk.bureau.account_name,
        "versions": list_versions(session, article.id),
    }


def day_of_article(article: Article, office: Office) -> date:
    """The day that stands under the title."""
    return day_of(article.published_at) if article.published_at else office.today()


def owner_names(session: Session, rows: list[Article]) -> dict[int, str]:
    """The associations of these articles."""
    ids = {one.association_id for one in rows if one.association_id}
    return {one: session.get_one(Association, one).name for one in ids}
