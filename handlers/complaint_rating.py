"""评价: one to five; with one or two the reason, and the answer is looked at again."""

import re
import unicodedata

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Turn
from bot.wording import render
from handlers.complaint_form import docket_of
from handlers.complaint_reference import stop_waiting, wait_for
from handlers.complaint_stepping import step_on
from models.case import Case
from models.case_words import Action
from services.cases.advance import RefusedError, actions_for
from services.cases.facts import Actor, Step
from services.cases.guards import SATISFIED_FROM, Guard
from services.cases.wording import shown_state

SCORE = re.compile(r"([1-5一二三四五])\s*(?:分|星|颗星)?(?![\d.])[\s，,。:：;；]*(.*)", re.DOTALL)
WORDS = {"非常满意": 5, "很满意": 5, "满意": 4, "一般": 3, "基本满意": 3, "不满意": 2, "很不满意": 1, "非常不满意": 1}
NUMERALS = {numeral: number for number, numeral in enumerate("一二三四五", 1)}
LEAST_REASON = 2


def read_score(said: str) -> tuple[int, str] | None:
    """Score and reason from “2 没人联系我”, “不满意，没人联系我”."""
    text = unicodedata.normalize("NFKC", said).strip()
    if found := SCORE.fullmatch(text):
        return NUMERALS.get(found[1]) or int(found[1]), found[2].strip()
    word = next((word for word in sorted(WORDS, key=len, reverse=True) if text.startswith(word)), "")
    return (WORDS[word], text[len(word) :].strip(" ,，。:：")) if word else None


def ask_rating(turn: Turn, case: Case) -> Text:
    """Five lines to tap."""
    wait_for(turn, "rating", case)
    return Text(render("complaint_rate", number=case.number, respondent=case.respondent_name))


def take_rating(turn: Turn, case: Case, actor: Actor, said: str) -> Reply | Pass | Text:
    """A score with or without a reason; PASS for other words."""
    read = read_score(said)
    if read is None:
        return ask_rating(turn, case) if turn.conversation.step != "rating" else PASS
    score, reason = read
    is_answered = Action.DISPUTE in actions_for(docket_of(turn), case, actor)
    if is_answered and score < SATISFIED_FROM and len(reason) < LEAST_REASON and not case.dispute_count:
        wait_for(turn, "reasoning", case, score=score)
        return Text(render("complaint_reason", score=score))
    return give(turn, case, actor, score, reason)


def take_reason(turn: Turn, case: Case, actor: Actor) -> Reply | Pass:
    """Why one is not satisfied."""
    if not turn.message.is_text or len(turn.text) < LEAST_REASON:
        return Text(render("complaint_reason", score=turn.conversation.notes["score"]))
    return give(turn, case, actor, int(turn.conversation.notes["score"]), turn.text)


def give(turn: Turn, case: Case, actor: Actor, score: int, reason: str) -> Text:
    """By the state of the case: close it, ask for another look, or note the score of what is closed."""
    actions = actions_for(docket_of(turn), case, actor)
    step = Step(score=score, note=reason)
    stop_waiting(turn)
    if Action.RATE in actions:
        return Text(step_on(turn, case, actor, Action.RATE, step))
    if Action.CONFIRM not in actions and Action.DISPUTE not in actions:
        return Text(render("complaint_not_ratable", number=case.number, state=shown_state(case.state)))
    if score >= SATISFIED_FROM:
        return Text(step_on(turn, case, actor, Action.CONFIRM, step))
    try:
        return Text(step_on(turn, case, actor, Action.DISPUTE, step, raises=True))
    except RefusedError as refused:
        if refused.code != Guard.FIRST_DISPUTE:
            return Text(str(refused))
        return Text(step_on(turn, case, actor, Action.CONFIRM, step))
