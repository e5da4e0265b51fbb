"""The hotline's door against its own OpenAPI description, and against who must not pass it."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.case import Case
from models.database import Database
from models.hotline import HotlineNonce, HotlineStatus
from services.hotline.forgetting import forget_exchange
from services.hotline.signing import Call, Credentials, make_headers
from tests.case_desk import RULES, CaseDesk
from tests.hotline_room import CREDENTIALS, make_door
from web.api.description import describe
from web.api.door import Counter
from web.api.hotline import create_hotline_api

DESCRIPTION = describe("https://bureau.example.gov.cn", "示范市商务局")
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ORDER = {
    "source_no": "H20261120000001",
    "kind": "report",
    "received_at": "2026-11-20T09:58:00+08:00",
    "appeal_content": "加油站计量不准，加100元少2升。",
    "respondent": {"name": "示范市红旗加油站"},
}
STATUS = {"source_no": "", "remote_no": "H1", "status": "accepted", "occurred_at": "2026-11-20T10:00:00+08:00"}


class Caller:
    """A hotline that signs, rightly unless told otherwise."""

    def __init__(self, client: FlaskClient, desk: CaseDesk) -> None:
        self.client, self.desk = client, desk

    def call(self, method: str, path: str, body: bytes = b"", **changes: str) -> TestResponse:
        headers = make_headers(CREDENTIALS, Call(method, path, body), self.desk.now) | changes
        kept = {name: value for name, value in headers.items() if value}
        return self.client.open(path, method=method, data=body, headers=kept, content_type="application/json")

    def post(self, path: str, message: Any, **changes: str) -> TestResponse:
        return self.call("POST", path, json.dumps(message).encode(), **changes)


@pytest.fixture
def caller(sqlite: Database) -> Caller:
    desk = CaseDesk(sqlite)
    return Caller(make_door(sqlite, desk=desk).test_client(), desk)


def count(database: Database, kind: type[Any]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_the_description_is_openapi() -> None:
    SCHEMA.validate()
    assert set(DESCRIPTION["paths"]) == {
        "/api/hotline/orders",
        "/api/hotline/orders/{source_no}",
        "/api/hotline/statuses",
        "/api/hotline/files/{token}",
    }
    assert "//" not in json.dumps(DESCRIPTION["components"]).replace("https?://", "")


@SCHEMA.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_the_door_keeps_its_description(case: schemathesis.Case, caller: Caller) -> None:
    sent = case.as_transport_kwargs(base_url="http://localhost")
    body = json.dumps(sent["json"]).encode() if sent.get("json") is not None else sent.get("data") or b""
    if case.method.lower() != case.operation.method:
        return  # a method that the path does not have
    answer = caller.call(case.method, unquote(case.formatted_path), body if isinstance(body, bytes) else b"")
    if answer.is_json:
        case.validate_response(answer, checks=CHECKS)
    else:  # no such path: a number with a slash in it
        assert answer.status_code in {301, 308, 404}


def test_the_description_is_met_by_real_answers(caller: Caller) -> None:
    operations = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
    for label, answer in {
        "POST /api/hotline/orders": caller.post("/api/hotline/orders", ORDER),
        "POST /api/hotline/statuses": caller.post("/api/hotline/statuses", STATUS),
        "GET /api/hotline/orders/{source_no}": caller.call("GET", "/api/hotline/orders/H20261120000001"),
    }.items():
        assert answer.status_code in {200, 201}
        operations[label].Case(path_parameters={"source_no": "H1"}).validate_response(answer, checks=CHECKS)


def test_an_order_is_filed_once_and_can_be_asked_for(caller: Caller, sqlite: Database) -> None:
    first, second = (caller.post("/api/hotline/orders", ORDER) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json["remote_no"] == second.json["remote_no"]
    assert (first.json["repeated"], second.json["repeated"]) == (False, True)
    assert first.json["legal_due_on"] == "2026-12-01"
    course = caller.call("GET", "/api/hotline/orders/H20261120000001")
    assert course.json["status"] == "received"
    assert course.json["legal_due_on"] == "2026-12-01"
    assert count(sqlite, Case) == 1
    unknown = caller.call("GET", "/api/hotline/orders/H999")
    assert (unknown.status_code, unknown.json["error"]) == (404, "unknown")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"X-Signature": "0" * 64}, 401),
        ({"X-Signature": "é"}, 401),
        ({"X-App-Id": "somebody"}, 401),
        ({"X-Timestamp": "1700000000"}, 401),
        ({"X-Timestamp": "soon"}, 401),
        ({"X-Nonce": "short"}, 401),
        ({"X-Nonce": ""}, 401),
        ({"X-Signature": ""}, 401),
    ],
)
def test_who_does_not_sign_rightly_leaves_nothing(
    caller: Caller, sqlite: Database, changes: dict[str, str], status: int
) -> None:
    answer = caller.post("/api/hotline/orders", ORDER, **changes)
    assert (answer.status_code, answer.json["error"]) == (status, "signature")
    assert CREDENTIALS.secret not in answer.text
    assert (count(sqlite, Case), count(sqlite, HotlineNonce)) == (0, 0)


def test_a_signature_fits_one_body_one_path_one_method(caller: Caller, sqlite: Database) -> None:
    body = json.dumps(ORDER).encode()
    headers = make_headers(CREDENTIALS, Call("POST", "/api/hotline/orders", body), caller.desk.now)
    changed = body.replace("加油站".encode("unicode_escape"), b"x") + b" "
    for method, path, sent in (
        ("POST", "/api/hotline/orders", changed),
        ("POST", "/api/hotline/statuses", body),
        ("GET", "/api/hotline/orders/H1", body),
    ):
        answer = caller.client.open(path, method=method, data=sent, headers=headers, content_type="application/json")
        assert answer.status_code == 401
    assert count(sqlite, Case) == 0


def test_a_replayed_request_is_refused_and_forgotten_later(caller: Caller, sqlite: Database) -> None:
    body = json.dumps(STATUS).encode()
    headers = make_headers(CREDENTIALS, Call("POST", "/api/hotline/statuses", body), caller.desk.now)
    given = {"data": body, "headers": headers, "content_type": "application/json"}
    answers = [caller.client.post("/api/hotline/statuses", **given) for _ in range(2)]  # type: ignore[arg-type]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json["error"] == "replayed"
    assert count(sqlite, HotlineStatus) == 1
    with sqlite.write() as session:
        assert forget_exchange(session, caller.desk.now + timedelta(minutes=9)) == 0
        assert forget_exchange(session, caller.desk.now + timedelta(minutes=11)) == 1


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (json.dumps(ORDER | {"kind": "joke"}).encode(), 422, "invalid"),
        (json.dumps(ORDER | {"received_at": "2026-11-20T09:58:00"}).encode(), 422, "invalid"),
        (json.dumps(ORDER | {"source_no": "../../x"}).encode(), 422, "invalid"),
        (json.dumps(ORDER | {"appeal_content": "\x00"}).encode(), 422, "invalid"),
        (b" " * (256 * 1024 + 1), 413, "too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(
    caller: Caller, sqlite: Database, body: bytes, status: int, error: str
) -> None:
    answer = caller.call("POST", "/api/hotline/orders", body)
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert status != 422 or answer.json["faults"]
    assert "joke" not in answer.text
    assert count(sqlite, Case) == 0


def test_a_refused_message_does_not_use_up_its_nonce(caller: Caller, sqlite: Database) -> None:
    caller.call("POST", "/api/hotline/orders", b"{")
    assert count(sqlite, HotlineNonce) == 0


def test_without_an_interface_the_door_is_closed(sqlite: Database) -> None:
    desk = CaseDesk(sqlite)
    app = make_door(sqlite, desk=desk)
    closed = type(app)("closed")
    closed.register_blueprint(create_hotline_api(Counter(sqlite, RULES, lambda: desk.now, None)))
    answer = Caller(closed.test_client(), desk).post("/api/hotline/orders", ORDER)
    assert (answer.status_code, answer.json["error"]) == (503, "closed")


def test_a_firm_is_found_by_a_right_code_only(caller: Caller, sqlite: Database) -> None:
    wrong = ORDER | {"respondent": {"name": "某店", "uscc": "91350100M000100Y4Z"}}
    caller.post("/api/hotline/orders", wrong)
    with sqlite.read() as session:
        case = session.scalars(select(Case)).one()
        assert (case.credit_code, case.enterprise_id, case.is_anonymous) == ("", None, True)


def test_a_key_of_another_bureau_opens_nothing(caller: Caller) -> None:
    body = json.dumps(ORDER).encode()
    other = Credentials(CREDENTIALS.app_id, "another secret of thirty-two letters")
    headers = make_headers(other, Call("POST", "/api/hotline/orders", body), datetime.now(caller.desk.now.tzinfo))
    answer = caller.client.post("/api/hotline/orders", data=body, headers=headers)
    assert answer.status_code == 401
