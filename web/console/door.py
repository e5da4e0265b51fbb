"""The console's blueprint: gate, words for templates, home page, and the views of each room."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, g, render_template
from markupsafe import Markup
from wtforms import Field

from config.settings import Settings
from services.calendar.telling import day_words, moment_words
from services.calendar.working_days import SHANGHAI
from services.cases.listing import count_waiting
from services.staff.duties import Permission, permissions_of
from services.staff.sessions import Limits
from services.staff.words import ACT_WORDS, DUTY_WORDS, ROLE_WORDS
from web.console.account import add_account_pages
from web.console.activities import add_activity_list, add_activity_page, add_activity_steps
from web.console.activity_photos import add_activity_photos, add_venue
from web.console.activity_room import add_activity_words
from web.console.answer_papers import add_answer_papers
from web.console.archive import add_archive_pages
from web.console.archive_drafts import add_archive_drafts
from web.console.archive_figures import add_archive_figures
from web.console.archive_objections import add_archive_objections, count_late_objections
from web.console.archive_steps import add_archive_steps
from web.console.article_editor import add_article_editor
from web.console.article_steps import add_article_steps
from web.console.articles import add_article_helpers, add_articles
from web.console.association_members import add_association_leaving, add_association_members
from web.console.association_statements import (
    add_association_decisions,
    add_association_files,
    add_association_statements,
)
from web.console.associations import add_association_edit, add_association_end, add_associations
from web.console.audit import add_audit_pages
from web.console.campaign_figures import add_campaign_figures, add_figure_files
from web.console.campaigns import add_campaign_data, add_campaigns
from web.console.case_alerts import add_case_alerts
from web.console.case_events import add_case_event, add_case_events
from web.console.case_evidence import add_case_evidence
from web.console.case_handing import add_case_handing
from web.console.case_intake import add_case_intake
from web.console.case_list import add_case_list
from web.console.case_page import add_case_page
from web.console.case_papers import add_case_papers
from web.console.case_statistics import add_case_statistics
from web.console.case_steps import add_case_steps
from web.console.cases import READERS, actor_of, add_case_words
from web.console.checkup import add_checkup
from web.console.codes import add_code_pages
from web.console.evaluations import add_evaluation_entry, add_evaluation_file, add_evaluation_page, add_evaluations
from web.console.gate import Stage, serves, set_up_gate
from web.console.import_late import add_exports, add_late
from web.console.import_quarantine import add_quarantine
from web.console.imports import add_import_run, add_imports
from web.console.inspections import add_inspections
from web.console.member_news import add_member_news
from web.console.nominations import add_nominations
from web.console.office import Office, here
from web.console.publicity import add_publicity
from web.console.questions import add_question_page, add_questions
from web.console.screening import add_screening
from web.console.sections import sections_for
from web.console.send_page import add_send_orders, add_send_page
from web.console.sends import add_send_wishes, add_send_words, add_sends, add_testers
from web.console.signing_in import add_sign_in
from web.console.staff import add_staff_pages
from web.console.statistics_table import add_statistics_table, add_table_files, add_table_hand_in
from web.console.steps import add_steps

WEEKDAYS = "一二三四五六日"
ROOMS = (
    add_sign_in,
    add_account_pages,
    add_code_pages,
    add_case_list,
    add_case_handing,
    add_case_intake,
    add_case_page,
    add_case_steps,
    add_case_evidence,
    add_case_papers,
    add_case_alerts,
    add_case_events,
    add_case_event,
    add_case_statistics,
    add_activity_words,
    add_activity_list,
    add_activity_page,
    add_activity_steps,
    add_activity_photos,
    add_venue,
    add_publicity,
    add_nominations,
    add_campaign_figures,
    add_figure_files,
    add_statistics_table,
    add_table_files,
    add_table_hand_in,
    add_evaluations,
    add_evaluation_page,
    add_evaluation_entry,
    add_evaluation_file,
    add_questions,
    add_question_page,
    add_associations,
    add_association_edit,
    add_association_end,
    add_association_members,
    add_association_leaving,
    add_association_statements,
    add_association_decisions,
    add_association_files,
    add_articles,
    add_article_helpers,
    add_article_editor,
    add_article_steps,
    add_campaigns,
    add_campaign_data,
    add_archive_pages,
    add_answer_papers,
    add_member_news,
    add_archive_figures,
    add_archive_objections,
    add_archive_drafts,
    add_archive_steps,
    add_send_words,
    add_sends,
    add_send_wishes,
    add_testers,
    add_send_page,
    add_send_orders,
    add_imports,
    add_import_run,
    add_quarantine,
    add_late,
    add_exports,
    add_staff_pages,
    add_steps,
    add_audit_pages,
    add_checkup,
    add_screening,
    add_inspections,
)


def read_limits(settings: Settings) -> Limits:
    """How long a session lasts in this bureau."""
    return Limits(timedelta(minutes=settings.console_idle_minutes), timedelta(hours=settings.console_hours))


def create_console(office: Office) -> Blueprint:
    """The pages under /console; their templates are found by the citizens' blueprint."""
    pages = Blueprint("console", __name__, url_prefix="/console")
    set_up_gate(pages, office)
    pages.record_once(lambda state: state.app.config.update(said_settings(office)))
    add_words(pages, office)
    add_home(pages, office)
    add_case_words(pages)
    for add in ROOMS:
        add(pages, office)
    return pages


def said_settings(office: Office) -> dict[str, object]:
    """The signed cookie that carries one line, such as 已保存, to the next page; nothing else is in it."""
    return {
        "SECRET_KEY": office.database.vault.signing_key,
        "SESSION_COOKIE_NAME": f"{office.cookie}-said",
        "SESSION_COOKIE_SECURE": office.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
    }


def add_words(pages: Blueprint, office: Office) -> None:
    """What the console's templates may use."""
    pages.add_app_template_filter(moment_words, "moment_words")

    @pages.app_context_processor
    def words() -> dict[str, Any]:
        """The visit, the menu, the seal of forms and the names of things."""
        visit = g.get("visit")
        is_inside = visit is not None and not visit.needs_code
        return {
            "visit": visit if is_inside else None,
            "sections": sections_for(visit) if is_inside else [],
            "seal": lambda: Markup('<input type="hidden" name="seal" value="{}">').format(office.sign(g.token)),
            "seal_value": lambda: office.sign(g.token),
            "describe": describe_field,
            "idle_seconds": int(office.limits.idle.total_seconds()),
            "ROLE_WORDS": ROLE_WORDS,
            "ACT_WORDS": ACT_WORDS,
        }


def add_home(pages: Blueprint, office: Office) -> None:
    """The page after signing in, and the sign of life."""

    @pages.get("/")
    @serves()
    def home() -> str:
        """What this role can do."""
        visit = here()
        allowed = permissions_of(visit.roles)
        duties = [words for permission, words in DUTY_WORDS.items() if permission in allowed]
        return render_template(
            "console/home.html",
            duties=duties,
            day=weekday_words(office),
            greeting=greet(office),
            waiting=count_work(office) if any(visit.may(one) for one in READERS) else None,
            late_objections=count_late_objections(office) if visit.may(Permission.KEEP_ARCHIVE) else 0,
        )

    @pages.get("/help", endpoint="help")
    @serves(Stage.OUTSIDE)
    def show_help() -> str:
        """How to use the console, with its keys."""
        return render_template("console/help.html")

    @pages.post("/alive")
    @serves()
    def alive() -> tuple[str, int]:
        """Somebody is typing: the gate has marked the session as used."""
        return "", 204


def count_work(office: Office) -> int:
    """How many cases wait for this member of staff."""
    with office.database.read() as session:
        return count_waiting(session, actor_of(here()))


def describe_field(field: Field, hint: str = "", inputmode: str = "") -> dict[str, str]:
    """What a screen reader is told of a field: its hint, its error."""
    told = [f"{field.id}-hint"] * bool(hint) + [f"{field.id}-error"] * bool(field.errors)
    words = {"aria-describedby": " ".join(told)} if told else {}
    words |= {"inputmode": inputmode} if inputmode else {}
    return words | ({"aria-invalid": "true"} if field.errors else {})


def weekday_words(office: Office) -> str:
    """Today, such as 11月20日 星期五."""
    day = office.today()
    return f"{day_words(day)} 星期{WEEKDAYS[day.weekday()]}"


def greet(office: Office) -> str:
    """By the hour."""
    hour = office.clock().astimezone(SHANGHAI).hour
    return "早上好" if 5 <= hour < 11 else "中午好" if 11 <= hour < 13 else "下午好" if 13 <= hour < 18 else "晚上好"
