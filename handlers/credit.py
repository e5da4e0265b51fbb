"""A name or code in, the credit card out; or a choice of firms, and never a guess."""

import re
from dataclasses import replace

from bot.conversation import Choice
from bot.messages import Kind
from bot.replies import MAX_BYTES, Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from config.metrics import ANSWERS
from handlers.choosing import chosen_number, is_none_of_them, is_unsure, narrow, said_region
from models.answer import AnswerDoor
from models.record import Dataset
from services.calendar.working_days import day_of
from services.credit.answers import issue_answer
from services.credit.questions import CHAT, count_question
from services.credit.report import Report, compose_report
from services.credit.words import BRANCH_WORDS, NAME_WORDS
from services.enterprises.asking import region_asked
from services.enterprises.choices import keep_query, log_choice
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from services.enterprises.names import normalise
from services.enterprises.parts import split_name
from services.enterprises.search import find
from services.enterprises.stories import is_grievance

router = Router("credit")

PICK = "pick:"  # msgmenuid of an offered line; the enterprise's id follows
MENU_ID = re.compile(r"[0-9]{1,9}")
LONGEST_CARD = 600  # characters on the screen
TAG = re.compile(r"</?a\b[^>]*>")
SHORT_QUESTION = re.compile(r".{1,10}(?:吗|么|嘛|呢|谁|多少|没有|怎么办|为什么)")
LIKE_A_NAME = 0.6  # score from which a candidate could be what a short question names
LONGEST_ECHO = 40  # characters of the citizen's own words that an answer repeats
MOST_OTHERS = 2  # further bearers of a name that are told beside the card


def has_open_choices(turn: Turn) -> bool:
    """A list is waiting; once a firm was shown, only numbers still mean the list."""
    return bool(turn.conversation.choices) and turn.conversation.enterprise_id is None


def offer(turn: Turn, choices: list[Choice], finding: Finding | None = None) -> None:
    """Remember a list; the firm shown before is no longer meant, or an answer would be about the wrong one."""
    turn.conversation.enterprise_id, turn.conversation.enterprise_at = None, None
    asked = keep_query(finding.query) if finding and turn.message.is_text and keep_query(turn.text) else ""
    turn.conversation.offer(choices, turn.now, asked, was_found=bool(finding and finding.verdict is Verdict.CHOOSE))


def log_answer(turn: Turn, enterprise_id: int | None) -> None:
    """Keep what the open list was answered with, once, without the citizen: the finder learns from it."""
    conversation = turn.conversation
    offered = [choice.enterprise_id for choice in conversation.choices]
    if conversation.asked and (enterprise_id is None or enterprise_id in offered):
        today = day_of(turn.now)
        log_choice(turn.session, conversation.asked, enterprise_id, offered, today, was_found=conversation.was_found)
        conversation.asked = ""


def take(turn: Turn, choice: Choice) -> Reply | Pass:
    """What was picked: the card of a firm, or the search for a name."""
    return show_picked(turn, choice.enterprise_id) if choice.enterprise_id else answer_search(turn, choice.label)


def show_picked(turn: Turn, enterprise_id: int) -> Reply:
    """The card of a firm that was picked from a list."""
    log_answer(turn, enterprise_id)
    return show_card(turn, enterprise_id)


@router.on_tap(PICK)
def answer_tap(turn: Turn) -> Reply | Pass:
    """A tapped line carries the firm's id, so that an old list still works."""
    enterprise_id = tapped_id(turn, PICK)
    return PASS if enterprise_id is None else show_picked(turn, enterprise_id)


@router.on_text(lambda turn: chosen_number(turn.words, len(turn.conversation.choices)) is not None)
def answer_number(turn: Turn) -> Reply | Pass:
    """A number, counted on the list that was shown last."""
    choices = turn.conversation.choices
    number = chosen_number(turn.words, len(choices)) or 0
    picked = turn.conversation.pick(number)
    if picked:
        return take(turn, picked)
    if not choices:
        return Text(render("credit_no_choices"))
    return offer_again(turn, choices, f"没有第 {number} 项，请从下面选：")


@router.on_text(lambda turn: has_open_choices(turn) and is_none_of_them(turn.words))
def answer_none_of_them(turn: Turn) -> Reply:
    """None of the offered ones."""
    log_answer(turn, None)
    offer(turn, [])
    return Text(render("credit_none_of_them"))


@router.on_text(lambda turn: has_open_choices(turn) and is_unsure(turn.words))
def answer_unsure(turn: Turn) -> Reply:
    """How to tell which one it is."""
    intro = "不确定的话，请看小票或营业执照上的全称和代码后四位，再选："
    return offer_again(turn, turn.conversation.choices, intro)


@router.on_text(has_open_choices)
def answer_narrowed(turn: Turn) -> Reply | Pass:
    """More of the name or the place: picks from the list, or shortens it; else it is a new question."""
    choices = turn.conversation.choices
    left = narrow(choices, turn.words)
    if len(left) == 1:
        return take(turn, left[0])
    if not left and (region := said_region(turn.words)) and turn.conversation.asked:  # the list has none of there
        return answer_search(turn, region + region_asked(turn.conversation.asked)[1])
    if not left or len(left) == len(choices):
        return PASS
    return offer_again(turn, left, "还有这几家，请选一家：")


@router.on_text()
def answer_enterprise_name(turn: Turn) -> Reply | Pass:
    """Any other words are taken for a name."""
    return answer_search(turn, turn.text)


def tapped_id(turn: Turn, prefix: str) -> int | None:
    """The enterprise's id behind the tapped line; None where the line holds none."""
    found = MENU_ID.fullmatch(turn.message.menu_id.removeprefix(prefix))
    return int(found[0]) if found else None


def answer_search(turn: Turn, text: str) -> Reply | Pass:
    """The card, a choice, or an honest no; words without a name are left to others."""
    bureau = turn.desk.bureau
    finding = find(turn.session, text, turn.desk.index, bureau.city or bureau.province)
    ANSWERS.labels(finding.verdict.value).inc()
    if is_question_about_last(turn, finding):
        return answer_unanswerable(turn)
    if finding.reason is not Reason.NO_NAME:
        count_question(turn.session, CHAT, finding.verdict, turn.now)
    if finding.verdict is Verdict.MATCH:
        return show_card(turn, finding.candidates[0].enterprise_id, introduction(turn, finding))
    if finding.reason is Reason.SEVERAL:
        return offer_names(turn, finding)
    if finding.verdict is Verdict.CHOOSE:
        return offer_choices(turn, finding)
    if finding.reason is Reason.NO_NAME:
        return Text(render("credit_which_firm")) if is_grievance(text) else PASS
    return answer_nothing(turn, finding)


def is_question_about_last(turn: Turn, finding: Finding) -> bool:
    """A short question that is like no name, after a firm was shown: 它会涨价吗."""
    best = finding.candidates[0].score if finding.candidates else 0.0
    has_firm = turn.conversation.enterprise_id is not None
    return has_firm and best < LIKE_A_NAME and bool(SHORT_QUESTION.fullmatch(turn.words))


def answer_unanswerable(turn: Turn) -> Reply:
    """What can be asked about the firm shown last."""
    report = report_today(turn, turn.conversation.enterprise_id or 0)
    return Text(render("credit_ask_about", report=report) if report else render("credit_gone"))


def report_today(turn: Turn, enterprise_id: int) -> Report | None:
    """What may be shown of a firm now."""
    return compose_report(turn.session, enterprise_id, day_of(turn.now))


def show_card(turn: Turn, enterprise_id: int, intro: str = "") -> Reply:
    """The credit card of one firm, which later questions are about."""
    report = report_today(turn, enterprise_id)
    if report is None:
        return Text(render("credit_gone"))
    conversation = turn.conversation
    choices, offered_at = conversation.choices, conversation.choices_at
    conversation.show(enterprise_id, turn.now)
    if choices and offered_at:  # another number may follow
        conversation.offer(choices, offered_at)
    return card_of(turn, report, intro, "黑名单" in turn.words)


def card_of(turn: Turn, report: Report, intro: str = "", asked_by_old_word: bool = False) -> Text:
    """The card as a reply, under a number of its own."""
    url = turn.desk.link(f"/h5/enterprises/{report.enterprise_id}")
    return Text(write_card(report, url, prove(turn, report), intro, asked_by_old_word), more_url=url)


def prove(turn: Turn, report: Report) -> dict[str, object]:
    """Number, check code and check page of the answer that is being given."""
    answer = issue_answer(turn.session, report, AnswerDoor.CHAT, turn.now, turn.desk.rules.region_code)
    return {"answer": answer, "check_url": turn.desk.link(answer.path)}


def write_card(
    report: Report, url: str, proof: dict[str, object], intro: str = "", asked_by_old_word: bool = False
) -> str:
    """The card's text; one that would be too long tells counts without titles."""
    for is_brief in (False, True):
        text = render(
            "credit_card",
            report=report,
            url=url,
            intro=intro,
            asked_by_old_word=asked_by_old_word,
            is_brief=is_brief,
            **proof,
        )
        if len(TAG.sub("", text)) <= LONGEST_CARD and len(text.encode()) <= MAX_BYTES:
            break
    return text


def introduction(turn: Turn, finding: Finding) -> str:
    """What must be said before the card: under which name the firm was found."""
    found = finding.candidates[0]
    if finding.reason is Reason.OTHER_NAME and found.matched_kind:
        return f"“{found.matched_name}”是它的{NAME_WORDS[found.matched_kind]}。"
    if turn.message.kind is Kind.VOICE:
        return f"听到的是“{finding.query}”。"
    if others := finding.candidates[1 : 1 + MOST_OTHERS]:
        return render(
            "credit_other_bearers", name=found.name, others=[Choice(one.enterprise_id, label_of(one)) for one in others]
        )
    return ""


def offer_choices(turn: Turn, finding: Finding) -> Reply:
    """At most five firms to pick from; nothing about their records."""
    choices = choices_of(finding)
    offer(turn, choices, finding)
    values = {
        "finding": brief(finding),
        "choices": choices,
        "is_spoken": turn.message.kind is Kind.VOICE,
        "is_part": normalise(finding.query) in normalise(finding.candidates[0].name),
        "is_grievance": is_grievance(turn.text),
    }
    return Text(render("credit_choose", **values))


def offer_names(turn: Turn, finding: Finding) -> Reply:
    """Several firms in one message: each name can be tapped, or its number said, one after the other."""
    choices = [Choice(0, name) for name in finding.parts]
    offer(turn, choices)
    return Text(render("credit_several", choices=choices, is_grievance=is_grievance(turn.text)))


def choices_of(finding: Finding) -> list[Choice]:
    """The candidates worth offering, as lines; a parent beside one of its branches is called so."""
    names = [normalise(found.name) for found in finding.offered]
    parents = [any(other != name and other.startswith(name) for other in names) for name in names]
    return [
        Choice(found.enterprise_id, label_of(found, is_parent=is_parent))
        for found, is_parent in zip(finding.offered, parents, strict=True)
    ]


def offer_again(turn: Turn, choices: list[Choice], intro: str) -> Reply:
    """The same list, or what is left of it."""
    turn.conversation.enterprise_id, turn.conversation.enterprise_at = None, None
    turn.conversation.offer_again(choices, turn.now)
    return Text(render("credit_choose_again", choices=choices, intro=intro))


def answer_nothing(turn: Turn, finding: Finding) -> Reply:
    """Not found, and what can be done; suggestions are offered like choices."""
    choices = choices_of(finding)
    offer(turn, choices, finding)
    values = {
        "finding": brief(finding),
        "choices": choices,
        "bureau": turn.desk.bureau,
        "desk": turn.desk,
        "register": turn.session.get(Dataset, "register"),
        "is_spoken": turn.message.kind is Kind.VOICE,
    }
    return Text(render(f"credit_{finding.reason}", **values))


def brief(finding: Finding) -> Finding:
    """With a query short enough to be repeated."""
    query = finding.query.strip()
    if len(query) <= LONGEST_ECHO:
        return finding
    return replace(finding, query=f"{query[:LONGEST_ECHO]}…")


def label_of(found: Candidate, *, is_parent: bool = False) -> str:
    """Name, region, branch or parent, and the last four of the code: what tells firms apart."""
    kind = NAME_WORDS[found.matched_kind] if found.matched_kind else "又名"
    other = f"{kind}“{found.matched_name}”" if found.matched_name else ""
    place = BRANCH_WORDS.get(split_name(normalise(found.name)).tail[-1:], "分支机构") if found.is_branch else ""
    tail = f"尾号 {found.code_tail}" if found.code_tail else ""
    told = " · ".join(mark for mark in (found.region, place or ("总公司" if is_parent else ""), tail, other) if mark)
    return f"{found.name}（{told}）" if told else found.name
