"""What a story is about, as far as it says so; the citizen can set it right."""

from bot.router import Turn
from handlers.complaint_form import Form, FormStep
from models.case_words import CaseKind
from services.cases.hearing import hear_amounts, hear_category, hear_requests


def go_on_with_matter(turn: Turn, form: Form) -> None:
    """The next step, unless what was told is another body's matter."""
    form.go_on()
    if form.facts:
        look_at_matter(turn, form)


def look_at_matter(turn: Turn, form: Form) -> None:
    """Category, amount and what is asked for, as far as the story says them; the citizen can set them right."""
    category = hear_category(form.facts, turn.desk.rules)
    if category.door and not form.is_ours and form.case_kind is not CaseKind.INQUIRY:
        form.step = FormStep.DOOR
        return
    if not form.category:
        form.category = category.code if category.unit else default_category(turn)
    amounts = hear_amounts(form.facts)
    form.amount_fen = amounts.pop() if form.amount_fen is None and len(amounts) == 1 else form.amount_fen
    form.requests = form.requests or hear_requests(form.facts, form.case_kind)


def default_category(turn: Turn) -> str:
    """The last of ours in cases.toml: everything else."""
    return [category.code for category in turn.desk.rules.categories if category.unit][-1]


def join_facts(before: str, said: str) -> str:
    """One story of several messages."""
    return f"{before}\n{said}" if before else said
