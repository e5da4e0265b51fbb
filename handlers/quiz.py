"""答题: ten questions by A, B, C, D; each answer is explained; one may leave and come back."""

import re

from sqlalchemy import select

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from models.association import Association
from models.quiz import QuestionKind, QuizTry
from services.calendar.working_days import day_of
from services.campaigns.persons import hash_follower
from services.campaigns.running import campaign_on
from services.quiz.certificates import issue
from services.quiz.rules import LETTERS, read_answer
from services.quiz.tries import Marked, QuizError, Taker, answer, attach_to, begin, current_question, has_passed

router = Router("quiz")

TOPIC, QUESTION = "quiz", "question"
START = (
    r"(?:我?要|我想|开始|参加|参与|继续|再次|再)?(?:诚信)?(?:知识)?(?:答题|问答|竞赛)(?:吧|活动|了)?"
    r"|诚信知识问答|诚信知识竞赛|开始答题|知识竞赛|再答一次"
)
LEAVE = r"退出(?:答题)?|取消|不答了|不做了|结束(?:答题)?|停止|算了|返回"
FOR_WHOM = re.compile(r"我?代表\s*[:：]?\s*(.{2,30})")
KIND_WORDS = {QuestionKind.SINGLE: "单选", QuestionKind.MULTIPLE: "多选", QuestionKind.TRUE_FALSE: "判断"}


def is_answering(turn: Turn) -> bool:
    """A question is open."""
    return turn.conversation.topic == TOPIC and turn.conversation.step == QUESTION


def open_try(turn: Turn) -> QuizTry | None:
    """The try that the conversation is about."""
    found = turn.session.get(QuizTry, int(turn.conversation.notes.get("try", 0)))
    return found if found is not None and found.person_hash == hash_follower(turn.follower.id) else None


@router.on_click("quiz")
@router.on_text(START)
def start(turn: Turn) -> Reply:
    """A new try, or today's open one from where it stopped."""
    today, rules = day_of(turn.now), turn.desk.taking_part.quiz
    campaign = campaign_on(turn.session, today)
    taker = Taker(hash_follower(turn.follower.id), "chat", turn.follower.id)
    try:
        attempt = begin(turn.session, taker, rules, turn.now, campaign.id if campaign else None)
    except QuizError as error:
        return Text(str(error))
    turn.conversation.enter(TOPIC, QUESTION, turn.now, **{"try": attempt.id})
    return ask(turn, attempt)


@router.on_text(lambda turn: is_answering(turn) and bool(re.fullmatch(LEAVE, turn.words)))
def leave(turn: Turn) -> Reply:
    """What was answered stays."""
    attempt = open_try(turn)
    turn.conversation.leave()
    return Text(render("quiz_left", attempt=attempt))


@router.on_text(lambda turn: is_answering(turn) and len(turn.words) <= len("我觉得选abcd选项"))
def take_answer(turn: Turn) -> Reply | Pass:
    """Letters, 对 or 错; other words are for the other handlers, the question waits."""
    attempt = open_try(turn)
    question = current_question(turn.session, attempt) if attempt else None
    if attempt is None or question is None:
        return PASS
    letters = read_answer(turn.words, question.kind, len(question.options))
    if letters is None:
        return ask(turn, attempt, is_unclear=True) if read_answer(turn.words, QuestionKind.MULTIPLE, 4) else PASS
    return ask(turn, attempt, answer(turn.session, attempt, letters, turn.now))


def ask(turn: Turn, attempt: QuizTry, marked: Marked | None = None, *, is_unclear: bool = False) -> Reply:
    """What the last answer was worth, and the next question or the result."""
    question = current_question(turn.session, attempt)
    if question is None:
        return tell_result(turn, attempt, marked)
    text = render(
        "quiz_question",
        attempt=attempt,
        marked=marked,
        question=question,
        is_unclear=is_unclear,
        letters=LETTERS,
        kind=KIND_WORDS[question.kind],
        is_multiple=question.kind is QuestionKind.MULTIPLE,
        is_first=not attempt.answers,
    )
    return Text(text)


def tell_result(turn: Turn, attempt: QuizTry, marked: Marked | None) -> Reply:
    """How many were right, and the certificate."""
    turn.conversation.leave()
    rules, url = turn.desk.taking_part.quiz, ""
    if has_passed(attempt, rules):
        certificate = issue(turn.session, attempt, rules, turn.now)
        url = turn.desk.link(f"/certificate/{certificate.number}/{certificate.check_code}")
    turn.conversation.enter(TOPIC, "done", turn.now, **{"try": attempt.id})
    return Text(render("quiz_result", attempt=attempt, marked=marked, url=url, needed=rules.pass_count))


@router.on_text(lambda turn: turn.conversation.topic == TOPIC and bool(FOR_WHOM.fullmatch(turn.words)))
def name_group(turn: Turn) -> Reply | Pass:
    """For which association or community; persons are never ranked."""
    attempt, found = open_try(turn), FOR_WHOM.fullmatch(turn.words)
    if attempt is None or found is None:
        return PASS
    name = found[1].strip()
    wanted = select(Association).where(Association.name.contains(name, autoescape=True)).limit(2)
    known = list(turn.session.scalars(wanted))
    association = known[0] if len(known) == 1 else None
    attach_to(turn.session, attempt, association.id if association else None, "" if association else name)
    return Text(render("quiz_group", name=association.name if association else name))
