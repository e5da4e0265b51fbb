"""投诉, 举报, 咨询 in chat: a form of a few questions that can be left, found again and filed once."""

from bot.messages import Kind
from bot.replies import Later, Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.complaint_aside import answer_aside, is_aside
from handlers.complaint_controls import begin, matches, offer_form, show_form, steer
from handlers.complaint_evidence import answer_place, brings_file, explain_kind, read_place, take_file
from handlers.complaint_filing import DONE, submit, submit_again
from handlers.complaint_firm import FIRM_TAP, choose_firm, look_for_firm
from handlers.complaint_form import TOPIC, Form, FormStep, docket_of, load_form, save_form, tell_elsewhere
from handlers.complaint_steps import take_answer
from handlers.complaint_words import (
    GO_ON,
    HURRY,
    START,
    START_INQUIRY,
    START_REPORT,
    START_TELLING,
    SUBMIT,
    SUBMIT_AGAIN,
    THIS_FIRM,
)
from handlers.credit import tapped_id
from models.case_words import CaseKind
from services.cases.drafts import find_draft
from services.cases.hearing import hear_category, holds_resident_id
from services.enterprises.finding import COMPANY_FORMS, Finding, Verdict
from services.enterprises.search import find
from services.enterprises.stories import is_grievance

router = Router("complaint")

CARD_TAP = "complain:"  # msgmenuid of the line under a credit card; the enterprise's id follows
STORY = 14  # characters after 投诉 that tell more than a name


def is_open(turn: Turn) -> bool:
    """A form is being filled in, and this could be for it; menu buttons are not."""
    is_for_form = turn.message.kind is not Kind.EVENT and turn.message.reading is None  # sent before, read meanwhile
    return turn.conversation.topic == TOPIC and turn.conversation.step != DONE and is_for_form


def is_done(turn: Turn) -> bool:
    """The form was just submitted."""
    return turn.conversation.topic == TOPIC and turn.conversation.step == DONE


def meant_firm(turn: Turn) -> int | None:
    """The firm shown last, where the words mean it: 投诉它."""
    return turn.conversation.enterprise_id if turn.message.is_text and THIS_FIRM.search(turn.words) else None


@router.on_tap(CARD_TAP)
def start_from_card(turn: Turn) -> Reply:
    """The line under a credit answer: about that firm."""
    found, enterprise_id = load_form(turn), tapped_id(turn, CARD_TAP)
    if found is not None and enterprise_id is not None and found[0].step == FormStep.FIRM:
        return show_form(turn, found[0], choose_firm(turn, found[0], enterprise_id))  # looked up for the open form
    return begin(turn, enterprise_id=enterprise_id)


@router.on_click("complain")
@router.on_text(lambda turn: not is_open(turn) and matches(START, turn))
def start_complaint(turn: Turn) -> Reply:
    """投诉: first which of the three it is."""
    return begin(turn, enterprise_id=meant_firm(turn))


@router.on_click("report")
@router.on_text(lambda turn: not is_open(turn) and matches(START_REPORT, turn))
def start_report(turn: Turn) -> Reply:
    """举报."""
    return begin(turn, CaseKind.REPORT, meant_firm(turn))


@router.on_text(lambda turn: not is_open(turn) and matches(START_INQUIRY, turn))
def start_inquiry(turn: Turn) -> Reply:
    """咨询."""
    return begin(turn, CaseKind.INQUIRY)


@router.on_text(lambda turn: not is_open(turn) and matches(START_TELLING.pattern, turn))
def start_telling(turn: Turn) -> Reply | Pass:
    """投诉 and at once whom or what; not a firm whose name begins so."""
    found = START_TELLING.fullmatch(turn.text)
    if found is None or is_own_name(turn, found[2]):
        return PASS
    if holds_resident_id(found[2]):
        return Text(render("complaint_heard", what="resident_id", value=""))
    unfinished = load_form(turn)
    if unfinished is not None and unfinished[0].has_content:
        return offer_form(turn, unfinished[0])
    form = unfinished[0] if unfinished else Form()  # files that were sent to it go with what is told now
    form.kind = CaseKind.REPORT if found[1] == "举报" else ""
    return show_form(turn, form, take_told(turn, form, found[2]))


def is_own_name(turn: Turn, told: str) -> bool:
    """投诉帮信息咨询有限公司: a firm of that name, or what looks like one while the rest is no firm that is known."""
    if look_for(turn, turn.text).verdict is Verdict.MATCH:
        return True
    is_one_word = turn.text[:2] + told == turn.text and told.endswith(COMPANY_FORMS)
    return is_one_word and look_for(turn, told).verdict is Verdict.NONE


def look_for(turn: Turn, words: str) -> Finding:
    """As credit answers look for a firm."""
    return find(turn.session, words, turn.desk.index, turn.desk.bureau.city or turn.desk.bureau.province)


def take_told(turn: Turn, form: Form, told: str) -> str:
    """A name, or a story with the firm in it where there is no doubt which; another body's matter is sent there."""
    kind = form.kind
    if hear_category(told, turn.desk.rules).door:
        form.facts, form.step = told, FormStep.DOOR
        return ""
    if len(told) <= STORY and not is_grievance(told):
        heard = look_for_firm(turn, form, told)
        form.step = form.step if kind else FormStep.KIND
        return "" if form.firms and not kind else heard
    form.facts, finding = told, look_for(turn, told)
    if finding.verdict is Verdict.MATCH:
        choose_firm(turn, form, finding.candidates[0].enterprise_id)
    form.step = FormStep.KIND if not kind else FormStep.SUMMARY if form.respondent else FormStep.FIRM
    return render("complaint_heard", what="story_kept", value="")


@router.on_text(GO_ON)
def go_on(turn: Turn) -> Reply | Pass:
    """Back to the form from wherever one is."""
    found = load_form(turn)
    if found is None:
        return PASS if turn.words == "继续" and turn.conversation.topic != TOPIC else no_form(turn)
    if found[0].step == FormStep.DOOR and is_open(turn) and not turn.conversation.step:
        return PASS  # 继续 is the answer to what was asked
    return show_form(turn, found[0])


def no_form(turn: Turn) -> Text:
    """It was too old, or is submitted."""
    turn.conversation.leave()
    return Text(tell_elsewhere(turn) or render("complaint_gone"))


@router.on_text(lambda turn: is_done(turn) and matches(SUBMIT_AGAIN, turn))
def repeat_submit(turn: Turn) -> Reply:
    """Tapped twice: nothing is filed twice."""
    return submit_again(turn)


@router.on(is_open)
def answer_form(turn: Turn) -> Reply | Later | Pass:
    """Everything that is said while the form is open."""
    found = load_form(turn)
    if found is not None:
        return answer_words(turn, found[0]) if turn.message.is_text else answer_other(turn, found[0])
    if turn.message.is_text and matches(SUBMIT.pattern, turn):
        return no_form(turn)
    turn.conversation.leave()
    return PASS


def answer_other(turn: Turn, form: Form) -> Reply | Pass:
    """Files and places are evidence at any step; what is neither is for others."""
    if brings_file(turn):
        kept = keep_file(turn, form)
        is_unheard = turn.message.kind is Kind.VOICE
        return Text("\n".join((kept, render("complaint_nudge", step=form.step, is_unheard=is_unheard))))
    if not turn.message.location:
        told = explain_kind(turn)
        return show_form(turn, form, told) if told else PASS
    place = read_place(turn)
    form.place = "；".join(part for part in (form.place, place) if part)
    return show_form(turn, form, answer_place(place))


def keep_file(turn: Turn, form: Form) -> str:
    """With the draft, which may be a new one."""
    save_form(turn, form)
    row = find_draft(docket_of(turn), form.client_key)
    return take_file(turn, row, keeps_sender=not form.is_anonymous) if row else ""


def answer_words(turn: Turn, form: Form) -> Reply | Later:
    """Words that steer, that ask something else, or that answer."""
    if (steered := steer(turn, form)) is not None:
        return steered
    if holds_resident_id(turn.text):
        return show_form(turn, form, render("complaint_heard", what="resident_id", value=""))
    if is_aside(turn, form):
        return answer_aside(turn, form)
    if form.step == FormStep.SUMMARY and matches(SUBMIT.pattern, turn):
        return submit(turn, form)
    return show_form(turn, form, take_words(turn, form))


def take_words(turn: Turn, form: Form) -> str:
    """The answer to the present question; a story that was spoken is kept as a recording too."""
    if matches(HURRY, turn):
        form.is_editing = False
        form.go_on()
        return render("complaint_heard", what="not_yet", value="")
    if turn.message.menu_id.startswith(FIRM_TAP) and form.step != FormStep.FIRM:
        return render("complaint_heard", what="old_line", value="")
    kept = keep_file(turn, form) if brings_file(turn) and form.step == FormStep.FACTS else ""
    return f"{kept}\n{take_answer(turn, form)}".strip()
