"""异议 in the chat: which record, what is wrong, who says so, 提交; later how it stands, and withdrawing it."""

import re
from dataclasses import replace

from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.credit import report_today
from handlers.objection_form import TOPIC, ObjectionForm, ObjectionStep, hear_relation, keep, recall
from models.archive_words import Subject
from services.cases.hearing import hear_contact, holds_resident_id
from services.credit import objecting
from services.credit.ledger import Ledger, title_of
from services.credit.objections import (
    LEAST_SAID,
    NOTICE_VERSION,
    RELATIONS,
    ObjectionFaultError,
    ObjectionReceipt,
    file_objection,
    find_filed,
    find_objection,
    objections_of,
    row_of,
)
from services.credit.report import Item, Report
from services.credit.terms import OPEN
from services.credit.words import OBJECTION_WORDS
from services.errors import UserError

router = Router("objection")

START = (
    r"(?:我要|我想|怎么|如何|要|想)*(?:对它)?(?:提|提出|申请|办理)?(?:一个|个)?异议(?:申请|处理)?(?:吗|呢)?"
    r"|(?:信息|记录|数据)(?:有误|有错|错了|不对)|对它有异议"
)
MINE = r"(?:我的|查|看)*异议(?:进度|结果|进展|怎么样了?|办得怎么样了?)|我的异议"
WITHDRAW = re.compile(r"撤回异议\s*(YY\d{13})", re.IGNORECASE)
RELATION = re.compile("|".join([*RELATIONS, "法定代表人", "法人", "受委托人?", "委托人?", "老板"]))
LEAVE = r"取消|退出|返回|算了|不提了|不要了"
SUBMIT = r"提交|确认提交|确认|是的?|对|好的?"
ROW_TAP = "objection:"
PLAIN_TAP = "0"  # a tapped line that is no more than its words
TAPPED = re.compile(r"objection:(record|listing):([0-9]{1,9})")
ADVERSE_FIRST = ("black", "penalty", "abnormal", "court", "exposure")
MOST_OFFERED = 6


def ledger_of(turn: Turn) -> Ledger:
    """For the transaction of this message."""
    return Ledger(turn.session, turn.desk.archive, turn.now)


def is_filling(turn: Turn) -> bool:
    """A form is open and this is words for it."""
    waits = {ObjectionStep.WHICH, ObjectionStep.SAID, ObjectionStep.WHO, ObjectionStep.CHECK}
    return turn.message.is_text and turn.conversation.step in waits and recall(turn) is not None


def is_done(turn: Turn) -> bool:
    """Just submitted."""
    return turn.conversation.topic == TOPIC and turn.conversation.step == ObjectionStep.DONE


@router.on_text(MINE)
def tell_mine(turn: Turn) -> Reply:
    """How one's objections stand."""
    ledger = ledger_of(turn)
    rows = [
        {
            "number": one.number,
            "state": OBJECTION_WORDS[one.state],
            "title": title_of(row_of(ledger, one)) if one.state in OPEN else "",
            "is_open": one.state in OPEN,
        }
        for one in objections_of(ledger, turn.follower.id)
    ]
    return Text(render("objection_mine", rows=rows))


@router.on_text(lambda turn: WITHDRAW.fullmatch(turn.words) is not None)
def withdraw(turn: Turn) -> Reply:
    """One's own, while it is open."""
    ledger, found = ledger_of(turn), WITHDRAW.fullmatch(turn.words)
    objection = find_objection(ledger, found[1]) if found else None
    if objection is None or objection.follower_id != turn.follower.id or objection.state not in OPEN:
        return Text(render("objection_mine", rows=[]))
    objecting.withdraw_objection(ledger, objection)
    return Text(f"异议 {objection.number} 已撤回，记录上的标注随即取消。")


@router.on_tap(ROW_TAP)
def choose_row(turn: Turn) -> Reply | Pass:
    """One of the offered records."""
    tapped = TAPPED.fullmatch(turn.message.menu_id)
    if tapped is None:
        return PASS
    return take_row(turn, Subject(tapped[1]), int(tapped[2]))


@router.on_text(START)
def start(turn: Turn) -> Reply:
    """What of the firm shown last is wrong?"""
    report = report_today(turn, turn.conversation.enterprise_id or 0)
    items = offered(report) if report else []
    if report is None or not items:
        return Text(render("objection_none", report=report, url=turn.desk.link("/h5/contact#objection")))
    keep(turn, ObjectionForm(enterprise_id=report.enterprise_id), ObjectionStep.WHICH)
    return Text(render("objection_which", report=report, items=items, most=MOST_OFFERED))


@router.on_text(lambda turn: is_filling(turn) and re.fullmatch(LEAVE, turn.words) is not None)
def leave(turn: Turn) -> Reply:
    """Nothing was filed."""
    turn.conversation.leave()
    return Text("好的，没有提交异议。")


@router.on(is_filling)
def answer_form(turn: Turn) -> Reply | Pass:
    """Words for the open form; commands that are none are left to others."""
    form = recall(turn)
    if form is None or turn.message.menu_id not in {"", PLAIN_TAP}:
        return PASS
    if holds_resident_id(turn.text):
        return Text("请不要发身份证号。" + ask(form))
    steps = {
        ObjectionStep.WHICH: take_number,
        ObjectionStep.SAID: take_said,
        ObjectionStep.WHO: take_who,
        ObjectionStep.CHECK: take_check,
    }
    return steps[ObjectionStep(turn.conversation.step)](turn, form)


@router.on_text(lambda turn: is_done(turn) and re.fullmatch(SUBMIT, turn.words) is not None)
def repeat(turn: Turn) -> Reply | Pass:
    """提交 again: the same receipt."""
    form = recall(turn)
    receipt = find_filed(ledger_of(turn), form.client_key) if form else None
    return show_receipt(turn, receipt) if receipt else PASS


def offered(report: Report) -> list[tuple[str, Item]]:
    """What can be objected to, adverse first, with the word of its block."""
    keyed = [(block.key, block.word, item) for block in report.blocks for item in block.items]
    keyed.sort(key=lambda one: ADVERSE_FIRST.index(one[0]) if one[0] in ADVERSE_FIRST else len(ADVERSE_FIRST))
    return [(word, item) for _, word, item in keyed]


def take_number(turn: Turn, form: ObjectionForm) -> Reply | Pass:
    """By its number in the list."""
    report = report_today(turn, form.enterprise_id)
    items = offered(report)[:MOST_OFFERED] if report else []
    if not turn.words.isdecimal() or not 1 <= int(turn.words) <= len(items):
        return PASS
    item = items[int(turn.words) - 1][1]
    return take_row(turn, item.subject, item.subject_id)


def take_row(turn: Turn, subject: Subject, subject_id: int) -> Reply:
    """The record is chosen: what is wrong with it? One that is gone has nothing to object to."""
    open_form = recall(turn)
    report = report_today(turn, open_form.enterprise_id if open_form else turn.conversation.enterprise_id or 0)
    items = [item for _, item in offered(report)] if report else []
    found = [item for item in items if (item.subject, item.subject_id) == (subject, subject_id)]
    if report is None or not found:
        turn.conversation.leave()
        return Text(render("objection_none", report=report, url=turn.desk.link("/h5/contact#objection")))
    form = replace(open_form or ObjectionForm(), enterprise_id=report.enterprise_id)
    form.subject, form.subject_id, form.title = subject, subject_id, found[0].title
    keep(turn, form, ObjectionStep.SAID)
    return Text(ask(form))


def take_said(turn: Turn, form: ObjectionForm) -> Reply | Pass:
    """What is wrong; a word or two is a command for others."""
    if len(turn.text) < LEAST_SAID:
        return PASS
    form.said = turn.text
    keep(turn, form, ObjectionStep.WHO)
    years = turn.desk.archive.objection.years
    return Text(render("objection_who", bureau=turn.desk.bureau, years=years, version=NOTICE_VERSION))


def take_who(turn: Turn, form: ObjectionForm) -> Reply | Pass:
    """Name, telephone, relation, in one message or several."""
    relation = hear_relation(turn.text)
    heard = hear_contact(RELATION.sub(" ", turn.text))
    if not (relation or heard.name or heard.phone):
        return PASS
    form.name, form.phone = heard.name or form.name, heard.phone or form.phone
    form.relation = relation or form.relation
    told = {"姓名": form.name, "电话": form.phone, "关系": form.relation}
    missing = [word for word, value in told.items() if not value]
    keep(turn, form, ObjectionStep.WHO if missing else ObjectionStep.CHECK)
    return Text(render("objection_check", form=form, missing=missing, relations=RELATIONS))


def take_check(turn: Turn, form: ObjectionForm) -> Reply | Pass:
    """提交, or a better name or telephone."""
    if re.fullmatch(SUBMIT, turn.words):
        return submit(turn, form)
    return take_who(turn, form)


def submit(turn: Turn, form: ObjectionForm) -> Reply:
    """File it once; what is missing is said, and the form stays."""
    ledger = ledger_of(turn)
    try:
        receipt = file_objection(ledger, form.filing(), form.client_key, follower_id=turn.follower.id)
    except ObjectionFaultError as error:
        keep(turn, form, ObjectionStep.WHO)
        return Text(f"{error}。")
    except UserError as error:
        turn.conversation.leave()
        return Text(str(error))
    keep(turn, ObjectionForm(form.client_key), ObjectionStep.DONE)  # who it was stays with the objection alone
    return show_receipt(turn, receipt)


def show_receipt(turn: Turn, receipt: ObjectionReceipt) -> Text:
    """Number, query code, and what comes next."""
    terms, url = turn.desk.archive.objection, turn.desk.link("/h5/objections")
    return Text(render("objection_receipt", receipt=receipt, terms=terms, url=url))


def ask(form: ObjectionForm) -> str:
    """The question that is open."""
    return render("objection_said", form=form)
