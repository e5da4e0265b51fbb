"""The citizens' mini-service at `/`: search, an enterprise's details, and how to reach people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from config.inspections import InspectionRules, load_inspection_rules
from models.database import Database
from models.record import Dataset
from services.calendar.telling import date_words, moment_words
from services.calendar.working_days import day_of
from services.credit.answer_numbers import group_number
from services.credit.report import BlockState, compose_report
from services.credit.words import BLOCK_WORDS, NAME_WORDS, STATUS_WORDS
from services.desk import Desk
from services.enterprises.finding import Candidate, Finding, Reason
from services.enterprises.search import find, suggest
from services.inspections.draws import class_of
from services.inspections.rules import rules_in_force
from web.h5.letters import create_letters
from web.h5.proofs import draw_code, prove_page
from web.h5.public_lists import add_public_lists
from web.h5.queries import clean_query
from web.h5.shape import STATIC, fingerprint, group_code, keep_dates_whole, pick_site

SUGGESTION_COUNT = 6
LEAST_TYPED = 2  # characters before suggestions are offered
LARGEST_ID = 2**31 - 1  # of PostgreSQL's integer

# Found under the very name or code that was asked for: no page in between.
CERTAIN = frozenset({Reason.EXACT_NAME, Reason.EXACT_CODE})


# What the about page calls each dataset.
DATA_WORDS = {"register": "企业登记"} | BLOCK_WORDS


@dataclass(frozen=True)
class Counter:
    """Where citizens are served: what the pages need of the process."""

    database: Database
    desk: Desk
    clock: Callable[[], datetime]
    inspections: InspectionRules = field(default_factory=load_inspection_rules)

    @property
    def home(self) -> str:
        """The bureau's own region."""
        return self.desk.bureau.city or self.desk.bureau.province

    def today(self) -> date:
        """The day in China."""
        return day_of(self.clock())

    def find(self, text: str) -> Finding:
        """The firm asked for."""
        with self.database.read() as session:
            return find(session, text, self.desk.index, self.home)

    def suggest(self, text: str) -> list[Candidate]:
        """Names to offer while typing."""
        with self.database.read() as session:
            return suggest(session, text, self.desk.index, SUGGESTION_COUNT, self.home)

    def datasets(self) -> dict[str, Dataset]:
        """What has been collected, by block."""
        with self.database.read() as session:
            return {row.block: row for row in session.query(Dataset)}


def create_pages(
    database: Database, desk: Desk, clock: Callable[[], datetime], inspections: InspectionRules | None = None
) -> Blueprint:
    """The citizens' pages, their templates and their static files under /assets.

    `clock` gives the aware present moment; `inspections`: rules other than those of inspections.toml.
    Templates of other doors may extend layout.html.
    """
    pages = Blueprint(
        "h5", __name__, template_folder="../templates", static_folder=str(STATIC), static_url_path="/assets"
    )
    counter = Counter(database, desk, clock, inspections or load_inspection_rules())
    add_words(pages, desk)
    add_search(pages, counter)
    add_enterprises(pages, counter)
    add_reading(pages, counter)
    add_public_lists(pages, database, desk.archive, counter.today)
    pages.register_blueprint(create_letters(desk.public_url.startswith("https://")))
    return pages


def add_words(pages: Blueprint, desk: Desk) -> None:
    """What every template may use."""
    prints = fingerprint(STATIC)
    pages.add_app_template_filter(date_words, "date_words")
    pages.add_app_template_filter(group_code, "group_code")
    pages.add_app_template_filter(keep_dates_whole, "whole_dates")
    pages.add_app_template_filter(moment_words, "moment_words")
    pages.add_app_template_filter(group_number, "number_words")

    @pages.app_context_processor
    def words() -> dict[str, Any]:
        """The bureau's words and the citizen's choice of letter size."""
        return {
            "bureau": desk.bureau,
            "is_large": request.cookies.get("size") == "large",
            "here": request.full_path.rstrip("?"),
            "asset": lambda name: url_for("h5.static", filename=name, v=prints.get(name)),
            "site_of": lambda name: pick_site(desk.bureau, name),
            "STATUS_WORDS": STATUS_WORDS,
            "NAME_WORDS": NAME_WORDS,
        }

    @pages.after_request
    def cache_assets(response: Response) -> Response:
        """A file asked for by its fingerprint never changes."""
        if request.endpoint == "h5.static":
            known = request.args.get("v") in prints.values()
            response.headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if known else "public, max-age=600"
            )
        return response


def add_search(pages: Blueprint, counter: Counter) -> None:
    """The start page, results, and suggestions while typing."""

    @pages.get("/")
    def start() -> str:
        """One big search box."""
        return render_template("h5/start.html")

    @pages.get("/h5/search")
    def search() -> str | AnyResponse:
        """What was found; straight to the details where there is no doubt."""
        query = clean_query(request.args.get("q", ""))
        if not query.text:
            return render_template("h5/start.html", is_empty="q" in request.args)
        finding = counter.find(query.text)
        if finding.reason in CERTAIN and len(finding.candidates) == 1 and not query.was_cut:
            return redirect(url_for("h5.enterprise", enterprise_id=finding.candidates[0].enterprise_id), 303)
        return render_template(
            "h5/search.html", query=query, finding=finding, register=counter.datasets().get("register")
        )

    @pages.get("/h5/suggest")
    def suggestions() -> Response:
        """Names, regions and ids only: nothing about a firm before it is picked."""
        query = clean_query(request.args.get("q", ""))
        found = counter.suggest(query.text) if len(query.text) >= LEAST_TYPED else []
        response = jsonify(
            suggestions=[{"id": one.enterprise_id, "name": one.name, "region": one.region} for one in found]
        )
        response.headers["Cache-Control"] = "private, max-age=60"
        return response


def add_enterprises(pages: Blueprint, counter: Counter) -> None:
    """The details of one enterprise."""

    @pages.get(f"/h5/enterprises/<int(max={LARGEST_ID}):enterprise_id>")
    def enterprise(enterprise_id: int) -> str:
        """Everything in force today, with source and data date."""
        with counter.database.read() as session:
            rules, today = rules_in_force(session, counter.inspections), counter.today()
            report = compose_report(session, enterprise_id, today)
            classed = class_of(session, enterprise_id, rules, today) if rules.is_public else None
        if report is None:
            abort(404)
        answer = (
            prove_page(counter.database, counter.desk, report, counter.clock()) if request.method == "GET" else None
        )
        address = counter.desk.link(answer.path if answer else url_for("h5.enterprise", enterprise_id=enterprise_id))
        return render_template(
            "h5/enterprise.html",
            classed=classed,
            report=report,
            address=address,
            answer=answer,
            code=draw_code(address),
            BlockState=BlockState,
        )


def add_reading(pages: Blueprint, counter: Counter) -> None:
    """Pages to read."""

    @pages.get("/h5/about")
    def about() -> str:
        """What the account can do, its data, privacy, accessibility."""
        return render_template("h5/about.html", datasets=counter.datasets(), names=DATA_WORDS)

    @pages.get("/h5/contact")
    def contact() -> str:
        """How to reach people."""
        return render_template("h5/contact.html")
