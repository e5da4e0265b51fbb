"""When something is wrong: plain words and a number, never a trace."""

import logging
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from models.database import Database, DatabaseBusyError
from models.vault import Vault
from tests.web.conftest import MakeApp
from tests.web.markup import Page
from web import errors
from web.errors import WORDS, make_number
from web.health import create_health

NUMBER = re.compile(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")


@pytest.mark.parametrize("status", [400, 404, 405, 413, 429, 500, 503])
def test_errors_speak_plain_chinese(visitor: FlaskClient, status: int) -> None:
    response = visitor.get(f"/fails/{status}")
    assert response.status_code == status
    page = Page(response.text)
    assert page.one("h1").text == WORDS[status].title
    assert WORDS[status].advice in page.main
    assert NUMBER.search(page.main)
    assert not re.search(r"[A-Za-z]{6,}", NUMBER.sub("", page.main))


def test_an_unknown_firm_gets_a_search_box(visitor: FlaskClient) -> None:
    for path in ("/h5/enterprises/2000000000", "/h5/enterprises/99999999999999999999", "/h5/enterprises/x"):
        response = visitor.get(path)
        assert response.status_code == 404
        assert any(field.attributes.get("name") == "q" for field in Page(response.text).all("input"))


def test_a_fault_is_logged_with_the_number_the_citizen_sees(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        response = visitor.get("/fails/500?q=张三的手机13800000000")
    found = NUMBER.search(response.text)
    assert found
    assert found[0] in caplog.text
    assert "a secret detail" in caplog.text
    assert "a secret detail" not in response.text
    assert "Traceback" not in response.text
    assert "13800000000" not in caplog.text


def test_a_query_is_not_logged(visitor: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        visitor.get("/h5/search?q=张建国有没有失信")
        visitor.get("/h5/enterprises/2000000000?q=张建国")
    assert "张建国" not in caplog.text


def test_a_wrong_method_says_which_are_right(visitor: FlaskClient) -> None:
    response = visitor.delete("/h5/about")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "不能这样打开" in response.text


def test_a_script_gets_json(visitor: FlaskClient) -> None:
    answer = visitor.post("/h5/suggest").json
    assert answer is not None
    assert answer["error"] == WORDS[405].title
    assert NUMBER.fullmatch(answer["number"])


@pytest.mark.parametrize("cause", [DatabaseBusyError(), OperationalError("SELECT 秘密", {}, Exception())])
def test_a_busy_database_asks_for_patience(
    make_app: MakeApp, sqlite: Database, cause: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(sqlite)

    @app.get("/busy")
    def busy() -> str:
        raise cause

    response = app.test_client().get("/busy")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert "过一两分钟" in response.text
    assert "秘密" not in caplog.text


def test_a_page_that_cannot_be_drawn_still_answers() -> None:
    app = Flask("bare")
    errors.register(app)
    response = app.test_client().get("/nowhere")
    assert response.status_code == 404
    assert "没有这个页面" in response.text
    assert "Traceback" not in response.text


def test_numbers_differ_and_are_easy_to_read_out() -> None:
    numbers = {make_number() for _ in range(200)}
    assert len(numbers) == 200
    assert all(NUMBER.fullmatch(number) for number in numbers)


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_not_ready_without_a_database() -> None:
    app = Flask("bare")
    app.register_blueprint(create_health(Database("postgresql://nobody@127.0.0.1:1/none", Vault("x" * 40))))
    browser = app.test_client()
    assert browser.get("/readyz").status_code == 503
    assert browser.get("/healthz").status_code == 200


def test_a_host_that_is_none_gets_a_plain_page_and_no_trace(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/", headers={"Host": "a" * 300})
    assert answer.status_code == 400
    assert "<h1>" in answer.text
    assert not [record for record in caplog.records if record.exc_info]
