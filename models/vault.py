"""Encryption of personal fields at rest and blind indexes to look them up."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE_BYTES = 12


class VaultError(Exception):
    """Sealed with another key or for another field, or altered."""


class Vault:
    """Seals and opens small secrets; a sealed value is version, nonce, ciphertext with tag."""

    def __init__(self, secret_key: str) -> None:
        material = secret_key.encode()
        self._seal = AESGCM(derive_key(material, b"chengxin field encryption v1"))
        self._index_key = derive_key(material, b"chengxin blind index v1")
        self.signing_key = derive_key(material, b"chengxin signed links v1")

    def seal(self, text: str, field: str) -> bytes:
        """Encrypt; `field` (table.column) is bound in, so that a value moved elsewhere does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._seal.encrypt(nonce, text.encode(), field.encode())

    def open(self, sealed: bytes, field: str) -> str:
        """Decrypt; VaultError if key or field differ or a bit was changed."""
        if sealed[:1] != VERSION:
            raise VaultError("unknown version")
        nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._seal.decrypt(nonce, ciphertext, field.encode()).decode()
        except InvalidTag:
            raise VaultError("wrong key or altered value") from None

    def index(self, text: str, field: str) -> bytes:
        """The blind index of a value: equal values of one field have equal indexes, nothing else is seen."""
        return hmac.digest(self._index_key, field.encode() + b"\x00" + text.encode(), hashlib.sha256)


def derive_key(material: bytes, purpose: bytes) -> bytes:
    """A 32-byte key of its own for each purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(material)
