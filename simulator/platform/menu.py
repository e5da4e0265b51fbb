"""The menu at the bottom of the chat."""

from simulator.platform import menu_rules
from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Json

endpoints = Endpoints("menu")


@endpoints.post("/cgi-bin/menu/create")
def create(call: Call) -> Answer:
    buttons = call.body.get("button")
    menu_rules.check(buttons)
    call.world.state.menu = {"button": [_stored(button) for button in buttons or []]}
    call.world.touch()
    return OK


def _stored(button: Json) -> Json:
    """WeChat keeps a sub_button list on every button and forgets an action beside one."""
    subs = [_stored(sub) for sub in button.get("sub_button") or []]
    if subs:
        return {"name": button["name"], "sub_button": subs}
    return button | {"sub_button": []}


@endpoints.get("/cgi-bin/menu/get")
def get(call: Call) -> Answer:
    if call.world.state.menu is None:
        raise WeChatError(46003)
    return {"menu": call.world.state.menu}


@endpoints.get("/cgi-bin/menu/delete")
def delete(call: Call) -> Answer:
    call.world.state.menu = None
    call.world.touch()
    return OK


@endpoints.get("/cgi-bin/get_current_selfmenu_info")
def current(call: Call) -> Answer:
    menu = call.world.state.menu
    if menu is None:
        return {"is_menu_open": 0, "selfmenu_info": {"button": []}}
    return {"is_menu_open": 1, "selfmenu_info": {"button": [_shown(button) for button in menu["button"]]}}


def _shown(button: Json) -> Json:
    subs = button.get("sub_button") or []
    shown = {name: value for name, value in button.items() if name != "sub_button"}
    return shown | {"sub_button": {"list": [_shown(sub) for sub in subs]}} if subs else shown
