"""Submitting the form: once, whatever is repeated, and the receipt as often as it is asked for."""

import base64
import binascii

from bot.replies import Text
from bot.router import Turn
from bot.wording import render
from handlers.complaint_asking import reply
from handlers.complaint_form import TOPIC, Form, FormStep, docket_of, make_filing, save_form
from models.case_words import CaseKind
from models.database import vault_of
from models.vault import VaultError
from services.cases.crowding import require_room
from services.cases.facts import act_as_citizen
from services.cases.intake import FilingError, Receipt, file_case, find_receipt
from services.cases.numbers import parse_number
from services.cases.secrets import hash_client_key
from services.cases.standing import find_case
from services.cases.telling import hush
from services.errors import UserError
from services.evidence.fetches import forget_sender
from services.numbers import CODE_LENGTH

DONE = "done"  # the step of the conversation after submitting
KEY = "conversations.client_key"
# Where a fault can be mended, in this order.
MENDED_AT = {
    "notice": FormStep.FIRM,
    "respondent": FormStep.FIRM,
    "facts": FormStep.FACTS,
    "facts_long": FormStep.FACTS,
    "elsewhere": FormStep.CATEGORY,
    "category": FormStep.CATEGORY,
    "anonymous": FormStep.CONTACT,
    "name": FormStep.CONTACT,
    "phone": FormStep.CONTACT,
    "amount": FormStep.AMOUNT,
}


def submit(turn: Turn, form: Form) -> Text:
    """File it; what is missing is asked for, what went wrong is said, and the form stays."""
    docket = docket_of(turn)
    filing = make_filing(form)
    owner = None if form.is_anonymous else turn.follower.id
    try:
        if find_receipt(docket, form.client_key) is None:
            require_room(docket, turn.follower.id, "")
        receipt = file_case(docket, filing, act_as_citizen(None), form.client_key, follower_id=owner)
    except FilingError as error:
        form.step = next((step for fault, step in MENDED_AT.items() if fault in error.faults), FormStep.SUMMARY)
        form.is_editing = form.step is not FormStep.SUMMARY
        answer = reply(turn, form, str(error))
        save_form(turn, form)
        return answer
    except UserError as error:
        return Text(str(error))
    turn.conversation.leave()
    if form.is_anonymous:
        forget_sender(turn.session, hash_client_key(form.client_key))
        turn.conversation.enter(TOPIC, DONE, turn.now)
    else:
        sealed = vault_of(turn.session).seal(form.client_key, KEY)
        turn.conversation.enter(TOPIC, DONE, turn.now, sealed=base64.b64encode(sealed).decode())
        case = find_case(turn.session, receipt.number)
        if case is not None and receipt.is_new:
            hush(docket, case)  # the receipt says it all
    return show_receipt(turn, receipt, form.case_kind, is_anonymous=form.is_anonymous)


def submit_again(turn: Turn) -> Text:
    """提交 a second time: the same receipt; of an anonymous report nothing is remembered but that it was filed."""
    client_key = remembered_key(turn)
    receipt = find_receipt(docket_of(turn), client_key) if client_key else None
    if receipt is None:
        return Text(render("complaint_submitted_before"))
    parsed = parse_number(receipt.number)
    return show_receipt(turn, receipt, parsed.kind if parsed else CaseKind.COMPLAINT, is_anonymous=False)


def remembered_key(turn: Turn) -> str:
    """The client's key of what was filed last in this chat; empty after a day, or after the secret key was changed."""
    try:
        sealed = base64.b64decode(turn.conversation.notes.get("sealed", ""), validate=True)
        return vault_of(turn.session).open(sealed, KEY) if sealed else ""
    except (VaultError, binascii.Error):
        return ""


def show_receipt(turn: Turn, receipt: Receipt, kind: CaseKind, *, is_anonymous: bool) -> Text:
    """Number, query code, and until when the citizen hears."""
    half = CODE_LENGTH // 2
    code = f"{receipt.query_code[:half]}-{receipt.query_code[half:]}" if receipt.query_code else ""
    text = render(
        "complaint_receipt",
        receipt=receipt,
        code=code,
        kind=kind,
        is_anonymous=is_anonymous,
        bureau=turn.desk.bureau,
    )
    return Text(text)
