"""Checking an answer by number and code in the chat, and stickers of stores that are scanned there."""

from bot.messages import Event
from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from config.answers import load_answer_rules
from services import followers
from services.calendar.working_days import day_of
from services.credit.answer_numbers import find_answer_number, find_code, token_of
from services.credit.answers import check_answer
from services.credit.check_words import CHECK_WORDS
from services.credit.stickers import find_store, find_store_code

router = Router("checking")

RULES = load_answer_rules().answers
PATH = "/check/"
EXPLAIN = r"(?:怎么|如何)?核验(?:查询)?(?:结果|编号)?|(?:查询)?编号(?:核验|怎么核验)|校验码"


@router.on_event(Event.SCANCODE_WAITMSG)
def answer_scanned(turn: Turn) -> Reply | Pass:
    """A code of ours: a sticker of a store, or an answer's."""
    return answer_code(turn, turn.message.content)


@router.on_text(lambda turn: bool(find_store_code(turn.text)))
def answer_store_address(turn: Turn) -> Reply | Pass:
    """The address behind a sticker, pasted."""
    return answer_code(turn, turn.text)


@router.on_text(lambda turn: find_answer_number(turn.text) is not None)
def answer_number(turn: Turn) -> Reply | Pass:
    """Number and code in one message; without the code it is asked for."""
    return answer_code(turn, turn.text)


@router.on_text(EXPLAIN)
def explain(turn: Turn) -> Reply:
    """How to check."""
    return Text(render("check_explain", url=turn.desk.link("/check")))


def answer_code(turn: Turn, text: str) -> Reply | Pass:
    """What stands behind it; other codes are left to those who read licences."""
    if code := find_store_code(text):
        store = find_store(turn.session, code, day_of(turn.now))
        if store is not None:
            turn.conversation.show(store.enterprise_id, turn.now)
        return Text(render("store_state", store=store, bureau=turn.desk.bureau))
    number = find_answer_number(text)
    if number is None:
        return PASS
    code = find_code(text.upper().replace(number, " "))
    if not code:
        return Text(render("check_code_missing", number=number))
    asker = followers.openid_of(turn.session, turn.follower)
    check = check_answer(turn.session, token_of(number, code), asker, turn.now, RULES)
    if check.enterprise_id is not None and check.name:
        turn.conversation.show(check.enterprise_id, turn.now)
    return Text(render("check_result", check=check, words=CHECK_WORDS[check.state], bureau=turn.desk.bureau))
