"""The questions of the form, one for each step, and the summary to confirm."""

from collections.abc import Callable

from bot.replies import Text
from bot.router import Turn
from bot.wording import render
from handlers.complaint_form import NOTICE_VERSION, Form, FormStep, count_evidence, docket_of, make_filing
from models.case import Case
from models.case_words import CaseKind
from models.enterprise import Enterprise
from services.cases.filing import key_respondent
from services.cases.hearing import hear_category
from services.cases.parties import find_duplicates
from services.cases.personal import mask_name, mask_phone
from services.cases.wording import name_of, shown_state

LONGEST_SHOWN = 120  # characters of the story in the summary
LONGEST_PASTE = 200
MOST_TOLD = 2  # earlier cases beside the summary


def reply(turn: Turn, form: Form, said: str = "") -> Text:
    """What was understood, then what is asked next; before the first personal question the notice."""
    needs_notice = form.step not in {FormStep.KIND, FormStep.DOOR} and form.notice_version != NOTICE_VERSION
    notice = ""
    if needs_notice:
        form.notice_version, form.notice_at = NOTICE_VERSION, turn.now.isoformat()
        notice = render(
            "complaint_notice",
            bureau=turn.desk.bureau,
            years=turn.desk.rules.retention.case_years,
            version=NOTICE_VERSION,
        )
    return Text("\n\n".join(part for part in (said, notice, ask(turn, form)) if part))


def ask(turn: Turn, form: Form) -> str:
    """The question of the present step."""
    kind, is_inquiry = name_of("kinds", form.case_kind), form.case_kind is CaseKind.INQUIRY
    asked: dict[str, Callable[[], str]] = {
        FormStep.KIND: lambda: render(
            "complaint_kind", respondent=form.respondent, url=turn.desk.link("/h5/complaints")
        ),
        FormStep.FIRM: lambda: render("complaint_firm", kind=kind, form=form, last=last_firm(turn, form)),
        FormStep.FACTS: lambda: render("complaint_facts", form=form, is_inquiry=is_inquiry),
        FormStep.DOOR: lambda: ask_door(turn, form, kind),
        FormStep.CONTACT: lambda: ask_contact(turn, form, is_inquiry=is_inquiry),
        FormStep.EDIT: lambda: render("complaint_edit", is_inquiry=is_inquiry),
        FormStep.CATEGORY: lambda: render("complaint_category", categories=own_categories(turn)),
        FormStep.AMOUNT: lambda: render("complaint_amount"),
        FormStep.SUMMARY: lambda: ask_to_confirm(turn, form, kind),
    }
    return asked[form.step]()


def ask_contact(turn: Turn, form: Form, *, is_inquiry: bool) -> str:
    """Name and telephone, and whether they may be left out."""
    is_report = form.case_kind is CaseKind.REPORT
    count = count_evidence(turn, form)
    return render("complaint_contact", form=form, is_report=is_report, is_inquiry=is_inquiry, count=count)


def last_firm(turn: Turn, form: Form) -> str:
    """The firm of the card shown last, unless others are offered."""
    enterprise_id = turn.conversation.enterprise_id
    return "" if form.firms or enterprise_id is None else name_enterprise(turn, enterprise_id)[0]


def name_enterprise(turn: Turn, enterprise_id: int) -> tuple[str, str]:
    """Name and code as registered; empty for one that is gone."""
    row = turn.session.get(Enterprise, enterprise_id)
    return (row.name, row.credit_code or "") if row else ("", "")


def own_categories(turn: Turn) -> list[str]:
    """The names of what is ours, in the order of their numbers."""
    return [category.name for category in turn.desk.rules.categories if category.unit]


def ask_door(turn: Turn, form: Form, kind: str) -> str:
    """Whose the matter is, how to get there, and a text to paste there."""
    category = hear_category(form.facts, turn.desk.rules)
    door = next(door for door in turn.desk.rules.doors if door.code == category.door)
    story = shorten(form.facts, LONGEST_PASTE)
    return render("complaint_door", category=category, door=door, kind=kind, form=form, story=story)


def ask_to_confirm(turn: Turn, form: Form, kind: str) -> str:
    """Everything once more, with what the same person filed before about the same firm."""
    category = turn.desk.rules.category(form.category)
    return render(
        "complaint_summary",
        kind=kind,
        form=form,
        facts=shorten(form.facts, LONGEST_SHOWN),
        category=category.name if category else "",
        contact=f"{mask_name(form.name)} {mask_phone(form.phone)}".strip(),
        yuan=show_yuan(form.amount_fen),
        count=count_evidence(turn, form),
        earlier=[(case.number, shown_state(case.state)) for case in earlier_cases(turn, form)[:MOST_TOLD]],
    )


def earlier_cases(turn: Turn, form: Form) -> list[Case]:
    """Of this account on this firm. By telephone nothing is told: whose it is has not been shown."""
    if form.is_anonymous or form.case_kind is CaseKind.INQUIRY or not form.respondent:
        return []
    return find_duplicates(docket_of(turn), key_respondent(make_filing(form)), follower_id=turn.follower.id)


def shorten(text: str, most: int) -> str:
    """On one line, and enough to recognise it."""
    line = "；".join(text.split("\n"))
    return line if len(line) <= most else f"{line[:most]}…（共{len(line)}字）"


def show_yuan(fen: int | None) -> str:
    """2000 or 2000.50; empty where there is none."""
    if fen is None:
        return ""
    return f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"
