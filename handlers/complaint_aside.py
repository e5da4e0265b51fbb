"""A question in the middle of a form: answered as always, and then the way back."""

from bot.replies import MAX_BYTES, Later, Reply, Text
from bot.router import Turn, dispatch
from bot.wording import render
from handlers import bureau, credit, fallback, followups, scan
from handlers.choosing import chosen_number, is_none_of_them, narrow
from handlers.complaint_firm import tells_story
from handlers.complaint_form import Form, FormStep
from handlers.complaint_words import BUREAU_QUESTION, CREDIT_QUESTION
from handlers.followups import PARENT_TAP, find_topic
from services.enterprises.codes import find_codes
from services.enterprises.finding import Reason, Verdict
from services.enterprises.search import find

ASIDE = "aside"  # the step of the conversation while a list or a card was shown last: numbers mean that list
ROUTERS = [followups.router, scan.router, bureau.router, credit.router, fallback.router]
LONGEST_QUESTION, LEAST_NAME = 40, 6  # characters
SURE = (Reason.EXACT_NAME, Reason.EXACT_CODE)
CREDIT_TAPS = (credit.PICK, PARENT_TAP)


def is_aside(turn: Turn, form: Form) -> bool:
    """Not an answer to the form: a question about a firm or the bureau, or about the list that was shown last."""
    if turn.message.menu_id.startswith(CREDIT_TAPS):
        return True
    if not turn.message.is_text or len(turn.text) > LONGEST_QUESTION:
        return False
    if turn.conversation.step == ASIDE and continues_aside(turn):
        return True
    if BUREAU_QUESTION.fullmatch(turn.words) or CREDIT_QUESTION.fullmatch(turn.words):
        return True
    return form.step != FormStep.FIRM and names_firm(turn)


def continues_aside(turn: Turn) -> bool:
    """A number, a place or a question that follows from the list or the card."""
    choices = turn.conversation.choices
    if choices and (chosen_number(turn.words, len(choices)) is not None or is_none_of_them(turn.words)):
        return True
    return bool(choices and narrow(choices, turn.words)) or find_topic(turn.words) is not None


def names_firm(turn: Turn) -> bool:
    """Nothing but a registered name or a code, where the form did not ask for one."""
    if find_codes(turn.text):
        return True
    if len(turn.text) < LEAST_NAME or tells_story(turn.text):
        return False
    finding = find(turn.session, turn.text, turn.desk.index, turn.desk.bureau.city or turn.desk.bureau.province)
    return finding.verdict is Verdict.MATCH and finding.reason in SURE and len(turn.text) <= len(finding.query) + 2


def answer_aside(turn: Turn, form: Form) -> Reply | Later:
    """What anybody would be answered; the form waits."""
    answer = answer_then(turn, render("complaint_back", respondent=form.respondent))
    turn.conversation.step = ASIDE
    return answer


def answer_then(turn: Turn, back: str) -> Reply | Later:
    """The answer of the routers that answer everybody, with the way back to what was going on."""
    answer = dispatch(ROUTERS, turn)
    if not isinstance(answer, Text):
        return answer
    parts = [answer.text, back]
    if len("\n\n".join(parts).encode()) > MAX_BYTES:
        parts.reverse()  # what is too long is cut at its end, and the way back must stay
    return Text("\n\n".join(parts), answer.more_url)
