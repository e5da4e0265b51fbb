"""Fills the words of an official form with the facts of a case; pure."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from models.case_words import Action
from models.paper import Form
from services.calendar.telling import date_words
from services.cases.wording import WORDS
from services.papers.facts import PaperFacts
from services.papers.sheet import Sheet

FORMS: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - neither typst nor Word reads markup
EMPTY = "—"
# What a citizen or clerk ended with a full stop goes on in our sentence.
ENDS = {"。。": "。", "！。": "！", "？。": "？", "；。": "；", "。，": "，"}


@cache
def compile_text(text: str) -> Template:
    """A template, compiled once."""
    return ENVIRONMENT.from_string(text)


def fill_in(text: str, facts: PaperFacts) -> str:
    """A text with its values; sentences do not end twice."""
    filled = compile_text(text).render(facts.as_words())
    for double, one in ENDS.items():
        filled = filled.replace(double, one)
    return filled.strip()


def step_before(form: Form) -> Action | None:
    """The step after which the form can be made; None for the report of a major event."""
    after = FORMS[form].get("after")
    return Action(after) if after else None


def title_of(form: Form, kind: str = "投诉") -> str:
    """The form's name on a button."""
    return str(compile_text(FORMS[form]["title"]).render(kind=kind))


def results_of(form: Form) -> list[str]:
    """The results for which the form is made; none: for all."""
    return list(FORMS[form].get("results", []))


def explain_missing(form: Form, kind: str) -> str:
    """Why the form cannot be made yet."""
    action = step_before(form)
    return f"还没有“{WORDS['actions'][action]['name']}”，不能制作{title_of(form, kind)}" if action else ""


def spell_number(prefix: str, form: Form, year: int, serial: int) -> str:
    """示商受〔2026〕1号: hexagonal brackets and no zeros in front, as GB/T 9704 has it."""
    return f"{prefix}{FORMS[form]['mark']}〔{year}〕{serial}号"


def fill_form(form: Form, facts: PaperFacts, organ: str, number: str, day: date) -> Sheet:
    """The sheet; paragraphs that come out empty are left out, empty cells get a dash."""
    words = FORMS[form]
    paragraphs = [line for text in words.get("body", []) for line in fill_in(text, facts).splitlines()]
    rows = [(fill_in(label, facts), fill_in(value, facts) or EMPTY) for label, value in words.get("rows", [])]
    return Sheet(
        organ=organ,
        title=fill_in(words["title"], facts),
        number=number,
        day=date_words(day),
        reference="" if rows else f"事项编号 {facts.number}",
        addressee=fill_in(words.get("to", ""), facts),
        body=tuple(line.strip() for line in paragraphs if line.strip()),
        rows=tuple(rows),
        notes=tuple(fill_in(note, facts) for note in words.get("notes", [])),
    )


def fill_event_report(report: dict[str, str], organ: str, number: str, day: date) -> Sheet:
    """The report form of a major event, from services/cases/bursts.py:report_form."""
    words = FORMS[Form.EVENT_REPORT]
    rows = tuple((label, value or EMPTY) for label, value in report.items())
    return Sheet(organ, words["title"], number, date_words(day), rows=rows, notes=tuple(words["notes"]))
