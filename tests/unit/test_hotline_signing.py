"""Signatures of the exchange against a vector made by hand, and against every change of a part."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from services.hotline.signing import WINDOW, Call, Credentials, SignatureError, check_headers, make_headers, sign

KEYS = Credentials("app", "9c1f7be35a2d4860b1c3e5f7a9d2c4e6")
CALL = Call("POST", "/api/hotline/orders", b'{"a":1}')
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_the_signature_is_the_described_one() -> None:
    body = hashlib.sha256(b'{"a":1}').hexdigest()
    said = f"POST\n/api/hotline/orders\n1763604000\nabcdefghijklmnop\n{body}".encode()
    expected = hmac.new(KEYS.secret.encode(), said, "sha256").hexdigest()
    assert sign(KEYS.secret, CALL, "1763604000", "abcdefghijklmnop") == expected


def test_what_was_signed_is_accepted_within_the_window() -> None:
    headers = make_headers(KEYS, CALL, NOW)
    for shift in (-WINDOW, timedelta(), WINDOW):
        assert check_headers(KEYS, headers, CALL, NOW + shift) == headers["X-Nonce"]
    for shift in (-WINDOW - timedelta(seconds=1), WINDOW + timedelta(seconds=1)):
        with pytest.raises(SignatureError, match="5 分钟"):
            check_headers(KEYS, headers, CALL, NOW + shift)


@pytest.mark.parametrize(
    "call",
    [
        Call("PUT", CALL.path, CALL.body),
        Call("POST", "/api/hotline/statuses", CALL.body),
        Call("POST", CALL.path, b'{"a":2}'),
        Call("POST", CALL.path, b""),
    ],
)
def test_no_part_may_be_changed(call: Call) -> None:
    with pytest.raises(SignatureError, match="签名不对"):
        check_headers(KEYS, make_headers(KEYS, CALL, NOW), call, NOW)


def test_each_request_has_a_nonce_of_its_own() -> None:
    assert len({make_headers(KEYS, CALL, NOW)["X-Nonce"] for _ in range(100)}) == 100
