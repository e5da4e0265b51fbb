"""The short way of a message answers as the framework does, and leaves to it whatever is no ordinary message."""

import io
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from config.metrics import OURS
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from tests.citizen import Citizen, make_settings
from web.wechat import read_query
from wsgi import create_app

SETTINGS = {"public_url": "https://bureau.example.gov.cn"}


@pytest.fixture
def citizen(tmp_path: Path) -> Citizen:
    settings = make_settings(data_dir=tmp_path, **SETTINGS)
    database = Database(settings.database, Vault(settings.secret_key))
    upgrade_database(database)
    database.close()
    return Citizen(create_app(settings).test_client(), settings)


def post(citizen: Citizen, *, is_chunked: bool, spoil: bool = False) -> TestResponse:
    """The same message by either way: what comes in pieces of unknown length goes to the framework."""
    assert isinstance(citizen.door, FlaskClient)
    query, body = citizen.wrap(citizen.write("text", {"Content": "帮助"}))
    if spoil:
        query["msg_signature"] = "0" * 40
    if not is_chunked:
        return citizen.door.post("/wechat", query_string=query, data=body, headers={"X-Request-Id": "abcdefgh1"})
    overrides = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}
    return citizen.door.post(
        "/wechat", query_string=query, headers={"X-Request-Id": "abcdefgh1"}, environ_overrides=overrides
    )


@pytest.mark.parametrize("spoil", [False, True])
def test_both_ways_say_the_same(citizen: Citizen, *, spoil: bool) -> None:
    short, long = (post(citizen, is_chunked=is_chunked, spoil=spoil) for is_chunked in (False, True))
    assert short.status == long.status
    assert ("Encrypt" in short.text) is ("Encrypt" in long.text) is not spoil
    ignored = {"Content-Length"}
    assert {name: value for name, value in short.headers if name not in ignored} == {
        name: value for name, value in long.headers if name not in ignored
    }


def test_it_is_counted_like_any_request(citizen: Citizen) -> None:
    labels = {"method": "POST", "route": "/wechat", "status": "200"}
    before = OURS.get_sample_value("chengxin_requests_total", labels) or 0
    for is_chunked in (False, True):
        post(citizen, is_chunked=is_chunked)
    assert OURS.get_sample_value("chengxin_requests_total", labels) == before + 2


def test_what_is_too_long_or_of_no_length_is_refused_by_the_framework(citizen: Citizen) -> None:
    assert isinstance(citizen.door, FlaskClient)
    assert citizen.door.post("/wechat", data=b"x" * 70_000).status_code == 413
    assert citizen.door.post("/wechat").status_code == 403
    assert citizen.door.get("/wechat").status_code == 403
    assert citizen.door.put("/wechat").status_code == 405


@given(st.text("ab=&%2+é", max_size=20))
@example("a&=b&&c=1=2&a=3&=")
def test_parameters_are_read_as_the_library_reads_them(text: str) -> None:
    found = parse_qsl(text, keep_blank_values=True)
    assert read_query(text) == dict(reversed(found)), "of one given twice the first"
