"""Beginning, leaving and coming back: 返回, 取消, 稍后继续, 继续填写, 重新填写."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.replies import Reply, Text
from bot.router import Turn
from bot.wording import render
from handlers.complaint_asking import reply
from handlers.complaint_firm import choose_firm
from handlers.complaint_form import (
    TOPIC,
    Form,
    FormStep,
    count_evidence,
    drop_form,
    load_form,
    save_form,
    tell_elsewhere,
)
from handlers.complaint_steps import choose_kind, take_facts
from handlers.complaint_words import (
    AGAIN,
    ANONYMOUS,
    BACK,
    CANCEL,
    GO_ON,
    LATER,
    LONG_PAST,
    START,
    START_REPORT,
    SURE_TO_CANCEL,
)
from models.case_words import CaseKind

OFFER, CANCELLING = "offer", "cancelling"  # steps of the conversation, while one of two is to be chosen


def matches(pattern: str, turn: Turn) -> bool:
    """The words, wholly."""
    return re.fullmatch(pattern, turn.words, re.DOTALL) is not None


def begin(turn: Turn, kind: CaseKind | None = None, enterprise_id: int | None = None) -> Reply:
    """A new form, or the question what becomes of the one that is not finished. Without a kind it is asked for."""
    found = load_form(turn)
    if found is not None and found[0].has_content:
        return offer_form(turn, found[0])
    form, heard = found[0] if found else Form(), "" if found else tell_elsewhere(turn)
    if enterprise_id is not None:
        heard = "\n".join(filter(None, (heard, choose_firm(turn, form, enterprise_id))))
    if kind is not None:
        heard = "\n".join(filter(None, (heard, choose_kind(turn, form, kind))))
    else:
        form.kind, form.step = "", FormStep.KIND
    return show_form(turn, form, heard)


def show_form(turn: Turn, form: Form, heard: str = "") -> Reply:
    """What was understood and the present question; all is kept."""
    answer = reply(turn, form, heard)
    save_form(turn, form)
    return answer


def offer_form(turn: Turn, form: Form) -> Reply:
    """There is an unfinished one: go on, or begin anew?"""
    turn.conversation.enter(TOPIC, OFFER, turn.now)
    return Text(render("complaint_offer", form=form, kind=form.case_kind, count=count_evidence(turn, form)))


def begin_again(turn: Turn, form: Form) -> Reply:
    """Without what was filled in."""
    drop_form(turn, form)
    return begin(turn)


def drop(turn: Turn, form: Form) -> Reply:
    """For good."""
    drop_form(turn, form)
    return Text(render("complaint_dropped"))


def cancel(turn: Turn, form: Form) -> Reply:
    """Asked once more where something would be lost."""
    if not form.has_content and not count_evidence(turn, form):
        return drop(turn, form)
    turn.conversation.enter(TOPIC, CANCELLING, turn.now)
    return Text(render("complaint_cancel"))


def put_aside(turn: Turn, form: Form) -> Reply:
    """Until the citizen comes back."""
    save_form(turn, form)
    turn.conversation.leave()
    return Text(render("complaint_later", hours=turn.desk.rules.draft_hours))


def go_back(turn: Turn, form: Form) -> Reply:
    """One step; before the first one there is only giving up."""
    return show_form(turn, form) if form.go_back() else cancel(turn, form)


def take_held(turn: Turn, form: Form) -> Reply:
    """The words that were answered with 110 tell what is past."""
    told, form.held, form.step = form.held, "", FormStep.FACTS
    past = replace(turn, message=replace(turn.message, content=told, menu_id=""))
    return show_form(turn, form, take_facts(past, form))


Control = tuple[Callable[[Turn, Form], bool], Callable[[Turn, Form], Reply]]


def after(step: str, pattern: str) -> Callable[[Turn, Form], bool]:
    """The words mean this only after that question."""
    return lambda turn, _form: turn.conversation.step == step and matches(pattern, turn)


def always(pattern: str) -> Callable[[Turn, Form], bool]:
    """The words mean this at every step."""
    return lambda turn, _form: matches(pattern, turn)


def names_a_start(turn: Turn, form: Form) -> bool:
    """投诉 in the middle of a form; where the kind is asked for it is the answer."""
    is_answer = form.step == FormStep.KIND or ANONYMOUS.fullmatch(turn.words) is not None
    return not is_answer and matches(f"{START}|{START_REPORT}", turn)


# The first that holds is done.
CONTROLS: list[Control] = [
    (after(OFFER, AGAIN), begin_again),
    (after(OFFER, f"{GO_ON}|1|一|第一个"), show_form),
    (after(CANCELLING, SURE_TO_CANCEL), drop),
    (lambda turn, form: bool(form.held) and matches(LONG_PAST, turn), take_held),
    (always(CANCEL), cancel),
    (always(LATER), put_aside),
    (always(BACK), go_back),
    (names_a_start, offer_form),
]


def steer(turn: Turn, form: Form) -> Reply | None:
    """What the first control that holds answers; None where the words are for the form."""
    return next((act(turn, form) for holds, act in CONTROLS if holds(turn, form)), None)
