"""What was last said to a citizen: choices offered, firm shown, step of a dialogue."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

CHOICES_LAST = timedelta(minutes=30)
ENTERPRISE_LASTS = timedelta(hours=24)
DIALOGUE_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Choice:
    """An enterprise offered to pick from, or (id 0) a name to search; the citizen sees its number and label."""

    enterprise_id: int
    label: str


@dataclass
class Conversation:
    """A typed view of models/follower.py:ConversationState.state; what is too old reads as empty."""

    choices: list[Choice] = field(default_factory=list)
    asked: str = ""  # the name that the choices are for, where it may be kept; settled by the first answer
    was_found: bool = True  # the choices are more than suggestions beside "not found"
    enterprise_id: int | None = None
    topic: str = ""  # the dialogue that is going on
    step: str = ""  # what it waits for
    notes: dict[str, Any] = field(default_factory=dict)  # what it gathered so far, JSON values
    choices_at: datetime | None = None
    enterprise_at: datetime | None = None
    topic_at: datetime | None = None

    def offer(self, choices: list[Choice], now: datetime, asked: str = "", *, was_found: bool = True) -> None:
        """Remember what was offered, in the order of the numbers shown, and for which name."""
        self.choices, self.choices_at = list(choices), now
        self.asked, self.was_found = asked, was_found

    def offer_again(self, choices: list[Choice], now: datetime) -> None:
        """Remember what is left of the list; another list is for no name that is known."""
        if any(choice not in self.choices for choice in choices):
            self.asked = ""
        self.choices, self.choices_at = list(choices), now

    def pick(self, number: int) -> Choice | None:
        """The choice with this number, counted from 1."""
        return self.choices[number - 1] if 1 <= number <= len(self.choices) else None

    def show(self, enterprise_id: int, now: datetime) -> None:
        """Remember the firm that was shown; follow-up questions mean it. Settles an open choice."""
        self.enterprise_id, self.enterprise_at = enterprise_id, now
        self.choices, self.choices_at, self.asked = [], None, ""

    def enter(self, topic: str, step: str, now: datetime, **notes: Any) -> None:
        """Go to a step of a dialogue; `notes` are added to what was gathered."""
        if topic != self.topic:
            self.notes = {}
        self.topic, self.step, self.topic_at = topic, step, now
        self.notes.update(notes)

    def leave(self) -> None:
        """End the dialogue; choices and firm stay."""
        self.topic, self.step, self.notes, self.topic_at = "", "", {}, None

    def clear(self) -> None:
        """Forget everything: the citizen said 取消."""
        self.leave()
        self.choices, self.choices_at, self.asked = [], None, ""
        self.enterprise_id, self.enterprise_at = None, None

    @property
    def is_open(self) -> bool:
        """Something is waiting for an answer."""
        return bool(self.topic or self.choices)

    def dump(self) -> dict[str, Any]:
        """As JSON values; empty when there is nothing to remember."""
        state: dict[str, Any] = {}
        if self.choices and self.choices_at:
            state["choices"] = [[choice.enterprise_id, choice.label] for choice in self.choices]
            state["choices_at"] = self.choices_at.isoformat()
            if self.asked:
                state |= {"asked": self.asked, "was_found": self.was_found}
        if self.enterprise_id is not None and self.enterprise_at:
            state["enterprise_id"] = self.enterprise_id
            state["enterprise_at"] = self.enterprise_at.isoformat()
        if self.topic and self.topic_at:
            state |= {"topic": self.topic, "step": self.step, "notes": self.notes}
            state["topic_at"] = self.topic_at.isoformat()
        return state


def load_conversation(state: dict[str, Any], now: datetime) -> Conversation:
    """The view of a stored state at `now`, without what has expired."""
    found = Conversation()
    if at := still_valid(state.get("choices_at"), CHOICES_LAST, now):
        choices = [Choice(int(one), str(label)) for one, label in state["choices"]]
        found.offer(choices, at, state.get("asked", ""), was_found=state.get("was_found", True))
    if at := still_valid(state.get("enterprise_at"), ENTERPRISE_LASTS, now):
        found.enterprise_id, found.enterprise_at = int(state["enterprise_id"]), at
    if at := still_valid(state.get("topic_at"), DIALOGUE_LASTS, now):
        found.enter(state["topic"], state["step"], at, **state["notes"])
    return found


def still_valid(stored: str | None, lasts: timedelta, now: datetime) -> datetime | None:
    """The stored moment, unless `lasts` has passed since."""
    if not stored:
        return None
    at = datetime.fromisoformat(stored)
    return at if now - at < lasts else None
