"""The reviewed table of who reaches which route: authorisation.txt, one row for each rule and method of the house."""

import re
from pathlib import Path

from flask import Flask

from models.role import Role
from web.console.gate import Stage

CONVERTER = re.compile(r"<[^<>]*:")
TABLE = Path(__file__).with_name("authorisation.txt")
WHO = {  # of routes that ask for no account of staff
    "anybody": "public: what is shown is public for everybody",
    "browser": "the citizen's own draft, cases or answers, by a sealed cookie; a POST needs the form's seal",
    "wechat": "WeChat's signature",
    "hotline": "the hotline's signature",
    "link": "a signed token in the address",
    "token": "METRICS_TOKEN",
}
STAGES = {  # of signing in
    Stage.OUTSIDE: "outside",
    Stage.CODE_DUE: "code",
    Stage.PASSWORD_DUE: "password",
    Stage.SET_UP_DUE: "setting-up",
    Stage.INSIDE: "account",  # everybody who is in
}


def read_table() -> dict[str, frozenset[str]]:
    """`METHOD rule` to whom it admits: one of WHO or STAGES, or names of roles."""
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = {}
    for row in rows:
        method, rule, *who = row.split()
        assert f"{method} {rule}" not in found, row
        assert set(who) <= set(Role) or (len(who) == 1 and who[0] in WHO.keys() | set(STAGES.values())), row
        found[f"{method} {rule}"] = frozenset(who)
    return found


def name_routes(app: Flask) -> dict[str, str]:
    """`METHOD rule` to the endpoint; converters are not written."""
    return {
        f"{method} {CONVERTER.sub('<', rule.rule)}": rule.endpoint
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
