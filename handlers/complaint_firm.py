"""Which firm a complaint is about: tapped, numbered, found in the register, or kept as typed."""

import re

from bot.router import Turn
from bot.wording import render
from handlers.complaint_asking import name_enterprise
from handlers.complaint_form import Form
from handlers.complaint_matter import go_on_with_matter, join_facts
from handlers.complaint_words import NO_NAME, NONE_OF_THEM, NOTHING_MORE, find_number
from handlers.credit import label_of
from services.cases.hearing import hear_amounts
from services.enterprises.finding import Candidate, Finding, Verdict
from services.enterprises.search import find
from services.enterprises.stories import is_grievance

FIRM_TAP = "complaint.firm:"  # msgmenuid of an offered firm; its id follows, 0 for the name as typed
AS_TYPED = 0
STORY = 30  # characters; what is longer where a name is asked for tells what happened
LONGEST_NAME = 100
SENTENCE = re.compile(r"[，。！？；,!?;].*[\u3400-\u9fff]")


def take_firm(turn: Turn, form: Form) -> str:
    """The answer to: which firm?"""
    picked, number = picked_id(turn, form), find_number(turn.words)
    if picked is not None:
        return choose_firm(turn, form, picked) if picked != AS_TYPED else keep_name(form, form.respondent_typed)
    if form.firms and number:
        return render("complaint_heard", what="no_such_number", value=number)
    if NOTHING_MORE.fullmatch(turn.words) and form.respondent:
        form.go_on()
        return ""
    if NO_NAME.fullmatch(turn.words):
        return render("complaint_heard", what="no_firm", value="")
    return look_for_firm(turn, form, turn.text)


def picked_id(turn: Turn, form: Form) -> int | None:
    """The firm behind a tapped line or a number, AS_TYPED for none of them; None where nothing was picked."""
    tapped = turn.message.menu_id.removeprefix(FIRM_TAP) if turn.message.menu_id.startswith(FIRM_TAP) else ""
    if tapped.isascii() and tapped.isdigit():
        return int(tapped[:9])
    number = find_number(turn.words)
    if form.firms:
        numbered = dict(enumerate([firm for firm, _line in form.firms] + [AS_TYPED], 1))
        return AS_TYPED if NONE_OF_THEM.fullmatch(turn.words) else numbered.get(number or 0)
    return turn.conversation.enterprise_id if number == 1 else None


def look_for_firm(turn: Turn, form: Form, said: str) -> str:
    """One firm, several to choose from, or the name as it was said."""
    finding = find(turn.session, said, turn.desk.index, turn.desk.bureau.city or turn.desk.bureau.province)
    if is_story := tells_story(said):
        form.facts = join_facts(form.facts, said)
        if finding.verdict is Verdict.NONE:
            return render("complaint_heard", what="story_without_firm", value="")
    form.respondent_typed = (finding.query if is_story else said.strip())[:LONGEST_NAME]
    if finding.verdict is Verdict.MATCH:
        return choose_firm(turn, form, finding.candidates[0].enterprise_id)
    if offered := firms_of(finding):
        form.firms = [(one.enterprise_id, label_of(one)) for one in offered]
        return render("complaint_heard", what="several_firms", value=form.respondent_typed)
    if len(form.respondent_typed) < 2:
        return render("complaint_heard", what="no_firm", value="")
    return keep_name(form, form.respondent_typed)


def tells_story(said: str) -> bool:
    """What happened rather than a name."""
    return len(said) > STORY or is_grievance(said) or bool(hear_amounts(said)) or SENTENCE.search(said) is not None


def firms_of(finding: Finding) -> list[Candidate]:
    """Those worth asking about."""
    return finding.offered if finding.verdict is Verdict.CHOOSE else []


def choose_firm(turn: Turn, form: Form, enterprise_id: int) -> str:
    """A registered firm."""
    name, code = name_enterprise(turn, enterprise_id)
    if not name:
        return render("complaint_heard", what="firm_gone", value="")
    form.enterprise_id, form.respondent, form.credit_code, form.firms = enterprise_id, name, code, []
    go_on_with_matter(turn, form)
    return render("complaint_heard", what="firm", value=f"{name}（尾号 {code[-4:]}）" if code else name)


def keep_name(form: Form, name: str) -> str:
    """As typed: an official finds out which firm it is."""
    form.enterprise_id, form.respondent, form.credit_code, form.firms = None, name, "", []
    form.go_on()
    return render("complaint_heard", what="firm_as_typed", value=name)
