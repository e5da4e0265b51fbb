"""What a user says to a subscription notice, and the events WeChat pushes about it."""

from simulator import delivery, messages
from simulator.journal import Delivery
from simulator.state import Grant, Json, User
from simulator.world import World

POPUP, CHANGE, SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"
HOLDERS = {
    POPUP: "SubscribeMsgPopupEvent",
    CHANGE: "SubscribeMsgChangeEvent",
    SENT: "SubscribeMsgSentEvent",
}


class SubscribingError(ValueError):
    """An answer nobody can give."""


def push(world: World, user: User, event: str, item: Json) -> Delivery:
    """Push one of the three events with its one-item list."""
    fields = messages.head(world.config.account_id, user.openid, world.clock.now(), "event")
    return delivery.push(world, user, fields | {"Event": event, HOLDERS[event]: {"List": item}})


def answer(world: World, user: User, template_id: str, status: str) -> Delivery:
    """Accept or reject in the pop-up of a page, or refuse later in the settings."""
    template = world.state.templates.get(template_id)
    if template is None or template.kind == "template":
        raise SubscribingError("no such subscription notice")
    if status not in {"accept", "reject", "refuse"}:
        raise SubscribingError("status is accept, reject or refuse")
    with world.lock:
        grant = user.grants.setdefault(template_id, Grant())
        if status == "accept":
            grant.accepted, grant.refused = grant.accepted + 1, False
        else:
            grant.refused = True
        said = {"accept": "订阅了", "reject": "没有订阅", "refuse": "关闭了"}[status]
        world.show(user, "system", "note", {"content": f"你{said}“{template.title}”"})
    item: Json = {
        "TemplateId": template_id,
        "SubscribeStatusString": "reject" if status != "accept" else status,
    }
    if status == "refuse":
        return push(world, user, CHANGE, item)
    return push(world, user, POPUP, item | {"PopupScene": 1})


def use(world: World, user: User, template_id: str) -> bool:
    """Use up one permission to send; a one-time notice needs an accept for each message."""
    grant = user.grants.get(template_id)
    if grant is None or grant.refused or not grant.accepted:
        return False
    if world.state.templates[template_id].kind == "once":
        grant.accepted -= 1
    return True
