"""Words for citizens: jinja2 templates in bot/templates, with links and tappable lines."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from services.calendar.telling import date_words, day_words
from services.calendar.working_days import SHANGHAI, day_of

TEMPLATES = Path(__file__).with_name("templates")
# Brackets begin links; marks of writing direction can make a name read as another.
TAMED = str.maketrans({"<": "＜", ">": "＞"} | dict.fromkeys("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def tame(text: str) -> Markup:
    """Foreign text (a name, a citizen's words) that cannot become a link of its own."""
    return Markup(text.translate(TAMED))  # noqa: S704 - no bracket is left


def show(value: Any) -> Any:
    """What `{{ value }}` writes: links as they are, everything else tamed."""
    return value if hasattr(value, "__html__") else tame(str(value))


def link(label: str, url: str) -> Markup:
    """A tappable label that opens a page."""
    address = url.replace('"', "%22").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return Markup(f'<a href="{address}">{tame(label)}</a>')  # noqa: S704 - both parts are tamed


def tap(label: str, says: str = "", menu_id: str = "") -> Markup:
    """A tappable line that sends `says` (default: the label) as the citizen's own message.

    `menu_id` comes back as Inbound.menu_id. Each Chinese character of `says` costs nine bytes of the
    2,048 of a reply: keep it short.
    """
    content = quote(says or label, safe="")
    address = f"weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={quote(menu_id or '0', safe='')}"
    return Markup(f'<a href="{address}">{tame(label)}</a>')  # noqa: S704 - quoted and tamed


def chinese_date(day: date) -> str:
    """2026年12月1日; a moment is told in Shanghai's time."""
    if isinstance(day, datetime):
        day = day_of(day)
    return date_words(day)


def chinese_clock(at: datetime) -> str:
    """11月20日18:05, in Shanghai's time."""
    local = at.astimezone(SHANGHAI)
    return f"{day_words(local)}{local:%H:%M}"


def make_environment() -> Environment:
    """Strict about names; every expression is tamed unless it is a link."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=show,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,  # or each answer looks whether a file was changed
    )
    environment.globals |= {"link": link, "tap": tap}
    environment.filters["date"] = chinese_date
    environment.filters["clock"] = chinese_clock
    return environment


ENVIRONMENT = make_environment()


def render(name: str, /, **values: Any) -> str:
    """The template `<name>.txt` filled in, without blank space around."""
    return str(ENVIRONMENT.get_template(f"{name}.txt").render(**values)).strip()
