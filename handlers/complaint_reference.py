"""Which filed case a citizen means: theirs by this account, or anybody's by number and query code."""

import base64
import binascii
import json
import re
import unicodedata
from dataclasses import dataclass

from bot.router import Turn
from bot.wording import render
from handlers.complaint_form import docket_of
from models.case import Case
from models.database import vault_of
from models.vault import VaultError
from services.cases.access import MISTYPED, Admission, admit_by_code, admit_follower, cases_of
from services.cases.facts import act_as_citizen
from services.cases.numbers import find_number, parse_number, tidy_code
from services.cases.wording import shown_state

TOPIC = "case"  # of bot/conversation.py, while something is asked about a filed case
PASS = "conversations.case_pass"  # noqa: S105 - the name of a sealed field
LISTED = 5
NUMBER = re.compile(r"(?:TS|JB|ZX)[\s-]*(?:[\dOIL][\s-]*){20}(?![\dOIL])", re.IGNORECASE)
LIKE_NUMBER = re.compile(r"(?:TS|JB|ZX)[\s-]*\d[\dOIL\s-]{5,}", re.IGNORECASE)
CODE = re.compile(r"[\s，,:：]*(?:查询码)?[\s:：]*([A-Z2-9]{4}[\s-]?[A-Z2-9]{4})(?![A-Z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """What was said of a case; `rest` is what else was said."""

    number: str = ""
    code: str = ""
    rest: str = ""
    is_mistyped: bool = False


def read_reference(said: str) -> Reference:
    """From “TS2026… 7KQ4-WX9M 又找到一张收据”, spelled as phones spell it."""
    text = unicodedata.normalize("NFKC", said)
    found = NUMBER.search(text)
    if found is None:
        return Reference(rest=text.strip(), is_mistyped=LIKE_NUMBER.search(text) is not None)
    number, after = find_number(found[0]) or "", text[found.end() :]
    code = CODE.match(after)
    rest = text[: found.start()] + (after[code.end() :] if code else after)
    return Reference(
        number, (tidy_code(code[1]) or "") if code else "", rest.strip(" ，,:："), parse_number(number) is None
    )


def admit(turn: Turn, reference: Reference) -> Admission:
    """To the case with this number. Whether another's number exists is not told: the code is asked for first."""
    if reference.is_mistyped:
        return Admission(refusal=MISTYPED)
    if reference.code:
        admission = admit_by_code(docket_of(turn), reference.number, reference.code, turn.message.openid)
        if admission.case is not None and admission.case.follower_id != turn.follower.id:
            remember(turn, reference)
        return admission
    mine = admit_follower(turn.session, reference.number, turn.follower.id)
    if mine.case is not None:
        return mine
    known = remembered(turn)
    if known.number == reference.number:
        return admit_by_code(docket_of(turn), known.number, known.code, turn.message.openid)
    return Admission(refusal=render("complaint_code_needed"))


def admit_last(turn: Turn) -> Admission:
    """To the case that was let in by code last in this chat; nothing after a day."""
    known = remembered(turn)
    return (
        admit_by_code(docket_of(turn), known.number, known.code, turn.message.openid) if known.number else Admission()
    )


def remember(turn: Turn, reference: Reference) -> None:
    """Number and code, sealed, so that the next question need not repeat them."""
    told = json.dumps([reference.number, reference.code])
    sealed = vault_of(turn.session).seal(told, PASS)
    turn.conversation.enter(TOPIC, "", turn.now, sealed=base64.b64encode(sealed).decode())


def remembered(turn: Turn) -> Reference:
    """What `remember` kept; nothing of what is too old or under a key that is gone."""
    sealed = turn.conversation.notes.get("sealed", "") if turn.conversation.topic == TOPIC else ""
    try:
        number, code = json.loads(vault_of(turn.session).open(base64.b64decode(sealed), PASS)) if sealed else ("", "")
    except (VaultError, binascii.Error):
        return Reference()
    return Reference(number, code)


def wait_for(turn: Turn, step: str, case: Case, **notes: object) -> None:
    """The next message is about this case. What was reached by code is named nowhere but in the sealed pass."""
    number = case.number if case.follower_id == turn.follower.id else ""
    turn.conversation.enter(TOPIC, step, turn.now, number=number, **notes)


def awaited(turn: Turn) -> Reference:
    """The case that `wait_for` waits for."""
    number = turn.conversation.notes.get("number", "")
    return Reference(number) if number else remembered(turn)


def stop_waiting(turn: Turn) -> None:
    """Nothing is waited for; the way in by code stays."""
    sealed = turn.conversation.notes.get("sealed") if turn.conversation.topic == TOPIC else None
    turn.conversation.leave()
    if sealed:
        turn.conversation.enter(TOPIC, "", turn.now, sealed=sealed)


def ask_which(turn: Turn, verb: str, cases: list[Case]) -> str:
    """Several of the citizen's own: numbers and lines to pick from."""
    shown = cases[:LISTED]
    turn.conversation.enter(TOPIC, "which", turn.now, verb=verb, numbers=[case.number for case in shown])
    lines = [(case.number, case.respondent_name, shown_state(case.state)) for case in shown]
    return render("complaint_which", lines=lines, verb=verb, more_count=len(cases) - len(shown))


def own_cases(turn: Turn) -> list[Case]:
    """Of this account, newest first."""
    return cases_of(turn.session, turn.follower.id)


def admit_own(case: Case) -> Admission:
    """To a case of this account."""
    return Admission(case, act_as_citizen(case.id))
