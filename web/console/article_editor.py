"""The editor of an article: text, picture and firm in one form, so that no button loses what was typed."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.article import Article, ArticlePicture
from models.campaign_words import ArticleType, Column
from models.record import Polarity
from services.associations.home import touch
from services.associations.statements import names_of
from services.campaigns.articles import (
    ConflictError,
    Written,
    drop_firm,
    list_firms,
    list_pictures,
    name_firm,
    save_article,
    start_article,
    written_of,
)
from services.campaigns.library import MOST_BYTES, Drawn, draw_picture, keep_picture
from services.campaigns.looking import look_over
from services.campaigns.steps import workflow_facts
from services.campaigns.workflow import OUTSIDERS, may_edit
from services.campaigns.years import find_running, list_campaigns
from services.enterprises.finding import Candidate
from services.enterprises.search import find
from services.errors import UserError
from web.console.article_forms import Typed, line_of, read_typed, read_word
from web.console.articles import ONE, WRITERS, load_article, load_draft
from web.console.association_room import hand_of, key_here, load_association
from web.console.cases import names_of_staff
from web.console.gate import Stage, serves, takes
from web.console.office import Office, here

FORM_BYTES = MOST_BYTES + (1 << 20)


def add_article_editor(pages: Blueprint, office: Office) -> None:
    """/console/articles/new and /console/articles/<id>/edit."""

    @pages.route("/articles/new", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *WRITERS)
    @takes(FORM_BYTES)
    def new_article() -> AnyResponse | str | tuple[str, int]:
        """A new draft begins with its first saving."""
        if request.method == "GET":
            with office.database.read() as session:
                column = read_word(Column, request.args.get("column", ""))
                running = find_running(session, office.today())
                written = Written(
                    column=column,
                    author=(here().unit if hand_of(session).association_id else office.desk.bureau.name)[:16],
                    campaign_id=running.id if running else None,
                    bears_theme=running is not None,
                    bears_logo=running is not None,
                )
                return show_editor(office, session, None, written, 0)
        typed = read_typed()
        with office.database.write() as session:
            hand = hand_of(session)
            if hand.roles & OUTSIDERS and hand.association_id is None:
                abort(403)
            article = start_article(session, typed.written, hand.association_id, key_here(), now=office.clock())
            touch_owner(session, article, office)
        return handle(office, article.id, Typed(typed.written, article.version, typed.does))

    @pages.route(f"{ONE}/edit", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *WRITERS)
    @takes(FORM_BYTES)
    def edit_article(article_id: int) -> AnyResponse | str | tuple[str, int]:
        """The editor."""
        if request.method == "POST":
            return handle(office, article_id, read_typed())
        with office.database.read() as session:
            article = load_article(session, article_id)
            if not may_edit(workflow_facts(session, article), hand_of(session)):
                return redirect(url_for("console.article", article_id=article_id), 303)
            return show_editor(office, session, article, written_of(article), article.version)


def handle(office: Office, article_id: int, typed: Typed) -> AnyResponse | str | tuple[str, int]:
    """Save what was typed, then do what the button says; whatever is wrong, the text is on the page again."""
    fault, drawn = "", None
    try:
        drawn = read_picture(office)
    except UserError as error:
        fault = str(error)
    try:
        with office.database.write() as session:
            article = load_draft(session, article_id)
            save_article(session, article, typed.written, typed.seen, key_here(), now=office.clock())
            touch_owner(session, article, office)
            fault = fault or act(office, session, article, drawn)
    except ConflictError as error:
        return show_conflict(office, article_id, typed, error)
    except UserError as error:
        fault = str(error)
    if fault or typed.does in {"find", "picture", "firm"} or typed.does.startswith("drop-"):
        with office.database.read() as session:
            article = load_article(session, article_id)
            offered = offer_firms(office, session)
            page = show_editor(office, session, article, typed.written, article.version, fault=fault, offered=offered)
        return (page, 422) if fault else page
    if typed.does == "save":
        flash("已保存。")
        return redirect(url_for("console.edit_article", article_id=article_id), 303)
    return redirect(url_for("console.article", article_id=article_id), 303)


def read_picture(office: Office) -> Drawn | None:
    """The picture that was chosen, drawn anew; None for none. UserError without words about it."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return None
    if not line_of("alt"):
        raise UserError("请写图片说明：图上有什么，看不见的读者靠它。写好后请重新选图片")
    return draw_picture(sent.stream.read(MOST_BYTES + 1), office.campaigns.limits.picture_bytes)


def act(office: Office, session: Session, article: Article, drawn: Drawn | None) -> str:
    """The picture or firm beside the text; what is wrong with it, or ""."""
    does = request.form.get("do", "")
    if drawn is not None:
        keep_new_picture(office, session, article, drawn)
    elif does == "picture":
        return "请先选择图片"
    for picture in list_pictures(session, article.id):
        change_picture(session, picture, does)
    for row in list_firms(session, article.id):
        if does == f"drop-firm-{row.enterprise_id}":
            drop_firm(session, article, row.enterprise_id)
    picked = request.form.get("enterprise", "")
    if does == "firm":
        if not picked.isdecimal() or len(picked) > 10:
            return "请先选出是哪一家企业"
        name_firm(session, article, int(picked), read_polarity())
    return ""


def read_polarity() -> Polarity:
    """In which sense the firm is named; plainly, if nothing is said."""
    said = request.form.get("polarity", "")
    return next((one for one in Polarity if one.value == said), Polarity.NEUTRAL)


def keep_new_picture(office: Office, session: Session, article: Article, drawn: Drawn) -> None:
    """The first one is the cover until another is chosen."""
    known = list_pictures(session, article.id)
    is_cover = bool(request.form.get("is_cover")) or not any(one.is_cover for one in known)
    if is_cover:
        for one in known:
            one.is_cover = False
    row = ArticlePicture(
        article_id=article.id,
        is_cover=is_cover,
        alt=line_of("alt")[:200],
        added_by=key_here(),
        added_at=office.clock(),
    )
    keep_picture(session, office.library, drawn, row)


def change_picture(session: Session, picture: ArticlePicture, does: str) -> None:
    """Its words as typed; the cover or gone, if that button was pressed."""
    alt = line_of(f"alt-{picture.id}")
    picture.alt = alt[:200] if alt else picture.alt
    if does == f"drop-picture-{picture.id}":
        session.delete(picture)
    elif does.startswith("drop-cover-"):
        picture.is_cover = does == f"drop-cover-{picture.id}"
    session.flush()


def touch_owner(session: Session, article: Article, office: Office) -> None:
    """Writing is an entry of the association."""
    if article.association_id is not None:
        touch(load_association(session, article.association_id), office.clock())


def offer_firms(office: Office, session: Session) -> list[Candidate]:
    """Firms to pick from, for the words in the field."""
    asked = line_of("firm")[:100]
    return find(session, asked, office.desk.index).offered if asked and request.form.get("do") == "find" else []


def show_conflict(office: Office, article_id: int, typed: Typed, error: ConflictError) -> tuple[str, int]:
    """Both texts: theirs is kept as a version, this one stands in the form and may be saved on top."""
    with office.database.read() as session:
        article = load_article(session, article_id)
        names = names_of_staff(session)
        words = (
            f"{names.get(error.by, error.by)}刚才在别处保存过这篇文章。下面是您写的；"
            "再按一次“保存”就用您的，对方的留在“版本”里。"
        )
        page = show_editor(office, session, article, typed.written, error.version, fault=words, theirs=article)
    return page, 409


def show_editor(
    office: Office,
    session: Session,
    article: Article | None,
    written: Written,
    version: int,
    *,
    fault: str = "",
    offered: list[Candidate] | None = None,
    theirs: Article | None = None,
) -> str:
    """The page of the editor."""
    firms = list_firms(session, article.id) if article else []
    return render_template(
        "console/article_edit.html",
        article=article,
        written=written,
        version=version,
        fault=fault,
        theirs=theirs,
        asked=line_of("firm"),
        offered=offered or [],
        pictures=list_pictures(session, article.id) if article else [],
        firms=firms,
        firm_names=names_of(session, [one.enterprise_id for one in firms]),
        campaigns=list_campaigns(session),
        columns=list(Column),
        types=list(ArticleType),
        polarities=list(Polarity),
        limits=office.campaigns.limits,
        findings=look_over(session, article, office.today(), office.campaigns) if article else [],
    )
