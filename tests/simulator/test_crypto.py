"""The envelope against an independent peer, wechatpy, and against tampering."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from simulator.crypto import CryptoError, Envelope, pad, sign, unpad
from tests.simulator.practice import AES_KEY, CONFIG

ENVELOPE = Envelope(AES_KEY, CONFIG.app_id)
PEER = WeChatCrypto(CONFIG.token, AES_KEY, CONFIG.app_id)


def test_signature_sorts_its_parts() -> None:
    assert sign("b", "a", "c") == sign("c", "b", "a") == "a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize("length", range(64))
def test_the_peer_opens_every_padding(length: int) -> None:
    message = ("x" * length + "信𠮷").encode()
    sealed = ENVELOPE.seal(message)
    xml = f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    signature = sign(CONFIG.token, "1", "2", sealed)
    assert PEER.decrypt_message(xml, signature, "1", "2") == message.decode()


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_what_the_peer_seals_is_opened(text: str) -> None:
    text = text.encode(errors="ignore").decode()
    from_peer = PEER.encrypt_message(text, "1", "2").partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert ENVELOPE.open(from_peer).decode() == text


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200))
def test_padding_comes_off_again(data: bytes) -> None:
    assert unpad(pad(data)) == data
    assert len(pad(data)) % 32 == 0


BROKEN = ["", "not base64!", base64.b64encode(b"short").decode(), base64.b64encode(bytes(64)).decode()]


@pytest.mark.parametrize("sealed", BROKEN)
def test_what_cannot_be_opened_says_so(sealed: str) -> None:
    with pytest.raises(CryptoError):
        ENVELOPE.open(sealed)


def test_a_foreign_app_id_is_refused() -> None:
    with pytest.raises(CryptoError, match="appid"):
        ENVELOPE.open(Envelope(AES_KEY, "wx_someone_else").seal(b"<xml/>"))
