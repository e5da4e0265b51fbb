"""The page of an article: how it looks, what stands against it, the next step, its history and versions."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.article import Article, ArticleVersion
from models.association import Association
from models.campaign_words import ArticleAction
from services.associations.statements import names_of
from services.campaigns.articles import find_hidden, list_firms, list_links, list_steps
from services.campaigns.checks import Weight
from services.campaigns.looking import find_not_uploaded, look_over
from services.campaigns.steps import StepError, Taken, take_step, workflow_facts
from services.campaigns.wording import word_of
from services.campaigns.workflow import TABLE, list_actions, may_edit
from web.console.articles import ONE, load_article, show_text
from web.console.association_room import PEOPLE, hand_of
from web.console.cases import names_of_staff
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

MAIN = (ArticleAction.SUBMIT, ArticleAction.PASS_HEAD, ArticleAction.PASS_BUREAU, ArticleAction.APPROVE)
DONE = {
    ArticleAction.SUBMIT: "已送审。",
    ArticleAction.APPROVE: "已批准：市民现在可以在网页上读到；图片正在传到微信，群发请到“发送安排”。",
    ArticleAction.RETURN: "已退回给作者。",
    ArticleAction.WITHDRAW: "已撤下：网页和公众号问答里不再显示。",
}
NEEDS_COMMENT = {line.action for line in TABLE if line.needs_comment}


def add_article_steps(pages: Blueprint, office: Office) -> None:
    """/console/articles/<id>."""

    @pages.get(ONE)
    @serves(Stage.INSIDE, *PEOPLE)
    def article(article_id: int) -> str:
        """One article."""
        return show_article(office, article_id)

    @pages.post(f"{ONE}/step")
    @serves(Stage.INSIDE, *PEOPLE)
    def article_step(article_id: int) -> AnyResponse | tuple[str, int]:
        """The step that was chosen; what stands against it is shown with its place."""
        said = request.form.get("action", "")
        action = next((one for one in ArticleAction if one.value == said), None) or abort(400)
        seen = request.form.get("version", "")
        taken = Taken(
            action=action,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            comment=request.form.get("comment", ""),
            confirmed=frozenset(request.form.getlist("confirmed")),
        )
        try:
            with office.database.write() as session:
                row, hand = load_article(session, article_id), hand_of(session)
                take_step(session, row, taken, hand, here().actor, now=office.clock(), rules=office.campaigns)
        except StepError as error:
            return show_article(office, article_id, error, taken), 422
        flash(DONE.get(action, f"已办理：{word_of('actions', action)}。"))
        return redirect(url_for("console.article", article_id=article_id), 303)

    @pages.get(f"{ONE}/versions/<int(max={LARGEST_ID}):number>")
    @serves(Stage.INSIDE, *PEOPLE)
    def article_version(article_id: int, number: int) -> str:
        """The article as it was."""
        with office.database.read() as session:
            row = load_article(session, article_id)
            wanted = select(ArticleVersion).where(
                ArticleVersion.article_id == article_id, ArticleVersion.number == number
            )
            version = session.scalar(wanted) or abort(404)
            by = names_of_staff(session).get(version.by, version.by)
        return render_template("console/article_version.html", article=row, version=version, by=by)


def show_article(office: Office, article_id: int, error: StepError | None = None, taken: Taken | None = None) -> str:
    """The page; after a refusal with its reasons and what was typed."""
    with office.database.read() as session:
        row, hand = load_article(session, article_id), hand_of(session)
        findings = look_over(session, row, office.today(), office.campaigns)
        facts = workflow_facts(session, row)
        offered = list_actions(facts, hand)
        page = show_text(office, session, row) | describe(session, row)
        return render_template(
            "console/article.html",
            **page,
            findings=findings,
            weights=list(Weight),
            confirmable=[one for one in findings if one.weight is Weight.CONFIRM],
            main=[action for action in MAIN if action in offered],
            others=[action for action in offered if action not in MAIN],
            offered=offered,
            needs_comment=NEEDS_COMMENT,
            may_edit=may_edit(facts, hand),
            is_hidden=bool(find_hidden(session, [row.id], office.today())),
            missing_pictures=len(find_not_uploaded(session, row)),
            error=error,
            taken=taken,
        )


def describe(session: Session, row: Article) -> dict[str, object]:
    """What stands beside the text."""
    firms = list_firms(session, row.id)
    owner = session.get(Association, row.association_id) if row.association_id else None
    return {
        "steps": list_steps(session, row.id)[::-1],
        "links": list_links(session, row.id),
        "firms": firms,
        "firm_names": names_of(session, [one.enterprise_id for one in firms]),
        "owner": owner,
        "names": names_of_staff(session),
    }
