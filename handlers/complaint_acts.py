"""补充, 撤回, 评价, 同意: what a citizen does with a case that is filed."""

import re
from collections.abc import Callable

from bot.replies import Later, Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.complaint_aside import answer_then
from handlers.complaint_evidence import brings_file, explain_kind, read_place, take_file
from handlers.complaint_form import docket_of
from handlers.complaint_progress import show_admitted
from handlers.complaint_rating import ask_rating, take_rating, take_reason
from handlers.complaint_reference import (
    TOPIC,
    Reference,
    admit,
    admit_last,
    admit_own,
    ask_which,
    awaited,
    own_cases,
    read_reference,
    stop_waiting,
    wait_for,
)
from handlers.complaint_stepping import step_on
from handlers.complaint_words import BUREAU_QUESTION, CREDIT_QUESTION, find_number
from models.case import Case
from models.case_words import Action, ConsentKind, Result, Side
from services.cases.access import Admission
from services.cases.advance import RefusedError, actions_for
from services.cases.facts import Actor, Step
from services.cases.guards import Guard
from services.cases.hearing import holds_resident_id
from services.cases.wording import shown_state

router = Router("complaint_acts")

ADDING, WITHDRAWING, RATING, REASONING, CHOOSING = "adding", "withdrawing", "rating", "reasoning", "which"
COMMAND = re.compile(r"\s*(补充材料|补充|撤回委托调解|撤回公示|撤回|评价|同意委托调解|同意公示)[\s:：]*(.*)", re.DOTALL)
CONSENTS = {"同意委托调解": (ConsentKind.DELEGATION, True), "撤回委托调解": (ConsentKind.DELEGATION, False)}
CONSENTS |= {"同意公示": (ConsentKind.PUBLISH, True), "撤回公示": (ConsentKind.PUBLISH, False)}
ADDITIONS = (Action.ADD_MORE, Action.SUPPLEMENT)  # a file alone is enough for these
NEW_FACTS = (Action.RESUBMIT, Action.REOPEN)  # these need words
DONE = re.compile(r"好了|完了|发完了|没有了?|没了|就这些|结束|取消|返回|谢谢|不用了|稍后继续|好的?")
SURE = re.compile(r"确定撤回|确定|确认|确认撤回|是的?|撤回")
UNSURE = re.compile(r"不撤回|不撤了?|取消|返回|算了|不|否|继续办理?")


def read_command(turn: Turn) -> tuple[str, Reference] | None:
    """The verb and the case it is about; None for other words, and for a firm's name that begins so."""
    found = COMMAND.fullmatch(turn.text)
    if found is None:
        return None
    reference = read_reference(found[2])
    is_plain = not found[2].strip() or reference.number or reference.is_mistyped
    is_rating = found[1] == "评价" and re.match(r"[1-5１-５一二三四五](?!\d)", found[2].strip()) is not None
    return (found[1], reference) if is_plain or is_rating else None


@router.on_text(lambda turn: read_command(turn) is not None)
def obey(turn: Turn) -> Reply | Pass:
    """One verb, with or without a number."""
    command = read_command(turn)
    if command is None:
        return PASS
    verb, reference = command
    if reference.number or reference.is_mistyped:
        return act(turn, verb, admit(turn, reference), reference.rest)
    cases = [case for case in own_cases(turn) if is_open_to(turn, verb, case)]
    if len(cases) > 1:
        return Text(ask_which(turn, f"{verb} {reference.rest}".strip(), cases))
    admission = admit_own(cases[0]) if cases else admit_last(turn)
    if admission.case is None and not admission.refusal:
        return Text(render("complaint_nothing_to", verb=verb))
    return act(turn, verb, admission, reference.rest)


def is_open_to(turn: Turn, verb: str, case: Case) -> bool:
    """Some action of this verb can be taken on the case now."""
    actions = set(actions_for(docket_of(turn), case, admit_own(case).actor or Actor(frozenset(), "")))
    wanted = {
        "撤回": {Action.WITHDRAW, Action.RECORD_WITHDRAWAL},
        "评价": {Action.CONFIRM, Action.DISPUTE} | ({Action.RATE} if case.score is None else set()),
        "补充": {*ADDITIONS, *NEW_FACTS},
        "补充材料": {*ADDITIONS, *NEW_FACTS},
    }
    return bool(wanted.get(verb, {Action.RECORD_CONSENT}) & actions)


def act(turn: Turn, verb: str, admission: Admission, rest: str) -> Reply | Pass:
    """Begin what the verb says with a case that one was let in to."""
    case, actor = admission.case, admission.actor
    if case is None or actor is None:
        return Text(admission.refusal)
    if verb in CONSENTS:
        kind, is_given = CONSENTS[verb]
        step = Step(consent=kind, side=Side.COMPLAINANT, is_given=is_given)
        return Text(step_on(turn, case, actor, Action.RECORD_CONSENT, step))
    begin: dict[str, Callable[[Turn, Case, Actor, str], Reply | Pass]] = {"撤回": ask_withdrawal, "评价": rate}
    return begin.get(verb, add)(turn, case, actor, rest)


def rate(turn: Turn, case: Case, actor: Actor, rest: str) -> Reply | Pass:
    """With the score beside the verb, or asked for."""
    return take_rating(turn, case, actor, rest) if rest else ask_rating(turn, case)


def add(turn: Turn, case: Case, actor: Actor, rest: str) -> Text:
    """What may be added, and at once what was said beside the verb."""
    if next_addition(turn, case, actor) is None:
        return Text(render("complaint_closed_to", number=case.number, state=shown_state(case.state)))
    wait_for(turn, ADDING, case, has_told=False)
    return add_words(turn, case, actor, rest) if rest else ask_to_add(turn, case, actor)


def ask_to_add(turn: Turn, case: Case, actor: Actor) -> Text:
    """How."""
    needs_facts = next_addition(turn, case, actor) in NEW_FACTS
    return Text(render("complaint_add", number=case.number, respondent=case.respondent_name, needs_facts=needs_facts))


def next_addition(turn: Turn, case: Case, actor: Actor) -> Action | None:
    """The step by which more is told in the present state."""
    actions = actions_for(docket_of(turn), case, actor)
    is_resubmitted = case.result is Result.UNREACHABLE and not case.unit
    wanted = (*ADDITIONS, Action.RESUBMIT if is_resubmitted else Action.REOPEN)
    return next((action for action in wanted if action in actions), None)


def add_words(turn: Turn, case: Case, actor: Actor, text: str) -> Text:
    """One step of the case."""
    action = next_addition(turn, case, actor)
    if action is None:
        return Text(render("complaint_closed_to", number=case.number, state=shown_state(case.state)))
    if holds_resident_id(text):
        return Text(render("complaint_heard", what="resident_id", value=""))
    told = step_on(turn, case, actor, action, Step(text=text, has_new_facts=action is Action.REOPEN))
    turn.conversation.notes["has_told"] = True
    return Text(render("complaint_added", told=told))


def add_file(turn: Turn, case: Case, actor: Actor) -> Text:
    """Evidence to the case; the first file of a round is a step, so that the officials see that something came."""
    told, action = take_file(turn, case, keeps_sender=not case.is_anonymous), next_addition(turn, case, actor)
    if action in ADDITIONS and not turn.conversation.notes.get("has_told"):
        step_on(turn, case, actor, action, Step(text="补充了证据文件"))
        turn.conversation.notes["has_told"] = True
    if action in NEW_FACTS:
        return Text(
            f"{told}\n{render('complaint_add', number=case.number, respondent=case.respondent_name, needs_facts=True)}"
        )
    return Text(render("complaint_added", told=told))


def ask_withdrawal(turn: Turn, case: Case, actor: Actor, rest: str) -> Text:  # noqa: ARG001
    """Asked twice, as the law wants to be sure."""
    actions = actions_for(docket_of(turn), case, actor)
    if not {Action.WITHDRAW, Action.RECORD_WITHDRAWAL} & set(actions):
        return Text(render("complaint_closed_to", number=case.number, state=shown_state(case.state)))
    wait_for(turn, WITHDRAWING, case)
    return Text(render("complaint_withdraw", number=case.number, respondent=case.respondent_name))


def withdraw(turn: Turn, case: Case, actor: Actor) -> Text:
    """A report whose check has begun is only noted as withdrawn."""
    step = Step(is_confirmed=True)
    try:
        told = step_on(turn, case, actor, Action.WITHDRAW, step, raises=True)
    except RefusedError as refused:
        if refused.code != Guard.NO_OPENED_CHECK:
            return Text(str(refused))
        told = step_on(turn, case, actor, Action.RECORD_WITHDRAWAL, step)
    stop_waiting(turn)
    return Text(told)


def is_asked(turn: Turn) -> bool:
    """Something is waited for, and this could be it."""
    return (
        turn.conversation.topic == TOPIC
        and bool(turn.conversation.step)
        and not turn.message.event
        and not turn.message.reading
    )


@router.on(is_asked)
def answer_asked(turn: Turn) -> Reply | Later | Pass:
    """The answer to what was asked last; everything else is for others."""
    notes, step = turn.conversation.notes, turn.conversation.step
    if step == CHOOSING:
        return pick(turn, notes.get("numbers", []), notes.get("verb", ""))
    admission = admit(turn, awaited(turn))
    case, actor = admission.case, admission.actor
    if case is None or actor is None:
        stop_waiting(turn)
        return PASS
    answers = {ADDING: answer_adding, WITHDRAWING: answer_withdrawing, RATING: take_said_rating, REASONING: take_reason}
    return answers[step](turn, case, actor)


def pick(turn: Turn, numbers: list[str], verb: str) -> Reply | Pass:
    """A number of the list of cases."""
    picked = find_number(turn.words)
    if picked is None or not verb:
        stop_waiting(turn)
        return PASS
    if picked > len(numbers):
        return Text(render("complaint_heard", what="no_such_number", value=picked))
    admission = admit(turn, Reference(numbers[picked - 1]))
    stop_waiting(turn)
    word, _, rest = verb.partition(" ")
    return show_admitted(turn, admission) if word == "进度" else act(turn, word, admission, rest)


def answer_adding(turn: Turn, case: Case, actor: Actor) -> Reply | Later | Pass:
    """Files, places, words, until 好了."""
    if turn.message.is_text:
        return answer_added_words(turn, case, actor)
    if brings_file(turn):
        return add_file(turn, case, actor)
    if turn.message.location:
        return add_words(turn, case, actor, f"位置：{read_place(turn)}")
    told = explain_kind(turn)
    return Text(told) if told else PASS


def answer_added_words(turn: Turn, case: Case, actor: Actor) -> Reply | Later:
    """More of the story; questions about firms go where they belong."""
    if BUREAU_QUESTION.fullmatch(turn.words) or CREDIT_QUESTION.fullmatch(turn.words):
        stop_waiting(turn)  # a number that follows means the list of the answer
        return answer_then(turn, render("complaint_add_back"))
    if DONE.fullmatch(turn.words):
        has_told = bool(turn.conversation.notes.get("has_told"))
        stop_waiting(turn)
        return Text(render("complaint_add_done", has_told=has_told, number=case.number))
    if brings_file(turn):  # spoken: the recording is kept beside its words
        take_file(turn, case, keeps_sender=not case.is_anonymous)
    return add_words(turn, case, actor, turn.text)


def answer_withdrawing(turn: Turn, case: Case, actor: Actor) -> Reply | Pass:
    """The second yes, or not."""
    if SURE.fullmatch(turn.words):
        return withdraw(turn, case, actor)
    stop_waiting(turn)
    return Text(render("complaint_not_withdrawn", number=case.number)) if UNSURE.fullmatch(turn.words) else PASS


def take_said_rating(turn: Turn, case: Case, actor: Actor) -> Reply | Pass:
    """A score; other words are for others."""
    return take_rating(turn, case, actor, turn.text) if turn.message.is_text else PASS
