"""WeChat's envelope: signatures and AES, with the checks that wechatpy leaves out."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32  # WeChat pads to 32 bytes, not to AES's 16
RANDOM_BYTES = 16
LENGTH_BYTES = 4


class EnvelopeError(Exception):
    """The envelope does not open; the text says at which step."""


@dataclass(frozen=True)
class Sealed:
    """An encrypted reply, ready to be written."""

    encrypt: str
    signature: str
    timestamp: str
    nonce: str

    def render(self) -> bytes:
        """As XML; all four are base64 or digits or hex, so nothing needs escaping."""
        return (
            f"<xml><Encrypt><![CDATA[{self.encrypt}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{self.signature}]]></MsgSignature>"
            f"<TimeStamp>{self.timestamp}</TimeStamp><Nonce><![CDATA[{self.nonce}]]></Nonce></xml>"
        ).encode()


class Envelope:
    """Signs, opens and seals for one official account."""

    def __init__(self, token: str, app_id: str, aes_keys: list[str]) -> None:
        self.token = token
        self.app_id = app_id.encode()
        self.ciphers = [make_cipher(key) for key in aes_keys]

    def sign(self, *parts: str) -> str:
        """SHA-1 over token and parts, sorted; hexadecimal."""
        joined = "".join(sorted([self.token, *parts]))
        return hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()

    def is_signed(self, signature: str, *parts: str) -> bool:
        """Compared in constant time."""
        return hmac.compare_digest(self.sign(*parts).encode(), signature.encode("utf-8", "replace"))

    def open(self, encrypt: str) -> bytes:
        """The message inside, by the current key or the previous one; EnvelopeError when neither opens it."""
        try:
            ciphertext = base64.b64decode(encrypt, validate=True)
        except (binascii.Error, ValueError):
            raise EnvelopeError("bad base64") from None
        if not ciphertext or len(ciphertext) % BLOCK:
            raise EnvelopeError("bad length")
        fault = EnvelopeError("no key")
        for cipher in self.ciphers:
            try:
                return self.unpack(decrypt_padded(cipher, ciphertext))
            except EnvelopeError as error:
                fault = error
        raise fault

    def unpack(self, padded: bytes) -> bytes:
        """Out of random(16) + length(4) + message + AppID + padding."""
        pad = padded[-1]
        if not 1 <= pad <= BLOCK or padded[-pad:] != bytes([pad]) * pad:
            raise EnvelopeError("bad padding")
        content = padded[RANDOM_BYTES:-pad]
        if len(content) < LENGTH_BYTES:
            raise EnvelopeError("too short")
        length = int.from_bytes(content[:LENGTH_BYTES])
        message = content[LENGTH_BYTES : LENGTH_BYTES + length]
        if len(message) != length:
            raise EnvelopeError("bad length")
        if not hmac.compare_digest(content[LENGTH_BYTES + length :], self.app_id):
            raise EnvelopeError("wrong AppID")
        return message

    def seal(self, message: bytes, second: int) -> Sealed:
        """Encrypted with the current key and signed."""
        content = os.urandom(RANDOM_BYTES) + len(message).to_bytes(LENGTH_BYTES) + message + self.app_id
        pad = BLOCK - len(content) % BLOCK
        encrypt = base64.b64encode(encrypt_padded(self.ciphers[0], content + bytes([pad]) * pad)).decode()
        timestamp, nonce = str(second), secrets.token_hex(8)
        return Sealed(encrypt, self.sign(timestamp, nonce, encrypt), timestamp, nonce)


def decode_key(key: str) -> bytes:
    """EncodingAESKey, 43 characters, to 32 bytes."""
    try:
        decoded = base64.b64decode(key + "=")
    except (binascii.Error, ValueError):
        decoded = b""
    if len(decoded) != 32:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return decoded


def make_cipher(key: str) -> Cipher[CBC]:
    """AES-256-CBC; WeChat takes the IV from the key."""
    decoded = decode_key(key)
    return Cipher(AES(decoded), CBC(decoded[:16]))


def encrypt_padded(cipher: Cipher[CBC], padded: bytes) -> bytes:
    """The ciphertext."""
    context = cipher.encryptor()
    return context.update(padded) + context.finalize()


def decrypt_padded(cipher: Cipher[CBC], ciphertext: bytes) -> bytes:
    """The padded content."""
    context = cipher.decryptor()
    return context.update(ciphertext) + context.finalize()
