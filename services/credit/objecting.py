"""The steps on an objection: marked on the record, forwarded, decided, withdrawn; each is told to whoever filed it."""

from models.archive import Objection
from models.archive_words import ArchiveAction, Life, ObjectionState
from models.notice import Channel
from services.calendar.telling import date_words
from services.calendar.years import load_calendar
from services.cases.facts import SYSTEM, Actor
from services.credit import standing
from services.credit.advance import ArchiveError, advance, count_objections
from services.credit.ledger import Ledger, Row
from services.credit.objection_words import DECIDED, FORWARDED, MARKED
from services.credit.objections import ANSWER, row_of, seal
from services.credit.terms import OPEN, Duty, due
from services.notices import add_notice
from services.privacy import find_personal


def hold(ledger: Ledger, objection: Objection, *states: ObjectionState) -> Row:
    """Lock it for a step that is possible in these states; the row that it is about."""
    ledger.session.refresh(objection, with_for_update=True)
    if objection.state not in states:
        raise ArchiveError("not_now", "这件异议已经办到别的步骤了，请刷新后再看。")
    return row_of(ledger, objection)


def mark(ledger: Ledger, objection: Objection, actor: Actor) -> None:
    """Put 异议处理中 on the record, within one working day."""
    row = hold(ledger, objection, ObjectionState.FILED)
    objection.state, objection.marked_at = ObjectionState.MARKED, ledger.now
    if row.life is Life.PUBLISHED:
        advance(ledger, row, ArchiveAction.OBJECT, actor, f"异议 {objection.number}")
    tell(ledger, objection, MARKED.format(number=objection.number))


def forward(ledger: Ledger, objection: Objection, actor: Actor, unit: str) -> None:
    """To whoever supplied the record, within two working days."""
    if not unit.strip():
        raise ArchiveError("no_unit", "请填写转给哪个单位。")
    if objection.state is ObjectionState.FILED:
        mark(ledger, objection, actor)
    hold(ledger, objection, ObjectionState.MARKED)
    objection.state, objection.forwarded_at = ObjectionState.FORWARDED, ledger.now
    objection.forwarded_to = unit.strip()[:100]
    calendar = load_calendar(ledger.session, ledger.now.year - 1)
    last = due(Duty.SUPPLIER, ledger.rules.objection.supplier, ledger.now, calendar, ledger.now).due_on
    words = FORWARDED.format(number=objection.number, unit=objection.forwarded_to, due_on=date_words(last))
    tell(ledger, objection, words)


def decide_objection(ledger: Ledger, objection: Objection, actor: Actor, *, is_upheld: bool, answer: str) -> None:
    """Decide, and tell. What was found wrong is withdrawn in the same moment; a right version is drafted anew."""
    text = answer.strip()
    if len(text) < 5:
        raise ArchiveError("no_answer", "请写明核查结果和理由，申请人会收到这段话。")
    if kinds := find_personal(text):
        raise ArchiveError("personal", f"答复里有{'、'.join(kinds)}，请删去。")
    row = hold(ledger, objection, *OPEN)
    objection.state = ObjectionState.UPHELD if is_upheld else ObjectionState.DISMISSED
    objection.decided_at, objection.decided_by = ledger.now, actor.key
    objection.answer_sealed = seal(ledger, {"answer": text}, ANSWER)
    ledger.session.flush()
    if is_upheld and row.life in standing.IN_LIFE:
        advance(ledger, row, ArchiveAction.WITHDRAW, actor, f"异议 {objection.number} 成立")
    else:
        settle(ledger, objection, row)
    tell(ledger, objection, DECIDED[objection.state].format(number=objection.number, answer=text))


def withdraw_objection(ledger: Ledger, objection: Objection) -> None:
    """Whoever filed it does not want it any more."""
    row = hold(ledger, objection, *OPEN)
    objection.state, objection.decided_at, objection.decided_by = ObjectionState.WITHDRAWN, ledger.now, "citizen"
    ledger.session.flush()
    settle(ledger, objection, row)


def settle(ledger: Ledger, objection: Objection, row: Row) -> None:
    """Take the mark off where no other objection is open."""
    if row.life is Life.OBJECTED and count_objections(ledger, row) == 0:
        advance(ledger, row, ArchiveAction.SETTLE, SYSTEM, f"异议 {objection.number} 办结")


def tell(ledger: Ledger, objection: Objection, text: str) -> None:
    """By WeChat, to whoever filed it there; others read it with number and query code."""
    if objection.follower_id is None:
        return
    payload = {"msgtype": "text", "text": {"content": text}}
    key = f"objection:{objection.id}:{objection.state}"
    add_notice(ledger.session, objection.follower_id, Channel.CUSTOMER_SERVICE, payload, key=key, now=ledger.now)
