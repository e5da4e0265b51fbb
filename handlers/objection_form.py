"""What somebody who objects has told so far: kept sealed with the conversation, for a day."""

import base64
import binascii
import json
import secrets
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from bot.router import Turn
from models.archive_words import Subject
from models.database import vault_of
from models.vault import VaultError
from services.credit.objections import RELATIONS, ObjectionFiling

TOPIC = "objection"  # of bot/conversation.py
KEPT = "conversations.objection"
FIRST, SENT, TOUCHED = RELATIONS
SAID_AS = {
    "法人": FIRST,
    "法定代表": FIRST,
    "老板": FIRST,
    "委托": SENT,
    "代理": SENT,
    "员工": SENT,
    "利害": TOUCHED,
}


class ObjectionStep(StrEnum):
    """What is waited for."""

    WHICH = "which"  # of the firm's records
    SAID = "said"  # what is wrong, and why
    WHO = "who"  # name, telephone, relation
    CHECK = "check"  # 提交
    DONE = "done"


@dataclass
class ObjectionForm:
    """JSON values only. `client_key` makes that it is filed once."""

    client_key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    enterprise_id: int = 0
    subject: str = ""
    subject_id: int = 0
    title: str = ""
    said: str = ""
    name: str = ""
    phone: str = ""
    relation: str = ""

    def filing(self) -> ObjectionFiling:
        """As the service wants it; the notice was shown before name and telephone were asked for."""
        return ObjectionFiling(
            Subject(self.subject), self.subject_id, self.name, self.phone, self.relation, self.said, "chat", agrees=True
        )


def keep(turn: Turn, form: ObjectionForm, step: ObjectionStep) -> None:
    """With the conversation, sealed: it names a person."""
    sealed = vault_of(turn.session).seal(json.dumps(asdict(form)), KEPT)
    turn.conversation.enter(TOPIC, step, turn.now, sealed=base64.b64encode(sealed).decode())


def recall(turn: Turn) -> ObjectionForm | None:
    """The form that is open; None where there is none, or the secret key was changed meanwhile."""
    if turn.conversation.topic != TOPIC:
        return None
    try:
        sealed = base64.b64decode(turn.conversation.notes.get("sealed", ""), validate=True)
        return ObjectionForm(**json.loads(vault_of(turn.session).open(sealed, KEPT)))
    except (VaultError, binascii.Error, TypeError, ValueError):
        return None


def hear_relation(text: str) -> str:
    """法定代表人, 受委托 or 利害关系人, as people say it; empty where nothing was said of it."""
    return next((relation for word, relation in SAID_AS.items() if word in text), "")
