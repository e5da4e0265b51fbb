"""What a citizen has filled in so far: kept sealed in a draft, found again by who they are."""

import secrets
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.router import Turn
from bot.wording import render
from models.case_words import CaseKind, Channel
from services.cases.docket import Docket, open_docket
from services.cases.drafts import discard_draft, drafts_of, find_draft, save_draft
from services.cases.filing import Filing
from services.cases.personal import Person
from services.evidence.keeping import count_expected, erase_evidence

LONGEST_NAMED = 40
TOPIC = "complaint"  # of bot/conversation.py, while the form is being filled in
NOTICE_VERSION = "2026-11"  # of bot/templates/complaint_notice.txt; a changed text gets a new one and is shown anew


class FormStep(StrEnum):
    """What the form waits for."""

    KIND = "kind"
    FIRM = "firm"
    FACTS = "facts"
    DOOR = "door"  # the matter is another body's; go on all the same?
    CONTACT = "contact"
    SUMMARY = "summary"
    EDIT = "edit"  # which part is to be changed?
    CATEGORY = "category"
    AMOUNT = "amount"


@dataclass
class Form:
    """JSON values only. `client_key` makes that it is filed once."""

    client_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    channel: str = Channel.CHAT  # drafts of pages have their own form
    step: str = FormStep.KIND
    kind: str = ""
    firms: list[tuple[int, str]] = field(default_factory=list)  # offered to choose from: id and line
    enterprise_id: int | None = None
    respondent: str = ""
    respondent_typed: str = ""  # as the citizen wrote it, while firms are offered
    credit_code: str = ""
    facts: str = ""
    is_retelling: bool = False  # came back to tell the story anew: what is told next takes the place of what was
    held: str = ""  # words that were answered with 110: perhaps they tell what is long past
    place: str = ""
    category: str = ""
    is_ours: bool = False  # the citizen says that the matter is not another body's
    amount_fen: int | None = None
    requests: list[str] = field(default_factory=list)
    name: str = ""
    phone: str = ""
    is_anonymous: bool = False
    skips_contact: bool = False  # an inquiry that is answered in the chat
    notice_version: str = ""
    notice_at: str = ""
    is_editing: bool = False  # after the present step back to the summary

    @property
    def case_kind(self) -> CaseKind:
        """The kind chosen; a complaint until then."""
        return CaseKind(self.kind) if self.kind else CaseKind.COMPLAINT

    @property
    def steps(self) -> list[FormStep]:
        """The way through the form."""
        steps = [FormStep.KIND, FormStep.FIRM, FormStep.FACTS, FormStep.CONTACT, FormStep.SUMMARY]
        return [step for step in steps if step is not FormStep.FIRM or self.case_kind is not CaseKind.INQUIRY]

    @property
    def has_content(self) -> bool:
        """Something would be lost."""
        return bool(self.respondent or self.facts or self.phone)

    def go_on(self) -> None:
        """To the first step that still waits for an answer."""
        done = {
            FormStep.KIND: bool(self.kind),
            FormStep.FIRM: bool(self.respondent),
            FormStep.FACTS: bool(self.facts),
            FormStep.CONTACT: self.is_anonymous or self.skips_contact or bool(self.phone and self.name),
        }
        if self.is_editing:
            self.is_editing, self.step = False, FormStep.SUMMARY
        else:
            self.step = next(step for step in self.steps if not done.get(step))

    def go_back(self) -> bool:
        """One step; False at the first one."""
        if self.is_editing or self.step == FormStep.EDIT:
            self.is_editing, self.step = False, FormStep.SUMMARY
            return True
        steps = self.steps
        at = steps.index(FormStep(self.step)) if self.step in steps else steps.index(FormStep.FACTS) + 1
        self.step = steps[max(at - 1, 0)]
        self.is_retelling = self.step == FormStep.FACTS and bool(self.facts)
        return at > 0


FIELDS = {one.name for one in fields(Form)}  # a draft of an older version may hold others


def docket_of(turn: Turn) -> Docket:
    """For the transaction of this message."""
    return open_docket(turn.session, turn.desk.rules, turn.now)


def load_form(turn: Turn) -> tuple[Form, datetime] | None:
    """The citizen's unfinished form in this chat and when it was last changed."""
    for draft in drafts_of(docket_of(turn), turn.follower.id):
        if draft.content.get("channel") == Channel.CHAT and "client_key" in draft.content:
            known = {name: value for name, value in draft.content.items() if name in FIELDS}
            known["firms"] = [(int(key), str(line)) for key, line in known.get("firms", [])]
            return Form(**known), draft.updated_at
    return None


def find_elsewhere(turn: Turn) -> dict[str, Any] | None:
    """What the same follower is filling in on a page."""
    drafts = [draft.content for draft in drafts_of(docket_of(turn), turn.follower.id)]
    return next((one for one in drafts if one.get("channel") != Channel.CHAT and has_been_typed(one)), None)


def has_been_typed(content: dict[str, Any]) -> bool:
    """Something would be typed twice."""
    return any(content.get(name) for name in ("respondent_name", "facts", "phone"))


def tell_elsewhere(turn: Turn) -> str:
    """Where the draft of the page is; empty for none."""
    found = find_elsewhere(turn)
    if found is None:
        return ""
    kind, respondent = found.get("kind", ""), str(found.get("respondent_name") or "")[:LONGEST_NAMED]
    return render("complaint_elsewhere", kind=kind, respondent=respondent, url=turn.desk.link("/h5/complaints"))


def save_form(turn: Turn, form: Form) -> None:
    """Keep it, and what is said next is for it."""
    save_draft(docket_of(turn), form.client_key, asdict(form), turn.follower.id)
    turn.conversation.enter(TOPIC, "", turn.now)


def drop_form(turn: Turn, form: Form) -> None:
    """The citizen gives it up: the draft, its evidence and what is on its way."""
    docket = docket_of(turn)
    row = find_draft(docket, form.client_key)
    if row is not None:
        erase_evidence(turn.session, row)
    discard_draft(docket, form.client_key)
    turn.conversation.leave()


def count_evidence(turn: Turn, form: Form) -> int:
    """Files that are here or on their way."""
    row = find_draft(docket_of(turn), form.client_key)
    return sum(count_expected(turn.session, row)) if row else 0


def make_filing(form: Form) -> Filing:
    """As the services want it."""
    person = Person(form.name, form.phone)
    return Filing(
        kind=form.case_kind,
        category=form.category,
        facts=form.facts,
        respondent_name=form.respondent,
        notice_version=form.notice_version,
        channel=Channel.CHAT,
        persons=() if form.is_anonymous or not (form.name or form.phone) else (person,),
        is_anonymous=form.is_anonymous,
        enterprise_id=form.enterprise_id,
        credit_code=form.credit_code,
        place=form.place,
        amount_fen=form.amount_fen,
        requests=tuple(form.requests),
        details={"notice_shown_at": form.notice_at} if form.notice_at else {},
    )
