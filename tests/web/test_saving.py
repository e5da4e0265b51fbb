"""A file is saved under its name through headers that a server can send."""

import pytest
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from web.saving import save_as


@pytest.mark.parametrize("name", ["a.jpg", "小票.jpg", 'a"b;c.pdf', "x\\y.pdf", "甲\r\nSet-Cookie: a=1.txt", "😀.png"])
def test_any_name_can_be_sent_and_is_read_back(name: str) -> None:
    response = Response()
    save_as(response, name)
    said = response.headers["Content-Disposition"]
    said.encode("latin-1")
    assert "\r" not in said
    assert "\n" not in said
    assert parse_options_header(said) == ("attachment", {"filename": name})
