"""WeChat's signatures and AES envelope, written from the specification and from nothing of the product."""

import base64
import binascii
import hashlib
import hmac
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # WeChat pads to 32 bytes although AES blocks are 16


class CryptoError(ValueError):
    """What came back cannot be opened; the message says at which step."""


def sign(*parts: str) -> str:
    """SHA-1 of the sorted parts: `signature` of three, `msg_signature` of four."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def pad(data: bytes) -> bytes:
    count = BLOCK - len(data) % BLOCK
    return data + bytes([count]) * count


def unpad(data: bytes) -> bytes:
    count = data[-1] if data else 0
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise CryptoError("bad PKCS#7 padding")
    return data[:-count]


class Envelope:
    """Seals and opens `Encrypt` with one EncodingAESKey for one app id."""

    def __init__(self, aes_key: str, app_id: str) -> None:
        self._key = base64.b64decode(aes_key + "=")
        self._app_id = app_id.encode()

    def _cipher(self) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16]))

    def seal(self, message: bytes, salt: bytes | None = None) -> str:
        """Encrypt `random(16) + length + message + appid`, base64."""
        head = (salt or os.urandom(16)) + struct.pack(">I", len(message))
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(pad(head + message + self._app_id)) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def open(self, encrypted: str) -> bytes:
        """Decrypt and check length and app id, or raise CryptoError."""
        try:
            sealed = base64.b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CryptoError("Encrypt is not base64") from error
        if not sealed or len(sealed) % 16:
            raise CryptoError("Encrypt is not a whole number of AES blocks")
        decryptor = self._cipher().decryptor()
        plain = unpad(decryptor.update(sealed) + decryptor.finalize())
        if len(plain) < 20:
            raise CryptoError("decrypted text is too short")
        length = struct.unpack(">I", plain[16:20])[0]
        message, app_id = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length or app_id != self._app_id:
            raise CryptoError("appid in the envelope is not this account's")
        return message
