"""What of a message counts: a question that was answered, a firm that was looked up, a menu button, a follow."""

from bot.messages import Event
from bot.replies import Later, Reply
from bot.router import Turn
from models.counting import CountedKind

# Routers whose answers are consults; small talk and help of theirs are none.
CONSULTED = frozenset({"bureau", "credit", "followups", "scan", "photo", "honest_shops", "listings"})
SMALL_TALK = frozenset({"bureau.explain", "bureau.be_kind", "bureau.wait_for_picture", "bureau.tell_news"})
FOLLOWS = frozenset({Event.SUBSCRIBE})


def what_counts(turn: Turn, reply: Reply | Later) -> list[CountedKind]:
    """The kinds, each counted once a person and day."""
    kinds = []
    if turn.message.event in FOLLOWS:
        kinds.append(CountedKind.FOLLOW)
    if turn.message.event is Event.CLICK:
        kinds.append(CountedKind.MENU)
    room = turn.answered_by.partition(".")[0]
    is_answer = reply is not None and not isinstance(reply, Later)
    if is_answer and room in CONSULTED and turn.answered_by not in SMALL_TALK:
        kinds.append(CountedKind.CONSULT)
    if is_answer and turn.conversation.enterprise_at == turn.now and turn.conversation.enterprise_id is not None:
        kinds.append(CountedKind.LOOK_UP)
    return kinds
