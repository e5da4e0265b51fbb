"""Every page on which citizens take part: it opens, bears the headers, and takes no form that is not ours."""

from pathlib import Path

from models.database import Database
from tests.citizen_pages import Bureau
from web.security import HEADERS


def test_pages_open_and_foreign_forms_are_shown_again(sqlite: Database, tmp_path: Path) -> None:
    bureau = Bureau(sqlite, tmp_path)
    rules = [rule for rule in bureau.app.url_map.iter_rules() if rule.endpoint.startswith("taking.")]
    plain = [rule for rule in rules if not rule.arguments]
    opened = [rule.rule for rule in plain if "GET" in (rule.methods or ())]
    assert len(opened) >= 9
    for path in opened:
        page = bureau.citizen().get(path)
        assert page.status_code == 200, path
        assert HEADERS["Content-Security-Policy"] == page.headers["Content-Security-Policy"], path
        assert "<h1" in page.text, path
    sent = [rule for rule in rules if "POST" in (rule.methods or ())]
    assert len(sent) >= 8
    for rule in sent:
        path = bureau.app.url_map.bind("localhost").build(
            rule.endpoint, dict.fromkeys(rule.arguments, 1), method="POST"
        )
        assert bureau.citizen().post(path, seal="0" * 64).status_code == 409, path
