"""The answers to the form's questions: what each step takes, and what it says back."""

from collections.abc import Callable

from bot.router import Turn
from bot.wording import render
from handlers.complaint_asking import shorten, show_yuan
from handlers.complaint_firm import take_firm
from handlers.complaint_form import Form, FormStep
from handlers.complaint_matter import default_category, go_on_with_matter, join_facts, look_at_matter
from handlers.complaint_words import (
    ANONYMOUS,
    EDIT,
    GO_ON_HERE,
    NO_CONTACT,
    NOT_A_NAME,
    NOTHING_MORE,
    NUMBER_WORDS,
    find_kind,
    find_number,
    find_part,
)
from models.case_words import CaseKind
from services.cases.filing import LEAST_FACTS, MOST_FACTS
from services.cases.hearing import Contact, hear_amounts, hear_contact
from services.cases.personal import mask_name, mask_phone
from services.cases.wording import name_of

LONGEST_READ_BACK = 60  # characters of the story
SHORT_NAME = 4  # characters of a name that is said without a telephone number


def take_answer(turn: Turn, form: Form) -> str:
    """Put the citizen's words into the form; what to say back. The step moves on unless something is missing."""
    says_back = bool(turn.message.media_id) and form.step != FormStep.FACTS
    spoken = render("complaint_heard", what="spoken", value=turn.text) + "\n" if says_back else ""
    return spoken + TAKERS[FormStep(form.step)](turn, form)


def take_kind(turn: Turn, form: Form) -> str:
    """投诉, 举报 or 咨询."""
    kind = find_kind(turn.words)
    if kind is None:
        return render("complaint_heard", what="which_kind", value="")
    return choose_kind(turn, form, kind)


def choose_kind(turn: Turn, form: Form, kind: CaseKind) -> str:
    """Only a report may be anonymous; what was told already may turn out to be another body's."""
    form.kind = kind
    form.is_anonymous = form.is_anonymous and kind is CaseKind.REPORT
    form.skips_contact = form.skips_contact and kind is CaseKind.INQUIRY
    form.go_on()
    if form.facts:
        look_at_matter(turn, form)
    return render("complaint_heard", what="kind", value=name_of("kinds", kind))


def take_facts(turn: Turn, form: Form) -> str:
    """What happened, in as many messages as it takes."""
    if NOTHING_MORE.fullmatch(turn.words):
        if len(form.facts) < LEAST_FACTS:
            return render("complaint_heard", what="facts_needed", value="")
        form.is_retelling = False
        form.go_on()
        return ""
    if form.is_editing or form.is_retelling:
        form.facts, form.is_ours, form.amount_fen, form.requests, form.category = "", False, None, [], ""
    form.facts, form.is_retelling = join_facts(form.facts, turn.text), False
    return after_facts(turn, form, is_spoken=bool(turn.message.media_id))


def after_facts(turn: Turn, form: Form, *, is_spoken: bool) -> str:
    """Too short, too long, or read back."""
    if len("".join(form.facts.split())) < LEAST_FACTS:
        return render("complaint_heard", what="facts_short", value=form.facts)
    if len(form.facts) > MOST_FACTS:
        form.facts = form.facts[:MOST_FACTS]
        return render("complaint_heard", what="facts_long", value=MOST_FACTS)
    go_on_with_matter(turn, form)
    return read_back(form, is_spoken=is_spoken)


def read_back(form: Form, *, is_spoken: bool) -> str:
    """The story as it was understood."""
    value = shorten(form.facts, LONGEST_READ_BACK)
    told = {"yuan": show_yuan(form.amount_fen), "requests": "、".join(form.requests)}
    return render("complaint_facts_heard", value=value, is_spoken=is_spoken, **told)


def take_door(turn: Turn, form: Form) -> str:
    """The citizen says that it is ours all the same, or tells more of it."""
    if GO_ON_HERE.fullmatch(turn.words):
        form.is_ours, form.category = True, default_category(turn)
    elif len(turn.text) >= LEAST_FACTS:
        form.facts = join_facts(form.facts, turn.text)
    else:
        return ""
    go_on_with_matter(turn, form)
    return render("complaint_heard", what="door_noted", value="")


def take_contact(turn: Turn, form: Form) -> str:
    """Name and telephone, in one message or two; a sentence is more of the story."""
    if form.case_kind is CaseKind.REPORT and ANONYMOUS.fullmatch(turn.words):
        form.is_anonymous, form.name, form.phone = True, "", ""
        form.go_on()
        return render("complaint_heard", what="anonymous", value="")
    if form.case_kind is CaseKind.COMPLAINT and ANONYMOUS.fullmatch(turn.words):
        return render("complaint_heard", what="not_anonymous", value="")
    if form.case_kind is CaseKind.INQUIRY and NO_CONTACT.fullmatch(turn.words):
        form.skips_contact = True
        form.go_on()
        return render("complaint_heard", what="no_contact", value="")
    if NOTHING_MORE.fullmatch(turn.words):
        if form.name and form.phone:
            form.go_on()
        return render("complaint_heard", what="contact_needed", value="")
    return keep_contact(turn, form, hear_contact(turn.text))


def keep_contact(turn: Turn, form: Form, heard: Contact) -> str:
    """What was understood of it, and what is still missing."""
    is_name = "·" in heard.name or (len(turn.text.strip()) <= SHORT_NAME and not NOT_A_NAME.search(turn.text))
    if heard.name and (heard.phone or heard.trouble or is_name):
        form.name = heard.name
    form.phone = heard.phone or form.phone
    if heard.trouble:
        return render("complaint_heard", what=f"phone_{heard.trouble}", value=heard.digits)
    if not heard.phone and NUMBER_WORDS.search(turn.text):
        return render("complaint_heard", what="phone_in_words", value="")
    if not heard.phone and form.name != heard.name:
        form.facts = join_facts(form.facts, turn.text)
        return render("complaint_heard", what="more_facts", value="")
    if not form.phone:
        return render("complaint_heard", what="phone_missing", value=form.name)
    if not form.name:
        return render("complaint_heard", what="name_missing", value=mask_phone(form.phone))
    form.is_anonymous = form.skips_contact = False
    form.go_on()
    return render("complaint_heard", what="contact", value=f"{mask_name(form.name)} {mask_phone(form.phone)}")


def take_summary(turn: Turn, form: Form) -> str:
    """Another part to change, or one more thing to tell (提交 is taken before)."""
    if EDIT.fullmatch(turn.words):
        form.step = FormStep.EDIT
        return ""
    if turn.words.startswith(("修改", "更正", "改")) and find_part(turn.words):
        return take_edit(turn, form)
    if NOTHING_MORE.fullmatch(turn.words):
        return render("complaint_heard", what="submit_needed", value="")
    form.facts = join_facts(form.facts, turn.text)[:MOST_FACTS]
    look_at_matter(turn, form)
    return render("complaint_heard", what="more_facts", value="")


def take_edit(turn: Turn, form: Form) -> str:
    """Back to one step, and then to the summary."""
    part = find_part(turn.words)
    if not part or (part == "firm" and form.case_kind is CaseKind.INQUIRY):
        return render("complaint_heard", what="which_part", value="")
    form.step, form.is_editing, form.firms = part, True, []
    return ""


def take_category(turn: Turn, form: Form) -> str:
    """One of ours, by number or name."""
    ours = [category for category in turn.desk.rules.categories if category.unit]
    digits = turn.words if turn.words.isascii() and turn.words.isdigit() else ""
    number = int(digits[:3]) if digits else find_number(turn.words)
    named = [category for category in ours if len(turn.words) >= 2 and turn.words in category.name]
    if number and number <= len(ours):
        form.category = ours[number - 1].code
    elif len(named) == 1:
        form.category = named[0].code
    else:
        return render("complaint_heard", what="which_category", value="")
    form.is_ours = True
    form.go_on()
    return ""


def take_amount(turn: Turn, form: Form) -> str:
    """A number with or without 元."""
    said = turn.words.replace(",", "")
    amounts = hear_amounts(said) or hear_amounts(f"{said}元")
    if len(amounts) != 1:
        return render("complaint_heard", what="which_amount", value="")
    form.amount_fen = amounts.pop()
    form.go_on()
    return ""


TAKERS: dict[FormStep, Callable[[Turn, Form], str]] = {
    FormStep.KIND: take_kind,
    FormStep.FIRM: take_firm,
    FormStep.FACTS: take_facts,
    FormStep.DOOR: take_door,
    FormStep.CONTACT: take_contact,
    FormStep.SUMMARY: take_summary,
    FormStep.EDIT: take_edit,
    FormStep.CATEGORY: take_category,
    FormStep.AMOUNT: take_amount,
}
