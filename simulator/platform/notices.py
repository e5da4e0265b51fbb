"""Template messages and subscription notices: fields, permissions, results."""

import re

from simulator import delivery, messages, subscribing
from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Json, Template, User
from simulator.world import World

FIELD = re.compile(r"([^\n：:]*)[：:]?\{\{(\w+)\.DATA\}\}")
LENGTHS = {
    "thing": 20,
    "phrase": 5,
    "character_string": 32,
    "letter": 32,
    "symbol": 5,
    "number": 32,
    "name": 10,
    "car_number": 8,
    "phone_number": 17,
    "const": 20,
    "short_thing": 5,
}
ID_KEPT = 600

endpoints = Endpoints("notices")


def fields_of(template: Template) -> list[tuple[str, str]]:
    """Label and key of each line, such as (事项名称, thing1)."""
    return [(label.strip(), key) for label, key in FIELD.findall(template.content)]


def _rows(call: Call, template: Template) -> list[Json]:
    """The filled lines; 47003 names the field that is missing, empty or too long."""
    data = call.body.get("data")
    if not isinstance(data, dict):
        raise WeChatError(47003)
    rows = []
    for label, key in fields_of(template):
        given = data.get(key)
        value = str(given.get("value", "")) if isinstance(given, dict) else ""
        limit = LENGTHS.get(key.rstrip("0123456789"))
        if not value or (limit and len(value) > limit):
            raise WeChatError(47003, f" data.{key}.value {'is empty' if not value else 'is too long'}")
        rows.append({"name": label or key, "value": value})
    return rows


def _template(call: Call, kinds: set[str]) -> Template:
    template = call.world.state.templates.get(call.text("template_id"))
    if template is None or template.kind not in kinds:
        raise WeChatError(40037)
    return template


@endpoints.post("/cgi-bin/message/template/send")
def send_template(call: Call) -> Answer:
    """Send once per openid and client_msg_id within ten minutes; the result follows as an event."""
    user = call.user(call.body.get("touser"))
    template = _template(call, {"template"})
    rows = _rows(call, template)
    if not user.followed:
        raise WeChatError(43004)
    sent = call.world.state.sent_templates
    name = f"{user.openid} {call.text('client_msg_id')}"
    if call.text("client_msg_id") and name in sent and call.now - sent[name][0] < ID_KEPT:
        return OK | {"msgid": sent[name][1]}
    msg_id = messages.new_msg_id(call.now)
    if call.text("client_msg_id"):
        sent[name] = (call.now, msg_id)
    data = {"title": template.title, "rows": rows, "url": call.text("url")}
    call.world.count("template_messages")
    call.world.show(user, "account", "template", data, call=call.record)
    world = call.world
    world.later(world.state.switches.event_delay, lambda: _report(world, user, msg_id))
    return OK | {"msgid": msg_id}


def _report(world: World, user: User, msg_id: int) -> None:
    fields = messages.head(world.config.account_id, user.openid, world.clock.now(), "event")
    status = "success" if user.followed else "failed:user block"
    delivery.push(world, user, fields | {"Event": "TEMPLATESENDJOBFINISH", "MsgID": msg_id, "Status": status})


@endpoints.get("/cgi-bin/template/get_all_private_template")
def list_templates(call: Call) -> Answer:
    found = [t for t in call.world.state.templates.values() if t.kind == "template"]
    return {
        "template_list": [
            {
                "template_id": t.template_id,
                "title": t.title,
                "primary_industry": "",
                "deputy_industry": "",
                "content": t.content,
                "example": "",
            }
            for t in found
        ]
    }


@endpoints.post("/cgi-bin/template/del_private_template")
def delete_template(call: Call) -> Answer:
    del call.world.state.templates[_template(call, {"template"}).template_id]
    return OK


@endpoints.get("/wxaapi/newtmpl/gettemplate")
def list_notices(call: Call) -> Answer:
    found = [t for t in call.world.state.templates.values() if t.kind != "template"]
    types = {"once": 2, "long": 3}
    data = [{"priTmplId": t.template_id, "title": t.title, "content": t.content, "type": types[t.kind]} for t in found]
    return OK | {"data": data}


@endpoints.post("/cgi-bin/message/subscribe/bizsend")
def send_notice(call: Call) -> Answer:
    """Send what the user has agreed to; 43101 without an agreement."""
    user = call.user(call.body.get("touser"))
    template = _template(call, {"once", "long"})
    data = {"title": template.title, "rows": _rows(call, template), "url": call.text("page")}
    if not subscribing.use(call.world, user, template.template_id):
        raise WeChatError(43101)
    call.world.count("subscription_messages")
    call.world.show(user, "account", "subscription", data, call=call.record)
    msg_id, world = messages.new_msg_id(call.now), call.world
    item: Json = {
        "TemplateId": template.template_id,
        "MsgID": msg_id,
        "ErrorCode": 0,
        "ErrorStatus": "success",
    }
    world.later(world.state.switches.event_delay, lambda: subscribing.push(world, user, subscribing.SENT, item))
    return OK | {"msgid": msg_id}
